"""The words in which every report says the same thing: figures, disputes, times, counts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from schemas.article import Precision
from schemas.enriched import Dispute
from schemas.events import Count, EventDispute, EventState, FirstReport, Spread

MARKS = {"NEW": "+", "REVISES": "~", "DISPUTES": "!"}
"""Of a sentence, by its label; one that is known has none."""
UNRATED = "not known"
NO_TITLE = "(no title: its articles were withdrawn)"
_SIDES = {
    "denial": ("claimed", "denied"),
    "odds": ("stated", "stated otherwise"),
    "correction": ("stated", "taken back"),
}
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


def sides(dispute: Dispute | EventDispute, names: Mapping[str, str]) -> tuple[str, str]:
    """Who claims and who denies, for example ``claimed by Jana Velt``, ``denied by Sealine``."""
    claims, denies = _SIDES[dispute.kind]
    return (
        f"{claims} by {_listed(dispute.claimants, names)}",
        f"{denies} by {_listed(dispute.denied_by, names)}",
    )


def when(at: datetime | None, precision: Precision = "exact") -> str:
    """A date without a time of day is only a date; one inferred from the text is marked."""
    if at is None:
        return "no time"
    if precision == "exact":
        return f"{at:%Y-%m-%d %H:%M}"
    return f"{'~' if precision == 'inferred' else ''}{at.date().isoformat()}"


def first_report(name: str, at: datetime | None, precision: Precision = "exact") -> str:
    """Who reported first; where none states an exact time, the order of the log decides."""
    told = when(at, precision) if at else "first in the log; no exact time is stated"
    return f"{named(name)}, {told}"


def named(publisher: str) -> str:
    """A publisher, also one that no article names."""
    return "source not named" if publisher == "unknown" else publisher


def independence(spread: Spread) -> str:
    """For example ``3 independent sources, 1 copy``."""
    copies = "1 copy" if spread.copies == 1 else f"{spread.copies} copies"
    return f"{plural(spread.independent, 'independent source')}, {copies}"


def bias_ratings(ratings: Mapping[str, int]) -> str:
    """For example ``Bias ratings by article: Center 2, not known 1``; the most frequent first."""
    ranked = sorted(ratings.items(), key=lambda row: (row[0] == UNRATED, -row[1], row[0]))
    return "Bias ratings by article: " + ", ".join(f"{name} {count}" for name, count in ranked)


def machine(made: int, not_made: int, unknown: int) -> str:
    """``1 of 4 (25%)`` articles are AI-generated, or nobody says."""
    count = made + not_made + unknown
    if not made + not_made:
        return "not stated"
    share = f"{made} of {count} ({made / count:.0%})"
    return f"{share}, {unknown} not stated" if unknown else share


def rated(spread: Spread) -> dict[str, int]:
    """Articles by rating, those without one beside them."""
    ratings = {row.name: row.articles for row in spread.bias_ratings}
    return ratings | ({UNRATED: spread.bias_unknown} if spread.bias_unknown else {})


def coverage(
    first: FirstReport | None, publishers: Iterable[Count], spread: Spread
) -> Iterator[str]:
    """Who reported first, and the spread: a line each, as far as it is known."""
    if first is not None:
        yield f"First: {first_report(first.publisher or first.source, first.at)}"
    listed = [f"{named(row.name)} {row.articles}" for row in publishers]
    if listed:
        others = [f"others {spread.others}"] if spread.others else []
        yield "Articles by publisher: " + ", ".join([*listed, *others])
    if spread.copies:
        yield independence(spread)
    if spread.bias_ratings:
        yield bias_ratings(rated(spread))
    if spread.ai_generated + spread.ai_not:
        yield f"AI-generated: {machine(spread.ai_generated, spread.ai_not, spread.ai_unknown)}"


def coverage_of(state: EventState) -> Iterator[str]:
    """The same of an event as it stands."""
    return coverage(state.first_reported, state.publishers, state.spread)


def happening(day: date | None, at: datetime | None) -> str:
    """The time of an entry on the timeline: the day if it is another than that of the report."""
    return str(day) if day and not (at and at.date() == day) else when(at)


def plural(count: int, word: str) -> str:
    """``1 article``, ``2 articles``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _listed(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Names; of an entity without one the readable end of its id."""
    return ", ".join(names.get(i, i.rpartition(":")[2]) for i in ids) or "nobody named"
