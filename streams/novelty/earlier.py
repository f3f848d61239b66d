"""The figures of an event that those of one new article may replace."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from streams.novelty.held import Key, counting, opened, scored
from streams.novelty.memory import EventMemory

Json = dict[str, Any]

HORIZON = 100  # earlier articles whose figures are looked at
RECENT = 30  # those of them whose open figures, and those of other slots, are looked at


class Earlier:
    """The held figures of the slots of some rows, and all figures of the last articles.

    They come in the order of publication where that of all their articles is known, else in the
    order of joining.
    """

    def __init__(self, rows: Iterable[Json], memory: EventMemory) -> None:
        self._memory = memory
        self._slots = {row["slot"] for row in rows}
        self._horizon, self._recent = memory.since(HORIZON), memory.since(RECENT)

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a figure is known: its slot, value and unit."""
        unit = row.get("unit")
        return any(old.get("unit") == unit for old in self._of((row["slot"], row["value"])))

    def holds_value(self, value: float, unit: str | None) -> bool:
        """Whether any figure has a value, and may be of such a unit."""
        units = (old.get("unit") for old in self._of(value))
        return any(of == unit or not (of and unit) for of in units)

    def rivals(self, row: Mapping[str, Any]) -> list[Json]:
        """What has the slot and the unit of a row."""
        unit = row.get("unit")
        return self._in_order([old for old in self._of(row["slot"]) if old.get("unit") == unit])

    def alike(self, row: Mapping[str, Any]) -> list[Json]:
        """What an open figure may be another value of: its unit, else what stands around it."""
        keys = [opened(row["unit"])] if "unit" in row else counting(row)
        held = chain.from_iterable(self._memory.figures_of(key, self._recent) for key in keys)
        places = {old["nth"]: old for old in held}
        return self._in_order([places[nth] for nth in sorted(places)])

    def scored(self, kind: str) -> list[Json]:
        """The scores of such a kind."""
        return self._in_order(self._of(scored(kind)))

    def _of(self, key: Key) -> list[Json]:
        return list(filter(self._counts, self._memory.figures_of(key, self._horizon)))

    def _counts(self, old: Mapping[str, Any]) -> bool:
        """Whether a held figure is one of these."""
        return old["nth"] >= self._recent or ("open" not in old and old["slot"] in self._slots)

    def _in_order(self, rows: list[Json]) -> list[Json]:
        return sorted(rows, key=_published) if len(rows) > 1 and self._dated else rows

    @cached_property
    def _dated(self) -> bool:
        last = (found[:1] for found in self._memory.figures(RECENT))
        held = chain.from_iterable(chain(last, map(self._of, self._slots)))
        return all(_published(old) is not None for old in held)


def _published(row: Mapping[str, Any]) -> Any:
    return row["of"].get("published")
