"""Fit the weights of sentence novelty: ``python -m streams.novelty.train --data DIR``.

DIR holds ``novelty/*.jsonl.gz`` (labelled sentences of events) and ``events/*.jsonl.gz``
(texts, for the rarity of words). Same data, same file: no chance is left to a clock.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from streams.evaluate import read_rows
from streams.novelty.evaluate import extract_row
from streams.novelty.memory import EventMemory
from streams.novelty.metrics import auc, average_precision, macro_f1
from streams.novelty.scoring import FEATURES, LEAST_HELD, Scene, features, masses, often
from streams.novelty.statement_index import Held, Index
from streams.text.words import spelled, stems_of

ORDERS = 5  # random orders of each event's articles, beside the given one
FOLDS = 5  # by topic
RIDGE = 0.1
THRESHOLD = 0.5  # chances are calibrated: NEW is what is more likely new than not
TEXTS = 8000  # texts read of one file for the rarity of words

Idf = Callable[[str], float]
Floats = NDArray[np.float64]
Row = dict[str, Any]
Sample = tuple[list[tuple[float, ...]], list[bool]]


def rarity(files: Sequence[Path]) -> Idf:
    """Natural logarithm of the inverse share of texts that hold a stem."""
    counts: Counter[str] = Counter()
    documents = 0
    for path in files:
        for row in islice(read_rows(path), TEXTS):
            documents += 1
            text = f"{row.get('title') or ''}. {row.get('body') or ''}"[:3000]
            counts.update(set(stems_of(spelled(text))))
    return lambda stem: math.log((documents + 1) / (counts[stem] + 0.3))


def labels(rows: Sequence[Row]) -> list[list[str | None]]:
    """NEW, OLD or MINOR for another order of an event's articles, from the chains of mentions.

    A sentence is NEW if it opens a chain that another article takes up.
    """
    articles: Counter[str] = Counter()
    for row in rows:
        articles.update({c for s in row["sentences"] for c in s.get("chains", ())})
    seen: set[str] = set()
    return [[_label(s, seen, articles) for s in row["sentences"]] for row in rows]


def _label(sentence: Row, seen: set[str], articles: Counter[str]) -> str | None:
    chains = set(sentence.get("chains", ()))
    opened = chains - seen
    seen |= chains
    if sentence["label"] is None:
        return None
    if not opened:
        return "OLD"
    return "NEW" if any(articles[chain] > 1 for chain in opened) else "MINOR"


def sample(rows: Sequence[Row], named: Sequence[Sequence[str | None]], idf: Idf) -> Sample:
    """(features, whether NEW) of the labelled sentences of one event, read in this order."""
    memory = EventMemory()
    values: list[tuple[float, ...]] = []
    new: list[bool] = []
    for row, row_labels in zip(rows, named, strict=True):
        statements = row["extract"]["statements"]
        own = Index()
        scene = Scene(memory.index, own, often(statements))
        for serial, (each, label) in enumerate(zip(statements, row_labels, strict=False)):
            if label in ("NEW", "OLD"):
                mass = masses(each, idf)
                near = memory.index.nearest(mass, LEAST_HELD)
                values.append(features(each, mass, scene, near.covered if near else 0.0))
                new.append(label == "NEW")
            own.add(serial, Held(row["id"], each))
        memory.add(row["id"], row["extract"])
    return values, new


def fit(values: Floats, new: Floats) -> Floats:
    """Logistic regression by Newton's method. values (n, d), new (n,) 0 or 1; gives (d + 1,)."""
    inputs = np.hstack([values, np.ones((len(values), 1))])
    weights = np.zeros(inputs.shape[1])
    ridge = RIDGE * np.eye(len(weights))
    ridge[-1, -1] = 0.0
    for _ in range(30):
        chances = 1.0 / (1.0 + np.exp(-inputs @ weights))
        slope = inputs.T @ (new - chances) - ridge @ weights
        curve = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + ridge
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def predict(weights: Floats, values: Floats) -> Floats:
    """Chances (n,)."""
    result: Floats = 1.0 / (1.0 + np.exp(-(values @ weights[:-1] + weights[-1])))
    return result


def events_of(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each event in order, each with its extract."""
    events: dict[str, list[Row]] = {}
    for row in rows:
        row["extract"] = extract_row(row)
        events.setdefault(row["event_id"], []).append(row)
    return {event: sorted(found, key=lambda row: row["order"]) for event, found in events.items()}


def orders(events: dict[str, list[Row]], idf: Idf) -> dict[str, list[Sample]]:
    """Samples of each event: the given order first, then random ones."""
    chance = random.Random(1)
    found: dict[str, list[Sample]] = {}
    for event, rows in events.items():
        given = [[sentence["label"] for sentence in row["sentences"]] for row in rows]
        found[event] = [sample(rows, given, idf)]
        for _ in range(ORDERS):
            mixed = chance.sample(rows, len(rows))
            found[event].append(sample(mixed, labels(mixed), idf))
    return found


def _arrays(samples: Sequence[Sample]) -> tuple[Floats, Floats]:
    values = [row for found, _ in samples for row in found]
    return np.array(values, dtype=float), np.array([n for _, new in samples for n in new], float)


def topic(event: str) -> str:
    """The topic of an event of ECB+: "12_ecbplus" is of topic 12."""
    return event.split("_")[0]


def folds(samples: dict[str, list[Sample]]) -> Iterator[tuple[set[str], Floats]]:
    """(topics left out, weights fitted on the others) for each fold."""
    topics = sorted({topic(event) for event in samples})
    for fold in range(FOLDS):
        held = set(topics[fold::FOLDS])
        train = [s for event, found in samples.items() if topic(event) not in held for s in found]
        yield held, fit(*_arrays(train))


def cross_validate(samples: dict[str, list[Sample]]) -> tuple[list[bool], list[float]]:
    """(truth, chance) of every labelled sentence in the given order, by folds of topics."""
    truth: list[bool] = []
    scores: list[float] = []
    for held, weights in folds(samples):
        for event, found in samples.items():
            if topic(event) in held and found[0][1]:
                truth += found[0][1]
                scores += predict(weights, _arrays(found[:1])[0]).tolist()
    return truth, scores


def calibrate(truth: Sequence[bool], scores: Sequence[float]) -> tuple[float, float]:
    """(slope, shift) that make chances of unseen topics true: chance = s(slope * logit + shift).

    Source: Platt, Probabilities for SV Machines, 1999.
    """
    slope, shift = fit(_logits(scores)[:, None], np.array(truth, float))
    return float(slope), float(shift)


def _logits(scores: Sequence[float]) -> Floats:
    chances = np.clip(np.array(scores), 1e-9, 1 - 1e-9)
    result: Floats = np.log(chances / (1 - chances))
    return result


def read(data: Path) -> tuple[dict[str, list[Row]], Idf]:
    """The events of a folder, and how rare a word is in it."""
    files = sorted((data / "novelty").glob("*.jsonl.gz"))
    rows = [row for path in files for row in read_rows(path)]
    return events_of(rows), rarity(sorted((data / "events").glob("*.jsonl.gz")))


def judged(
    samples: dict[str, list[Sample]],
) -> tuple[list[bool], list[float], tuple[float, float]]:
    """(truth, calibrated chance) of each labelled sentence, its topic left out; the calibration."""
    truth, scores = cross_validate(samples)
    slope, shift = calibrate(truth, scores)
    calibrated = 1.0 / (1.0 + np.exp(-slope * _logits(scores) - shift))
    return truth, calibrated.tolist(), (slope, shift)


def train(data: Path) -> dict[str, Any]:
    """The model file's value: weights, bias, threshold, scores."""
    samples = orders(*read(data))
    truth, scores, (slope, shift) = judged(samples)
    weights = slope * fit(*_arrays([s for found in samples.values() for s in found]))
    weights[-1] += shift
    return {
        "weights": {
            name: round(float(w), 4) for name, w in zip(FEATURES, weights[:-1], strict=True)
        },
        "bias": round(float(weights[-1]), 4),
        "threshold": THRESHOLD,
        "scores": {
            "auc": round(auc(truth, scores), 3),
            "ap": round(average_precision(truth, scores), 3),
            "macro_f1": round(macro_f1(truth, [s >= THRESHOLD for s in scores]), 3),
            "sentences": len(truth),
        },
    }


def main() -> None:
    """Read --data, write the model file, print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    default = Path(__file__).parents[1] / "models" / "novelty.json"
    parser.add_argument("--out", type=Path, default=default)
    options = parser.parse_args()
    value = train(options.data)
    options.out.write_bytes(
        orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    )
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
