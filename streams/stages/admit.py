"""articles.normalized.v1 -> articles.tagged.v1: versions, holds, embargoes and kills, then tags.

Every decision about an item has a number; detection ignores a number that it has passed. What is
held is kept here in full, so that a lift needs no new delivery.
"""

import heapq
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from schemas.article import NORMALIZED, Article, Due, ItemControl
from schemas.base import Message
from schemas.fate import Fate, ItemFate
from schemas.tagged import Retraction, TaggedArticle
from streams.codec import decode
from streams.errors import Rejected
from streams.stages import waiting
from streams.stages.item import Item, Seen, next_due, number_of, seen_of, terms_of, verdict
from streams.step import Delivered, Outcome, Put, State
from streams.tagging.document import is_capped
from streams.tagging.tagger import EntityTagger

STAGE = "admit"
_STATUS: dict[str, Any] = {"held": "withheld", "killed": "canceled", "expired": "expired"}


class Admit:
    """Decides what may go on, and tags it.

    Rows: ``item:ID``, ``held:ID`` with the article, ``order:ID`` with an order that waits until an
    operator says which item it means (streams/stages/waiting.py).
    """

    def __init__(self, tagger: EntityTagger):
        self._tagger = tagger
        self._dues: dict[str, float] = {}  # item id -> POSIX seconds; from rows alone
        self._queue: list[tuple[float, str]] = []

    def __call__(self, state: State, message: Delivered) -> Outcome:
        """Decide one record. Raises ``Rejected`` for one that is none."""
        record = decode(NORMALIZED, message)
        item = Item.read(state.get(f"item:{record.item_id}"))
        match record:
            case Article():
                return self._article(state, item, record, message.at)
            case ItemControl():
                return self._control(state, item, record, message.at)
            case Due():
                return self._due(state, item, record, message.at)

    def observe(self, key: str, value: Any) -> None:
        """Keep the times at which something falls due."""
        kind, _, item_id = key.partition(":")
        if kind != "item":
            return
        due = (value or {}).get("due")
        if due is None:
            self._dues.pop(item_id, None)
        elif self._dues.get(item_id) != due:
            self._dues[item_id] = due
            heapq.heappush(self._queue, (due, item_id))

    def due(self, now: datetime) -> Sequence[Message]:
        """Notices for all that is due at ``now``; the same ones again until they are applied."""
        ready: dict[str, float] = {}
        while self._queue and self._queue[0][0] <= now.timestamp():
            time, item_id = heapq.heappop(self._queue)
            if self._dues.get(item_id) == time:
                ready[item_id] = time
        for item_id, time in ready.items():
            heapq.heappush(self._queue, (time, item_id))
        return [
            Due(item_id=item_id, due_at=datetime.fromtimestamp(time, UTC))
            for item_id, time in ready.items()
        ]

    # --- one record each ---------------------------------------------------------------------

    def _article(self, state: State, item: Item, article: Article, at: datetime) -> Outcome:
        version = number_of(article, item)
        arrived = seen_of(article, version)
        known = item.version(version)
        if known == arrived:
            return Outcome()  # this very message, delivered again
        if article.status == "canceled":
            return self._kill(item, article, version, at, arrived)
        if known and article.status == "withheld" and not arrived.sha:
            return _hold(item.with_seen(replace(arrived, sha=known.sha)), article, version, at)
        if known and known.sha and known.sha != arrived.sha:
            return self._conflict(item, known, article, at)
        if known and known.terms == arrived.terms and not self._waits(state, item, article):
            fate: Fate = "killed" if item.killed else "repeat"
            return Outcome((_fate(article, version, fate, "repeat", 0, at),))
        newest = item.newest
        item = item.with_seen(arrived)
        if newest is not None and version < newest and not item.killed:
            stale = _fate(article, version, "superseded", f"version {newest}", item.decision, at)
            return Outcome((stale,), (_row(article.item_id, item),))
        settled = self._settle(item, article, version, at)
        if newest is None or newest == version or item.live is not None or item.killed:
            return settled  # what detection holds, detection says to be superseded
        stale = _item_fate(
            article.item_id, newest, "superseded", f"version {version}", item.decision + 1, at
        )
        return replace(settled, outputs=(stale, *settled.outputs))

    def _waits(self, state: State, item: Item, article: Article) -> bool:
        """Was the item released while its text was no longer here? Then this delivery lifts it."""
        idle = item.live is None and item.killed is None and item.hold is None
        return idle and f"held:{article.item_id}" not in state

    def _conflict(self, item: Item, known: Seen, article: Article, at: datetime) -> Outcome:
        """The same version with other bytes: an alarm, never a silent overwrite.

        A hold among the bytes is obeyed all the same: obeying one too many does less harm.
        """
        detail = f"version {known.version} is known with other text"
        refusal = Rejected(
            "version-conflict",
            detail,
            item_id=article.item_id,
            version=known.version,
            origin=article.provenance.origin,
        )
        if article.status != "withheld" or item.live is None:
            return Outcome(refusals=(refusal,))
        item = item.with_seen(replace(known, terms=terms_of(article)))
        left = _leave(item, article.item_id, "held", "withheld", at)
        return replace(left, refusals=(refusal,))

    def _control(self, state: State, item: Item, order: ItemControl, at: datetime) -> Outcome:
        if order.named:
            return waiting.keep(state, order, at)
        if order.confirmed_target:
            return waiting.confirm(state, order, at)
        if order.action == "kill":
            return self._kill(item, order, item.newest, at, None)
        return _noted(self._hold_or_release(state, item, order, at), order, item, at)

    def _hold_or_release(
        self, state: State, item: Item, order: ItemControl, at: datetime
    ) -> Outcome:
        hold = (order.reason or "operator") if order.action == "hold" else None
        item = replace(item, hold=hold)
        if (settled := self._resettle(state, item, order.item_id, at)) is not None:
            return settled
        if hold and item.live is not None:
            return _leave(item, order.item_id, "held", hold, at)
        return Outcome(puts=(_row(order.item_id, item),))

    def _due(self, state: State, item: Item, notice: Due, at: datetime) -> Outcome:
        if item.due is None or item.due > at.timestamp():
            return Outcome()  # applied before, or the log's time has not come
        if (settled := self._resettle(state, item, notice.item_id, at)) is not None:
            return settled
        return _leave(replace(item, due=None), notice.item_id, "expired", "expired", at)

    # --- what follows from the verdict ---------------------------------------------------------

    def _resettle(self, state: State, item: Item, item_id: str, at: datetime) -> Outcome | None:
        """Decide what is held once more; None if nothing is."""
        held = state.get(f"held:{item_id}")
        if held is None:
            return None
        article = Article.model_validate(held)
        return self._settle(item, article, number_of(article, item), at)

    def _settle(self, item: Item, article: Article, version: int, at: datetime) -> Outcome:
        """Bring the newest version into the state that the rules give it."""
        state, reason = verdict(article, item, at)
        moved = _leave_space(item, article, at) if item.space != article.space else ()
        item = replace(
            item,
            decision=item.decision + 1 + len(moved),
            space=article.space,
            live=None if moved else item.live,
            due=None if state in ("killed", "expired") else next_due(article, at),
        )
        if state == "live":
            tagged = self._tagged(item, article, version, at)
            item = replace(item, live=version)
            gone = (f"held:{article.item_id}", None)
            return Outcome((*moved, tagged), (_row(article.item_id, item), gone))
        fate = _fate(article, version, state, reason or state, item.decision, at)
        out = _retraction(item, article.item_id, state, reason or state, at, version)
        kept: tuple[Put, ...] = ()
        if state == "held":
            kept = (
                (f"held:{article.item_id}", article.model_dump(mode="json", exclude_none=True)),
            )
        return Outcome(
            (*moved, *out, fate), (*kept, _row(article.item_id, replace(item, live=None)))
        )

    def _tagged(self, item: Item, article: Article, version: int, at: datetime) -> TaggedArticle:
        return TaggedArticle(
            article=article,
            version=version,
            decision=item.decision,
            at=at,
            entities=self._tagger.tag(article),
            tagger=self._tagger.label(article.language),
            entities_capped=is_capped(article),
        )

    def _kill(
        self,
        before: Item,
        order: Article | ItemControl,
        version: int | None,
        at: datetime,
        arrived: Seen | None,
    ) -> Outcome:
        """Final. The target may be live, held, or not here yet."""
        reason = (order.reason if isinstance(order, ItemControl) else None) or "kill"
        item = before.with_seen(arrived) if arrived else before
        notice = _notice_fate(order, version, before, at)
        if item.killed:
            return Outcome(notice, (_row(order.item_id, item),))
        item = replace(item, decision=item.decision + 1, killed=reason, due=None, hold=None)
        out: tuple[Message, ...] = _retraction(item, order.item_id, "killed", reason, at, item.live)
        if item.live is None and before.newest is not None:
            fate = _item_fate(order.item_id, before.newest, "killed", reason, item.decision, at)
            out = (fate,)
        row = _row(order.item_id, replace(item, live=None))
        return Outcome((*out, *notice), (row, (f"held:{order.item_id}", None)))


def _hold(item: Item, article: Article, version: int, at: datetime) -> Outcome:
    """A hold that brings no text: what is known of the version waits for its next delivery."""
    item = replace(item, due=None)
    if item.live is not None:
        return _leave(item, article.item_id, "held", "withheld", at)
    item = replace(item, decision=item.decision + 1)
    fate: Fate = "killed" if item.killed else "held"
    held = _fate(article, version, fate, item.killed or "withheld", item.decision, at)
    return Outcome((held,), (_row(article.item_id, item), (f"held:{article.item_id}", None)))


def _leave(item: Item, item_id: str, fate: Any, reason: str, at: datetime) -> Outcome:
    """The live version goes out of every current record."""
    item = replace(item, decision=item.decision + 1)
    out = _retraction(item, item_id, fate, reason, at, item.live)
    return Outcome(out, (_row(item_id, replace(item, live=None)),))


def _leave_space(item: Item, article: Article, at: datetime) -> tuple[Retraction, ...]:
    moved = replace(item, decision=item.decision + 1)
    return _retraction(moved, article.item_id, "held", f"moved to {article.space}", at, item.live)


def _retraction(
    item: Item, item_id: str, fate: str, reason: str, at: datetime, version: int | None
) -> tuple[Retraction, ...]:
    """The order to detection, if it holds a version; another version than that supersedes it."""
    if item.live is None:
        return ()
    return (
        Retraction(
            item_id=item_id,
            version=item.live,
            space=item.space,
            status=_STATUS[fate],
            fate=fate if version == item.live else "superseded",
            reason=reason,
            decision=item.decision,
            at=at,
        ),
    )


def _noted(outcome: Outcome, order: ItemControl, item: Item, at: datetime) -> Outcome:
    """With the fate of the notice that brought the order."""
    notice = _notice_fate(order, None, item, at)
    return replace(outcome, outputs=(*outcome.outputs, *notice))


def _row(item_id: str, item: Item) -> Put:
    return (f"item:{item_id}", item.row())


def _fate(
    article: Article, version: int, fate: Fate, reason: str, decision: int, at: datetime
) -> ItemFate:
    origin = article.provenance.origin
    return _item_fate(article.item_id, version, fate, reason, decision, at, origin)


def _item_fate(
    item_id: str,
    version: int,
    fate: Fate,
    reason: str,
    decision: int,
    at: datetime,
    origin: str | None = None,
) -> ItemFate:
    return ItemFate(
        item_id=item_id,
        version=version,
        fate=fate,
        reason=reason,
        stage=STAGE,
        origin=origin,
        decision=decision,
        at=at,
    )


def _notice_fate(
    order: Article | ItemControl, version: int | None, item: Item, at: datetime
) -> tuple[ItemFate, ...]:
    """The order itself has a fate: as a version of its item, or as an item of its own."""
    if isinstance(order, Article):
        decision = item.decision + (0 if item.killed else 1)
        return (_fate(order, version or 0, "killed", "kill", decision, at),)
    if order.notice_id is None:
        return ()
    target = "" if item.newest is not None else ", waiting for its target"
    reason = f"{order.action} of {order.item_id}{target}"
    fate: Fate = "killed" if order.action == "kill" else "held"
    return (_item_fate(order.notice_id, order.notice_version, fate, reason, 0, at, order.origin),)
