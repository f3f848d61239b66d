"""SOURCE arguments to raw messages, one at a time: files, folders, globs, ``-``.

A folder gives its files with one of ``SUFFIXES``, sub-folders included, sorted, hidden ones left
out; ``.md`` is documentation and left out too. A file named by itself or by a glob is taken
whatever its suffix. JSON lines become one message a line, a JSON array one message an element.
What cannot be read becomes a message without a value whose headers say why, so that it ends with
a fate like any other.
"""

import glob
import hashlib
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

from streams.errors import MAX_DETAIL, DeltawireError
from streams.readers.split import MAX_ITEM, Part, format_of, split

SUFFIXES = (
    *(".txt", ".text", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson", ".jsonld"),
    *(".ninjs", ".xml", ".nitf", ".rss", ".atom"),
)
STDIN = "-"


@dataclass(frozen=True, slots=True)
class RawItem:
    """One message for articles.raw.v1; ``headers`` hold ``origin``, ``space`` and, if known,
    ``format``, ``name``, ``source``, or ``unreadable`` with ``detail``."""

    value: bytes
    key: bytes
    headers: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file to read. ``name`` is its identity, ``fault`` what listing it met."""

    path: str
    name: str
    fault: str = ""


def read_sources(
    sources: Sequence[str],
    *,
    space: str = "world",
    source: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[RawItem]:
    """The messages of all sources, in the order given; files are opened one after another.

    Raises:
        DeltawireError: at once, if a source matches nothing.
    """
    common = {"space": space} | ({"source": source} if source else {})
    entries = _entries(sources)
    return (item for entry in entries for item in _read(entry, common, stdin))


def read_stream(
    stream: BufferedReader, hint: str, *, origin: str, name: str, space: str, source: str | None
) -> Iterator[RawItem]:
    """The messages of one open file or body; ``hint`` as of ``format_of``.

    Raises:
        OSError: reading failed.
    """
    headers = {"space": space} | ({"source": source} if source else {})
    return _parts(stream, hint, headers | {"origin": origin} | ({"name": name} if name else {}))


def raw_item(value: bytes, headers: dict[str, str]) -> RawItem:
    """One message of bytes that are one already; headers as ``RawItem`` says."""
    return RawItem(value, _key(value), _encoded(headers))


def total_bytes(sources: Sequence[str]) -> int:
    """The size of all files that ``read_sources`` would open; standard input counts as 0.

    Raises:
        DeltawireError: a source matches nothing.
    """
    return sum(_size(entry.path) for entry in _entries(sources))


def _entries(sources: Sequence[str]) -> list[_Entry]:
    found = [entry for source in sources for entry in _expand(source)]
    paths_of_name = Counter(name for name, _ in {(e.name, os.path.realpath(e.path)) for e in found})
    # Two files of one name under two sources are two items: their paths tell them apart.
    return [_Entry(e.path, e.path if paths_of_name[e.name] > 1 else e.name, e.fault) for e in found]


def _expand(source: str) -> list[_Entry]:
    if source == STDIN:
        return [_Entry(STDIN, "")]
    if os.path.isdir(source):
        found = _walk(source, source)
        hint = f"holds none of {', '.join(SUFFIXES)}"
    elif os.path.lexists(source):
        return [_Entry(source, os.path.basename(source))]
    else:
        found = _glob(source)
        hint = "no such file or folder, and no file matches it as a pattern"
    if not found:
        raise DeltawireError(f"SOURCE {source!r}: {hint}")
    return found


def _glob(pattern: str) -> list[_Entry]:
    fixed = Path(*_until_magic(Path(pattern).parts))
    entries: list[_Entry] = []
    for path in sorted(glob.glob(pattern, recursive=True)):
        if not os.path.isdir(path):
            entries.append(_Entry(path, _relative(path, str(fixed))))
        elif "**" not in pattern:  # else the files below match by themselves
            entries += _walk(path, str(fixed))
    return entries


def _until_magic(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        if glob.has_magic(part):
            return
        yield part


def _walk(folder: str, root: str) -> list[_Entry]:
    faults: list[OSError] = []
    found: list[str] = []
    for here, folders, files in os.walk(folder, onerror=faults.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            os.path.join(here, name)
            for name in files
            if not name.startswith(".") and name.lower().endswith(SUFFIXES)
        ]
    entries = [_Entry(path, _relative(path, root), _fault(path)) for path in found]
    for fault in faults:
        path = str(fault.filename)
        entries.append(_Entry(path, _relative(path, root), fault.strerror or str(fault)))
    return sorted(entries, key=lambda entry: Path(entry.path).parts)


def _fault(path: str) -> str:
    """A pipe or device in a folder would be waited on for ever."""
    try:
        return "" if stat.S_ISREG(os.stat(path).st_mode) else "not a regular file"
    except OSError as error:
        return error.strerror or str(error)


def _relative(path: str, root: str) -> str:
    return Path(os.path.relpath(path, root or ".")).as_posix()


def _size(path: str) -> int:
    try:
        state = os.stat(path)
    except OSError:
        return 0
    return state.st_size if stat.S_ISREG(state.st_mode) else 0


def _read(entry: _Entry, common: dict[str, str], stdin: BinaryIO | None) -> Iterator[RawItem]:
    headers = {**common, "origin": entry.path} | ({"name": entry.name} if entry.name else {})
    try:
        if entry.fault:
            yield _unreadable(headers, "unreadable", entry.fault)
        elif entry.path == STDIN:
            yield from _parts(_buffered(stdin or sys.stdin.buffer), "", headers)
        else:
            with open(entry.path, "rb") as stream:
                yield from _parts(stream, format_of(entry.path), headers)
    except OSError as error:
        yield _unreadable(headers, "unreadable", error.strerror or str(error))


def _buffered(stream: BinaryIO) -> BufferedReader:
    """Standard input is one already; wrapping it again would close it at the end."""
    return stream if isinstance(stream, BufferedReader) else BufferedReader(cast(RawIOBase, stream))


def _parts(stream: BufferedReader, hint: str, headers: dict[str, str]) -> Iterator[RawItem]:
    for part in split(stream, hint):
        mine = headers | _place(part, headers["origin"])
        if part.number is not None:
            mine.pop("name", None)  # a line is not named by its file
        if part.value is None:
            yield _unreadable(mine, "too-large", f"more than {MAX_ITEM} bytes")
        else:
            yield raw_item(part.value, mine)


def _place(part: Part, origin: str) -> dict[str, str]:
    place = {"origin": origin if part.number is None else f"{origin}#{part.number}"}
    return place | ({"format": part.format} if part.format else {})


def _unreadable(headers: dict[str, str], reason: str, detail: str) -> RawItem:
    mine = {**headers, "unreadable": reason, "detail": detail[:MAX_DETAIL]}
    return RawItem(b"", _key(mine["origin"].encode("utf-8", "surrogateescape")), _encoded(mine))


def _key(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def _encoded(headers: dict[str, str]) -> dict[str, bytes]:
    return {name: value.encode("utf-8", "surrogateescape") for name, value in headers.items()}
