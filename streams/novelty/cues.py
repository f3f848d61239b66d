"""What a number of a sentence counts: the slot of its cheapest cue, if it can be of that slot."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from streams.novelty.amounts import Amount, Token
from streams.novelty.figure_words import (
    AFTER_WORDS,
    AFTERSHOCK,
    ASIDE,
    BEFORE_WORDS,
    OF_MONEY,
    OF_PEOPLE,
    OF_SUMS,
    QUAKE,
    SENTENCED,
    THINGS,
    Role,
)
from streams.novelty.figure_words import roles as roles_of
from streams.novelty.signs import signs
from streams.novelty.vocabulary import function_words

Found = Sequence[tuple[int, dict[str, Any]]]

FARTHEST = 11  # cost above which a cue is too far away
_NOTHING = Role("", None, None, None, False, False, False, 0.0)
_PLAIN = _NOTHING._replace(cost=1.0)
_WEAK = 4.5  # cost of a word that says who is counted, not what befell them
_SHOCK = re.compile(f"{AFTERSHOCK.pattern}|{QUAKE.pattern}", re.I)
_MAGNITUDE = re.compile("[-–]|magnitude|richter", re.I)  # "a 4.6-magnitude aftershock"
_PREPOSED = frozenset(("the", "a", "local", "nearby", "dem"))


class Scene(NamedTuple):
    """A sentence in digits, and what its numbers are read by."""

    text: str
    tokens: Sequence[Token]
    roles: Sequence[Role]  # of the tokens
    signs: frozenset[str]  # of the text
    language: str


def scene_of(text: str, tokens: Sequence[Token], language: str) -> Scene:
    """A sentence in digits with the roles of its tokens."""
    known = roles_of(language)
    roles = [known[token[0]] for token in tokens]
    found = signs(text)
    if "beside" in found:
        roles = [each if _stands(roles, at) else _PLAIN for at, each in enumerate(roles)]
    if "part" in found and not ASIDE.isdisjoint([each.word for each in roles]):
        roles = _without_asides(roles)
    return Scene(text, tokens, roles, found, language)


def _without_asides(roles: list[Role]) -> list[Role]:
    """ "11 people, among them two boys, died": what stands between such commas tells nothing."""
    commas = [at for at, each in enumerate(roles) if each.word == ","]
    for start, end in pairwise(commas):
        if not ASIDE.isdisjoint([each.word for each in roles[start:end]]):
            roles = [*roles[:start], *[_NOTHING] * (end + 1 - start), *roles[end + 1 :]]
    return roles


def _stands(roles: Sequence[Role], at: int) -> bool:
    """Whether a cue that needs another word beside it has that word."""
    word = roles[at].word
    if word in AFTER_WORDS:
        before = [each.word for each in reversed(roles[max(0, at - 3) : at])]
        return next((w for w in before if w not in _PREPOSED), "") in AFTER_WORDS[word]
    if word == "death":  # "sentenced to death"
        before = [each.word for each in roles[:at]]
        return before[-1:] != ["to"] or SENTENCED.isdisjoint(before)
    if word in BEFORE_WORDS:
        return not BEFORE_WORDS[word].isdisjoint([each.word for each in roles[at + 1 : at + 9]])
    return True


def slot_of(scene: Scene, amount: Amount, found: Found) -> str | None:
    """The slot of a number; None if no cue is near, or it can be of no such slot.

    Args:
        found: (token, figure) of the numbers before.
    """
    slot = _nearest(scene.roles, amount.at, amount.width)
    slot = slot or _inherited(scene.roles, amount.at, found)
    if slot is None or not _fits(slot, scene, amount):
        return None
    aftershock = slot == "magnitude" and _of_aftershock(scene.tokens, amount.at)
    return "aftershock magnitude" if aftershock else slot


def _nearest(roles: Sequence[Role], at: int, width: int) -> str | None:
    """The slot of the cheapest cue."""
    near = [*_right(roles, at + width), *_left(roles, at)]
    best = min(near, key=itemgetter(1), default=None)
    return best[0] if best and best[1] <= FARTHEST else None


def _right(roles: Sequence[Role], at: int) -> Iterable[tuple[str, float]]:
    cost = 0.0
    for n, each in enumerate(roles[at + 1 : at + 10], at + 1):
        if each.both and not (n > at + 1 and _of_the_next(roles, n)):
            yield each.both, cost
        elif each.after:
            yield each.after, cost + _WEAK
        cost += each.cost


def _of_the_next(roles: Sequence[Role], at: int) -> bool:
    """ "fired 40 rounds and arrested 3": a verb right before a number is of that number."""
    following = roles[at + 1].word if at + 1 < len(roles) else ""
    return following[:1].isdecimal() and roles[at].word.endswith("ed")


def _left(roles: Sequence[Role], at: int) -> Iterable[tuple[str, float]]:
    cost, led = 0.0, False
    for back in range(at - 1, max(-1, at - 30), -1):
        each = roles[back]
        led = led or (cost < 3 and each.leads)
        if cost > FARTHEST and not led:
            return
        # "the death toll from X rises to 9", "the number of those missing reaches 9"
        if each.toll and led and (slot := _near_toll(roles, back)):
            yield slot, min(cost, 1.5)
        if each.before:
            yield each.before, cost
        elif each.both:
            yield each.both, cost + (0.5 if led else 1.5)
        cost += each.cost


def _near_toll(roles: Sequence[Role], at: int) -> str | None:
    """What a toll or number counts: a cue one word before or up to six after."""
    around = (*roles[max(0, at - 1) : at], *roles[at + 1 : at + 7])
    slot = next((each.both or each.before for each in around if each.both or each.before), None)
    return slot or ("dead" if roles[at].word in ("toll", "opferzahl", "bilan") else None)


def _inherited(roles: Sequence[Role], at: int, found: Found) -> str | None:
    """ "94 dead in A and 18 in B": a number without a cue takes the slot of the one before."""
    if not found or at + 1 >= len(roles) or roles[at + 1].word not in ("in", "at", "en", "à"):
        return None
    last, figure = found[-1]
    joined = any(each.word in (",", "and", ";", "und", "y", "et") for each in roles[last + 1 : at])
    return figure["slot"] if joined else None


def _fits(slot: str, scene: Scene, amount: Amount) -> bool:
    """Whether the unit and the noun of a number are such that it can count for the slot."""
    if slot == "magnitude" and _counts_shocks(scene, amount):
        return False
    if _companions(slot, scene.roles, amount.at):
        return False
    behind = scene.roles[amount.at + amount.width + 1 :][:2]
    words = [each.word for each in behind]
    if slot in OF_PEOPLE:
        nouns = words if words and words[0] not in function_words(scene.language) else words[:1]
        return amount.unit is None and not any(map(_is_thing, nouns))
    if slot in OF_MONEY and amount.unit == "%":
        return False
    if slot in OF_SUMS and amount.unit is None and words:
        noun = words[0].isalpha() and words[0] not in function_words(scene.language)
        return not noun or slot in (behind[0].both, behind[0].before)
    return True


@lru_cache(maxsize=20_000)
def _is_thing(word: str) -> bool:
    return THINGS.fullmatch(word) is not None


def _counts_shocks(scene: Scene, amount: Amount) -> bool:
    """ "Two aftershocks, the stronger of magnitude 4.6", "une réplique": no magnitudes."""
    if amount.value <= 1:
        return True
    behind = scene.tokens[amount.at + 1 : amount.at + 2]
    before = scene.roles[amount.at - 1 : amount.at] if amount.at else ()
    named = any(each.both == "magnitude" or each.word == "of" for each in before)
    return amount.value.is_integer() and not named and any(_SHOCK.fullmatch(t[0]) for t in behind)


def _companions(slot: str, roles: Sequence[Role], at: int) -> bool:
    """ "He was arrested with two brothers": that makes three."""
    if at < 2 or roles[at - 1].word not in ("with", "alongside"):
        return False
    return any(each.both == slot for each in roles[max(0, at - 3) : at - 1])


def _of_aftershock(tokens: Sequence[Token], at: int) -> bool:
    """Whether the shock that a magnitude is of is a weaker one beside the quake.

    Its word stands right behind the number ("a 4.6 magnitude aftershock"), else before it.
    """
    shocks = [n for n, token in enumerate(tokens) if _SHOCK.fullmatch(token[0])]
    rest = range(at + 1, len(tokens))
    beside = next((n for n in rest if not _MAGNITUDE.fullmatch(tokens[n][0])), at)
    behind = [n for n in shocks if n == beside]
    before = [n for n in reversed(shocks) if n < at]
    near = [*behind, *before, *shocks][:1]
    return any(AFTERSHOCK.fullmatch(tokens[n][0]) for n in near)
