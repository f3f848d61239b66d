"""Cosines of one article with the members of several events, in a few array operations.

Terms are hashed into one wide table. The article is noted in it once; the members of all
candidates are looked up together, so the cost hardly depends on their number. Vectors are kept as
bytes: there may be a million of them, and those of an event are put together by joining.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from streams.events.features import CHANNELS, Vector
from streams.events.rounding import rounded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WIDTH = 1 << 20  # one word in 10,000 meets another by chance
WORDS, PAIRS, TITLE, NAMES = range(len(CHANNELS))
SCALE = 10_000.0  # weights have four digits: they are kept as whole numbers
_SEEDS = tuple(crc32(b"%d" % channel) for channel in range(len(CHANNELS)))
DIGITS = 6
_MOST = 255  # terms of one article, padding included: their places fit a byte


@dataclass(frozen=True, slots=True)
class Packed:
    """The vectors of one article, or of several, one behind the other.

    An article has four runs of terms, one a channel, each padded by one 0 in front.
    """

    ids: bytes  # uint32 places in the table
    weights: bytes  # uint16, in 1 / SCALE
    runs: bytes  # uint16 lengths of the runs, padding included
    norms: bytes  # float64, four an article: lengths before scaling


def pack(vector: Vector) -> Packed:
    """Bytes of one vector. A term's place in the table is 1 to WIDTH - 1; 0 is padding."""
    ids: list[int] = []
    weights: list[float] = []
    for seed, (terms, values) in zip(_SEEDS, vector.channels, strict=True):
        ids.append(0)
        weights.append(0.0)
        ids += [crc32(term.encode(), seed) % (WIDTH - 1) + 1 for term in terms]
        weights += values
    return Packed(
        array("I", ids).tobytes(),
        np.rint(np.array(weights) * SCALE).astype(np.uint16).tobytes(),
        array("H", [len(terms.terms) + 1 for terms in vector.channels]).tobytes(),
        array("d", vector.norms).tobytes(),
    )


@dataclass(frozen=True, slots=True)
class Bundle:
    """Representative members of one event, one behind the other."""

    members: Packed
    count: int
    centroid: tuple[float, ...]  # by channel: length of the sum of the members' unit vectors


def join(members: Sequence[Packed]) -> Packed:
    """Put members together; at least one."""
    if len(members) == 1:
        return members[0]
    return Packed(
        b"".join([m.ids for m in members]),
        b"".join([m.weights for m in members]),
        b"".join([m.runs for m in members]),
        b"".join([m.norms for m in members]),
    )


def bundle(members: Sequence[Packed], centroid: tuple[float, ...] | None = None) -> Bundle:
    """Put members together; at least one. The centroid is worked out if it is not known."""
    joined = join(members)
    return Bundle(joined, len(members), centroid or _centroid(joined))


def _centroid(joined: Packed) -> tuple[float, ...]:
    """Length of the sum per channel: equal terms are added, then squared. Channels share no id."""
    ids, weights, starts = _arrays(joined)
    order = np.argsort(ids, kind="stable")
    placed = ids[order]
    is_first = np.ones(len(ids), dtype=bool)
    np.not_equal(placed[1:], placed[:-1], out=is_first[1:])
    first = np.flatnonzero(is_first)
    squares = np.add.reduceat(weights[order], first) ** 2
    channel = (np.searchsorted(starts, order[first], side="right") - 1) % len(CHANNELS)
    lengths = np.maximum(np.sqrt(np.bincount(channel, squares, len(CHANNELS))), 1e-9)
    return tuple(lengths.tolist())


def _arrays(packed: Packed) -> tuple[NDArray[np.uint32], Floats, Ints]:
    """(ids, weights, starts of the runs)."""
    runs = np.frombuffer(packed.runs, dtype=np.uint16)
    starts = np.zeros(len(runs), dtype=np.int64)
    np.cumsum(runs[:-1], out=starts[1:])
    weights = np.frombuffer(packed.weights, dtype=np.uint16) / SCALE
    return np.frombuffer(packed.ids, dtype=np.uint32), weights, starts


@dataclass(frozen=True, slots=True)
class Likeness:
    """The article against one event, rounded to six digits so that it decides alike anywhere.

    Lists of four are by channel.
    """

    best: list[float]  # cosine with the nearest member, 0..1
    mean: list[float]  # cosine with the centroid, 0..1
    mass: list[float]  # idf mass that is shared with the member that shares most


class Comparer:
    """Holds the table, which says where in the article a term stands; 0 if nowhere. Every call
    leaves it as it found it.
    """

    def __init__(self) -> None:
        self._places = np.zeros(WIDTH, dtype=np.uint8)  # a megabyte stays near the processor

    def compare(self, article: Packed, events: Sequence[Bundle]) -> list[Likeness]:
        """The article against each event, in order."""
        if not events:
            return []
        own, heavy, _ = _arrays(article)
        if len(own) > _MOST:
            raise ValueError(f"{len(own)} terms are more than {_MOST}")
        ids, weights, starts = _arrays(join([event.members for event in events]))
        self._places[own] = np.arange(len(own), dtype=np.uint8)
        places = self._places.take(ids)
        self._places[own] = 0
        dots = np.add.reduceat(heavy.take(places) * weights, starts).reshape(-1, len(CHANNELS))
        return _by_event(dots, np.frombuffer(article.norms), events)


def _by_event(dots: Floats, norms: Floats, events: Sequence[Bundle]) -> list[Likeness]:
    """Rows of members (m, 4) to one likeness an event."""
    at = list(accumulate((event.count for event in events[:-1]), initial=0))
    best = np.maximum.reduceat(dots, at)
    means = np.add.reduceat(dots, at) / np.array([event.centroid for event in events])
    theirs = np.frombuffer(b"".join([event.members.norms for event in events]))
    masses = dots * theirs.reshape(dots.shape) * norms
    mass = np.sqrt(np.maximum.reduceat(masses, at))
    rows = rounded(np.stack((best, means, mass), axis=1), DIGITS).tolist()
    return [Likeness(*row) for row in rows]
