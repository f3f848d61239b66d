"""What happens to an event in time: it goes dormant, closes, leaves the index, is forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from schemas.events import EventState
from streams.events.assign import Assigner
from streams.events.settings import DetectSettings
from streams.events.store.rows import parsed


def due_at(key: str, row: Mapping[str, Any], settings: DetectSettings) -> float | None:
    """When a row falls due, in POSIX seconds of log time; None: never.

    A log that has not stated any time yet stands at 1970: nothing can fall due by it.
    """
    kind, _, _ = parsed(key)
    if kind == "item":
        if "event" in row or not row["at"]:
            return None  # as long as its event is
        return float(row["at"]) + settings.forget_after.total_seconds()
    state = row["state"]
    last = datetime.fromisoformat(state["last_at"]).timestamp()
    if not last:
        return None
    if row.get("evicted"):
        return last + settings.forget_after.total_seconds()
    return last + _wait(state.get("status", "active"), settings).total_seconds()


def _wait(status: str, settings: DetectSettings) -> timedelta:
    """How long an event of this status waits for an article."""
    if status == "active":
        return min(settings.dormant_after, settings.close_after)
    return settings.close_after if status == "dormant" else settings.evict_after


def run_timers(work: Assigner) -> None:
    """Do what is due, a few rows a record, but for events that the record itself touched."""
    draft, settings = work.draft, work.settings
    finish_timers(work)

    def is_due(due: float, key: str) -> bool:
        row = draft.state.get(key)
        return row is not None and due_at(key, row, settings) == due

    for key in work.space.due(draft.at, is_due):
        kind, _, name = parsed(key)
        if kind == "item":
            draft.end_item(name)
        elif name not in draft.states and not draft.applied(name):
            _advance(work, name)


def finish_timers(work: Assigner) -> None:
    """Delete the digests that an attempt cut short left to events that it evicted."""
    for event_id in work.space.evicting():
        work.end(
            (item_id, digest)
            for item_id in work.ending(event_id)
            if (digest := work.draft.digest(item_id)) is not None
        )


def _advance(work: Assigner, event_id: str) -> None:
    draft = work.draft
    row = draft.row(event_id) or {}
    if row.get("evicted"):
        _forget(work, event_id)
    elif row["state"].get("status", "active") in ("active", "dormant"):
        _rest(work, draft.event(event_id))
    else:
        _evict(work, event_id)


def _rest(work: Assigner, event: EventState) -> None:
    """Dormant, or closed: also at once, where log time leapt over both."""
    quiet = work.draft.at - (event.last_at or work.draft.at)
    status: Literal["dormant", "closed"] = (
        "closed" if quiet >= work.settings.close_after else "dormant"
    )
    work.draft.change(status, event.model_copy(update={"status": status}))


def _evict(work: Assigner, event_id: str) -> None:
    """All digests freeze: the record stays as it is, and no article finds the event."""
    work.freeze(event_id, work.digests(event_id))
    work.draft.keep(event_id, evicted=True)


def _forget(work: Assigner, event_id: str) -> None:
    for item_id in sorted({*work.space.frozen(event_id), *work.ending(event_id)}):
        work.draft.end_digest(item_id)
        work.draft.end_item(item_id)
    work.draft.forget(event_id)
