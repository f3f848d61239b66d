"""What carrying costs: messages a second over the hops of the embedded run, start and stop.

python -m benchmarks.delivery [--messages 20000]

Two stages that decide nothing: one without rows, one that writes a row for each message.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from schemas.control import Control
from schemas.fate import ItemFate
from schemas.topics import FATES, RAW
from streams.app import Chunk, run_embedded
from streams.step import Delivered, Outcome, State
from streams.topology import Stage

CHUNK = 64
BODY = b"x" * 570


class Pass:
    """One small record for each message."""

    def __call__(self, state: State, message: Delivered) -> Outcome:
        key = (message.key or b"").decode()
        fate = ItemFate(item_id=key, version=1, fate="held", stage="pass", at=message.at)
        return Outcome((fate,))

    def observe(self, key: str, value: Any) -> None:
        pass


class Keep:
    """One small record and one row for each message."""

    def __call__(self, state: State, message: Delivered) -> Outcome:
        key = (message.key or b"").decode()
        row = {"count": state.get(key, {"count": 0})["count"] + 1, "at": message.at.isoformat()}
        return Outcome((Control(action="hold", target=key, by="bench"),), ((key, row),))

    def observe(self, key: str, value: Any) -> None:
        pass


STAGES = (Stage("pass", RAW, Pass), Stage("keep", FATES, Keep, table=True))


def feed(messages: int) -> Iterator[Chunk]:
    """Chunks of messages that state an hour each."""
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    for start in range(0, messages, CHUNK):
        end = min(start + CHUNK, messages)
        yield [(b"item-%d" % (n % 5000), BODY, {"origin": b"-"}, begin) for n in range(start, end)]


async def measure(messages: int) -> tuple[float, float, float]:
    """Seconds from the call to the first chunk's end, to the last one's, and to the return."""
    marks: list[float] = []
    begun = time.perf_counter()
    await run_embedded(
        STAGES, feed(messages), on_progress=lambda _: marks.append(time.perf_counter())
    )
    return marks[0] - begun, marks[-1] - marks[0], time.perf_counter() - marks[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    messages = parser.parse_args().messages
    cpu = time.process_time()
    start, work, stop = asyncio.run(measure(messages))
    cpu = time.process_time() - cpu
    hops = len(STAGES) * (messages - CHUNK)
    console = Console(highlight=False)
    console.print(f"start and first chunk {start:.2f} s, stop {stop:.2f} s")
    console.print(f"{hops / work:.0f} hop messages a second ({work:.1f} s for {hops})")
    console.print(f"{cpu / hops * 1e3:.2f} CPU milliseconds per hop message")


if __name__ == "__main__":
    main()
