"""What a date looks like, by language: one expression each, tried where a token may begin one."""

import re
from collections.abc import Iterable
from functools import lru_cache

from streams.tagging.values.tables import ROMAN
from streams.tagging.values.words import Words, words

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[5-9]|20)\d\d"
_FULL_YEAR = r"(?:1[5-9]\d\d|2[01]\d\d)"  # beside a day and a month in digits
# Any year may follow a day and a month, if it counts no people or tonnes.
_ANY_YEAR = r"[1-9]\d{3}(?! (?:million|percent|per cent|km|[a-z]{3,}s\b))"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"


def _behind(known: str) -> str:
    return "(?:" + "|".join(rf"(?<=\b{word} )" for word in known.split()) + ")"


_ENGLISH = re.compile(
    rf"\b(?:{_WEEKDAY},? )?(?:the )?{_DAY}(?: ?[-–] ?{_DAY})?(?: of)? {_MONTH}(?:,? {_ANY_YEAR})?\b"
    rf"|\b(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?: to {_DAY}(?! {_MONTH})|(?: ?[-–] ?{_DAY}))?"
    rf"(?:,? {_ANY_YEAR})?\b(?![.,]\d)"
    rf"|\b(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?:,? {_ANY_YEAR})?\b(?![.,]\d)"
    rf"|\b{_MONTH}(?:,| of)? {_YEAR}\b"
    rf"|\b{_FULL_YEAR}-\d\d-\d\d\b"
    rf"|\b\d{{1,2}}([./])\d{{1,2}}\1{_FULL_YEAR}\b(?![.]\d)"
    rf"|\b{_YEAR}[/–-](?:{_YEAR}|\d\d)\b"
    rf"|\b{_YEAR}-\d\b(?!-)"
    rf"|\b{_YEAR}s?\b(?! ?(?:people|million|%|percent|per cent|km|metres|meters|tonnes))(?![.,]?\d)"
    rf"|{_behind('[Ii]n [Ss]ince [Uu]ntil [Aa]round [Yy]ear')}1[0-4]\d\d\b"
    r"(?! (?:[a-z]{3,}s|km|people|million|per)\b)(?![.,]?\d)"
    rf"|\b{_WEEKDAY}s?\b"
    r"|\b\d{1,2}(?:st|nd|rd|th) century\b"
    r"|\b(?:January|February|April|June|July|August|September|October|November|December)\b"
    # March and May are words too: only behind a word that a month follows.
    rf"|{_behind('[Ii]n [Bb]y [Ll]ast [Ss]ince [Nn]ext [Ll]ate [Ee]arly [Ff]rom [Uu]ntil [Oo]f')}"
    r"(?:March|May)\b"
)
_ENGLISH_NAMES = frozenset(
    "January February March April May June July August September October November December Jan Feb "
    "Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday "
    "Sunday Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays".split()
)

# Words that a year counts, so that it is none.
_COUNTED = (
    "menschen|euro|meter|prozent|tonnen|stück|millionen|personas|euros|dólares|metros|kilómetros"
    "|millones|por ciento|toneladas|personnes|mètres|millions|pour cent|tonnes|hommes|persone|metri"
    "|milioni|pessoas|milhões|mensen|miljoen|procent|человек|рублей|долларов|тысяч|млн|метров"
    "|километров|тонн|км|km|kg|m²|%"
)
_CENTURY = {
    "de": r"\d{1,2}\. Jahrhunderts?",
    "es": r"siglo [IVX]{1,5}",
    "fr": r"[IVX]{1,5}e siècle",
    "it": r"[IVX]{1,5} secolo",
    "pt": r"século [IVX]{1,5}",
    "nl": r"\d{1,2}e eeuw",
    "ru": r"[IVX]{1,5}(?:-го)? век[ае]?",
}
_DECADE = {
    "de": r"\d{3}0er(?:(?: |-)Jahren?)?",
    "es": r"años \d{3}0",
    "fr": r"années \d{3}0",
    "pt": r"anos \d{3}0",
    "ru": r"\d{3}0-х(?: год\w*)?",
}
_TO = {
    "de": "bis|und|bis zum",
    "es": "al|a|y",
    "fr": "au|et",
    "it": "al|e",
    "pt": "a|e",
    "nl": "tot|en|t/m",
    "ru": "по|и|до",
}
_YEAR_WORD = r"(?: (?:года|году|год|г\.))?"
_OPENERS = {"es": ("siglo", "años"), "fr": ("années",), "pt": ("século", "anos")}


@lru_cache(maxsize=32)
def date_pattern(language: str) -> re.Pattern[str]:
    """The dates of a language; English for one without a table."""
    known = words(language)
    return _ENGLISH if known.language == "en" else _pattern(known)


@lru_cache(maxsize=32)
def names_of_dates(language: str) -> frozenset[str]:
    """Words, as tokens, that a date may begin with."""
    known = words(language)
    if known.language == "en":
        return _ENGLISH_NAMES
    names = {name.partition("-")[0] for name in (*known.months, *known.days)}
    names |= {name.capitalize() for name in names} | set(_OPENERS.get(known.language, ()))
    centuries = {number + end for number in ROMAN[1:] for end in ("", "e")}
    return frozenset(names | centuries)


def _pattern(known: Words) -> re.Pattern[str]:
    """A day and a month in any case; a name alone only as the language writes it."""
    month, full = _any(known.months), _any(set(known.months) - known.short)
    short = _any(known.short)
    weekday = _any(known.days)
    day = r"\d{1,2}(?:\.|er\b|º|°|ª|-?го\b|e\b)?"
    to = rf"(?: ?[-–/] ?| (?:{_TO[known.language]}) )"
    of = "(?: de| del)?"
    year = rf"{_YEAR}(?!\d)(?![.,]\d)"
    then = rf",?{of} [1-9]\d{{3}}(?!\d)(?! ?(?:{_COUNTED})\b){_YEAR_WORD}"
    front = rf"(?:(?:{weekday}),?(?: den| dem| le| el)? )?"
    alone = _any(known.alone)
    parts = [
        rf"(?i:{front}{day}{of} (?:{month})\.?{to}{day}{of} (?:{month})\b(?:\.?{then})?)",
        rf"(?i:{front}{day}(?:{to}{day})?{of} "
        rf"(?:(?:{month})\b\.?{then}|(?:{full})\b|(?:{short})\.))",
        rf"(?i:(?:{month})\b\.?{of} {year}{_YEAR_WORD})",
        rf"{_FULL_YEAR}-\d\d-\d\d\b",
        rf"\d{{1,2}}([./])\d{{1,2}}\1{_FULL_YEAR}\b(?![.]\d)",
        _CENTURY[known.language] + r"\b",
        *([_DECADE[known.language] + r"\b"] if known.language in _DECADE else ()),
        rf"{_YEAR}[/–-](?:{_YEAR}|\d\d)\b",
        rf"(?i:{year}(?! ?(?:{_COUNTED})\b)(?!%|-)\b{_YEAR_WORD})",
        rf"(?:{alone})\b",
    ]
    if known.language == "ru":
        parts.append(r"(?<=\bв )(?:среду)\b|(?<=\bв )(?:[мМ]ае)\b")
    spaced = "|".join(parts).replace(" ", "[ \u00a0\u202f]")
    return re.compile(rf"(?<![\w/])(?:{spaced})")


def _any(names: Iterable[str]) -> str:
    """Alternatives, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
