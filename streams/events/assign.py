"""An article enters an event, stays in it corrected, or leaves it: drafts of the changes."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from schemas.enriched import Relation
from schemas.events import ChangeKind, EventState
from streams.events.background import Background
from streams.events.record.tally import Tally
from streams.events.retell import Digests, assessed, gather, retell
from streams.events.settings import DetectSettings
from streams.events.space import Ready, Space
from streams.events.store.digest import counted, told
from streams.events.store.draft import Draft
from streams.events.store.rest import Rest
from streams.events.store.rows import event_ids
from streams.events.store.stored import closed
from streams.novelty.assess import Assessment

Json = dict[str, Any]

EVENT_BYTES = 64_000  # of an event's row and its digests
TOLD_BYTES = 2_000  # that an article may tell, mostly
SLACK = 4  # when digests freeze, one part in so many of their room is made free

_KINDS: dict[Relation, ChangeKind] = {
    "opens": "opened",
    "updates": "updated",
    "confirms": "confirmed",
    "repeats": "repeated",
}


@dataclass(frozen=True, slots=True)
class Assigner:
    """Works on one draft; reads memory, changes none but by ``Space.freeze``."""

    draft: Draft
    space: Space
    table: Background
    settings: DetectSettings

    def enter(self, item_id: str, digest: Json) -> tuple[Assessment, Json]:
        """A new article joins ``digest["event"]``, which may be new. Returns what it adds, and
        its complete digest.
        """
        event_id = digest["event"]
        self._make_room(event_id, item_id, digest)
        assessment, whole, tally = self._added(item_id, digest)
        if self._is_over(event_id, item_id, whole, tally):
            self._freeze(event_id, item_id, 0)
            assessment, whole, tally = self._added(item_id, digest)
        self._join(event_id, item_id, tally, assessment.relation)
        return assessment, whole

    def _added(self, item_id: str, digest: Json) -> tuple[Assessment, Json, Tally]:
        ready = self._ready(digest["event"])
        assessment = assessed(item_id, digest, ready.memory, self.table)
        whole = {**digest, "told": told(assessment)}
        tally = ready.tally.copy()
        tally.add(whole)
        return assessment, whole, tally

    def replace(self, item_id: str, digest: Json, *, corrects: bool) -> tuple[Assessment, Json]:
        """A new version takes the old one's place in the same event; later members tell anew.

        Args:
            corrects: False where the old digest is the same version's, from an attempt cut short.
        """
        event_id = digest["event"]
        self._make_room(event_id, item_id, digest)
        rest = self.rest(event_id)
        members = [row for row in self.digests(event_id) if row[0] != item_id]
        at = bisect_left([(row["seq"], item) for item, row in members], (digest["seq"], item_id))
        before = gather(members[:at], rest)
        assessment = assessed(item_id, digest, before.memory, self.table)
        whole = {**digest, "told": told(assessment)}
        tally = self._retold([*members[:at], (item_id, whole), *members[at:]], rest, at + 1)
        if corrects:
            state = tally.onto(self.draft.event(event_id))
            self.draft.change("corrected", state, item_id=item_id)
        else:
            self._join(event_id, item_id, tally, assessment.relation)
        return assessment, whole

    def leave(self, event_id: str, item_id: str, seq: int, *, rejoins: bool = False) -> None:
        """The article leaves the event, with all that it told.

        Args:
            rejoins: it joins the same event again at once, so that its copies stay its copies.
        """
        if not self.draft.applied(event_id):
            self._strip(event_id, item_id)
        members = [each for each in self.digests(event_id) if each[0] != item_id]
        start = bisect_left([(each["seq"], item) for item, each in members], (seq, item_id))
        tally = self._retold(members, self.rest(event_id), start, () if rejoins else (item_id,))
        new = _with_status(tally.onto(self.draft.event(event_id)))
        self.draft.change("retracted", new, item_id=item_id)

    def _strip(self, event_id: str, item_id: str) -> None:
        """Take an article out of what froze, if it is there."""
        was = (self.draft.item(item_id) or {}).get("frozen")
        if was is None and item_id in self.ending(event_id):
            was = counted(self.draft.digest(item_id) or {})
        rest = self.rest(event_id)
        if was is not None and rest is not None:
            rest.strip(item_id, was)
            ending = [item for item in self.ending(event_id) if item != item_id]
            self.draft.keep(event_id, base=rest.row(), ending=ending or None)

    def digests(self, event_id: str) -> Digests:
        """The live digests of an event."""
        rows = ((item, self.draft.digest(item)) for item in self.members(event_id))
        return [(item, row) for item, row in rows if row is not None]

    def members(self, event_id: str) -> list[str]:
        """Whose digests are live; those that froze last may not have been deleted yet."""
        ending = self.ending(event_id)
        return [item for item in self.space.index.members(event_id) if item not in ending]

    def ending(self, event_id: str) -> Sequence[str]:
        """The members whose digests froze last."""
        found: Sequence[str] = self.draft.kept(event_id, "ending") or ()
        return found

    def rest(self, event_id: str) -> Rest | None:
        """What froze of the event, as a value that may be changed."""
        row = self.draft.kept(event_id, "base")
        return None if row is None else Rest.read(row, self.draft.event(event_id))

    def new_event(self, item_id: str) -> str:
        """A free id for an event that the item opens."""
        return next(i for i in event_ids(self.draft.space, item_id) if self._is_free(i, item_id))

    def _is_free(self, event_id: str, item_id: str) -> bool:
        """Not there, or opened with this item by an attempt that was cut short."""
        if self.draft.row(event_id) is None:
            return True
        members = self.draft.event(event_id).members
        return self.draft.applied(event_id) and any(m.item_id == item_id for m in members)

    def _ready(self, event_id: str) -> Ready:
        base = self.draft.kept(event_id, "base")
        return self.space.ready(
            event_id, base, lambda: gather(self.digests(event_id), self.rest(event_id))
        )

    def _retold(
        self, members: Digests, rest: Rest | None, start: int, gone: Container[str] = ()
    ) -> Tally:
        retold = retell(members, rest, start, self.table, gone)
        for item_id, row in retold.changed:
            self.draft.put_digest(item_id, row)
        return retold.tally

    def _join(self, event_id: str, item_id: str, tally: Tally, relation: Relation) -> None:
        self._reopen(event_id, item_id)
        old, now = self.draft.event(event_id), self.draft.at
        header = {
            "status": "active",
            "opened_at": old.opened_at or now,
            "last_at": max(old.last_at or now, now),
        }
        kind = _KINDS[relation] if old.revision else "opened"
        self.draft.change(kind, tally.onto(old.model_copy(update=header)), item_id=item_id)
        if self.draft.kept(event_id, "evicted"):
            self.draft.keep(event_id, evicted=None)

    # --- bounds ------------------------------------------------------------------------------

    def _make_room(self, event_id: str, item_id: str, digest: Json) -> None:
        """Before an article joins, so that a second attempt compares it with the same members."""
        if self._end_frozen(event_id) or self.draft.applied(event_id):
            return
        self.draft.keep(event_id, ending=None)
        size = len(digest["packed"]) + TOLD_BYTES
        own = EVENT_BYTES - self.draft.event_bytes(event_id)
        self._freeze(event_id, item_id, min(self.settings.live_bytes, own) - size)

    def finish(self, event_id: str | None) -> None:
        """Delete what an attempt at this very record, which is applied, came not to delete."""
        if event_id is not None and self.draft.applied(event_id):
            self._end_frozen(event_id)

    def _end_frozen(self, event_id: str) -> bool:
        """Delete what an attempt cut short left to be deleted, if it did."""
        left = [(item, self.draft.digest(item)) for item in self.ending(event_id)]
        rows = [(item, digest) for item, digest in left if digest is not None]
        self.end(rows)
        return bool(rows)

    def _is_over(self, event_id: str, item_id: str, whole: Json, tally: Tally) -> bool:
        """Whether the event's rows would be too large: one article changed its record much."""
        if self.draft.applied(event_id):
            return False
        others = [item for item in self.members(event_id) if item != item_id]
        size = sum(self.space.bytes(others)) + len(orjson.dumps(closed(whole)))
        if not others or size < EVENT_BYTES // 2:
            return False
        new = tally.onto(self.draft.event(event_id))
        return size + self.draft.event_bytes(event_id, new) > EVENT_BYTES

    def _freeze(self, event_id: str, joined: str, room: int) -> None:
        """When the digests beside ``joined`` need more than ``room``, the oldest freeze."""
        members = [item for item in self.members(event_id) if item != joined]
        count = self.excess(self.space.bytes(members), room)
        self.freeze(event_id, [(item, self.draft.digest(item) or {}) for item in members[:count]])

    def fit(self, event_id: str, digests: Digests) -> None:
        """Freeze what an order brought together and has no room in one event."""
        if self.draft.applied(event_id):
            self._end_frozen(event_id)
            return
        sizes = [len(orjson.dumps(closed(digest))) for _, digest in digests]
        own = EVENT_BYTES - self.draft.event_bytes(event_id)
        self.freeze(event_id, digests[: self.excess(sizes, min(self.settings.live_bytes, own))])

    def excess(self, sizes: Sequence[int], room: int) -> int:
        """How many of the oldest digests have to freeze: some more, to last a while."""
        total, count, most = sum(sizes), 0, self.settings.live_digests
        if total > room:
            room -= self.settings.live_bytes // SLACK
            while count < len(sizes) and total > room:
                total -= sizes[count]
                count += 1
        if len(sizes) - count >= most:
            count = len(sizes) - most + most // SLACK + 1
        return count

    def freeze(self, event_id: str, oldest: Digests) -> None:
        """Some digests, the oldest, become a part of the rest and are ended."""
        if not oldest:
            return
        base = self.draft.kept(event_id, "base")
        rest = self.rest(event_id) or Rest()
        rest.freeze(oldest)
        items = [item for item, _ in oldest]
        new = rest.row()
        self.draft.keep(event_id, base=new, ending=[*self.ending(event_id), *items])
        self.space.freeze(event_id, base, new, items, rest.faded)
        self.end(oldest)

    def end(self, digests: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Delete digests that froze; the rows of their items say so."""
        for item_id, digest in digests:
            marks = {"event": digest["event"], "frozen": counted(digest)}
            row = self.draft.item(item_id)
            self.draft.freeze(item_id, None if row is None else {**row, **marks})

    def _reopen(self, event_id: str, item_id: str) -> None:
        old = self.draft.event(event_id)
        if old.status == "closed":
            new = old.model_copy(update={"status": "active"})
            self.draft.change("reopened", new, item_id=item_id)


def _with_status(state: EventState) -> EventState:
    """An event without members is retracted."""
    return state if state.member_count else state.model_copy(update={"status": "retracted"})
