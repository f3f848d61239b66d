"""The statements of an event, found by their words; and how well each word is known."""

import math
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

READ_AHEAD = 6  # postings read at each end of one word's list
RAREST = 6  # words of a statement that look for candidates
CANDIDATES = 3  # statements compared word by word
# How surely a reader knows the words of an earlier sentence: HEAD_WEIGHT * exp(-rank / DEPTH).
HEAD_WEIGHT = 0.6
DEPTH = 6.0
ROUNDING = 1e-6  # shares are rounded to six digits
UNIT = 1_000_000  # weights are whole numbers, so that taking away undoes adding exactly
_WEIGHTS = tuple(
    round(-math.log1p(-HEAD_WEIGHT * math.exp(-rank / DEPTH)) * UNIT) for rank in range(64)
)

HASH_BYTES = 3  # one new word in 30,000 is taken for one of 512 that faded
_HASHES = (1 << 8 * HASH_BYTES) - 1

Json = dict[str, Any]


class Held(NamedTuple):
    """One statement of an earlier article."""

    item_id: str
    statement: Json


class Match(NamedTuple):
    """The earlier statement that says most of a new one; shares of idf mass, 0..1."""

    covered: float  # of the new statement by the earlier one
    both: float  # shared mass over the mass of both together
    held: Held


def weight(statement: Json) -> int:
    """-log of the chance that a reader of this statement does not know its words, in 1 / UNIT."""
    return 0 if statement.get("skip") else _WEIGHTS[min(statement["rank"], len(_WEIGHTS) - 1)]


def keys(statement: Json) -> list[str]:
    """What a statement is found by: its stems, and its entity ids with a mark before."""
    return [*statement["stems"], *("@" + row[0] for row in statement.get("entities", ()))]


@lru_cache(maxsize=100_000)
def token(key: str) -> int:
    """A key as a number of HASH_BYTES bytes, the same in every process."""
    return zlib.crc32(key.encode()) & _HASHES


class Index:
    """Statements by their words; serial numbers give the order."""

    def __init__(self) -> None:
        self._held: dict[int, Held] = {}
        self.postings: dict[str, list[int]] = {}  # by key, serial numbers in order
        self.known: dict[str, int] = {}  # by key, how well a reader of all statements knows it
        self.faded: Mapping[int, int] = {}  # by token: weights of words of articles that are gone
        self.articles = 0  # that the statements come from; whoever adds them counts

    def add(self, serial: int, held: Held) -> None:
        """Take one statement in; ``serial`` is above all earlier ones."""
        amount, postings, known = weight(held.statement), self.postings, self.known
        self._held[serial] = held
        for key in keys(held.statement):
            if (found := postings.get(key)) is None:
                postings[key], known[key] = [serial], amount
            else:
                found.append(serial)
                known[key] += amount

    def remove(self, serial: int) -> None:
        """Undo ``add``."""
        statement = self._held.pop(serial).statement
        amount = weight(statement)
        for key in keys(statement):
            found = self.postings[key]
            if len(found) == 1:
                del self.postings[key], self.known[key]
            else:
                del found[bisect_left(found, serial)]
                self.known[key] -= amount

    def nearest(self, masses: Mapping[str, float], least: float) -> Match | None:
        """The statement that covers most of ``masses`` (stem to idf mass); the earliest of equals.

        RAREST, READ_AHEAD and CANDIDATES bound the cost in long events.

        Args:
            least: share below which a match is of no use; such a one may be left out.
        """
        postings = self.postings
        total = sum(masses.values()) or 1.0
        common = [
            (len(serials), key, mass, serials)
            for key, mass in masses.items()
            if (serials := postings.get(key))
        ]
        if not common or sum([mass for *_, mass, _ in common]) < (least - ROUNDING) * total:
            return None  # all statements together do not cover enough
        votes: defaultdict[int, float] = defaultdict(float)
        common.sort()
        for _, _, mass, serials in common[:RAREST]:
            for serial in _ends(serials):
                votes[serial] += mass
        best = sorted(votes, key=votes.__getitem__, reverse=True)[:CANDIDATES]
        matches = [_compare(masses, total, self._held[serial]) for serial in best]
        return max(matches, key=itemgetter(0, 1))

    def holding(self, key: str) -> list[Held]:
        """The first and the last statements with a key, READ_AHEAD of each."""
        return [self._held[serial] for serial in _ends(self.postings.get(key, []))]

    def weight(self, key: str, least: int = 0) -> int:
        """How well a reader of all that was said knows a key, in 1 / UNIT."""
        return self.known.get(key, least) + self.faded.get(token(key), 0)

    def __contains__(self, key: str) -> bool:
        return key in self.postings or (bool(self.faded) and token(key) in self.faded)

    def unheard(self, keys: Iterable[str]) -> list[str]:
        """Those that it does not hold."""
        postings, faded = self.postings, self.faded
        new = [key for key in keys if key not in postings]
        return [key for key in new if token(key) not in faded] if faded else new


def _compare(masses: Mapping[str, float], total: float, held: Held) -> Match:
    """Words that only the earlier statement has weigh the mean of the new one's."""
    stems = held.statement["stems"]
    common = [mass for mass in map(masses.get, stems) if mass is not None]
    shared = sum(common)
    extra = (len(stems) - len(common)) * total / (len(masses) or 1)
    return Match(round(shared / total, 6), round(shared / (total + extra), 6), held)


def _ends(serials: list[int]) -> list[int]:
    """The first ones, then the last ones, the last first."""
    if len(serials) <= 2 * READ_AHEAD:
        return serials
    return serials[:READ_AHEAD] + serials[: -READ_AHEAD - 1 : -1]
