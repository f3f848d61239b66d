"""How new one statement is: twelve features, and the logistic model that weighs them.

Source: weights fitted by ``streams.novelty.train``; docs/models/novelty.md has the scores.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from operator import mul
from typing import Any, NamedTuple

import orjson

from streams.novelty.memory import Json
from streams.novelty.statement_index import UNIT, Index

FEATURES = (
    "unseen words",
    "unseen verbs",
    "unseen numbers",
    "unseen entities",
    "rarest unseen",
    "held by one",
    "familiar",
    "central",
    "places",
    "depth",
    "first",
    "empty",
)
DEEPEST = 4  # from this rank on, a sentence's place says nothing more
RARE = 6.0  # idf from which a familiar word counts in full
OFTEN = 3  # other sentences of the article with a word; more say no more
LEAST_HELD = 0.2  # a smaller share in one earlier statement counts as none

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
    total = fitted.bias + sum(map(mul, fitted.weights, values))
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))), 6)


class Scene(NamedTuple):
    """What a statement is held against.

    Attributes:
        memory: what the event holds. own: what the article itself said before.
        said: stem to the number of other statements of the article that hold it, up to OFTEN.
    """

    memory: Index
    own: Index
    said: Mapping[str, int]


def often(statements: Iterable[Json]) -> Mapping[str, int]:
    """Stem to the number of further statements that hold it, up to OFTEN; not those of one."""
    found = Counter([stem for each in statements for stem in each["stems"]])
    return {stem: min(OFTEN, n - 1) for stem, n in found.items() if n > 1}


def masses(statement: Json, idf: Idf) -> dict[str, float]:
    """Stem to idf mass, in order of the text."""
    return {stem: mass if (mass := idf(stem)) > 0.0 else 0.0 for stem in statement["stems"]}


def features(
    statement: Json, mass: Mapping[str, float], scene: Scene, held: float
) -> tuple[float, ...]:
    """The features in the order of FEATURES.

    Args:
        mass: of each stem of the statement, in its order.
        held: share of the mass in the one earlier statement that holds most of it, 0..1.
    """
    memory, _, said = scene
    rows = statement.get("entities", ())
    entities = [_chance("@" + row[0], scene) for row in rows]
    unseen = _unseen(rows, entities, mass, scene)
    total = sum(mass.values()) or 1.0
    articles, postings = memory.articles, memory.postings
    familiar = [
        (n if (n := len(held_by)) < articles else articles) * (m if m < RARE else RARE)
        for stem, m in mass.items()
        if (held_by := postings.get(stem))
    ]
    return (
        math.log1p(sum(unseen.values())),
        sum([unseen.get(stem, 0.0) for stem in statement.get("verbs", ())]),
        sum([chance for stem, chance in unseen.items() if stem[0].isdecimal()]),
        sum(entities),
        max(map(mul, unseen.values(), mass.values()), default=0.0),
        held if held >= LEAST_HELD else 0.0,
        max(familiar) / articles if familiar else 0.0,
        sum([m * said[stem] for stem, m in mass.items() if stem in said]) / total,
        float(statement.get("places", 0)),
        math.exp(-min(statement["rank"], DEEPEST) / 6),
        float(statement["rank"] == 0),
        float(not (memory.articles or memory.faded)),
    )


def _chance(key: str, scene: Scene) -> float:
    """Chance that a reader has not met a word or an entity: 1 never stated, towards 0."""
    memory = scene.memory
    known = memory.weight(key) if memory.faded else memory.known.get(key, 0)
    known += scene.own.known.get(key, 0)
    return math.exp(-known / UNIT) if known else 1.0


def _unseen(
    rows: Iterable[Sequence[str]], entities: Iterable[float], mass: Iterable[str], scene: Scene
) -> dict[str, float]:
    """Stem to the chance that it is unseen; a word of a known entity is known.

    Args:
        rows: the statement's entities, with the chance that each of them is unseen.
    """
    memory, said, exp = scene.memory, scene.own.known.get, math.exp
    seen = memory.weight if memory.faded else memory.known.get
    unseen = {
        stem: exp(-met / UNIT) if (met := seen(stem, 0) + said(stem, 0)) else 1.0 for stem in mass
    }
    for (_, *stems), known in zip(rows, entities, strict=True):
        for stem in stems:
            if unseen.get(stem, 0.0) > known:
                unseen[stem] = known
    return unseen
