"""What spares time gives what the plain way gives."""

from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from streams.events.junk.guards import _STAMP, STAMPED, STAMPS, _is_stamped
from streams.events.junk.walls import CUES, has_cue
from streams.events.rounding import rounded
from streams.novelty.signs import _SIGNS, signs
from streams.text.remembered import Remembered
from streams.text.words import spelled, stem, stems_of

TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            "won't 25,000 6.4 K-2 a'b' Ruzna’s über-alles x_y ½ ² 12th a.b. −3".split()
        ),
        max_size=12,
    ).map(" ".join),
)


@given(TEXTS)
def test_words_follow_each_other_in_the_text(text: str) -> None:
    words, at = spelled(text), 0
    for word in words:
        at = text.index(word, at) + len(word)
    assert stems_of(words) == [stem(word) for word in words]


@given(st.lists(st.floats(-900, 900), max_size=40), st.sampled_from([4, 6]))
@example([0.00005, 0.12345, 2.5e-5, -0.00015, 0.1234565], 4)
@example([0.0000005, 0.1234565, 0.9999995], 6)
def test_many_numbers_are_rounded_as_one_is(values: list[float], digits: int) -> None:
    """Products of weights of four digits lie between two numbers of six digits one time in a
    hundred.
    """
    expected = [round(value, digits) for value in values]
    assert rounded(np.array(values), digits).tolist() == expected


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=40))
def test_products_of_weights_are_rounded_as_one_is(weights: list[int]) -> None:
    products = [one / 10_000 * (two / 10_000) for one, two in pairwise(weights)]
    assert rounded(np.array(products), 6).tolist() == [round(value, 6) for value in products]


@given(st.lists(st.one_of(st.sampled_from(CUES), st.text(max_size=9)), max_size=6))
def test_a_cue_is_found_wherever_it_stands(parts: list[str]) -> None:
    for between in ("", " ", "\n"):
        text = between.join(parts)
        assert has_cue(text) == any(cue in text.casefold() for cue in CUES)


@given(st.lists(st.one_of(st.sampled_from(" ".join(_SIGNS.values()).split()), st.text(max_size=5))))
def test_a_sign_is_found_inside_a_word(parts: list[str]) -> None:
    word = "".join("".join(parts).split()).lower()
    plain = {name for name, each in _SIGNS.items() if any(sign in word for sign in each.split())}
    assert signs(word) & _SIGNS.keys() == plain


@given(
    st.lists(
        st.sampled_from(
            ["10:30 Rain", " • 9.15pm Sun", "[08:00] Go", "12 dead", "no", "", "- 7h30"]
        ),
        max_size=12,
    )
)
def test_stamped_lines_are_counted(lines: list[str]) -> None:
    body = "\n".join(lines)
    stamps = len(_STAMP.findall(body))
    full = sum(1 for line in lines if line.strip())
    assert _is_stamped(body) == (stamps >= max(STAMPS, STAMPED * full))


def test_what_is_remembered_is_bounded() -> None:
    made: list[str] = []

    def make(word: str) -> int:
        made.append(word)
        return len(word)

    table = Remembered(make, most=2)
    assert [table[word] for word in ("a", "bb", "a", "ccc", "a")] == [1, 2, 1, 3, 1]
    assert made == ["a", "bb", "ccc", "a"]
    assert len(table) == 2
