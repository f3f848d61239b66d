"""An article enters an event, stays in it corrected, or leaves it: drafts of the changes."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from schemas.enriched import Relation
from schemas.events import ChangeKind, EventState
from streams.events.background import Background
from streams.events.digest import stub, told
from streams.events.draft import Draft
from streams.events.retell import Digests, assessed, gather, retell
from streams.events.rows import event_ids
from streams.events.settings import DetectSettings
from streams.events.space import Ready, Space
from streams.events.tally import Tally
from streams.novelty.assess import Assessment

Json = dict[str, Any]

_KINDS: dict[Relation, ChangeKind] = {
    "opens": "opened",
    "updates": "updated",
    "confirms": "confirmed",
    "repeats": "repeated",
}


@dataclass(frozen=True, slots=True)
class Assigner:
    """Works on one draft; reads memory, changes none."""

    draft: Draft
    space: Space
    table: Background
    settings: DetectSettings

    def enter(self, item_id: str, digest: Json) -> tuple[Assessment, Json]:
        """A new article joins ``digest["event"]``, which may be new. Returns what it adds, and
        its complete digest.
        """
        event_id = digest["event"]
        self._make_room(event_id, item_id)
        ready = self._ready(event_id)
        assessment = assessed(item_id, digest, ready.memory, self.table)
        whole = {**digest, "told": told(assessment)}
        tally = ready.tally.copy()
        tally.add(whole)
        self._join(event_id, item_id, tally, assessment.relation)
        return assessment, whole

    def replace(self, item_id: str, digest: Json, *, corrects: bool) -> tuple[Assessment, Json]:
        """A new version takes the old one's place in the same event; later members tell anew.

        Args:
            corrects: False where the old digest is the same version's, from an attempt cut short.
        """
        event_id = digest["event"]
        if not corrects:
            self._make_room(event_id, item_id)
        base = self.draft.kept(event_id, "base")
        members = [row for row in self.digests(event_id) if row[0] != item_id]
        at = bisect_left([(row["seq"], item) for item, row in members], (digest["seq"], item_id))
        before = gather(members[:at], base)
        assessment = assessed(item_id, digest, before.memory, self.table)
        whole = {**digest, "told": told(assessment)}
        tally = self._retold([*members[:at], (item_id, whole), *members[at:]], base, at + 1)
        if corrects:
            state = tally.onto(self.draft.event(event_id))
            self.draft.change("corrected", state, item_id=item_id)
        else:
            self._join(event_id, item_id, tally, assessment.relation)
        return assessment, whole

    def leave(self, event_id: str, item_id: str, seq: int) -> None:
        """The article leaves the event, with all that it told."""
        frozen = self.draft.kept(event_id, "frozen") or ()
        if item_id in frozen:
            digest = self.draft.digest(item_id) or {"entities": []}
            tally = Tally.read(self.draft.kept(event_id, "base"))
            tally.strip(item_id, digest["entities"])
            rest = [item for item in frozen if item != item_id]
            self.draft.keep(event_id, base=tally.row(), frozen=rest)
        members = [each for each in self.digests(event_id) if each[0] != item_id]
        start = bisect_left([(each["seq"], item) for item, each in members], (seq, item_id))
        tally = self._retold(members, self.draft.kept(event_id, "base"), start)
        new = _with_status(tally.onto(self.draft.event(event_id)))
        self.draft.change("retracted", new, item_id=item_id)

    def digests(self, event_id: str) -> Digests:
        """The live digests of an event; one that froze may not have got its stub yet."""
        frozen = frozenset(self.draft.kept(event_id, "frozen") or ())
        items = [item for item in self.space.index.members(event_id) if item not in frozen]
        rows = ((item, self.draft.digest(item)) for item in items)
        return [(item, row) for item, row in rows if row is not None]

    def new_event(self, item_id: str) -> str:
        """A free id for an event that the item opens."""
        return next(i for i in event_ids(self.draft.space, item_id) if self._is_free(i, item_id))

    def _is_free(self, event_id: str, item_id: str) -> bool:
        """Not there, or opened with this item by an attempt that was cut short."""
        row = self.draft.row(event_id)
        if row is None:
            return True
        members = row["state"].get("members", ())
        return self.draft.applied(event_id) and any(m["item_id"] == item_id for m in members)

    def _ready(self, event_id: str) -> Ready:
        base = self.draft.kept(event_id, "base")
        if base is not (self.draft.row(event_id) or {}).get("base"):  # this record changed it
            return gather(self.digests(event_id), base)
        return self.space.ready(event_id, lambda: gather(self.digests(event_id), base))

    def _retold(self, members: Digests, base: Json | None, start: int) -> Tally:
        retold = retell(members, base, start, self.table)
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

    def _make_room(self, event_id: str, item_id: str) -> None:
        """Before an article joins, so that a second attempt compares it with the same members."""
        if self.draft.applied(event_id):
            self._end_frozen(event_id)
        else:
            self._freeze(event_id, item_id)

    def _end_frozen(self, event_id: str) -> None:
        """Stubs that an attempt cut short did not come to put."""
        for item_id in self.draft.kept(event_id, "frozen") or ():
            digest = self.draft.digest(item_id)
            if digest is not None and "frozen" not in digest:
                self.draft.end_digest(item_id, stub(digest))

    def _reopen(self, event_id: str, item_id: str) -> None:
        old = self.draft.event(event_id)
        if old.status == "closed":
            new = old.model_copy(update={"status": "active"})
            self.draft.change("reopened", new, item_id=item_id)

    def _freeze(self, event_id: str, joined: str) -> None:
        """When there are too many digests, the oldest eighth goes into the base."""
        limit = self.settings.live_digests
        if len(self.space.index.members(event_id)) < limit:
            return
        members = [row for row in self.digests(event_id) if row[0] != joined]
        if len(members) < limit:
            return
        tally = Tally.read(self.draft.kept(event_id, "base"))
        oldest = members[: limit // 8 + 1]
        for item_id, digest in oldest:
            tally.add(digest)
            self.draft.end_digest(item_id, stub(digest))
        frozen = [*(self.draft.kept(event_id, "frozen") or ()), *(item for item, _ in oldest)]
        self.draft.keep(event_id, base=tally.row(), frozen=frozen)


def _with_status(state: EventState) -> EventState:
    """An event without members is retracted."""
    return state if state.member_count else state.model_copy(update={"status": "retracted"})
