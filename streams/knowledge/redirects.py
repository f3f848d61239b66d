"""Ids that were replaced: an append-only table, so that what was stored long ago still resolves."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

COLUMNS = ("old", "new", "since")


def resolve(entity_id: str) -> str:
    """The id that an entity has today; an id that was never replaced is its own."""
    return packaged().get(entity_id, entity_id)


@lru_cache(maxsize=1)
def packaged() -> Mapping[str, str]:
    """The table of the project, once per process."""
    return load((files(__package__) / "redirects.tsv").read_text("utf-8").splitlines())


def load(lines: Iterable[str]) -> Mapping[str, str]:
    """Read a table: tab-separated, the first line names the columns. Chains are followed.

    Raises:
        ValueError: a row is malformed, an old id is there twice, or ids lead to each other.
    """
    moves: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        row = tuple(line.split("\t"))
        if number == 1 and row == COLUMNS:
            continue
        if number == 1 or len(row) != len(COLUMNS) or not all(row):
            raise ValueError(f"redirects.tsv, line {number}: needs {', '.join(COLUMNS)}: {line!r}")
        old, new, since = row
        date.fromisoformat(since)
        if old in moves:
            raise ValueError(f"redirects.tsv, line {number}: {old} is there twice")
        moves[old] = new
    ends, cyclic = follow(moves)
    if cyclic:
        raise ValueError(f"redirects.tsv: ids lead to each other: {', '.join(sorted(cyclic))}")
    return MappingProxyType(ends)


def follow(moves: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """Where each old id leads in the end, and the old ids that only lead round in a circle."""
    ends: dict[str, str] = {}
    cyclic: set[str] = set()
    for old in moves:
        way: dict[str, None] = {}
        at = old
        while at in moves and at not in way and at not in ends and at not in cyclic:
            way[at] = None
            at = moves[at]
        if at in way or at in cyclic:
            cyclic.update(way)
        else:
            ends.update(dict.fromkeys(way, ends.get(at, at)))
    return ends, cyclic
