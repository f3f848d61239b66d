"""What the tagger makes of actors, firms, datelines, plurals and dates."""

import time

import pytest

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import Mention
from streams.tagger import default_tagger


def mentions(body: str, *, title: str = "") -> tuple[Mention, ...]:
    raw = RawPosition(topic="articles.raw.v1", partition=0, offset=0)
    made = Article(
        item_id="item",
        source=Source(name="test"),
        language="en",
        title=title,
        body=body,
        provenance=Provenance(origin="-", format="text", raw=raw, sha256=""),
    )
    return default_tagger().tag(made)


def found(body: str) -> list[tuple[str, str]]:
    return [(m.surface, m.type) for m in mentions(body)]


def actors(body: str, title: str = "") -> set[str]:
    return {m.surface for m in mentions(body, title=title) if m.metonym_of}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Hanoi and Kyiv on Friday refused the terms.", {"Hanoi", "Kyiv"}),
        ("Hanoi last week flatly refused the terms.", {"Hanoi"}),
        ("Hanoi on Friday urged Kyiv to wait.", {"Hanoi", "Kyiv"}),
        ("Hanoi, on Friday, refused the terms.", {"Hanoi"}),
        ("Critics accused Ankara of delay.", {"Ankara"}),
        ("They told Ankara to wait.", {"Ankara"}),
        ("Traders brace for pressure from Ankara.", {"Ankara"}),
        ("The note annoyed Ankara, which has long denied it.", {"Ankara"}),
        ("It startled Ankara, which denied it.", {"Ankara"}),
        ("Ankara and the Kremlin tied themselves to it.", {"Ankara", "Kremlin"}),
        ("Ankara is preparing a reply.", {"Ankara"}),
    ],
)
def test_an_actor_may_stand_before_a_time_behind_a_charge_or_in_a_clause(
    body: str, expected: set[str]
) -> None:
    assert actors(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Talks in Hanoi on Friday urged patience.",
        "He warned reporters in Hanoi on Friday and left.",
        "She flew to Ankara on Friday and signed it.",
        "HANOI, March 3 - Rain fell on Friday.",
        "Ankara is cold in March.",
        "Ankara, which has five million people, was quiet.",
        "A crowd walked past the Kremlin at noon.",
        "They accused an Ankara bank of delay.",
    ],
)
def test_a_place_where_something_happens_is_no_actor(body: str) -> None:
    assert actors(body) == set()


def test_a_headline_names_actors_in_any_case() -> None:
    assert actors("Rain fell.", "Hanoi Warns Kyiv Over Grain") == {"Hanoi", "Kyiv"}
    assert actors("Rain fell.", "Hanoi on Friday rejects terms") == {"Hanoi"}


@pytest.mark.parametrize(
    ("body", "surface", "kind"),
    [
        ("Walls of the Ostra dam broke at night.", "Ostra dam", "FAC"),
        ("The kingdom of Ostra was at peace.", "Ostra", "GPE"),
        ("Snow covered the Ostra highlands.", "Ostra", "LOC"),
        ("Snow covered the Ostra region.", "Ostra", "GPE"),
        ("OSTRA, Marnia (Plain Wire) - Rain fell.", "OSTRA", "GPE"),
        ("OSTRA, Marnia (Plain Wire) - Rain fell.", "Marnia", "GPE"),
        ("OSTRA, Marnia (Plain Wire) - Rain fell.", "Plain Wire", "ORG"),
        ("Sales at McDonald’s rose.", "McDonald’s", "ORG"),
    ],
)
def test_firms_datelines_and_places_are_told(body: str, surface: str, kind: str) -> None:
    assert (surface, kind) in found(body)


@pytest.mark.parametrize(
    "body",
    [
        "Prosecutors said it was late.",
        "Nurses warned of more.",
        "It rained. Shopkeepers hoped for sun.",
    ],
)
def test_a_plural_at_the_start_of_a_sentence_is_nobody(body: str) -> None:
    assert found(body) == []


def test_a_surname_in_s_is_a_person_where_the_text_names_one() -> None:
    assert ("Jenkins", "PERSON") in found("Senator Ira Jenkins spoke. Jenkins said no.")


def test_a_dateline_in_capitals_links_and_hides_no_plural() -> None:
    seen = mentions("BERLIN, March 3 - Officials said it rained.")
    assert [(m.surface, m.entity_id) for m in seen if m.type != "DATE"] == [("BERLIN", "Q64")]


def test_a_firm_named_with_a_possessive_needs_it() -> None:
    assert [m.entity_id for m in mentions("Mr McDonald said no.")] == [None]


@pytest.mark.parametrize(
    ("body", "title", "first"),
    [
        ("Rain fell in Jordan. Michael Jordan retired.", "", "Q810"),
        ("Michael Jordan retired. Jordan said no.", "", "local:person:michael-jordan"),
        ("Michael Jordan said no.", "Jordan says no", "local:person:michael-jordan"),
    ],
)
def test_a_country_is_a_surname_only_behind_the_full_name_or_in_a_headline(
    body: str, title: str, first: str
) -> None:
    assert [m.entity_id for m in mentions(body, title=title) if m.surface == "Jordan"] == [first]


@pytest.mark.parametrize(
    ("body", "dates"),
    [
        ("It ends on 31 December 9999, they say.", ["31 December 9999"]),
        ("It ends on 30 February 2024, they say.", []),
        ("It ends on February 29, 2023, they say.", []),
        ("It ends on 29 February 2024, they say.", ["29 February 2024"]),
        ("It ends on 29 February, they say.", ["29 February"]),
        ("It ends on 2024-02-31, they say.", []),
        ("It ends on 2024-02-28, they say.", ["2024-02-28"]),
        ("It ends on Friday, 31 June 2024, they say.", ["Friday"]),
        ("It lasts from 28-31 April, they say.", []),
        ("On 5 May 3000 visitors came.", ["5 May"]),
    ],
)
def test_only_days_of_the_calendar_are_dates(body: str, dates: list[str]) -> None:
    assert [surface for surface, kind in found(body) if kind == "DATE"] == dates


def _spent(part: str, count: int) -> float:
    """Seconds of work per character, over names that differ."""
    names = (
        "abcdefghij"[n % 10] + "klmnopqrst"[n // 10 % 10] * (1 + n // 100) for n in range(count)
    )
    body = "".join(part.format(name) for name in names)
    begun = time.process_time()
    mentions(body)
    return (time.process_time() - begun) / len(body)


@pytest.mark.parametrize(
    "part", ["Jan Kolb left. Kolb spoke. ", "Rain fell near Q{0}a and a K{0}zian sat. ", "U.S. "]
)
def test_time_grows_with_the_text_and_not_with_its_square(part: str) -> None:
    _spent(part, 50)
    assert _spent(part, 1_600) < 6 * _spent(part, 100)
