"""The words in which every report says the same thing: figures, disputes, times, counts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from schemas.article import Precision

MARKS = {"NEW": "+", "REVISES": "~", "DISPUTES": "!"}
"""Of a sentence, by its label; one that is known has none."""
NO_TITLE = "(no title: its articles were withdrawn)"
_BOUNDS = {"at least": "≥ ", "at most": "≤ ", "about": "~ "}


def number(value: float, bound: str | None = None) -> str:
    """``≥ 2,400,000``: all digits that a reader may care for."""
    return f"{_BOUNDS.get(bound or '', '')}{value:,.12g}"


def figure(slot: str, unit: str | None, values: Iterable[str]) -> str:
    """For example ``12 → ≥ 15 dead``. A value that comes twice in a row is said once."""
    said: list[str] = []
    for value in values:
        if said[-1:] != [value]:
            said.append(value)
    counted = f" {unit}" if unit and unit != slot else ""
    return f"{' → '.join(said)}{counted} {slot}"


def sides(
    claimants: Iterable[str], denied_by: Iterable[str], names: Mapping[str, str]
) -> tuple[str, str]:
    """Who claims and who denies, for example ``claimed by Jana Velt``, ``denied by Sealine``."""
    return f"claimed by {_listed(claimants, names)}", f"denied by {_listed(denied_by, names)}"


def when(at: datetime | None, precision: Precision = "exact") -> str:
    """A date without a time of day is only a date; one inferred from the text is marked."""
    if at is None:
        return "no time"
    if precision == "exact":
        return f"{at:%Y-%m-%d %H:%M}"
    return f"{'~' if precision == 'inferred' else ''}{at.date().isoformat()}"


def plural(count: int, word: str) -> str:
    """``1 article``, ``2 articles``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _listed(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Names; of an entity without one the readable end of its id."""
    return ", ".join(names.get(i, i.rpartition(":")[2]) for i in ids) or "nobody named"
