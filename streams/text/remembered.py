"""What was worked out of words: a plain look-up, as each word of each text is asked for."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LONGEST = 64


class Remembered(dict[str, T]):
    """The values of a function of a word. ``functools.lru_cache`` costs several times as much.

    Args:
        most: when so many are held, all are forgotten. One of more than LONGEST letters is not
            held: it may be a whole text without spaces.
    """

    def __init__(self, make: Callable[[str], T], most: int = 50_000) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, word: str) -> T:
        found = self._make(word)
        if len(word) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[word] = found
        return found
