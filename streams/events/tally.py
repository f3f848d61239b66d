"""What an event shows, gathered from one digest after the other, in joining order.

Everything is capped: the first rows stay, since they say what happened, and the latest, since
they say how it stands. Values are plain JSON, so that a tally can be kept in a row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from schemas.base import Record
from schemas.events import (
    EventDispute,
    EventEntity,
    EventFigure,
    EventState,
    Fact,
    FigureValue,
    Member,
    Text,
    TimelineEntry,
)
from schemas.tagged import EntityType
from streams.events.fold import ordered

Json = dict[str, Any]

Row = TypeVar("Row")

# (first, last) rows that are kept
MEMBERS = (0, 32)
FACTS = (12, 24)
TIMELINE = (8, 24)
TITLES = (6, 6)
FIGURE_SLOTS = 24
FIGURE_VALUES = (1, 7)
DISPUTES = 16
ENTITIES_COUNTED = 200
ENTITIES_SHOWN = 40
SUMMARY_LENGTH = 400  # characters
CLEARLY = 1.15  # a later headline must be so much more central to replace an earlier one


@dataclass(frozen=True, slots=True)
class Headline:
    """A title with the stems that make it comparable."""

    text: Text
    terms: tuple[tuple[str, float], ...]


class Tally:
    """The gathered rows of one event. ``count`` is the number of members."""

    def __init__(self) -> None:
        self.count = 0
        self.members: list[Member] = []
        self.facts: list[Fact] = []
        self.timeline: list[TimelineEntry] = []
        self.titles: list[Headline] = []
        self.disputes: list[EventDispute] = []
        self.figures: dict[str, list[FigureValue]] = {}
        self.entities: dict[str, tuple[str, EntityType, int]] = {}  # id -> name, type, articles

    def copy(self) -> "Tally":
        """One that can be changed without changing this one."""
        twin = Tally()
        twin.count = self.count
        twin.members, twin.facts = list(self.members), list(self.facts)
        twin.timeline, twin.titles = list(self.timeline), list(self.titles)
        twin.disputes, twin.entities = list(self.disputes), dict(self.entities)
        twin.figures = dict(self.figures)  # its lists are replaced, never changed
        return twin

    def add(self, digest: Mapping[str, Any]) -> None:
        """The next member."""
        told, relation = digest["told"], digest["told"]["relation"]
        member = Member.model_validate({**digest["member"], "relation": relation})
        self.count += 1
        self.members = _capped([*self.members, member], MEMBERS)
        facts = map(Fact.model_validate, told["facts"])
        self.facts = _capped([*self.facts, *facts], FACTS)
        if digest["title"]:
            self._headline(digest, member)
        for figure in told["figures"]:
            self._figure(figure)
        disputes = map(EventDispute.model_validate, told["disputes"])
        self.disputes = [*self.disputes, *disputes][:DISPUTES]
        for key, name, kind in digest["entities"]:
            if key in self.entities or len(self.entities) < ENTITIES_COUNTED:
                old = self.entities.get(key, (name, kind, 0))
                self.entities[key] = (old[0], old[1], old[2] + 1)

    def strip(self, item_id: str, entities: Iterable[str]) -> None:
        """Take out a member whose digest is gone; what it displaced does not come back."""
        self.count -= 1
        self.members = [row for row in self.members if row.item_id != item_id]
        self.facts = [row for row in self.facts if row.source.item_id != item_id]
        self.timeline = [row for row in self.timeline if row.source.item_id != item_id]
        self.titles = [row for row in self.titles if row.text.source.item_id != item_id]
        self.disputes = [row for row in self.disputes if row.source.item_id != item_id]
        for slot, values in list(self.figures.items()):
            self.figures[slot] = [row for row in values if row.source.item_id != item_id]
            if not self.figures[slot]:
                del self.figures[slot]
        for key in entities:
            if key in self.entities:
                name, kind, count = self.entities.pop(key)
                if count > 1:
                    self.entities[key] = (name, kind, count - 1)

    def _headline(self, digest: Mapping[str, Any], member: Member) -> None:
        text = Text.model_validate(digest["title"])
        terms = tuple(zip(*digest["vector"]["title"], strict=True))
        self.titles = _capped([*self.titles, Headline(text, terms)], TITLES)
        if member.relation in ("opens", "updates"):
            entry = TimelineEntry(at=member.published_at, text=text.text, source=text.source)
            self.timeline = _capped([*self.timeline, entry], TIMELINE)

    def _figure(self, figure: Mapping[str, Any]) -> None:
        slot = figure["slot"]
        if slot in self.figures or len(self.figures) < FIGURE_SLOTS:
            value = FigureValue.model_validate({**figure, "value": figure["new"]})
            self.figures[slot] = _capped([*self.figures.get(slot, ()), value], FIGURE_VALUES)

    # --- as JSON, to be kept in a row --------------------------------------------------------

    def row(self) -> Json:
        """The tally as plain JSON."""
        return {
            "count": self.count,
            "members": _dumped(self.members),
            "facts": _dumped(self.facts),
            "timeline": _dumped(self.timeline),
            "disputes": _dumped(self.disputes),
            "titles": [[*_dumped([row.text]), [list(t) for t in row.terms]] for row in self.titles],
            "figures": {slot: _dumped(values) for slot, values in self.figures.items()},
            "entities": {key: list(value) for key, value in self.entities.items()},
        }

    @classmethod
    def read(cls, row: Json | None) -> "Tally":
        """The tally of a row; an empty one of none."""
        tally = cls()
        if row is None:
            return tally
        tally.count = row["count"]
        tally.members = [Member.model_validate(each) for each in row["members"]]
        tally.facts = [Fact.model_validate(each) for each in row["facts"]]
        tally.timeline = [TimelineEntry.model_validate(each) for each in row["timeline"]]
        tally.disputes = [EventDispute.model_validate(each) for each in row["disputes"]]
        tally.titles = [
            Headline(Text.model_validate(text), tuple((t, w) for t, w in terms))
            for text, terms in row["titles"]
        ]
        tally.figures = {
            slot: [FigureValue.model_validate(each) for each in values]
            for slot, values in row["figures"].items()
        }
        tally.entities = {key: (name, kind, n) for key, (name, kind, n) in row["entities"].items()}
        return tally

    # --- as a state record -------------------------------------------------------------------

    def onto(self, state: EventState) -> EventState:
        """The record with everything that this tally knows; its header stays."""
        return state.model_copy(
            update={
                "member_count": self.count,
                "title": self._title(),
                "summary": self._summary(),
                "members": ordered(self.members),
                "facts": _unique(self.facts),
                "entities": self._shown_entities(state.entities),
                "figures": ordered(
                    EventFigure(slot=slot, values=tuple(values))
                    for slot, values in self.figures.items()
                ),
                "disputes": _unique(self.disputes),
                "timeline": ordered(self.timeline),
            }
        )

    def _title(self) -> Text | None:
        """The earliest headline that is nearly as central as the most central one."""
        if not self.titles:
            return None
        total: dict[str, float] = {}
        for title in self.titles:
            for term, weight in title.terms:
                total[term] = total.get(term, 0.0) + weight
        central = [round(sum([w * total[t] for t, w in row.terms]), 6) for row in self.titles]
        enough = max(central) / CLEARLY
        rows = zip(self.titles, central, strict=True)
        return next(row.text for row, value in rows if value >= enough)

    def _summary(self) -> tuple[Text, ...]:
        """The opener's first statement, the latest one, the opener's second, as far as they fit."""
        facts = [row for row in self.facts if row.source.field != "title"]
        if not facts:
            return ()
        first = facts[0].source.item_id
        opening = [row for row in facts if row.source.item_id == first][:2]
        latest = [row for row in reversed(facts) if row.source.item_id != first][:1]
        kept: list[Text] = []
        room = SUMMARY_LENGTH
        for fact in (*opening[:1], *latest, *opening[1:]):
            if len(fact.text) <= room:
                kept.append(Text(text=fact.text, source=fact.source))
                room -= len(fact.text)
        return tuple(kept)

    def _shown_entities(self, before: Iterable[EventEntity]) -> tuple[EventEntity, ...]:
        """The most named ones; those that stand in ``before`` just so are taken from there."""
        known = {(row.entity_id, row.name, row.type, row.articles): row for row in before}
        ranked = sorted([(-count, key) for key, (_, _, count) in self.entities.items()])
        shown = [(key, *self.entities[key]) for _, key in ranked[:ENTITIES_SHOWN]]
        return tuple([known.get(row) or _entity(*row) for row in shown])


def _entity(key: str, name: str, kind: EntityType, articles: int) -> EventEntity:
    return EventEntity(entity_id=key, name=name, type=kind, articles=articles)


def _unique(rows: Iterable[Any]) -> tuple[Any, ...]:
    return ordered({row.row_key: row for row in rows}.values())


def _dumped(rows: Iterable[Record]) -> list[Json]:
    return [row.model_dump(mode="json", exclude_none=True) for row in rows]


def _capped(rows: list[Row], cap: tuple[int, int]) -> list[Row]:
    first, last = cap
    if len(rows) <= first + last:
        return rows
    return [*rows[:first], *rows[len(rows) - last :]]
