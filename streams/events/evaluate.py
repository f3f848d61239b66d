"""Score event detection on labelled rows, with the steps that the pipeline runs.

Rows go through normalization, tagging and detection one after another, as a wire would bring
them: one pass, no look-ahead, no setting of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from schemas import topics
from schemas.enriched import EnrichedArticle, EventLink
from schemas.tagged import TaggedArticle
from streams.detector import default_detect
from streams.events.metrics import report
from streams.parts import articles, tag
from streams.sources import RawItem
from streams.step import EPOCH, Delivered, settle
from streams.tagger import default_tagger

Row = dict[str, Any]
FIELDS = ("source", "published_at", "language", "title", "body")


def evaluate(rows: Sequence[Row]) -> tuple[dict[str, float], list[Row]]:
    """(scores, predictions): BCubed, pairwise, clusters, first story detection.

    Every row gets a prediction ``{"id", "event_id", "is_new"}``; a row that no reader accepts
    (no text) is an event of its own. Rows without ``event_id`` are not scored.
    """
    found = dict(links(rows))
    predictions = [_prediction(row, number, found.get(number)) for number, row in enumerate(rows)]
    pairs = zip(rows, predictions, strict=True)
    gold = [(row["event_id"], p) for row, p in pairs if row.get("event_id")]
    if not gold:
        return {}, predictions
    result = report(
        [event_id for event_id, _ in gold],
        [p["event_id"] for _, p in gold],
        [p["is_new"] for _, p in gold],
    )
    return {
        "BCubed P": result.bcubed.precision,
        "BCubed R": result.bcubed.recall,
        "BCubed F1": result.bcubed.f1,
        "pairwise F1": result.pairwise.f1,
        "events": result.events,
        "clusters": result.clusters,
        "miss": result.first_stories.miss,
        "false alarm": result.first_stories.false_alarm,
        "C_det": result.first_stories.cost,
    }, predictions


def links(rows: Iterable[Row]) -> Iterator[tuple[int, EventLink]]:
    """(place of the row, its event) of rows with the fields ``FIELDS``, by one pipeline of its own.

    A row that no reader accepts is left out.
    """
    step = default_detect()
    state: dict[str, Any] = {}
    for number, tagged in _tagged(rows):
        message = Delivered(
            topics.TAGGED.name, 0, number, tagged.key, tagged.to_bytes(), {}, tagged.at
        )
        outcome = step(state, message)
        settle(step, state, outcome)
        for record in outcome.outputs:
            if isinstance(record, EnrichedArticle) and record.event:
                yield number, record.event


def _prediction(row: Row, number: int, link: EventLink | None) -> Row:
    if link is None:
        return {"id": row["id"], "event_id": f"unread-{number}", "is_new": True}
    return {"id": row["id"], "event_id": link.event_id, "is_new": link.relation == "opens"}


def _tagged(rows: Iterable[Row]) -> Iterator[tuple[int, TaggedArticle]]:
    tagger = default_tagger()
    clock = EPOCH
    for article in articles(_items(rows)):
        if isinstance(article, Exception):
            continue
        clock = max(clock, article.source_time or clock)
        tagged = tag(article, tagger).model_copy(update={"at": clock})
        yield article.provenance.raw.offset, tagged


def _items(rows: Iterable[Row]) -> Iterator[RawItem]:
    """As JSON lines; the row's place is its identity, so that equal texts stay two articles."""
    for number, row in enumerate(rows):
        known = {field: row[field] for field in FIELDS if row.get(field)}
        value = orjson.dumps({**known, "id": f"row-{number}", "version": 1})
        yield RawItem(value, b"", {"format": b"jsonl"})
