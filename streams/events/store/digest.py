"""What one article contributes to its event (a digest): features, statements, and what it told.

It is bounded, and all that its event keeps of the article, until it freezes (rest.py).
"""

from collections.abc import Mapping
from typing import Any

from schemas.article import Article
from schemas.enriched import Novelty, Position
from schemas.events import EventDispute, Member
from schemas.tagged import TaggedArticle
from streams.events.decide import Subject
from streams.events.features import CHANNELS, Terms, Vector
from streams.events.junk.guards import stands
from streams.events.record.happened import stated_days
from streams.events.store.stored import packed
from streams.novelty.assess import Assessment, shortened
from streams.novelty.memory import Origin

Json = dict[str, Any]

MAX_ENTITIES = 24
MAX_ENTITY = 120  # letters of a name
MAX_TITLE = 300
MAX_FACTS = 12
MAX_SOURCE = 200
MAX_NAME = 80  # of a publisher or a rating that is counted
MAX_PACKED = 10_000  # characters; 1,500 words take 8,000


def digest(tagged: TaggedArticle, new: Subject, extract: Json, event_id: str, seq: int) -> Json:
    """All but what the article told, which depends on the members before it.

    Of a text that does not pack into MAX_PACKED characters the statements at its end are left out.
    """
    while True:
        found = _digest(tagged, new, extract, event_id, seq)
        string = packed(found)
        count = len(extract["statements"])
        if len(string) <= MAX_PACKED or not count:
            return {**found, "packed": string}
        extract = shortened(extract, count // 2)


def _digest(tagged: TaggedArticle, new: Subject, extract: Json, event_id: str, seq: int) -> Json:
    article = tagged.article
    return {
        "event": event_id,
        "seq": seq,
        **({} if stands(new.flags) else {"guarded": True}),
        "day": new.day,
        "language": new.language,
        "vector": _vector_row(new.vector),
        "entities": _entities(tagged),
        "title": _title(tagged),
        "member": {
            "item_id": article.item_id,
            "version": tagged.version,
            "decision": tagged.decision,
            "source": article.source.name[:MAX_SOURCE],
            "publisher": (publisher := article.source.publisher) and publisher[:MAX_SOURCE],
            "bias_rating": rating.rating if (rating := article.source.bias_rating) else None,
            "ai_generated": article.source.ai_generated,
            "published_at": _iso(article.published_at),
            "published_precision": _inexact(article),
            "joined_at": _iso(tagged.at),
        },
        "days": stated_days(tagged, extract["statements"]),
        "extract": extract,
    }


def told(assessment: Assessment) -> Json:
    """What an article told its event, as JSON; a part of its digest."""
    novelty = assessment.novelty
    return {
        "relation": assessment.relation,
        **copying(assessment.copy_of),
        "facts": [fact.model_dump(mode="json") for fact in assessment.facts[:MAX_FACTS]],
        "figures": [
            figure.model_dump(mode="json", exclude_none=True)
            for figure in novelty.figures
            if figure.source is not None
        ],
        "disputes": _disputes(novelty),
    }


def copying(origin: Origin | None) -> Json:
    """The part of what a copy told that names what it copies."""
    return {"copy_of": origin.item_id, "copy_from": origin.publisher} if origin else {}


def origin_of(row: Mapping[str, Any]) -> Origin | None:
    """What the article of a digest copies, if it is a copy."""
    told = row["told"]
    return Origin(told["copy_of"], told["copy_from"]) if "copy_of" in told else None


def member_of(row: Mapping[str, Any]) -> Member:
    """The member of a digest."""
    told = {name: row["told"][name] for name in ("relation", "copy_of") if name in row["told"]}
    return Member.model_validate({**row["member"], **told})


def counted(row: Mapping[str, Any]) -> list[Any]:
    """What the event counts of a digest: [publisher, bias rating or None, AI-generated or None,
    whether it copies another publisher's article].
    """
    member, origin = row["member"], origin_of(row)
    name, rating = (member["publisher"] or member["source"])[:MAX_NAME], member["bias_rating"]
    copies = origin is not None and origin.publisher[:MAX_NAME] != name
    return [name, rating and rating[:MAX_NAME], member["ai_generated"], copies]


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
            row = row or [key, (mention.name or mention.surface)[:MAX_ENTITY], mention.type]
            found[key] = (max(salience, mention.salience or 0.0), row)
    ranked = sorted(found.values(), key=lambda pair: (-pair[0], pair[1][0]))
    return [row for _, row in ranked[:MAX_ENTITIES]]


def _inexact(article: Article) -> str | None:
    """The precision of the article's time, where it has one that is not exact."""
    if article.published_at is None or article.published_precision == "exact":
        return None
    return article.published_precision


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
