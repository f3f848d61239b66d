"""One type per name over the whole article: votes, lists, and the country it speaks of."""

from collections import Counter
from dataclasses import replace

from schemas.tagged import EntityType
from streams.knowledge import Entity
from streams.tagging.cues import told
from streams.tagging.document import Document
from streams.tagging.memory import key_of, refer
from streams.tagging.spans import GUESS, WEAK, Span

_LISTS = ([","], ["and"], ["or"], [",", "and"], ["&"])
_CLEAR_MARGIN = 0.2  # of prior, between two things of one name


def settle(doc: Document, spans: list[Span]) -> list[Span]:
    """Type every span by the article's votes and resolve it; what stays untyped falls out."""
    hinted = _coordinated(doc, [_hinted(doc, span) for span in spans])
    types = _votes(doc, hinted)
    typed = [_voted(doc, span, types) for span in hinted]
    chosen = _choose(doc, typed)
    return refer(doc, chosen)


def _hinted(doc: Document, span: Span) -> Span:
    """The type by context. A facility is named with its noun: ``Marn dam``; Marn is a place."""
    if span.candidates or (span.type and span.type != "PERSON"):
        return span
    kind, confidence = told(doc.fields[span.field], span) if doc.ruled else (None, 0.0)
    if kind == "FAC" and span.type is None:
        return replace(span, last=span.last + 1, type=kind, confidence=confidence)
    if span.type is None or (kind == "PERSON" and confidence > span.confidence):
        return span.told(kind, confidence)
    return span


def _coordinated(doc: Document, spans: list[Span]) -> list[Span]:
    """``in Torvel, Marn and Ostra``: an unsure name takes the type of its neighbour in a list."""
    found = sorted(spans, key=lambda span: (span.field, span.first))
    for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for index in order:
            span, other = found[index], found[index + step]
            if _unsure(doc, span) and _listed(doc, span, other):
                # An unknown place is a GPE, also beside the Alps.
                kind: EntityType = "PERSON" if other.type == "PERSON" else "GPE"
                found[index] = span.told(kind, min(other.confidence, WEAK))
    return found


def _unsure(doc: Document, span: Span) -> bool:
    word = doc.fields[span.field].words[span.first]
    return not span.candidates and span.confidence <= GUESS and not word.isupper()


def _listed(doc: Document, span: Span, other: Span) -> bool:
    if span.field != other.field or other.confidence < WEAK:
        return False
    if other.type not in ("PERSON", "GPE", "LOC"):
        return False
    left, right = sorted((span, other), key=lambda s: s.first)
    between = doc.fields[span.field].words[left.last + 1 : right.first]
    # "The mayor of Torvel, Jan Kolb" is no list: people need an "and".
    return between in _LISTS and (between != [","] or other.type != "PERSON")


def _votes(doc: Document, spans: list[Span]) -> dict[str, tuple[EntityType, float]]:
    """The type with most confidence behind it, for each unknown name."""
    votes: dict[str, Counter[EntityType]] = {}
    best: dict[tuple[str, EntityType], float] = {}
    for span in spans:
        if span.type and not span.candidates:
            key = key_of(doc, span)
            votes.setdefault(key, Counter())[span.type] += round(span.confidence * 100)
            pair = key, span.type
            best[pair] = max(best.get(pair, 0.0), span.confidence)
    found: dict[str, tuple[EntityType, float]] = {}
    for key, count in votes.items():
        kind = max(count.items(), key=lambda item: (item[1], item[0]))[0]
        found[key] = kind, best[key, kind]
    return found


def _voted(doc: Document, span: Span, types: dict[str, tuple[EntityType, float]]) -> Span:
    if span.candidates:
        return span
    kind, confidence = types.get(key_of(doc, span), (span.type, span.confidence))
    return span.told(kind, confidence)


def _choose(doc: Document, spans: list[Span]) -> list[Span]:
    """Among equal table names take the one whose country the article speaks of, else none."""
    countries: Counter[str | None] = Counter(
        span.candidates[0].country
        for span in spans
        if len(span.candidates) == 1 and span.candidates[0].country
    )
    return [_chosen(span, countries) for span in spans]


def _chosen(span: Span, countries: Counter[str | None]) -> Span:
    if not span.candidates:
        return span
    ranked = sorted(
        span.candidates,
        key=lambda entity: (-min(countries[entity.country], 3), -entity.prior, entity.id),
    )
    best = ranked[0]
    kind: EntityType = best.type  # type: ignore[assignment]
    span = replace(span, type=kind)
    if len(ranked) > 1 and not _clear(best, ranked[1], countries):
        return replace(span, confidence=GUESS, name=best.name)
    return span.known(best.id, best.name)


def _clear(best: Entity, second: Entity, countries: Counter[str | None]) -> bool:
    told_by_country = countries[best.country] > countries[second.country]
    return told_by_country or best.prior >= second.prior + _CLEAR_MARGIN
