"""Fit the network's weights by gradient descent. Needs JAX; ``network.py`` runs the result."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from streams.tagging.decode import LABELS, NEVER, forbidden
from streams.tagging.features import (
    BUCKETS,
    MOST_NGRAMS,
    TOKEN_FLAGS,
    WORD_FLAGS,
    Encoded,
    ngrams,
    plain,
    word_flags,
)
from streams.tagging.network import DILATIONS
from streams.text.vectors import WordVectors

Array = Any  # a jax array; the library's own type says no more
Weights = dict[str, Array]

_LETTERS = 32
_LENGTHS = (256, 512, 1024, 2048)
_TOKENS = 8192  # in a batch
_PEAK_RATE, _WEIGHT_DECAY, _CLIP, _KEEP = 2e-3, 0.01, 5.0, 0.995
_LOCAL = 0.5  # weight of the loss of each token alone
_DROPOUT, _NO_VECTOR, _NO_LETTERS, _NO_TABLE = 0.3, 0.15, 0.15, 0.2
TABLE_FLAGS = 20
"""The last flags of a token come from the table of names."""


class Lesson(NamedTuple):
    """One form of a text: what the network sees, and what each token may be."""

    seen: Encoded
    allowed: NDArray[np.bool_]


@dataclass
class Vocabulary:
    """What is known of each word of the lessons, row by row; row 0 pads."""

    rows: dict[str, int]
    vectors: NDArray[np.int32]
    letters: NDArray[np.int32]
    spelling: NDArray[np.float32]

    @classmethod
    def of(cls, words: Sequence[str], vectors: WordVectors) -> "Vocabulary":
        """Look up each different word once."""
        rows = {word: row for row, word in enumerate(dict.fromkeys(words), 1)}
        size = len(rows) + 1
        made = cls(
            rows,
            np.zeros(size, np.int32),
            np.zeros((size, MOST_NGRAMS), np.int32),
            np.zeros((size, WORD_FLAGS), np.float32),
        )
        for word, row in rows.items():
            made.vectors[row] = vectors.row(word.lower(), plain(word))
            grams = ngrams(word)
            made.letters[row, : len(grams)] = grams
            made.spelling[row] = word_flags(word)
        return made


def fit(
    texts: Sequence[Sequence[Lesson]], vectors: WordVectors, *, width: int, epochs: int, seed: int
) -> Iterator[tuple[float, Weights]]:
    """Learn from texts, each in one or more forms.

    Each epoch takes one form of each text: the first one half of the time, else another.

    Yields:
        After each epoch the mean loss a token (the negative logarithm of the probability of what is
        allowed) and the weights, averaged over the last steps.

    Source: AdamW (Loshchilov and Hutter, ICLR 2019); the loss sums over all allowed sequences, as
    in Tsuboi et al. (COLING 2008).
    """
    random = np.random.default_rng(seed)
    words = [word for forms in texts for lesson in forms for word in lesson.seen.vocabulary]
    vocabulary = Vocabulary.of(words, vectors)
    weights = _start(jax.random.PRNGKey(seed), vectors.table.shape[1], width)
    steps = epochs * (len(list(_batches(texts, vocabulary, random))) + 1)
    rate = optax.warmup_cosine_decay_schedule(0, _PEAK_RATE, steps // 20, steps, _PEAK_RATE / 50)
    rule = optax.chain(
        optax.clip_by_global_norm(_CLIP), optax.adamw(rate, b2=0.98, weight_decay=_WEIGHT_DECAY)
    )
    table = jnp.asarray(vectors.table)

    @jax.jit  # type: ignore[untyped-decorator]
    def step(state: Any, batch: Mapping[str, Array], key: Array) -> Any:
        weights, memory, mean = state
        loss, slope = jax.value_and_grad(_loss)(weights, table, batch, key)
        change, memory = rule.update(slope, memory, weights)
        weights = optax.apply_updates(weights, change)
        mean = jax.tree.map(lambda old, new: _KEEP * old + (1 - _KEEP) * new, mean, weights)
        return (weights, memory, mean), loss

    state = weights, rule.init(weights), weights
    key = jax.random.PRNGKey(seed + 1)
    for _ in range(epochs):
        losses = []
        for batch in _batches(texts, vocabulary, random):
            key, now = jax.random.split(key)
            state, loss = step(state, batch, now)
            losses.append(float(loss))
        yield float(np.mean(losses)), _finished(state[2])


def _finished(weights: Weights) -> Weights:
    """As ``network.py`` takes them: forbidden transitions stand among the transitions."""
    made = {name: np.asarray(value) for name, value in weights.items()}
    barred = forbidden()
    made["transitions"] = np.where(barred < 0, NEVER, made["transitions"])
    return made


def _start(key: Array, size: int, width: int) -> Weights:
    keys = iter(jax.random.split(key, 20))

    def matrix(rows: int, columns: int, scale: float) -> Array:
        return jax.random.normal(next(keys), (rows, columns)) * scale

    wide = (1.5 / (3 * width)) ** 0.5
    weights: Weights = {
        "ngrams": matrix(BUCKETS, _LETTERS, 0.3),
        "unknown": jnp.zeros(size),
        "word": matrix(size, width, 0.15),
        "letters": matrix(_LETTERS, width, (1.5 / _LETTERS) ** 0.5),
        "spelling": matrix(WORD_FLAGS, width, 0.2),
        "word_bias": jnp.zeros(width),
        "place": matrix(TOKEN_FLAGS, width, 0.2),
        "recall": matrix(3 * width, width, wide),
        "recall_bias": jnp.zeros(width),
        "out": matrix(width, len(LABELS), 0.05),
        "out_bias": jnp.zeros(len(LABELS)),
        "transitions": jnp.zeros((len(LABELS), len(LABELS))),
    }
    for number in range(len(DILATIONS)):
        weights[f"conv{number}"] = matrix(3 * width, width, wide)
        weights[f"conv{number}_bias"] = jnp.zeros(width)
    return weights


def _batches(
    texts: Sequence[Sequence[Lesson]], vocabulary: Vocabulary, random: np.random.Generator
) -> Iterator[dict[str, Array]]:
    """Texts of like length side by side, in a new order; a short batch is filled up by chance."""
    chosen = [forms[_form(len(forms), random)] for forms in texts]
    by_length: dict[int, list[Lesson]] = {}
    for at in random.permutation(len(chosen)):
        size = len(chosen[at].seen.ids)
        length = next((length for length in _LENGTHS if size <= length), _LENGTHS[-1])
        by_length.setdefault(length, []).append(chosen[at])
    groups: list[tuple[int, list[Lesson]]] = []
    for length, lessons in by_length.items():
        rows = _TOKENS // length
        for begin in range(0, len(lessons), rows):
            group = lessons[begin : begin + rows]
            more = random.integers(len(lessons), size=rows - len(group))
            groups.append((length, group + [lessons[n] for n in more]))
    for at in random.permutation(len(groups)):
        length, lessons = groups[at]
        yield _batch(length, lessons, vocabulary, random)


def _form(count: int, random: np.random.Generator) -> int:
    return 0 if count == 1 or random.random() < 0.5 else int(random.integers(1, count))


def _batch(
    length: int, lessons: Sequence[Lesson], vocabulary: Vocabulary, random: np.random.Generator
) -> dict[str, Array]:
    rows = len(lessons)
    words = np.zeros((rows, length), np.int32)
    groups = np.zeros((rows, length), np.int32)
    flags = np.zeros((rows, length, TOKEN_FLAGS), np.float32)
    real = np.zeros((rows, length), np.float32)
    allowed = np.ones((rows, length, len(LABELS)), np.bool_)
    for row, lesson in enumerate(lessons):
        size = min(length, len(lesson.seen.ids))
        known = np.array([vocabulary.rows[word] for word in lesson.seen.vocabulary])
        words[row, :size] = known[lesson.seen.ids[:size]]
        groups[row, :size] = np.minimum(lesson.seen.groups[:size], length - 1)
        flags[row, :size] = lesson.seen.flags[:size]
        real[row, :size] = 1
        allowed[row, :size] = lesson.allowed[:size]
        if random.random() < _NO_TABLE:
            flags[row, :, TOKEN_FLAGS - TABLE_FLAGS :] = 0
    return {
        "vectors": vocabulary.vectors[words],
        "letters": vocabulary.letters[words],
        "spelling": vocabulary.spelling[words],
        "groups": groups,
        "flags": flags,
        "real": real,
        "allowed": allowed,
    }


def _loss(weights: Weights, table: Array, batch: Mapping[str, Array], key: Array) -> Array:
    emissions = _emissions(weights, table, batch, key)
    all_paths = _log_sum(emissions, weights["transitions"], batch["real"])
    kept = jnp.where(batch["allowed"], emissions, NEVER)
    right_paths = _log_sum(kept, weights["transitions"], batch["real"])
    # A token's own softmax must be right too: confidences and the decoder's shortcut rest on it.
    alone = jax.nn.logsumexp(emissions, -1) - jax.nn.logsumexp(kept, -1)
    loss = jnp.sum(all_paths - right_paths) + _LOCAL * jnp.sum(alone * batch["real"])
    return loss / jnp.sum(batch["real"])


def _log_sum(emissions: Array, transitions: Array, real: Array) -> Array:
    """(texts,) logarithm of the sum over all label sequences (the forward algorithm)."""
    moves = transitions + forbidden()

    def step(scores: Array, token: tuple[Array, Array]) -> tuple[Array, None]:
        emission, exists = token
        following = jax.nn.logsumexp(scores[:, :, None] + moves, 1) + emission
        return jnp.where(exists[:, None] > 0, following, scores), None

    first = emissions[:, 0] + moves[0]
    rest = emissions[:, 1:].transpose(1, 0, 2), real[:, 1:].T
    scores, _ = jax.lax.scan(step, first, rest)
    return jax.nn.logsumexp(scores, -1)


def _emissions(weights: Weights, table: Array, batch: Mapping[str, Array], key: Array) -> Array:
    """(texts, tokens, labels); as ``Network.emissions``, with dropout."""
    keys = iter(jax.random.split(key, 12))
    real = batch["real"][..., None]
    known = (batch["vectors"] > 0)[..., None]
    known &= jax.random.bernoulli(next(keys), 1 - _NO_VECTOR, known.shape)
    vector = jnp.where(known, table[batch["vectors"]], weights["unknown"])
    grams = (batch["letters"] > 0)[..., None]
    total = (weights["ngrams"][batch["letters"]] * grams).sum(-2)
    total /= jnp.maximum(1, grams.sum(-2)) ** 0.5
    total *= jax.random.bernoulli(next(keys), 1 - _NO_LETTERS, known.shape)
    hidden = jax.nn.relu(
        _dropped(vector, 0.2, next(keys)) @ weights["word"]
        + _dropped(total, _DROPOUT, next(keys)) @ weights["letters"]
        + batch["spelling"] @ weights["spelling"]
        + weights["word_bias"]
    )
    hidden = (hidden + batch["flags"] @ weights["place"]) * real
    for number, dilation in enumerate(DILATIONS):
        if number == len(DILATIONS) // 2:
            near = _dropped(hidden, _DROPOUT, next(keys))
            hidden += _recall(weights, near, batch["groups"], real) * real
        near = _dropped(hidden, _DROPOUT, next(keys))
        hidden += _look_around(weights, near, number, dilation) * real
    return _dropped(hidden, _DROPOUT, next(keys)) @ weights["out"] + weights["out_bias"]


def _dropped(values: Array, share: float, key: Array) -> Array:
    kept = jax.random.bernoulli(key, 1 - share, values.shape)
    return jnp.where(kept, values / (1 - share), 0)


def _look_around(weights: Weights, hidden: Array, number: int, dilation: int) -> Array:
    edge = jnp.zeros_like(hidden[:, :dilation])
    before = jnp.concatenate([edge, hidden[:, :-dilation]], 1)
    after = jnp.concatenate([hidden[:, dilation:], edge], 1)
    around = jnp.concatenate([before, hidden, after], -1)
    return jax.nn.relu(around @ weights[f"conv{number}"] + weights[f"conv{number}_bias"])


def _recall(weights: Weights, hidden: Array, groups: Array, real: Array) -> Array:
    texts, tokens, width = hidden.shape
    segments = (groups + jnp.arange(texts)[:, None] * tokens).reshape(-1)
    flat, mask = hidden.reshape(-1, width), real.reshape(-1, 1)
    count = texts * tokens
    sizes = jax.ops.segment_sum(mask, segments, count)
    mean = jax.ops.segment_sum(flat * mask, segments, count) / jnp.maximum(sizes, 1)
    most = jax.ops.segment_max(jnp.where(mask > 0, flat, NEVER), segments, count)
    most = jnp.where(sizes > 0, most, 0)
    met = jnp.concatenate([flat, mean[segments], most[segments]], -1).reshape(texts, tokens, -1)
    return jax.nn.relu(met @ weights["recall"] + weights["recall_bias"])
