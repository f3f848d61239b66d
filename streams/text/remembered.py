"""What was worked out of words: a plain look-up, as each word of each text is asked for."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Remembered(dict[str, T]):
    """The values of a function of a word. ``functools.lru_cache`` costs several times as much.

    Args:
        most: when so many are held, all are forgotten.
    """

    def __init__(self, make: Callable[[str], T], most: int = 50_000) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, word: str) -> T:
        if len(self) >= self._most:
            self.clear()
        found = self[word] = self._make(word)
        return found
