"""What a reader hands over: the item as its format states it, before any cleaning."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from schemas.article import NamedTarget, PubStatus
from streams.cleaning.identity import bounded_id
from streams.errors import Rejected


@dataclass(frozen=True, slots=True)
class Draft:
    """One item in raw strings. None: not stated.

    ``text`` is laid out by rule (title, lead, bullets, trailers); ``title``, ``lead`` and
    ``key_points`` are what the format itself sets apart. Times may be strings or numbers.
    ``refers_to`` names other items by id, each once, ``named`` those that an order calls otherwise.
    ``unread`` names stated fields that could not be read and were left out, and ``charset`` where
    bytes were replaced. ``ignored`` names parts that have no place here; ``internal`` names those
    for editors, whose values go nowhere.
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
    named: tuple[NamedTarget, ...] = ()
    space: str | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: object = None
    embargoed_until: object = None
    expires: object = None
    urgency: int | None = None
    byline: str | None = None
    dateline: str | None = None
    credit: str | None = None
    usage_terms: str | None = None
    subjects: tuple[str, ...] = ()
    correction_note: str | None = None
    unread: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()


Reading = tuple[Draft | Rejected, ...]
"""What one message holds: items, and the reasons why parts of it are none."""


@contextmanager
def naming(item_id: str | None, version: int | None = None) -> Iterator[None]:
    """A refusal inside says which item it is about."""
    try:
        yield
    except Rejected as refusal:
        refusal.item_id = refusal.item_id or bounded_id(item_id or "")
        refusal.version = refusal.version or version or 0
        raise
