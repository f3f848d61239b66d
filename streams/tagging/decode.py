"""The likeliest sequence of labels under a linear-chain CRF, in numpy and only where in doubt.

Most tokens of a text are no part of a name, and their emissions say so by more than any transition
could ever take back. Such a token is O for certain, and what stands on its two sides does not
depend on one another. So only the short runs between sure tokens are decoded, all of them side by
side in one batch: the result is that of Viterbi over the whole text.
"""

import numpy as np
from numpy.typing import NDArray

from schemas.tagged import EntityType

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

TYPES: tuple[EntityType, ...] = (
    "PERSON", "ORG", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "DATE", "MONEY", "MISC",
)  # fmt: skip
LABELS = ("O", *(f"{mark}-{kind}" for kind in TYPES for mark in "BI"))
"""O, then B and I of each type: label 2n + 1 begins type n, label 2n + 2 goes on with it."""

NEVER = np.float32(-1e4)
_OUTSIDE = 0


def forbidden() -> Floats:
    """(labels, labels): ``NEVER`` where the second may not follow the first, else 0.

    An I follows only the B or I of its own type.
    """
    found = np.zeros((len(LABELS), len(LABELS)), np.float32)
    for after in range(2, len(LABELS), 2):
        found[:, after] = NEVER
        found[after - 1, after] = found[after, after] = 0
    return found


def decode(emissions: Floats, transitions: Floats) -> Labels:
    """The sequence with the largest sum of emissions and transitions.

    Args:
        emissions: (tokens, labels), tokens may be 0.
        transitions: (labels, labels), from row to column; ``NEVER`` where forbidden. Each row and
            column of O must be free of ``NEVER`` but for the I labels.

    Returns:
        (tokens,) label numbers. The first token is never an I.

    Source: Lafferty, McCallum and Pereira (ICML 2001); Viterbi (1967).
    """
    found = np.zeros(len(emissions), np.int64)
    runs = _unsure(emissions, transitions)
    if not len(runs):
        return found
    starts, sizes = runs[:, 0], runs[:, 1]
    order = np.argsort(-sizes, kind="stable")  # longest first: later steps touch a prefix only
    starts, sizes = starts[order], sizes[order]
    scores = emissions[starts] + transitions[_OUTSIDE]
    moves = np.ascontiguousarray(transitions.T)  # to, from
    back = np.zeros((int(sizes[0]), len(runs), len(LABELS)), np.int8)
    live = len(runs)
    for step in range(1, int(sizes[0])):
        live = int(np.searchsorted(-sizes, -step, side="left"))
        paths = scores[:live, None, :] + moves
        best = paths.argmax(2)
        back[step, :live] = best
        reached = np.take_along_axis(paths, best[:, :, None], 2)[:, :, 0]
        scores[:live] = reached + emissions[starts[:live] + step]
    # Every run ends before a sure O or the end of the text.
    at_end = starts + sizes < len(emissions)
    label = (scores + at_end[:, None] * transitions[:, _OUTSIDE]).argmax(1)
    for step in range(int(sizes[0]) - 1, -1, -1):
        inside = sizes > step
        found[starts[inside] + step] = label[inside]
        if step:
            label[inside] = back[step, inside.nonzero()[0], label[inside]]
    return found


def _unsure(emissions: Floats, transitions: Floats) -> NDArray[np.int64]:
    """(runs, 2): first token and length of each stretch without a sure O.

    O is sure where putting it in place of any other label raises the sum, whatever stands beside
    it. An I behind would become a B, but behind a sure O stands none: so from right to left.
    """
    alone, before_inside = _costs(transitions)
    lead = emissions[:, :1] - emissions[:, 1:]
    weak = np.flatnonzero(np.any(lead <= alone, axis=1)).tolist()
    loss = np.repeat(emissions[1:, 2::2] - emissions[1:, 1::2], 2, axis=1)  # of an I made a B
    leans = np.any(lead[:-1] <= before_inside + loss, axis=1).tolist()
    doubt = np.zeros(len(emissions) + 2, np.int8)
    for at in weak:
        doubt[at + 1] = 1
        while at and leans[at - 1] and not doubt[at]:
            doubt[at] = 1
            at -= 1
    edges = np.flatnonzero(np.diff(doubt))
    return np.stack([edges[::2], edges[1::2] - edges[::2]], axis=1)


def _costs(transitions: Floats) -> tuple[Floats, Floats]:
    """For each label but O, what transitions can lose if O stands there instead.

    First with any label but its own I behind (or the end), then with its own I, which becomes a B.
    """
    begins = [_OUTSIDE, *range(1, len(LABELS), 2)]
    allowed = transitions > NEVER / 2
    into = np.where(allowed, transitions - transitions[:, :1], NEVER).max(0)[1:]
    out = (transitions[1:, begins] - transitions[_OUTSIDE, begins]).max(1).clip(0)
    first, inside = np.arange(1, len(LABELS), 2), np.arange(2, len(LABELS), 2)
    after = [*begins]
    change = (transitions[np.ix_(inside, after)] - transitions[np.ix_(first, after)]).max(1)
    stay = transitions[inside, inside] - transitions[first, inside]
    change = np.maximum(change, stay).clip(0)
    joined = [
        transitions[label, inside[kind]] - transitions[_OUTSIDE, first[kind]] + change[kind]
        for kind in range(len(TYPES))
        for label in (first[kind], inside[kind])
    ]
    return into + out, into + np.array(joined, np.float32)
