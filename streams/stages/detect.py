"""articles.tagged.v1 -> articles.enriched.v1, events.changes.v1, events.state.v1, items.fates.v1.

Which event an article belongs to and what it adds; what a kill or a correction takes back. Rows and
their keys: streams/events/store/rows.py. The item's row is put last: with it the record is applied.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.enriched import EnrichedArticle, EventLink, Flag
from schemas.fate import ItemFate
from schemas.tagged import TAGGED, EventControl, Retraction, TaggedArticle
from streams.codec import decode
from streams.events.assign import Assigner
from streams.events.background import Background, background
from streams.events.compare import Comparer
from streams.events.decide import Decision, decide, subject
from streams.events.junk.guards import flags, readable
from streams.events.orders import merge, split
from streams.events.scorer import Scorer, scorer
from streams.events.settings import DEFAULTS, DetectSettings
from streams.events.space import Space
from streams.events.store.digest import digest
from streams.events.store.draft import Draft, StateReader
from streams.events.store.rows import event_key, parsed, space_key
from streams.events.timers import due_at, finish_timers, run_timers
from streams.novelty.assess import Assessment, extract
from streams.step import Delivered, Outcome, State
from streams.text.sentences import sentences

STAGE = "detect"
_COPIED = (
    "item_id space source url language published_at published_precision urgency byline dateline "
    "credit usage_terms subjects correction_note title lead body key_points provenance"
).split()


class Detect:
    """Decides, folds and enriches. Everything in memory comes from rows."""

    def __init__(
        self,
        settings: DetectSettings = DEFAULTS,
        model: Scorer | None = None,
        table: Background | None = None,
    ) -> None:
        self._settings = settings
        self._scorer = model or scorer()
        self._table = table or background()
        self._comparer = Comparer()
        self._read = StateReader(settings.cached_events)
        self._spaces: defaultdict[str, Space] = defaultdict(lambda: Space(settings))

    def __call__(self, state: State, message: Delivered) -> Outcome:
        """Decide one record.

        Raises:
            Rejected: no record of this topic, or an order that cannot be carried out.
        """
        record = decode(TAGGED, message)
        match record:
            case TaggedArticle():
                mark = f"{record.article.item_id}#{record.decision}"
                work = self._work(state, record.article.space, record.at, mark)
                return self._article(work, record, message.offset)
            case Retraction():
                mark = f"{record.item_id}#{record.decision}"
                return self._retraction(self._work(state, record.space, record.at, mark), record)
            case EventControl():
                mark = f"order@{message.partition}/{message.offset}"
                return self._order(self._work(state, record.space, message.at, mark), record)

    def observe(self, key: str, value: Any) -> None:
        """Note a row: digests feed the index, events and fences the timers."""
        kind, space, name = parsed(key)
        if kind == "item":
            self._spaces[space].note_item(name, value)
        elif kind == "event":
            spaces = self._spaces.values() if value is None else [self._spaces[_home(value)]]
            for each in spaces:
                each.note_event(name, value)
        if kind == "digest":
            self._spaces[space].note_digest(name, value)
        elif value is not None and (due := due_at(key, value, self._settings)) is not None:
            home = _home(value) if kind == "event" else space
            self._spaces[home].note_time(due, key)

    def _work(self, state: State, space: str, at: datetime, mark: str) -> Assigner:
        draft = Draft(state, space, at, mark, self._read)
        return Assigner(draft, self._spaces[space_key(space)], self._table, self._settings)

    # --- one record each ---------------------------------------------------------------------

    def _article(self, work: Assigner, tagged: TaggedArticle, seq: int) -> Outcome:
        item_id, draft = tagged.article.item_id, work.draft
        row: Mapping[str, Any] = draft.item(item_id) or {"decision": 0}
        if tagged.decision <= row["decision"]:
            work.finish(row.get("event"))
            finish_timers(work)
            return draft.outcome()
        pieces = sentences(tagged.article)
        index = work.space.index
        found = flags(tagged, pieces, self._table)
        new = subject(tagged, pieces, index, self._table, found)
        old = _resolved(draft, row.get("event"))
        choice = decide(new, index, self._comparer, self._scorer, without=item_id, old=old)
        event_id = choice.event_id or work.new_event(item_id)
        stays = old == event_id
        held = index.entries.get(item_id)
        if held and held.event_id == event_id:
            seq = held.seq  # a new version keeps the place of the old one
        whole = digest(tagged, new, extract(tagged, readable(pieces, found)), event_id, seq)
        if old and not stays:
            work.leave(old, item_id, row["seq"])
        corrects = stays and "frozen" not in row
        if stays and not corrects:  # its digest is gone: it joins anew
            work.leave(event_id, item_id, row["seq"], rejoins=True)
        if held and held.event_id == event_id:
            assessment, whole = work.replace(item_id, whole, corrects=corrects)
        else:
            assessment, whole = work.enter(item_id, whole)
        draft.put_digest(item_id, whole)
        draft.put_item(item_id, _item_row(tagged, event_id, seq))
        run_timers(work)
        enriched = _enriched(tagged, event_id, choice, assessment, self._scorer, found)
        return draft.outcome((enriched,), _fates(tagged, row))

    def _retraction(self, work: Assigner, order: Retraction) -> Outcome:
        item_id, draft = order.item_id, work.draft
        row: Mapping[str, Any] = draft.item(item_id) or {"decision": 0}
        if order.decision <= row["decision"]:
            finish_timers(work)
            return draft.outcome()
        event_id = _resolved(draft, row.get("event"))
        if event_id:
            work.leave(event_id, item_id, row["seq"])
            draft.end_digest(item_id)
        draft.put_item(item_id, {"decision": order.decision, "at": order.at.timestamp()})
        run_timers(work)
        gone = EnrichedArticle(
            item_id=item_id,
            version=order.version,
            decision=order.decision,
            status=order.status,
            at=order.at,
            space=order.space,
        )
        fate = ItemFate(
            item_id=item_id,
            version=order.version,
            fate=order.fate,
            reason=order.reason,
            stage=STAGE,
            origin=row.get("origin"),
            decision=order.decision,
            at=order.at,
        )
        return draft.outcome((gone,), (fate,))

    def _order(self, work: Assigner, order: EventControl) -> Outcome:
        if order.action == "merge":
            merge(work, order)
        else:
            split(work, order)
        return work.draft.outcome()


def _home(row: Mapping[str, Any]) -> str:
    """The space of an event's row, as a part of keys."""
    return space_key(row["space"])


def _resolved(draft: Draft, event_id: str | None) -> str | None:
    """Where an event's members are now: merges are followed."""
    while event_id is not None:
        row = draft.state.get(event_key(event_id))
        into = row and row["state"].get("lineage", {}).get("merged_into")
        if not into:
            return event_id if row else None
        event_id = into
    return None


def _enriched(
    tagged: TaggedArticle,
    event_id: str,
    choice: Decision,
    assessment: Assessment,
    model: Scorer,
    found: tuple[Flag, ...],
) -> EnrichedArticle:
    article = tagged.article
    link = EventLink(
        event_id=event_id,
        relation=assessment.relation,
        copy_of=assessment.copy_of and assessment.copy_of.item_id,
        score=choice.score,
        threshold=model.threshold,
        runner_up=choice.runner_up,
        evidence=choice.evidence,
        model=model.name,
        flags=found,
    )
    return EnrichedArticle(
        **{name: getattr(article, name) for name in _COPIED},
        version=tagged.version,
        decision=tagged.decision,
        status="usable",
        at=tagged.at,
        entities=tagged.entities,
        tagger=tagged.tagger,
        entities_capped=tagged.entities_capped,
        event=link,
        novelty=assessment.novelty,
    )


def _item_row(tagged: TaggedArticle, event_id: str, seq: int) -> dict[str, Any]:
    decided = {"decision": tagged.decision, "version": tagged.version}
    origin = tagged.article.provenance.origin
    return {**decided, "event": event_id, "seq": seq, "origin": origin}


def _fates(tagged: TaggedArticle, row: Mapping[str, Any]) -> tuple[ItemFate, ...]:
    """The version is enriched; the one that it takes the place of is superseded."""
    facts = {"item_id": tagged.article.item_id, "stage": STAGE, "at": tagged.at}
    origin = tagged.article.provenance.origin
    now = ItemFate(
        **facts, version=tagged.version, fate="enriched", origin=origin, decision=tagged.decision
    )
    if "event" not in row or row["version"] == tagged.version:
        return (now,)
    past = ItemFate(
        **facts,
        version=row["version"],
        fate="superseded",
        reason=f"version {tagged.version}",
        origin=row["origin"],
        decision=tagged.decision,
    )
    return (past, now)
