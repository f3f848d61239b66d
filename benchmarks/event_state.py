"""What one event keeps, and what one more article of it costs, from 10 to 3,000 articles.

python -m benchmarks.event_state [--articles 3000]

Articles of 400 words, put together from sentences of the sample wire, all in one event: one in two
sentences holds a figure, more than in ordinary news. Bytes are of the event's rows as JSON. Times
are CPU milliseconds, median of the last 20 articles. "rebuild" is the event's memory made anew from
its rows: needed after a start, a correction or a kill, and where an event was quiet so long that it
is no longer ready. A cold step is rebuild, extract and assess, a warm one extract and assess.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from statistics import median
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.novelty import articles
from schemas.tagged import TaggedArticle
from streams.app import spare_collector
from streams.events.background import background
from streams.events.decide import subject
from streams.events.index import Index
from streams.events.retell import assessed, gather
from streams.events.store import stored
from streams.events.store.digest import digest, told
from streams.events.store.rest import Rest
from streams.novelty.assess import extract
from streams.stages import detect
from streams.stages.detect import Detect
from streams.step import Delivered, settle
from streams.text.sentences import Sentence

MARKS = (10, 30, 100, 300, 1000, 3000)
LAST = 20
AT = datetime(2031, 1, 1, tzinfo=UTC)

Json = dict[str, Any]


class Event:
    """Detection with its rows; every article joins the one event."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.step = Detect()
        self._offsets = count()
        self._decide: Callable[..., Any] = getattr(detect, "decide")  # noqa: B009
        setattr(detect, "decide", self._joined)  # noqa: B010

    def _joined(self, new: Any, index: Index, *rest: Any, **named: Any) -> Any:
        choice = self._decide(new, index, *rest, **named)
        only = next(iter({entry.event_id for entry in index.entries.values()}), None)
        return replace(choice, event_id=only)

    def deliver(self, tagged: TaggedArticle) -> None:
        """One article through the stage, and its rows."""
        offset = next(self._offsets)
        message = Delivered("bench", 0, offset, tagged.key, tagged.to_bytes(), {}, AT)
        settle(self.step, self.rows, self.step(self.rows, message))

    def of(self, kind: str) -> list[Any]:
        """The rows of a kind."""
        return [row for key, row in self.rows.items() if key.startswith(f"{kind}:")]

    def parts(self) -> tuple[list[tuple[str, Json]], Rest | None]:
        """Live digests in joining order, and what froze: as after a start."""
        stored._recent.clear()
        digests = [(row["seq"], stored.opened(row)) for row in self.of("digest")]
        (row,) = self.of("event")
        rest = Rest.read(row["base"], self.step._read(row)) if "base" in row else None
        ordered = sorted(digests, key=lambda pair: pair[0])
        return [(each["member"]["item_id"], each) for _, each in ordered], rest


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """(milliseconds, result)."""
    begun = time.process_time()
    result = run()
    return 1000 * (time.process_time() - begun), result


def steps(event: Event, tagged: TaggedArticle, pieces: tuple[Sentence, ...]) -> list[float]:
    """Milliseconds to rebuild, extract, assess, pack, and of the whole stage."""
    table, index = background(), next(iter(event.step._spaces.values())).index
    rebuild, ready = timed(lambda: gather(*event.parts()))
    reading, found = timed(lambda: extract(tagged, pieces))
    whole = {"extract": found, "language": tagged.article.language}
    judging, assessment = timed(lambda: assessed("bench", whole, ready.memory, table))
    new = subject(tagged, pieces, index, table)
    packing, made = timed(lambda: digest(tagged, new, found, "ev-0", 1))
    stored.closed({**made, "told": told(assessment)})
    stage, _ = timed(lambda: event.deliver(tagged))
    return [rebuild, reading, judging, packing, stage]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=MARKS[-1])
    most = parser.parse_args().articles
    spare_collector()
    columns = "articles live digests row all rebuild extract assess pack stage".split()
    table = Table(*columns, title="bytes of one event; milliseconds of one more article")
    event, times = Event(), list[list[float]]()
    for number, (tagged, pieces) in enumerate(articles(most), 1):
        near = any(0 <= mark - number < LAST for mark in MARKS)
        if near and number > 1:
            times.append(steps(event, tagged, pieces))
        else:
            event.deliver(tagged)
        if number in MARKS:
            digests = [len(orjson.dumps(row)) for row in event.of("digest")]
            row = len(orjson.dumps(event.of("event")[0]))
            middle = [median(each) for each in zip(*times, strict=True)]
            sizes = (number, len(digests), sum(digests), row, sum(digests) + row)
            table.add_row(*(f"{n:,}" for n in sizes), *(f"{ms:.2f}" for ms in middle))
            times.clear()
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
