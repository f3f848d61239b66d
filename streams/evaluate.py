"""``deltawire evaluate``: labelled rows in, scores and predictions out."""

import gzip
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple

import orjson
from rich.table import Table

from schemas.base import canonical_json
from streams.errors import DeltawireError

Row = dict[str, Any]


class Result(NamedTuple):
    """Scores by name (empty if no row has gold), and one prediction per row."""

    scores: Mapping[str, float]
    predictions: list[Row]


TASKS: Mapping[str, str] = {
    "events": "streams.events.evaluate:evaluate",
    "entities": "streams.tagging.evaluate:evaluate_entities",
    "linking": "streams.tagging.evaluate:evaluate_linking",
    "novelty": "streams.novelty.evaluate:evaluate_novelty",
    "figures": "streams.novelty.evaluate:evaluate_figures",
    "pairs": "streams.events.pairs:evaluate",
}
"""Where each task is: rows to (scores, predictions). Loaded when asked for."""


def evaluate(task: str, files: list[Path], predictions: Path | None) -> dict[str, Any]:
    """Score each file on its own, with one setting for all.

    Args:
        predictions: where to write one line per row, with the file's name.

    Raises:
        DeltawireError: an unknown task, or a file that cannot be read as JSON lines.
    """
    if task not in TASKS:
        raise DeltawireError(f"no task {task!r}; there are {', '.join(TASKS)}")
    run: Callable[[list[Row]], tuple[Mapping[str, float], list[Row]]] = resolve_name(TASKS[task])
    scores: dict[str, Any] = {}
    lines: list[bytes] = []
    for path in files:
        rows = list(read_rows(path))
        result = Result(*run(rows))
        scores[path.name] = {"rows": len(rows), **result.scores}
        lines += [canonical_json(row) for row in result.predictions]
    if predictions is not None:
        predictions.write_bytes(b"".join(line + b"\n" for line in lines))
    return scores


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON-lines file, gzipped or not."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    row = orjson.loads(line)
                    if not isinstance(row, dict):
                        raise DeltawireError(f"{path}, line {number}: not a JSON object")
                    yield row
    except orjson.JSONDecodeError as error:
        raise DeltawireError(f"{path}, line {number}: {error}") from error
    except OSError as error:
        raise DeltawireError(f"{path}: {error.strerror or error}") from error


def scores_table(scores: Mapping[str, Mapping[str, Any]]) -> Table:
    """A row per file, a column per score, and the mean where there are several files."""
    names = list(dict.fromkeys(name for row in scores.values() for name in row))
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("file")
    for name in names:
        table.add_column(name, justify="right")
    for file, row in scores.items():
        table.add_row(file, *(_cell(row.get(name)) for name in names))
    if len(scores) > 1:
        means = (_mean([row[name] for row in scores.values() if name in row]) for name in names)
        table.add_row("mean", *map(_cell, means), style="bold")
    return table


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
