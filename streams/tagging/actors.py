"""A capital that acts stands for its government: ``Moscow denies``, ``ties with Hanoi``.

So does a seat of power such as the Kremlin; the table says which country each stands for.
"""

from dataclasses import replace

from streams.knowledge import Knowledge
from streams.tagging.document import Document
from streams.tagging.lexicon import section
from streams.tagging.spans import Span
from streams.tagging.tokens import NORMAL, Tokens

_AUXILIARIES = section("auxiliaries")
_DEEDS_DONE = section("actor_verbs") - _AUXILIARIES
_VERBS = section("actor_verbs")
_NOUNS = section("actor_nouns")
_ADDRESSING = section("address_verbs")
_ADDRESSED = frozenset("of over about against that not to for on it".split())
_TAKEN_FROM = section("actor_deeds")
_PLACES_BEFORE = section("places_before") | section("place_verbs") | {"of", "on"}
_BONDS = frozenset(
    "relations ties talks tensions conflict war dispute rivalry agreement deal".split()
)
_BEING = frozenset("is are was were".split())
_READY = frozenset(
    "ready willing unwilling prepared wary keen eager determined committed reluctant concerned "
    "set due likely unlikely expected accused".split()
)
_ADVERBS = frozenset("also still again now never not both long always ever since".split())
_PAIRS = frozenset({"and", "or", "nor"})
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today earlier later "
    "january february march april may june july august september october november december".split()
)
_PERIODS = frozenset("week month year night".split())
_BEFORE_TIMES = frozenset("on in late early this last".split())
_FURTHEST = 6  # tokens between an actor and its verb


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
    before, at = _before(tokens, first)
    if before == "between":
        return first != last or _bond_before(tokens, at)
    if before in ("with", "by", "from") and _bond_before(tokens, at):
        return True
    if before in ("by", "from") and _word(tokens, at - 1) in _TAKEN_FROM:
        return True
    if before in _PLACES_BEFORE:
        return False
    if tokens.stops[last] != tokens.ends[last]:
        return _word(tokens, _verb_at(tokens, last)) in _NOUNS
    after = _word(tokens, last + 1)
    if before in _ADDRESSING and (after in _ADDRESSED or not after.isalpha()):
        return True
    return _governs(tokens, last)


def _governs(tokens: Tokens, last: int) -> bool:
    """What follows is a deed: ``on Monday rejected``, ``, which denies``, ``bind themselves``."""
    if _word(tokens, last + 1) == "," and _word(tokens, last + 2) == "which":
        at = _verb_at(tokens, last + 2)
        if _word(tokens, at) in _AUXILIARIES:
            at = _verb_at(tokens, at)
        return _word(tokens, at) in _DEEDS_DONE
    if _word(tokens, last + 1) == ",":  # "Hanoi, on Friday, refused"
        closing = _verb_at(tokens, last + 1)
        last = closing if closing > last + 2 and _word(tokens, closing) == "," else last
    at = _verb_at(tokens, last)
    verb = _word(tokens, at)
    if verb in _BEING:
        state = _word(tokens, _verb_at(tokens, at))
        return state in _READY or state.endswith("ing")
    return verb in _VERBS or _word(tokens, at + 1) in ("itself", "themselves")


def _coordination(tokens: Tokens, spans: list[Span], index: int) -> tuple[int, int]:
    """The stretch ``Hanoi and the Kremlin`` around one of its members."""
    field, first, last = spans[index].field, spans[index].first, spans[index].last
    near = [span for span in spans[max(0, index - 3) : index + 4] if span.field == field]
    by_first = {span.first: span.last for span in near}
    by_last = {span.last: span.first for span in near}
    while _word(tokens, last + 1) in _PAIRS:
        following = last + 3 if _word(tokens, last + 2) == "the" else last + 2
        if following not in by_first:
            break
        last = by_first[following]
    while True:
        before, at = _before(tokens, first, plain=True)
        if before not in _PAIRS or at - 1 not in by_last:
            return first, last
        first = by_last[at - 1]


def _before(tokens: Tokens, first: int, *, plain: bool = False) -> tuple[str, int]:
    """The word that governs a name, and where: before an article, and before ``both``."""
    at = first - 1
    if _word(tokens, at) == "the":
        at -= 1
    if not plain and _word(tokens, at) in ("both", "neither"):
        at -= 1
    return _word(tokens, at), at


def _word(tokens: Tokens, at: int) -> str:
    """A word, small where capitals say nothing; empty outside the text."""
    if not 0 <= at < len(tokens):
        return ""
    word = tokens.words[at]
    return word if tokens.style[at] == NORMAL and at and not tokens.first[at] else word.lower()


def _verb_at(tokens: Tokens, last: int) -> int:
    """The first token behind adverbs and a time: ``also``, ``on Monday``, ``last week``."""
    at = last + 1
    while at - last <= _FURTHEST:
        word, following = _word(tokens, at), _word(tokens, at + 1)
        timed = following.lower() in _TIMES or following in _PERIODS
        if word in _BEFORE_TIMES and timed:
            at += 2
        elif word in _ADVERBS or word.endswith("ly") or _is_time(tokens, at):
            at += 1
        else:
            break
    return at


def _is_time(tokens: Tokens, at: int) -> bool:
    word = _word(tokens, at)
    return word.lower() in _TIMES and word not in ("may", "march")


def _bond_before(tokens: Tokens, at: int) -> bool:
    """A bond in the three words before a preposition."""
    return any(_word(tokens, near) in _BONDS for near in range(at - 3, at))
