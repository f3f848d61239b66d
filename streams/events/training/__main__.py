"""Fit the background table and the curves: ``python -m streams.events.training --data DIR``.

DIR holds ``*.jsonl.gz``, rows of articles with gold events in stream order. Needs scikit-learn; the
product does not. The same data gives the same files. Prints how well each set does that was left
out of table and curves, and how far the scores are chances then.
"""

import argparse
import gzip
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from schemas.base import canonical_json
from streams.events.background import Background
from streams.events.compare import Comparer
from streams.events.decide import measured, subject
from streams.events.index import Index
from streams.events.scorer import Scorer
from streams.events.settings import Granularity
from streams.events.training.fit import LENGTHS, Pairs, calibrated, features, fit
from streams.events.training.labelled import LONG, TRAINING, Labelled, read, timeless, views
from streams.events.training.left_out import Run, platt, run
from streams.novelty.metrics import calibration_error, reliability
from streams.text.sentences import Sentence
from streams.text.words import stems_of

MODELS = Path(__file__).parents[2] / "models"
NAME = "additive-4"
NEWEST_ROWS = 2500  # of one set: a large set does not teach more
EVENT_SAMPLE = 3  # articles of one event that are counted: an event is not a language
MIN_DOCUMENTS = (4, 12)  # of a word, of a pair of words
# Log-odds before calibration, chosen on the sets, each left out in turn.
THRESHOLDS: Mapping[Granularity, float] = {"strict": 0.5, "balanced": -1.4, "loose": -2.4}
# Set by hand, in log-odds. Time helps softly: how much a day says depends on how full it is, and a
# fitted curve knows only the days of its sets.
TIME = ((1.5, 3.5, 7.5, 30.5), (0.0, -0.5, -1.0, -2.0, -3.0))
# Two stories of one town share its name and little else.
PLAIN = ((2.5, 5.0), (-4.5, -1.0, 0.0))
# Where most articles join, as one day's headlines do, the next one is likelier to. The prior of a
# stream moves the log-odds (Saerens et al. 2002), here upwards only, and by 1.2 at most.
JOINING = ((0.672, 0.715, 0.754, 0.789, 0.82, 0.848), (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2))
BY_HAND = {"days_apart": TIME, "plain": PLAIN, "joining": JOINING}
# Names decide where no word can.
FOREIGN = {
    "names_best": ((0.1, 0.2, 0.3, 0.4, 0.55), (-2.0, -1.0, 0.0, 1.0, 2.0, 2.8)),
    "names_shared": ((8.0, 11.0, 14.0, 18.0), (-2.5, -1.2, -0.3, 0.6, 1.2)),
    "days_apart": TIME,
}
FOREIGN_BASE = -1.5

Sets = Mapping[str, Sequence[Sequence[Labelled]]]
"""By name, the views of a set; the first is the set as it is."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table, and the rows of the model as JSON."""

    table: Background
    sums: list[dict[str, Any]]


def count(sets: Sequence[Sequence[Labelled]]) -> Background:
    """Document frequencies of stems and of neighbouring stems."""
    documents, counts = 0, Counter[str]()
    for rows in sets:
        seen: Counter[str] = Counter()
        for row in rows:
            seen[row.event_id] += 1
            if seen[row.event_id] <= EVENT_SAMPLE:
                documents += 1
                counts.update(_terms(row.pieces, row.tagged.article.language))
    kept = {t: n for t, n in sorted(counts.items()) if n >= MIN_DOCUMENTS[" " in t]}
    return Background(documents, kept)


def pairs(rows: Sequence[Labelled], table: Background) -> Pairs:
    """What a pass over the rows sees when every earlier article is in its gold event."""
    index, comparer = Index(), Comparer()
    found: list[list[float]] = []
    same: list[float] = []
    for seq, row in enumerate(rows):
        new = subject(row.tagged, row.pieces, index, table)
        for each in measured(new, index, comparer):
            if not each.foreign:
                found.append(features(each.values, new.vector.length))
                same.append(float(each.event_id == row.event_id))
        index.put(f"{seq}", row.event_id, seq, new.vector, new.day, new.language)
    return Pairs(np.array(found), np.array(same))


def fitted(sets: Sets) -> Fitted:
    """Table and curves of these sets."""
    table = count([rows for rows, *_ in sets.values()])
    parts = [pairs(_newest(view), table) for cuts in sets.values() for view in cuts]
    return Fitted(table, fit(parts))


def left_out(sets: Sets) -> Iterator[tuple[str, Granularity, Run]]:
    """Each set, and its views, by a model of the others; the score is not calibrated yet."""
    for name, cuts in sets.items():
        model = fitted({other: rows for other, rows in sets.items() if other != name})
        row = _row(model, 1, 0)
        shown = [*zip(("", ", titles", ", leads"), cuts, strict=False)]
        if any(row.tagged.article.published_at for row in cuts[0]):
            shown.append((", times hidden", list(map(timeless, cuts[0]))))
        for cut, rows in shown:
            for granularity in THRESHOLDS:
                scorer = Scorer.read(row, granularity)
                yield f"{name}{cut}", granularity, run(_newest(rows), scorer, model.table)


def _newest(rows: Sequence[Labelled]) -> Sequence[Labelled]:
    return rows[-NEWEST_ROWS:]


def _terms(pieces: Sequence[Sentence], language: str) -> set[str]:
    found: set[str] = set()
    for piece in pieces:
        stems = stems_of(piece.words, language)
        found.update(stems)
        found.update(f"{a} {b}" for a, b in pairwise(stems))
    return found


def _row(model: Fitted, scale: float, shift: float) -> dict[str, Any]:
    """The model as JSON, its log-odds calibrated."""
    foreign = {"base": FOREIGN_BASE, "curves": FOREIGN}
    return {
        "name": NAME,
        "thresholds": {
            name: round(1 / (1 + math.exp(-(odds * scale + shift))), 6)
            for name, odds in THRESHOLDS.items()
        },
        "lengths": LENGTHS,
        "sums": calibrated(map(_by_hand, model.sums), scale, shift),
        "foreign": calibrated([foreign], scale, shift)[0],
    }


def _by_hand(row: dict[str, Any]) -> dict[str, Any]:
    """What is fitted, and what is not."""
    return {**row, "curves": {**row["curves"], **BY_HAND}}


def write(model: Fitted, row: dict[str, Any], folder: Path) -> None:
    """Both model files, canonical bytes."""
    counted = {"documents": model.table.documents, "counts": dict(model.table.counts)}
    packed = gzip.compress(canonical_json(counted), 9, mtime=0)
    (folder / "background.json.gz").write_bytes(packed)
    (folder / "events.json").write_bytes(canonical_json(row) + b"\n")


def tell(found: Sequence[tuple[str, Granularity, Run]], scale: float, shift: float) -> None:
    """Scores of the sets that were left out, and how often a calibrated score is right."""
    console = Console(width=110)
    for granularity in THRESHOLDS:
        console.print(_scores(granularity, [row for row in found if row[1] == granularity]))
    balanced = [each for _, level, each in found if level == "balanced"]
    best = np.concatenate([each.best for each in balanced])
    right = np.concatenate([each.right for each in balanced])
    best = 1 / (1 + ((1 - best) / best) ** scale * math.exp(-shift))
    tenths = reliability(right.astype(bool).tolist(), best.tolist())
    error = calibration_error(tenths)
    console.print(f"calibrated: log-odds * {scale} + {shift}; error {error:.3f}")
    chances = Table("mean score", "right", "articles")
    for each in tenths:
        chances.add_row(f"{each.score:.2f}", f"{each.share:.2f}", str(each.cases))
    console.print(chances)


def _scores(title: str, found: Sequence[tuple[str, Granularity, Run]]) -> Table:
    columns = ("articles", "events", "clusters", "P", "R", "F1", "pairs", "C_det")
    scores = Table("set left out", *columns, title=title)
    for name, _, each in found:
        of, cubed = each.scores, each.scores.bcubed
        values = (cubed.precision, cubed.recall, cubed.f1, of.pairwise.f1)
        counts = (of.articles, of.events, of.clusters)
        cells = [*map(str, counts), *(f"{value:.3f}" for value in values)]
        scores.add_row(name, *cells, f"{of.first_stories.cost:.2f}")
    return scores


def main() -> None:
    """Read, leave out, count, fit, write."""
    parser = argparse.ArgumentParser(description="Fit the event model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with *.jsonl.gz")
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()
    sets: dict[str, list[list[Labelled]]] = {}
    for name in TRAINING:
        rows = list(read(arguments.data / f"{name}.jsonl.gz"))
        sets[name] = views(rows) if name in LONG else [rows]
    found = list(left_out(sets))
    scale, shift = platt([each for _, level, each in found if level == "balanced"])
    tell(found, scale, shift)
    model = fitted(sets)
    write(model, _row(model, scale, shift), arguments.out)


if __name__ == "__main__":
    main()
