"""Which event an article belongs to: candidates, scores, the choice and its evidence."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.article import Article
from schemas.enriched import Evidence, Flag, RunnerUp
from schemas.tagged import TaggedArticle
from streams.events.background import Background, blended
from streams.events.compare import TITLE, Comparer
from streams.events.features import (
    Vector,
    entity_names,
    numbers,
    surface_names,
    vectorise,
)
from streams.events.index import Index, Standing
from streams.events.junk.guards import comparable, inside
from streams.events.scorer import Scored, Scorer, measure
from streams.text.sentences import Sentence

TOLD_WORDS = 8  # beyond the title
UNTAGGED = "none"
RULED = ("en", "und")  # elsewhere the tagger finds only names that it knows
EVIDENCE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """An article as the index sees it."""

    vector: Vector
    day: float | None
    language: str
    flags: tuple[Flag, ...] = ()  # what is wrong with it as the story of one event


@dataclass(frozen=True, slots=True)
class Decision:
    """The event chosen (None: a new one), with the score that decided and the next best."""

    event_id: str | None
    best: str | None  # the event whose score this is: the chosen one, or the best refused one
    score: float
    runner_up: RunnerUp | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event that comes into question."""

    event_id: str
    foreign: bool  # no member is in the article's language
    values: dict[str, float | None]  # by feature


def subject(
    tagged: TaggedArticle,
    pieces: Sequence[Sentence],
    index: Index,
    table: Background,
    flags: tuple[Flag, ...] = (),
) -> Subject:
    """Vectors of an article; rarity blends the table with the other articles of the space."""
    entities = tagged.entities
    if flags:
        pieces = comparable(pieces, flags)
        entities = inside(entities, pieces)
    article = tagged.article
    language = article.language
    own = index.entries.get(article.item_id)
    held = frozenset(array("I", own.words)) if own else ()
    documents = len(index.entries) - (own is not None)
    ordinary = table.idf_of(language)
    number, count = index.vocabulary.number, index.vocabulary.count

    def idf(term: str) -> float:
        rarity, found = ordinary(term), number(term)
        if found is None or not (live := count(found) - (found in held)):
            return rarity
        return blended(rarity, live, documents)

    names = [*entity_names(entities), *numbers(pieces)]
    if tagged.tagger == UNTAGGED or language not in RULED:
        known = {name.key for name in names}
        names += [name for name in surface_names(pieces) if name.key not in known]
    return Subject(vectorise(pieces, names, idf, ordinary), day_of(article), language, flags)


def day_of(article: Article) -> float | None:
    """Days since 1970 of the article's stated time; None where it is unknown or inferred.

    A date inferred from the text is often that of an earlier happening.
    """
    at = article.published_at
    if at is None or article.published_precision not in ("exact", "day"):
        return None
    return round(at.timestamp() / 86400, 6)


def decide(
    new: Subject, index: Index, comparer: Comparer, scorer: Scorer, *, without: str, old: str | None
) -> Decision:
    """Choose among the candidates.

    Args:
        without: the article's own item id: what the index holds of it does not count.
        old: the event that it belonged to, which keeps it as long as it fits.
    """
    ranked = rank(new, index, comparer, scorer, without=without, old=old)
    fitting = [row for row in ranked if row[1].score >= scorer.threshold]
    chosen = next((row for row in fitting if row[0] == old), fitting[0] if fitting else None)
    shown = chosen or (ranked[0] if ranked else None)
    others = [row for row in ranked if row is not shown]
    next_best = RunnerUp(event_id=others[0][0], score=others[0][1].score) if others else None
    return Decision(
        chosen[0] if chosen else None,
        shown[0] if shown else None,
        shown[1].score if shown else 0.0,
        next_best,
        _evidence(shown[1]) if shown else (),
    )


def rank(
    new: Subject, index: Index, comparer: Comparer, scorer: Scorer, *, without: str, old: str | None
) -> list[tuple[str, Scored]]:
    """(event id, score), best first; equal scores by event id."""
    scored = [
        (each.event_id, scorer.score(each.values, new.vector.length, each.foreign))
        for each in measured(new, index, comparer, without=without, old=old)
    ]
    return sorted(scored, key=lambda row: (-row[1].score, row[0]))


def measured(
    new: Subject, index: Index, comparer: Comparer, *, without: str = "", old: str | None = None
) -> list[Candidate]:
    """The events that come into question, with all features."""
    found = index.candidates(new.vector, without)
    if old is not None and old not in found and index.members(old):
        found.append(old)
    events = [index.standing(event, without) for event in found]
    likenesses = comparer.compare(index.packed(new.vector), [event.bundle for event in events])
    joining = index.joining(without)
    return [
        Candidate(
            event_id,
            new.language not in event.languages,
            {
                **measure(like),
                "plain": plain,
                "days_apart": _gap(new, event),
                "joining": joining,
            },
        )
        for event_id, event, like, plain in zip(
            found, events, likenesses, _shared(new, events, index), strict=True
        )
    ]


def _gap(new: Subject, event: Standing) -> float | None:
    """Days to the nearest member; None where unknown."""
    day = new.day
    if day is None or not event.days:
        return None
    return round(min([abs(day - each) for each in event.days]), 6)


def _shared(new: Subject, events: Sequence[Standing], index: Index) -> Sequence[float | None]:
    """By event: the weight of the words, names apart, that members have as well. A headline alone
    may name its subject and little else: None.
    """
    if new.vector.length - len(new.vector.channels[TITLE].terms) < TOLD_WORDS:
        return [None] * len(events)
    return index.shared(index.plain(new.vector, new.language), events)


def _evidence(scored: Scored) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(feature=name, value=round(value, EVIDENCE_DIGITS), weight=weight)
        for name, value, weight in scored.parts
    )
