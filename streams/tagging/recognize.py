"""The names of an English text: what the network marks, with our types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.tagged import EntityType
from streams.tagging.decode import TYPES
from streams.tagging.document import Document
from streams.tagging.features import encode
from streams.tagging.gazetteer import Match
from streams.tagging.lexicon import section
from streams.tagging.network import Network
from streams.tagging.spans import CUED, WEAK, Span
from streams.tagging.tokens import DASHES, NORMAL, SHOUTED, Tokens

_LANDSCAPE = section("loc_heads") | section("places")
_LANDSCAPE_FIRST = section("loc_prefixes_of") | {"Mount", "Mt", "Lake", "Cape", "River"}
_FACILITIES = section("fac_nouns") | section("fac_heads")
_AFTER = section("landscape_nouns")
_EVENT_LAST = section("event_heads")
_EVENT_FIRST = section("event_prefixes") | frozenset(
    "Hurricane Cyclone Typhoon Storm Operation".split()
)
_DOUBTFUL = 0.4
_WORDS_TOO = frozenset(("US", "WHO", "IT", "AID", "MALI"))
_SURE_TYPES = frozenset(("PERSON", "ORG", "GPE", "LOC", "FAC"))
_LEGAL_FORMS = frozenset("plc PLC Inc Ltd LLC LLP AG GmbH SA SpA NV SE".split())
_SHORTEST_PLACE = 4  # letters of a place in capitals; fewer may be an acronym
_DATELINE = 12  # tokens between the place and the dash
_STORMS = frozenset("Hurricane Cyclone Typhoon".split())
_ENDS = frozenset(".!?;:")
_LONGEST = 25  # tokens of a name
_VALUES = ("DATE", "MONEY")  # found by pattern: only those can be read as a day or a sum


def recognized(
    doc: Document, matches: Sequence[Mapping[int, Match]], network: Network
) -> list[Span]:
    """The names of all fields, in reading order and apart from one another."""
    labels, shares = network.label(encode(doc.fields, matches))
    found: list[Span] = []
    begin = 0
    for field, tokens in enumerate(doc.fields):
        end = begin + len(tokens)
        told = [*_storms(field, tokens), *_datelines(field, tokens)]
        taken = {at for span in told for at in range(span.first, span.last + 1)}
        found += told
        for span in _names(field, tokens, labels[begin:end], shares[begin:end]):
            free = taken.isdisjoint(range(span.first, span.last + 1))
            if free and not _holds_names(tokens, span, matches[field]):
                found.append(span)
        begin = end + 1  # a line break parts the fields
    found = [span for span in found if not _is_shouted_word(doc, span)]
    return sorted(found, key=lambda span: (span.field, span.first))


def _is_shouted_word(doc: Document, span: Span) -> bool:
    """``TELLS US``: in capitals a name only if some line of normal case has it as one."""
    tokens = doc.fields[span.field]
    word = tokens.words[span.first]
    alone = span.first == span.last and tokens.style[span.first] == SHOUTED
    return alone and word in _WORDS_TOO and word not in doc.plain


def _holds_names(tokens: Tokens, span: Span, matches: Mapping[int, Match]) -> bool:
    """``Hanoi Warns Kyiv`` in a headline: a doubtful name that yields to those inside it."""
    if span.confidence > _DOUBTFUL or tokens.style[span.first] == NORMAL:
        return False
    inside = (matches.get(at) for at in range(span.first, span.last + 1))
    return any(
        match and not match.ambiguous and match.last - first < span.last - span.first
        for first, match in enumerate(inside, span.first)
    )


def overlooked(spans: Iterable[Span], matches: Sequence[Mapping[int, Match]]) -> Iterator[Span]:
    """Table names that can mean nothing else, where no span is."""
    taken = {(s.field, at) for s in spans for at in range(s.first, s.last + 1)}
    for field, names in enumerate(matches):
        for first, match in names.items():
            kind: EntityType = match.entities[0].type  # type: ignore[assignment]
            alone = not match.ambiguous and len(match.entities) == 1 and kind in _SURE_TYPES
            if alone and taken.isdisjoint((field, at) for at in range(first, match.last + 1)):
                yield Span(field, first, match.last, kind, WEAK)


def _storms(field: int, tokens: Tokens) -> Iterator[Span]:
    """``Hurricane Milda``: storms bear the names of people."""
    words = tokens.words
    for at, word in enumerate(words[:-1]):
        if word.title() in _STORMS and word[0].isupper() and words[at + 1][0].isupper():
            yield Span(field, at, at + 1, "EVENT", CUED)


def _datelines(field: int, tokens: Tokens) -> Iterator[Span]:
    """``TORVEL, March 3 (Agency) -`` at the start of a line of normal case: the place, and who."""
    words = tokens.words
    for at, word in enumerate(words):
        opens = at == 0 or words[at - 1] == "\n"
        if not opens or tokens.style[at] != NORMAL or len(word) < _SHORTEST_PLACE:
            continue
        last = at
        while last + 1 < len(words) and words[last + 1].isupper() and tokens.joined(last, last + 1):
            last += 1
        ahead = range(last + 1, min(len(words), last + 1 + _DATELINE))
        dash = next((n for n in ahead if words[n] in DASHES), None)
        if dash is None or not word.isupper() or word[0].isdigit():
            continue
        between = words[last + 1 : dash]
        if "," in between or "(" in between:
            yield Span(field, at, last, "GPE", CUED)
        if "(" in between and words[dash - 1] == ")":
            begin = last + 1 + between.index("(") + 1
            if begin < dash - 1:
                yield Span(field, begin, dash - 2, "ORG", CUED)


def _names(
    field: int, tokens: Tokens, labels: NDArray[np.int64], shares: NDArray[np.float32]
) -> Iterator[Span]:
    """What the network marked, but values, which are found by pattern."""
    opens = np.array(tokens.first, np.bool_)
    for first, last, kind, sure in _stretches(labels, shares, opens):
        if last > first and tokens.words[last] in _ENDS and opens[last + 1 : last + 2].all():
            last -= 1
        if kind == "ORG" and tokens.words[last + 1 : last + 2] and tokens.joined(last, last + 1):
            last += tokens.words[last + 1] in _LEGAL_FORMS
        if kind not in _VALUES and last - first < _LONGEST:
            yield Span(field, first, last, _our_type(tokens, first, last, kind), sure)


def _stretches(
    labels: NDArray[np.int64], shares: NDArray[np.float32], opens: NDArray[np.bool_]
) -> list[tuple[int, int, EntityType, float]]:
    """(first, last, type, confidence): the share of the type at the least sure token.

    A name ends with its sentence.
    """
    found = []
    for first in np.flatnonzero((labels % 2 == 1) | (opens & (labels > 0))).tolist():
        inside = labels[first] + labels[first] % 2
        last = first
        while last + 1 < len(labels) and labels[last + 1] == inside and not opens[last + 1]:
            last += 1
        number = int(labels[first] - 1) // 2
        sure = shares[first : last + 1, inside - 1 : inside + 1].sum(1).min()
        found.append((first, last, TYPES[number], round(float(sure), 3)))
    return found


def _our_type(tokens: Tokens, first: int, last: int, kind: EntityType) -> EntityType:
    """The training sets know no GPE and few events; the words themselves tell."""
    if kind == "LOC" and tokens.words[last] in _FACILITIES and last > first:
        return "FAC"
    if kind == "LOC":
        return "LOC" if _is_landscape(tokens, first, last) else "GPE"
    return "EVENT" if names_event(tokens.words[first : last + 1]) and kind == "MISC" else kind


def names_event(words: Sequence[str]) -> bool:
    """``World Cup``, ``Hurricane Milda``: the words themselves tell."""
    return len(words) > 1 and (words[-1] in _EVENT_LAST or words[0] in _EVENT_FIRST)


def _is_landscape(tokens: Tokens, first: int, last: int) -> bool:
    words = tokens.words
    after = words[last + 1] if last + 1 < len(words) else ""
    named = words[last] in _LANDSCAPE or (first < last and words[first] in _LANDSCAPE_FIRST)
    return named or (tokens.style[last] == NORMAL and after in _AFTER)
