"""Who reported an event: the first, the publishers, their ratings, and what machines wrote."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from schemas.events import EventState
from streams.dossier.entries import moment, plain
from streams.dossier.record import Entry, Moment, SourceRow, Spread
from streams.wording import (
    UNRATED,
    bias_ratings,
    first_report,
    independence,
    machine,
    named,
    rated,
)

PUBLISHERS = 40

Made = Counter[bool | None]


def spread(state: EventState, entries: Sequence[Entry]) -> Spread:
    """Publishers in the order in which they first reported.

    The state counts all articles; where the records of some are gone, it is what is known.

    Args:
        entries: in order of their reports.
    """
    ratings = Counter(entry.bias_rating or UNRATED for entry in entries)
    made: Made = Counter(entry.ai_generated for entry in entries)
    if _whole(state) and state.member_count > len(entries):
        ratings = Counter({plain(name): n for name, n in rated(state.spread).items()})
        counted = state.spread
        made = Counter(
            {True: counted.ai_generated, False: counted.ai_not, None: counted.ai_unknown}
        )
    rows = _rows(state, entries)
    return Spread(
        publishers=tuple(rows[:PUBLISHERS]),
        publishers_left_out=max(0, len(rows) - PUBLISHERS),
        bias_ratings=dict(sorted(ratings.items(), key=lambda row: (-row[1], row[0]))),
        ai_generated=made[True],
        ai_not=made[False],
        ai_unknown=made[None],
        independent=state.spread.independent,
        copies=state.spread.copies,
        lines=tuple(_lines(state, entries, ratings, made)),
    )


def first(state: EventState, entries: Sequence[Entry]) -> tuple[str, Moment] | None:
    """(source, time) of the first report: the earliest exact time, else the first to join."""
    row = state.first_reported
    if row is None:
        return (entries[0].source, entries[0].published) if entries else None
    for entry in entries:
        if entry.item_id == plain(row.item_id):
            return entry.source, entry.published
    return plain(named(row.publisher or row.source)), moment(row.at)


def first_words(state: EventState, entries: Sequence[Entry]) -> str | None:
    """The same in words."""
    found = first(state, entries)
    if found is None:
        return None
    source, published = found
    return first_report(source, published.at, published.precision)


def _whole(state: EventState) -> bool:
    """Whether the state counted its articles; one of an earlier release did not."""
    counted = state.spread
    return counted.ai_generated + counted.ai_not + counted.ai_unknown == state.member_count


def _rows(state: EventState, entries: Sequence[Entry]) -> list[SourceRow]:
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.source].append(entry)
    counts = {plain(named(row.name)): row.articles for row in state.publishers}
    found = first(state, entries)
    return [
        SourceRow(
            name=name,
            articles=max(len(sent), counts.get(name, 0)),
            first=sent[0].published if sent else moment(None),
            bias_rating=", ".join(dict.fromkeys(e.bias_rating for e in sent if e.bias_rating))
            or UNRATED,
            ai_generated=_machine(Counter(entry.ai_generated for entry in sent)),
            was_first=found is not None and found[0] == name,
        )
        for name in {**groups, **counts}
        for sent in [groups.get(name, [])]
    ]


def _lines(
    state: EventState, entries: Sequence[Entry], ratings: Mapping[str, int], made: Made
) -> Iterator[str]:
    if words := first_words(state, entries):
        yield f"First: {words}"
        if state.spread.copies:
            yield independence(state.spread)
        yield bias_ratings(ratings)
        yield f"AI-generated: {_machine(made)}"


def _machine(made: Made) -> str:
    return machine(made[True], made[False], made[None])
