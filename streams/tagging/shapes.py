"""Names in a language without a network: table names, given names with what follows, repeats."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from schemas.tagged import EntityType
from streams.knowledge.forms import inflect
from streams.tagging.document import Document
from streams.tagging.gazetteer import Match
from streams.tagging.lexicon import section
from streams.tagging.memory import key_of
from streams.tagging.spans import LIKELY, SURE, WEAK, Span
from streams.tagging.tokens import Tokens

_GIVEN = section("given_names")
_PARTICLES = section("person_connectors")
_WORDS = section("not_names") | section("function_words") | section("titles")
_LONGEST_PERSON = 5  # tokens


def shaped(doc: Document, matches: Sequence[Mapping[int, Match]]) -> list[Span]:
    """Table names, and in Latin script people by their given names; apart from one another."""
    found: list[Span] = []
    for field, tokens in enumerate(doc.fields):
        people = dict(_people(tokens, matches[field])) if doc.latin else {}
        found += (Span(field, first, last, "PERSON", LIKELY) for first, last in people.items())
        taken = {at for first, last in people.items() for at in range(first, last + 1)}
        for first, match in matches[field].items():
            if taken.isdisjoint(range(first, match.last + 1)):
                kind: EntityType = match.entities[0].type  # type: ignore[assignment]
                found.append(
                    Span(field, first, match.last, kind, WEAK if match.ambiguous else SURE)
                )
    return found


def _people(tokens: Tokens, matches: Mapping[int, Match]) -> Iterator[tuple[int, int]]:
    """(first, last) of a given name and the capitals behind it, over ``de la``."""
    at = 0
    while at < len(tokens):
        if tokens.words[at] in _GIVEN and at not in matches:
            last = _surname(tokens, at)
            if last > at:
                yield at, last
                at = last
        at += 1


def _surname(tokens: Tokens, first: int) -> int:
    last = at = first
    while at + 1 < len(tokens) and at + 1 - first < _LONGEST_PERSON and tokens.joined(at, at + 1):
        at += 1
        word = tokens.words[at]
        if word[0].isupper() and word not in _WORDS:
            last = at
        elif word not in _PARTICLES and word != "-":
            break
    return last


def repeats(doc: Document, spans: Sequence[Span]) -> list[Span]:
    """Further mentions of the people that are named in full: by the whole name or the surname."""
    names: dict[str, Span] = {}
    for span in spans:
        if span.type == "PERSON":
            names.setdefault(key_of(doc, span), span)
            surname = doc.fields[span.field].words[span.last]
            if surname[0].isupper() and len(surname) > 1:
                for form in inflect("ru", surname) if doc.language == "ru" else (surname,):
                    names.setdefault(form, span)
    names = {name: span for name, span in names.items() if name not in _WORDS}
    longest = max((name.count(" ") + 1 for name in names), default=0)
    taken = {(s.field, at) for s in spans for at in range(s.first, s.last + 1)}
    return [
        span
        for field in range(len(doc.fields))
        for span in _repeated(doc, field, names, longest)
        if taken.isdisjoint((field, at) for at in range(span.first, span.last + 1))
    ]


def _repeated(doc: Document, field: int, names: Mapping[str, Span], longest: int) -> Iterator[Span]:
    words, at = doc.fields[field].words, 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            span = names.get(" ".join(words[at : at + length]))
            if span:
                yield replace(span, field=field, first=at, last=at + length - 1)
                at += length - 1
                break
        at += 1
