"""Fit the curves of the scorer: boosted trees that look at one feature and at the length.

Such a tree is a step curve of its feature for each length; the sum of all trees is one curve per
feature and length. Needs scikit-learn; the product does not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.events.compare import Floats
from streams.events.scorer import MEASURED

LENGTHS = (7.5, 14.5, 30.5, 60.5)  # words: headlines, long ones, a sentence, a lead, a text
LENGTH = len(MEASURED)  # its column
TREES, RATE, DEPTH, SMALLEST_LEAF = 300, 0.05, 3, 80

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of an article and a candidate event: features (n, MEASURED and the length) and whether
    they belong together (n,).
    """

    features: Floats
    same: Floats


def features(values: Mapping[str, float | None], length: int) -> list[float]:
    """One row of ``Pairs.features``: the length as the number of its step."""
    return [*(values[name] or 0.0 for name in MEASURED), float(np.searchsorted(LENGTHS, length))]


def fit(parts: Sequence[Pairs]) -> list[Row]:
    """One row of base and curves for each length. Large sets count as their roots."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    same = np.concatenate([part.same for part in parts])
    weights = np.concatenate([np.full(len(p.same), len(p.same) ** -0.5) for p in parts])
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_depth=DEPTH,
        min_samples_leaf=SMALLEST_LEAF,
        monotonic_cst=[1] * LENGTH + [0],
        interaction_cst=[{at, LENGTH} for at in range(LENGTH)],
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )
    rows = np.vstack([part.features for part in parts])
    model.fit(rows, same, sample_weight=weights * len(weights) / weights.sum())
    trees = [tree.nodes for (tree,) in model._predictors]
    base = float(np.ravel(model._baseline_prediction)[0])
    return [_sum(trees, base, length) for length in range(len(LENGTHS) + 1)]


def calibrated(rows: Iterable[Row], scale: float, shift: float) -> list[Row]:
    """Sums whose log-odds are ``scale`` times the old ones plus ``shift``."""
    return [
        {
            "base": round(row["base"] * scale + shift, 5),
            "curves": {
                name: [edges, [round(value * scale, 5) for value in values]]
                for name, (edges, values) in row["curves"].items()
            },
        }
        for row in rows
    ]


def _sum(trees: Sequence[NDArray[Any]], base: float, length: int) -> Row:
    """All trees for one length."""
    curves = {}
    for at, name in enumerate(MEASURED):
        own = [nodes for nodes in trees if at in _looks_at(nodes)]
        edges = sorted({round(edge, 6) for nodes in own for edge in _edges(nodes, at)})
        curves[name] = [edges, [sum(_walk(n, x, length) for n in own) for x in _between(edges)]]
    base += sum(_walk(nodes, 0.0, length) for nodes in trees if not _looks_at(nodes))
    return {"base": base, "curves": curves}


def _looks_at(nodes: NDArray[Any]) -> set[int]:
    """Features of a tree, its length apart: one or none."""
    return {int(n["feature_idx"]) for n in nodes if not n["is_leaf"]} - {LENGTH}


def _edges(nodes: NDArray[Any], at: int) -> Iterator[float]:
    for node in nodes:
        if not node["is_leaf"] and node["feature_idx"] == at:
            yield float(node["num_threshold"])


def _between(edges: Sequence[float]) -> list[float]:
    """A number in each interval that the edges leave."""
    if not edges:
        return [0.0]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    return [edges[0] - 1, *middles, edges[-1] + 1]


def _walk(nodes: NDArray[Any], x: float, length: int) -> float:
    """The value of one tree where its feature is ``x``."""
    node = nodes[0]
    while not node["is_leaf"]:
        value = float(length) if node["feature_idx"] == LENGTH else x
        node = nodes[node["left" if value <= node["num_threshold"] else "right"]]
    return float(node["value"])
