"""Which event an article belongs to: candidates, scores, the choice and its evidence."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.article import Article
from schemas.enriched import Evidence, RunnerUp
from schemas.tagged import TaggedArticle
from streams.events.background import Background, blended
from streams.events.compare import Comparer
from streams.events.features import (
    Vector,
    entity_names,
    numbers,
    plain_words,
    surface_names,
    vectorise,
)
from streams.events.index import Index, Standing
from streams.events.scorer import Scored, Scorer, measure
from streams.text.sentences import Sentence

TOLD_WORDS = 14
UNTAGGED = "none"
RULED = ("en", "und")  # elsewhere the tagger finds only names that it knows
EVIDENCE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """An article as the index sees it."""

    vector: Vector
    day: float | None
    language: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The event chosen (None: a new one), with the score that decided and the next best."""

    event_id: str | None
    score: float
    runner_up: RunnerUp | None
    evidence: tuple[Evidence, ...]


def subject(
    tagged: TaggedArticle, pieces: Sequence[Sentence], index: Index, table: Background
) -> Subject:
    """Vectors of an article; rarity blends the table with the other articles of the space."""
    article = tagged.article
    language = article.language
    own = index.entries.get(article.item_id)
    held = frozenset(array("I", own.words)) if own else ()
    documents = len(index.entries) - (own is not None)
    ordinary = table.idf_of(language)
    number, count = index.vocabulary.number, index.vocabulary.count

    def idf(term: str) -> float:
        found = number(term)
        if found is None or not (live := count(found) - (found in held)):
            return ordinary(term)
        return blended(ordinary(term), live, documents)

    names = [*entity_names(tagged.entities), *numbers(pieces)]
    if tagged.tagger == UNTAGGED or language not in RULED:
        known = {name.key for name in names}
        names += [name for name in surface_names(pieces) if name.key not in known]
    return Subject(vectorise(pieces, names, idf, ordinary), day_of(article), language)


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
        shown[1].score if shown else 0.0,
        next_best,
        _evidence(shown[1]) if shown else (),
    )


def rank(
    new: Subject, index: Index, comparer: Comparer, scorer: Scorer, *, without: str, old: str | None
) -> list[tuple[str, Scored]]:
    """(event id, score), best first; equal scores by event id."""
    found = index.candidates(new.vector, without)
    if old is not None and old not in found and index.members(old):
        found.append(old)
    events = [index.standing(event, without) for event in found]
    likenesses = comparer.compare(index.packed(new.vector), [event.bundle for event in events])
    scored = [
        (event_id, scorer.score(measure(like), _gap(new, event), foreign, shared))
        for event_id, event, like, (foreign, shared) in zip(
            found, events, likenesses, _shared(new, events, index), strict=True
        )
    ]
    return sorted(scored, key=lambda row: (-row[1].score, row[0]))


def _gap(new: Subject, event: Standing) -> float | None:
    """Days to the nearest member; None where unknown."""
    day = new.day
    return min([abs(day - each) for each in event.days]) if event.days and day is not None else None


def _shared(
    new: Subject, events: Sequence[Standing], index: Index
) -> list[tuple[bool, float | None]]:
    """By event: whether no member shares the language; the weight of the words, names apart, that
    members have as well. A headline alone may name its subject and little else: None.
    """
    foreign = [new.language not in event.languages for event in events]
    if new.vector.length < TOLD_WORDS:
        return [(each, None) for each in foreign]
    shared = index.shared(plain_words(new.vector, new.language), events)
    return [(f, None if f else weight) for f, weight in zip(foreign, shared, strict=True)]


def _evidence(scored: Scored) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(feature=name, value=round(value, EVIDENCE_DIGITS), weight=weight)
        for name, value, weight in scored.parts
    )
