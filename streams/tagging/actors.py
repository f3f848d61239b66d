"""A capital that acts stands for its government: ``Moscow denies``, ``ties with Hanoi``."""

from dataclasses import replace

from streams.knowledge import Knowledge
from streams.tagging.document import Document
from streams.tagging.lexicon import section
from streams.tagging.spans import Span
from streams.tagging.tokens import SHOUTED, TITLED, Tokens

_VERBS = section("actor_verbs")
_NOUNS = section("actor_nouns")
_PLACES_BEFORE = section("places_before") | section("place_verbs") | {"of", "on"}
_BONDS = frozenset(
    "relations ties talks tensions conflict war dispute rivalry agreement deal".split()
)
_ADVERBS = frozenset("also still again now never not both repeatedly flatly officially".split())
_PAIRS = frozenset({"and", "or", "nor"})


def with_actors(doc: Document, spans: list[Span], knowledge: Knowledge) -> list[Span]:
    """Mark the capitals that act; the place keeps its own id."""
    found = list(spans)
    for index, span in enumerate(spans):
        entity = knowledge.entities.get(span.entity_id or "")
        stands_for = entity and (entity.capital_of or entity.metonym_of)
        if stands_for and _acts(doc.fields[span.field], spans, index):
            found[index] = replace(span, metonym_of=stands_for)
    return found


def _acts(tokens: Tokens, spans: list[Span], index: int) -> bool:
    first, last = _coordination(tokens, spans, index)
    words = tokens.words
    before = words[first - 1].lower() if first else ""
    if before in ("both", "neither"):
        before = words[first - 2].lower() if first > 1 else ""
    if before == "between" or (before in ("with", "by", "from") and _bond_before(words, first)):
        return first != last or _bond_before(words, first)
    if before in _PLACES_BEFORE:
        return False
    if tokens.stops[last] != tokens.ends[last]:
        return _next(words, last) in _NOUNS
    return _next(words, last) in _VERBS or (
        tokens.style[last] in (TITLED, SHOUTED) and _next(words, last).lower() in _VERBS
    )


def _coordination(tokens: Tokens, spans: list[Span], index: int) -> tuple[int, int]:
    """The stretch ``Hanoi and Kyiv`` around one of its members."""
    first, last = spans[index].first, spans[index].last
    by_first = {span.first: span.last for span in spans[index + 1 : index + 4]}
    by_last = {span.last: span.first for span in spans[max(0, index - 3) : index]}
    words = tokens.words
    while last + 2 < len(words) and words[last + 1] in _PAIRS and last + 2 in by_first:
        last = by_first[last + 2]
    while first > 1 and words[first - 1] in _PAIRS and first - 2 in by_last:
        first = by_last[first - 2]
    return first, last


def _next(words: list[str], last: int) -> str:
    at = last + 1
    while at < len(words) and (words[at] in _ADVERBS or words[at].endswith("ly")):
        at += 1
    return words[at] if at < len(words) else ""


def _bond_before(words: list[str], first: int) -> bool:
    return any(word in _BONDS for word in words[max(0, first - 4) : first])
