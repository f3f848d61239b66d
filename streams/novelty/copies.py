"""Whether one statement is another in the same words: what near-duplicates are found by."""

from itertools import pairwise
from typing import NamedTuple

from streams.novelty.memory import Json
from streams.novelty.statement_index import Match

EDITED = (0.6, 0.5)  # (covered, both) by an earlier statement: copied with another word or two
WHOLE = (0.85, 0.7)  # copied as it is; shorter than that, it may be told again
IN_ORDER = 0.6  # share of a copy's neighbouring words that are neighbours in the original


class Copied(NamedTuple):
    """What a statement copies.

    Attributes:
        item_id: the earlier article. share: of the statement's mass, 0..1.
        whole: it is that statement and nothing else.
    """

    item_id: str
    share: float
    whole: bool


def copying(statement: Json, near: Match | None) -> Copied | None:
    """What the nearest earlier statement gave, if the words are in much the same order."""
    if near is None or not within(near, EDITED):
        return None
    new, old = statement["stems"], near.held.statement["stems"]
    pairs = set(pairwise(old))
    kept = sum(pair in pairs for pair in pairwise(new))
    if kept < IN_ORDER * (len(new) - 1):
        return None
    return Copied(near.held.item_id, near.covered, within(near, WHOLE))


def within(match: Match, limits: tuple[float, float]) -> bool:
    """Whether a match covers so much, and has so much in common."""
    return match.covered >= limits[0] and match.both >= limits[1]
