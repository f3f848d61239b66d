"""articles.tagged.v1: a union of a tagged article, a retraction, a control for events."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.article import Article
from schemas.base import Message, Record, UtcTime

EntityType = Literal[
    "PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "DATE", "MONEY", "MISC"
]


class DateValue(Record):
    """The days that a DATE means."""

    kind: Literal["date"] = "date"
    start: date
    end: date = Field(description="Inclusive; of one day it is the start again.")
    precision: Literal["day", "month", "year", "decade", "century", "range"]
    relative: bool = Field(False, description="The time of publication decided the year or day.")


class MoneyValue(Record):
    """The sum that a MONEY means."""

    kind: Literal["money"] = "money"
    amount: str = Field(description="Exact decimal in plain notation, such as 3500000 or 12.5.")
    amount_to: str | None = Field(None, description="Of a range the greater one.")
    currency: str | None = Field(None, description="ISO 4217; absent if nothing decides.")
    bound: Literal["none", "at_least", "at_most", "about"] = Field(
        "none", description="What the words before it say."
    )


MentionValue = Annotated[DateValue | MoneyValue, Field(discriminator="kind")]


class Mention(Record):
    """One entity mention; offsets are code points in the named field."""

    field: str = Field(description="title, lead, body or key_points.N")
    start: int = Field(ge=0)
    end: int = Field(gt=0, description="Exclusive; a possessive 's is outside.")
    surface: str
    type: EntityType
    entity_id: str | None = Field(None, description="Wikidata QID, else a stable local id.")
    name: str | None = Field(None, description="The entity's canonical name.")
    confidence: float = Field(ge=0, le=1)
    salience: float | None = Field(None, ge=0, le=1)
    metonym_of: str | None = Field(None, description="The actor that a place stands for, by id.")
    demonym_of: str | None = Field(None, description="The place a people is named after, by id.")
    value: MentionValue | None = Field(None, description="What a DATE or MONEY amounts to.")


class TaggedArticle(Message):
    """An admitted article with its entities, and the number of the decision that admitted it."""

    kind: Literal["tagged"] = "tagged"
    article: Article
    version: int = Field(ge=0, description="As admitted; stated or counted.")
    decision: int = Field(ge=1, description="Grows by one per item; a lower one is stale.")
    at: UtcTime = Field(description="Log time: when the normalized record was appended.")
    entities: tuple[Mention, ...] = ()
    tagger: str = Field("none", description="Name and version of the tagger that ran.")
    entities_capped: bool = Field(
        False, description="The text is so long that its end was not searched for entities."
    )

    @property
    def key(self) -> bytes:
        """The story space: one writer sees one order of its articles."""
        return self.article.space.encode()

    @property
    def source_time(self) -> datetime | None:
        """The log time."""
        return self.at


class Retraction(Message):
    """An item leaves every current record: killed, held, expired, or moved to another space."""

    kind: Literal["retraction"] = "retraction"
    item_id: str = Field(min_length=1)
    version: int = Field(ge=0)
    space: str
    status: Literal["canceled", "withheld", "expired"]
    fate: Literal["killed", "held", "expired", "superseded"] = Field(
        description="What becomes of the version that leaves; detection writes it."
    )
    reason: str
    decision: int = Field(ge=1)
    at: UtcTime

    @property
    def key(self) -> bytes:
        """The story space that holds the item."""
        return self.space.encode()

    @property
    def source_time(self) -> datetime | None:
        """The log time."""
        return self.at


class EventControl(Message):
    """An operator's order about events: join two, or part one."""

    kind: Literal["control"] = "control"
    action: Literal["merge", "split"]
    space: str = "world"
    event_id: str
    into: str | None = Field(None, description="merge: the event that stays.")
    item_ids: tuple[str, ...] = Field((), description="split: the members that leave.")
    by: str
    reason: str | None = None

    @property
    def key(self) -> bytes:
        """The story space of the events."""
        return self.space.encode()


TaggedRecord = Annotated[TaggedArticle | Retraction | EventControl, Field(discriminator="kind")]
TAGGED: TypeAdapter[TaggedArticle | Retraction | EventControl] = TypeAdapter(TaggedRecord)
