"""What a number counts: units, things beside people, aftershocks, and words that need another."""

import pytest

from streams.novelty.evaluate import as_sentences
from streams.novelty.figures import figures
from streams.novelty.revisions import article_figures
from tests.unit.test_novelty import after, made

Slots = list[tuple[str, float]]

READ: list[tuple[str, str, Slots]] = [
    ("en", "Two aftershocks, the stronger of magnitude 4.6, followed the quake.",
     [("aftershock magnitude", 4.6)]),
    ("en", "A 7.1-magnitude earthquake was followed by a 5.2-magnitude aftershock.",
     [("magnitude", 7.1), ("aftershock magnitude", 5.2)]),
    ("en", "A foreshock of magnitude 4.1 came before the magnitude 6.3 quake.",
     [("aftershock magnitude", 4.1), ("magnitude", 6.3)]),
    ("de", "Dem Beben der Stärke 6,1 folgte ein Nachbeben der Stärke 4,6.",
     [("magnitude", 6.1), ("aftershock magnitude", 4.6)]),
    ("fr", "Une réplique de magnitude 4,5 a suivi le séisme de magnitude 6,0.",
     [("aftershock magnitude", 4.5), ("magnitude", 6.0)]),
    ("en", "Anglers found six tonnes of dead trout.", []),
    ("en", "The union accused the line of having let five lorries too many aboard.", []),
    ("en", "Army engineers opened one lane of the road to the hospital.", []),
    ("en", "Sixty rescuers with a field hospital arrived.", []),
    ("en", "Thirty-two passengers were taken to hospital.", [("hospitalised", 32)]),
    ("en", "The board rejected the 2.1 billion crown approach.", []),
    ("en", "The ferry had 61 people on board.", [("aboard", 61)]),
    ("en", "Two funds with 12% between them asked the board to talk.", []),
    ("en", "The maker has 480 employees and made a profit of 52 million crowns.",
     [("profit", 52e6)]),
    ("en", "The bid of 38 crowns a share is 26% above the closing price.", [("price", 38)]),
    ("en", "Organisers claimed 40,000 people took part.", []),
    ("en", "The heatwave has claimed 131 lives.", [("dead", 131)]),
    ("en", "A roofer was arrested with two brothers.", []),
    ("en", "Two of the injured died, after earlier counts of at least 21.", []),
    ("en", "Eleven people, among them two children, were killed.", [("dead", 11)]),
    ("en", "The clinic treated 40 patients; two died.", [("dead", 2)]),
    ("en", "Police fired 40 rounds and arrested three men.", [("arrested", 3)]),
    ("en", "Three of the twelve hostages were freed.", [("freed", 3)]),
    ("en", "The court sentenced 12 people to death.", []),
    ("en", "The 61-year-old was arrested.", []),
    ("en", "Police put the crowd at 12,000.", [("crowd", 12000)]),
    ("en", "The match was watched by 38,200 spectators.", [("crowd", 38200)]),
    ("en", "The band released 3 albums.", []),
    ("es", "La inflación subió al 4,2 por ciento.", [("rate", 4.2)]),
    ("es", "La policía detuvo a 23 personas.", [("arrested", 23)]),
    ("fr", "L'inflation a atteint 3,1 % en mai.", [("rate", 3.1)]),
    ("fr", "La police a arrêté 23 personnes.", [("arrested", 23)]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), READ)
def test_a_number_is_of_its_slot_or_of_none(language: str, text: str, expected: Slots) -> None:
    found = figures(text, language)
    assert [(row["slot"], row["value"]) for row in found if "open" not in row] == expected


@pytest.mark.parametrize(
    ("language", "text", "slot"),
    [
        ("en", "They agreed on a pay rise of 6.2 percent over 20 months.", "pay"),
        ("en", "Shares in Tollmark rose 8%.", "shares"),
        ("en", "The deficit reached 4.1 percent of output.", "deficit"),
        ("en", "A survey found that 61 percent of voters back the plan.", "voters"),
        ("en", "About 250,000 people have fled.", "people"),
        ("de", "Die Liberale Allianz von Kanzler Vossler kommt auf 28,4 Prozent.",
         "liberale allianz"),
        ("es", "La empresa ganó 12 millones de euros.", "empresa"),
    ],
)  # fmt: skip
def test_a_sum_or_share_is_named_by_what_it_is_of(language: str, text: str, slot: str) -> None:
    assert [row["slot"] for row in figures(text, language)] == [slot]


def test_gone_up_to_is_no_bound_and_what_is_said_behind_a_comma_no_group() -> None:
    (figure,) = figures("The number of injured has gone up to 7.")
    assert "bound" not in figure
    (figure,) = figures("A bomb killed 19 people, police said.")
    assert "group" not in figure


def test_a_shared_unit() -> None:
    """Both numbers of "52 to 48 percent" are shares."""
    assert [row["unit"] for row in figures("Olsen led by 52 to 48 percent.")] == ["%", "%"]


def test_a_sum_in_the_headline_has_the_currency_of_the_text() -> None:
    """Else one sum stands in the event twice, with and without its currency."""
    texts = ("Damage put at 300 million", "The state put the damage at 300 million florins.")
    rows, _ = article_figures(as_sentences(texts), "en")
    assert [row["unit"] for row in rows] == ["florin", "florin"]


def test_the_magnitude_of_an_aftershock_replaces_none() -> None:
    found = after(
        made("An aftershock of magnitude 4.6 shook Torvel on Tuesday."),
        made("An earthquake of magnitude 6.1 struck Torvel on Monday."),
    )
    assert [(each.slot, each.old, each.new) for each in found.novelty.figures] == [
        ("aftershock magnitude", None, 4.6)
    ]


def test_a_figure_that_a_correction_takes_back_is_not_stated() -> None:
    found = after(
        made("Correction: we gave the fine on Dray as 70,000 crowns. It is 7,000 crowns."),
        made("The court fined Dray 70,000 crowns."),
    )
    assert [(each.slot, each.old, each.new) for each in found.novelty.figures] == [
        ("fine", 70000, 7000)
    ]
