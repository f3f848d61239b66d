"""A file's bytes to messages: a line of JSON lines, an element of a JSON array, or the whole.

Nothing above ``MAX_ITEM`` bytes is held in memory: a long line is passed over in pieces.
"""

import json
from collections.abc import Iterator
from io import BufferedReader
from typing import NamedTuple

from streams.readers.sniff import is_json, is_markup

MAX_ITEM = 1_048_576
"""Bytes of one article; 1 MiB."""
_BOM = b"\xef\xbb\xbf"
_PEEK = 4096
_SUFFIXES = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "json",
    "jsonld": "json",
    "ninjs": "json",
    "txt": "text",
    "text": "text",
    "md": "text",
}


class Part(NamedTuple):
    """One message. ``number`` counts lines or elements from 1, None for a whole file.

    ``value`` is None where the part is larger than ``MAX_ITEM``.
    """

    value: bytes | None
    format: str
    number: int | None = None


def format_of(path: str) -> str:
    """``text``, ``json``, ``jsonl``, or nothing where the content has to say."""
    return _SUFFIXES.get(path.rpartition(".")[2].lower(), "")


def split(stream: BufferedReader, hint: str) -> Iterator[Part]:
    """The parts of a stream. ``hint`` as of ``format_of``; without one the first byte decides.

    A document in XML or HTML is one whatever its name: its part has no format, and is looked at.

    Raises:
        OSError: reading failed.
    """
    if hint and hint != "text" and is_markup(stream.peek(_PEEK)[:_PEEK]):
        hint = ""
    if not hint:
        first = stream.peek(_PEEK)[:_PEEK].removeprefix(_BOM).lstrip()[:1]
        hint = "json" if first in (b"{", b"[") else "text"
    if hint == "jsonl":
        yield from _lines(stream, b"", 0)
    elif hint == "json":
        yield from _json(stream)
    else:
        value = stream.read(MAX_ITEM + 1)
        kind = "" if is_markup(value) or (is_json(value) and _is_object(value)) else hint
        yield Part(value if len(value) <= MAX_ITEM else None, kind)


def _json(stream: BufferedReader) -> Iterator[Part]:
    """One object, an array of them, or JSON lines under the name of JSON."""
    first = stream.readline(MAX_ITEM + 1)
    if _is_object(first) and stream.peek(_PEEK)[:_PEEK].strip():
        yield from _lines(stream, first, 0)
        return
    value = first + stream.read(MAX_ITEM + 1 - len(first))
    if len(value) > MAX_ITEM:
        yield Part(None, "json")
        return
    elements = _elements(value)
    if elements is None:
        yield Part(value, "json")
        return
    for number, element in enumerate(elements, start=1):
        yield Part(element, "json", number)


def _lines(stream: BufferedReader, first: bytes, number: int) -> Iterator[Part]:
    line = first or stream.readline(MAX_ITEM + 1)
    while line:
        number += 1
        if len(line) > MAX_ITEM and not line.endswith(b"\n"):
            _pass_over(stream)
            yield Part(None, "jsonl", number)
        elif value := line.removeprefix(_BOM).strip():
            yield Part(value, "jsonl", number)
        line = stream.readline(MAX_ITEM + 1)


def _pass_over(stream: BufferedReader) -> None:
    while (rest := stream.readline(MAX_ITEM)) and not rest.endswith(b"\n"):
        pass


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _elements(value: bytes) -> list[bytes] | None:
    """The elements' own bytes; None if ``value`` is no array that can be read."""
    try:
        text = value.removeprefix(_BOM).decode()
        if not text.lstrip().startswith("["):
            return None
        return [part.encode() for part in _slices(text)]
    except (ValueError, RecursionError):
        return None


def _slices(text: str) -> Iterator[str]:
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("[") + 1)
    while text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        yield text[at:end]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        elif text[at] != "]":
            raise ValueError(f"a comma or the end is expected at {at}")
    if text[at + 1 :].strip():
        raise ValueError("more follows the array")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    if at == len(text):
        raise ValueError("the array has no end")
    return at
