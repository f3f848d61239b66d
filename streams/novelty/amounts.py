"""Numbers of a sentence that count or measure something, with their unit."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from text_to_num import alpha2digit

from streams.novelty.figure_words import (
    A_SCALE,
    AFTER_YEAR,
    DIGITS,
    DOZEN,
    DOZENS,
    IN,
    LANGUAGES,
    LONG,
    MONEY,
    MONTHS,
    NOT_COUNTED,
    PERCENT,
    SCALE,
    SCALED_HEAD,
    TOKEN,
    VAGUE,
    WRITTEN,
    cue,
)
from streams.novelty.signs import signs
from streams.novelty.vocabulary import function_words
from streams.text.remembered import Remembered

Token = re.Match[str]
LONGEST = 24  # characters of a number, separators among them
GREATEST = 1e15
OLDEST = 110  # years of a person
_SEPARATOR, _SPACE = re.compile(r"[.,]"), re.compile(r"[\u202f\u00a0 ]")
_GROUPED = re.compile(r"\d{1,3}((?:[.,]\d{3})+)")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_ROMANCE = frozenset(("es", "fr", "pt", "it"))
_PER_CENT = re.compile(r"\b(?:por cien(?:to)?|pour cent|por cento|per cento)\b", re.I)
_EXTENT = re.compile("into|onto|beneath|apart|deep|long|wide|tall|under(?:ground|water)")
_FAR = re.compile("from|down|below|above|away|high")  # where something moved: money goes there too
_MOVED = frozenset(
    """fell fall falls falling plunged plunges plunge plunging dropped drops tumbled tumbles slid
    rolled crashed sank sinks rose rises climbed climbs hurled thrown dragged swept carried stood
    stands landed""".split()
)
_PER = re.compile(r"(?:a|per|each|pro|je|por) ?(?:share|head|hour|day|year|month|aktie|acción)?")


class Amount(NamedTuple):
    """A number at token ``at``; its scale and unit take the ``width`` tokens behind it."""

    at: int
    width: int
    value: float
    unit: str | None


def with_digits(text: str, language: str) -> str:
    """``text`` with number words in digits: "twenty-one" -> "21", "a dozen" -> "12"."""
    if "scale" in signs(text):
        text = VAGUE.sub("many", text)
        text = DOZEN.sub(lambda m: str(DOZENS.get((m["n"] or "").lower(), 12)), text)
        text = A_SCALE.sub(r"1 \1", text)
    if language not in LANGUAGES:
        return text
    if language in _ROMANCE:
        text = _PER_CENT.sub("%", text)
    if not any(map(_may_spell(language).__getitem__, text.split())):
        return text
    # Digits with a scale stay as they are: the library takes "1.8 billion" apart.
    parts = WRITTEN.split(text)
    return "".join(part if n % 2 else _spelled(part, language) for n, part in enumerate(parts))


def _spelled(part: str, language: str) -> str:
    if not any(map(_is_number(language).__getitem__, part.split())):
        return part
    body = part.strip()
    lead = len(part) - len(part.lstrip())
    return part[:lead] + str(alpha2digit(body, language, 0)) + part[lead + len(body) :]


@lru_cache(maxsize=16)
def _is_number(language: str) -> Remembered[bool]:
    """Whether a number in words may hold a word; without such a one nothing is spelled."""
    return Remembered(lambda word: bool(alpha2digit(word, language, 0) != word))


@lru_cache(maxsize=16)
def _may_spell(language: str) -> Remembered[bool]:
    """Whether a word is such a one, or a part of it that ``WRITTEN`` leaves."""
    is_number = _is_number(language)

    def make(word: str) -> bool:
        pieces = [*DIGITS.split(word), *DIGITS.split(SCALED_HEAD.sub("", word))]
        return any(map(is_number.__getitem__, pieces))

    return Remembered(make)


@lru_cache(maxsize=20_000)
def number(text: str, language: str = "en") -> float:
    """The value of digits with separators, by their shape: 1,234 1.234 6.4 1,5."""
    plain = _SPACE.sub("", text)
    groups = _GROUPED.fullmatch(plain)
    point = "," if language in ("de", "es", "fr", "it", "pt", "nl") else "."
    if groups and (plain.count(point) == 0 or len(groups[1]) > 4):
        return float(_SEPARATOR.sub("", plain))
    return float(plain.replace(",", "."))


def _value(digits: str, scale: float, language: str) -> float | None:
    """The value of a number, four digits behind the point; None where it can count nothing."""
    if len(digits) > LONGEST:
        return None
    value = number(digits, language) * scale
    return round(value, 4) if math.isfinite(value) and value <= GREATEST else None


def may_hold_amount(text: str, language: str = "en") -> bool:
    """A cheap first look: a digit, or a small number in words."""
    if any(map(text.__contains__, "0123456789")):
        return True
    if language == "de" and LONG.search(text):
        return True
    return "number" in signs(text)


def amounts(text: str, language: str) -> tuple[list[Token], list[Amount]]:
    """The tokens of a text in digits, and its numbers but for dates, ages, scores and the like."""
    tokens = list(TOKEN.finditer(text))
    found: list[Amount] = []
    for at, token in enumerate(tokens):
        if token.lastindex is not None:  # it has a group: a number
            unit, scale, width = _unit(tokens, at)
            if unit is not None or not _no_count(tokens, at, width, language):
                value = _value(token["number"], scale, language)
                if value is not None:
                    found.append(Amount(at, width, value, unit))
    return tokens, found


def _unit(tokens: Sequence[Token], at: int) -> tuple[str | None, float, int]:
    """(unit, scale, tokens that belong to the number after it)."""
    before = tokens[at - 1] if at else None
    close = before and not before.string[before.end() : tokens[at].start()].strip()
    unit = MONEY.get(before[0].lower()) if before and close else None
    scale, width = SCALE.get(tokens[at]["suffix"].lower(), 1.0), 0
    for step in (1, 2, 3):
        word = tokens[at + step][0].lower() if at + step < len(tokens) else ""
        if word in SCALE and scale == 1.0:
            scale, width = SCALE[word], step
        elif word == "de" and step == width + 1 and width:
            continue  # "2 millones de euros"
        elif word in MONEY and unit is None:
            unit, width = MONEY[word], step
        elif word in PERCENT and step == width + 1:
            unit, width = "%", step
        elif word == "per" and tokens[at + step + 1 : at + step + 2]:
            if tokens[at + step + 1][0].lower() == "cent":
                unit, width = "%", step + 1
            break
        else:
            break
    if unit and unit != "%":
        unit += _per(tokens[at + width + 1 : at + width + 3])
    return unit, scale, width


def _per(behind: Sequence[Token]) -> str:
    """A price for one piece is no price for the whole: "43.50 crowns a share"."""
    words = " ".join(token[0].lower() for token in behind)
    return "/" + words.split()[-1] if _PER.fullmatch(words) and " " in words else ""


def _digits(tokens: Sequence[Token], at: int) -> bool:
    return (
        at < len(tokens)
        and bool(tokens[at]["number"])
        and tokens[at - 1].end() == (tokens[at].start())
    )


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
    touches = at > 0 and tokens[at - 1].end() == token.start()
    if touches and (before in ("–", "/", ":") or (before == "-" and len(digits) < 3)):
        return True
    if following == ":" and token.end() == tokens[at + 1].start() and _digits(tokens, at + 2):
        return True
    if _YEAR.fullmatch(digits) and not cue(following.lower(), language)[0]:
        noun = following.islower() and following not in AFTER_YEAR
        if not noun:
            return True
    if digits == "1" and following.lower() == "of":
        return True
    if _is_age(tokens, at, language) or _is_length(tokens, at):
        return True
    return bool(
        NOT_COUNTED.fullmatch(following) or MONTHS.fullmatch(before) or MONTHS.fullmatch(following)
    )


def _is_age(tokens: Sequence[Token], at: int, language: str) -> bool:
    """ "Ada Norr, 32, was held", "Ada Norr (32)": no count, unless it names a place or a day."""
    token = tokens[at]
    text, start, end = token.string, token.start(), token.end()
    enclosed = text[start - 1 : start] + text[end : end + 1] == "()"
    last = at - 1 if enclosed else at - 2
    if not (enclosed or (text[max(0, start - 2) : start] == ", " and text[end : end + 1] == ",")):
        return False
    if last < 0 or not token["number"].isdecimal() or int(token["number"]) > OLDEST:
        return False
    first = last
    while first >= 0 and tokens[first][0][0].isupper() and tokens[first][0].lower() not in IN:
        first -= 1
    if first >= 0 and tokens[first][0].lower() in IN:
        return False
    return any(_may_name(token[0], language) for token in tokens[first + 1 : last + 1])


def _may_name(word: str, language: str) -> bool:
    """Whether a word with a capital may name a person; "On Monday, 12, all miners" has none."""
    return not MONTHS.fullmatch(word) and word.lower() not in function_words(language)


def _is_length(tokens: Sequence[Token], at: int) -> bool:
    """ "A bus fell 60m into a ravine": metres, no millions, unless another number follows."""
    behind = [token[0] for token in tokens[at + 1 : at + 3]]
    if tokens[at]["suffix"] != "m" or not behind:
        return False
    moved = any(token[0].lower() in _MOVED for token in tokens[max(0, at - 3) : at])
    far = _EXTENT.fullmatch(behind[0]) or (moved and _FAR.fullmatch(behind[0]))
    return bool(far) and not any(word[0].isdecimal() or word in MONEY for word in behind)
