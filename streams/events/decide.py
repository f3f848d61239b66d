"""Which event an article belongs to: candidates, scores, the choice and its evidence."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.article import Article
from schemas.enriched import Evidence, RunnerUp
from schemas.tagged import TaggedArticle
from streams.events.background import Background, blended
from streams.events.compare import WORDS, Comparer, pack
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
    held = frozenset(own.vector.channels[WORDS].terms) if own else frozenset()
    documents = len(index.entries) - (own is not None)
    ordinary, counts = table.idf_of(language), index.live

    def idf(term: str) -> float:
        live = counts.get(term, 0) - (term in held)
        return blended(ordinary(term), live, documents) if live else ordinary(term)

    names = [*entity_names(tagged.entities), *numbers(pieces)]
    if tagged.tagger == UNTAGGED or language not in RULED:
        known = {name.key for name in names}
        names += [name for name in surface_names(pieces) if name.key not in known]
    return Subject(vectorise(pieces, names, idf), day_of(article), language)


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
    likenesses = comparer.compare(pack(new.vector), [event.bundle for event in events])
    # A headline alone may name its subject and little else: too short to tell by.
    told = new.vector.length >= TOLD_WORDS
    plain = plain_words(new.vector, new.language) if told else None
    scored = [
        (event_id, scorer.score(measure(like), *_context(new, event, plain)))
        for event_id, event, like in zip(found, events, likenesses, strict=True)
    ]
    return sorted(scored, key=lambda row: (-row[1].score, row[0]))


def _context(
    new: Subject, event: Standing, plain: Mapping[str, float] | None
) -> tuple[float | None, bool, float | None]:
    """Days to the nearest member (None: unknown); whether no member shares the language; the
    weight of the words, names apart, that members have as well (None: too few to tell).
    """
    day = new.day
    gap = min(abs(day - each) for each in event.days) if event.days and day is not None else None
    foreign = new.language not in event.languages
    if plain is None or foreign:
        return gap, foreign, None
    return gap, foreign, round(math.fsum(w for t, w in plain.items() if t in event.plain), 6)


def _evidence(scored: Scored) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(feature=name, value=round(value, EVIDENCE_DIGITS), weight=weight)
        for name, value, weight in scored.parts
    )
