"""What happens to an event in time: it closes, it leaves the index, it is forgotten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from streams.events.assign import Assigner
from streams.events.digest import stub
from streams.events.rows import parsed
from streams.events.settings import DetectSettings
from streams.events.tally import Tally


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
    closing = state.get("status", "active") == "active"
    wait = settings.close_after if closing else settings.evict_after
    return last + wait.total_seconds()


def run_timers(work: Assigner) -> None:
    """Do what is due, a few rows a record, but for events that the record itself touched."""
    draft, settings = work.draft, work.settings

    def is_due(due: float, key: str) -> bool:
        row = draft.state.get(key)
        return row is not None and due_at(key, row, settings) == due

    for key in work.space.due(draft.at, is_due):
        kind, _, name = parsed(key)
        if kind == "item":
            draft.end_item(name)
        elif name not in draft.states:
            _advance(work, name)


def _advance(work: Assigner, event_id: str) -> None:
    draft = work.draft
    row = draft.row(event_id) or {}
    if row.get("evicted"):
        _forget(work, event_id)
    elif row["state"].get("status", "active") == "active":
        draft.change("closed", draft.event(event_id).model_copy(update={"status": "closed"}))
    else:
        _evict(work, event_id)


def _evict(work: Assigner, event_id: str) -> None:
    """All digests freeze: the record stays as it is, and no article finds the event."""
    draft = work.draft
    row = draft.row(event_id) or {}
    tally, frozen = Tally.read(row.get("base")), list(row.get("frozen", ()))
    for item_id, digest in work.digests(event_id):
        tally.add(digest)
        frozen.append(item_id)
        draft.end_digest(item_id, stub(digest))
    draft.keep(event_id, base=tally.row(), frozen=frozen, evicted=True)


def _forget(work: Assigner, event_id: str) -> None:
    draft = work.draft
    for item_id in (draft.row(event_id) or {}).get("frozen", ()):
        draft.end_digest(item_id, None)
        draft.end_item(item_id)
    draft.forget(event_id)
