"""articles.normalized.v1: a union of an article version, a control for one item, a due notice."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from schemas.base import Message, Record, UtcTime

PubStatus = Literal["usable", "withheld", "canceled"]
Precision = Literal["exact", "day", "inferred", "unknown"]


class BiasRating(Record):
    """A media bias rating as printed under the text."""

    rating: str = Field(description="As printed, for example 'Lean Left'.")
    scheme: str = Field(description="Who rates, for example 'AllSides'.")


class Source(Record):
    """Who sent the article and what is known of the publisher."""

    name: str = Field(description="Name of the sender as given, else 'unknown'.")
    publisher: str | None = Field(None, description="The outlet whose text this is, if stated.")
    website: str | None = Field(None, description="The publisher's official website, if stated.")
    blurb: str | None = Field(None, description="A self-description of the publisher.")
    bias_rating: BiasRating | None = None
    ai_generated: bool | None = Field(None, description="True if the text says a machine wrote it.")


class RawPosition(Record):
    """Where the original bytes stand in articles.raw.v1."""

    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)


class Provenance(Record):
    """Where an article came from."""

    origin: str = Field(description="File (with line), URL or '-' for standard input.")
    format: str = Field(description="Name of the reader that understood the bytes.")
    raw: RawPosition
    sha256: str = Field(description="Hash over title, lead, body and key points, nothing else.")
    unread: tuple[str, ...] = Field(
        (), description="Stated fields that could not be read and were left out."
    )


class Article(Message):
    """One cleaned version of one item. The same bytes in, the same article out."""

    kind: Literal["article"] = "article"
    item_id: str = Field(min_length=1, description="Identity shared by all versions of the item.")
    version: int | None = Field(
        None, ge=0, description="Of the publisher; absent: changed bytes make a version."
    )
    status: PubStatus = "usable"
    space: str = Field("world", description="Story space: articles meet in events only inside one.")
    source: Source
    url: str | None = Field(None, description="Canonical, without tracking parameters.")
    language: str = Field("und", description="ISO 639-1 code, 'und' if unknown.")
    published_at: UtcTime | None = Field(None, description="The source's time, never ours.")
    published_precision: Precision = "unknown"
    embargoed_until: UtcTime | None = Field(None, description="Nothing derived goes out before.")
    embargo_unreadable: bool = Field(False, description="An embargo was stated and not understood.")
    expires: UtcTime | None = Field(None, description="Not to be used from this time on.")
    refers_to: str | None = Field(None, description="Another item that this one is about.")
    urgency: int | None = Field(None, ge=1, le=9, description="IPTC: 1 is high, 9 is low.")
    byline: str | None = None
    dateline: str | None = None
    credit: str | None = None
    usage_terms: str | None = None
    subjects: tuple[str, ...] = ()
    correction_note: str | None = Field(None, description="A public note that says what changed.")
    title: str = Field("", description="NFC, single spaces, no markup.")
    lead: str | None = Field(None, description="A summary paragraph set apart from the body.")
    body: str = Field("", description="Paragraphs divided by an empty line.")
    key_points: tuple[str, ...] = Field((), description="Bullets, without their marks.")
    media: tuple[str, ...] = Field((), description="Links to the original video or picture.")
    provenance: Provenance

    @property
    def key(self) -> bytes:
        """All versions of one item, and its controls, meet on one partition."""
        return self.item_id.encode()

    @property
    def source_time(self) -> datetime | None:
        """The time of publication; one that was inferred from the text moves no clock."""
        return self.published_at if self.published_precision in ("exact", "day") else None

    def fields(self) -> tuple[tuple[str, str], ...]:
        """(field name, text) in reading order, empty ones left out."""
        points = tuple((f"key_points.{n}", text) for n, text in enumerate(self.key_points))
        whole = (("title", self.title), ("lead", self.lead or ""), ("body", self.body), *points)
        return tuple((name, text) for name, text in whole if text)


class NamedTarget(Record):
    """What an order calls its target where it states no id."""

    number: str | None = Field(None, description="The agency's running number.")
    slug: str | None = None
    headline: str | None = None

    def __str__(self) -> str:
        stated = self.model_dump(exclude_none=True)
        return " and ".join(f"{name} {value!r}" for name, value in stated.items())


class ItemControl(Message):
    """An order about one item, from the wire (a kill notice) or from an operator.

    One with ``named`` cannot be carried out: it waits under the id of its notice until an operator
    says which item it means, which is an order with ``confirmed_target`` to that same id.
    """

    kind: Literal["control"] = "control"
    action: Literal["kill", "hold", "release"]
    item_id: str = Field(
        min_length=1, description="The target; of an order that waits, the notice itself."
    )
    named: tuple[NamedTarget, ...] | None = Field(
        None, description="Targets that are stated without an id."
    )
    confirmed_target: str | None = Field(None, description="The item that a waiting order means.")
    notice_id: str | None = Field(None, description="The item that carried the order.")
    notice_version: int = Field(0, ge=0)
    reason: str | None = None
    by: str = Field("wire", description="'wire' or the operator's name.")
    published_at: UtcTime | None = None
    origin: str | None = None

    @property
    def key(self) -> bytes:
        """The target's, so that the order meets its item."""
        return self.item_id.encode()

    @property
    def source_time(self) -> datetime | None:
        """When the order was given."""
        return self.published_at


class Due(Message):
    """A time has come for one item: an embargo to lift, an expiry. Idempotent."""

    kind: Literal["due"] = "due"
    item_id: str = Field(min_length=1)
    due_at: UtcTime = Field(description="The time that admission had noted.")

    @property
    def key(self) -> bytes:
        """The item's."""
        return self.item_id.encode()


NormalizedRecord = Annotated[Article | ItemControl | Due, Field(discriminator="kind")]
NORMALIZED: TypeAdapter[Article | ItemControl | Due] = TypeAdapter(NormalizedRecord)
