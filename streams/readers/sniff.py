"""What bytes are, by their beginning: JSON, markup with its first element, or plain text."""

import re
from typing import NamedTuple

HEAD = 16_384
"""Bytes that are looked at: a licence as a comment may stand before the first element."""
_MARKS = b"\xef\xbb\xbf\xff\xfe\x00"
_SPACE = re.compile(rb"\s*+")
_DOCTYPE = re.compile(rb"""<!DOCTYPE\b(?:[^"'\[>]++|"[^"]*+"|'[^']*+')*+""", re.IGNORECASE)
_ELEMENT = re.compile(rb"<(?:[\w.-]{1,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_JSON = re.compile(rb"\{|\[\s*\{")
_DOCUMENTS = frozenset(
    "html nitf newsItem packageItem newsMessage conceptItem knowledgeItem planningItem "
    "catalogItem rss feed RDF".split()
)


class Beginning(NamedTuple):
    """The first element's name without prefix, or nothing; what stood before it."""

    root: str
    is_xml: bool  # it says so
    doctype: bytes


def is_json(value: bytes) -> bool:
    """True for what begins as an object or as an array of objects."""
    return _JSON.match(_head(value, HEAD)) is not None


def is_markup(value: bytes) -> bool:
    """True for a whole document in XML or HTML, not for a text with tags in it."""
    start = beginning(value)
    return start.is_xml or start.doctype != b"" or start.root in _DOCUMENTS


def beginning(value: bytes, limit: int | None = HEAD) -> Beginning:
    """The first element of a document in markup, and what declares the document's type.

    Args:
        limit: bytes to look at, None for all.
    """
    head, at = _head(value, limit), 0
    is_xml, doctype = head.startswith(b"<?xml"), b""
    while True:
        at = _SPACE.match(head, at).end()  # type: ignore[union-attr]
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at) + 3
        elif head.startswith(b"<?", at):
            end = head.find(b"?>", at) + 2
        elif match := _DOCTYPE.match(head, at):
            end = _end_of_doctype(head, match.end())
            doctype = head[at : end or len(head)]
        else:
            match = _ELEMENT.match(head, at)
            return Beginning(match[1].decode("ascii", "replace") if match else "", is_xml, doctype)
        if end <= at:
            return Beginning("", is_xml, doctype)
        at = end


def _end_of_doctype(head: bytes, at: int) -> int:
    """Behind the closing bracket; 0 where there is none. ``at``: behind names and addresses."""
    if head.startswith(b"[", at):
        close = head.find(b"]", at)
        at = close if close >= 0 else len(head)
    return head.find(b">", at) + 1


def _head(value: bytes, limit: int | None) -> bytes:
    """Without marks and the zeros of UTF-16."""
    return value[:limit].lstrip(_MARKS).replace(b"\0", b"").lstrip()
