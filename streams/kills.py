"""Kills of a run: who ordered them, what they named, and how long until the last derived record.

The time runs from the append of the raw message (or of the operator's order) to the append of the
last record that says the item is gone: its fate, its enriched record, its event's change and state.
Where only the files of a run are left, there are no times of appending.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas import topics
from schemas.article import Article, Due, ItemControl
from schemas.enriched import EnrichedArticle
from schemas.events import EventChange, EventState
from schemas.fate import ItemFate
from streams.archive import Archive
from streams.stages.waiting import UNRESOLVED

NO_TARGET = "waiting for its target"


@dataclass(frozen=True, slots=True)
class Kill:
    """One item that was ordered to go. ``arrived``, ``done``: None where that is not known.

    ``state``: ``done``; ``waiting for its target``; ``not carried out``, which is a fault of ours,
    or of workers that are behind.
    """

    item_id: str
    by: str
    notice_id: str | None
    state: str
    arrived: datetime | None
    done: datetime | None

    @property
    def seconds(self) -> float | None:
        """From arrival to the last derived record."""
        if self.arrived is None or self.done is None:
            return None
        return max(0.0, (self.done - self.arrived).total_seconds())

    def __str__(self) -> str:
        notice = f", notice {self.notice_id}" if self.notice_id else ""
        took = "" if self.seconds is None else f" after {self.seconds:.3f} s"
        return f"{self.item_id} by {self.by}{notice}: {self.state}{took}"

    def facts(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "item_id": self.item_id,
            "by": self.by,
            "notice_id": self.notice_id,
            "state": self.state,
            "arrived": self.arrived,
            "done": self.done,
            "seconds": self.seconds,
        }


def kills(archive: Archive) -> list[Kill]:
    """The first order that killed each item, in the order in which they were normalized."""
    arrivals, ends = _arrivals(archive), _ends(archive)
    known = {fate.item_id for fate in archive.records(topics.FATES, ItemFate)}
    came: dict[str, datetime | None] = {}  # when the first text of an item arrived
    orders: dict[str, tuple[datetime | None, Article | ItemControl]] = {}
    for at, record in archive.timed_normalized():
        if isinstance(record, Due):
            continue
        arrived = _arrival(record, at, arrivals)
        if _is_kill(record):
            orders.setdefault(record.item_id, (arrived, record))
        elif isinstance(record, Article):
            came.setdefault(record.item_id, arrived)
    return [
        _kill(record, _last([arrived, came.get(item_id)]), ends, known)
        for item_id, (arrived, record) in orders.items()
    ]


def _kill(
    record: Article | ItemControl,
    arrived: datetime | None,
    ends: Mapping[str, datetime | None],
    known: Container[str],
) -> Kill:
    """One that came before its target counts from the target's arrival."""
    item_id = record.item_id
    state = "done" if item_id in ends else "not carried out" if item_id in known else NO_TARGET
    by, notice = "wire", None
    if isinstance(record, ItemControl):
        by, notice = record.by, record.notice_id
    return Kill(item_id, by, notice, state, arrived, ends.get(item_id))


def _is_kill(record: Article | ItemControl) -> bool:
    if isinstance(record, Article):
        return record.status == "canceled"
    return record.action == "kill" and not (record.named or record.confirmed_target)


def _arrivals(archive: Archive) -> dict[Any, datetime]:
    """When each raw message was appended: by its place, and by its origin the last one. When an
    operator first ordered each kill: by its target."""
    found: dict[Any, datetime] = {}
    for raw in archive.envelopes(topics.RAW.name):
        at = datetime.fromisoformat(raw["at"])
        found[raw["partition"], raw["offset"]] = found[raw["headers"].get("origin")] = at
    for given, order in archive.orders():
        if given is not None and order.action == "kill":
            found.setdefault(("order", order.target), given)
    return found


def _arrival(
    record: Article | ItemControl, at: datetime | None, arrivals: Mapping[Any, datetime]
) -> datetime | None:
    """Of its raw message, or of the operator's order; where neither is left, when it was routed."""
    if isinstance(record, Article):
        place = record.provenance.raw
        return arrivals.get((place.partition, place.offset), at)
    source = record.origin if record.by == "wire" else ("order", record.item_id)
    return arrivals.get(source, at)


def _ends(archive: Archive) -> dict[str, datetime | None]:
    """Items that are gone, with the time of the last record of the decision that took them out.

    Later versions of a killed item are killed by later decisions, which take nothing out any more.
    """
    decided: dict[str, int] = {}
    fates = [(at, fate) for at, fate in archive.timed(topics.FATES, ItemFate)]
    for _, fate in fates:
        if fate.fate == "killed":
            known = decided.get(fate.item_id)
            decided[fate.item_id] = fate.decision if not known else min(known, fate.decision)
    times: defaultdict[str, list[datetime | None]] = defaultdict(list)
    for at, fate in fates:
        if fate.fate == "killed" and fate.decision == decided[fate.item_id]:
            times[fate.item_id].append(at)
    for item_id, at in _retracted(archive, decided):
        times[item_id].append(at)
    return {item_id: _last(found) for item_id, found in times.items()}


def _retracted(
    archive: Archive, decided: Mapping[str, int]
) -> Iterator[tuple[str, datetime | None]]:
    """What detection sent because of those decisions: articles, changes, states of events."""
    moments: set[tuple[str, datetime]] = set()  # a change has no decision, but its log time
    for at, article in archive.timed(topics.ENRICHED, EnrichedArticle):
        item_id = article.item_id
        if article.status == "canceled" and article.decision == decided.get(item_id):
            moments.add((item_id, article.at))
            yield item_id, at
    revisions: dict[tuple[str, int], str] = {}
    for at, change in archive.timed(topics.CHANGES, EventChange):
        if change.kind == "retracted" and (change.item_id, change.at) in moments:
            revisions[change.event_id, change.revision] = change.item_id or ""
            yield change.item_id or "", at
    for at, state in archive.timed(topics.STATE, EventState):
        if item := revisions.get((state.event_id, state.revision)):
            yield item, at


def _last(times: Iterable[datetime | None]) -> datetime | None:
    known = [time for time in times if time is not None]
    return max(known) if known else None


def unresolved(archive: Archive) -> Iterator[ItemFate]:
    """The fates of orders that wait for an operator, oldest first."""
    last: dict[str, ItemFate] = {}
    for fate in archive.records(topics.FATES, ItemFate):
        reason = fate.reason or ""
        if reason.endswith(UNRESOLVED) or reason.startswith(("kill of ", "hold of ")):
            last[fate.item_id] = fate
    yield from (fate for fate in last.values() if (fate.reason or "").endswith(UNRESOLVED))
