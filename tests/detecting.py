"""Drives the detect stage in tests: one table, rows as JSON, outputs by kind."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.base import Message
from schemas.enriched import EnrichedArticle
from schemas.events import EventChange, EventState
from schemas.tagged import EventControl, Mention, Retraction, TaggedArticle
from streams.events.settings import DEFAULTS, DetectSettings
from streams.events.store.packing import unpack
from streams.events.store.zstd import decompress
from streams.stages.detect import Detect
from streams.step import Delivered, Outcome

START = datetime(2031, 3, 3, 8, tzinfo=UTC)
# Two reports of one event.
QUAKE = (
    "Quake shakes Torvel valley",
    "A magnitude 6.1 earthquake struck the Torvel valley in Sarvania, killing at least 12 people. "
    "Houses in Ruzna collapsed, the civil protection office said.",
)
TOLL = (
    "Toll of Torvel quake rises to 15",
    "The earthquake in the Torvel valley of Sarvania killed at least 15 people. "
    "Rescuers from the capital reached Ruzna on Tuesday with dogs and cranes.",
)
RAW = RawPosition(topic="articles.raw.v1", partition=0, offset=0)


def tagged(
    item_id: str,
    title: str,
    body: str,
    *,
    decision: int = 1,
    hours: float = 0.0,
    names: Sequence[str] = (),
    **fields: Any,
) -> TaggedArticle:
    """An article; ``names`` are linked where they stand in the body."""
    at = START + timedelta(hours=hours)
    article = Article(
        item_id=item_id,
        source=Source(name=fields.pop("source", item_id)),
        title=title,
        body=body,
        language=fields.pop("language", "en"),
        published_at=fields.pop("published_at", at),
        published_precision="exact",
        provenance=Provenance(origin=f"{item_id}.txt", format="test", raw=RAW, sha256=""),
        **fields,
    )
    found = tuple(_mention(body, name) for name in names)
    tagger = "test-1" if names else "none"
    return TaggedArticle(
        article=article, version=decision, decision=decision, at=at, entities=found, tagger=tagger
    )


def retraction(item_id: str, *, decision: int, hours: float = 0.0) -> Retraction:
    """A kill."""
    return Retraction(
        item_id=item_id,
        version=decision,
        space="world",
        status="canceled",
        fate="killed",
        reason="kill",
        decision=decision,
        at=START + timedelta(hours=hours),
    )


class Desk:
    """Detection with its table and everything that it sent."""

    def __init__(self, settings: DetectSettings = DEFAULTS) -> None:
        self.settings = settings
        self.step = Detect(settings)
        self.rows: dict[str, bytes] = {}
        self.sent: list[Message] = []
        self.offset = 0

    def deliver(self, record: Message, offset: int | None = None) -> Outcome:
        """One record, all its puts applied."""
        outcome = self.decide(record, offset)
        self.sent += outcome.outputs
        self.put(outcome, len(outcome.puts))
        return outcome

    def decide(self, record: Message, offset: int | None = None) -> Outcome:
        """One record, nothing applied."""
        if offset is None:
            offset, self.offset = self.offset, self.offset + 1
        at = getattr(record, "at", START + timedelta(days=1))
        value = record.to_bytes()
        message = Delivered("articles.tagged.v1", 0, offset, record.key, value, {}, at)
        return self.step(_Table(self.rows), message)

    def put(self, outcome: Outcome, count: int) -> None:
        """The first ``count`` puts of an outcome."""
        for key, value in outcome.puts[:count]:
            if value is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = orjson.dumps(value)
            self.step.observe(key, value)

    def deliver_again(self, record: Message, offset: int, puts: int, *, restarts: bool) -> None:
        """An attempt that is cut short after so many puts, not all; then the record again."""
        cut = self.decide(record, offset)
        self.put(cut, min(puts, max(0, len(cut.puts) - 1)))
        self.sent += cut.outputs
        if restarts:
            self.restart()
        again = self.decide(record, offset)
        known = {message.to_bytes() for message in cut.outputs}
        self.sent += [message for message in again.outputs if message.to_bytes() not in known]
        self.put(again, len(again.puts))

    def restart(self) -> None:
        """A new process: everything in memory comes from the rows, in order of their keys."""
        self.step = Detect(self.settings)
        for key in sorted(self.rows):
            self.step.observe(key, orjson.loads(self.rows[key]))

    def unpacked(self) -> dict[str, bytes]:
        """The rows with all that is packed in them spelled out."""
        return {key: orjson.dumps(_unpacked(orjson.loads(row))) for key, row in self.rows.items()}

    def changes(self) -> dict[str, list[EventChange]]:
        """By event, in the order in which they were sent."""
        found: defaultdict[str, list[EventChange]] = defaultdict(list)
        for record in self.sent:
            if isinstance(record, EventChange):
                found[record.event_id].append(record)
        return dict(found)

    def states(self) -> dict[str, EventState]:
        """The latest state of each event."""
        return {r.event_id: r for r in self.sent if isinstance(r, EventState)}

    def enriched(self) -> dict[str, EnrichedArticle]:
        """The latest record of each item."""
        return {r.item_id: r for r in self.sent if isinstance(r, EnrichedArticle)}

    def event_of(self, item_id: str) -> str:
        """Where the item is."""
        link = self.enriched()[item_id].event
        assert link is not None
        return link.event_id


def _unpacked(row: dict[str, Any]) -> dict[str, Any]:
    if "packed" in row:
        return {**unpack(row["packed"]), "told": row["told"]}
    packed = {
        name: decompress(row[name]) for name in ("base", "rows") if isinstance(row.get(name), str)
    }
    return {**row, **packed}


def order(action: str, event_id: str, **fields: Any) -> EventControl:
    """An operator's order."""
    return EventControl(action=action, event_id=event_id, by="test", **fields)  # type: ignore[arg-type]


class _Table(dict[str, Any]):
    """Rows as the transport hands them over: read anew each time, nothing shared."""

    def __init__(self, rows: dict[str, bytes]) -> None:
        super().__init__()
        self._rows = rows

    def get(self, key: str, default: Any = None) -> Any:
        """A fresh copy of the row."""
        value = self._rows.get(key)
        return default if value is None else orjson.loads(value)


def _mention(body: str, name: str) -> Mention:
    start = body.index(name)
    return Mention(
        field="body",
        start=start,
        end=start + len(name),
        surface=name,
        type="GPE",
        entity_id="local:" + name.casefold().replace(" ", "-"),
        name=name,
        confidence=0.9,
        salience=0.5,
    )
