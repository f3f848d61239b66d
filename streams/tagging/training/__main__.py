"""``python -m streams.tagging.training``: from annotated texts to ``tagger.npz``."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from streams.knowledge import core
from streams.tagging.features import encode
from streams.tagging.gazetteer import Gazetteer
from streams.tagging.network import FILE, Weights, save
from streams.tagging.training.corpus import SCHEMES, Example, examples
from streams.tagging.training.fit import Lesson, fit
from streams.text.vectors import word_vectors

WIDTH = 112
"""Numbers that a token has inside the network."""


def main(
    data: Annotated[Path, typer.Option(help="Folder with entities/.")],
    epochs: int = 16,
    seed: int = 0,
    out: Annotated[Path | None, typer.Option(help="Where to write; the shipped file.")] = None,
) -> None:
    """Train and write the tagger's network."""
    console = Console(stderr=True)
    lessons = [
        tuple(lesson(form) for form in forms)
        for number, name in enumerate(SCHEMES)
        for forms in examples(data / "entities", name, seed=number)
    ]
    console.print(f"{len(lessons)} annotated texts")
    weights: Weights = {}
    rounds = fit(lessons, word_vectors(), width=WIDTH, epochs=epochs, seed=seed)
    for epoch, (loss, weights) in enumerate(rounds, 1):  # noqa: B007
        console.print(f"epoch {epoch} of {epochs}, loss {loss:.4f}")
    save(weights, out or Path(str(files("streams.models") / FILE)))


def lesson(example: Example) -> Lesson:
    """What the network sees of an example, and what it may answer; a line break is O."""
    names = Gazetteer(core()).all(example.tokens, "en")
    seen = encode([example.tokens], [names])
    outside = np.zeros((1, example.allowed.shape[1]), np.bool_)
    outside[0, 0] = True
    return Lesson(seen, np.concatenate([example.allowed, outside]))


if __name__ == "__main__":
    typer.run(main)
