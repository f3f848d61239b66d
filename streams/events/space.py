"""What detection keeps in memory of one story space; derived from rows and from nothing else."""

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from streams.events.digest import vector
from streams.events.index import Index
from streams.events.settings import DetectSettings
from streams.events.tally import Tally
from streams.novelty.memory import EventMemory

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """One event's statements and rows, built from the digests of its members."""

    memory: EventMemory
    tally: Tally


class Space:
    """Index, timers, and the events that are ready for the next article."""

    def __init__(self, settings: DetectSettings) -> None:
        self.index = Index()
        self._settings = settings
        self._ready: OrderedDict[str, Ready] = OrderedDict()
        self._timers: list[tuple[float, str]] = []  # a heap; one or two of each key
        self._times: dict[str, float] = {}  # the latest that was noted of each key

    # --- rows --------------------------------------------------------------------------------

    def note_digest(self, item_id: str, row: Json | None) -> None:
        """A digest was put, frozen or deleted."""
        old = self.index.entries.get(item_id)
        if row is None or row.get("frozen"):
            self._note_gone(item_id, old.event_id if old else None, frozen=row is not None)
            return
        event_id, place = row["event"], (row["seq"], item_id)
        last = self.index.last(event_id)
        follows = old is None and (last is None or last < place)
        self.index.put(item_id, event_id, row["seq"], vector(row), row["day"], row["language"])
        ready = self._ready.get(event_id)
        if ready and follows:
            ready.memory.add(item_id, row["extract"])
            ready.tally.add(row)
        else:
            self._ready.pop(event_id, None)
            self._ready.pop(old.event_id if old else "", None)

    def _note_gone(self, item_id: str, event_id: str | None, *, frozen: bool) -> None:
        self.index.drop(item_id)
        if event_id is None:
            return
        ready = self._ready.get(event_id)
        if ready and frozen and self.index.members(event_id):
            ready.memory.remove(item_id)  # the tally keeps what it told
        else:
            self._ready.pop(event_id, None)

    def note_time(self, due: float, key: str) -> None:
        """A row falls due at ``due``, in POSIX seconds of log time."""
        waiting = self._times.get(key)
        self._times[key] = due
        if waiting is None or due < waiting:  # a later time is put when the earlier one comes
            heapq.heappush(self._timers, (due, key))

    # --- questions ---------------------------------------------------------------------------

    def ready(self, event_id: str, build: Callable[[], Ready]) -> Ready:
        """The event's memory; not to be changed by the caller."""
        found = self._ready.get(event_id)
        if found is None:
            found = self._ready[event_id] = build()
            if len(self._ready) > self._settings.cached_events:
                self._ready.popitem(last=False)
        self._ready.move_to_end(event_id)
        return found

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
