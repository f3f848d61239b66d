"""What the tagger finds in an article, rule by rule."""

from datetime import UTC, datetime

import pytest

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import Mention
from streams.tagger import default_tagger


def article(
    body: str,
    *,
    title: str = "",
    language: str = "en",
    published: datetime | None = None,
    key_points: tuple[str, ...] = (),
) -> Article:
    return Article(
        item_id="item",
        source=Source(name="test"),
        language=language,
        published_at=published,
        title=title,
        body=body,
        key_points=key_points,
        provenance=Provenance(
            origin="-",
            format="text",
            raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
            sha256="",
        ),
    )


def mentions(body: str, **more: object) -> tuple[Mention, ...]:
    return default_tagger().tag(article(body, **more))  # type: ignore[arg-type]


def found(body: str, **more: object) -> list[tuple[str, str]]:
    return [(m.surface, m.type) for m in mentions(body, **more)]


def linked(body: str, **more: object) -> dict[str, str | None]:
    return {m.surface: m.entity_id for m in mentions(body, **more)}


@pytest.mark.parametrize(
    ("body", "surface", "kind"),
    [
        ("Reporters met President Anna Velmar at noon.", "Anna Velmar", "PERSON"),
        ("Deputy Prime Minister Orsk Tarrel resigned.", "Orsk Tarrel", "PERSON"),
        ("It was seen by spokeswoman Ira Mott on the way.", "Ira Mott", "PERSON"),
        ("They asked Dren Hollk, the mayor. Mr Hollk said no.", "Dren Hollk", "PERSON"),
        ("Yesterday Orsk Tarrel said it was late.", "Orsk Tarrel", "PERSON"),
        ("The prize went to Lukas Brannvik, 45, a miner.", "Lukas Brannvik", "PERSON"),
        ("The Ministry of Health and Care closed early.", "Ministry of Health and Care", "ORG"),
        ("She studied at Ostra University for a year.", "Ostra University", "ORG"),
        ("Profits at Velmar Industries plc fell.", "Velmar Industries plc", "ORG"),
        ("A report by the QRTX was read out.", "QRTX", "ORG"),
        ("They live in the city of Ostra now.", "Ostra", "GPE"),
        ("Rain fell near Torvel all night.", "Torvel", "GPE"),
        ("TORVEL, March 3 (Agency) - Rain fell all night.", "TORVEL", "GPE"),
        ("Boats crossed Lake Ostra at dawn.", "Lake Ostra", "LOC"),
        ("The Marn River rose by a metre.", "Marn River", "LOC"),
        ("Lorries queued on the Velmar Bridge at noon.", "Velmar Bridge", "FAC"),
        ("Roofs flew when Hurricane Milda came.", "Hurricane Milda", "EVENT"),
        ("Both spoke at the Torvel Peace Summit later.", "Torvel Peace Summit", "EVENT"),
        ("It rained in Torvel. A Torvelian farmer laughed.", "Torvelian", "NORP"),
        ("They met on June 19, 2024 and left.", "June 19, 2024", "DATE"),
        ("They met on 19 June and left.", "19 June", "DATE"),
        ("The talks end on Monday or later.", "Monday", "DATE"),
        ("It cost $5 million to build.", "$5 million", "MONEY"),
        ("It cost €3bn to build.", "€3bn", "MONEY"),
        ("It cost 200 million euros to build.", "200 million euros", "MONEY"),
    ],
)
def test_unknown_names_are_told_by_their_words_and_neighbours(
    body: str, surface: str, kind: str
) -> None:
    assert (surface, kind) in found(body)


@pytest.mark.parametrize(
    "body",
    [
        "Unemployment rose again. Experts were surprised.",
        "It told us who knows what, and who did not.",
        "He may march in the cold.",
        "Yesterday it rained. However, nobody left.",
        "There were 2000 people in the hall.",
    ],
)
def test_a_capital_at_the_start_of_a_sentence_makes_no_name(body: str) -> None:
    assert found(body) == []


def test_case_tells_a_country_and_an_organisation_from_words() -> None:
    assert linked("WHO doctors told US troops what it told us, and who knew.") == {
        "WHO": "Q7817",
        "US": "Q30",
    }


def test_a_shouted_headline_links_names_but_not_words() -> None:
    """Capitals say nothing there: US is a word unless it is written so in the text."""
    title = "PUTIN TELLS US TO WAIT, WHO KNOWS"
    seen = mentions("Vladimir Putin waited in Moscow for a day.", title=title)
    assert [m.surface for m in seen if m.field == "title"] == ["PUTIN"]
    assert {m.entity_id for m in seen if m.field == "title"} == {"Q7747"}


def test_a_headline_in_title_case_shows_only_what_the_text_knows() -> None:
    body = "President Anna Velmar signed a pact with Russia in Torvel on a cold day."
    title = "Anna Velmar Signs Defence Pact With Russia"
    seen = [m.surface for m in mentions(body, title=title) if m.field == "title"]
    assert seen == ["Anna Velmar", "Russia"]


def test_a_possessive_is_no_part_of_a_mention() -> None:
    body = "Russia's envoy met Russia’s minister and the Netherlands’ king."
    assert [m.surface for m in mentions(body)] == ["Russia", "Russia", "Netherlands"]


def test_a_name_may_begin_with_an_ordinary_word() -> None:
    seen = mentions("Vietnamese President To Lam spoke.")
    assert [m.surface for m in seen] == ["Vietnamese", "To Lam"]


def test_a_surname_links_only_beside_the_full_name() -> None:
    assert linked("Critics say Putin smiled.").get("Putin") is None
    assert linked("Putin smiled. Vladimir Putin had won.")["Putin"] == "Q7747"


def test_unknown_people_keep_one_id_from_article_to_article() -> None:
    first = linked("President Anna Velmar left. Velmar had lost.")
    second = linked("Crowds cheered as Anna Velmar said goodbye.")
    assert first["Velmar"] == first["Anna Velmar"] == second["Anna Velmar"]
    assert first["Velmar"] == "local:person:anna-velmar"


def test_a_surname_means_the_last_one_named_in_full() -> None:
    body = "Minister Jan Kolb spoke. Kolb left. Minister Mira Kolb stayed. Kolb smiled."
    ids = [m.entity_id for m in mentions(body) if m.surface == "Kolb"]
    assert ids == ["local:person:jan-kolb", "local:person:mira-kolb"]


def test_a_place_keeps_its_id_whatever_tells_it() -> None:
    city = linked("They live in the city of Ostra now.")["Ostra"]
    district = linked("Floods hit the region of Ostra, in the north of Russia.")["Ostra"]
    assert city == district == "local:place:ostra"


def test_an_acronym_in_brackets_stands_for_the_full_name() -> None:
    body = "The Torvel Defence Board (TDB) met. Nobody at the TDB answered."
    assert set(linked(body).values()) == {"local:org:torvel-defence-board"}
    assert linked("The North Atlantic Treaty Organization (NATO) met.")["NATO"] == "Q7184"


@pytest.mark.parametrize(
    ("body", "actors"),
    [
        ("Nobody saw the draft that both Kyiv and Hanoi reject.", {"Kyiv", "Hanoi"}),
        ("Moscow’s decision came late.", {"Moscow"}),
        ("Relations between Hanoi and Beijing are cold.", {"Hanoi", "Beijing"}),
        ("Kyiv has repeatedly warned of it.", {"Kyiv"}),
        ("She arrived in Hanoi after a visit to Pyongyang.", set()),
        ("Talks in Moscow and Pyongyang were held.", set()),
    ],
)
def test_a_capital_that_acts_stands_for_its_country(body: str, actors: set[str]) -> None:
    seen = mentions(body)
    assert {m.surface for m in seen if m.metonym_of} == actors
    assert all(m.entity_id and m.entity_id != m.metonym_of for m in seen if m.type == "GPE")


@pytest.mark.parametrize(
    "body",
    ["The former Russian president flew home.", "The then Russian president flew home."],
)
def test_a_former_holder_is_not_the_present_one(body: str) -> None:
    assert "president" not in linked(body, published=datetime(2024, 6, 19, tzinfo=UTC))


@pytest.mark.parametrize("body", ["He met the Mexican president", "6 7 (DU) 8 9 (DU), 3 4 (Du)."])
def test_a_title_at_the_end_and_brackets_behind_numbers_do_no_harm(body: str) -> None:
    linked(body, published=datetime(2016, 6, 19, tzinfo=UTC))


def test_an_office_links_to_its_holder_of_the_day_or_not_at_all() -> None:
    body = "The Russian president flew home."
    day = datetime(2024, 6, 19, tzinfo=UTC)
    assert linked(body, published=day)["president"] == "Q7747"
    assert linked(body) == {"Russian": "norp:RU"}
    assert linked(f"{body} Vladimir Putin waved.")["president"] == "Q7747"


def test_a_place_name_may_be_a_person() -> None:
    assert ("Georgia Velmar", "PERSON") in found("Actress Georgia Velmar smiled.")
    seen = mentions("Singer Michael Jordan Tarrel left. He was in Jordan for a week.")
    assert [m.entity_id for m in seen if m.surface == "Jordan"] == ["Q810"]


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("de", "Wladimir Putin war in Moskau. Putin sah das Haus.", {"Q7747", "Q649"}),
        ("es", "Vladímir Putin visitó Corea del Norte.", {"Q7747", "Q423"}),
        ("fr", "Emmanuel Macron a visité l’Allemagne.", {"Q3052772", "Q183"}),
        ("ru", "Владимир Путин посетил Ханой. Путина ждали.", {"Q7747", "Q1858"}),
    ],
)
def test_table_names_are_found_in_other_languages(
    language: str, body: str, expected: set[str]
) -> None:
    """A German noun is capitalised and still no name."""
    assert {m.entity_id for m in mentions(body, language=language)} == expected


def test_the_label_says_what_ran() -> None:
    assert default_tagger().label("en") == "network-1"
    assert default_tagger().label("de") == "table-1(de)"


def test_salience_puts_the_subject_first() -> None:
    body = "Vladimir Putin spoke. Putin left. France was silent."
    weights = {m.name: m.salience or 0.0 for m in mentions(body, title="Putin speaks")}
    assert weights["Vladimir Putin"] == 1.0 > weights["France"] > 0.0


def test_key_points_have_fields_of_their_own() -> None:
    seen = mentions("It rained for days.", key_points=("Russia agreed.", "China did not."))
    assert [(m.field, m.surface) for m in seen] == [
        ("key_points.0", "Russia"),
        ("key_points.1", "China"),
    ]


def test_endless_capitals_are_survived() -> None:
    """A run has a bounded length, so that neither time nor recursion grows with the square."""
    assert mentions("and then " + "Velmar Ostra " * 5_000) == ()


def test_an_unknown_language_is_read_as_english() -> None:
    body = "North Korean troops crossed the border."
    assert linked(body, language="und") == linked(body) == {"North Korean": "norp:KP"}
