"""Readers: bytes to drafts, one module per format. To add one, write it and enter it here."""

from collections.abc import Callable

from streams.readers import json_lines, text
from streams.readers.draft import Draft

Reader = Callable[[bytes], tuple[Draft, ...]]

READERS: dict[str, Reader] = {"text": text.read, "jsonl": json_lines.read, "json": json_lines.read}


def reader_for(hint: str, value: bytes) -> Reader:
    """The reader of the hinted format; without a known hint, by the first character."""
    if hint in READERS:
        return READERS[hint]
    first = value[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return READERS["jsonl" if first == b"{" else "text"]
