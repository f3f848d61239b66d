"""Tables of entities and of aliases as CSV, TSV or JSON lines, into records for the builder.

A table of entities has the columns ``id`` and ``name``, and may have ``type``, ``country`` (ISO
code or id), ``iso2``, ``capital_of``, ``demonym_of``, ``metonym_of``, ``prior``, ``surname``,
``domains`` (``;`` between them). A table of aliases has ``name``, ``id`` and ``kind``, and may have
``prior`` and ``language``; without a header it has ``name``, ``id``, ``kind``, ``prior``.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

import orjson

from streams.errors import DeltawireError
from streams.knowledge.base import KINDS, KbName
from streams.knowledge.building.inputs import kind
from streams.knowledge.building.staging import TYPES, UNKNOWN, Code, Record, Skipped, is_code
from streams.knowledge.table import Entity

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson")
ALIAS_COLUMNS = ("name", "id", "kind", "prior")
MAX_CELL = 255  # characters of a fact that is not a name

Row = Mapping[str, Any]


def read_table(path: Path, lines: Iterable[bytes | None]) -> Iterator[Record]:
    """Records of one table. A row that is wrong is skipped with a reason.

    Raises:
        DeltawireError: the first row shows that it is neither of the two tables.
    """
    rows = _json_rows(lines) if kind(path) in (".jsonl", ".ndjson") else _text_rows(path, lines)
    for row in rows:
        if isinstance(row, Skipped):
            yield row
        elif not (isinstance(row.get("id"), str) and isinstance(row.get("name"), str)):
            yield Skipped("malformed")
        elif "kind" in row:
            yield from _alias(row)
        else:
            yield from _entity(row)


def _json_rows(lines: Iterable[bytes | None]) -> Iterator[Row | Skipped]:
    for line in lines:
        if line is None:
            yield Skipped("lines_too_long")
        elif line.strip():
            try:
                row = orjson.loads(line)
            except ValueError:
                row = None
            yield row if isinstance(row, dict) else Skipped("malformed")


def _text_rows(path: Path, lines: Iterable[bytes | None]) -> Iterator[Row | Skipped]:
    skipped: list[Skipped] = []
    rows = _cells(path, _decoded(lines, skipped))
    first = next(rows, [])
    header = _header(path, first)
    for cells in chain([first] if header is ALIAS_COLUMNS else [], rows):
        yield from skipped
        skipped.clear()
        if cells is None or len(cells) != len(header):
            yield Skipped("malformed")
        else:
            yield dict(zip(header, cells, strict=True))
    yield from skipped


def _decoded(lines: Iterable[bytes | None], skipped: list[Skipped]) -> Iterator[str]:
    """Lines as text; what is none is noted, for a reader of CSV takes only text."""
    for line in lines:
        if line is None:
            skipped.append(Skipped("lines_too_long"))
        elif line.strip():
            try:
                yield line.decode().replace("\0", "")
            except UnicodeDecodeError:
                skipped.append(Skipped("malformed"))


def _cells(path: Path, lines: Iterator[str]) -> Iterator[list[str] | None]:
    """Cells of each row, None for a row that is no CSV. Tabs go without quoting."""
    if kind(path) == ".tsv":
        yield from (line.split("\t") for line in lines)
        return
    reader = csv.reader(line + "\n" for line in lines)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None
        else:
            yield cells


def _header(path: Path, first: list[str] | None) -> tuple[str, ...]:
    names = tuple(cell.strip().lower() for cell in first or ())
    if {"id", "name"} <= set(names):
        return names
    if len(names) == len(ALIAS_COLUMNS) and names[2] in KINDS:
        return ALIAS_COLUMNS
    raise DeltawireError(
        f"{path}: the first row names neither the columns of entities (id, name, type, ...) nor "
        f"those of aliases ({', '.join(ALIAS_COLUMNS)})"
    )


def _alias(row: Row) -> Iterator[Record]:
    prior = _prior(row)
    if prior is None:
        yield Skipped("bad_priors")
        prior = UNKNOWN
    language = _text(row, "language")
    named = _text(row, "kind") or "name"
    yield KbName(row["id"].strip(), row["name"], language, named, prior)


def _entity(row: Row) -> Iterator[Record]:
    prior = _prior(row)
    if prior is None:
        yield Skipped("bad_priors")
        prior = UNKNOWN
    entity_id, name, surname = row["id"].strip(), row["name"], _text(row, "surname")
    iso, told = _text(row, "iso2"), (_text(row, "type") or "UNK").upper()
    country = _text(row, "country") or iso
    domains = _domains(row.get("domains"))
    yield Entity(
        id=entity_id,
        name=name,
        type=told if told in TYPES else "UNK",
        country=country.upper() if country and is_code(country) else country,
        capital_of=_text(row, "capital_of"),
        demonym_of=_text(row, "demonym_of"),
        metonym_of=_text(row, "metonym_of"),
        publisher=bool(domains),
        prior=prior,
        domains=domains,
        surname=surname,
    )
    yield KbName(entity_id, name, None, "name", UNKNOWN)
    if surname:
        yield KbName(entity_id, surname, None, "surname", UNKNOWN)
    if iso and is_code(iso):
        yield Code(entity_id, iso.upper())


def _text(row: Row, column: str) -> str | None:
    cell = row.get(column)
    return (cell.strip() or None) if isinstance(cell, str) and len(cell) <= MAX_CELL else None


def _domains(cell: Any) -> tuple[str, ...]:
    parts = cell.split(";") if isinstance(cell, str) else cell if isinstance(cell, list) else ()
    words = (part.strip().lower() for part in parts if isinstance(part, str))
    return tuple(word for word in words if 0 < len(word) <= MAX_CELL)


def _prior(row: Row) -> float | None:
    """A number from 0 up, ``UNKNOWN`` if there is none, None if it is no such number."""
    cell = row.get("prior")
    if cell is None or cell == "":
        return UNKNOWN
    try:
        prior = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return prior if isfinite(prior) and prior >= 0 and not isinstance(cell, bool) else None
