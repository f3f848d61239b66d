"""Replay of a large wire: articles a second, CPU milliseconds per stage, peak memory.

python -m benchmarks.wire [--articles 5000]
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.make_wire import write
from streams import replay as replay_module
from streams.app import spare_collector
from streams.step import Delivered, Outcome, State, Step
from streams.topology import TOPOLOGY, Stage

BUDGET = {"normalize": 1.0, "admit": 5.1, "detect": 3.0}
"""CPU milliseconds per 400-word article; admit holds tagging, detect holds novelty."""


class Timed:
    """A step with a stop-watch; all else is the step's own."""

    def __init__(self, stage: str, inner: Step, spent: Counter[str]):
        self._stage, self._inner, self._spent = stage, inner, spent

    def __call__(self, state: State, message: Delivered) -> Outcome:
        begun = time.thread_time_ns()
        try:
            return self._inner(state, message)
        finally:
            self._spent[self._stage] += time.thread_time_ns() - begun

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def observe(self, key: str, value: Any) -> None:
        begun = time.thread_time_ns()
        self._inner.observe(key, value)
        self._spent[self._stage] += time.thread_time_ns() - begun


def timed(stage: Stage, spent: Counter[str]) -> Stage:
    """The stage with its step under a stop-watch."""
    make: Callable[[], Step] = stage.step
    return replace(stage, step=lambda: Timed(stage.name, make(), spent))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    wanted = parser.parse_args().articles
    spent: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wire.jsonl"
        lines = write(wanted, path)
        words = len(path.read_bytes().split()) / lines
        stages = tuple(timed(stage, spent) for stage in TOPOLOGY)
        spare_collector()
        cpu, wall = time.process_time(), time.perf_counter()
        asyncio.run(replay_module.replay([str(path)], topology=stages))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    table = Table(title=f"{lines} lines of {words:.0f} words on average")
    for column in ("stage", "CPU ms per line", "budget at 400 words"):
        table.add_column(column, justify="right")
    for stage in BUDGET:
        table.add_row(stage, f"{spent[stage] / lines / 1e6:.2f}", f"{BUDGET[stage]:.1f}")
    rest = cpu - sum(spent.values()) / 1e9
    table.add_row("delivery, start and stop", f"{rest / lines * 1e3:.2f}", "1.5")
    table.add_row("all", f"{cpu / lines * 1e3:.2f}", "10.6")
    console = Console()
    console.print(table)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"{lines / wall:.0f} lines a second ({wall:.1f} s), peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
