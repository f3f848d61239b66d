"""Which days a date in a text means.

What the text leaves open (the year, the week of a Monday) the time of publication decides: the
day before it or behind it that is nearest, where one behind it counts twice as far.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal

from schemas.article import Precision
from schemas.tagged import DateValue
from streams.tagging.values.date_parts import Point, filled, sides
from streams.tagging.values.tables import ROMAN
from streams.tagging.values.tense import Direction, begins, direction, recurs
from streams.tagging.values.words import Words, words

_NUMERIC = re.compile(
    r"(?P<y>[0-9]{4})-(?P<n>[0-9]{2})-(?P<d>[0-9]{2})"
    r"|(?P<d2>[0-9]{1,2})(?P<sep>[./])(?P<n2>[0-9]{1,2})(?P=sep)(?P<y2>[0-9]{4})"
)
_CENTURY = re.compile(
    r"(?:siglo |século |secolo )?(?:(?P<n>[0-9]{1,2})|(?P<roman>[IVX]{1,6}))"
    r"(?:\.|st|nd|rd|th|e|ème|-?го|-?й)? ?"
    r"(?:century|jahrhunderts?|siècle|secolo|eeuw|век[ае]?|в\.)?",
    re.I,
)
_DECADE = re.compile(
    r"(?P<y>[0-9]{3}0)(?: ?s|er(?:[ -]?Jahren?)?|-х(?: год\w*)?)"
    r"|(?:años|anos|années) (?P<y2>[0-9]{3}0)",
    re.I,
)
_LONGEST = 60
_LEAPS = 8  # years without a 29 February, at most
_WEEK = timedelta(days=7)

Around = tuple[str, str]  # the words before a date, the words after it


def date_value(
    text: str,
    language: str,
    published: date | None,
    precision: Precision = "day",
    *,
    before: str = "",
    after: str = "",
    month_first: bool = False,
) -> DateValue | None:
    """The days that a date means, ``None`` where that is not certain.

    Args:
        text: the mention and nothing else.
        published: when the article came out; decides what the text leaves open.
        precision: of ``published``; where it is unknown nothing is decided by it.
        before, after: the words around it: "next", "will meet on", "dernier".
        month_first: 4/6/2024 is the 6th of April.
    """
    if len(text) > _LONGEST:
        return None
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    known = published if precision != "unknown" else None
    try:
        return _fixed(text, language, month_first) or _written(
            text, words(language), known, (before, after)
        )
    except (ValueError, OverflowError):  # 31 February, the year 0, past the end of the calendar
        return None


def _fixed(text: str, language: str, month_first: bool) -> DateValue | None:
    """Dates of digits, decades and centuries."""
    digits = _NUMERIC.fullmatch(text)
    if digits:
        return _numeric(digits, language, month_first)
    decade = _DECADE.fullmatch(text)
    if decade:
        year = int(decade["y"] or decade["y2"])
        if year % 100 == 0 and year < 2000:  # "the 1800s" are a century, mostly
            return _years(year, year + 99, "century")
        return _years(year, year + 9, "decade")
    century = _CENTURY.fullmatch(text)
    if century and not text.isdigit():
        number = int(century["n"]) if century["n"] else ROMAN.index(century["roman"].upper())
        return _years(number * 100 - 99, number * 100, "century")
    return None


def _numeric(found: re.Match[str], language: str, month_first: bool) -> DateValue | None:
    """2024-06-04, 04.06.2024, 4/6/2024; of the last one in English only what can be but one."""
    if found["y"]:
        return _one(date(int(found["y"]), int(found["n"]), int(found["d"])))
    first, second, year = int(found["d2"]), int(found["n2"]), int(found["y2"])
    if found["sep"] == "." or language not in ("en", "und"):
        return _one(date(year, second, first))
    if first > 12 or first == second:
        return _one(date(year, second, first))
    if second > 12 or month_first:
        return _one(date(year, first, second))
    return None


def _written(text: str, known: Words, published: date | None, around: Around) -> DateValue | None:
    found = sides(text, known)
    if found is None:
        return None
    if len(found) == 1:
        return _point(found[0], published, around)
    left, right = filled(*found)
    if right.month is None and right.year is None:  # Monday to Friday
        return None
    first = _point(left, published, around)
    if first is None:
        return None
    if right.year is None:
        right = right._replace(year=first.start.year)
        if (right.month or 1, right.day or 31) < (first.start.month, first.start.day):
            right = right._replace(year=first.start.year + 1)
    last = _point(right, published, around)
    if last is None or last.end < first.start:
        return None
    return DateValue(start=first.start, end=last.end, precision="range", relative=first.relative)


def _point(point: Point, published: date | None, around: Around) -> DateValue | None:
    day, month, year, weekday = point
    if year is not None:
        if month is None:
            return None if day is not None else _years(year, year, "year")
        return _month(year, month) if day is None else _one(date(year, month, day))
    if published is None or recurs(*around):
        return None
    if month is not None and day is not None:
        return _dated(day, month, weekday, published, direction(*around))
    if month is not None:
        spans = [_month(published.year + step, month) for step in (-1, 0, 1)]
        return _chosen(spans, published, direction(*around))
    if weekday is not None and day is None:
        towards = direction(*around)
        if towards == "open" and begins(*around):
            towards = "ahead"
        return _of_week(weekday, published, towards)
    return None


def _dated(
    day: int, month: int, weekday: int | None, published: date, towards: Direction
) -> DateValue | None:
    """A day and a month; a weekday beside them tells the year if a near one fits."""
    reach = _LEAPS if (day, month) == (29, 2) else 1
    years = range(max(1, published.year - reach), min(9999, published.year + reach) + 1)
    days = [date(year, month, day) for year in years if day <= monthrange(year, month)[1]]
    fitting = [found for found in days if found.weekday() == weekday]
    return _chosen([_one(found) for found in fitting or days], published, towards)


def _of_week(weekday: int, published: date, towards: Direction) -> DateValue:
    """The last such day up to the time of publication, unless the words look ahead."""
    back = (published.weekday() - weekday) % 7
    day = published - timedelta(days=back)
    if towards == "next" or (towards == "ahead" and back):
        day += _WEEK
    if towards == "last" and not back:
        day -= _WEEK
    return _one(day, relative=True)


def _chosen(spans: Iterable[DateValue], published: date, towards: Direction) -> DateValue | None:
    fits: dict[Direction, Callable[[DateValue], bool]] = {
        "next": lambda span: span.start > published,
        "last": lambda span: span.end < published,
        "ahead": lambda span: span.end >= published,
        "open": lambda span: True,
    }
    spans = list(spans)
    fitting = list(filter(fits[towards], spans)) or spans  # a weekday beside it may say otherwise
    if not fitting:
        return None
    nearest = min(fitting, key=lambda span: _distance(span, published))
    return nearest.model_copy(update={"relative": True})


def _distance(span: DateValue, published: date) -> int:
    """Days; those to come count twice, since news is of what was."""
    if span.start > published:
        return 2 * (span.start - published).days
    return max(0, (published - span.end).days)


def _one(day: date, relative: bool = False) -> DateValue:
    return DateValue(start=day, end=day, precision="day", relative=relative)


def _month(year: int, month: int) -> DateValue:
    last = monthrange(year, month)[1]
    return DateValue(start=date(year, month, 1), end=date(year, month, last), precision="month")


def _years(first: int, last: int, precision: Literal["year", "decade", "century"]) -> DateValue:
    return DateValue(start=date(first, 1, 1), end=date(last, 12, 31), precision=precision)
