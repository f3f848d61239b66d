"""Pairs of articles: one event or two, each pair for itself."""

import pytest

from streams.events.pairs import evaluate

FERRY = (
    "Ferry Marigold sinks off Port Lorne",
    "The ferry Marigold sank off Port Lorne in a storm on the way to the island of Tessa. Twelve "
    "people are missing, the Lornian coast guard said.",
)
AGAIN = (
    "Twelve missing after ferry Marigold sinks",
    "Twelve people are missing after the ferry Marigold sank in a storm off Port Lorne, the coast "
    "guard said. The ship was bound for Tessa.",
)
CUP = (
    "Norvia wins the cup",
    "Norvia beat Lornia 2-1 after extra time and took the Harbour Cup for the third time.",
)


def pair(one: tuple[str, str], two: tuple[str, str], **more: object) -> dict[str, object]:
    names = ("title1", "text1", "title2", "text2")
    return {"language": "en", **dict(zip(names, (*one, *two), strict=True)), **more}


def test_a_pair_is_one_event_or_two() -> None:
    scores, said = evaluate(
        [
            pair(FERRY, AGAIN, id="a", same_event=True),
            pair(FERRY, CUP, id="b", same_event=False),
        ]
    )
    assert [(row["id"], row["same_event"]) for row in said] == [("a", True), ("b", False)]
    assert 0 <= said[1]["score"] < said[0]["score"] <= 1
    assert set(scores) == {"precision", "recall", "F1", "accuracy", "AUC"}
    assert set(scores.values()) == {1.0}


def test_no_pair_knows_of_another() -> None:
    """The second row would join the ferry of the first if they were one wire."""
    rows = [pair(FERRY, CUP, id=1), pair(AGAIN, CUP, id=2)]
    assert evaluate(rows)[1] == [*evaluate(rows[:1])[1], *evaluate(rows[1:])[1]]


def test_rows_without_gold_are_predicted_and_not_scored() -> None:
    scores, said = evaluate([pair(FERRY, AGAIN, id=1), pair(FERRY, AGAIN, id=2, same_event=None)])
    assert scores == {}
    assert [row["same_event"] for row in said] == [True, True]


def test_wrong_answers_count_by_hand() -> None:
    """Gold T T F F, said T F T F: half of everything, and one of four orders is wrong in the AUC
    (of equal scores, half of each)."""
    gold = (True, True, False, False)
    rows = [
        pair(FERRY, AGAIN if at % 2 == 0 else CUP, id=at, same_event=same)
        for at, same in enumerate(gold)
    ]
    scores, _ = evaluate(rows)
    assert scores == pytest.approx(dict.fromkeys(scores, 0.5))


def test_each_language_has_its_scores_where_there_are_several() -> None:
    german = (
        "Fähre Marigold sinkt",
        "Die Fähre Marigold ist vor Port Lorne im Sturm gesunken. Zwölf Menschen werden vermisst.",
    )
    scores, _ = evaluate(
        [
            pair(FERRY, AGAIN, id=1, same_event=True),
            pair(FERRY, CUP, id=2, same_event=False),
            pair(german, german, id=3, same_event=True, language="de"),
        ]
    )
    assert (scores["F1 de"], scores["F1 en"], scores["AUC en"]) == (1.0, 1.0, 1.0)


def test_an_article_that_cannot_be_read_is_no_part_of_an_event() -> None:
    """A pair without texts is told apart, not an error."""
    _, said = evaluate([pair(("", ""), ("", ""), id=1), pair(FERRY, ("", ""), id=2)])
    assert [(row["same_event"], row["score"]) for row in said] == [(False, 0.0)] * 2
