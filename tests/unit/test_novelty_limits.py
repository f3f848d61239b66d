"""Texts that are no prose: numbers beyond all counting, and lines of one sign."""

import pytest

from streams.novelty.assess import extract_sentences
from streams.novelty.contrast import negated
from streams.novelty.figures import figures
from streams.novelty.statements import MAX_READ, is_credit
from streams.text.sentences import sentence_of

LONG = 200_000


@pytest.mark.parametrize(
    "number",
    [
        "1" + "0" * 320,
        "1" + ",000" * 200,
        "9" * 19,
        "9" * 17 + " million",
        "4000 trillion",
        "1." + "0" * 400,
    ],
)
@pytest.mark.parametrize("sign", ["", "$"])
def test_a_number_beyond_counting_is_no_figure(number: str, sign: str) -> None:
    assert figures(f"The flood killed {sign}{number} people.") == []


def test_a_large_sum_is_a_figure() -> None:
    (found,) = figures("Its revenue was 1.8 trillion euros.")
    assert (found["value"], found["unit"]) == (1.8e12, "EUR")


@pytest.mark.parametrize(
    "piece",
    [
        "-",
        "–",
        " ",
        ".",
        "1",
        ",",
        "1,",
        "1,000,",
        "1 000 ",
        "twenty-",
        "U.S. ",
        "A. ",
        "Aa ",
        "_",
        "claim ",
        "denied claims ",
        "all hostages ",
        "12 killed in Aa ",
        "from 5 ",
        "5 to ",
        "by ",
        "no ",
        "not be ",
        "was not to be ",
        "allowed to ",
        "between 1 and ",
        "1 in ",
        ", which rejects ",
    ],
)
@pytest.mark.parametrize("lead", ["", "12 people were killed, Norvia said, and denied claims "])
def test_a_line_of_one_sign_is_read_at_once(piece: str, lead: str) -> None:
    text = (lead + piece * LONG)[:LONG]
    whole = sentence_of("body", 0, text)
    value = extract_sentences([whole], [], "en")
    (statement,) = value["statements"]
    assert negated(statement["text"]) is not None
    assert statement["end"] == LONG
    assert all(len(stem) < 50 for stem in statement["stems"])
    assert all(row["value"] < 1e15 for row in value["figures"])


def test_a_line_is_a_credit_whatever_stands_before_its_words() -> None:
    assert is_credit("-" * MAX_READ)
    assert is_credit("-- (Reporting by Jane Doe)")
    assert is_credit("By Jane Doe")
    assert is_credit("• © Norvia Press")
    assert not is_credit("-- By noon Jane Doe had gone")
