"""What an event shows, gathered from one digest after the other, in joining order.

Everything is capped: the first rows stay, since they say what happened, and the latest, since
they say how it stands. Values are plain JSON, so that a tally can be kept in a row.
"""

from collections.abc import Container, Iterable, Mapping
from typing import Any, TypeVar

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
from streams.events.record.coverage import Coverage
from streams.events.record.fold import ordered
from streams.events.record.happened import happened
from streams.events.record.headlines import Headlines
from streams.events.store.digest import counted, member_of

Json = dict[str, Any]

Row = TypeVar("Row")

# (first, last) rows that are kept
MEMBERS = (4, 12)
FACTS = (6, 10)
TIMELINE = (6, 10)
FIGURE_SLOTS = 12
FIGURE_VALUES = (1, 3)
DISPUTES = 8
ENTITIES_COUNTED = 60
ENTITIES_SHOWN = 24
SUMMARY_LENGTH = 400  # characters
_KEYED = ("members", "facts", "timeline", "disputes")


class Tally:
    """The gathered rows of one event. ``count`` is the number of members."""

    def __init__(self) -> None:
        self.count = 0
        self.coverage = Coverage()
        self.members: list[Member] = []
        self.facts: list[Fact] = []
        self.timeline: list[TimelineEntry] = []
        self.headlines = Headlines()
        self.disputes: list[EventDispute] = []
        self.figures: dict[str, list[FigureValue]] = {}
        self.entities: dict[str, tuple[str, EntityType, int]] = {}  # id -> name, type, articles

    def copy(self) -> "Tally":
        """One that can be changed without changing this one."""
        twin = Tally()
        twin.count, twin.coverage = self.count, self.coverage.copy()
        twin.members, twin.facts = list(self.members), list(self.facts)
        twin.timeline, twin.headlines = list(self.timeline), self.headlines.copy()
        twin.disputes, twin.entities = list(self.disputes), dict(self.entities)
        twin.figures = dict(self.figures)  # its lists are replaced, never changed
        return twin

    def add(self, digest: Mapping[str, Any]) -> None:
        """The next member."""
        told, relation = digest["told"], digest["told"]["relation"]
        member = member_of(digest)
        self.count += 1
        self.coverage.add(member, counted(digest))
        self.members = _capped([*self.members, member], MEMBERS)
        facts = list(map(Fact.model_validate, told["facts"]))
        self.facts = _capped([*self.facts, *facts], FACTS)
        title = Text.model_validate(digest["title"]) if digest["title"] else None
        if title is not None:
            self.headlines.add(title, digest["vector"]["title"])
        if relation in ("opens", "updates") and (said := title or (facts and facts[0])):
            self._happening(said, digest, member)
        for figure in told["figures"]:
            self._figure(figure)
        disputes = map(EventDispute.model_validate, told["disputes"])
        self.disputes = [*self.disputes, *disputes][:DISPUTES]
        for key, name, kind in digest["entities"]:
            if key in self.entities or len(self.entities) < ENTITIES_COUNTED:
                old = self.entities.get(key, (name, kind, 0))
                self.entities[key] = (old[0], old[1], old[2] + 1)

    def join(self, later: "Tally") -> None:
        """The members of another tally, as if they had all come behind."""
        self.count += later.count
        self.coverage.join(later.coverage)
        self.headlines.join(later.headlines)
        self.members = _capped([*self.members, *later.members], MEMBERS)
        self.facts = _capped([*self.facts, *later.facts], FACTS)
        self.timeline = _capped([*self.timeline, *later.timeline], TIMELINE)
        self.disputes = [*self.disputes, *later.disputes][:DISPUTES]
        for slot, values in later.figures.items():
            if slot in self.figures or len(self.figures) < FIGURE_SLOTS:
                self.figures[slot] = _capped([*self.figures.get(slot, ()), *values], FIGURE_VALUES)
        for key, (name, kind, count) in later.entities.items():
            if key in self.entities or len(self.entities) < ENTITIES_COUNTED:
                old = self.entities.get(key, (name, kind, 0))
                self.entities[key] = (old[0], old[1], old[2] + count)

    def strip(self, item_id: str, left: Mapping[str, Any]) -> None:
        """Take out a member whose digest froze; what it displaced does not come back.

        Args:
            left: of its digest: the ids of its entities, and what was counted of it.
        """
        self.count -= 1
        self.coverage.strip(item_id, left.get("counted"))
        self.members = [row for row in self.members if row.item_id != item_id]
        self.facts = [row for row in self.facts if row.source.item_id != item_id]
        self.timeline = [row for row in self.timeline if row.source.item_id != item_id]
        self.headlines.strip(item_id)
        self.disputes = [row for row in self.disputes if row.source.item_id != item_id]
        for slot, values in list(self.figures.items()):
            self.figures[slot] = [row for row in values if row.source.item_id != item_id]
            if not self.figures[slot]:
                del self.figures[slot]
        for key in left.get("entities", ()):
            if key in self.entities:
                name, kind, count = self.entities.pop(key)
                if count > 1:
                    self.entities[key] = (name, kind, count - 1)

    def forget_origins(self, gone: Container[str]) -> None:
        """Members that copy an article that has left name it no longer."""
        self.members = [
            row.model_copy(update={"copy_of": None}) if row.copy_of in gone else row
            for row in self.members
        ]

    def _happening(self, said: Text | Fact, digest: Mapping[str, Any], member: Member) -> None:
        """A place on the timeline: by the day that the text names, else by the article's time.

        A past day that the timeline has already is what the news goes back to, not when it was.
        """
        entry = TimelineEntry.model_validate(
            {
                "happened": happened(digest["told"], digest.get("days", ())),
                "at": member.published_at,
                "text": said.text,
                "source": said.source,
            }
        )
        day, at = entry.happened, member.published_at
        if day and at and day < at.date() and any(row.happened == day for row in self.timeline):
            entry = entry.model_copy(update={"happened": None})
        self.timeline = _capped([*self.timeline, entry], TIMELINE)

    def _figure(self, figure: Mapping[str, Any]) -> None:
        slot = figure["slot"]
        if slot in self.figures or len(self.figures) < FIGURE_SLOTS:
            value = FigureValue.model_validate({**figure, "value": figure["new"]})
            self.figures[slot] = _capped([*self.figures.get(slot, ()), value], FIGURE_VALUES)

    # --- as JSON, to be kept in a row --------------------------------------------------------

    def row(self) -> Json:
        """The tally as plain JSON; of rows that stand in the event's record only their keys."""
        return {
            "count": self.count,
            "coverage": self.coverage.row(),
            "headlines": self.headlines.row(),
            "entities": {key: list(value) for key, value in self.entities.items()},
            "figures": {
                slot: list(dict.fromkeys([value.source.item_id for value in values]))
                for slot, values in self.figures.items()
            },
            **{name: [row.row_key for row in getattr(self, name)] for name in _KEYED},
        }

    @classmethod
    def read(cls, row: Json, state: EventState) -> "Tally":
        """The tally of a row.

        Args:
            state: the event's record. A row that is not in it was displaced, and stays so.
        """
        tally = cls()
        tally.count = row["count"]
        tally.coverage = Coverage.read(row["coverage"])
        tally.headlines = Headlines.read(row["headlines"])
        tally.entities = {key: (name, kind, n) for key, (name, kind, n) in row["entities"].items()}
        for figure in state.figures:
            items = row["figures"].get(figure.slot, ())
            if values := [value for value in figure.values if value.source.item_id in items]:
                tally.figures[figure.slot] = values
        for name in _KEYED:
            known = {each.row_key: each for each in getattr(state, name)}
            setattr(tally, name, [known[key] for key in row[name] if key in known])
        return tally

    # --- as a state record -------------------------------------------------------------------

    def onto(self, state: EventState) -> EventState:
        """The record with everything that this tally knows; its header stays."""
        publishers = self.coverage.shown(state.publishers)
        return state.model_copy(
            update={
                "member_count": self.count,
                "first_reported": self.coverage.first(),
                "spread": self.coverage.spread(self.count, publishers),
                "publishers": publishers,
                "title": self.headlines.title,
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


def _capped(rows: list[Row], cap: tuple[int, int]) -> list[Row]:
    first, last = cap
    if len(rows) <= first + last:
        return rows
    return [*rows[:first], *rows[len(rows) - last :]]
