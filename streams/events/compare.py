"""Cosines of one article with the members of several events, in a few array operations.

Terms are hashed into one wide table. The article is noted in it once; the members of all
candidates are looked up together, so the cost hardly depends on their number. Vectors are kept as
bytes: there may be a million of them, and those of an event are put together by joining. Weights
are whole numbers, so that their sums are exact in any order.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from streams.events.features import CHANNELS, Vector

Floats = NDArray[np.float64]
Ids = NDArray[np.uint32]

WIDTH = 1 << 20  # one word in 10,000 meets another by chance
WORDS, PAIRS, TITLE, NAMES = range(len(CHANNELS))
SCALE = 10_000.0  # weights have four digits: they are kept as whole numbers
_SEEDS = tuple(crc32(b"%d" % channel) for channel in range(len(CHANNELS)))
_CHANNEL = np.arange(len(CHANNELS), dtype=np.uint64)
_CHANNEL_BITS, _WEIGHT_BITS, _WEIGHT = np.uint64(2), np.uint64(16), np.uint64(0xFFFF)
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
    """Length of the sum per channel: equal terms of a channel are added, then squared."""
    runs = np.frombuffer(joined.runs, dtype=np.uint16)
    # One number for place, channel and weight: sorted, equal terms stand together.
    keys = np.frombuffer(joined.ids, dtype=np.uint32).astype(np.uint64)
    keys = keys << _CHANNEL_BITS | np.resize(_CHANNEL, len(runs)).repeat(runs)
    keys = keys << _WEIGHT_BITS | np.frombuffer(joined.weights, dtype=np.uint16)
    keys.sort()
    terms, weights = keys >> _WEIGHT_BITS, (keys & _WEIGHT).astype(np.int64)
    is_first = np.ones(len(keys), dtype=bool)
    np.not_equal(terms[1:], terms[:-1], out=is_first[1:])
    first = is_first.nonzero()[0]
    sums = np.add.reduceat(weights, first) / SCALE
    squares = np.bincount(terms[first] & _CHANNEL[-1], sums * sums, len(CHANNELS))
    return tuple(np.maximum(np.sqrt(squares), 1e-9).tolist())


@dataclass(frozen=True, slots=True)
class Likeness:
    """The article against one event; lists are by channel.

    Sums of whole numbers, quotients and roots: the same on every machine.
    """

    best: list[float]  # cosine with the nearest member, 0..1 (weights have four digits: 1.0002)
    mean: list[float]  # cosine with the centroid, 0..1
    mass: list[float]  # idf mass that is shared with the member that shares most
    plain: float  # weight of the words, names apart, that a member has as well


class Comparer:
    """Holds the table, which says where in the article a term stands; 0 if nowhere. Every call
    leaves it as it found it.
    """

    def __init__(self) -> None:
        self._places = np.zeros(WIDTH, dtype=np.uint8)  # a megabyte stays near the processor

    def compare(
        self, article: Packed, events: Sequence[Bundle], plain: Sequence[float] = ()
    ) -> list[Likeness]:
        """The article against each event, in order.

        Args:
            plain: of each word of the article its weight as a plain one.
        """
        if not events:
            return []
        joined = join([event.members for event in events])
        own, heavy = _terms(article)
        ids, weights = _terms(joined)
        places = self._found(own, ids)
        hits = places.nonzero()[0]  # few terms of the members are the article's
        mine = places[hits]
        runs = np.frombuffer(joined.runs, dtype=np.uint16)
        run = runs.cumsum().searchsorted(hits, side="right")
        sums = np.bincount(run, heavy[mine] * weights[hits], len(runs))
        told = np.zeros((len(events), len(own)))
        of_run = np.arange(len(events)).repeat([len(event.members.runs) // 2 for event in events])
        told[of_run[run], mine] = 1  # a word that several members have counts once
        mass = told[:, 1 : len(plain) + 1].dot(np.rint(np.array(plain) * SCALE**2)) / SCALE**2
        norms = np.frombuffer(article.norms)
        return _by_event(sums.reshape(-1, len(CHANNELS)), norms, events, mass.tolist())

    def _found(self, own: Ids, ids: Ids) -> NDArray[np.uint8]:
        """Where in ``own`` each of ``ids`` stands, 0 for padding and for nowhere."""
        if len(own) > _MOST:
            raise ValueError(f"{len(own)} terms are more than {_MOST}")
        self._places[own] = np.arange(len(own), dtype=np.uint8)
        self._places[0] = 0
        found = self._places.take(ids)
        self._places[own] = 0
        return found


def _terms(packed: Packed) -> tuple[Ids, Floats]:
    """(ids, weights in 1 / SCALE)."""
    weights = np.frombuffer(packed.weights, dtype=np.uint16).astype(np.float64)
    return np.frombuffer(packed.ids, dtype=np.uint32), weights


def _by_event(
    sums: NDArray[Any], norms: Floats, events: Sequence[Bundle], plain: Sequence[float]
) -> list[Likeness]:
    """Dot products in 1 / SCALE**2, a row a member (m, 4), to one likeness an event."""
    at = list(accumulate((event.count for event in events[:-1]), initial=0))
    best = np.maximum.reduceat(sums, at) / SCALE**2
    means = np.add.reduceat(sums, at) / SCALE**2 / np.array([event.centroid for event in events])
    theirs = np.frombuffer(b"".join([event.members.norms for event in events]))
    masses = sums / SCALE**2 * theirs.reshape(sums.shape) * norms
    mass = np.sqrt(np.maximum.reduceat(masses, at))
    return list(map(Likeness, best.tolist(), means.tolist(), mass.tolist(), plain))
