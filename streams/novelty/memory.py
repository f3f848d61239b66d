"""What one event already holds: its statements, found by their words. Derived from extracts.

Of articles whose extracts are gone it holds how well their words are known, and their figures.
"""

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple

from schemas.enriched import Position

MAX_ARTICLES = 400  # older ones are forgotten
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


class Faded(NamedTuple):
    """What is left of earlier articles whose extracts are gone.

    Attributes:
        words: ``token`` of a key to its weight, as ``weight`` gives it.
        articles: extracts that hold figures and disputes alone, each with its id as "item".
        languages: of all of them.
    """

    words: Mapping[int, int]
    articles: Sequence[Mapping[str, Any]]
    languages: frozenset[str]


NOTHING = Faded({}, (), frozenset())


class Held(NamedTuple):
    """One statement of an earlier article."""

    item_id: str
    statement: Json


class Origin(NamedTuple):
    """The article that a text comes from, and who published it."""

    item_id: str
    publisher: str


class Match(NamedTuple):
    """The earlier statement that says most of a new one; shares of idf mass, 0..1."""

    covered: float  # of the new statement by the earlier one
    both: float  # shared mass over the mass of both together
    held: Held


def position(held: Held) -> Position:
    """Where a statement stands."""
    each = held.statement
    return Position(item_id=held.item_id, field=each["field"], start=each["start"], end=each["end"])


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
        self.postings: dict[str, dict[int, None]] = {}  # by key, serial numbers in order
        self.known: dict[str, int] = {}  # by key, how well a reader of all statements knows it
        self.faded: Mapping[int, int] = {}  # by token: weights of words of articles that are gone
        self.articles = 0  # that the statements come from; whoever adds them counts

    def add(self, serial: int, held: Held) -> None:
        """Take one statement in; ``serial`` is above all earlier ones."""
        amount, postings, known = weight(held.statement), self.postings, self.known
        self._held[serial] = held
        for key in keys(held.statement):
            if (found := postings.get(key)) is None:
                postings[key], known[key] = {serial: None}, amount
            else:
                found[serial] = None
                known[key] += amount

    def remove(self, serial: int) -> None:
        """Undo ``add``."""
        statement = self._held.pop(serial).statement
        amount = weight(statement)
        for key in keys(statement):
            del self.postings[key][serial]
            self.known[key] -= amount
            if not self.postings[key]:
                del self.postings[key], self.known[key]

    def nearest(self, masses: Mapping[str, float], least: float) -> Match | None:
        """The statement that covers most of ``masses`` (stem to idf mass); the earliest of equals.

        RAREST, READ_AHEAD and CANDIDATES bound the cost in long events.

        Args:
            least: share below which a match is of no use; such a one may be left out.
        """
        postings = self.postings
        total = sum(masses.values()) or 1.0
        common = [key for key in masses if key in postings]
        if not common or sum([masses[key] for key in common]) < (least - ROUNDING) * total:
            return None  # all statements together do not cover enough
        votes: defaultdict[int, float] = defaultdict(float)
        for _, key in sorted([(len(postings[key]), key) for key in common])[:RAREST]:
            mass = masses[key]
            for serial in _ends(postings[key]):
                votes[serial] += mass
        enough = sorted(votes.values())[-CANDIDATES:][0]
        high = [serial for serial, mass in votes.items() if mass >= enough]
        best = sorted(high, key=votes.__getitem__, reverse=True)[:CANDIDATES]
        matches = [_compare(masses, total, self._held[serial]) for serial in best]
        return max(matches, key=itemgetter(0, 1))

    def holding(self, key: str) -> list[Held]:
        """The first and the last statements with a key, READ_AHEAD of each."""
        return [self._held[serial] for serial in _ends(self.postings.get(key, {}))]

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


class _Article(NamedTuple):
    extract: Json
    serials: range
    figures: list[Json]  # its figures, each with "item" and, as "of", the extract
    origin: Origin


class EventMemory:
    """Earlier articles of one event; add in joining order.

    The answers depend on the articles held and their order, not on how the memory came about.
    """

    def __init__(self, faded: Faded = NOTHING) -> None:
        self.index = Index()
        self._articles: dict[str, _Article] = {}
        self._languages: Counter[str] = Counter()
        self._next = 0
        self.fade((), faded)

    def fade(self, item_ids: Iterable[str], faded: Faded) -> None:
        """Forget the statements of some articles; ``faded`` holds what is left of all such."""
        for item_id in item_ids:
            self.remove(item_id)
        self._faded, self.index.faded = faded, faded.words
        self._old_figures = [
            [{**row, "item": each["item"], "of": each} for row in each["figures"]]
            for each in faded.articles
        ]

    def __len__(self) -> int:
        return len(self._articles)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever said."""
        return not self._articles and not self._faded.languages

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._articles

    def languages(self) -> frozenset[str]:
        """The languages of the articles held."""
        return self._faded.languages.union(self._languages)

    def add(self, item_id: str, extract: Json, origin: Origin | None = None) -> None:
        """Take one article in; one that is held already is replaced and becomes the last.

        Args:
            origin: of a copy, the article that it copies.
        """
        self.remove(item_id)
        statements = extract["statements"]
        serials = range(self._next, self._next + len(statements))
        self._next = serials.stop
        figures = [{**row, "item": item_id, "of": extract} for row in extract.get("figures", ())]
        origin = origin or Origin(item_id, extract.get("publisher", ""))
        self._articles[item_id] = _Article(extract, serials, figures, origin)
        self._languages[extract["language"]] += 1
        for serial, statement in zip(serials, statements, strict=True):
            self.index.add(serial, Held(item_id, statement))
        self.index.articles += 1
        if len(self._articles) > MAX_ARTICLES:
            self.remove(next(iter(self._articles)))

    def remove(self, item_id: str) -> None:
        """Forget one article as if it had never been added; an unknown one is no error."""
        article = self._articles.pop(item_id, None)
        if article is None:
            return
        for serial in article.serials:
            self.index.remove(serial)
        self.index.articles -= 1
        self._languages -= Counter([article.extract["language"]])

    def origin(self, item_id: str) -> Origin:
        """Where an article that is held comes from: itself, unless it is a copy."""
        return self._articles[item_id].origin

    def statements(self, item_id: str) -> Sequence[Json]:
        """Those of an article, none if it is not held."""
        article = self._articles.get(item_id)
        return article.extract["statements"] if article else ()

    def figures(self, count: int) -> Iterator[Sequence[Json]]:
        """The figures of the articles that joined last, the last one first.

        Each row also holds the article's id, "item", and its extract, "of".
        """
        live = (article.figures for article in reversed(self._articles.values()))
        return islice(chain(live, reversed(self._old_figures)), count)

    def disputes(self) -> Iterator[Json]:
        """The disputes of all articles, in joining order."""
        for old in self._faded.articles:
            yield from old["disputes"]
        for article in self._articles.values():
            yield from article.extract.get("disputes", ())


def _compare(masses: Mapping[str, float], total: float, held: Held) -> Match:
    """Words that only the earlier statement has weigh the mean of the new one's."""
    stems = held.statement["stems"]
    common = [masses[stem] for stem in stems if stem in masses]
    shared = sum(common)
    extra = (len(stems) - len(common)) * total / (len(masses) or 1)
    return Match(round(shared / total, 6), round(shared / (total + extra), 6), held)


def _ends(serials: dict[int, None]) -> Iterable[int]:
    if len(serials) <= 2 * READ_AHEAD:
        return serials
    return (*islice(serials, READ_AHEAD), *islice(reversed(serials), READ_AHEAD))
