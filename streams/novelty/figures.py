"""Figures in a sentence: what is counted, the value, its bound and unit.

A number counts for the slot whose cue word stands nearest; dates, years, ages, durations,
ordinals and scores are no figures, nor are numbers that are feared, former or part of another.
"""

import re
from collections.abc import Sequence
from typing import Any

from text_to_num import alpha2digit

from streams.novelty.figure_words import (
    A_SCALE,
    AFTER_TOLL,
    AFTER_YEAR,
    BOUND_RES,
    DOUBTED,
    DOZEN,
    DOZENS,
    FORMER,
    GROUPS,
    IN,
    INSIDE_NAME,
    LANGUAGES,
    LONG,
    MARKS,
    MONEY,
    MONTHS,
    NOT_COUNTED,
    PART,
    PART_BEFORE,
    PERCENT,
    SCALE,
    SEGMENT,
    SMALL,
    TOKEN,
    TOLL,
    VAGUE,
    WRITTEN,
    cue,
)

MAX_FIGURES = 8  # of one sentence
FARTHEST = 11  # cost above which a cue is too far away

Json = dict[str, Any]
Token = re.Match[str]
Found = Sequence[tuple[int, Json]]


def with_digits(text: str, language: str) -> str:
    """``text`` with number words in digits: "twenty-one" -> "21", "a dozen" -> "12"."""
    text = VAGUE.sub("many", text)
    text = DOZEN.sub(lambda m: str(DOZENS.get((m["n"] or "").lower(), 12)), text)
    text = A_SCALE.sub(r"1 \1", text)
    if language not in LANGUAGES:
        return text
    # Digits with a scale stay as they are: the library takes "1.8 billion" apart.
    parts = WRITTEN.split(text)
    return "".join(part if n % 2 else _spelled(part, language) for n, part in enumerate(parts))


def _spelled(part: str, language: str) -> str:
    if not (body := part.strip()):
        return part
    lead = len(part) - len(part.lstrip())
    return part[:lead] + str(alpha2digit(body, language, 0)) + part[lead + len(body) :]


def number(text: str, language: str = "en") -> float:
    """The value of digits with separators, by their shape: 1,234 1.234 6.4 1,5."""
    plain = re.sub(r"[\u202f\u00a0 ]", "", text)
    groups = re.fullmatch(r"\d{1,3}((?:[.,]\d{3})+)", plain)
    point = "," if language in ("de", "es", "fr", "it", "pt", "nl") else "."
    if groups and (plain.count(point) == 0 or len(groups[1]) > 4):
        return float(re.sub(r"[.,]", "", plain))
    return float(plain.replace(",", "."))


def figures(text: str, language: str = "en") -> list[Json]:
    """The figures of one sentence: slot, value, and where known bound, unit, places, group."""
    if not may_hold_figure(text, language):
        return []
    text = with_digits(text, language)
    tokens = list(TOKEN.finditer(text))
    found: list[tuple[int, Json]] = []
    for at, token in enumerate(tokens):
        figure = _figure(text, tokens, at, found, language) if token["number"] else None
        if figure is not None and len(found) < MAX_FIGURES:
            found.append((at, figure))
    return [figure for _, figure in found]


def may_hold_figure(text: str, language: str = "en") -> bool:
    """A cheap first look: a digit, or a small number in words."""
    if any(map(text.__contains__, "0123456789")):
        return True
    if language == "de" and LONG.search(text):
        return True
    return not SMALL.isdisjoint(text.lower().translate(MARKS).split())


def _figure(
    text: str,
    tokens: Sequence[Token],
    at: int,
    found: Found,
    language: str,
) -> Json | None:
    token = tokens[at]
    unit, scale, width = _unit(tokens, at)
    before, after = text[: token.start()], text[tokens[at + width].end() :]
    if unit is None and _no_count(tokens, at, width, language):
        return None
    if _doubtful(before, after):
        return None
    slot = _slot(tokens, at, width, language) or _inherited(tokens, at, found)
    if slot is None:
        return None
    if slot == "dead" and re.match(r"\W*(?:more|others|additional)\b", after):
        return None
    value: Json = {"slot": slot, "value": round(number(token["number"], language) * scale, 4)}
    places = _places(tokens, at, width)
    extras = {
        "bound": _bound(before, after),
        "unit": unit,
        "places": places,
        "group": _group(tokens, at, width),
    }
    return value | {name: extra for name, extra in extras.items() if extra}


def _unit(tokens: Sequence[Token], at: int) -> tuple[str | None, float, int]:
    """(unit, scale, tokens that belong to the number after it)."""
    unit = MONEY.get(tokens[at - 1][0].lower()) if at else None
    scale, width = SCALE.get(tokens[at]["suffix"].lower(), 1.0), 0
    for step in (1, 2):
        word = tokens[at + step][0].lower() if at + step < len(tokens) else ""
        if word in SCALE and scale == 1.0:
            scale, width = SCALE[word], step
        elif word in MONEY and unit is None:
            unit, width = MONEY[word], step
        elif word in PERCENT and step == width + 1:
            unit, width = "%", step
        else:
            break
    return unit, scale, width


def _no_count(tokens: Sequence[Token], at: int, width: int, language: str) -> bool:
    """Whether the number is a date, year, age, duration, ordinal, score or name part."""
    token = tokens[at]
    digits = token["number"]
    if token["suffix"] and token["suffix"].lower() not in SCALE:
        return True
    before = tokens[at - 1][0] if at else ""
    following = tokens[at + width + 1][0] if at + width + 1 < len(tokens) else ""
    if following in ("-", "–") and at + width + 2 < len(tokens):
        following = tokens[at + width + 2][0]
        if following.isdigit() or before in ("-", "–"):
            return True
    if before in ("–", "/") or (before == "-" and len(digits) < 3):
        return True
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", digits) and not cue(following.lower(), language)[0]:
        noun = following.islower() and following not in AFTER_YEAR
        if not noun:
            return True
    if digits == "1" and following.lower() == "of":
        return True
    return bool(
        NOT_COUNTED.fullmatch(following) or MONTHS.fullmatch(before) or MONTHS.fullmatch(following)
    )


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
        toll = bool(TOLL.fullmatch(word)) and led
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
    return next((name for name, words in BOUND_RES if words.search(before.rstrip("$€£¥ "))), None)


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
    heads = [n for n in range(max(0, at - 14), at) if TOLL.fullmatch(tokens[n][0])]
    if heads:
        near += tokens[heads[-1] : heads[-1] + 5]
    return next((t[0].lower() for t in near if GROUPS.fullmatch(t[0])), None)
