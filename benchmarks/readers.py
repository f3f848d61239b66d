"""What reading costs: items a second of each reader on one core, with and without the cleaning.

python -m benchmarks.readers [--seconds 1] [--words 400] [--json]

The items are made up (``benchmarks/make_items.py``): one story in every format. "read" is bytes to
drafts, "with cleaning" goes on to the records of articles.normalized.v1. CPU time of this process,
the best of three rounds.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.make_items import FORMATS, PARAGRAPHS, Story
from schemas.article import RawPosition
from streams.cleaning.language import warm
from streams.cleaning.record import Arrival, records_of
from streams.errors import Rejected
from streams.readers import read

MARKS = {
    "ninjs": 3000,
    "JSON lines": 3000,
    "NewsML-G2": 1000,
    "NITF": 1000,
    "RSS": 1500,
    "HTML": 100,
}
"""Items a second that reading has to reach."""
ROUNDS = 3


class Row(NamedTuple):
    """One format. Rates are items a second."""

    format: str
    items: int
    bytes_an_item: int
    read: float
    cleaned: float
    mark: int | None


def rows(seconds: float, words: int) -> Iterator[Row]:
    """A row for each format; ``seconds`` for each of its two measurements."""
    story = Story(paragraphs=_long(words))
    for name, make in FORMATS.items():
        value = make(story)
        found = len(read("", value))
        mark = next((mark for begin, mark in MARKS.items() if name.startswith(begin)), None)
        yield Row(
            name,
            found,
            len(value) // found,
            found * _rate(lambda v=value: read("", v), seconds),  # type: ignore[misc]
            found * _rate(lambda v=value: _clean(v), seconds),  # type: ignore[misc]
            mark,
        )


def _long(words: int) -> tuple[str, ...]:
    """Paragraphs of about so many words; none is like another."""
    found: list[str] = []
    while sum(len(text.split()) for text in found) < words:
        number = len(found)
        found.append(PARAGRAPHS[number % len(PARAGRAPHS)].replace("Torvel", f"Torvel {number}"))
    return tuple(found)


def _clean(value: bytes) -> None:
    arrival = Arrival(value, {}, RawPosition(topic="t", partition=0, offset=0))
    for each in read("", value):
        if not isinstance(each, Rejected):
            records_of(each, arrival)


def _rate(work: Callable[[], object], seconds: float) -> float:
    """Calls a second, by CPU time."""
    work()
    best = 0.0
    for _ in range(ROUNDS):
        calls, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds / ROUNDS:
            work()
            calls += 1
        best = max(best, calls / spent)
    return best


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each measurement")
    parser.add_argument("--words", type=int, default=400, help="of the story")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    warm()
    found = list(rows(options.seconds, options.words))
    if options.json:
        print(orjson.dumps([row._asdict() for row in found]).decode())
        return
    table = Table("format", "items", "bytes an item", "read/s", "with cleaning/s", "mark")
    for row in found:
        reached = row.mark is None or row.read >= row.mark
        mark = "" if row.mark is None else f"{row.mark:,}{'' if reached else ' missed'}"
        rates = (f"{row.read:,.0f}", f"{row.cleaned:,.0f}")
        table.add_row(row.format, str(row.items), f"{row.bytes_an_item:,}", *rates, mark)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
