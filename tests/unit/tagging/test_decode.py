"""The decoder against plain Viterbi, written down a second time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.tagging.decode import LABELS, NEVER, decode, forbidden

SIZE = len(LABELS)


def viterbi(emissions, transitions):
    scores = emissions[0] + transitions[0]
    back = []
    for emission in emissions[1:]:
        paths = scores[:, None] + transitions
        back.append(paths.argmax(0))
        scores = paths.max(0) + emission
    label = int(scores.argmax())
    labels = [label]
    for came_from in reversed(back):
        label = int(came_from[label])
        labels.append(label)
    return labels[::-1]


def transitions_of(seed, scale):
    barred = forbidden()
    moves = np.random.default_rng(seed).normal(0, scale, (SIZE, SIZE)).astype(np.float32)
    return np.where(barred < 0, barred, moves)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.sampled_from([0.1, 1.0, 3.0]))
def test_it_finds_what_viterbi_finds(seed, tokens, scale):
    """Whether most tokens are surely O, none, or they lean towards an I."""
    random = np.random.default_rng(seed)
    emissions = random.normal(0, 4, (tokens, SIZE)).astype(np.float32)
    emissions[:, 0] += random.choice([0, 6, 30], tokens)
    transitions = transitions_of(seed, scale)
    assert decode(emissions, transitions).tolist() == viterbi(emissions, transitions)


def test_no_name_begins_inside():
    emissions = np.zeros((3, SIZE), np.float32)
    emissions[:, 2] = 9  # I-PERSON all along
    labels = decode(emissions, transitions_of(0, 0))
    assert [LABELS[label] for label in labels] == ["B-PERSON", "I-PERSON", "I-PERSON"]


def test_only_the_own_type_goes_on():
    barred = forbidden()
    begin, inside, other = (LABELS.index(x) for x in ("B-ORG", "I-ORG", "I-PERSON"))
    assert barred[begin, inside] == barred[inside, inside] == 0
    assert barred[0, inside] == barred[begin, other] == NEVER


@pytest.mark.parametrize("tokens", [0, 1])
def test_short_texts(tokens):
    emissions = np.zeros((tokens, SIZE), np.float32)
    assert decode(emissions, transitions_of(1, 1)).shape == (tokens,)
