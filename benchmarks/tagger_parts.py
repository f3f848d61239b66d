"""What each part of the tagger's network adds: the network is fitted without it and scored.

DELTAWIRE_EVAL=DIR python -m benchmarks.tagger_parts [--epochs 6]

Needs what trains (``requirements-train.lock``). Each fit is shorter than the shipped one and has no
teachers, so compare rows with one another only.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from streams.config import Settings
from streams.evaluate import read_rows
from streams.knowledge import core
from streams.tagging.decode import decode
from streams.tagging.evaluate import evaluate_entities
from streams.tagging.features import TOKEN_FLAGS, Encoded
from streams.tagging.network import Floats, Network, Weights
from streams.tagging.tagger import Tagger
from streams.tagging.training.__main__ import WIDTH, lesson
from streams.tagging.training.corpus import SCHEMES, examples
from streams.tagging.training.fit import TABLE_FLAGS, Lesson, fit
from streams.text.vectors import WordVectors, word_vectors

SETS = ("ww_dev", "crossner_politics_test")
Change = Callable[[Encoded], Encoded]


def without_table(seen: Encoded) -> Encoded:
    """No flag from the table of names."""
    flags = seen.flags.copy()
    flags[:, TOKEN_FLAGS - TABLE_FLAGS :] = 0
    return seen._replace(flags=flags)


def without_recall(seen: Encoded) -> Encoded:
    """Each token stands alone: it does not meet the word's other occurrences."""
    return seen._replace(groups=np.arange(len(seen.ids)))


def same(seen: Encoded) -> Encoded:
    """As it is."""
    return seen


class Changed(Network):
    """The network on changed input; alone or with its transitions."""

    change: Change = staticmethod(same)

    def emissions(self, text: Encoded) -> Floats:
        """Of the changed text."""
        return super().emissions(type(self).change(text))


class Unlinked(Changed):
    """Labels by token alone, where a label may follow; no learned transitions."""

    def label(self, text: Encoded) -> tuple[np.ndarray, Floats]:
        """Decode with transitions of 0."""
        flat = np.where(self.weights["transitions"] < -1e3, self.weights["transitions"], 0)
        _, shares = super().label(text)
        return decode(self.emissions(text), flat.astype(np.float32)), shares


def fitted(lessons: Sequence[Sequence[Lesson]], vectors: WordVectors, epochs: int) -> Weights:
    """The weights after the last epoch."""
    made: Weights = {}
    for _, made in fit(lessons, vectors, width=WIDTH, epochs=epochs, seed=0):  # noqa: B007
        pass
    return made


def main() -> None:
    """One row a part that is left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    folder = Settings().eval
    if folder is None or not folder.is_dir():
        sys.exit("set DELTAWIRE_EVAL to the folder with the evaluation sets (entities/ …)")
    lessons = _lessons(folder / "entities", tuple(SCHEMES))
    vectors = word_vectors()
    none = WordVectors({}, np.zeros_like(vectors.table[:1]))
    tests = {name: list(read_rows(folder / "entities" / f"{name}.jsonl.gz")) for name in SETS}
    table = Table("fitted", *tests, box=None)
    console = Console()

    def row(name: str, network: Network) -> None:
        tagger = Tagger(core(), network)
        scores = [evaluate_entities(rows, tagger)[0]["f1"] for rows in tests.values()]
        table.add_row(name, *(f"{score:.3f}" for score in scores))
        sys.stderr.write(f"{name}: {scores}\n")

    whole = fitted(lessons, vectors, options.epochs)
    row("whole", Network(whole, vectors))
    row("without learned transitions", Unlinked(whole, vectors))
    row("without word vectors", Network(fitted(lessons, none, options.epochs), none))
    for name, change in (("table", without_table), ("recall", without_recall)):
        changed = [[one._replace(seen=change(one.seen)) for one in forms] for forms in lessons]
        kind = type("Part", (Changed,), {"change": staticmethod(change)})
        row(f"without {name}", kind(fitted(changed, vectors, options.epochs), vectors))
    plain = [forms[:1] for forms in lessons]
    row("without other forms", Network(fitted(plain, vectors, options.epochs), vectors))
    alone = _lessons(folder / "entities", ("ww_train",))
    row("world news only", Network(fitted(alone, vectors, options.epochs), vectors))
    console.print(table)


def _lessons(folder: Path, names: Sequence[str]) -> list[list[Lesson]]:
    return [
        [lesson(form) for form in forms]
        for seed, name in enumerate(names)
        for forms in examples(folder, name, seed=seed)
    ]


if __name__ == "__main__":
    main()
