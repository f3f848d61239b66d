"""How likely is it that an article belongs to an event? A sum of one curve per feature.

Each feature has a step curve that never falls (more alike never counts against); their sum is a
log-odds. So the evidence is exact: what a feature added is the height of its curve.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import orjson

from streams.events.compare import NAMES, PAIRS, TITLE, WORDS, Likeness

FEATURES = (
    "words_best",
    "words_mean",
    "pairs_best",
    "title_best",
    "title_mean",
    "names_best",
    "names_mean",
    "shared",
)
# An event with no article in the article's language is judged by names and numbers alone.
FOREIGN_FEATURES = ("names_best", "names_shared")


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function: ``values[i]`` holds up to ``edges[i]``; one value more than edges."""

    edges: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, x: float) -> float:
        """Its height at ``x``, in log-odds."""
        return self.values[bisect_right(self.edges, x)]


@dataclass(frozen=True, slots=True)
class Scored:
    """A score 0..1; per feature its value and what it added. The sum is the score's log-odds."""

    score: float
    parts: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted curves. ``threshold`` 0..1: a lower score opens an event."""

    name: str
    threshold: float
    intercept: float
    curves: Mapping[str, Curve]
    foreign_intercept: float
    foreign: Mapping[str, Curve]
    time: Curve  # over days between the article and the event's nearest member
    plain: Curve  # over the weight of shared words, names apart

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Scorer":
        """From its JSON."""
        return cls(
            row["name"],
            row["threshold"],
            row["intercept"],
            _curves(row["curves"]),
            row["foreign_intercept"],
            _curves(row["foreign"]),
            *_curves({name: row[name] for name in ("time", "plain")}).values(),
        )

    def score(
        self, values: Mapping[str, float], gap: float | None, foreign: bool, shared: float | None
    ) -> Scored:
        """Sum the curves.

        Args:
            gap: days to the nearest member, None (unknown) adds nothing.
            foreign: no member is in the article's language, so that words cannot meet.
            shared: weight of the shared words that are no part of a name; None adds nothing.
        """
        curves = self.foreign if foreign else self.curves
        parts = [("base", 1.0, self.foreign_intercept if foreign else self.intercept)]
        parts += [(name, x := values[name], curve.at(x)) for name, curve in curves.items()]
        if shared is not None:
            parts.append(("plain", shared, self.plain.at(shared)))
        if gap is not None:
            parts.append(("days_apart", round(gap, 6), self.time.at(gap)))
        total = math.fsum(part for _, _, part in parts)
        return Scored(round(1 / (1 + math.exp(-total)), 6), tuple(parts))


def measure(like: Likeness) -> dict[str, float]:
    """The features of one article against one event, rounded so that they decide alike anywhere."""
    values = {
        "words_best": like.best[WORDS],
        "words_mean": like.mean[WORDS],
        "pairs_best": like.best[PAIRS],
        "title_best": like.best[TITLE],
        "title_mean": like.mean[TITLE],
        "names_best": like.best[NAMES],
        "names_mean": like.mean[NAMES],
        "names_shared": math.sqrt(like.mass[NAMES]),
        "shared": math.sqrt(like.mass[WORDS]),
    }
    return {name: round(value, 6) for name, value in values.items()}


@lru_cache(maxsize=1)
def scorer() -> Scorer:
    """The model that ships with the package (docs/models/background.md)."""
    path = resources.files("streams") / "models" / "events.json"
    return Scorer.read(orjson.loads(path.read_bytes()))


def _curves(rows: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, Curve]:
    return {name: Curve(tuple(edges), tuple(values)) for name, (edges, values) in rows.items()}
