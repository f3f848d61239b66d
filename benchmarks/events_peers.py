"""Event detection beside its peers, on the same rows in one run.

- deltawire: the stage as it runs, tagged rows in, novelty and rows included in its time. The
  shipped model saw the sets marked * when it was fitted; docs/models/background.md has its scores
  with each set left out.
- TF-IDF: online, one threshold for all sets (benchmarks/tfidf.py).
- Miranda: after Miranda et al. 2018. Cosines of an article with the centroid of a cluster (title,
  body, both; words, capitalised words) and three closenesses in time go into a logistic regression;
  the best of eight clusters is joined if it is likelier than not. Fitted on the other sets, each
  row against what the gold events hold so far; the set that is scored is left out.
- TextClust: River's, if it is installed (``pip install river``), one radius for all sets. Every
  article is compared with every cluster.

DELTAWIRE_EVAL=DIR python -m benchmarks.events_peers [--rows 1000] [SET ...]
"""

import argparse
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.tfidf import OnlineTfidf
from schemas import topics
from schemas.enriched import EnrichedArticle
from streams.config import Settings
from streams.evaluate import read_rows
from streams.events.evaluate import _tagged
from streams.events.metrics import Report, report
from streams.events.training.labelled import TRAINING
from streams.stages.detect import Detect
from streams.step import Delivered, settle
from streams.text.words import spelled, stems_of

Row = dict[str, Any]
Answer = tuple[str, bool]
"""(event, whether the article opens it)"""
System = Callable[[Sequence[Row]], tuple[list[Answer], float]]
"""Rows in order -> an answer for each, and the seconds that they took."""

SETS = (*TRAINING, "allsides_2021a", "allsides_triples_test")
CANDIDATES = 8
BODY_WORDS = 150
SPREAD = 3.0  # days, of closeness in time
TEXTCLUST_RADIUS = 0.4
"""Best mean BCubed F1 over 200 rows of five sets among .2, .3 (its default), .4, .5, .6."""


# --- deltawire -------------------------------------------------------------------------------


def deltawire(rows: Sequence[Row]) -> tuple[list[Answer], float]:
    """The stage, its table a dict."""
    step, state = Detect(), dict[str, Any]()
    found: dict[int, Answer] = {}
    spent = 0.0
    for number, tagged in _tagged(rows):
        value = tagged.to_bytes()
        message = Delivered(topics.TAGGED.name, 0, number, tagged.key, value, {}, tagged.at)
        begun = time.thread_time()
        outcome = step(state, message)
        settle(step, state, outcome)
        spent += time.thread_time() - begun
        for record in outcome.outputs:
            if isinstance(record, EnrichedArticle) and record.event:
                found[number] = record.event.event_id, record.event.relation == "opens"
    return [found.get(n, (f"unread-{n}", True)) for n in range(len(rows))], spent


# --- online TF-IDF ---------------------------------------------------------------------------


def tfidf(rows: Sequence[Row]) -> tuple[list[Answer], float]:
    """One pass."""
    system = OnlineTfidf()
    begun = time.thread_time()
    found = [system.add(row) for row in rows]
    spent = time.thread_time() - begun
    return [(str(event), is_new) for event, is_new in found], spent


# --- logistic regression after Miranda et al. ------------------------------------------------

Bag = dict[str, float]
FIELDS = ("title", "body", "both", "title names", "body names", "both names")
BOTH = FIELDS.index("both")


@dataclass(slots=True)
class Cluster:
    """Sums of its members' vectors by field, and their days."""

    sums: tuple[Bag, ...] = field(default_factory=lambda: tuple({} for _ in FIELDS))
    squares: list[float] = field(default_factory=lambda: [0.0] * len(FIELDS))
    days: list[float] = field(default_factory=list)

    def add(self, vectors: Sequence[Bag], day: float | None) -> None:
        """One more member."""
        for at, vector in enumerate(vectors):
            bag = self.sums[at]
            for term, weight in vector.items():
                old = bag.get(term, 0.0)
                bag[term] = old + weight
                self.squares[at] += (old + weight) ** 2 - old**2
        if day is not None:
            self.days.append(day)

    def features(self, vectors: Sequence[Bag], day: float | None) -> list[float]:
        """Six cosines; closeness to the first, the last and the mean day."""
        cosines = [
            sum(weight * bag.get(term, 0.0) for term, weight in vector.items())
            / math.sqrt(max(square, 1e-12))
            for vector, bag, square in zip(vectors, self.sums, self.squares, strict=True)
        ]
        if day is None or not self.days:
            return [*cosines, 0.0, 0.0, 0.0]
        days = (self.days[0], self.days[-1], sum(self.days) / len(self.days))
        return [*cosines, *(math.exp(-((day - d) ** 2) / (2 * SPREAD**2)) for d in days)]


class Clusters:
    """Clusters of one pass, found by their words."""

    def __init__(self) -> None:
        self.clusters: dict[str, Cluster] = {}
        self._documents = 0
        self._counts: Counter[str] = Counter()
        self._postings: defaultdict[str, set[str]] = defaultdict(set)

    def vectors(self, row: Row) -> tuple[Bag, ...]:
        """One unit vector a field; rarity by the rows so far."""
        language = row["language"] or "en"
        title = spelled(row["title"] or "")
        body = spelled((row["body"] or "")[:3000])[:BODY_WORDS]
        parts = [stems_of(part, language) for part in (title, body, (*title, *body))]
        for part in (title, body, (*title, *body)):
            parts.append([word.casefold() for word in part if word[0].isupper()])
        self._documents += 1
        self._counts.update({*parts[BOTH]})
        return tuple(self._unit(Counter(part)) for part in parts)

    def candidates(self, vector: Bag) -> list[str]:
        """Those that share most weight of words."""
        shared: defaultdict[str, float] = defaultdict(float)
        for term, weight in sorted(vector.items(), key=lambda pair: -pair[1])[:24]:
            for name in self._postings[term]:
                shared[name] += weight * self.clusters[name].sums[BOTH][term]
        scores = {n: s / math.sqrt(self.clusters[n].squares[BOTH]) for n, s in shared.items()}
        return sorted(scores, key=lambda name: (-scores[name], name))[:CANDIDATES]

    def join(self, name: str, vectors: tuple[Bag, ...], day: float | None) -> None:
        """Add a row to a cluster, which may be new."""
        self.clusters.setdefault(name, Cluster()).add(vectors, day)
        for term in vectors[BOTH]:
            self._postings[term].add(name)

    def _unit(self, counts: Counter[str]) -> Bag:
        raw = {
            term: (1 + math.log(n)) * math.log((self._documents + 1) / (self._counts[term] + 0.5))
            for term, n in counts.items()
        }
        raw = {term: weight for term, weight in raw.items() if weight > 0}
        norm = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / norm for term, weight in raw.items()}


def pairs(rows: Sequence[Row]) -> Iterator[tuple[list[float], bool]]:
    """Features of each row against its candidates, and whether they belong together."""
    held = Clusters()
    for row in rows:
        vectors, day = held.vectors(row), _day(row)
        for name in held.candidates(vectors[BOTH]):
            yield held.clusters[name].features(vectors, day), name == row["event_id"]
        held.join(row["event_id"], vectors, day)


def miranda(examples: Sequence[Sequence[tuple[list[float], bool]]]) -> System:
    """Fit on the examples of several sets; large sets count as roots."""
    from sklearn.linear_model import LogisticRegression

    features = np.array([values for part in examples for values, _ in part])
    same = np.array([label for part in examples for _, label in part])
    weights = np.concatenate([np.full(len(part), len(part) ** -0.5) for part in examples])
    model = LogisticRegression(max_iter=1000).fit(features, same, weights * len(same))
    slopes, base = model.coef_[0].tolist(), float(model.intercept_[0])

    def system(rows: Sequence[Row]) -> tuple[list[Answer], float]:
        held, found = Clusters(), list[Answer]()
        begun = time.thread_time()
        for number, row in enumerate(rows):
            vectors, day = held.vectors(row), _day(row)
            best, name = 0.0, ""
            for candidate in held.candidates(vectors[BOTH]):
                values = held.clusters[candidate].features(vectors, day)
                odds = base + sum(s * x for s, x in zip(slopes, values, strict=True))
                if odds > best:
                    best, name = odds, candidate
            found.append((name or f"c{number}", not name))
            held.join(found[-1][0], vectors, day)
        return found, time.thread_time() - begun

    return system


def _day(row: Row) -> float | None:
    at = row["published_at"]
    return datetime.fromisoformat(at).timestamp() / 86400 if at else None


# --- River's TextClust -----------------------------------------------------------------------


def textclust(radius: float = TEXTCLUST_RADIUS) -> System | None:
    """Micro-clusters as events; None where River is not installed."""
    try:
        from river.cluster import TextClust  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None

    class Watched(TextClust):  # type: ignore[misc]
        """Says where the latest text went."""

        went: str | None = None

        def _get_closest_mc(self, *arguments: Any) -> tuple[str | None, float]:
            self.went, distance = super()._get_closest_mc(*arguments)
            return self.went, distance

    def system(rows: Sequence[Row]) -> tuple[list[Answer], float]:
        model, found = Watched(radius=radius, auto_r=False, real_time_fading=False), list[Answer]()
        begun = time.thread_time()
        for number, row in enumerate(rows):
            text = f"{row['title'] or ''} {(row['body'] or '')[:3000]}"
            stems = stems_of(spelled(text)[:BODY_WORDS], row["language"] or "en")
            before, model.went = model._cluster_id, None
            model.learn_one(Counter(stems))
            is_new = model.went is None
            found.append(
                (str(before) if stems and is_new else str(model.went or f"x{number}"), is_new)
            )
        return found, time.thread_time() - begun

    return system


# --- all -------------------------------------------------------------------------------------


def main() -> None:
    """One line a set and system, then the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--rows", type=int, default=1000, help="the newest rows of each set")
    options = parser.parse_args()
    folder = Settings().eval
    if folder is None or not folder.is_dir():
        sys.exit("set DELTAWIRE_EVAL to the folder with the evaluation sets (events/, entities/ …)")
    sets = {name: _rows(folder / "events", name, options.rows) for name in options.sets}
    examples = {name: list(pairs(rows)) for name, rows in sets.items()} if len(sets) > 1 else {}
    table = Table(title=f"at most {options.rows} rows of a set; CPU of one core")
    for column in ("set", "system", "BCubed F1", "pairwise F1", "C_det", "articles/s"):
        table.add_column(column, justify="left" if column in ("set", "system") else "right")
    totals: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
    for name, rows in sets.items():
        systems: dict[str, System | None] = {"deltawire": deltawire, "TF-IDF": tfidf}
        if examples:
            others = [part for other, part in examples.items() if other != name]
            systems["Miranda"] = miranda(others)
        systems["TextClust"] = textclust()
        for label, system in systems.items():
            if system is not None:
                scores = _scores(rows, system)
                totals[label].append(scores)
                mark = " *" if name in TRAINING else ""
                table.add_row(name + mark, label, *_cells(scores))
    for label, lines in totals.items():
        table.add_row("mean", label, *_cells([float(x) for x in np.mean(lines, axis=0)]))
    Console(width=110).print(table)


def _rows(folder: Path, name: str, most: int) -> list[Row]:
    rows = [row for row in read_rows(folder / f"{name}.jsonl.gz") if row["event_id"]]
    return rows[-most:]


def _scores(rows: Sequence[Row], system: System) -> tuple[float, ...]:
    answers, seconds = system(rows)
    gold = [row["event_id"] for row in rows]
    found: Report = report(gold, [event for event, _ in answers], [new for _, new in answers])
    cost = found.first_stories.cost
    return found.bcubed.f1, found.pairwise.f1, cost, len(rows) / max(seconds, 1e-9)


def _cells(scores: Sequence[float]) -> list[str]:
    return [*(f"{value:.3f}" for value in scores[:3]), f"{scores[3]:,.0f}"]


if __name__ == "__main__":
    main()
