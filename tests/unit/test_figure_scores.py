"""Scores of games and counts of votes: two figures, and what only looks like one."""

import pytest

from streams.novelty.evaluate import evaluate_figures
from streams.novelty.figures import figures
from streams.novelty.scores import MAX_SCORES

GAMES = [
    ("en", "Orle Rovers beat Tarn 3-0 on Sunday.", ("Orle Rovers", 3), ("Tarn", 0)),
    ("en", "Tarn were beaten 4–1 by Orle in Drovik.", ("Tarn", 1), ("Orle", 4)),
    ("en", "Tarn lost 0-2 to Orle.", ("Tarn", 0), ("Orle", 2)),
    ("en", "Orle and Tarn drew 1-1.", ("Orle", 1), ("Tarn", 1)),
    ("en", "Orle 2-1 Tarn", ("Orle", 2), ("Tarn", 1)),
    ("en", "Orle beat Tarn 21 to 14.", ("Orle", 21), ("Tarn", 14)),
    ("en", "A late header gave Orle a 2-1 victory over Tarn.", ("Orle", 2), ("Tarn", 1)),
    ("en", "A 3-0 win for Orle over Tarn ended the season.", ("Orle", 3), ("Tarn", 0)),
    ("en", "Tarn suffered a 5-0 defeat by Orle.", ("Tarn", 0), ("Orle", 5)),
    ("en", "Orle lead Tarn 1-0 at half-time.", ("Orle", 1), ("Tarn", 0)),
    ("de", "Halvik gewann gegen Grauburg 3:0.", ("Halvik", 3), ("Grauburg", 0)),
    ("de", "Der FC Halvik hat den SV Grauburg mit 4:0 geschlagen.",
     ("FC Halvik", 4), ("SV Grauburg", 0)),
    ("es", "Valdara perdió 1-2 ante Loreda.", ("Valdara", 1), ("Loreda", 2)),
    ("fr", "Lorcy s'est incliné 2 à 0 contre Valmont.", ("Lorcy", 0), ("Valmont", 2)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "one", "two"), GAMES)
def test_a_score_is_a_figure_of_each_side(
    language: str, text: str, one: tuple[str, float], two: tuple[str, float]
) -> None:
    """A slot that names the side and the other keeps two games of one event apart."""
    expected = {
        f"score of {own[0]} against {other[0]}": own[1] for own, other in ((one, two), (two, one))
    }
    assert {row["slot"]: row["value"] for row in figures(text, language)} == expected


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("In a 3-1 win over Halden, Olsen scored twice.", {"score against Halden": 3.0,
         "score of Halden": 1.0}),
        ("Orle won 3-2 on aggregate.", {"aggregate score of Orle": 3.0,
         "aggregate score against Orle": 2.0}),
        ("Halden beat Varn 4-3 on penalties.", {"shoot-out score of Halden against Varn": 4.0,
         "shoot-out score of Varn against Halden": 3.0}),
        ("Kell was hurt in a 27-24 loss to Tarn.", {"score against Tarn": 24.0,
         "score of Tarn": 27.0}),
        ("Kell did not play in Orle's 31-24 win over Tarn.",
         {"score of Orle against Tarn": 31.0, "score of Tarn against Orle": 24.0}),
        ("They won 3-0.", {}),
    ],
)  # fmt: skip
def test_a_side_that_is_not_named_and_other_kinds_of_score(
    text: str, slots: dict[str, float]
) -> None:
    assert {row["slot"]: row["value"] for row in figures(text)} == slots


VOTES = [
    ("en", "The Senate voted 52-48 to confirm Olsen.", (52, 48, None)),
    ("en", "The bill passed 218 to 209 in the House.", (218, 209, None)),
    ("en", "Parliament rejected the motion by 310 votes to 290.", (290, 310, None)),
    ("en", "The council approved the budget 9-6, with two abstentions.", (9, 6, 2)),
    ("en", "The court ruled 6-3 that the law stands.", (6, 3, None)),
    ("en", "The motion passed with 52 votes in favour and 48 against.", (52, 48, None)),
    ("en", "The city council voted 7-2 against the stadium.", (2, 7, None)),
    ("en", "Workers voted 1,812 to 305 to accept the deal.", (1812, 305, None)),
    ("de", "Der Stadtrat stimmte mit 9 zu 6 für den Plan.", (9, 6, None)),
    ("de", "Der Landtag lehnte den Antrag mit 120 zu 180 Stimmen ab.", (120, 180, None)),
    ("es", "El Senado aprobó la ley por 52 votos contra 48.", (52, 48, None)),
    ("es", "El Congreso aprobó la ley por 180 votos a favor, 150 en contra y 10 abstenciones.",
     (180, 150, 10)),
    ("fr", "Le Sénat a rejeté le texte par 200 voix contre 140.", (140, 200, None)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), VOTES)
def test_a_vote_has_those_for_those_against_and_abstentions(
    language: str, text: str, expected: tuple[float, float, float | None]
) -> None:
    """The larger number is for what passed and against what was rejected."""
    found = {row["slot"]: row["value"] for row in figures(text, language)}
    slots = ("votes for", "votes against", "abstentions")
    assert tuple(found.pop(slot, None) for slot in slots) == expected
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "The strike lasted 3-4 days and Orle won.",
        "He won the 2030-31 title.",
        "Call 555-0199 if you won.",
        "Voters aged 18-24 backed the bill.",
        "Voters aged 18 to 24 backed the bill.",
        "Orle won 3-4 cups a year.",
        "The train leaves at 7-8 pm after Orle won.",
        "The party lost 3-4 seats.",
        "The bill of 1-3 March passed the house.",
        "The team won in a 4-4-2 formation.",
        "Brandt lost 4-6, 6-3, 2-6 to Olsen.",
        "The odds were 5-1 when Orle won.",
        "Orle improved to 10-2 with the win.",
        "The victory took Brandt's record to 52-3.",
        "Orle, now 24-23, lost at home.",
    ],
)
def test_dates_ranges_ages_seasons_phones_and_sets_are_no_scores(text: str) -> None:
    assert [row for row in figures(text) if "score" in row or "votes" in row["slot"]] == []


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("Orle lead Tarn 1-0 at half-time.", "Orle Rovers beat Tarn 3-0.", {(1, 3)}),
        ("Orle beat Tarn 3-0.", "Orle Rovers won 3-0 against Tarn.", set()),
        ("Orle beat Tarn 3-0 on Saturday.", "Orle beat Tarn 4-1 on Sunday.", set()),
        ("Orle lead Tarn 1-0.", "Orle beat Varn 3-2.", set()),
        ("The Senate passed the bill 52-48.", "The House passed the bill 218-209.", set()),
        ("The Senate passed the bill 52-48.",
         "The Senate's vote on the bill was corrected to 53-47.", {(52, 53), (48, 47)}),
    ],
)  # fmt: skip
def test_only_a_running_score_is_revised(
    earlier: str, later: str, expected: set[tuple[float, float]]
) -> None:
    """A game that ended and a vote that was counted stand; other numbers are of another one."""
    row = {"id": "a", "language": "en", "earlier": {"text": earlier}, "later": {"text": later}}
    _, (found,) = evaluate_figures([row])
    assert {(each["old"], each["new"]) for each in found["revisions"]} == expected


def test_a_line_of_scores_leaves_a_few() -> None:
    """A table of results on one line is bounded in figures and in time."""
    assert len(figures("Orle beat Tarn 2-1 " * 80)) == 2 * MAX_SCORES
