"""The rows of detection: what one article contributes (a digest), and what is left of it later.

``digest:SPACE:ITEM`` is all that its event keeps of an article: features, statements, and what the
article told. A frozen digest keeps only its event and its entities.
"""

from collections.abc import Mapping
from typing import Any

from schemas.enriched import Novelty, Position
from schemas.events import EventDispute
from schemas.tagged import TaggedArticle
from streams.events.decide import Subject
from streams.events.features import CHANNELS, Terms, Vector
from streams.novelty.assess import Assessment

Json = dict[str, Any]

MAX_ENTITIES = 24
MAX_TITLE = 300
MAX_FACTS = 12


def digest(tagged: TaggedArticle, new: Subject, extract: Json, event_id: str, seq: int) -> Json:
    """All but what the article told, which depends on the members before it."""
    article = tagged.article
    return {
        "event": event_id,
        "seq": seq,
        "day": new.day,
        "language": new.language,
        "vector": _vector_row(new.vector),
        "entities": _entities(tagged),
        "title": _title(tagged),
        "member": {
            "item_id": article.item_id,
            "version": tagged.version,
            "decision": tagged.decision,
            "source": article.source.name,
            "publisher": article.source.publisher,
            "bias_rating": rating.rating if (rating := article.source.bias_rating) else None,
            "ai_generated": article.source.ai_generated,
            "published_at": _iso(article.published_at),
            "joined_at": _iso(tagged.at),
        },
        "extract": extract,
    }


def told(assessment: Assessment) -> Json:
    """What an article told its event, as JSON; a part of its digest."""
    novelty = assessment.novelty
    return {
        "relation": assessment.relation,
        "facts": [fact.model_dump(mode="json") for fact in assessment.facts[:MAX_FACTS]],
        "figures": [
            figure.model_dump(mode="json", exclude_none=True)
            for figure in novelty.figures
            if figure.source is not None
        ],
        "disputes": _disputes(novelty),
    }


def stub(row: Mapping[str, Any]) -> Json:
    """What is left of a digest when it freezes."""
    return {"event": row["event"], "frozen": True, "entities": [key for key, *_ in row["entities"]]}


def vector(row: Mapping[str, Any]) -> Vector:
    """The features in a digest."""
    stored = row["vector"]
    words, pairs, title, names = (Terms(*stored[name]) for name in CHANNELS)
    first, second, third, fourth = stored["norms"]
    return Vector((words, pairs, title, names), (first, second, third, fourth), stored["length"])


def _vector_row(vector: Vector) -> Json:
    channels = zip(CHANNELS, vector.channels, strict=True)
    return {
        **{name: [terms.terms, terms.weights] for name, terms in channels},
        "norms": list(vector.norms),
        "length": vector.length,
    }


def _entities(tagged: TaggedArticle) -> list[list[str]]:
    """[id, name, type] of linked entities, most salient first."""
    found: dict[str, tuple[float, list[str]]] = {}
    for mention in tagged.entities:
        key = mention.entity_id
        if key and mention.type not in ("DATE", "MONEY"):
            salience, row = found.get(key, (0.0, []))
            row = row or [key, mention.name or mention.surface, mention.type]
            found[key] = (max(salience, mention.salience or 0.0), row)
    ranked = sorted(found.values(), key=lambda pair: (-pair[0], pair[1][0]))
    return [row for _, row in ranked[:MAX_ENTITIES]]


def _title(tagged: TaggedArticle) -> Json | None:
    text = tagged.article.title[:MAX_TITLE]
    if not text:
        return None
    place = Position(item_id=tagged.article.item_id, field="title", start=0, end=len(text))
    return {"text": text, "source": place.model_dump()}


def _disputes(novelty: Novelty) -> list[Json]:
    return [
        EventDispute(**dispute.model_dump()).model_dump(mode="json")
        for dispute in novelty.disputes
        if dispute.source is not None
    ]


def _iso(at: Any) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
