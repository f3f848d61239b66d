"""Figures in a sentence: what is counted, the value, its bound and unit.

A number counts for the slot whose cue word stands nearest; dates, years, ages, durations,
ordinals and scores are no figures, nor are numbers that are feared, former or part of another.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from streams.novelty.amounts import Amount, Token, amounts, may_hold_amount, with_digits
from streams.novelty.captivity import captivity, none_left
from streams.novelty.figure_words import (
    AFTER_TOLL,
    BOUND_RES,
    DOUBTED,
    FORMER,
    GROUPS,
    IN,
    INSIDE_NAME,
    MONTHS,
    PART,
    PART_BEFORE,
    SEGMENT,
    cue,
    is_toll,
)
from streams.novelty.open_figures import formers, open_figure

_NEAR = 40  # characters before a number that may bound it
MAX_FIGURES = 8  # of one sentence
FARTHEST = 11  # cost above which a cue is too far away

Json = dict[str, Any]
Found = Sequence[tuple[int, Json]]


def figures(text: str, language: str = "en") -> list[Json]:
    """The figures of one sentence: slot, value, and where known bound, unit, places, group.

    A figure that has no word of its own has the noun it counts for a slot, and is ``open``.
    """
    if not may_hold_amount(text, language):
        return []
    text = with_digits(text, language)
    tokens, read = amounts(text, language)
    old = formers(text, tokens, read, language)
    found: list[tuple[int, Json]] = []
    for amount in read[:MAX_FIGURES]:
        if amount.at in old.values():
            continue
        row = _figure(text, tokens, amount, found, language)
        if row is None:
            row = open_figure(text, tokens, amount, language)
        if row is not None:
            if amount.at in old:
                row["former"] = _value(read, old[amount.at])
            found.append((amount.at, row))
    return [figure for _, figure in found] + none_left(text)


def _value(read: Iterable[Amount], at: int) -> float:
    return next(amount.value for amount in read if amount.at == at)


def _figure(
    text: str, tokens: Sequence[Token], amount: Amount, found: Found, language: str
) -> Json | None:
    at, width = amount.at, amount.width
    before, after = text[: tokens[at].start()], text[tokens[at + width].end() :]
    if _doubtful(before, after):
        return None
    slot = captivity(before, after) or _slot(tokens, at, width, language)
    slot = slot or _inherited(tokens, at, found)
    if slot is None:
        return None
    if slot == "dead" and re.match(r"\W*(?:more|others|additional)\b", after):
        return None
    value: Json = {"slot": slot, "value": amount.value}
    extras = {
        "bound": _bound(before, after),
        "unit": amount.unit,
        "places": _places(tokens, at, width),
        "group": _group(tokens, at, width),
    }
    return value | {name: extra for name, extra in extras.items() if extra}


def _doubtful(before: str, after: str) -> bool:
    """Feared, former, or part of another figure."""
    clause = re.split(r"[;:,](?=\s)|\b(?:while|and|but)\b", before)[-1]
    rest = re.split(r"[;,](?=\s)|\b(?:while|and|but)\b", after)[0]
    return bool(
        DOUBTED.search(clause)
        or FORMER.search(clause)
        or re.search(r"\byears? ago\b|\b(?:earlier|last year|previously)\W*$", rest)
        or PART.search(rest)
        or PART_BEFORE.search(before)
        or re.search(r"\balone\b", re.split(r"[;,](?=\s)|\b(?:with|while)\b", after)[0])
        or re.search(r"years? after .*$", clause)
    )


def _slot(tokens: Sequence[Token], at: int, width: int, language: str) -> str | None:
    """The slot of the cheapest cue."""
    best: tuple[float, str] | None = None
    for slot, cost in (*_right(tokens, at + width, language), *_left(tokens, at, language)):
        if cost <= FARTHEST and (best is None or cost < best[0]):
            best = (cost, slot)
    return best[1] if best else None


def _step_cost(token: Token) -> float:
    word = token[0].lower()
    if token["number"]:
        return 6.0
    if word in (",", ";", ":", "–", "—"):
        return 3.0
    return 2.0 if word in ("and", "while", "with", "but", "und", "y", "et") else 1.0


def _right(tokens: Sequence[Token], at: int, language: str) -> list[tuple[str, float]]:
    cost, found = 0.0, []
    for token in tokens[at + 1 : at + 10]:
        both, _ = cue(token[0].lower(), language)
        if both:
            found.append((both, cost))
        cost += _step_cost(token)
    return found


def _left(tokens: Sequence[Token], at: int, language: str) -> list[tuple[str, float]]:
    cost, found, led = 0.0, [], False
    for back in range(at - 1, max(-1, at - 30), -1):
        word = tokens[back][0].lower()
        led = led or (cost < 3 and bool(AFTER_TOLL.fullmatch(word)))
        both, before = cue(word, language)
        toll = bool(is_toll(word)) and led
        if toll:
            # "the death toll from X rises to 9", "the number of those missing reaches 9"
            slot = _near_toll(tokens, back, language)
            if slot:
                found.append((slot, min(cost, 1.5)))
        if before:
            found.append((before, cost))
        elif both:
            found.append((both, cost + (0.5 if led else 1.5)))
        cost += _step_cost(tokens[back])
    return found


def _near_toll(tokens: Sequence[Token], at: int, language: str) -> str | None:
    """What a toll or number counts: a cue one word before or up to six after."""
    around = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 7]]
    slots = (cue(token[0].lower(), language) for token in around)
    slot = next((both or before for both, before in slots if both or before), None)
    return slot or ("dead" if tokens[at][0].lower() in ("toll", "opferzahl", "bilan") else None)


def _inherited(tokens: Sequence[Token], at: int, found: Found) -> str | None:
    """ "94 dead in A and 18 in B": a number without a cue takes the slot of the one before."""
    if not found or at + 1 >= len(tokens):
        return None
    last, figure = found[-1]
    between = [token[0].lower() for token in tokens[last + 1 : at]]
    joined = any(word in (",", "and", ";", "und", "y", "et") for word in between)
    return (
        figure["slot"] if joined and tokens[at + 1][0].lower() in ("in", "at", "en", "à") else None
    )


def _bound(before: str, after: str) -> str | None:
    if after.startswith("+"):
        return "at least"
    near = before[-_NEAR:].rstrip("$€£¥ ")
    return next((name for name, words in BOUND_RES if words.search(near)), None)


def _places(tokens: Sequence[Token], at: int, width: int) -> list[str]:
    """Lower-case names after "in" or "at": behind the number, else before it in its segment."""
    behind = _in_names(tokens[at + width + 1 : at + width + 14])
    if behind:
        return behind
    start = max((n for n in range(at) if _ends_segment(tokens[n])), default=-1)
    return _in_names(tokens[start + 1 : at])


def _ends_segment(token: Token) -> bool:
    return bool(token["number"]) or token[0] in SEGMENT


def _in_names(tokens: Sequence[Token]) -> list[str]:
    places: list[str] = []
    after = False
    for token in tokens:
        word = token[0]
        if _ends_segment(token):
            break
        if word[:1].isupper() and after and not MONTHS.fullmatch(word):
            places.append(word.lower())
        elif word.lower() in IN:
            after = True
        elif word.lower() not in INSIDE_NAME:
            after = False
    return places


def _group(tokens: Sequence[Token], at: int, width: int) -> str | None:
    """Whom the number is limited to: "12 soldiers", "the number of officers killed reaches 12"."""
    near = list(tokens[at + width + 1 : at + width + 4])
    heads = [n for n in range(max(0, at - 14), at) if is_toll(tokens[n][0])]
    if heads:
        near += tokens[heads[-1] : heads[-1] + 5]
    return next((t[0].lower() for t in near if GROUPS.fullmatch(t[0])), None)
