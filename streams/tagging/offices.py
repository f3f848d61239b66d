"""``the Russian president``: an office without a name, linked only if one person is meant."""

from collections.abc import Mapping
from datetime import datetime

from streams.knowledge import Knowledge
from streams.tagging.document import Document
from streams.tagging.spans import OFFICE, Span
from streams.tagging.tokens import Tokens

_FORMER = frozenset(("former", "ex", "ex-", "then", "late", "next", "future", "first", "another"))
_LONGEST = 3  # "foreign minister", "supreme leader"


def office_spans(
    doc: Document, spans: list[Span], knowledge: Knowledge, published: datetime | None
) -> list[Span]:
    """A PERSON for the title's words, where the country stands before or behind it."""
    if not doc.english:
        return []
    people = frozenset(s.entity_id for s in spans if s.type == "PERSON" and s.entity_id)
    found: list[Span] = []
    for span in spans:
        country = _country(knowledge, span)
        tokens = doc.fields[span.field]
        place = _title_near(tokens, span, knowledge.titles) if country else None
        if not country or not place or _past(tokens, min(span.first, place[0])):
            continue
        first, last, title = place
        person = _person(knowledge, title, country, published, people)
        if person:
            found.append(
                Span(span.field, first, last, "PERSON", OFFICE).known(
                    person, knowledge.entities[person].name
                )
            )
    return found


def _country(knowledge: Knowledge, span: Span) -> str | None:
    """The id of the place that is named, or that a demonym belongs to."""
    entity = knowledge.entities.get(span.entity_id or "")
    if entity is None:
        return None
    return entity.demonym_of if span.type == "NORP" else entity.id


def _title_near(
    tokens: Tokens, span: Span, titles: Mapping[str, str]
) -> tuple[int, int, str] | None:
    """(first, last, title): behind a demonym, before ``of`` and a country."""
    words = tokens.words
    for length in range(_LONGEST, 0, -1):
        first, last = span.last + 1, span.last + length
        title = titles.get(" ".join(words[first : last + 1]).casefold())
        if last >= len(words):
            title = None
        if span.type == "NORP" and title and words[first][0].islower():
            named = last + 1 < len(words) and words[last + 1][0].isupper()
            return None if named else (first, last, title)
        end = span.first - (3 if words[span.first - 1 : span.first] == ["the"] else 2)
        begin = end - length + 1
        if span.type == "GPE" and begin >= 0 and words[end + 1] == "of":
            title = titles.get(" ".join(words[begin : end + 1]).casefold())
            if title:
                return begin, end, title
    return None


def _past(tokens: Tokens, first: int) -> bool:
    """A former holder is anyone but the present one."""
    return tokens.words[first - 1].casefold() in _FORMER if first else False


def _person(
    knowledge: Knowledge,
    title: str,
    country: str,
    published: datetime | None,
    people: frozenset[str],
) -> str | None:
    """Who held the office that day; without a day, the one person of the article who ever did."""
    if published is not None:
        holder = knowledge.holder(title, country, published.date())
        if holder:
            return holder
    known = {office.person for office in knowledge.offices.get((title, country), ())}
    fits = sorted(known.intersection(people))
    return fits[0] if len(fits) == 1 else None
