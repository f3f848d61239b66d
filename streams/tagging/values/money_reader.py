"""Where a sum of money ends in a text, and its numbers: one reader for finding and for values."""

import re
from decimal import Decimal
from typing import NamedTuple

from streams.tagging.values.numerals import NUMBER, SPACES, decimal, in_words, scaled
from streams.tagging.values.tables import (
    DOTTED_SPANISH,
    HUNDREDTHS,
    LINKS,
    LOOSE,
    NEVER,
    ONES,
    SIGNS,
    WORDLIKE,
)
from streams.tagging.values.words import Words, codes, words

_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=lambda sign: (-len(sign), sign)))
_SPACED = r"(?:COP|US|U\.S\.|U\. S\.|AU?|CA?|HK|S|NZ|NT?|MX|R)"  # in text that a machine spaced out
_HEAD = re.compile(
    rf"(?:(?P<sign>{_SPACED} [$]|{_SIGN}|[A-Z]{{3}})(?:(?<=Rs|Dh|Tk|Sh)\.)?[{SPACES}]?)?"
    rf"(?P<low>{NUMBER})"
    rf"(?:(?:[{SPACES}]?[-–][{SPACES}]?|[-–][$€£])(?P<high>{NUMBER}))?"
)
_SCALE = re.compile(rf"(?P<gap>[{SPACES}-]| - )?(?P<word>[^\W\d_]{{1,14}})(?!\w)")
_PART = r"(?:U\. S\.|[A-Z]\.[A-Z]\.|[^\W\d_]{1,20}(?:-[^\W\d_]{2,14}(?!-))?)"
_UNIT = re.compile(
    rf"(?:[{SPACES}-]| - )?(?:(?:of|de|di|von)[ ]|d['’])?"
    rf"(?P<one>{_PART})(?:(?P<two>[{SPACES}]{_PART})(?P<three>[ ]{_PART})?)?"
)
_BEHIND = re.compile(rf"[{SPACES}]?(?P<sign>{_SIGN}|[A-Z]{{3}})(?!\w)")
_SPELLED = re.compile(r"[^\W\d_]{1,24}")
_GAP = re.compile(r"[ -]| - ")
_SPACES = re.compile(rf"[{SPACES}'’]")
_DOLLARS = ("dollar", "dollars", "peso", "pesos")
_SIGNS_BEHIND = frozenset(("zł", "Kč", "Rs"))
_LONGEST = 9  # words of a number
_WIDE = 3  # "2 won" is a result
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class Sum(NamedTuple):
    """A sum as read: where it ends, its numbers and what it is counted in."""

    end: int
    low: Decimal | None  # None: "several million"
    high: Decimal | None
    unit: str  # a code, a sign or a name that the country decides on


def read_money(text: str, start: int, language: str, country: str = "") -> Sum | None:
    """The sum that begins at ``start``; ``None`` if none does."""
    known = words(language)
    first = _SPELLED.match(text, start)
    if first and first[0].lower() in known.numbers and (found := _read_words(text, start, known)):
        return found
    return _read_digits(text, start, known, _comma(known, country))


def _comma(known: Words, country: str) -> bool:
    return known.comma and not (known.language == "es" and country in DOTTED_SPANISH)


def _read_digits(text: str, start: int, known: Words, comma: bool) -> Sum | None:
    head = _HEAD.match(text, start)
    if head is None:
        return None
    sign = head["sign"]
    if sign is not None and not _is_sign(sign, head["low"], text, head.end(), known):
        return None
    end, power, loose = _scale(text, head.end(), known, signed=sign is not None)
    if sign and end == head.end() and text[end : end + 1].isalpha():  # R2P
        return None
    unit = _SIGN_OF.get(sign, sign) if sign else None
    if sign is None:
        number = "" if power else head["low"]
        behind = _name_after(text, end, known, number) or _sign_after(text, end, loose)
        if behind is None and power and text.startswith(". ", end):  # 5 Mio. Euro
            behind = _name_after(text, end + 1, known, number)
        unit, end = behind or (None, end)
    elif sign[-1] == "$" and (more := _name_after(text, end, known, head["low"])):
        name = _SPACES.sub(" ", text[end : more[1]]).lower()
        if name.endswith(_DOLLARS):  # $5 million dollars, $5 pesos
            unit, end = (more[0] if unit == "$" else unit), more[1]
    if unit is None:
        return None
    low = decimal(head["low"], comma)
    high = decimal(head["high"], comma) if head["high"] else None
    if low is None or (head["high"] and high is None):
        return Sum(end, None, None, unit)
    if high is not None and high < low:  # $900-$1.2 million: the scale is of the second one
        return Sum(end, low, scaled(high, power), unit)
    return Sum(end, scaled(low, power), high and scaled(high, power), unit)


def _is_sign(sign: str, number: str, text: str, end: int, known: Words) -> bool:
    """Three capitals are a currency only if they are one and no word; R and QR in English."""
    if sign in _SIGN_OF:
        if sign.isalpha() and known.language != "en":
            return False
    elif sign not in codes() or sign in NEVER:
        return False
    if sign not in WORDLIKE or (len(number) >= WORDLIKE[sign] and not _YEAR.fullmatch(number)):
        return True
    return _scale(text, end, known, signed=True)[1] > 0


def _scale(text: str, at: int, known: Words, *, signed: bool) -> tuple[int, int, bool]:
    """(end, power of ten, whether only a unit behind makes a scale of it); two may follow."""
    power, loose = 0, False
    for _ in range(2):
        found = _SCALE.match(text, at)
        if found is None:
            break
        word = found["word"].lower()
        given = known.scales.get(word)
        if given is None or (word in LOOSE and found["gap"] and not signed and power):
            break
        loose = loose or (word in LOOSE and bool(found["gap"]))
        power, at = power + given, found.end("word")
    return at, power, loose


def _name_after(text: str, at: int, known: Words, number: str) -> tuple[str, int] | None:
    """(unit, end) of the longest name of a currency there."""
    found = _UNIT.match(text, at)
    if found is None:
        return None
    begin = found.start("one")
    hyphen = text.find("-", begin, found.end("one"))
    ends = [found.end(part) for part in ("three", "two", "one") if found[part]]
    for end in [*ends, hyphen] if hyphen > 0 else ends:
        name = _SPACES.sub(" ", text[begin:end]).lower()
        unit = known.units.get(name)
        if unit and not (name == "won" and number.isdigit() and len(number) < _WIDE):
            return (name if unit == "?" or name in HUNDREDTHS else unit), end
    return None


def _sign_after(text: str, at: int, loose: bool) -> tuple[str, int] | None:
    found = _BEHIND.match(text, at)
    name = found["sign"] if found else ""
    if found and name in _SIGN_OF and (not name.isalpha() or name in _SIGNS_BEHIND):
        return _SIGN_OF[name], found.end()
    if found and not loose and name in codes() and name not in NEVER:
        return name, found.end()
    return None


def _read_words(text: str, start: int, known: Words) -> Sum | None:
    """A sum in words: "half a million dollars", "drei Millionen Euro"."""
    parts: list[str] = []
    ends = [start]
    at = start
    while len(parts) < _LONGEST:
        found = _SPELLED.match(text, at)
        word = found[0].lower() if found else ""
        if not found or not (word in known.numbers or word in known.scales or word in LINKS):
            break
        if word in LOOSE:
            break
        parts.append(word)
        ends.append(found.end())
        gap = _GAP.match(text, found.end())
        at = gap.end() if gap else found.end()
        if gap is None:
            break
    while parts and parts[-1] in LINKS:  # "millions of", "millones de"
        parts.pop()
        ends.pop()
    if not parts or parts[0] not in known.numbers or (len(parts) == 1 and parts[0] in ONES):
        return None
    behind = _name_after(text, ends[-1], known, "")
    return Sum(behind[1], in_words(parts, known), None, behind[0]) if behind else None


_SIGN_OF = SIGNS | {f"{sign[:-1]} $": code for sign, code in SIGNS.items() if sign[-1] == "$"}
_SIGN_OF["U. S. $"] = "USD"
