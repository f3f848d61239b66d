"""The figures that an event holds, found by what they say: no look-up reads all of them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Key = str | float | tuple[str, str | float]


class Figures:
    """Rows of figures, in the order in which their articles joined.

    Beside what the extract says, a row holds the article's id, "item", its extract, "of", and
    its place in the order, "nth".
    """

    def __init__(self) -> None:
        self._rows: dict[Key, list[Json]] = {}

    def add(self, rows: Iterable[Json]) -> None:
        """Take in rows; their places are above all earlier ones."""
        for row in rows:
            for key in _keys(row):
                self._rows.setdefault(key, []).append(row)

    def remove(self, rows: Iterable[Json]) -> None:
        """Undo ``add``; mostly it is the oldest rows that go."""
        for row in rows:
            for key in _keys(row):
                held = self._rows[key]
                del held[0 if held[0] is row else _at(held, row["nth"])]
                if not held:
                    del self._rows[key]

    def of(self, key: Key, since: int) -> Sequence[Json]:
        """The rows under a key from the place ``since`` on, oldest first.

        Args:
            key: a slot, a value, both, ``opened``, one of ``counting``, or ``scored``.
        """
        held = self._rows.get(key, ())
        return held[_at(held, since) :]


def opened(unit: str) -> Key:
    """The figures with an open slot and a unit."""
    return "open", unit


def counting(row: Mapping[str, Any]) -> Iterator[Key]:
    """The figures with an open slot and no unit where the thing that either this row or they
    count stands beside the other.
    """
    if "head" in row:
        yield "beside", row["head"]
    for word in row.get("words", ()):
        yield "head", word


def scored(kind: str) -> Key:
    """The scores of games."""
    return "score", kind


def _keys(row: Mapping[str, Any]) -> Iterator[Key]:
    slot, value = row["slot"], row["value"]
    yield from (slot, value, (slot, value))
    if "score" in row:
        yield scored(row["score"])
    if "open" in row and "unit" in row:
        yield opened(row["unit"])
    elif "open" in row:
        if "head" in row:
            yield "head", row["head"]
        for word in row.get("words", ()):
            yield "beside", word


def _at(held: Sequence[Json], place: int) -> int:
    return bisect_left(held, place, key=_nth)


def _nth(row: Mapping[str, Any]) -> int:
    nth: int = row["nth"]
    return nth
