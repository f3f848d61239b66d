"""events.changes.v1 and events.state.v1: typed changes, and the record that they fold to."""

from datetime import date
from typing import Literal

from pydantic import Field

from schemas.article import Precision
from schemas.base import Message, Record, UtcTime
from schemas.enriched import Position, Relation
from schemas.tagged import EntityType

ChangeKind = Literal[
    "opened",
    "updated",
    "confirmed",
    "repeated",
    "corrected",
    "retracted",
    "merged",
    "split",
    "dormant",
    "closed",
    "reopened",
]
EventStatus = Literal["active", "dormant", "closed", "merged", "retracted"]


class Text(Record):
    """A sentence or headline with the place it was taken from."""

    text: str
    source: Position


class Member(Record):
    """One article of the event."""

    item_id: str
    version: int
    decision: int
    relation: Relation
    copy_of: str | None = Field(
        None, description="Item id of the member that it copies, as far as that still stands."
    )
    source: str
    publisher: str | None = None
    bias_rating: str | None = None
    ai_generated: bool | None = None
    published_at: UtcTime | None = None
    published_precision: Precision | None = Field(
        None, description="Of published_at; absent where it is exact."
    )
    joined_at: UtcTime = Field(description="Log time.")

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return self.item_id

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of joining."""
        return (self.joined_at, self.item_id)


class Fact(Record):
    """A statement that one member added, with its source."""

    text: str
    label: Literal["NEW", "REVISES", "DISPUTES"]
    source: Position

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return "/".join(map(str, self.source.begins_at))

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By source position."""
        return self.source.begins_at


class EventEntity(Record):
    """An entity that members name."""

    entity_id: str
    name: str
    type: EntityType
    articles: int = Field(ge=1, description="Members that name it.")

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return self.entity_id

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Most named first."""
        return (-self.articles, self.entity_id)


class FigureValue(Record):
    """One value that a slot had."""

    value: float
    bound: Literal["at least", "at most", "about"] | None = None
    unit: str | None = None
    as_of: str | None = None
    source: Position


class EventFigure(Record):
    """A slot with its current value (the last) and its history, oldest first."""

    slot: str
    values: tuple[FigureValue, ...]

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return self.slot

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By slot."""
        return (self.slot,)


class EventDispute(Record):
    """A claim with its two sides."""

    claim: str
    claimants: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    source: Position
    kind: Literal["denial", "odds", "correction"] = Field(
        "denial", description="As of the article's own dispute."
    )

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return "/".join(map(str, self.source.begins_at))

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By source position."""
        return self.source.begins_at


class TimelineEntry(Record):
    """What happened when, as one article told it."""

    happened: date | None = Field(
        None, description="The day that its main statement names; absent: take the article's time."
    )
    at: UtcTime | None = Field(
        None, description="The article's time, when this was reported; absent if unknown."
    )
    text: str
    source: Position

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return self.source.item_id

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By the day of what happened, then by the article's time; unknown ones last."""
        at = self.at
        day = self.happened or (at.date() if at else date.max)
        return (day, at is None, at.timestamp() if at else 0.0, self.source.item_id)


class FirstReport(Record):
    """The article that reported first, among all that the event ever had and that still stand."""

    item_id: str
    source: str
    publisher: str | None = None
    at: UtcTime | None = Field(
        None, description="Exact time of publication; absent: none states one, so the log decides."
    )
    joined_at: UtcTime = Field(description="Log time.")

    @property
    def sort_key(self) -> tuple[object, ...]:
        """The earliest exact time, then the order of joining."""
        at = self.at
        return (at is None, at.timestamp() if at else 0.0, self.joined_at, self.item_id)


class Count(Record):
    """Articles under one name."""

    name: str
    articles: int = Field(ge=1)
    copies: int = Field(
        0, ge=0, description="Of a publisher: those that copy an article of another publisher."
    )

    @property
    def row_key(self) -> str:
        """Unique inside the event."""
        return self.name

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Most articles first."""
        return (-self.articles, self.name)


class Spread(Record):
    """Who reports, over all members; publishers are rows of their own."""

    others: int = Field(0, ge=0, description="Articles of publishers that are not listed.")
    independent: int = Field(
        0,
        ge=0,
        description="Publishers with an article that copies no other publisher's; all copies of "
        "one wire report count as its publisher alone.",
    )
    copies: int = Field(0, ge=0, description="Articles that copy another publisher's.")
    bias_ratings: tuple[Count, ...] = Field((), description="As printed; most articles first.")
    bias_unknown: int = Field(0, ge=0, description="Articles without a rating that is listed.")
    ai_generated: int = Field(0, ge=0, description="Articles that say a machine wrote them.")
    ai_not: int = Field(0, ge=0, description="Articles that say that none did.")
    ai_unknown: int = Field(0, ge=0, description="Articles that say neither.")
    ai_share: float | None = Field(
        None, ge=0, le=1, description="ai_generated over all members; absent if none says either."
    )


class Lineage(Record):
    """Where an event went or came from."""

    merged_into: str | None = None
    merged_from: tuple[str, ...] = ()
    split_from: str | None = None


class EventDelta(Record):
    """What one change does to the state: a scalar that is present replaces, rows are put by key.

    ``*_put`` inserts or replaces rows, ``*_dropped`` names the keys of rows that go. Applying
    the deltas in order of revision to an empty state gives the state record exactly.
    """

    status: EventStatus | None = None
    title: Text | None = None
    title_dropped: bool = False
    summary: tuple[Text, ...] | None = None
    opened_at: UtcTime | None = None
    last_at: UtcTime | None = None
    member_count: int | None = None
    first_reported: FirstReport | None = None
    first_reported_dropped: bool = False
    spread: Spread | None = None
    publishers_put: tuple[Count, ...] = ()
    publishers_dropped: tuple[str, ...] = ()
    members_put: tuple[Member, ...] = ()
    members_dropped: tuple[str, ...] = ()
    facts_put: tuple[Fact, ...] = ()
    facts_dropped: tuple[str, ...] = ()
    entities_put: tuple[EventEntity, ...] = ()
    entities_dropped: tuple[str, ...] = ()
    figures_put: tuple[EventFigure, ...] = ()
    figures_dropped: tuple[str, ...] = ()
    disputes_put: tuple[EventDispute, ...] = ()
    disputes_dropped: tuple[str, ...] = ()
    timeline_put: tuple[TimelineEntry, ...] = ()
    timeline_dropped: tuple[str, ...] = ()


class EventChange(Message):
    """One revision of one event."""

    event_id: str
    space: str = "world"
    revision: int = Field(ge=1, description="1, 2, 3 ... without gaps.")
    kind: ChangeKind = Field(
        description="A reader passes over a kind that it does not know: the delta holds it all."
    )
    item_id: str | None = Field(None, description="The article that caused it, if one did.")
    at: UtcTime
    delta: EventDelta = EventDelta()
    lineage: Lineage = Lineage()

    @property
    def key(self) -> bytes:
        """The event's."""
        return self.event_id.encode()


class EventState(Message):
    """The fold of an event's changes."""

    event_id: str
    space: str = "world"
    revision: int = Field(0, ge=0)
    status: EventStatus = "active"
    title: Text | None = None
    summary: tuple[Text, ...] = ()
    opened_at: UtcTime | None = Field(None, description="Log time of the first change.")
    last_at: UtcTime | None = Field(None, description="Log time of the last article.")
    member_count: int = 0
    first_reported: FirstReport | None = None
    spread: Spread = Spread()
    publishers: tuple[Count, ...] = Field((), description="The most frequent, up to a cap.")
    members: tuple[Member, ...] = Field((), description="The first and the latest, up to a cap.")
    facts: tuple[Fact, ...] = ()
    entities: tuple[EventEntity, ...] = ()
    figures: tuple[EventFigure, ...] = ()
    disputes: tuple[EventDispute, ...] = ()
    timeline: tuple[TimelineEntry, ...] = Field((), description="By event time, up to a cap.")
    lineage: Lineage = Lineage()

    @property
    def key(self) -> bytes:
        """The event's."""
        return self.event_id.encode()
