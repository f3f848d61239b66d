"""Which known thing a name means: candidates from the table and the knowledge base, or none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from schemas.tagged import EntityType
from streams.knowledge import Entity
from streams.knowledge.base import KnowledgeBase
from streams.tagging.document import Document
from streams.tagging.gazetteer import Match, ahead
from streams.tagging.lexicon import section
from streams.tagging.spans import GUESS, WEAK, Span
from streams.tagging.tokens import Tokens

_CLEAR = 0.05  # of score, between the two likeliest things of one name
_COUNTRY = 0.12  # for each mention of something in the same country
_MOST_COUNTRY = 3
_TABLE = 0.4  # our own table says what the news means by a name
_DOUBT = 0.7  # a type that is less sure yields to the table's, where the name has one meaning
_UNSURE_TYPE = 0.6  # share of a prior that is left where the base does not know the type
_WEAKEST = 0.02
_BY_NAME: tuple[EntityType, ...] = ("PERSON", "ORG", "GPE")
_BY_WORD: tuple[EntityType, ...] = ("GPE",)
_KNOWN_PLACE = 0.1  # prior of a place that one word may name
_MOST_WORDS = 6
_GIVEN = section("given_names")
_ARTICLES = ("The", "the", "THE")
_SHORT = 3  # letters; a shorter name is an acronym of anything

# Which types of the base fit a type in the text.
_FITS: Mapping[EntityType, frozenset[str]] = {
    "PERSON": frozenset({"PERSON"}),
    "ORG": frozenset({"ORG"}),
    "GPE": frozenset({"GPE", "LOC", "FAC"}),
    "LOC": frozenset({"LOC", "GPE", "FAC"}),
    "FAC": frozenset({"FAC", "LOC", "GPE"}),
    "NORP": frozenset({"NORP", "ORG"}),
    "EVENT": frozenset({"EVENT", "MISC"}),
    "PRODUCT": frozenset({"PRODUCT", "MISC", "ORG"}),
    "MISC": frozenset({"MISC", "EVENT", "PRODUCT"}),
}


class Candidate(NamedTuple):
    """One thing a name may mean, and how likely the name alone makes it."""

    entity: Entity
    prior: float
    demonym: bool = False  # the name is that of its people


class Linker:
    """Finds candidates and decides. Pure: an article's links depend on its own text alone."""

    def __init__(self, base: KnowledgeBase | None) -> None:
        self._base = base

    def linked(
        self, doc: Document, spans: Sequence[Span], matches: Sequence[Mapping[int, Match]]
    ) -> list[Span]:
        """Give each name its thing, where one is clearly meant."""
        named = [self._candidates(doc, span, matches[span.field]) for span in spans]
        countries = Counter(
            found[0].entity.country
            for found in named
            if len(found) == 1 and found[0].entity.country
        )
        return [_chosen(span, found, countries) for span, found in zip(spans, named, strict=True)]

    def more_names(self, doc: Document, spans: Sequence[Span]) -> list[Span]:
        """Names that only the knowledge base knows, where no span is: for text that no network
        reads. One word must be a place; in many languages any noun may have a capital.
        """
        if not self._base:
            return []
        taken = {(span.field, at) for span in spans for at in range(span.first, span.last + 1)}
        found: list[Span] = []
        for field, tokens in enumerate(doc.fields):
            free = 0
            for at, word in enumerate(tokens.words):
                if at >= free and word[0].isupper() and (field, at) not in taken:
                    span = self._longest(tokens, field, at, doc.table_language)
                    if span and taken.isdisjoint((field, n) for n in range(at, span.last + 1)):
                        found.append(span)
                        free = span.last + 1
        return found

    def _longest(self, tokens: Tokens, field: int, at: int, language: str) -> Span | None:
        assert self._base
        words, places = ahead(tokens, at, _MOST_WORDS)
        for name in self._base.prefixes(" ".join(words)):
            count = name.count(" ") + 1
            last = places[min(count, len(places)) - 1]
            surface = tokens.surface(at, last)
            for kind in _BY_NAME if count > 1 else _BY_WORD:
                rows = self._from_base(surface, kind, language)
                if rows and (count > 1 or rows[0].prior >= _KNOWN_PLACE):
                    return Span(field, at, last, kind, WEAK)
        return None

    def _candidates(
        self, doc: Document, span: Span, matches: Mapping[int, Match]
    ) -> list[Candidate]:
        fits = _FITS[span.type]
        match = _match_of(doc, span, matches)
        found: dict[str, Candidate] = {}
        if match:
            doubted = span.confidence < _DOUBT and not match.ambiguous
            for entity in match.entities:
                seat = span.type == "ORG" and entity.metonym_of
                if entity.type in fits or seat or doubted:
                    found[entity.id] = Candidate(entity, entity.prior + _TABLE)
        if self._base and not any(c.entity.type == "NORP" for c in found.values()):
            surface = doc.fields[span.field].surface(span.first, span.last)
            for candidate in self._from_base(surface, span.type, doc.table_language):
                found.setdefault(candidate.entity.id, candidate)
        return sorted(found.values(), key=lambda c: (-c.prior, c.entity.id))

    def _from_base(self, surface: str, kind: EntityType, language: str) -> list[Candidate]:
        """What the knowledge base has under exactly this name. A bare surname is no name."""
        assert self._base
        found: list[Candidate] = []
        for row in self._base.names(surface):
            if row.language not in (None, language) or row.kind == "surname":
                continue
            if (row.kind == "demonym") != (kind == "NORP") or not _cased(row.name, surface):
                continue
            entity = self._base.entity(row.entity_id)
            if entity is None or (kind == "PERSON" and not _is_full(surface, entity)):
                continue
            if entity.type == "UNK":
                found.append(Candidate(entity, row.prior * _UNSURE_TYPE))
            elif row.kind == "demonym":
                found.append(Candidate(entity, row.prior, demonym=True))
            elif entity.type in _FITS[kind]:
                found.append(Candidate(entity, row.prior))
        return found


def _match_of(doc: Document, span: Span, matches: Mapping[int, Match]) -> Match | None:
    """The table name of exactly this stretch; an article before it may belong to either."""
    words = doc.fields[span.field].words
    begins = [span.first]
    if span.first and words[span.first - 1] in _ARTICLES:
        begins.append(span.first - 1)
    if words[span.first] in _ARTICLES:
        begins.append(span.first + 1)
    for first in begins:
        match = matches.get(first)
        if match and match.last == span.last:
            return match
    return None


def _cased(name: str, surface: str) -> bool:
    """An acronym is written in capitals: ``Who`` is no WHO."""
    return surface.isupper() or not name.isupper() or len(name) > _SHORT


def _is_full(surface: str, entity: Entity) -> bool:
    """A single word names a person if the base has it as a name by itself (``Mandela``).

    A given name never does, nor a thing of unknown type that is called just so (``Hamburger``).
    """
    if " " in surface:
        return True
    return surface not in _GIVEN and (entity.type == "PERSON" or " " in entity.name)


def _chosen(span: Span, found: list[Candidate], countries: Counter[str]) -> Span:
    """Take the likeliest candidate, if it is clearly ahead."""
    scored = sorted(
        ((_score(candidate, countries), candidate) for candidate in found),
        key=lambda pair: (-pair[0], pair[1].entity.id),
    )
    if not scored or scored[0][0] < _WEAKEST:
        return span
    best, demonym = scored[0][1].entity, scored[0][1].demonym
    if demonym:
        return replace(span, demonym_of=best.id)
    kind: EntityType = span.type if best.type == "UNK" else best.type  # type: ignore[assignment]
    known = replace(span, type=kind, candidates=(best,), demonym_of=best.demonym_of)
    if len(scored) > 1 and scored[0][0] < scored[1][0] + _CLEAR:
        return replace(known, confidence=min(span.confidence, GUESS), name=best.name)
    return known.known(best.id, best.name)


def _score(candidate: Candidate, countries: Counter[str]) -> float:
    country = candidate.entity.country
    near = min(countries[country], _MOST_COUNTRY) if country else 0
    return round(candidate.prior + _COUNTRY * near, 6)
