"""Which events could an article belong to? An inverted index of a few members of each event.

There may be a million articles: terms are numbered once, and an article is a few runs of bytes.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from sys import byteorder

import numpy as np
from numpy.typing import NDArray

from streams.events.compare import NAMES, WORDS, Bundle, Floats, Packed, bundle, pack
from streams.events.features import Vector
from streams.events.terms import Slots, Vocabulary

OLDEST = 2  # members in the postings: the first ...
NEWEST = 6  # ... and the latest
COMPARED_TERMS = 1200  # the latest members up to so many terms are compared: 8 long, 32 short ones
COMPARED_MEMBERS = 32
INDEXED = (24, 8)  # heaviest words and names of an article that find it
READ = 32  # newest postings of a term that are read
CANDIDATES = 6
STANDINGS = 16_384  # kept ready; one of long articles takes 10 kB
USUAL, FEW = 0.65, 20  # share of articles that join an event, until so many are known
_DIGITS = 6  # scores are compared with so many
_TID = 4  # bytes of a term's number
_LONG = 2048  # postings of one term
_FIRST = 1024  # numbers that there is room for at the start


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One article in the index; terms are numbers of the vocabulary."""

    item_id: str
    event_id: str
    seq: int  # order of decision in its space
    slot: int  # its number in postings
    day: float | None  # article's time in days, None: unknown
    language: str
    packed: Packed
    words: bytes  # heaviest first
    names: bytes  # the heaviest ones, which find it
    stands: bool  # finds articles for its event, and is compared with them

    @property
    def place(self) -> tuple[int, str]:
        """Order in its event and in postings."""
        return self.seq, self.item_id

    @property
    def searched(self) -> "array[int]":
        """Terms that find it."""
        return array("I", self.words[: INDEXED[0] * _TID] + self.names)


@dataclass(slots=True)
class _Event:
    number: int
    members: list[Entry]  # in order of their places
    centroid: tuple[float, ...] | None = None  # of those that are compared, once it was asked for


@dataclass(frozen=True, slots=True)
class Standing:
    """What an article is compared with: the members that stand for an event."""

    bundle: Bundle
    days: tuple[float, ...]  # of those whose time is known, rising
    languages: frozenset[str]


class Index:
    """Articles of one story space. A function of the entries put, whatever their order."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.vocabulary = Vocabulary()
        self._events: dict[str, _Event] = {}
        self._standings: dict[str, Standing] = {}
        self._postings: dict[int, array[int]] = {}  # by term: slots, in order of their places
        self._entries = Slots[Entry]()
        self._named = Slots[str]()  # events, numbered
        self._seqs = array("q")  # by slot
        self._event_at = np.zeros(_FIRST, dtype=np.intp)  # by slot
        self._scores = np.zeros(_FIRST)  # by slot, then by event; 0 between calls
        self._last: tuple[Vector, Packed] | None = None

    def put(
        self,
        item_id: str,
        event_id: str,
        seq: int,
        vector: Vector,
        day: float | None,
        language: str = "en",
        stands: bool = True,
    ) -> None:
        """Add an article, or replace what it held.

        Args:
            stands: False for one of several stories: a member that draws nothing to its event.
        """
        self.drop(item_id)
        words, names = vector.channels[WORDS].terms, vector.channels[NAMES].terms[: INDEXED[1]]
        entry = Entry(
            item_id,
            event_id,
            seq,
            self._entries.free(),
            day,
            language,
            self.packed(vector),
            array("I", self.vocabulary.hold(words)).tobytes(),
            array("I", self.vocabulary.hold([f"@{name}" for name in names])).tobytes(),
            stands,
        )
        self.entries[item_id] = entry
        self._entries.take(entry)
        event = self._events.get(event_id)
        if event is None:
            event = self._events[event_id] = _Event(self._named.take(event_id), [])
        self._note(entry, event.number)
        before = _chosen(event.members)
        at = bisect_left(event.members, entry.place, key=_place)
        event.members.insert(at, entry)
        self._repost(event_id, event, before)

    def drop(self, item_id: str) -> None:
        """Take an article out; nothing if it is not there."""
        entry = self.entries.pop(item_id, None)
        if entry is None:
            return
        event = self._events[entry.event_id]
        before = _chosen(event.members)
        del event.members[bisect_left(event.members, entry.place, key=_place)]
        self._repost(entry.event_id, event, before)
        self._entries.leave(entry.slot)
        if not event.members:
            self._named.leave(event.number)
            del self._events[entry.event_id]
        self.vocabulary.release(array("I", entry.words + entry.names))

    def packed(self, vector: Vector) -> Packed:
        """``pack``; the latest one is remembered, since it is compared and then put."""
        if self._last is None or self._last[0] != vector:
            self._last = vector, pack(vector)
        return self._last[1]

    def joining(self, without: str = "") -> float:
        """Share of the articles that joined an event, 0..1; few articles say USUAL.

        An attempt cut short may have put the article itself, ``without``: it does not count.
        """
        own = self.entries.get(without)
        alone = own is not None and len(self._events[own.event_id].members) == 1
        articles, events = len(self.entries) - (own is not None), len(self._events) - alone
        return round((articles - events + USUAL * FEW) / (articles + FEW), 6)

    def members(self, event_id: str) -> list[str]:
        """Item ids in joining order."""
        event = self._events.get(event_id)
        return [entry.item_id for entry in event.members] if event else []

    def last(self, event_id: str) -> tuple[int, str] | None:
        """(sequence number, item id) of the latest member."""
        event = self._events.get(event_id)
        return event.members[-1].place if event else None

    def standing(self, event_id: str, without: str = "") -> Standing:
        """The opener and the latest members, of those that stand for the event.

        Alone in its event, a new version is compared with the one before it.
        """
        event = self._events[event_id]
        own = self.entries.get(without)
        if own and own.event_id == event_id:
            others = [entry for entry in event.members if entry.stands and entry is not own]
            if others:
                return _stand(others)
        found = self._standings.get(event_id)
        if found is None:
            found = self._standings[event_id] = _stand(_standing(event.members), event.centroid)
            event.centroid = found.bundle.centroid
            if len(self._standings) > STANDINGS:
                del self._standings[next(iter(self._standings))]
        return found

    def candidates(self, vector: Vector, without: str = "") -> list[str]:
        """Up to CANDIDATES event ids, most shared weight of the best member first."""
        slots, weights = self._read(vector)
        if without in self.entries:
            others = slots != self.entries[without].slot
            slots, weights = slots[others], weights[others]
        if not len(slots):
            return []
        scores = self._scores
        np.add.at(scores, slots, weights)
        sums = scores[slots]
        scores[slots] = 0.0
        events = self._event_at[slots]
        np.maximum.at(scores, events, sums)
        best = scores[events]
        # Each event once: where the last of its numbers stands.
        scores[events] = order = np.arange(len(events), dtype=np.float64)
        once = scores[events] == order
        scores[events] = 0.0
        events, best = events[once], best[once]
        if len(best) > CANDIDATES:  # rounding costs more than to find those that can be first
            least = np.partition(best, -CANDIDATES)[-CANDIDATES] - 2 * 10**-_DIGITS
            near = best >= least
            events, best = events[near], best[near]
        named = zip(events.tolist(), best.tolist(), strict=True)
        ranked = [(-round(score, _DIGITS), self._named[n]) for n, score in named if score]
        return [event_id for _, event_id in nsmallest(CANDIDATES, ranked)]

    def _read(self, vector: Vector) -> tuple[NDArray[np.intp], Floats]:
        """The newest postings of a vector's terms: slots, and the weights of the terms."""
        postings = self._postings
        found: list[bytes] = []
        weights: list[float] = []
        counts: list[int] = []
        for most, mark, channel in zip(INDEXED, ("", "@"), (WORDS, NAMES), strict=True):
            terms = vector.channels[channel]
            asked = [f"{mark}{term}" for term in terms.terms[:most]] if mark else terms.terms[:most]
            for number, weight in zip(self.vocabulary.numbers(asked), terms.weights, strict=False):
                slots = postings.get(number)
                if slots is not None:
                    found.append(slots[-READ:].tobytes())
                    weights.append(weight)
                    counts.append(min(READ, len(slots)))
        repeated: Floats = np.array(weights).repeat(counts)
        return np.frombuffer(b"".join(found), dtype=np.uint32).astype(np.intp), repeated

    def _note(self, entry: Entry, number: int) -> None:
        """What arrays hold of an article and its event, ``number``."""
        slot = entry.slot
        while max(slot, number) >= len(self._event_at):
            self._event_at = np.concatenate([self._event_at, np.zeros_like(self._event_at)])
            self._scores = np.zeros(len(self._event_at))
        self._event_at[slot] = number
        if slot == len(self._seqs):
            self._seqs.append(entry.seq)
        self._seqs[slot] = entry.seq

    def _repost(self, event_id: str, event: _Event, before: Sequence[Entry]) -> None:
        event.centroid = None
        self._standings.pop(event_id, None)
        after = _chosen(event.members)
        for entry in before:
            if entry not in after:
                self._unpost(entry)
        for entry in after:
            if entry not in before:
                self._post(entry)

    def _post(self, entry: Entry) -> None:
        slot, seqs = entry.slot, self._seqs
        for number in entry.searched:
            slots = self._postings.get(number)
            if slots is None:
                self._postings[number] = array("I", [slot])
            elif seqs[slots[-1]] < entry.seq:
                slots.append(slot)
            else:
                slots.insert(self._find(slots, entry), slot)

    def _unpost(self, entry: Entry) -> None:
        slot = entry.slot.to_bytes(_TID, byteorder)
        for number in entry.searched:
            slots = self._postings[number]
            if len(slots) == 1:
                del self._postings[number]
                continue
            # A search for bytes is faster than one that halves, unless the list is very long.
            at = slots.tobytes().find(slot) if len(slots) < _LONG else -1
            del slots[self._find(slots, entry) if at % _TID else at // _TID]

    def _find(self, slots: "array[int]", entry: Entry) -> int:
        """Where the entry stands or would stand; equal sequence numbers are rare."""
        at = bisect_left(slots, entry.seq, key=self._seqs.__getitem__)
        while at < len(slots) and self._entries[slots[at]].place < entry.place:
            at += 1
        return at


def _stand(members: Sequence[Entry], centroid: tuple[float, ...] | None = None) -> Standing:
    """Of the latest members, those that have room beside the opener."""
    opener, latest = members[0], members[max(1, len(members) - COMPARED_MEMBERS) :]
    room = COMPARED_TERMS * _TID - len(opener.packed.ids)
    start = len(latest)
    while start and room >= (size := len(latest[start - 1].packed.ids)):
        start -= 1
        room -= size
    compared = [opener, *latest[start:]]
    return Standing(
        bundle([entry.packed for entry in compared], centroid),
        tuple(sorted([entry.day for entry in compared if entry.day is not None])),
        frozenset([entry.language for entry in compared]),
    )


def _place(entry: Entry) -> tuple[int, str]:
    return entry.seq, entry.item_id


def _standing(members: Sequence[Entry]) -> Sequence[Entry]:
    """Those that stand for the event; all, where none does and a member asks for its event."""
    return [entry for entry in members if entry.stands] or members


def _chosen(members: Sequence[Entry]) -> list[Entry]:
    members = [entry for entry in members if entry.stands]
    if len(members) <= OLDEST + NEWEST:
        return members
    return [*members[:OLDEST], *members[-NEWEST:]]
