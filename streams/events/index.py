"""Which events could an article belong to? An inverted index of a few members of each event."""

from bisect import insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from streams.events.compare import NAMES, WORDS, Bundle, Packed, bundle, pack
from streams.events.features import Terms, Vector, plain_words

OLDEST = 2  # members in the postings: the first ...
NEWEST = 6  # ... and the latest
COMPARED_TERMS = 1200  # the latest members up to so many terms are compared: 8 long, 32 short ones
COMPARED_MEMBERS = 32
INDEXED = (24, 8)  # heaviest words and names of an article that find it
READ = 32  # newest postings of a term that are read
CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in the index."""

    item_id: str
    event_id: str
    seq: int  # order of decision in its space
    vector: Vector
    packed: Packed
    day: float | None  # article's time in days, None: unknown
    language: str
    plain: frozenset[str]  # words that are no part of a name


@dataclass(frozen=True, slots=True)
class Standing:
    """What an article is compared with: the members that stand for an event."""

    bundle: Bundle
    days: tuple[float, ...]  # of those whose time is known
    languages: frozenset[str]
    plain: frozenset[str]  # their words that are no part of a name


class Index:
    """Articles of one story space. A function of the entries put, whatever their order."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.live: Counter[str] = Counter()  # term -> articles that hold it
        self._events: dict[str, list[tuple[int, str]]] = {}  # event -> (seq, item) sorted
        self._postings: dict[str, list[tuple[int, str]]] = {}
        self._standings: dict[str, Standing] = {}

    def put(
        self,
        item_id: str,
        event_id: str,
        seq: int,
        vector: Vector,
        day: float | None,
        language: str = "en",
    ) -> None:
        """Add an article, or replace what it held."""
        self.drop(item_id)
        plain = frozenset(plain_words(vector, language))
        entry = Entry(item_id, event_id, seq, vector, pack(vector), day, language, plain)
        self.entries[item_id] = entry
        self.live.update(_counted(vector))
        members = self._events.setdefault(event_id, [])
        before = _chosen(members)
        insort(members, (seq, item_id))
        self._repost(event_id, before, _chosen(members))

    def drop(self, item_id: str) -> None:
        """Take an article out; nothing if it is not there."""
        entry = self.entries.get(item_id)
        if entry is None:
            return
        members = self._events[entry.event_id]
        before = _chosen(members)
        members.remove((entry.seq, item_id))
        self._repost(entry.event_id, before, _chosen(members))
        if not members:
            del self._events[entry.event_id]
        self.live.subtract(_counted(entry.vector))
        for term in _counted(entry.vector):
            if not self.live[term]:
                del self.live[term]
        del self.entries[item_id]

    def members(self, event_id: str) -> list[str]:
        """Item ids in joining order."""
        return [item for _, item in self._events.get(event_id, ())]

    def last(self, event_id: str) -> tuple[int, str] | None:
        """(sequence number, item id) of the latest member."""
        members = self._events.get(event_id)
        return members[-1] if members else None

    def standing(self, event_id: str, without: str = "") -> Standing:
        """The opener and the latest members; kept until the event changes.

        Alone in its event, a new version is compared with the one before it.
        """
        places = self._events[event_id]
        own = self.entries.get(without)
        if own and own.event_id == event_id and len(places) > 1:
            return self._stand([place for place in places if place[1] != without])
        found = self._standings.get(event_id)
        if found is None:
            found = self._standings[event_id] = self._stand(places)
        return found

    def _stand(self, places: Sequence[tuple[int, str]]) -> Standing:
        members = [self.entries[item] for _, item in (*places[:1], *places[1:][-COMPARED_MEMBERS:])]
        room = COMPARED_TERMS - len(members[0].packed.ids)
        start = len(members)
        while start > 1 and room >= len(members[start - 1].packed.ids):
            start -= 1
            room -= len(members[start].packed.ids)
        members = members[:1] + members[start:]
        return Standing(
            bundle([entry.packed for entry in members]),
            tuple(entry.day for entry in members if entry.day is not None),
            frozenset(entry.language for entry in members),
            frozenset[str]().union(*(entry.plain for entry in members)),
        )

    def candidates(self, vector: Vector, without: str = "") -> list[str]:
        """Up to CANDIDATES event ids, most shared weight of the best member first."""
        scores: dict[str, float] = {}
        for term, weight in zip(*_searched(vector), strict=True):
            for _, item_id in self._postings.get(term, ())[-READ:]:
                scores[item_id] = scores.get(item_id, 0.0) + weight
        scores.pop(without, None)
        best: dict[str, float] = {}
        for item_id, score in scores.items():
            event_id = self.entries[item_id].event_id
            if score > best.get(event_id, 0.0):
                best[event_id] = score
        ranked = nsmallest(CANDIDATES, ((-round(score, 6), e) for e, score in best.items()))
        return [event_id for _, event_id in ranked]

    def _repost(
        self, event_id: str, before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]
    ) -> None:
        self._standings.pop(event_id, None)
        for place in before:
            if place not in after:
                self._unpost(place)
        for place in after:
            if place not in before:
                for term in _searched(self.entries[place[1]].vector).terms:
                    insort(self._postings.setdefault(term, []), place)

    def _unpost(self, place: tuple[int, str]) -> None:
        for term in _searched(self.entries[place[1]].vector).terms:
            postings = self._postings[term]
            postings.remove(place)
            if not postings:
                del self._postings[term]


def _chosen(members: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    if len(members) <= OLDEST + NEWEST:
        return list(members)
    return [*members[:OLDEST], *members[-NEWEST:]]


def _searched(vector: Vector) -> Terms:
    """Terms that find an article, with weights; names have a key of their own."""
    most_words, most_names = INDEXED
    words, names = vector.channels[WORDS], vector.channels[NAMES]
    return Terms(
        [*words.terms[:most_words], *(f"@{term}" for term in names.terms[:most_names])],
        [*words.weights[:most_words], *names.weights[:most_names]],
    )


def _counted(vector: Vector) -> Sequence[str]:
    return vector.channels[WORDS].terms
