"""Every task on its evaluation sets, one setting for all, beside a simple system.

DELTAWIRE_EVAL=DIR python -m benchmarks.quality [events entities linking novelty figures pairs]
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.tfidf import evaluate as tfidf
from streams.config import Settings
from streams.evaluate import TASKS, evaluate, read_rows, scores_table
from streams.events.metrics import report


def simple_events(files: list[Path]) -> dict[str, dict[str, float]]:
    """Scores of online TF-IDF on the same rows."""
    scores = {}
    for path in files:
        rows = [row for row in read_rows(path) if row.get("event_id")]
        predicted, is_new = tfidf(rows)
        result = report([row["event_id"] for row in rows], predicted, is_new)
        scores[path.name] = {
            "BCubed F1": result.bcubed.f1,
            "pairwise F1": result.pairwise.f1,
            "events": result.events,
            "clusters": result.clusters,
            "C_det": result.first_stories.cost,
        }
    return scores


def main() -> None:
    """Print one table per task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", choices=[[], *TASKS], default=[])
    tasks = parser.parse_args().tasks or list(TASKS)
    folder = Settings().eval
    if folder is None or not folder.is_dir():
        sys.exit("set DELTAWIRE_EVAL to the folder with the evaluation sets (events/, entities/ …)")
    console = Console(width=160)
    for task in tasks:
        files = sorted((folder / task).glob("*.jsonl.gz"))
        console.print(f"\n[bold]{task}[/]")
        console.print(scores_table(evaluate(task, files, None)))
        if task == "events":
            console.print("\n[bold]events, online TF-IDF[/]")
            console.print(scores_table(simple_events(files)))


if __name__ == "__main__":
    main()
