"""An operator's orders about events: join two, or part one."""

from schemas.events import EventState, Lineage
from schemas.tagged import EventControl
from streams.errors import Rejected
from streams.events.assign import Assigner
from streams.events.retell import Digests, retell
from streams.events.tally import Tally


def merge(work: Assigner, order: EventControl) -> None:
    """All members of one event go to another. Both events get a change.

    Raises:
        Rejected: ``no-such-event``, ``event-frozen`` (its oldest members have no digest left).
    """
    gone, stays = order.event_id, order.into or ""
    if work.draft.applied(gone):
        return
    left, kept = _known(work, gone), _known(work, stays)
    if gone == stays:
        raise Rejected("same-event", gone)
    members = [*work.digests(gone), *work.digests(stays)]
    members.sort(key=lambda row: (row[1]["seq"], row[0]))
    _move(work, work.digests(gone), stays)
    tally = _retold(work, members, moved_to=stays)
    last = max(left.last_at or work.draft.at, kept.last_at or work.draft.at)
    joined = tally.onto(kept.model_copy(update={"last_at": last}))
    work.draft.change("merged", joined, lineage=Lineage(merged_from=(gone,)))
    emptied = Tally().onto(left).model_copy(update={"status": "merged"})
    work.draft.change("merged", emptied, lineage=Lineage(merged_into=stays))


def split(work: Assigner, order: EventControl) -> None:
    """Some members leave for an event of their own.

    Raises:
        Rejected: ``no-such-event``, ``event-frozen``, ``bad-split`` unless the items named are
            some, and not all, of the event's members.
    """
    if _is_split(work, order):
        return
    old = _known(work, order.event_id)
    members = work.digests(order.event_id)
    named = set(order.item_ids)
    leaving = [row for row in members if row[0] in named]
    staying = [row for row in members if row[0] not in named]
    if len(leaving) != len(named) or not leaving or not staying:
        raise Rejected("bad-split", f"{order.event_id}: name some of its members, not all")
    new_id = work.new_event(leaving[0][0])
    _move(work, leaving, new_id)
    opened = work.draft.event(new_id).model_copy(
        update={"opened_at": work.draft.at, "last_at": old.last_at}
    )
    part = _retold(work, leaving, moved_to=new_id).onto(opened)
    work.draft.change("opened", part, lineage=Lineage(split_from=order.event_id))
    work.draft.change("split", _retold(work, staying, moved_to=order.event_id).onto(old))


def _known(work: Assigner, event_id: str) -> EventState:
    row = work.draft.row(event_id)
    state = work.draft.event(event_id)
    if row is None or row["space"] != work.draft.space or state.status in ("merged", "retracted"):
        raise Rejected("no-such-event", event_id)
    if "base" in row:
        raise Rejected("event-frozen", event_id)
    return state


def _is_split(work: Assigner, order: EventControl) -> bool:
    """Whether the items named have left already: the order is delivered again."""
    rows = [work.draft.item(item_id) or {} for item_id in order.item_ids]
    events = [work.draft.event(row["event"]) for row in rows if "event" in row]
    parted = [state.lineage.split_from == order.event_id for state in events if state.revision]
    return bool(rows) and len(parted) == len(rows) and all(parted)


def _move(work: Assigner, members: Digests, event_id: str) -> None:
    for item_id, _ in members:
        if row := work.draft.item(item_id):
            work.draft.move_item(item_id, {**row, "event": event_id})


def _retold(work: Assigner, members: Digests, *, moved_to: str) -> Tally:
    retold = retell(members, None, 0, work.table)
    changed = dict(retold.changed)
    for item_id, digest in members:
        row = changed.get(item_id, digest)
        if item_id in changed or digest["event"] != moved_to:
            work.draft.put_digest(item_id, {**row, "event": moved_to})
    return retold.tally
