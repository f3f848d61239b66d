"""Figures in a sentence: what is counted, the value, its bound and unit.

A number counts for the slot whose cue word stands nearest; dates, years, ages, durations and
ordinals are no figures, nor are numbers that are feared, former or part of another.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from streams.novelty.amounts import Amount, Token, amounts, may_hold_amount, with_digits
from streams.novelty.captivity import ALL, OF_A_WHOLE, captivity, none_left
from streams.novelty.cues import Found, Scene, scene_of, slot_of
from streams.novelty.figure_words import (
    BOUND_ENDS,
    BOUND_RES,
    BOUND_STEMS,
    CLAUSE_BEFORE,
    DOUBTED,
    FORMER,
    IN,
    INSIDE_NAME,
    LONG_AGO,
    MONTHS,
    PART,
    PART_BEFORE,
    SEGMENT,
    SPAN,
    Role,
)
from streams.novelty.open_figures import formers, open_figure
from streams.novelty.ranges import counted
from streams.novelty.scores import scores

_NEAR = 40  # characters before a number that may bound it
MAX_FIGURES = 8  # of one sentence
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CLAUSE_AFTER = re.compile(r"[;,](?=\s)|\b(?:while|and|but)\b")
_ALONE_BEFORE = re.compile(r"[;,](?=\s)|\b(?:with|while)\b")
_ALONE = re.compile(r"\balone\b")
_FORMER_AFTER = re.compile(r"\byears? ago\b|\b(?:earlier|last year|previously)\W*$")
_YEARS_AFTER = re.compile(r"years? after .*$")
_MORE = re.compile(r"\W*(?:more|others|additional)\b")

Json = dict[str, Any]


def figures(text: str, language: str = "en") -> list[Json]:
    """The figures of one sentence: slot, value, and where known bound, unit, places, group.

    A figure that has no word of its own has the noun it counts for a slot, and is ``open``.
    """
    if not may_hold_amount(text, language):
        return []
    text = with_digits(text, language)
    tokens, read = amounts(text, language)
    contest = scores(text, language)
    for start, end, _ in contest:
        read = [each for each in read if not start <= tokens[each.at].start() < end]
    read = counted(text, tokens, read)
    told = [each.row for each in contest] + none_left(text)
    if not read:
        return told
    old = formers(text, tokens, read, language)
    scene = scene_of(text, tokens, language)
    found: list[tuple[int, Json]] = []
    for amount in read[:MAX_FIGURES]:
        if amount.at in old.values():
            continue
        row = _figure(scene, amount, found)
        if row is None:
            row = open_figure(scene, amount)
        if row is not None:
            if amount.at in old:
                row["former"] = _value(read, old[amount.at])
            found.append((amount.at, row))
    return [figure for _, figure in found] + told


def overfull(text: str, language: str = "en") -> bool:
    """Whether a sentence has more amounts than ``figures`` reads."""
    if len(_NUMBER.findall(text)) <= MAX_FIGURES:
        return False
    return len(amounts(text, language)[1]) > MAX_FIGURES


def _value(read: Iterable[Amount], at: int) -> float:
    return next(amount.value for amount in read if amount.at == at)


def _figure(scene: Scene, amount: Amount, found: Found) -> Json | None:
    text, tokens, roles, seen, _ = scene
    at, width = amount.at, amount.width
    before, after = text[: tokens[at].start()], text[tokens[at + width].end() :]
    captive = "captive" in seen
    held = captivity(before, after) if captive else None
    if captive and OF_A_WHOLE.search(before):
        return None
    if _doubtful(before, after if held != "freed" else ALL.sub("", after), seen):
        return None
    slot = held or slot_of(scene, amount, found)
    if slot is None:
        return None
    if slot == "dead" and _MORE.match(after):
        return None
    value: Json = {"slot": slot, "value": amount.value}
    extras = {
        "bound": _bound(before, after),
        "unit": amount.unit,
        "places": _places(tokens, roles, at, width),
        "group": _group(roles, at, width),
        "span": "span" in seen and _is_span(before, after),
    }
    return value | {name: extra for name, extra in extras.items() if extra}


def _doubtful(before: str, after: str, seen: frozenset[str]) -> bool:
    """Feared, former, or part of another figure; ``seen`` are the signs of the sentence."""
    return bool(
        ("fear" in seen and DOUBTED.search(CLAUSE_BEFORE.split(before)[-1]))
        or ("former" in seen and _is_former(before, after))
        or (
            "part" in seen
            and (PART.search(_CLAUSE_AFTER.split(after, 1)[0]) or PART_BEFORE.search(before))
        )
        or ("alone" in seen and _ALONE.search(_ALONE_BEFORE.split(after, 1)[0]))
    )


def _is_former(before: str, after: str) -> bool:
    clause = CLAUSE_BEFORE.split(before)[-1]
    return bool(
        FORMER.search(clause)
        or LONG_AGO.search(before)
        or _FORMER_AFTER.search(_CLAUSE_AFTER.split(after, 1)[0])
        or _YEARS_AFTER.search(clause)
    )


def _is_span(before: str, after: str) -> bool:
    return bool(SPAN.search(CLAUSE_BEFORE.split(before)[-1] + _CLAUSE_AFTER.split(after, 1)[0]))


def _bound(before: str, after: str) -> str | None:
    if after.startswith("+"):
        return "at least"
    near = before[-_NEAR:].rstrip("$€£¥ ")
    lower = near.lower().rstrip()
    if not (lower.endswith(BOUND_ENDS) or any(map(lower.__contains__, BOUND_STEMS))):
        return None
    return next((name for name, words in BOUND_RES if words.search(near)), None)


def _places(tokens: Sequence[Token], roles: Sequence[Role], at: int, width: int) -> list[str]:
    """Lower-case names after "in" or "at": behind the number, else before it in its segment."""
    reach = slice(at + width + 1, at + width + 14)
    if behind := _in_names(tokens[reach], roles[reach]):
        return behind
    start = next((n for n in range(at - 1, -1, -1) if _ends_segment(tokens[n])), -1)
    return _in_names(tokens[start + 1 : at], roles[start + 1 : at])


def _ends_segment(token: Token) -> bool:
    return token.lastindex is not None or token[0] in SEGMENT


def _in_names(tokens: Sequence[Token], roles: Sequence[Role]) -> list[str]:
    places: list[str] = []
    if IN.isdisjoint([each.word for each in roles]):
        return places
    after = False
    for token, each in zip(tokens, roles, strict=True):
        if _ends_segment(token):
            break
        if after and token[0][0].isupper() and not MONTHS.fullmatch(token[0]):
            places.append(each.word)
        elif each.word in IN:
            after = True
        elif each.word not in INSIDE_NAME:
            after = False
    return places


def _group(roles: Sequence[Role], at: int, width: int) -> str | None:
    """Whom the number is limited to: "12 soldiers", "the number of officers killed reaches 12"."""
    # "19 people, police said": who gives it is behind the comma
    near = takewhile(
        lambda each: each.word not in (",", ";"), roles[at + width + 1 : at + width + 4]
    )
    head = next((n for n in range(at - 1, max(0, at - 14) - 1, -1) if roles[n].toll), None)
    toll = roles[head : head + 5] if head is not None else ()
    return next((each.word for each in (*near, *toll) if each.group), None)
