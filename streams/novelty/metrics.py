"""Measures of a ranking and of labels, in plain Python."""

from collections.abc import Sequence
from typing import NamedTuple


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Chance that a true one scores above a false one, ties half: 0..1; 0.5 without both kinds."""
    ordered = sorted(range(len(scores)), key=lambda n: scores[n])
    rank_sum, at = 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and scores[ordered[end]] == scores[ordered[at]]:
            end += 1
        rank_sum += sum(truth[n] for n in ordered[at:end]) * (at + 1 + end) / 2
        at = end
    true = sum(truth)
    false = len(truth) - true
    return (rank_sum - true * (true + 1) / 2) / (true * false) if true and false else 0.5


def average_precision(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Mean over the true ones of the precision at their score, 0..1; ties are taken together."""
    ordered = sorted(range(len(scores)), key=lambda n: -scores[n])
    total, hits, at = 0.0, 0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and scores[ordered[end]] == scores[ordered[at]]:
            end += 1
        found = sum(truth[n] for n in ordered[at:end])
        hits += found
        total += found * hits / end
        at = end
    return total / hits if hits else 0.0


def f1(true_positive: int, predicted: int, actual: int) -> float:
    """Harmonic mean of precision and recall, 0..1; 0 if there is nothing."""
    return 2 * true_positive / (predicted + actual) if predicted + actual else 0.0


def macro_f1(truth: Sequence[bool], guess: Sequence[bool]) -> float:
    """Mean of the F1 of both classes, 0..1."""
    pairs = list(zip(truth, guess, strict=True))
    scores = [
        f1(
            sum(t == g == kind for t, g in pairs),
            sum(g == kind for _, g in pairs),
            sum(t == kind for t, _ in pairs),
        )
        for kind in (True, False)
    ]
    return sum(scores) / 2


class Tenth(NamedTuple):
    """The scores of one tenth of 0..1: its number 0..9, mean score, share that is true, cases."""

    number: int
    score: float
    share: float
    cases: int


def reliability(truth: Sequence[bool], scores: Sequence[float]) -> list[Tenth]:
    """How often a score comes true, by tenths; those without a score are left out."""
    inside: dict[int, list[tuple[float, bool]]] = {}
    for score, true in zip(scores, truth, strict=True):
        inside.setdefault(min(9, int(score * 10)), []).append((score, true))
    return [
        Tenth(
            number,
            sum(score for score, _ in found) / len(found),
            sum(true for _, true in found) / len(found),
            len(found),
        )
        for number, found in sorted(inside.items())
    ]


def calibration_error(tenths: Sequence[Tenth]) -> float:
    """Mean distance of score and share over the tenths, by their numbers (Naeini et al. 2015)."""
    total = sum(each.cases for each in tenths)
    return sum(abs(each.score - each.share) * each.cases for each in tenths) / total
