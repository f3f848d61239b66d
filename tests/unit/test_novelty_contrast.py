"""Statements in known words that say another number, or the opposite; ranges and capacities."""

import pytest

from streams.novelty.contrast import negated
from streams.novelty.figures import figures
from tests.unit.test_novelty import after, labels, made


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("The mayor of Brenholt, Mara Olsen, conceded defeat on Sunday night.",
         "The mayor of Brenholt, Mara Olsen, refused to concede defeat on Sunday night."),
        ("The mayor of Brenholt, Mara Olsen, refuses to concede defeat.",
         "The mayor of Brenholt, Mara Olsen, has conceded defeat."),
        ("The three climbers were found alive below the Orn glacier on Friday.",
         "The three climbers were found dead below the Orn glacier on Friday."),
        ("The trawler Alma has been found in the bay of Brenholt.",
         "The trawler Alma has not been found in the bay of Brenholt."),
        ("A landslide at Brenholt killed 50 people.",
         "A landslide at Brenholt killed three people."),
        ("Mara Olsen won the vote in Brenholt with 52.1 percent.",
         "Mara Olsen won the vote in Brenholt with 54.3 percent of the vote."),
        ("The 22 divers in the cave at Brenholt are well.",
         "From the cave at Brenholt 18 divers are well."),
        ("The vote in Brenholt was held on Sunday.",
         "Turnout in the vote in Brenholt on Sunday was 71 percent."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("source", ["wire", "another"])
def test_another_figure_or_the_opposite_is_not_known(earlier: str, later: str, source: str) -> None:
    found = after(made(later, source=source), made(earlier))
    assert labels(found) != ["KNOWN"]
    assert found.relation == "updates"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("The mayor of Brenholt refused to concede defeat.",
         "Brenholt's mayor has refused to concede defeat."),
        ("A landslide at Brenholt killed three people.",
         "A landslide at Brenholt has killed 3 people."),
        ("The bank keeps its rate at 4.25 to 4.5 percent.",
         "The bank keeps its rate between 4.25% and 4.5%."),
        ("At least 60 people were killed in Brenholt.",
         "At least 50 people were killed in Brenholt."),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_known(earlier: str, later: str) -> None:
    found = after(made(later, source="another"), made(earlier))
    assert labels(found) == ["KNOWN"]
    assert found.relation in ("confirms", "repeats")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("The council of Brenholt gave no clear reason for closing the harbour bridge to lorries.",
         "A clear reason for closing the bridge is unknown to most residents of Brenholt."),
        ("A climber fell to his death on the Orn glacier near Brenholt.",
         "One climber fell to his death on the Orn glacier near Brenholt."),
    ],
)  # fmt: skip
def test_what_only_seems_to_differ_is_known(earlier: str, later: str) -> None:
    """A negation speaks against its own sentence said otherwise; one is said without a number."""
    assert labels(after(made(later, source="another"), made(earlier))) == ["KNOWN"]


def test_a_first_toll_is_new_beside_a_sentence_on_other_things() -> None:
    earlier = made("The ferry Alma sank in the bay of Brenholt with 61 people on board.")
    later = "Divers in the bay of Brenholt recovered three bodies from the ferry Alma."
    assert labels(after(made(later, source="another"), earlier)) == ["NEW"]


def test_a_lower_toll_contradicts_whatever_the_headline_says() -> None:
    lower = made("Three people died in a landslide at Brenholt.", "Three die at Brenholt")
    found = after(lower, made("A landslide at Brenholt killed 50 people.", "Landslide kills 50"))
    assert labels(found)[-1] != "KNOWN"
    assert found.relation == "updates"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They refused to concede.", {"conced"}),
        ("The men are no longer trapped.", {"trap"}),
        ("It hasn’t been immediately confirmed; the firm failed to pay.", {"confirm", "pay"}),
        ("It struck not only Norvia.", set()),
        ("The cables failed in the storm.", set()),
        ("Rescuers reached the town.", set()),
    ],
)
def test_what_a_text_says_is_not_so(text: str, words: set[str]) -> None:
    assert negated(text) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bank left its rate at 4.25 to 4.5 percent.", [("rate", 4.5, "%")]),
        ("The rate stays between 4.25% and 4.5%.", [("rate", 4.5, "%")]),
        ("Between 1,000 and 2,000 people were evacuated.", [("evacuated", 2000, None)]),
        ("The rate rose from 4 to 5 percent.", [("rate", 5, "%")]),
        ("The blast killed 12 and injured 40.", [("dead", 12, None), ("injured", 40, None)]),
        ("The ferry was licensed for only 40 passengers.", []),
        ("The boat can carry up to 40 passengers.", []),
        ("The ferry had 60 people on board.", [("aboard", 60, None)]),
        ("Nine in ten trains were cancelled and one in five homes was dark.", []),
    ],
)
def test_ranges_ratios_and_capacities(
    text: str, expected: list[tuple[str, float, str | None]]
) -> None:
    found = [(row["slot"], row["value"], row.get("unit")) for row in figures(text)]
    assert found == expected
