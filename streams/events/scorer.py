"""How likely is it that an article belongs to an event? A sum of one curve per feature.

Each feature has a step curve that never falls (more alike never counts against); their sum is a
log-odds. So the evidence is exact: what a feature added is the height of its curve. A headline of
ten words shares less with its event than a text of four hundred: the curves, and where the sum
begins, are those of the article's length.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import orjson

from streams.events.compare import NAMES, PAIRS, TITLE, WORDS, Likeness
from streams.events.settings import Granularity

MEASURED = (
    "words_best",
    "words_mean",
    "pairs_best",
    "title_best",
    "title_mean",
    "names_best",
    "names_mean",
    "shared",
)


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function: ``values[i]`` holds up to ``edges[i]``; one value more than edges."""

    edges: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, x: float) -> float:
        """Its height at ``x``, in log-odds."""
        return self.values[bisect_right(self.edges, x)]


Values = Mapping[str, float | None]
Part = tuple[str, float, float]
"""A feature, its value, and what it adds to the log-odds."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Where a sum begins, and the curves that are added to it."""

    base: float
    curves: Mapping[str, Curve]


@dataclass(frozen=True, slots=True)
class Scorer:
    """The fitted curves. ``threshold`` 0..1: a lower score opens an event."""

    name: str
    threshold: float
    lengths: tuple[float, ...]  # words at which the next of ``sums`` begins
    sums: tuple[Sum, ...]
    foreign: Sum

    @classmethod
    def read(cls, row: Mapping[str, Any], granularity: Granularity = "balanced") -> "Scorer":
        """From its JSON."""
        return cls(
            row["name"],
            row["thresholds"][granularity],
            tuple(row["lengths"]),
            tuple(map(_sum, row["sums"])),
            _sum(row["foreign"]),
        )

    def score(self, values: Values, length: int, foreign: bool) -> float:
        """The sum of the curves as a chance 0..1.

        Args:
            values: by feature; a missing or unknown one (None) adds nothing.
            length: words of the article that were read.
            foreign: no member is in the article's language, so that words cannot meet.
        """
        chosen = self._sum(length, foreign)
        heights = [
            curve.values[bisect_right(curve.edges, x)]
            for name, curve in chosen.curves.items()
            if (x := values.get(name)) is not None
        ]
        return round(1 / (1 + math.exp(-math.fsum((chosen.base, *heights)))), 6)

    def parts(self, values: Values, length: int, foreign: bool) -> list[Part]:
        """What each feature adds; the sum is the log-odds of ``score``."""
        chosen = self._sum(length, foreign)
        return [
            ("base", float(length), chosen.base),
            *(
                (name, x, curve.at(x))
                for name, curve in chosen.curves.items()
                if (x := values.get(name)) is not None
            ),
        ]

    def _sum(self, length: int, foreign: bool) -> Sum:
        return self.foreign if foreign else self.sums[bisect_right(self.lengths, length)]


def measure(like: Likeness) -> dict[str, float | None]:
    """The features of one article's vectors against one event's."""
    return {
        "words_best": like.best[WORDS],
        "words_mean": like.mean[WORDS],
        "pairs_best": like.best[PAIRS],
        "title_best": like.best[TITLE],
        "title_mean": like.mean[TITLE],
        "names_best": like.best[NAMES],
        "names_mean": like.mean[NAMES],
        "names_shared": like.mass[NAMES],
        "shared": like.mass[WORDS],
        "plain": like.plain,
    }


@cache
def scorer(granularity: Granularity = "balanced") -> Scorer:
    """The model that ships with the package (docs/models/background.md)."""
    path = resources.files("streams") / "models" / "events.json"
    return Scorer.read(orjson.loads(path.read_bytes()), granularity)


def _sum(row: Mapping[str, Any]) -> Sum:
    curves = {name: Curve(tuple(e), tuple(v)) for name, (e, v) in row["curves"].items()}
    return Sum(row["base"], curves)
