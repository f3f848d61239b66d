"""Which event an article belongs to: candidates, scores, the choice and its evidence."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from schemas.article import Article
from schemas.enriched import Evidence, Flag, RunnerUp
from schemas.tagged import TaggedArticle
from streams.events.background import Background, blended
from streams.events.compare import TITLE, Comparer
from streams.events.features import (
    Vector,
    entity_names,
    numbers,
    plain_words,
    surface_names,
    vectorise,
)
from streams.events.index import Index
from streams.events.junk.guards import comparable, inside
from streams.events.scorer import Part, Scorer, measure
from streams.text.sentences import Sentence

TOLD_WORDS = 8  # beyond the title
UNTAGGED = "none"
RULED = ("en", "und")  # elsewhere the tagger finds only names that it knows
EVIDENCE_DIGITS = 4
_EVIDENCE = TypeAdapter(tuple[Evidence, ...])


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
    numbered, count = index.vocabulary.numbers, index.vocabulary.count

    def ordinary(terms: Sequence[str]) -> list[float]:
        return table.idfs(terms, language)

    def idf(terms: Sequence[str]) -> list[float]:
        live = [count(number) - (number in held) for number in numbered(terms)]
        return blended(ordinary(terms), live, documents)

    names = [*entity_names(entities), *numbers(pieces)]
    if tagged.tagger == UNTAGGED or language not in RULED:
        known = {name.key for name in names}
        names += [name for name in surface_names(pieces, language) if name.key not in known]
    vector = vectorise(pieces, names, idf, ordinary, language)
    return Subject(vector, day_of(article), language, flags)


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
    if not ranked:
        return Decision(None, None, 0.0, None, ())
    fitting = [row for row in ranked if row[0] >= scorer.threshold]
    first = fitting[0] if fitting else None
    chosen = next((row for row in fitting if row[1].event_id == old), first)
    shown = chosen or ranked[0]
    score, best = shown
    others = [row for row in ranked if row is not shown][:1]
    runner_up = [RunnerUp(event_id=each.event_id, score=score) for score, each in others]
    return Decision(
        best.event_id if chosen else None,
        best.event_id,
        score,
        runner_up[0] if runner_up else None,
        _evidence(scorer.parts(best.values, new.vector.length, best.foreign)),
    )


def rank(
    new: Subject, index: Index, comparer: Comparer, scorer: Scorer, *, without: str, old: str | None
) -> list[tuple[float, Candidate]]:
    """(score, event), best first; equal scores by event id."""
    scored = [
        (scorer.score(each.values, new.vector.length, each.foreign), each)
        for each in measured(new, index, comparer, without=without, old=old)
    ]
    return sorted(scored, key=lambda row: (-row[0], row[1].event_id))


def measured(
    new: Subject, index: Index, comparer: Comparer, *, without: str = "", old: str | None = None
) -> list[Candidate]:
    """The events that come into question, with all features."""
    found = index.candidates(new.vector, without)
    if old is not None and old not in found and index.members(old):
        found.append(old)
    events = [index.standing(event, without) for event in found]
    plain = plain_words(new.vector, new.language)
    bundles = [event.bundle for event in events]
    likenesses = comparer.compare(index.packed(new.vector), bundles, plain)
    joining, is_told = index.joining(without), _tells(new.vector)
    candidates = []
    for event_id, event, like in zip(found, events, likenesses, strict=True):
        values = measure(like)
        if not is_told:
            values["plain"] = None
        values["days_apart"] = _gap(new.day, event.days)
        values["joining"] = joining
        candidates.append(Candidate(event_id, new.language not in event.languages, values))
    return candidates


def _gap(day: float | None, days: Sequence[float]) -> float | None:
    """Days to the nearest member; ``days`` rise. None where unknown."""
    if day is None or not days:
        return None
    after = bisect_left(days, day)
    near = days[max(0, after - 1) : after + 1]
    return round(min(abs(day - near[0]), abs(day - near[-1])), 6)


def _tells(vector: Vector) -> bool:
    """A headline alone may name its subject and little else."""
    return vector.length - len(vector.channels[TITLE].terms) >= TOLD_WORDS


def _evidence(parts: Iterable[Part]) -> tuple[Evidence, ...]:
    rows = [
        {"feature": name, "value": round(value, EVIDENCE_DIGITS), "weight": weight}
        for name, value, weight in parts
    ]
    return _EVIDENCE.validate_python(rows)  # one by one they cost three times as much
