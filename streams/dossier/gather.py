"""From a run's records to the dossier of one event."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from schemas.enriched import EnrichedArticle, Position
from schemas.events import EventChange, EventDispute, EventFigure, EventState
from streams.dossier.entries import (
    articles_of,
    by_event_time,
    entries_of,
    moment,
    plain,
    revises,
)
from streams.dossier.record import (
    Disputed,
    Dossier,
    Entry,
    Figure,
    FigureValue,
    Moment,
    Reference,
    Statement,
)
from streams.dossier.sources import first_words, spread
from streams.view import View
from streams.wording import MARKS, NO_TITLE, figure, named, number, plural, sides, when

# (first, last) entries that are shown
TIMELINE = (20, 40)
FACTS = 40
MEMBERS = 60  # the latest
HISTORY = 30
_STATUS = {
    "dormant": "dormant: no article came for a while",
    "closed": "closed: no article came for a long while",
    "retracted": "retracted: all its articles were withdrawn",
}
# New articles, and the pauses between them: a story of months has many of both.
_PLAIN_CHANGES = {"opened", "updated", "confirmed", "repeated", "dormant"}


def dossier(view: View, state: EventState) -> Dossier:
    """Everything that is known of one event, bounded, in the order in which it is shown."""
    articles = articles_of(view, state)
    names = _names(state, articles.values())
    entries = entries_of(state, articles, names)
    timeline = by_event_time(entries)
    told = {entry.item_id: entry for entry in timeline}
    opener = told.get(plain(state.title.source.item_id)) if state.title else None
    shown, gap = _ends(timeline)
    facts = _facts(state, told)
    members = sorted(entries, key=lambda entry: (str(entry.joined.at), entry.item_id))[-MEMBERS:]
    return Dossier(
        event_id=plain(state.event_id),
        title=plain(state.title.text) if state.title else NO_TITLE,
        language=opener.language if opener else None,
        status=state.status,
        head=tuple(_head(state, entries)),
        summary=tuple(
            Statement("", plain(row.text), _reference(row.source, told)) for row in state.summary
        ),
        timeline=shown,
        timeline_left_out=len(timeline) - len(shown),
        timeline_gap=gap,
        figures=tuple(_figure(row, told, articles) for row in state.figures),
        disputes=tuple(_dispute(row, names, told) for row in state.disputes),
        facts=facts[:FACTS],
        facts_left_out=max(0, len(facts) - FACTS),
        sources=spread(state, entries),
        members=tuple(members),
        members_left_out=max(0, max(state.member_count, len(entries)) - len(members)),
        lineage=tuple(_lineage(view, state)),
    )


def _head(state: EventState, entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    into = state.lineage.merged_into
    status = f"merged into {into}" if into else _STATUS.get(state.status, state.status)
    yield "Status", plain(status)
    publishers = {entry.source for entry in entries}
    publishers |= {plain(named(row.name)) for row in state.publishers}
    yield (
        "Reported",
        f"{plural(state.member_count, 'article')}, {plural(len(publishers), 'source')}",
    )
    if words := first_words(state, entries):
        yield "First", words
    if stated := [entry for entry in entries if entry.published.at]:
        last = stated[-1]
        yield "Latest", f"{last.source}, {last.published.text}"
    if state.opened_at and state.last_at:
        yield "Log time", f"opened {when(state.opened_at)}, last article {when(state.last_at)}"
    yield "Event", plain(f"{state.event_id}, space {state.space}, revision {state.revision}")


def _figure(
    row: EventFigure, told: Mapping[str, Entry], articles: Mapping[str, EnrichedArticle]
) -> Figure:
    """``12 → 15 dead``; a value that was stated beside the one before: ``6.1; 4.6 magnitude``."""
    chains: list[list[str]] = []
    values = []
    for value in row.values:
        said, source = number(value.value, value.bound), _reference(value.source, told)
        values.append(FigureValue(said, _as_of(value.as_of, source.moment), source))
        if not chains or not revises(row.slot, value, articles.get(value.source.item_id)):
            chains.append([])
        chains[-1].append(said)
    beside = [" → ".join(said for said, _ in groupby(chain)) for chain in chains]
    unit = row.values[-1].unit if row.values else None
    return Figure(plain(figure(row.slot, unit, ["; ".join(beside)])), tuple(values))


def _as_of(stated: str | None, published: Moment) -> str | None:
    """Only where it is another time than that of the article."""
    if not stated or (published.at and stated == f"{published.at:%Y-%m-%dT%H:%MZ}"):
        return None
    return plain(re.sub(r"T(\d\d:\d\d)Z$", r" \1", stated))


def _dispute(row: EventDispute, names: Mapping[str, str], told: Mapping[str, Entry]) -> Disputed:
    claimed, denied = sides(row, names)
    return Disputed(plain(row.claim), plain(claimed), plain(denied), _reference(row.source, told))


def _facts(state: EventState, told: Mapping[str, Entry]) -> tuple[Statement, ...]:
    """By event time of their articles; headlines only where there is nothing else."""
    facts = [row for row in state.facts if row.source.field != "title"] or state.facts
    places = {item_id: place for place, item_id in enumerate(told)}
    ranked = sorted(
        facts, key=lambda r: (places.get(plain(r.source.item_id), -1), r.source.begins_at)
    )
    return tuple(
        Statement(MARKS[row.label], plain(row.text), _reference(row.source, told)) for row in ranked
    )


def _lineage(view: View, state: EventState) -> Iterator[str]:
    """Where the event came from and went to, then what happened to it besides new articles."""
    lineage = state.lineage
    if lineage.merged_into:
        yield plain(f"merged into {lineage.merged_into}")
    if lineage.merged_from:
        yield plain(f"merged from {', '.join(lineage.merged_from)}")
    if lineage.split_from:
        yield plain(f"split from {lineage.split_from}")
    split = state.event_id
    parts = sorted(e for e, other in view.events.items() if other.lineage.split_from == split)
    if parts:
        yield plain(f"split off: {', '.join(parts)}")
    changes = [c for c in view.changes.get(state.event_id, ()) if c.kind not in _PLAIN_CHANGES]
    if len(changes) > HISTORY:
        yield f"… {plural(len(changes) - HISTORY, 'earlier change')}"
    yield from map(_history, changes[-HISTORY:])


def _history(change: EventChange) -> str:
    item = f" {change.item_id}" if change.item_id else ""
    return plain(f"{when(change.at)} revision {change.revision}: {change.kind}{item}")


def _ends(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], int]:
    """The first and the latest entries, and where the gap between them is (0: none)."""
    first, last = TIMELINE
    if len(entries) <= first + last:
        return tuple(entries), 0
    return (*entries[:first], *entries[-last:]), first


def _names(state: EventState, articles: Iterable[EnrichedArticle]) -> dict[str, str]:
    found = {row.entity_id: row.name for row in state.entities}
    for article in sorted(articles, key=lambda article: article.item_id):
        for mention in article.entities:
            if mention.entity_id:
                found.setdefault(mention.entity_id, mention.name or mention.surface)
    return found


def _reference(place: Position, told: Mapping[str, Entry]) -> Reference:
    entry = told.get(plain(place.item_id))
    if entry is None:
        return Reference(plain(place.item_id), plain(place.item_id), moment(None))
    return Reference(entry.item_id, entry.source, entry.published)
