"""What the readers make of a source: understood, ignored, refused. For ``deltawire read``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas import topics
from schemas.article import Article, ItemControl
from streams.cleaning.record import records_of
from streams.errors import Rejected
from streams.readers import read
from streams.readers.draft import Draft
from streams.sources import RawItem, read_sources
from streams.stages.normalize import arrival_of, refuse_unread
from streams.step import EPOCH, Delivered

SHOWN = 400
"""Characters of one value that the view for people shows."""
_HIDDEN = {"kind", "provenance", "item_id"}


@dataclass(frozen=True, slots=True)
class Understood:
    """One item: the draft as its format states it, and the records that follow from it."""

    origin: str
    draft: Draft
    records: tuple[Article | ItemControl, ...]

    @property
    def unread(self) -> tuple[str, ...]:
        """Stated fields that could not be read, by the reader or by the cleaning."""
        found = (r.provenance.unread for r in self.records if isinstance(r, Article))
        return next(found, self.draft.unread)


@dataclass(frozen=True, slots=True)
class Refused:
    """A message, or one item of it, that ends with a reason."""

    origin: str
    refusal: Rejected


def understand(sources: list[str]) -> Iterator[Understood | Refused]:
    """Every item of the sources.

    Raises:
        DeltawireError: a source matches nothing.
    """
    for offset, item in enumerate(read_sources(sources)):
        yield from _message(item, offset)


def as_json(found: Understood | Refused) -> dict[str, Any]:
    """One item as plain values."""
    if isinstance(found, Refused):
        why = {"rejected": found.refusal.reason, "detail": found.refusal.detail}
        return {"origin": found.origin, **why, "item_id": found.refusal.item_id or None}
    return {
        "origin": found.origin,
        "format": found.draft.format,
        "records": [record.model_dump(mode="json", exclude_none=True) for record in found.records],
        "ignored": found.draft.ignored,
        "for_editors": found.draft.internal,
        "unread": found.unread,
    }


def view(found: Understood | Refused) -> RenderableType:
    """One item for a person."""
    if isinstance(found, Refused):
        refusal = found.refusal
        head = Text.assemble((f"✗ {refusal.reason}", "bold red"), (f"  {found.origin}", "dim"))
        return Group(head, Text(f"  {refusal.item_id} {refusal.detail}".rstrip()), Text(""))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    for record in found.records:
        for name, value in _rows(record):
            table.add_row(name, Text(value))
    draft = found.draft
    for name, names, style in (
        ("unread", found.unread, "yellow"),
        ("for editors", draft.internal, "magenta"),
        ("ignored", draft.ignored, "dim"),
    ):
        if names:
            table.add_row(Text(name, style), Text(", ".join(names), style))
    head = Text.assemble((f"● {draft.format}", "bold green"), (f"  {found.origin}", "dim"))
    return Group(head, table, Text(""))


def _message(item: RawItem, offset: int) -> Iterator[Understood | Refused]:
    message = Delivered(topics.RAW.name, 0, offset, item.key, item.value, item.headers, EPOCH)
    arrival = arrival_of(message)
    try:
        refuse_unread(arrival)
        found = read(arrival.headers.get("format", ""), arrival.value)
    except Rejected as refusal:
        yield Refused(arrival.origin, refusal)
        return
    for each in found:
        try:
            if isinstance(each, Rejected):
                raise each
            yield Understood(arrival.origin, each, records_of(each, arrival))
        except Rejected as refusal:
            yield Refused(arrival.origin, refusal)


def _rows(record: Article | ItemControl) -> Iterable[tuple[str, str]]:
    if isinstance(record, ItemControl):
        meant = "; ".join(map(str, record.named or ())) or record.item_id
        waits = ": waits for an operator" if record.named else ""
        return [("order", f"{record.action} of {meant}, by {record.notice_id}{waits}")]
    values = record.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    rows = [("item", record.item_id)]
    rows += [(name, _short(value)) for name, value in values.items() if name not in _HIDDEN]
    return rows


def _short(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(f"• {each}" for each in value)
    elif isinstance(value, dict):
        value = ", ".join(f"{name}: {each}" for name, each in value.items())
    text = str(value)
    more = len(text) - SHOWN
    return f"{text[:SHOWN]}… and {more} characters more" if more > 0 else text
