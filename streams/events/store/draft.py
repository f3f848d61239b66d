"""One outcome in the making: changes with their revisions, states, and puts in a safe order."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from schemas.base import Message
from schemas.events import ChangeKind, EventChange, EventState, Lineage
from schemas.topics import STATE
from streams.events.record.fold import ROWS, diff, empty, joined
from streams.events.store.rows import digest_key, event_key, item_key
from streams.events.store.stored import closed, opened
from streams.events.store.zstd import compress, decompress
from streams.step import Outcome, Put, State, Tombstone

Json = dict[str, Any]

MAX_ROWS = 24_000  # bytes; what is longer is packed: ids of 500 letters stand there a hundred times


class StateReader:
    """Rows to records; the latest one of each event is remembered by revision and mark."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._known: OrderedDict[str, tuple[int, str, EventState]] = OrderedDict()

    def __call__(self, row: Mapping[str, Any]) -> EventState:
        """The record in an event's row."""
        state = row["state"]
        known = self._known.get(state["event_id"])
        if known and known[:2] == (state["revision"], row["by"]):
            return known[2]
        found = EventState.model_validate({**state, **_rows(row)})
        self.remember(row, found)
        return found

    def remember(self, row: Mapping[str, Any], state: EventState) -> None:
        """Note what a row will hold once it is put."""
        self._known[state.event_id] = state.revision, row["by"], state
        self._known.move_to_end(state.event_id)
        if len(self._known) > self._size:
            self._known.popitem(last=False)


class Draft:
    """Collects what one record does.

    Args:
        mark: names the record. A row that bears it was put by an earlier attempt at this very
            record, whose outputs were sent: that event is not changed again.
    """

    def __init__(
        self, state: State, space: str, at: datetime, mark: str, read: "StateReader"
    ) -> None:
        self.state = state
        self._read = read
        self.space = space
        self.at = at
        self.mark = mark
        self.changes: list[EventChange] = []
        self.states: dict[str, EventState] = {}
        self._extras: dict[str, Json] = {}
        self._digests: list[Put] = []
        self._late: list[Put] = []
        self._items: list[Put] = []
        self._frozen: list[Put] = []
        self._ended: list[Tombstone] = []

    def row(self, event_id: str) -> Mapping[str, Any] | None:
        """The event's row as it was before this record."""
        row: Mapping[str, Any] | None = self.state.get(event_key(event_id))
        return row

    def digest(self, item_id: str) -> Mapping[str, Any] | None:
        """The item's digest as it was before this record."""
        row: Mapping[str, Any] | None = self.state.get(digest_key(self.space, item_id))
        return None if row is None else opened(row)

    def item(self, item_id: str) -> Mapping[str, Any] | None:
        """The item's row as it was before this record."""
        row: Mapping[str, Any] | None = self.state.get(item_key(self.space, item_id))
        return row

    def applied(self, event_id: str) -> bool:
        """Whether an earlier attempt at this record wrote the event."""
        row = self.row(event_id)
        return row is not None and row["by"] == self.mark

    def event(self, event_id: str) -> EventState:
        """The event's state after what was drafted so far; empty for a new one."""
        found = self.states.get(event_id)
        if found is None:
            row = self.row(event_id)
            if row is None:
                return empty(event_id, self.space)
            found = self._read(row)
        return found

    def change(
        self,
        kind: ChangeKind,
        new: EventState,
        *,
        item_id: str | None = None,
        lineage: Lineage | None = None,
    ) -> None:
        """The next revision of an event; nothing where an earlier attempt made it."""
        if self.applied(new.event_id):
            return
        old, lineage = self.event(new.event_id), lineage or Lineage()
        change = EventChange(
            event_id=new.event_id,
            space=self.space,
            revision=old.revision + 1,
            kind=kind,
            item_id=item_id,
            at=self.at,
            delta=diff(old, new),
            lineage=lineage,
        )
        self.changes.append(change)
        # What ``apply`` would give, with the rows of ``new``: their identity makes them cheap.
        self.states[new.event_id] = new.model_copy(
            update={"revision": change.revision, "lineage": joined(old.lineage, lineage)}
        )

    def keep(self, event_id: str, **extras: Any) -> None:
        """Fields of the event's row beside its state; None takes one away."""
        self._extras[event_id] = {**self._extras.get(event_id, {}), **extras}

    def kept(self, event_id: str, name: str) -> Any:
        """A field of the event's row after what was drafted so far; None if it has none."""
        extras = self._extras.get(event_id, {})
        return extras[name] if name in extras else (self.row(event_id) or {}).get(name)

    def put_digest(self, item_id: str, digest: Json) -> None:
        """What an article contributes; put before the events that count it."""
        self._digests.append((digest_key(self.space, item_id), closed(digest)))

    def end_digest(self, item_id: str) -> None:
        """Delete a digest; put after the events that count it otherwise."""
        self._late.append((digest_key(self.space, item_id), None))

    def freeze(self, item_id: str, row: Json | None) -> None:
        """Delete a digest that the event's base holds now; ``row`` is for its item.

        Put last of all: until the record counts as applied, its event is found as it was.
        """
        if row is not None:
            self._frozen.append((item_key(self.space, item_id), row))
        self._frozen.append((digest_key(self.space, item_id), None))

    def end_item(self, item_id: str) -> None:
        """Forget an item's row."""
        self._late.append((item_key(self.space, item_id), None))

    def put_item(self, item_id: str, row: Json) -> None:
        """An item's row: with it the record counts as applied."""
        self._items.append((item_key(self.space, item_id), row))

    def move_item(self, item_id: str, row: Json) -> None:
        """An item's row that an operator's order changes, put before the events."""
        self._digests.append((item_key(self.space, item_id), row))

    def forget(self, event_id: str) -> None:
        """Delete an event's row, and end its compacted record."""
        self._late.append((event_key(event_id), None))
        self._ended.append(Tombstone(STATE.name, event_id.encode()))

    def event_bytes(self, event_id: str, state: EventState | None = None) -> int:
        """Size of the event's row after what was drafted so far, or with another state."""
        return len(orjson.dumps(self._event_row(event_id, state or self.states.get(event_id))))

    def outcome(self, first: tuple[Message, ...] = (), last: tuple[Message, ...] = ()) -> Outcome:
        """``first``, the changes, the states, ``last``; digests, events, what ends, items, and
        what froze.
        """
        outputs = (*first, *self.changes, *self.states.values(), *last)
        puts = (*self._digests, *self._events(), *self._late, *self._items, *self._frozen)
        return Outcome(outputs, puts, tombstones=tuple(self._ended))

    def _events(self) -> list[Put]:
        puts: list[Put] = []
        for event_id in dict.fromkeys((*self.states, *self._extras)):
            state = self.states.get(event_id)
            row = self._event_row(event_id, state)
            if state is not None:
                self._read.remember(row, state)
            puts.append((event_key(event_id), row))
        return puts

    def _event_row(self, event_id: str, state: EventState | None = None) -> Json:
        old = self.row(event_id)
        row = {**(old or {}), "space": self.space, **self._extras.get(event_id, {})}
        if state is not None:
            row["state"], row["rows"] = self._dumped(state, old)
            row["by"] = self.mark
        return {name: value for name, value in row.items() if value is not None}

    def _dumped(self, state: EventState, old: Mapping[str, Any] | None) -> tuple[Json, Json | str]:
        """A state and its rows as JSON; rows that the event had before have theirs already."""
        known: dict[int, Json] = {}
        if old is not None:
            before, had = self._read(old), _rows(old)
            for name in ROWS:
                known.update(zip(map(id, getattr(before, name)), had[name], strict=True))
        rows = {
            name: [
                known.get(id(row)) or row.model_dump(mode="json", exclude_none=True)
                for row in getattr(state, name)
            ]
            for name in ROWS
        }
        fields = state.model_dump(mode="json", exclude_none=True, exclude=set(ROWS))
        return fields, compress(rows) if len(orjson.dumps(rows)) > MAX_ROWS else rows


def _rows(row: Mapping[str, Any]) -> Json:
    """The rows of the state in an event's row."""
    rows: Json | str = row["rows"]
    return decompress(rows) if isinstance(rows, str) else rows
