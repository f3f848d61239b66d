"""XML from strangers: no entities, no DTD, no network, bounded depth and size."""

import html
import re
from typing import Any, NamedTuple

from lxml import etree

from streams.cleaning.charset import is_damaged
from streams.errors import Rejected
from streams.readers.encoding import decode_declared
from streams.readers.sniff import beginning

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_OWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}


class Tree(NamedTuple):
    """The root element, and whether bytes had to be replaced."""

    root: Any
    damaged: bool


def parse(value: bytes) -> Tree:
    """The tree of a document. Comments and processing instructions are left out.

    Raises:
        Rejected: ``unsafe-xml`` (it declares entities or elements), ``too-deep``, ``bad-xml``,
            ``not-text``.
    """
    source, damaged = as_utf8(value)
    refuse_declarations(source)
    source = _NAMED.sub(_character, source) if b"&" in source else source
    try:
        return Tree(_root(source), damaged)
    except etree.XMLSyntaxError as error:
        mended = _CONTROL.sub(b"", source)
        if "depth" in str(error) or mended == source:
            raise _refusal(error) from error
    try:
        return Tree(_root(mended), damaged=True)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error


def as_utf8(value: bytes) -> tuple[bytes, bool]:
    """The document in UTF-8, whatever it says of itself, and whether bytes were replaced."""
    text, damaged = decode_declared(value)
    if value[:1] == b"<" and b"\0" not in value and not damaged:
        try:
            value.decode("utf-8")
            return value, False
        except UnicodeDecodeError:
            pass
    return text.encode("utf-8", "replace"), damaged or is_damaged(value, text)


def refuse_declarations(source: bytes) -> None:
    """A DOCTYPE that only names a DTD is passed over, the DTD is never read.

    Raises:
        Rejected: ``unsafe-xml``.
    """
    start = beginning(source, None)
    if b"[" in start.doctype or (start.doctype and not start.root):
        raise Rejected("unsafe-xml", "the document declares entities or elements of its own")


def name_of(element: Any) -> str:
    """The tag without its namespace; empty for a reference to an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any) -> dict[str, list[Any]]:
    """The children by name, in their order."""
    found: dict[str, list[Any]] = {}
    for child in element if element is not None else ():
        if name := name_of(child):
            found.setdefault(name, []).append(child)
    return found


def line_of(element: Any) -> str | None:
    """All text inside on one line; None for no element or no text."""
    if element is None:
        return None
    return " ".join("".join(element.itertext()).split()) or None


def _root(source: bytes) -> Any:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(source, parser)
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Rejected("unsafe-xml", "the document declares entities of its own")
    return root


def _character(match: re.Match[bytes]) -> bytes:
    """``&nbsp;`` and others that HTML knows, which no DTD is read for."""
    if match[1] in _OWN:
        return match[0]
    found = html.unescape(match[0].decode())
    return match[0] if found.startswith("&") else found.encode()


def _refusal(error: Exception) -> Rejected:
    message = str(error)
    return Rejected("too-deep" if "depth" in message else "bad-xml", message[:200])
