"""An event's state is the fold of its changes: apply one, find one, fold all.

``fold(changes)`` of an event equals its events.state.v1 record, byte for byte.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from schemas.events import EventChange, EventDelta, EventState, Lineage

ROWS = ("publishers", "members", "facts", "entities", "figures", "disputes", "timeline")
_SCALARS = ("status", "opened_at", "last_at", "member_count", "spread", "summary")
_DROPPABLE = ("title", "first_reported")
_NOTHING = EventDelta()


def empty(event_id: str, space: str) -> EventState:
    """The state before the first change."""
    return EventState(event_id=event_id, space=space)


def fold(changes: Iterable[EventChange]) -> EventState:
    """All changes of one event, in order of revision.

    Raises:
        ValueError: no change at all, or a gap in the revisions.
    """
    state: EventState | None = None
    for change in changes:
        state = apply(state or empty(change.event_id, change.space), change)
    if state is None:
        raise ValueError("an event has at least one change")
    return state


def apply(state: EventState, change: EventChange) -> EventState:
    """The state after one change.

    Raises:
        ValueError: the change belongs to another event, or is not the next revision.
    """
    if (state.event_id, state.revision + 1) != (change.event_id, change.revision):
        raise ValueError(
            f"{change.event_id} revision {change.revision} cannot follow "
            f"{state.event_id} revision {state.revision}"
        )
    delta = change.delta
    update: dict[str, Any] = {"revision": change.revision}
    for name in _SCALARS:
        if (value := getattr(delta, name)) is not None:
            update[name] = value
    for name in _DROPPABLE:
        value = getattr(delta, name)
        if value is not None or getattr(delta, f"{name}_dropped"):
            update[name] = value
    for name in ROWS:
        put, dropped = getattr(delta, f"{name}_put"), getattr(delta, f"{name}_dropped")
        if put or dropped:
            update[name] = _patched(getattr(state, name), put, dropped)
    if change.lineage != Lineage():
        update["lineage"] = joined(state.lineage, change.lineage)
    return state.model_copy(update=update)


def diff(old: EventState, new: EventState) -> EventDelta:
    """What leads from one state to the other; revision and lineage travel beside it.

    Raises:
        ValueError: a time was taken away, which no change can say.
    """
    update: dict[str, Any] = {}
    for name in _SCALARS:
        before, after = getattr(old, name), getattr(new, name)
        if after is None and before is not None:
            raise ValueError(f"{name} cannot be taken away")
        if before != after:
            update[name] = after
    for name in _DROPPABLE:
        after = getattr(new, name)
        if getattr(old, name) != after:
            update |= {name: after, f"{name}_dropped": after is None}
    for name in ROWS:
        update |= _row_changes(name, getattr(old, name), getattr(new, name))
    return _NOTHING.model_copy(update=update)


def ordered(rows: Iterable[Any]) -> tuple[Any, ...]:
    """Rows as a state record holds them."""
    return tuple(sorted(rows, key=attrgetter("sort_key")))


def _row_changes(name: str, before: Sequence[Any], after: Sequence[Any]) -> Mapping[str, Any]:
    # Most rows are the very same objects on both sides: only the others are worth a key.
    shared = set(map(id, before)).intersection(map(id, after))
    had = {row.row_key: row for row in before if id(row) not in shared}
    has = {row.row_key: row for row in after if id(row) not in shared}
    return {
        f"{name}_put": tuple(row for key, row in has.items() if had.get(key) != row),
        f"{name}_dropped": tuple(key for key in had if key not in has),
    }


def _patched(rows: Iterable[Any], put: Iterable[Any], dropped: Iterable[str]) -> tuple[Any, ...]:
    table = {row.row_key: row for row in rows}
    for key in dropped:
        table.pop(key, None)
    table.update((row.row_key, row) for row in put)
    return ordered(table.values())


def joined(old: Lineage, new: Lineage) -> Lineage:
    """Lineage after one more change."""
    return Lineage(
        merged_into=new.merged_into or old.merged_into,
        merged_from=tuple(dict.fromkeys((*old.merged_from, *new.merged_from))),
        split_from=new.split_from or old.split_from,
    )
