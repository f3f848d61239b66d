"""Cosines of one article with the members of several events, in three array operations.

Terms are hashed into one wide array. The article is scattered into it once; the members of all
candidates are gathered from it together, so the cost hardly depends on their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from streams.events.features import CHANNELS, Vector

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WIDTH = 1 << 20  # one word in 10,000 meets another by chance
WORDS, PAIRS, TITLE, NAMES = range(len(CHANNELS))
_SEEDS = tuple(crc32(b"%d" % channel) for channel in range(len(CHANNELS)))


@dataclass(frozen=True, slots=True)
class Packed:
    """The vectors of one article as arrays: four runs, one a channel, each padded by one 0."""

    ids: Ints
    weights: Floats
    starts: tuple[int, int, int, int]
    norms: tuple[float, float, float, float]
    length: int


def pack(vector: Vector) -> Packed:
    """Arrays of one vector. A term's place in the wide array is 1 to WIDTH - 1; 0 is padding."""
    ids: list[int] = []
    weights: list[float] = []
    starts = []
    for seed, terms in zip(_SEEDS, vector.channels, strict=True):
        starts.append(len(ids))
        ids.append(-1)
        weights.append(0.0)
        ids += [crc32(term.encode(), seed) % (WIDTH - 1) for term in terms.terms]
        weights += terms.weights
    return Packed(
        np.array(ids, dtype=np.int64) + 1,
        np.array(weights),
        (starts[0], starts[1], starts[2], starts[3]),
        vector.norms,
        vector.length,
    )


@dataclass(frozen=True, slots=True)
class Bundle:
    """Representative members of one event, one behind the other."""

    ids: Ints
    weights: Floats
    starts: Ints  # (members * 4,)
    norms: Floats  # (members, 4) lengths before scaling
    lengths: Ints  # (members,) words read
    centroid: Floats  # (4,) length of the sum of the members' unit vectors


def bundle(members: Sequence[Packed]) -> Bundle:
    """Put members together; at least one."""
    offsets = accumulate((len(m.ids) for m in members[:-1]), initial=0)
    starts = np.array([o + s for m, o in zip(members, offsets, strict=True) for s in m.starts])
    ids = np.concatenate([m.ids for m in members])
    weights = np.concatenate([m.weights for m in members])
    return Bundle(
        ids,
        weights,
        starts,
        np.array([m.norms for m in members]),
        np.array([m.length for m in members]),
        _centroid(ids, weights, starts),
    )


def _centroid(ids: Ints, weights: Floats, starts: Ints) -> Floats:
    """Length of the sum per channel: equal terms are added, then squared. Channels share no id."""
    order = np.argsort(ids, kind="stable")
    placed = ids[order]
    is_first = np.ones(len(ids), dtype=bool)
    np.not_equal(placed[1:], placed[:-1], out=is_first[1:])
    first = np.flatnonzero(is_first)
    squares = np.add.reduceat(weights[order], first) ** 2
    channel = (np.searchsorted(starts, order[first], side="right") - 1) % len(CHANNELS)
    return np.maximum(np.sqrt(np.bincount(channel, squares, len(CHANNELS))), 1e-9)


@dataclass(frozen=True, slots=True)
class Likeness:
    """The article against one event; lists of four are by channel."""

    best: list[float]  # cosine with the nearest member, 0..1
    mean: list[float]  # cosine with the centroid, 0..1
    mass: list[float]  # idf mass squared that is shared with the member that shares most


class Comparer:
    """Holds the wide array; every call leaves it as it found it."""

    def __init__(self) -> None:
        self._weights = np.zeros(WIDTH)

    def compare(self, article: Packed, events: Sequence[Bundle]) -> list[Likeness]:
        """The article against each event, in order."""
        if not events:
            return []
        ids = np.concatenate([e.ids for e in events])
        weights = np.concatenate([e.weights for e in events])
        offsets = accumulate((len(e.ids) for e in events[:-1]), initial=0)
        starts = np.concatenate([e.starts + o for e, o in zip(events, offsets, strict=True)])
        self._weights[article.ids] = article.weights
        dots = np.add.reduceat(self._weights[ids] * weights, starts).reshape(-1, len(CHANNELS))
        self._weights[article.ids] = 0.0
        return _by_event(dots, np.array(article.norms), events)


def _by_event(dots: Floats, norms: Floats, events: Sequence[Bundle]) -> list[Likeness]:
    """Rows of members (m, 4) to one likeness an event."""
    at = list(accumulate((len(e.norms) for e in events[:-1]), initial=0))
    best = np.maximum.reduceat(dots, at).tolist()
    means = np.add.reduceat(dots, at) / np.array([e.centroid for e in events])
    masses = dots * np.concatenate([e.norms for e in events]) * norms
    mass = np.maximum.reduceat(masses, at).tolist()
    rows = zip(best, means.tolist(), mass, strict=True)
    return [Likeness(*row) for row in rows]
