"""Two sources at odds over a figure, and sources that correct themselves: kinds of dispute."""

import pytest

from streams.novelty.assess import Assessment, assess, extract_sentences
from streams.novelty.evaluate import as_sentences
from streams.novelty.memory import EventMemory
from streams.text.sentences import spans

Json = dict[str, object]

PUBLISHED = 1_930_000_000


def extract(text: str, language: str = "en", publisher: str = "wire", minute: int = 0) -> Json:
    parts = [text[start:end] for start, end in spans(text, language)]
    found = extract_sentences(as_sentences(parts, language), (), language)
    return {"publisher": publisher, "published": PUBLISHED + 60 * minute, **found}


def last_of(*articles: Json) -> Assessment:
    memory = EventMemory()
    for number, each in enumerate(articles):
        found = assess(str(number), each, memory, lambda stem: 5.0)
        memory.add(str(number), each)
    return found


def sides(article: Json) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (each.kind, each.claimants, each.denied_by) for each in last_of(article).novelty.disputes
    ]


ODDS = [
    ("en", "Organisers claimed 40,000 people took part, police put it at 12,000.",
     "organisers", "police", (40000, 12000)),
    ("en", "Police said 12 people died in the blast. The hospital put the toll at 19.",
     "police", "hospital", (12, 19)),
    ("en", "Rebels said 50 soldiers were killed, while the army admitted only nine dead.",
     "rebels", "army", (50, 9)),
    ("en", "The union said 3,000 workers were on strike; the company counted 900.",
     "union", "company", (3000, 900)),
    ("en", "According to the governor, 30 people were injured, but doctors spoke of 85.",
     "governor", "doctors", (30, 85)),
    ("en", "The mayor said 300 people had lost their homes, but residents said the number was "
     "closer to 900.", "mayor", "residents", (300, 900)),
    ("en", "The government estimated the damage at 30 million crowns; insurers put the losses at "
     "90 million crowns.", "government", "insurers", (30e6, 90e6)),
    ("en", "Norvia says 14 people were killed. Sarvania says the figure is 30.",
     "norvia", "sarvania", (14, 30)),
    ("de", "Die Veranstalter sprachen von 40.000 Demonstranten, die Polizei zählte 12.000.",
     "veranstalter", "polizei", (40000, 12000)),
    ("es", "Según la policía hay 12 muertos, pero el hospital habla de 19 muertos.",
     "policía", "hospital", (12, 19)),
    ("fr", "La police parle de 12 morts, mais l'hôpital parle de 19 morts.",
     "police", "hôpital", (12, 19)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "one", "other", "values"), ODDS)
def test_two_parties_that_give_one_figure_differently_are_at_odds(
    language: str, text: str, one: str, other: str, values: tuple[float, float]
) -> None:
    """Both values stand in one slot, and neither replaces the other."""
    found = last_of(extract(text, language)).novelty
    assert [(each.kind, each.claimants, each.denied_by) for each in found.disputes] == [
        ("odds", (f"local:name:{one}",), (f"local:name:{other}",))
    ]
    assert {(each.old, each.new) for each in found.figures} == {(None, each) for each in values}
    assert len({each.slot for each in found.figures}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Police said 12 people died. The hospital later said 19 people had died.",
        "Police said at least 12 people died. Officials said 14 people died.",
        "Police said 12 people died. The hospital said 19 people were injured.",
        "Police first said 12 people died. The ministry said the toll had risen to 19.",
        "Police said 12 people died in Halden. The ministry said seven people died in Varn.",
        "The ministry said 12 soldiers died; the army said it lost three of its soldiers.",
        "Police said 12 people died and 30 were injured.",
        "Police said 120 people were injured. The hospital said it was treating 14 injured people.",
        "Police said 12 people died, and police said 19 were arrested.",
        "Kell said its profit was 5 million crowns, while Tollmark said its profit was 8 million.",
        "The bank said it would cut 300 jobs. The union said 40 workers had already left.",
        "Police said 21 people were killed, up from 19 the ministry reported on Monday.",
        "The union wants 6 percent, while the company offers 3 percent.",
    ],
)
def test_later_counts_other_things_and_parts_are_no_dispute(text: str) -> None:
    assert sides(extract(text)) == []


BLAST = "A bomb in Halden killed 19 people, police said."


@pytest.mark.parametrize(
    ("later", "publisher", "minute", "disputed"),
    [
        ("A bomb in Halden killed 12 people, the hospital said.", "post", 30, True),
        ("A bomb in Halden killed 12 people, the hospital said.", "post", 400, False),
        ("A bomb in Halden killed 12 people, the hospital said.", "wire", 30, False),
        ("A bomb in Halden killed 12 people, police said.", "post", 30, False),
        ("A bomb in Halden killed 12 people.", "post", 30, False),
        ("A bomb in Halden killed at least 12 people, the hospital said.", "post", 30, False),
    ],
)
def test_a_lower_count_of_another_publisher_and_party_in_the_same_hours_is_at_odds(
    later: str, publisher: str, minute: int, disputed: bool
) -> None:
    """A late copy of an older count is the ordinary case: it names no other party."""
    found = last_of(extract(BLAST), extract(later, publisher=publisher, minute=minute))
    assert [each.kind for each in found.novelty.disputes] == ["odds"] * disputed


def test_a_higher_toll_of_another_publisher_is_a_revision() -> None:
    later = extract("A bomb in Halden killed 25 people, the hospital said.", "en", "post", 30)
    found = last_of(extract(BLAST), later).novelty
    assert [(each.old, each.new) for each in found.figures] == [(19, 25)]
    assert found.disputes == ()


def test_a_toll_after_odds_replaces_the_higher_value() -> None:
    odds = extract(
        "Police said a bomb in Halden killed 19 people. The hospital put the toll at 26.",
        publisher="post",
    )
    later = extract("The toll of the bomb in Halden rose to 28.", minute=60)
    found = last_of(extract(BLAST), odds, later).novelty
    assert [(each.old, each.new) for each in found.figures] == [(26, 28)]


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("en", "The Halden Post corrected an earlier report that the mayor had resigned.",
         "halden-post"),
        ("en", "The ministry withdrew its claim that rebels had fired first.", "ministry"),
        ("en", "The newspaper has retracted its report that Olsen took bribes.", "newspaper"),
        ("en", "Olsen apologised for her earlier accusation against the bank.", "olsen"),
        ("en", "An earlier version of this story said the mayor had denied the charge.", None),
        ("en", "Correction: the report on Olsen, who denied the claim, named a wrong town.", None),
        ("en", "This article has been corrected to say that Olsen denied the claim.", None),
        ("de", "Die Agentur korrigierte ihren früheren Bericht über 40 Tote.", "agentur"),
        ("de", "Das Ministerium zog seine Behauptung zurück.", "ministerium"),
        ("es", "La agencia rectificó su informe anterior.", "agencia"),
        ("fr", "Une version précédente de cet article donnait 40 morts.", None),
    ],
)  # fmt: skip
def test_a_source_that_takes_back_what_it_said_is_no_party_to_a_dispute(
    language: str, text: str, who: str | None
) -> None:
    """It stands on both sides; without a name it is the publisher who takes it back."""
    found = last_of(extract(text, language, "wire")).novelty
    own = (f"local:name:{who or 'wire'}",)
    assert [(each.kind, each.claimants, each.denied_by) for each in found.disputes] == [
        ("correction", own, own)
    ]
    assert "DISPUTES" not in [each.label for each in found.sentences]


@pytest.mark.parametrize(
    "text",
    [
        "The ministry corrected the Herald's report.",
        "The army withdrew its troops.",
        "The court withdrew the charges against Olsen.",
        "An earlier version of the bill was rejected.",
        "The party took back its seat in Halden.",
        "The senator rejected an earlier report by the committee.",
        "The toll was corrected to 18 dead.",
    ],
)
def test_what_another_said_or_what_is_no_statement_is_no_correction(text: str) -> None:
    assert "correction" not in [kind for kind, *_ in sides(extract(text))]


def test_a_correction_of_a_known_report_revises_it() -> None:
    first = extract("The mayor of Halden has resigned, the Halden Post reported.")
    later = extract("The Halden Post retracted its report that the mayor had resigned.")
    found = last_of(first, later)
    assert [each.label for each in found.novelty.sentences] == ["REVISES"]
    assert found.relation == "updates"


def test_a_denial_keeps_its_kind() -> None:
    assert sides(extract("Norvia accused Sarvania of theft. Sarvania denied the accusation.")) == [
        ("denial", (), ("local:name:sarvania",))
    ]
