"""Measures against numbers worked by hand."""

import numpy as np
import pytest

from streams.novelty.metrics import (
    auc,
    average_precision,
    calibration_error,
    f1,
    macro_f1,
    reliability,
)
from streams.novelty.train import Sample, calibrate, fit, folds, labels, predict

TRUTH = [True, False, True, False]
SCORES = [0.9, 0.8, 0.4, 0.1]


def test_auc_counts_pairs_in_order() -> None:
    """Of four pairs one (0.4 against 0.8) stands wrong; a tie counts half."""
    assert auc(TRUTH, SCORES) == 0.75
    assert auc([True, False], [0.5, 0.5]) == 0.5
    assert auc([True], [0.5]) == 0.5


def test_average_precision_is_the_mean_over_the_true_ones() -> None:
    """Precision 1/1 at the first and 2/3 at the second; tied items are taken together."""
    assert average_precision(TRUTH, SCORES) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([True, False], [0.5, 0.5]) == 0.5
    assert average_precision([False], [0.5]) == 0.0


def test_f1_and_its_mean_over_both_classes() -> None:
    """NEW: 1 right of 1 guessed, 2 true -> 2/3. OLD: 2 right of 3 guessed, 2 true -> 4/5."""
    assert f1(1, 1, 2) == pytest.approx(2 / 3)
    assert f1(0, 0, 0) == 0.0
    guess = [True, False, False, False]
    assert macro_f1(TRUTH, guess) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_fitting_finds_the_side_of_the_new_ones() -> None:
    """Two groups apart on one axis: the weight is positive and the middle is undecided."""
    values = np.array([[0.0], [1.0], [3.0], [4.0]])
    weights = fit(values, np.array([0.0, 0.0, 1.0, 1.0]))
    assert weights[0] > 0
    assert predict(weights, np.array([[2.0]]))[0] == pytest.approx(0.5, abs=1e-6)


def test_labels_follow_the_order_of_the_articles() -> None:
    """A chain that two articles share is NEW where it is met first; one article's own is MINOR."""
    one = {"sentences": [{"label": "NEW", "chains": ["a"]}, {"label": None, "chains": ["c"]}]}
    two = {"sentences": [{"label": "OLD", "chains": ["a"]}, {"label": "MINOR", "chains": ["b"]}]}
    assert labels([one, two]) == [["NEW", None], ["OLD", "MINOR"]]
    assert labels([two, one]) == [["NEW", "MINOR"], ["OLD", None]]


def test_calibration_takes_back_what_is_over_confident() -> None:
    """Chances of .9 and .1 that hold in three of four cases become .75 and .25, nearly."""
    truth = [True] * 300 + [False] * 100 + [False] * 300 + [True] * 100
    slope, shift = calibrate(truth, [0.9] * 400 + [0.1] * 400)
    assert slope * np.log(9) == pytest.approx(np.log(3), abs=0.02)
    assert shift == pytest.approx(0.0, abs=0.01)


def test_a_fold_never_holds_a_topic_that_it_was_fitted_on() -> None:
    """Every topic is left out once, with all its events."""
    sample: Sample = ([(0.0,), (1.0,)], [False, True])
    samples = {f"{n}_{part}": [sample] for n in range(7) for part in ("ecb", "ecbplus")}
    held = [topics for topics, _ in folds(samples)]
    assert sorted(name for topics in held for name in topics) == [str(n) for n in range(7)]


def test_reliability_by_hand() -> None:
    """.05 and .15 stand in tenths of their own, .91 and 1 in one; half of these came true."""
    found = reliability([False, True, True, False], [0.05, 0.15, 0.91, 1.0])
    assert [(each.number, each.share, each.cases) for each in found] == [
        (0, 0.0, 1),
        (1, 1.0, 1),
        (9, 0.5, 2),
    ]
    assert found[-1].score == pytest.approx(0.955)
    assert calibration_error(found) == pytest.approx((0.05 + 0.85 + 2 * 0.455) / 4)
