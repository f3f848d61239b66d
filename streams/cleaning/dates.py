"""Times: as stated by the source, else the latest plausible day that the text names."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from schemas.article import Precision

MIN_YEAR, MAX_YEAR = 1900, 2200  # of a stated time; outside of them it is a fault
INFERRED_YEARS = range(1990, 2101)  # of a day found in the text

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari",
            "february feb februar février févr fév fevrier febrero febbraio febr fevereiro fev "
            "februari",
            "march mar märz mär mrz mars marzo março maart mrt",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei",
            "june jun juni juin junio giugno giu junho",
            "july jul juli juillet juil julio luglio lug julho",
            "august aug août aout agosto ago augustus",
            "september sep sept septembre septiembre set settembre setembro setiembre",
            "october oct oktober okt octobre octubre ottobre ott outubro out",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=lambda name: (-len(name), name)))
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 2024-06-19
        r"(?<![\w/.-])(?P<y>\d{4})-(?P<n>\d{2})-(?P<d>\d{2})(?![\w-])",
        # June 19, 2024
        rf"\b(?P<m>{_NAME})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b",
        # 19 June 2024, 19. Juni 2024, 19 de junio de 2024, 1er juin 2024, the 19th of June, 2024
        rf"(?<![\w.,])(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?(?: of| de)? (?P<m>{_NAME})\.?,?"
        r"(?: de| del)? (?P<y>\d{4})\b",
        # 19.06.2024, written so in German and Russian texts
        r"(?<![\w.])(?P<d>\d{1,2})\.(?P<n>\d{1,2})\.(?P<y>\d{4})(?![\w.]\d)",
    )
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_BEFORE_YEAR, _AFTER_YEAR = 30, 8  # characters; a day stands close to its year
# Words before a day that make it a plan or a deadline and no time of the report.
_AHEAD = re.compile(
    r"\b(?:until|till|by|through|due|scheduled|deadline|expir\w+|before|will|would|shall|planned|"
    r"plans|expected|set for|slated|upcoming|next|starting|effective|bis|spätestens|wird|werden|"
    r"soll|sollen|geplant|hasta|antes|previst[oa]|será|jusqu\w*|avant|prévue?|aura|sera)\b",
    re.IGNORECASE,
)
MAX_SCAN = 50_000  # characters; an article longer than that is none
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_CONTEXT = 60


class SourceTime(NamedTuple):
    """A time and how far to trust it."""

    at: datetime | None
    precision: Precision


UNKNOWN = SourceTime(None, "unknown")


def stated_time(value: object) -> SourceTime:
    """A time as a source states it: ISO 8601, RFC 5322, a written day, seconds since 1970.

    An offset gives ``exact``. Without one the time is taken as UTC and called ``day``, as is a
    day alone (its 00:00). Unreadable values are ``unknown``.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value)
    if not isinstance(value, str):
        return UNKNOWN
    text = value.strip()[:64]
    if re.fullmatch(r"\d{9,14}(?:\.\d+)?", text) and (len(text) != 14):
        return _epoch(float(text))
    return _iso(text) or _mail(text) or _written(text) or UNKNOWN


def plausible(time: SourceTime) -> SourceTime:
    """The same time, or ``unknown`` where the year can only be a fault."""
    return time if time.at and MIN_YEAR <= time.at.year <= MAX_YEAR else UNKNOWN


def latest_date(text: str) -> SourceTime:
    """The latest day with a year that the text names as past or present, precision ``inferred``.

    A day after a word like *until*, *by*, *scheduled* or *will* in the same sentence is left out:
    without a clock nothing else tells a plan from a report.
    """
    found = [(start, day) for start, day in _days(text) if day.year in INFERRED_YEARS]
    days = [day for start, day in found if not _ahead(text, start)]
    if not days:
        return UNKNOWN
    return SourceTime(_midnight(max(days)), "inferred")


def _days(text: str) -> Iterator[tuple[int, date]]:
    for year in _YEAR.finditer(text, 0, MAX_SCAN):
        start, end = max(0, year.start() - _BEFORE_YEAR), year.end() + _AFTER_YEAR
        for pattern in _PATTERNS:
            for match in pattern.finditer(text, start, end):
                if day := _day(match.groupdict()):
                    yield match.start(), day


def _day(found: dict[str, str | None]) -> date | None:
    name = found.get("m")
    month = _MONTHS[name.lower()] if name else int(found["n"] or 0)
    try:
        return date(int(found["y"] or 0), month, int(found["d"] or 0))
    except ValueError:
        return None


def _ahead(text: str, start: int) -> bool:
    before = text[max(0, start - _CONTEXT) : start]
    return _AHEAD.search(_SENTENCE_END.split(before)[-1]) is not None


def _epoch(value: float) -> SourceTime:
    if not 1e8 <= value < 1e14:  # false for NaN too
        return UNKNOWN
    seconds = value / 1000 if value >= 1e11 else value
    return SourceTime(datetime.fromtimestamp(seconds, UTC), "exact")


def _iso(text: str) -> SourceTime | None:
    try:
        time = datetime.fromisoformat(text)
        return _in_utc(time, dated_only=len(text) <= 10)
    except (ValueError, OverflowError):
        return None


def _mail(text: str) -> SourceTime | None:
    if not re.search(r"\d:\d\d", text):
        return None
    try:
        return _in_utc(parsedate_to_datetime(text), dated_only=False)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _written(text: str) -> SourceTime | None:
    """A written day and nothing more: of "3 March, 10 pm local" half would be lost."""
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match and (day := _day(match.groupdict())):
            return SourceTime(_midnight(day), "day")
    return None


def _in_utc(time: datetime, *, dated_only: bool) -> SourceTime:
    if time.tzinfo is None:
        return SourceTime(time.replace(tzinfo=UTC), "day")
    return SourceTime(time.astimezone(UTC), "day" if dated_only else "exact")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
