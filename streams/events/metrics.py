"""How good is a grouping of articles into events? BCubed, pairwise, first stories.

Both arguments are sequences of group labels for the same articles in the same order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MISS_COST = 1.0
FALSE_ALARM_COST = 0.1
FIRST_STORY_PRIOR = 0.02


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, each 0..1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class FirstStories:
    """First story detection: shares 0..1 and the normalised cost, 0 best, 1 = says nothing."""

    miss: float
    false_alarm: float
    cost: float


@dataclass(frozen=True, slots=True)
class Report:
    """All scores of one set."""

    articles: int
    events: int
    clusters: int
    bcubed: Scores
    pairwise: Scores
    first_stories: FirstStories


def bcubed(gold: Sequence[str], predicted: Sequence[str]) -> Scores:
    """BCubed (Bagga and Baldwin 1998): the mean over articles of precision and recall.

    Raises:
        ValueError: the lengths differ.
    """
    both = Counter(zip(gold, predicted, strict=True))
    of_gold, of_predicted = Counter(gold), Counter(predicted)
    total = len(gold) or 1
    precision = sum(n * n / of_predicted[p] for (_, p), n in both.items()) / total
    recall = sum(n * n / of_gold[g] for (g, _), n in both.items()) / total
    return _scores(precision, recall)


def pairwise(gold: Sequence[str], predicted: Sequence[str]) -> Scores:
    """Precision and recall over pairs of articles that share a group."""
    right = _pairs(Counter(zip(gold, predicted, strict=True)).values())
    said = _pairs(Counter(predicted).values())
    true = _pairs(Counter(gold).values())
    return _scores(right / said if said else 0.0, right / true if true else 0.0)


def first_stories(gold: Sequence[str], is_new: Sequence[bool]) -> FirstStories:
    """TDT's detection cost of calling an article the first of its event.

    ``(miss * 1 * .02 + false_alarm * .1 * .98) / min(.02, .098)`` with Cmiss 1, Cfa .1, Pt .02.
    """
    seen: set[str] = set()
    firsts = misses = alarms = 0
    for label, new in zip(gold, is_new, strict=True):
        if label not in seen:
            seen.add(label)
            firsts += 1
            misses += not new
        else:
            alarms += new
    later = len(gold) - firsts
    miss = misses / firsts if firsts else 0.0
    false_alarm = alarms / later if later else 0.0
    missed = MISS_COST * FIRST_STORY_PRIOR
    alarmed = FALSE_ALARM_COST * (1 - FIRST_STORY_PRIOR)
    cost = (missed * miss + alarmed * false_alarm) / min(missed, alarmed)
    return FirstStories(miss, false_alarm, cost)


def report(gold: Sequence[str], predicted: Sequence[str], is_new: Sequence[bool]) -> Report:
    """Every score of one set."""
    return Report(
        len(gold),
        len(set(gold)),
        len(set(predicted)),
        bcubed(gold, predicted),
        pairwise(gold, predicted),
        first_stories(gold, is_new),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def _scores(precision: float, recall: float) -> Scores:
    total = precision + recall
    return Scores(precision, recall, 2 * precision * recall / total if total else 0.0)
