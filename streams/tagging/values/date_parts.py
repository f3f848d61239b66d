"""The parts of a written date: day, month, year and weekday, on one side of a dash or two."""

import re
from typing import NamedTuple

from streams.tagging.values.words import Words

_PIECE = re.compile(r"[0-9]+|[^\W\d_]+(?:-feira)?|[-–—/]|[^\s]")
_RANGE = frozenset("- – — / по to bis al au à до a through and und y et und и or & t/m tot".split())
_ORDINAL = frozenset("st nd rd th er re го е ª º".split())
_FILL = frozenset(
    "of the de del den der dem zum vom le la el am on , . º ª ° ) ( г года году год o' d'".split()
)


class Point(NamedTuple):
    """One side of a date as written."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


def sides(text: str, known: Words) -> list[Point] | None:
    """The one or two sides of a date; ``None`` if a piece of it is not understood."""
    found = [Point()]
    number = ""
    for match in _PIECE.finditer(text):
        piece = match[0].lower()
        point = found[-1]
        if piece[0] in "0123456789":
            placed = _placed(point, piece, found[0] if len(found) == 2 else None)
            if placed is None:
                return None
            found[-1] = placed
        elif piece in known.months and point.month is None:
            found[-1] = point._replace(month=known.months[piece])
        elif piece in known.days:
            if known.language == "en" and piece.endswith("s"):
                return None  # on Mondays: none in particular
            found[-1] = point._replace(weekday=known.days[piece])
        elif piece in _ORDINAL and number:
            pass
        elif piece in _RANGE and point != Point():
            found.append(Point())
        elif piece not in _FILL:
            return None
        number = piece if piece[0] in "0123456789" else ""
    return found if len(found) <= 2 and found[-1] != Point() else None


def _placed(point: Point, digits: str, first: Point | None) -> Point | None:
    """A number as day or year; behind a year and a dash as the end of the year: 2022-23."""
    if len(digits) > 4:
        return None
    if first and point == Point() and first == Point(year=first.year) and len(digits) < 4:
        year = str(first.year)
        return Point(year=int(year[: len(year) - len(digits)] + digits))
    if len(digits) == 4:
        return None if point.year else point._replace(year=int(digits))
    if len(digits) == 3 or point.day is not None:
        return None
    return point._replace(day=int(digits))


def filled(left: Point, right: Point) -> tuple[Point, Point]:
    """What one side leaves out the other one has: "3 to 5 May 2024", "May 3 to 5"."""
    if left.month is None and left.year is None:
        left = left._replace(month=right.month)
    if right.month is None and right.day is not None:
        right = right._replace(month=left.month)
    if left.year is None and right.year is not None:
        over = (left.month or 1, left.day or 1) > (right.month or 12, right.day or 31)
        left = left._replace(year=right.year - over)
    return left, right
