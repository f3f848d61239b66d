"""Terms of the live articles as numbers, with how many articles hold each.

A number is used again once no article holds its term: numbers name, they never decide.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Generic, TypeVar

from streams.text.words import the_one

T = TypeVar("T")
NOBODY = 0  # the number of a term that no article holds


class Vocabulary:
    """Terms, their numbers, and their counts."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._terms = [""]
        self._counts = array("I", [0])
        self._free: list[int] = []
        self.count = self._counts.__getitem__  # how many articles hold the term of a number

    def __len__(self) -> int:
        return len(self._numbers)

    def numbers(self, terms: Iterable[str]) -> list[int]:
        """The number of each term, NOBODY where no article holds it."""
        return list(map(self._numbers.get, terms, repeat(NOBODY)))

    def hold(self, terms: Sequence[str]) -> list[int]:
        """One more article holds the terms, which differ."""
        numbers, counts = self.numbers(terms), self._counts
        for at, number in enumerate(numbers):
            if number == NOBODY:
                number = numbers[at] = self._new(terms[at])
            counts[number] += 1
        return numbers

    def release(self, numbers: Iterable[int]) -> None:
        """One article less holds them."""
        counts = self._counts
        for number in numbers:
            counts[number] -= 1
            if not counts[number]:
                del self._numbers[self._terms[number]]
                self._terms[number] = ""
                self._free.append(number)

    def _new(self, term: str) -> int:
        term = the_one(term)
        if self._free:
            number = self._free.pop()
            self._terms[number] = term
        else:
            number = len(self._terms)
            self._terms.append(term)
            self._counts.append(0)
        self._numbers[term] = number
        return number


class Slots(Generic[T]):
    """Things with numbers, small ones first; the number of what left is used again."""

    def __init__(self) -> None:
        self._things: list[T | None] = []
        self._free: list[int] = []

    def __getitem__(self, number: int) -> T:
        return self._things[number]  # type: ignore[return-value]

    def free(self) -> int:
        """The number that the next one takes."""
        return self._free[-1] if self._free else len(self._things)

    def take(self, thing: T) -> int:
        """Give it a number."""
        if not self._free:
            self._things.append(thing)
            return len(self._things) - 1
        number = self._free.pop()
        self._things[number] = thing
        return number

    def leave(self, number: int) -> None:
        """Forget what has this number."""
        self._things[number] = None
        self._free.append(number)
