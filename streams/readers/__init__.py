"""Readers: bytes to drafts, one module per format. To add one, write it and enter it here.

What the bytes are is told from the bytes. A message may name its format in a header; a name of
this table is obeyed, ``json``, ``jsonl`` and ``xml`` only say in which part of it to look.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from streams.errors import Rejected
from streams.readers import (
    dpa,
    feed,
    json_feed,
    json_lines,
    newsml_g2,
    ninjs,
    nitf,
    page,
    schema_org,
    text,
)
from streams.readers.draft import Draft, Reading
from streams.readers.json_object import Document, Fields, parse
from streams.readers.sniff import Beginning, beginning, is_json


@dataclass(frozen=True, slots=True)
class Json:
    """A format in JSON: which objects are its own, and how one is read."""

    claims: Callable[[Fields], bool]
    read: Callable[[Document], Reading]


@dataclass(frozen=True, slots=True)
class Markup:
    """A format in XML or HTML: the first elements of its documents, and how one is read."""

    roots: tuple[str, ...]
    read: Callable[[bytes], Reading]


@dataclass(frozen=True, slots=True)
class Plain:
    """What nothing else claims."""

    read: Callable[[bytes], Reading]


READERS: dict[str, Json | Markup | Plain] = {  # in the order in which they are asked
    "ninjs": Json(ninjs.claims, ninjs.read),
    "dpa": Json(dpa.claims, dpa.read),
    "json-feed": Json(json_feed.claims, json_feed.read),
    "schema.org": Json(schema_org.claims, schema_org.read),
    "jsonl": Json(lambda fields: True, json_lines.read),
    "newsml-g2": Markup((*newsml_g2.ITEMS, *newsml_g2.OTHERS, "newsMessage"), newsml_g2.read),
    "nitf": Markup(("nitf",), nitf.read),
    "feed": Markup(("rss", "feed", "RDF"), feed.read),
    "html": Markup(("html",), page.read),
    "text": Plain(text.read),
}
_FAMILIES = ("json", "jsonl")
"""Hints that say no more than JSON: our own lines are what no other format claims."""


def read(hint: str, value: bytes) -> Reading:
    """The items of one message, each with an identity of its own.

    Raises:
        Rejected: the reader's reasons, or ``unknown-format`` for XML of another kind.
    """
    return _told_apart(_read(hint, value))


def markup_format(start: Beginning) -> str | None:
    """The format whose documents begin so."""
    if start.doctype[9:].strip().lower().startswith(b"html"):
        return "html"
    named = (name for name, each in READERS.items() if isinstance(each, Markup))
    return next((name for name in named if start.root in READERS[name].roots), None)  # type: ignore[union-attr]


def _read(hint: str, value: bytes) -> Reading:
    chosen = READERS.get(hint)
    if hint in _FAMILIES or (chosen is None and hint != "xml" and is_json(value)):
        document = parse(value)
        return _json_reader(document.fields).read(document)
    if isinstance(chosen, Json):
        return chosen.read(parse(value))
    if chosen is not None:
        return chosen.read(value)
    start = beginning(value)
    if (name := markup_format(start)) is not None:
        return READERS[name].read(value)  # type: ignore[arg-type]
    if start.is_xml or hint == "xml":
        raise Rejected("unknown-format", f"XML that begins with <{start.root or '?'}>")
    return text.read(value)


def _json_reader(fields: Fields) -> Json:
    asked = (each for each in READERS.values() if isinstance(each, Json))
    return next(each for each in asked if each.claims(fields))


def _told_apart(found: Reading) -> Reading:
    """Of many items in one message none may borrow the message's name as its identity."""
    return found if len(found) < 2 else tuple(map(_named, found))


def _named(each: Draft | Rejected) -> Draft | Rejected:
    if isinstance(each, Rejected) or each.item_id or each.url:
        return each
    words = "\0".join((each.title or "", each.lead or "", each.text))
    digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(each, item_id=f"sha256:{digest[:16]}")
