"""What a dossier says. Every text in it is one line without control or direction marks."""

from dataclasses import dataclass
from datetime import datetime

from schemas.article import Precision


@dataclass(frozen=True, slots=True)
class Moment:
    """A time with its precision, and how it is written."""

    at: datetime | None
    precision: Precision
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The article that something was taken from."""

    item_id: str
    source: str
    moment: Moment

    @property
    def label(self) -> str:
        """For example ``Meridian Wire, 2031-03-03 05:40``."""
        return f"{self.source}, {self.moment.text}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its mark and its source."""

    mark: str
    text: str
    source: Reference


@dataclass(frozen=True, slots=True)
class Entry:
    """One article on the timeline, and what it added: figures, disputes, sentences.

    ``happened`` is the day that its text names for what it tells; ``copy_of`` is the article that
    it copies; ``sentences`` are (mark, text); ``more`` says how many were left out.
    """

    item_id: str
    version: int
    relation: str
    copy_of: str | None
    source: str
    title: str
    url: str | None
    language: str | None
    happened: Moment | None
    published: Moment
    joined: Moment
    bias_rating: str | None
    ai_generated: bool | None
    figures: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    sentences: tuple[tuple[str, str], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class FigureValue:
    """One value of a figure, as written, and who said it."""

    text: str
    as_of: str | None
    source: Reference


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its history, oldest first: ``12 → 15 dead``."""

    text: str
    values: tuple[FigureValue, ...]


@dataclass(frozen=True, slots=True)
class Disputed:
    """A claim and its two sides."""

    claim: str
    claimed_by: str
    denied_by: str
    source: Reference


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One publisher: what it sent, when it was first, what is known of it."""

    name: str
    articles: int
    first: Moment
    bias_rating: str
    ai_generated: str
    was_first: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Who reports, over all articles that are known; the state counts independent sources."""

    publishers: tuple[SourceRow, ...]
    publishers_left_out: int
    bias_ratings: dict[str, int]
    ai_generated: int
    ai_not: int
    ai_unknown: int
    independent: int
    copies: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """An event. ``*_left_out`` count what the bounds cut; ``timeline_gap`` is where."""

    event_id: str
    title: str
    language: str | None
    status: str
    head: tuple[tuple[str, str], ...]
    summary: tuple[Statement, ...]
    timeline: tuple[Entry, ...]
    timeline_left_out: int
    timeline_gap: int
    figures: tuple[Figure, ...]
    disputes: tuple[Disputed, ...]
    facts: tuple[Statement, ...]
    facts_left_out: int
    sources: Spread
    members: tuple[Entry, ...]
    members_left_out: int
    lineage: tuple[str, ...]
