"""Scores of a grouping against numbers worked out by hand."""

import pytest

from streams.events.metrics import bcubed, first_stories, pairwise, report

# Two events, a a a b b; the system says 1 1 2 2 2.
GOLD = ["a", "a", "a", "b", "b"]
SAID = ["1", "1", "2", "2", "2"]


def test_bcubed_by_hand():
    """Precision (1 + 1 + 1/3 + 2/3 + 2/3) / 5 = 11/15; recall (2/3 + 2/3 + 1/3 + 1 + 1) / 5."""
    scores = bcubed(GOLD, SAID)
    assert scores.precision == pytest.approx(11 / 15)
    assert scores.recall == pytest.approx(11 / 15)
    assert scores.f1 == pytest.approx(11 / 15)


def test_pairwise_by_hand():
    """Right pairs: one of 1-1, one of 2-2 (b b); said 1 + 3; true 3 + 1."""
    scores = pairwise(GOLD, SAID)
    assert (scores.precision, scores.recall, scores.f1) == (0.5, 0.5, 0.5)


def test_first_stories_by_hand():
    """b's first is missed (1 of 2); one of three later articles is called new.

    (.02 * 1/2 + .1 * .98 * 1/3) / .02 = .5 + 1.6333
    """
    scores = first_stories(GOLD, [True, False, True, False, False])
    assert scores.miss == 0.5
    assert scores.false_alarm == pytest.approx(1 / 3)
    assert scores.cost == pytest.approx(0.5 + 0.098 / 3 / 0.02)


def test_perfect_and_empty():
    """A perfect grouping scores 1 and costs 0; nothing scores 0 without an error."""
    perfect = report(GOLD, GOLD, [True, False, False, True, False])
    assert (perfect.bcubed.f1, perfect.pairwise.f1, perfect.first_stories.cost) == (1, 1, 0)
    assert (perfect.articles, perfect.events, perfect.clusters) == (5, 2, 2)
    assert report([], [], []).bcubed.f1 == 0


def test_lengths_must_agree():
    """A missing prediction is an error, not a shorter set."""
    with pytest.raises(ValueError, match="zip"):
        bcubed(GOLD, SAID[:-1])
