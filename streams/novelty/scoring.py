"""How new one statement is: five features, and the logistic model that weighs them.

Source: weights fitted by ``streams.novelty.train``; docs/models/novelty.md has the scores.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import orjson

from streams.novelty.memory import UNIT, Index, Json

FEATURES = ("unseen words", "unseen share", "unseen verbs", "depth", "first")
DEEPEST = 4  # from this rank on, a sentence's place says nothing more

Idf = Callable[[str], float]


class Model(NamedTuple):
    """weights: one per feature. threshold: NEW from this chance on, 0..1."""

    weights: tuple[float, ...]
    bias: float
    threshold: float


@lru_cache(maxsize=1)
def model() -> Model:
    """The fitted model that ships with the package."""
    file = resources.files("streams") / "models" / "novelty.json"
    value: dict[str, Any] = orjson.loads(file.read_bytes())
    weights = tuple(value["weights"][name] for name in FEATURES)
    return Model(weights, value["bias"], value["threshold"])


def chance(values: Sequence[float], fitted: Model) -> float:
    """Chance that a statement is new, 0..1, six digits."""
    total = fitted.bias + sum(w * x for w, x in zip(fitted.weights, values, strict=True))
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))), 6)


def masses(statement: Json, idf: Idf) -> dict[str, float]:
    """Stem to idf mass, in order of the text."""
    return {stem: mass if (mass := idf(stem)) > 0.0 else 0.0 for stem in statement["stems"]}


def features(
    statement: Json, mass: dict[str, float], memory: Index, own: Index
) -> tuple[float, ...]:
    """The features in the order of FEATURES.

    Args:
        mass: of each stem of the statement.
        memory: what the event holds. own: what the article itself said before.
    """
    seen, said = memory.known.get, own.known.get
    # Chance that a reader has not met the word: 1 never stated, towards 0.
    unseen = {stem: math.exp(-(seen(stem, 0) + said(stem, 0)) / UNIT) for stem in mass}
    for identity, *stems in statement.get("entities", ()):
        key = "@" + identity
        known = math.exp(-(seen(key, 0) + said(key, 0)) / UNIT)
        for stem in stems:
            if stem in unseen:
                unseen[stem] = min(unseen[stem], known)
    total = sum(mass.values()) or 1.0
    return (
        math.log1p(sum(unseen.values())),
        sum(unseen[stem] * amount for stem, amount in mass.items()) / total,
        sum(unseen.get(stem, 0.0) for stem in statement.get("verbs", ())),
        math.exp(-min(statement["rank"], DEEPEST) / 6),
        float(statement["rank"] == 0),
    )
