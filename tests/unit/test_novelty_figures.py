"""Figures: the slot and value of numbers, and which earlier figure a new one replaces."""

import pytest

from streams.novelty.amounts import number
from streams.novelty.assess import extract_sentences
from streams.novelty.evaluate import as_sentences, evaluate_figures, evaluate_novelty
from streams.novelty.figures import figures as read
from streams.novelty.memory import EventMemory
from streams.novelty.revisions import changes
from streams.text.sentences import spans


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("1,234", "en", 1234), ("1.234", "de", 1234), ("6.4", "en", 6.4), ("6,4", "de", 6.4),
     ("1,234,567", "de", 1234567), ("12 500", "fr", 12500), ("40", "en", 40)],
)  # fmt: skip
def test_digits_are_read_by_the_shape_of_their_separators(
    text: str, language: str, value: float
) -> None:
    assert number(text, language) == value


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The blast killed twenty-one people.", "en", [("dead", 21)]),
        ("A dozen climbers are missing.", "en", [("missing", 12)]),
        ("The toll rose to 1,407.", "en", [("dead", 1407)]),
        ("Nine people died and 30 were wounded.", "en", [("dead", 9), ("injured", 30)]),
        ("The damage is put at $1.8 billion.", "en", [("damage", 1.8e9)]),
        ("Turnout was 61.5 percent.", "en", [("turnout", 61.5)]),
        ("Bei dem Brand starben 14 Menschen.", "de", [("dead", 14)]),
        ("Es gibt 1.105 Verletzte.", "de", [("injured", 1105)]),
        ("Hay 87 muertos y 1.105 heridos.", "es", [("dead", 87), ("injured", 1105)]),
        ("The fire of 1987 broke out on 14 March.", "en", []),
        ("The dead man was 45 years old.", "en", []),
        ("Ada Norr, 32, died on Monday.", "en", []),
        ("A baker, Kai Norr, 41, and his sister Ada Norr, 38, were found dead.", "en", []),
        ("Kai Norr (41) starb am Montag.", "de", []),
        ("On Monday, 12, all of them miners, were killed.", "en", [("dead", 12)]),
        ("In Brenholt, 12, most of them children, were killed.", "en", [("dead", 12)]),
        ("At least 12, among them two children, died.", "en", [("dead", 12)]),
        ("Eight died when a bus fell 60m into a ravine.", "en", [("dead", 8)]),
        ("Flooding has displaced 2m people.", "en", [("displaced", 2e6)]),
        ("Sales rose to 60m from 50m.", "en", [("revenue", 60e6)]),
        ("Sales reached 60m from abroad.", "en", [("revenue", 60e6)]),
        ("The toll could reach 500.", "en", []),
        ("The war, which killed 300 two years ago, goes on.", "en", []),
    ],
)
def test_a_number_counts_for_its_nearest_cue(
    text: str, language: str, expected: list[tuple[str, float]]
) -> None:
    found = [(f["slot"], f["value"]) for f in read(text, language) if "open" not in f]
    assert found == expected


def test_a_sum_in_brackets_has_its_own_currency() -> None:
    """What stands before the bracket is the currency of the sum that it converts."""
    found = read("Gems worth 85 million euros (74 million pounds) were stolen.", "en")
    assert [(row["value"], row["unit"]) for row in found] == [(85e6, "EUR"), (74e6, "GBP")]


def test_the_bound_and_the_unit_are_kept() -> None:
    (figure,) = read("The damage is put at nearly $40 million.", "en")
    assert (figure["bound"], figure["unit"]) == ("about", "USD")
    (figure,) = read("At least 40 people were killed.", "en")
    assert figure["bound"] == "at least"


def held(text: str) -> dict[str, object]:
    parts = [text[start:end] for start, end in spans(text)]
    return extract_sentences(as_sentences(parts), (), "en")


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("A blast in Varn killed 20.", "The toll of the blast in Varn rose to 23.", [(20, 23)]),
        ("A blast in Varn killed 20.", "The blast in Varn injured 20.", []),
        ("A blast in Varn killed 20.", "Twenty people died in the blast in Varn.", []),
        ("A blast in Varn killed 20.", "A blast in Pell killed 23.", []),
        ("A blast in Varn killed 20.", "The blast in Varn killed 18.", []),
        ("A blast in Varn killed 20.", "The toll in Varn was corrected to 18 dead.", [(20, 18)]),
        ("A blast in Varn killed 20.", "The blast killed 23, 5 of them children.", [(20, 23)]),
        ("Typhoon Anna killed 20.", "Typhoon Berta killed 31.", []),
    ],
)
def test_a_later_figure_replaces_one_of_the_same_slot_and_incident(
    earlier: str, later: str, expected: list[tuple[float, float]]
) -> None:
    memory = EventMemory()
    memory.add("old", held(earlier))
    found = [change for _, change in changes("new", held(later), memory)]
    assert [(each.old, each.new) for each in found if each.old is not None] == expected


def test_rows_without_gold_get_predictions_and_no_score() -> None:
    row = {
        "id": "a",
        "earlier": {"id": "1", "t": None, "text": "The fire killed 3 people."},
        "later": {"id": "2", "t": None, "text": "The fire killed 5 people."},
    }
    scores, (prediction,) = evaluate_figures([row])
    assert scores == {}
    assert prediction["revisions"] == [{"slot": "dead", "old": 3.0, "new": 5.0}]
    gold = [{"slot": "dead", "old": 3, "new": 5}]
    assert evaluate_figures([row | {"revisions": gold}])[0]["f1_all"] == 1.0


def test_novelty_rows_are_scored_label_blind() -> None:
    first = [{"i": 0, "text": "A ferry sank off Varn.", "label": "NEW"}]
    second = [
        {"i": 0, "text": "A ferry sank off Varn.", "label": "OLD"},
        {"i": 1, "text": "Police arrested the drunken captain in a hotel.", "label": "NEW"},
    ]
    rows = [
        {"id": "a", "event_id": "e", "order": 0, "sentences": first},
        {"id": "b", "event_id": "e", "order": 1, "sentences": second},
    ]
    scores, predictions = evaluate_novelty(rows, lambda stem: 5.0)
    assert scores["auc"] == 1.0
    assert [each["label"] for each in predictions[1]["sentences"]] == ["OLD", "NEW"]


def test_a_row_may_hold_an_empty_sentence() -> None:
    """It takes a place of its own, and states nothing."""
    texts = ("", "It sank off Varn.")
    row = {
        "id": "a",
        "event_id": "e",
        "sentences": [{"i": n, "text": t} for n, t in enumerate(texts)],
    }
    _, (found,) = evaluate_novelty([row], lambda stem: 5.0)
    assert [each["label"] for each in found["sentences"]] == ["OLD", "NEW"]


def test_two_numbers_side_by_side_are_two() -> None:
    """A space groups digits only where nothing else does; the article was refused for it."""
    found = read("The bridge cost 2,000,000 100 years after the first one; 1 200 people came.")
    assert {row["value"] for row in found} >= {2_000_000.0, 1_200.0}
