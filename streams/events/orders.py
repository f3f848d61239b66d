"""An operator's orders about events: join two, or part one."""

from collections.abc import Container, Iterable
from typing import Any

from schemas.events import EventState, Lineage
from schemas.tagged import EventControl
from streams.errors import Rejected
from streams.events.assign import Assigner
from streams.events.record.tally import Tally
from streams.events.retell import Digests, retell
from streams.events.store.rest import Rest

Json = dict[str, Any]

_LIVELIEST = ("active", "dormant", "closed")


def merge(work: Assigner, order: EventControl) -> None:
    """All members of one event go to another, and freeze as far as they have no room there. Both
    events get a change.

    Raises:
        Rejected: ``no-such-event``, ``same-event``.
    """
    gone, stays = order.event_id, order.into or ""
    if work.draft.applied(gone):
        work.finish(stays)
        return
    left, kept = _known(work, gone), _known(work, stays)
    if gone == stays:
        raise Rejected("same-event", gone)
    members = [*work.digests(gone), *work.digests(stays)]
    members.sort(key=lambda row: (row[1]["seq"], row[0]))
    _move(work, [*work.members(gone), *work.space.frozen(gone)], stays)
    rest = _joined_rest(work, gone, stays)
    tally, moved = _retold(work, members, rest, moved_to=stays)
    last = max(left.last_at or work.draft.at, kept.last_at or work.draft.at)
    status = min(kept.status, left.status, key=_LIVELIEST.index)
    joined = tally.onto(kept.model_copy(update={"last_at": last, "status": status}))
    work.draft.change("merged", joined, lineage=Lineage(merged_from=(gone,)))
    if not work.draft.kept(gone, "evicted"):
        work.draft.keep(stays, evicted=None)
    if rest is not None and not work.draft.applied(stays):
        work.draft.keep(stays, base=rest.row())
    work.fit(stays, moved)
    work.draft.keep(gone, base=None, ending=None)
    emptied = Tally().onto(left).model_copy(update={"status": "merged"})
    work.draft.change("merged", emptied, lineage=Lineage(merged_into=stays))


def split(work: Assigner, order: EventControl) -> None:
    """Some members leave for an event of their own.

    Raises:
        Rejected: ``no-such-event``, ``event-frozen`` where an item named has no digest left,
            ``bad-split`` unless the items named are some, and not all, of the event's members.
    """
    if _is_split(work, order):
        return
    old = _known(work, order.event_id)
    members = work.digests(order.event_id)
    named = set(order.item_ids)
    leaving = [row for row in members if row[0] in named]
    staying = [row for row in members if row[0] not in named]
    if frozen := named.intersection(work.space.frozen(order.event_id)):
        raise Rejected("event-frozen", ", ".join(sorted(frozen)))
    rest = work.rest(order.event_id)
    if len(leaving) != len(named) or not leaving or not (staying or rest):
        raise Rejected("bad-split", f"{order.event_id}: name some of its members, not all")
    new_id = work.new_event(leaving[0][0])
    _move(work, [item_id for item_id, _ in leaving], new_id)
    opened = work.draft.event(new_id).model_copy(
        update={"opened_at": work.draft.at, "last_at": old.last_at, "status": old.status}
    )
    part, _ = _retold(work, leaving, None, moved_to=new_id)
    work.draft.change("opened", part.onto(opened), lineage=Lineage(split_from=order.event_id))
    stays, _ = _retold(work, staying, rest, moved_to=order.event_id, gone=named)
    work.draft.change("split", stays.onto(old))


def _known(work: Assigner, event_id: str) -> EventState:
    row = work.draft.row(event_id)
    state = work.draft.event(event_id)
    if row is None or row["space"] != work.draft.space or state.status in ("merged", "retracted"):
        raise Rejected("no-such-event", event_id)
    return state


def _joined_rest(work: Assigner, gone: str, stays: str) -> Rest | None:
    """What froze of both; that of ``stays`` alone where it is put already."""
    one, two = work.rest(stays), work.rest(gone)
    if one is None or two is None or work.draft.applied(stays):
        return one or two
    one.join(two)
    return one


def _is_split(work: Assigner, order: EventControl) -> bool:
    """Whether the items named have left already: the order is delivered again."""
    rows = [work.draft.item(item_id) or {} for item_id in order.item_ids]
    events = [work.draft.event(row["event"]) for row in rows if "event" in row]
    parted = [state.lineage.split_from == order.event_id for state in events if state.revision]
    return bool(rows) and len(parted) == len(rows) and all(parted)


def _move(work: Assigner, item_ids: Iterable[str], event_id: str) -> None:
    for item_id in sorted(item_ids):
        if row := work.draft.item(item_id):
            work.draft.move_item(item_id, {**row, "event": event_id})


def _retold(
    work: Assigner,
    members: Digests,
    rest: Rest | None,
    *,
    moved_to: str,
    gone: Container[str] = (),
) -> tuple[Tally, Digests]:
    """The tally of an event of these members, and their digests as they are then."""
    retold = retell(members, rest, 0, work.table, gone)
    changed = dict(retold.changed)
    moved: list[tuple[str, Json]] = []
    for item_id, digest in members:
        row = {**changed.get(item_id, digest), "event": moved_to}
        moved.append((item_id, row))
    for (item_id, row), (_, digest) in zip(reversed(moved), reversed(members), strict=True):
        if item_id in changed or digest["event"] != moved_to:
            work.draft.put_digest(item_id, row)
    return retold.tally, moved
