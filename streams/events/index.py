"""Which events could an article belong to? An inverted index of a few members of each event."""

from bisect import insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from streams.events.compare import NAMES, WORDS, Bundle, Packed, bundle, pack
from streams.events.features import Vector

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


class Index:
    """Articles of one story space. A function of the entries put, whatever their order."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.live: Counter[str] = Counter()  # term -> articles that hold it
        self._events: dict[str, list[tuple[int, str]]] = {}  # event -> (seq, item) sorted
        self._postings: dict[str, list[tuple[int, str]]] = {}
        self._bundles: dict[str, Bundle] = {}

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
        entry = Entry(item_id, event_id, seq, vector, pack(vector), day, language)
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

    def representatives(self, event_id: str, without: str = "") -> list[Entry]:
        """The members that stand for an event, oldest first: the opener and the latest."""
        places = self._events.get(event_id, ())
        members = [self.entries[item] for _, item in places if item != without]
        first, later = members[:1], members[1:][-COMPARED_MEMBERS:]
        room = COMPARED_TERMS - sum(len(e.packed.ids) for e in first)
        for at in range(len(later) - 1, -1, -1):
            room -= len(later[at].packed.ids)
            if room < 0:
                return first + later[at + 1 :]
        return first + later

    def bundle(self, event_id: str, without: str = "") -> Bundle:
        """Their arrays, kept until the event changes. The event has a member besides."""
        if without in self.entries and self.entries[without].event_id == event_id:
            return bundle([e.packed for e in self.representatives(event_id, without)])
        found = self._bundles.get(event_id)
        if found is None:
            found = bundle([e.packed for e in self.representatives(event_id)])
            self._bundles[event_id] = found
        return found

    def candidates(self, vector: Vector, without: str = "") -> list[str]:
        """Up to CANDIDATES event ids, most shared weight of the best member first."""
        scores: dict[str, float] = {}
        for term, weight in _searched(vector):
            for _, item_id in self._postings.get(term, ())[-READ:]:
                scores[item_id] = scores.get(item_id, 0.0) + weight
        scores.pop(without, None)
        best: dict[str, float] = {}
        for item_id, score in scores.items():
            event_id = self.entries[item_id].event_id
            if score > best.get(event_id, 0.0):
                best[event_id] = score
        ranked = sorted(best.items(), key=lambda pair: (-round(pair[1], 6), pair[0]))
        return [event_id for event_id, _ in ranked[:CANDIDATES]]

    def _repost(
        self, event_id: str, before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]
    ) -> None:
        self._bundles.pop(event_id, None)
        for place in before:
            if place not in after:
                self._unpost(place)
        for place in after:
            if place not in before:
                for term, _ in _searched(self.entries[place[1]].vector):
                    insort(self._postings.setdefault(term, []), place)

    def _unpost(self, place: tuple[int, str]) -> None:
        for term, _ in _searched(self.entries[place[1]].vector):
            postings = self._postings[term]
            postings.remove(place)
            if not postings:
                del self._postings[term]


def _chosen(members: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    if len(members) <= OLDEST + NEWEST:
        return list(members)
    return [*members[:OLDEST], *members[-NEWEST:]]


def _searched(vector: Vector) -> list[tuple[str, float]]:
    """Terms that find an article, with weights; names have a key of their own."""
    words, names = INDEXED
    return [
        *vector.channels[WORDS][:words],
        *((f"@{term}", weight) for term, weight in vector.channels[NAMES][:names]),
    ]


def _counted(vector: Vector) -> list[str]:
    return [term for term, _ in vector.channels[WORDS]]
