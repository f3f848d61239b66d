"""What detection keeps in memory of one story space; derived from rows and from nothing else."""

import heapq
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from streams.events.index import Index
from streams.events.record.tally import Tally
from streams.events.settings import DetectSettings
from streams.events.store.digest import origin_of, vector
from streams.events.store.stored import opened, vector_of
from streams.novelty.memory import EventMemory, Faded

Json = dict[str, Any]


@dataclass(slots=True)
class Ready:
    """One event's statements and rows, built from the digests of its members.

    Attributes:
        base: the string of what froze that it was built on.
    """

    memory: EventMemory
    tally: Tally
    base: str | None = None


class Space:
    """Index, timers, and the events that are ready for the next article."""

    def __init__(self, settings: DetectSettings) -> None:
        self.index = Index()
        self._settings = settings
        self._ready: OrderedDict[str, Ready] = OrderedDict()
        self._sizes: dict[str, int] = {}  # bytes of each digest's row
        self._frozen: dict[str, set[str]] = {}  # by event
        self._frozen_in: dict[str, str] = {}  # event by item
        self._evicted: set[str] = set()
        self._evicting: set[str] = set()  # evicted events with digests that are to be deleted
        self._timers: list[tuple[float, str]] = []  # a heap; a few of each key
        self._times: dict[str, float] = {}  # the latest that was noted of each key

    # --- rows --------------------------------------------------------------------------------

    def note_digest(self, item_id: str, row: Json | None) -> None:
        """A digest was put or deleted."""
        old = self.index.entries.get(item_id)
        if row is None:
            self._note_gone(item_id, old.event_id if old else None)
            return
        event_id, place = row["event"], (row["seq"], item_id)
        last = self.index.last(event_id)
        follows = old is None and (last is None or last < place)
        stands = not row.get("guarded")
        told = vector({"vector": vector_of(row)})
        self.index.put(item_id, event_id, row["seq"], told, row["day"], row["language"], stands)
        self._sizes[item_id] = len(orjson.dumps(row))
        if event_id in self._evicted:
            self._evicting.add(event_id)
        ready = self._ready.get(event_id)
        if ready and follows:
            digest = opened(row)
            ready.memory.add(item_id, digest["extract"], origin_of(digest))
            ready.tally.add(digest)
        else:
            self._ready.pop(event_id, None)
            self._ready.pop(old.event_id if old else "", None)

    def _note_gone(self, item_id: str, event_id: str | None) -> None:
        self.index.drop(item_id)
        self._sizes.pop(item_id, None)
        if event_id is None:
            return
        ready = self._ready.get(event_id)
        if ready and item_id in ready.memory:  # it did not freeze: it left
            del self._ready[event_id]
        if not self.index.members(event_id):
            self._evicting.discard(event_id)

    def note_event(self, event_id: str, row: Json | None) -> None:
        """An event was put or deleted."""
        if row is not None and row.get("evicted"):
            self._evicted.add(event_id)
            if self.index.members(event_id):
                self._evicting.add(event_id)
        else:
            self._evicted.discard(event_id)
            self._evicting.discard(event_id)

    def note_item(self, item_id: str, row: Json | None) -> None:
        """The row of an item was put or deleted."""
        before = self._frozen_in.pop(item_id, None)
        if before is not None:
            self._frozen[before].discard(item_id)
            if not self._frozen[before]:
                del self._frozen[before]
        if row is not None and "frozen" in row:
            self._frozen_in[item_id] = row["event"]
            self._frozen.setdefault(row["event"], set()).add(item_id)

    def note_time(self, due: float, key: str) -> None:
        """A row falls due at ``due``, in POSIX seconds of log time."""
        waiting = self._times.get(key)
        self._times[key] = due
        if waiting is None or due < waiting:  # a later time is put when the earlier one comes
            heapq.heappush(self._timers, (due, key))

    # --- questions ---------------------------------------------------------------------------

    def ready(self, event_id: str, base: str | None, build: Callable[[], Ready]) -> Ready:
        """The event's memory on ``base``; not to be changed by the caller."""
        found = self._ready.get(event_id)
        if found is None or found.base != base:
            found = self._ready[event_id] = build()
            found.base = base
            if len(self._ready) > self._settings.cached_events:
                self._ready.popitem(last=False)
        self._ready.move_to_end(event_id)
        return found

    def freeze(
        self, event_id: str, base: str | None, new: str, item_ids: Iterable[str], faded: Faded
    ) -> None:
        """Spare the next ``ready`` a rebuild: some articles go from digests on ``base`` to ``new``.

        If the record that says so is never applied, the event's memory does not match its row, and
        is built again.
        """
        found = self._ready.get(event_id)
        if found is not None and found.base == base:
            found.memory.fade(item_ids, faded)  # the tally keeps what they told
            found.base = new

    def bytes(self, item_ids: Iterable[str]) -> list[int]:
        """The size of each digest's row."""
        return [self._sizes[item_id] for item_id in item_ids]

    def evicting(self) -> list[str]:
        """Evicted events that an attempt cut short left with digests."""
        return sorted(self._evicting)

    def frozen(self, event_id: str) -> Collection[str]:
        """The items of an event whose digests froze."""
        return self._frozen.get(event_id, ())

    def due(self, at: datetime, is_due: Callable[[float, str], bool]) -> Iterator[str]:
        """Keys of rows whose time has come, earliest first; one that is out of date is forgotten.

        A key comes again on the next call until its row says another time.
        """
        now = at.timestamp()
        waiting: list[tuple[float, str]] = []
        seen: set[str] = set()
        while self._timers and self._timers[0][0] <= now and len(seen) < self._settings.timers:
            due, key = heapq.heappop(self._timers)
            latest = self._times.get(key)
            if key in seen or latest is None or latest < due:
                continue
            if latest > due:
                heapq.heappush(self._timers, (latest, key))
            elif is_due(due, key):
                waiting.append((due, key))
                seen.add(key)
            else:
                del self._times[key]
        for timer in waiting:
            heapq.heappush(self._timers, timer)
        yield from (key for _, key in waiting)
