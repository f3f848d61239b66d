"""A small convolutional network over the tokens of an article; numpy alone runs it.

A word's vector, its letters and its spelling become one row; table names and the place in the text
are added. Two convolutions look at the neighbours. Then each word meets all its occurrences in the
article (mean and maximum), so that what one sentence tells about a name serves in all others. Two
more convolutions follow, and a linear-chain CRF picks the labels.

Sources: convolutions for tagging as in Collobert et al. (JMLR 2011), dilated as in Strubell et al.
(EMNLP 2017). docs/models/tagger.md tells how it is trained.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from streams.tagging.decode import LABELS, decode
from streams.tagging.features import Encoded, ngrams, plain, word_flags
from streams.text.vectors import WordVectors, word_vectors

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]

FILE = "tagger.npz"
DILATIONS = (1, 2, 1, 3)
"""Of the four convolutions; each sees one token on either side, so many tokens away."""
_MOST_WORDS = 30_000  # kept; 30,000 rows of 112 numbers are 13 MB
_DECIMALS = 3


class Network:
    """The trained weights, and the words met so far.

    What it says of a text depends on the text alone: a word's row is computed by itself, in one
    fixed shape, and emissions are rounded before they decide.
    """

    def __init__(self, weights: Weights, vectors: WordVectors) -> None:
        self.weights = {name: np.asarray(value, np.float32) for name, value in weights.items()}
        self._thirds = {
            name: np.split(self.weights[name], 3)
            for name in ("recall", *(f"conv{number}" for number in range(len(DILATIONS))))
        }
        self._vectors = vectors
        self._rows: dict[str, int] = {}
        self._table = np.zeros((_MOST_WORDS, len(weights["word_bias"])), np.float32)

    def label(self, text: Encoded) -> tuple[NDArray[np.int64], Floats]:
        """(tokens,) numbers of ``LABELS``, and (tokens, labels) probabilities by token alone."""
        emissions = self.emissions(text)
        labels = decode(emissions, self.weights["transitions"])
        shifted = np.exp(emissions - emissions.max(1, keepdims=True, initial=-np.inf))
        return labels, shifted / shifted.sum(1, keepdims=True)

    def emissions(self, text: Encoded) -> Floats:
        """(tokens, labels), rounded to three decimals."""
        weights = self.weights
        if not text.vocabulary:
            return np.zeros((0, len(LABELS)), np.float32)
        hidden = self._words(text.vocabulary)[text.ids] + text.flags @ weights["place"]
        for number, dilation in enumerate(DILATIONS):
            if number == len(DILATIONS) // 2:
                hidden = hidden + self._recall(hidden, text.groups)
            hidden = hidden + self._look_around(hidden, number, dilation)
        return np.round(hidden @ weights["out"] + weights["out_bias"], _DECIMALS)

    def _words(self, words: list[str]) -> Floats:
        """(words, width): the row of each word, from the ones kept where it is there.

        A table that would overflow is begun anew.
        """
        missing = [word for word in words if word not in self._rows]
        if len(self._rows) + len(missing) > len(self._table):
            self._rows.clear()
            missing = words
            if len(words) > len(self._table):
                self._table = np.zeros((len(words), self._table.shape[1]), np.float32)
        for word in missing:
            at = self._rows[word] = len(self._rows)
            self._table[at] = self._word(word)
        return self._table[[self._rows[word] for word in words]]

    def _word(self, word: str) -> Floats:
        weights = self.weights
        row = self._vectors.row(word.lower(), plain(word))
        vector = self._vectors.table[row] if row else weights["unknown"]
        letters = ngrams(word)
        total = weights["ngrams"][letters].sum(0) / np.float32(len(letters) ** 0.5)
        flags = np.array(word_flags(word), np.float32)
        summed = vector @ weights["word"] + total @ weights["letters"]
        summed += flags @ weights["spelling"] + weights["word_bias"]
        found: Floats = np.maximum(summed, 0)
        return found

    def _look_around(self, hidden: Floats, number: int, dilation: int) -> Floats:
        before, here, after = self._thirds[f"conv{number}"]
        found: Floats = hidden @ here + self.weights[f"conv{number}_bias"]
        found[dilation:] += hidden[:-dilation] @ before
        found[:-dilation] += hidden[dilation:] @ after
        np.maximum(found, 0, out=found)
        return found

    def _recall(self, hidden: Floats, groups: NDArray[np.int64]) -> Floats:
        """What the article says of a word at all its occurrences."""
        order = np.argsort(groups, kind="stable")
        ordered = hidden[order]
        begins = np.searchsorted(groups[order], np.arange(groups.max() + 1))
        sizes = np.diff(np.append(begins, len(groups))).astype(np.float32)
        mean = np.add.reduceat(ordered, begins) / sizes[:, None]
        most = np.maximum.reduceat(ordered, begins)
        here, by_mean, by_most = self._thirds["recall"]
        shared = mean @ by_mean + most @ by_most + self.weights["recall_bias"]
        found: Floats = np.maximum(hidden @ here + shared[groups], 0)
        return found


@lru_cache(maxsize=1)
def shipped_network() -> Network:
    """The trained network, loaded once per process. Matrices are small: more threads would only
    wait for one another.
    """
    threadpool_limits(1)
    with (files("streams.models") / FILE).open("rb") as file, np.load(file) as parts:
        return Network(dict(parts), word_vectors())


def save(weights: Weights, path: Path) -> None:
    """Write weights in half precision.

    Raises:
        ValueError: a weight is not finite or too large for it.
    """
    halves = {name: np.asarray(value, np.float16) for name, value in sorted(weights.items())}
    if not all(np.isfinite(value).all() for value in halves.values()):
        raise ValueError("weights that half precision cannot hold")
    np.savez_compressed(path, **halves)  # type: ignore[arg-type]
