"""articles.enriched.v1: the record that consumers want."""

from typing import Literal

from pydantic import Field

from schemas.article import Precision, Provenance, Source
from schemas.base import Message, Record, UtcTime
from schemas.tagged import Mention

Relation = Literal["opens", "updates", "confirms", "repeats"]
Label = Literal["NEW", "REVISES", "DISPUTES", "KNOWN"]
Flag = Literal["paywall", "notice", "vague-title", "market-roundup", "live-blog", "digest"]
ReadFlag = Literal["statements-capped", "sentence-cut", "figures-capped", "no-language"]


class Position(Record):
    """A stretch of one article's field, in code points; never a copy of its text."""

    item_id: str
    field: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)

    @property
    def begins_at(self) -> tuple[str, str, int]:
        """Where it begins, for keys and for order: two statements never begin at one place."""
        return (self.item_id, self.field, self.start)


class SentenceNovelty(Record):
    """One statement of the article against what its event already held."""

    field: str = Field(description="title, lead, body, key_points.N or correction_note.")
    start: int = Field(ge=0)
    end: int = Field(gt=0, description="field[start:end] is the text.")
    text: str = Field(description="Of a sentence of more than 400 characters its beginning.")
    label: Label
    novelty: float = Field(ge=0, le=1, description="0 known, 1 entirely new.")
    nearest: Position | None = Field(None, description="The closest earlier statement.")


class FigureChange(Record):
    """A figure that the article states for a slot; ``old`` is what the event held before."""

    slot: str = Field(description="What is counted, for example 'dead'.")
    old: float | None = None
    new: float
    bound: Literal["at least", "at most", "about"] | None = None
    unit: str | None = None
    as_of: str | None = Field(None, description="ISO date or time that the figure speaks of.")
    source: Position | None = None


class Dispute(Record):
    """A claim, who makes it and who denies it; actors by entity id (a metonym resolved)."""

    claim: str
    claimants: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    source: Position | None = None
    kind: Literal["denial", "odds", "correction"] = Field(
        "denial",
        description="odds: the two give one figure differently at the same time. correction: the "
        "claimant takes it back itself; it stands on both sides.",
    )


class Novelty(Record):
    """What the article adds to its event."""

    score: float = Field(ge=0, le=1, description="Share of the article that is new.")
    sentences: tuple[SentenceNovelty, ...] = ()
    entities_new: tuple[str, ...] = Field((), description="Entity ids the event had not seen.")
    figures: tuple[FigureChange, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    flags: tuple[ReadFlag, ...] = Field(
        (),
        description="What the article has more of than was compared, mostly nothing. "
        "statements-capped: only its first sentences were. sentence-cut: of a sentence only the "
        "beginning is shown, and of one longer than 1,500 characters only that was read. "
        "figures-capped: it states more figures than are kept. no-language: its language is "
        "unknown or has no rules here, so that words are compared much as they are written.",
    )


class Evidence(Record):
    """One feature of the decision: its value and what it added to the score."""

    feature: str
    value: float
    weight: float


class RunnerUp(Record):
    """The best event that was not chosen."""

    event_id: str
    score: float


class EventLink(Record):
    """Which event the article belongs to, and why."""

    event_id: str
    relation: Relation
    copy_of: str | None = Field(
        None,
        description="Item id of the earlier article of the event that this one copies: a "
        "near-duplicate by its share of words in the same order. Of a copy's copy it is the "
        "first of them. With relation repeats, or updates where something was added.",
    )
    score: float = Field(ge=0, le=1, description="Of the chosen event, or of the best refused one.")
    threshold: float = Field(ge=0, le=1)
    runner_up: RunnerUp | None = None
    evidence: tuple[Evidence, ...] = ()
    model: str
    flags: tuple[Flag, ...] = Field(
        (),
        description="Why the article is not the story of one event, mostly nothing. Of a paywall "
        "or a notice (cookies, consent, a blocked reader) only what stands before it was compared, "
        "of a vague title the text; the others draw no later article to the event.",
    )


class EnrichedArticle(Message):
    """What one article is about, which event it belongs to, and what it adds.

    A record with ``status`` other than usable holds no text and no event: it takes the item
    out. The highest ``decision`` of an item is its current record.
    """

    item_id: str
    version: int = Field(ge=0)
    decision: int = Field(ge=1)
    status: Literal["usable", "withheld", "canceled", "expired"]
    at: UtcTime
    space: str
    source: Source | None = None
    url: str | None = None
    language: str = "und"
    published_at: UtcTime | None = None
    published_precision: Precision = "unknown"
    urgency: int | None = None
    byline: str | None = None
    dateline: str | None = None
    credit: str | None = None
    usage_terms: str | None = None
    subjects: tuple[str, ...] = ()
    correction_note: str | None = None
    title: str = ""
    lead: str | None = None
    body: str = ""
    key_points: tuple[str, ...] = ()
    entities: tuple[Mention, ...] = ()
    tagger: str | None = None
    entities_capped: bool = Field(
        False, description="The text is so long that its end was not searched for entities."
    )
    event: EventLink | None = None
    novelty: Novelty | None = None
    provenance: Provenance | None = None

    @property
    def key(self) -> bytes:
        """The item's: all versions and the kill in order."""
        return self.item_id.encode()
