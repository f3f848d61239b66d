"""Terms of the live articles as numbers, with how many articles hold each.

A number is used again once no article holds its term: numbers name, they never decide.
"""

from array import array
from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")
FIRST = 1024  # numbers that there is room for at the start
MOST_ASKED = 255  # terms: their places fit a byte


class Vocabulary:
    """Terms, their numbers, and their counts."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._terms: list[str] = []
        self._counts = array("I")
        self._free: list[int] = []
        self.number = self._numbers.get  # of a term that an article holds
        self.count = self._counts.__getitem__  # how many articles hold the term of a number
        self._marks = np.zeros(FIRST, dtype=np.uint8)  # by number, 0 between calls

    def __len__(self) -> int:
        return len(self._numbers)

    def hold(self, term: str) -> int:
        """One more article holds the term."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = self._new(term)
        self._counts[number] += 1
        return number

    def release(self, number: int) -> None:
        """One article less holds it."""
        self._counts[number] -= 1
        if not self._counts[number]:
            del self._numbers[self._terms[number]]
            self._terms[number] = ""
            self._free.append(number)

    def find(self, terms: Sequence[str], runs: Sequence[bytes]) -> list[list[bool]]:
        """By run of numbers, whether it holds each of ``terms``, which are at most MOST_ASKED."""
        asked = {n: at for at, term in enumerate(terms, 1) if (n := self.number(term)) is not None}
        numbers = np.fromiter(asked, np.intp, len(asked))
        self._marks[numbers] = list(asked.values())
        marks = self._marks[np.frombuffer(b"".join(runs), dtype=np.uint32)]
        self._marks[numbers] = 0
        found = np.zeros((len(runs), MOST_ASKED + 1), dtype=bool)
        of_run = np.repeat(np.arange(len(runs)), [len(run) // 4 for run in runs])
        found[of_run, marks] = True
        rows: list[list[bool]] = found[:, 1 : len(terms) + 1].tolist()
        return rows

    def _new(self, term: str) -> int:
        if self._free:
            number = self._free.pop()
            self._terms[number] = term
            return number
        self._terms.append(term)
        self._counts.append(0)
        if len(self._terms) > len(self._marks):
            self._marks = np.zeros(2 * len(self._marks), dtype=np.uint8)
        return len(self._terms) - 1


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
