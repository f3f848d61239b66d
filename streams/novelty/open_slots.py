"""Which earlier figure an open one replaces, and former values that another sentence states."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from streams.novelty.signs import signs

Json = dict[str, Any]

ALIKE = 3  # words that two figures share, the thing counted among them
SAME_NAMES = 2  # names that figures of two languages share
FARTHEST = 3.0  # times that a figure may grow or shrink without the text saying so
LEAST = 10  # smaller counts are too many to be told apart
_FORMERLY = re.compile(
    r"\bhad (?:\w+ )?(?:last|first|earlier|previously|originally|initially|so far)\b|\buntil then\b"
    r"|\b(?:first|earlier|initial|previous) (?:count|report|estimate|figure|version|offer)s?\b"
    r"|\bhatten? (?:\w+ ){0,4}(?:nur|zuvor|zunächst|zuletzt|noch)\b|\bprimer balance\b",
    re.I,
)
_CORRECTS = re.compile(
    r"\bcorrect(?:s|ed|ion)\b|\bberichtig|\bkorrektur\b|\bcorrecci|\berrat", re.I
)

Read = tuple[int, str, list[Json]]


def look_back(found: Sequence[Read]) -> list[Read]:
    """Rows with ``former`` where a sentence beside says what the figure was before.

    "It agreed on 6 percent. It had last offered 5 percent." Also a correction: the value that it
    takes back is in the first sentence, the right one there or in the next. A figure taken back is
    left out.
    """
    result = [(at, text, [dict(row) for row in rows]) for at, text, rows in found]
    for n, (at, text, rows) in enumerate(result):
        if n and result[n - 1][0] == at - 1 and _corrects(result[n - 1][1]):
            _pair(_last(result[n - 1 : n], rows), rows, corrects=True)
        elif _corrects(text):
            for row in rows:
                if "former" in row:
                    row["corrects"] = True
        elif "formerly" in signs(text) and _FORMERLY.search(text):
            near = [each for each in result[:n] if each[0] >= at - 2]
            _pair(rows, _last(near, rows), corrects=False)
    return [
        (at, text, [row for row in rows if "withdrawn" not in row]) for at, text, rows in result
    ]


def _corrects(text: str) -> bool:
    return "correction" in signs(text) and bool(_CORRECTS.search(text))


def _last(near: Iterable[Read], wanted: Sequence[Json]) -> list[Json]:
    """The last row with a unit of ``wanted``, as a list."""
    units = {row.get("unit") for row in wanted}
    rows = [row for _, _, each in near for row in each if row.get("unit") in units]
    return rows[-1:]


def _pair(old: Sequence[Json], new: Sequence[Json], *, corrects: bool) -> None:
    """Note the value of ``old`` as former in the first row of ``new`` of the same unit."""
    for before in old:
        for row in new:
            same = row.get("unit") == before.get("unit") and (row.get("unit") or corrects)
            if same and row["value"] != before["value"] and "former" not in row:
                row["former"] = before["value"]
                if corrects:
                    row["corrects"] = before["withdrawn"] = True
                    if "open" in row and "head" not in row:  # "It is 40,000 dinars."
                        row["slot"] = before["slot"]
                return


def match(new: Json, earlier: Sequence[Json]) -> Json | None:
    """The last earlier figure that counts the same thing; None if the value is known.

    Args:
        earlier: open figures, oldest first: with the unit of ``new`` if it has one, else without
            a unit where what one of the two counts stands beside the other.
    """
    unit = "unit" in new
    if not unit and new["value"] < LEAST:
        return None
    if any(old["value"] == new["value"] and (unit or _alike(new, old)) for old in earlier):
        return None
    close = (
        old for old in reversed(earlier) if 1 / FARTHEST <= new["value"] / old["value"] <= FARTHEST
    )
    return next((old for old in close if _alike(new, old)), None)


def _alike(new: Json, old: Json) -> bool:
    """Whether what stands around two figures is much the same."""
    shared = _shared(new, old, "names")
    if new.get("names") and old.get("names") and not shared:
        return False
    if new["of"]["language"] != old["of"]["language"]:
        return "unit" in new and shared >= SAME_NAMES
    return _shared(new, old, "words") >= ALIKE


def _shared(new: Json, old: Json, name: str) -> int:
    return len(set(new.get(name, ())) & set(old.get(name, ())))
