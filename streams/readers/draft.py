"""What a reader hands over: the item as its format states it, before any cleaning."""

from dataclasses import dataclass

from schemas.article import PubStatus


@dataclass(frozen=True, slots=True)
class Draft:
    """One item in raw strings. None: not stated.

    ``text`` is laid out by rule (title, lead, bullets, trailers); ``title``, ``lead`` and
    ``key_points`` are what the format itself sets apart. Times may be strings or numbers.
    ``refers_to`` names other items, each once. ``unread`` names stated fields that could not be
    read and were left out, and ``charset`` where bytes were replaced.
    """

    format: str
    text: str = ""
    title: str | None = None
    lead: str | None = None
    key_points: tuple[str, ...] = ()
    item_id: str | None = None
    version: int | None = None
    status: PubStatus = "usable"
    refers_to: tuple[str, ...] = ()
    space: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: object = None
    embargoed_until: object = None
    expires: object = None
    urgency: int | None = None
    byline: str | None = None
    credit: str | None = None
    usage_terms: str | None = None
    correction_note: str | None = None
    unread: tuple[str, ...] = ()
