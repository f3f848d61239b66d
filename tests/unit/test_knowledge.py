"""The table of facts is well-formed, and its questions get the right answers."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from streams.knowledge import Knowledge, Office, core, fold, table
from streams.knowledge.forms import inflect

TYPES = {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "MISC"}
QID = re.compile(r"Q[1-9][0-9]*")
LOCAL = re.compile(r"norp:[A-Z][A-Z-]+|(person|org|place):[a-z0-9]+(-[a-z0-9]+)*")


@pytest.fixture(scope="module")
def facts() -> Knowledge:
    return core()


def offices(facts: Knowledge) -> Iterator[Office]:
    for held in facts.offices.values():
        yield from held


def best(facts: Knowledge, alias: str, language: str | None = None) -> str | None:
    found = facts.lookup(alias, language)
    return found[0].entity_id if found else None


def test_every_id_is_a_qid_or_a_local_id(facts: Knowledge) -> None:
    bad = [i for i in facts.entities if not (QID.fullmatch(i) or LOCAL.fullmatch(i))]
    assert not bad


def test_no_id_is_there_twice() -> None:
    ids = [row["id"] for name in table.ENTITY_TABLES for row in table._rows(name)]
    assert len(ids) == len(set(ids))


def test_tables_are_sorted_so_that_a_change_is_a_small_diff() -> None:
    for name in table.ENTITY_TABLES:
        ids = [row["id"] for row in table._rows(name)]
        assert ids == sorted(ids, key=lambda i: (i[0] != "Q", int(i[1:]) if i[0] == "Q" else 0, i))


def test_every_reference_leads_to_an_entity(facts: Knowledge) -> None:
    for entity in facts.entities.values():
        for target in (entity.capital_of, entity.demonym_of, entity.metonym_of):
            assert target is None or target in facts.entities, entity


def test_types_and_priors_are_in_range(facts: Knowledge) -> None:
    for entity in facts.entities.values():
        assert entity.type in TYPES
        assert 0 <= entity.prior <= 1
        assert entity.country is None or re.fullmatch(r"[A-Z]{2}", entity.country)


def test_every_office_has_a_known_person_and_country(facts: Knowledge) -> None:
    for office in offices(facts):
        assert facts.entities[office.person].type == "PERSON"
        assert facts.entities[office.country].type in {"GPE", "ORG"}
        assert office.until is None or office.since < office.until
        assert facts.titles[fold(office.title)] == office.title


def test_nobody_shares_an_office(facts: Knowledge) -> None:
    for held in facts.offices.values():
        for earlier, later in pairwise(held):
            assert (earlier.until or date.max) <= later.since, (earlier, later)


def test_no_person_answers_to_a_bare_surname(facts: Knowledge) -> None:
    for key, found in facts.aliases.items():
        for alias in found:
            entity = facts.entities[alias.entity_id]
            if entity.type == "PERSON" and entity.surname:
                assert key != fold(entity.surname) or " " in key


def test_no_name_is_filed_under_nothing(facts: Knowledge) -> None:
    assert all(facts.aliases)
    assert all(alias.alias == alias.alias.strip() for v in facts.aliases.values() for alias in v)
    assert not [a for v in facts.aliases.values() for a in v if set("*;|()=~") & set(a.alias)]


@pytest.mark.parametrize(
    ("alias", "entity_id"),
    [
        ("Vladimir Putin", "Q7747"),
        ("Kim Jong-un", "Q56226"),
        ("Kim Jong Un", "Q56226"),
        ("To Lam", "Q10831196"),
        ("Tô Lâm", "Q10831196"),
        ("Russia", "Q159"),
        ("North Korea", "Q423"),
        ("South Korea", "Q884"),
        ("Ukraine", "Q212"),
        ("Vietnam", "Q881"),
        ("China", "Q148"),
        ("NATO", "Q7184"),
        ("North Atlantic Treaty Organization", "Q7184"),
        ("United States", "Q30"),
        ("US", "Q30"),
        ("Pyongyang", "Q18808"),
        ("Hanoi", "Q1858"),
        ("Moscow", "Q649"),
        ("London", "Q84"),
        ("Athens", "Q1524"),
        ("Lima", "Q2868"),
        ("Russian", "norp:RU"),
        ("South Korean", "norp:KR"),
        ("Erdogan", None),
        ("nobody at all", None),
    ],
)
def test_lookup(facts: Knowledge, alias: str, entity_id: str | None) -> None:
    assert best(facts, alias) == entity_id


@pytest.mark.parametrize(
    ("alias", "language", "entity_id"),
    [
        ("Russland", "de", "Q159"),
        ("Russlands", "de", "Q159"),
        ("russischen", "de", "norp:RU"),
        ("Corea del Norte", "es", "Q423"),
        ("norcoreanos", "es", "norp:KP"),
        ("États-Unis", "fr", "Q30"),
        ("России", "ru", "Q159"),
        ("Владимиром Путиным", "ru", "Q7747"),
        ("Russland", "es", None),
        ("Polish", "en", "norp:PL"),
    ],
)
def test_lookup_in_a_language(
    facts: Knowledge, alias: str, language: str, entity_id: str | None
) -> None:
    assert best(facts, alias, language) == entity_id


@pytest.mark.parametrize("word", ["us", "who", "turkey", "chad", "jordan", "polish", "un", "it"])
def test_an_ordinary_word_is_no_name(facts: Knowledge, word: str) -> None:
    assert not facts.lookup(word, "en")


def test_a_shared_name_gives_both_the_likelier_first(facts: Knowledge) -> None:
    found = facts.lookup("Georgia", "en")
    assert [alias.entity_id for alias in found] == ["Q230", "Q1428"]
    assert all(alias.ambiguous and alias.case_sensitive for alias in found)


def test_a_country_and_its_people_are_no_rivals(facts: Knowledge) -> None:
    assert not facts.lookup("China")[0].ambiguous


def test_candidates_come_by_prior_then_id(facts: Knowledge) -> None:
    """The order must not come from the files, else moving a row changes the answers."""
    for found in facts.aliases.values():
        ranks = [(-facts.entities[alias.entity_id].prior, alias.entity_id) for alias in found]
        assert ranks == sorted(ranks)


def test_the_order_of_rows_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    forward, rows = core(), table._rows
    monkeypatch.setattr(table, "_rows", lambda name: reversed(list(rows(name))))
    core.cache_clear()
    try:
        assert core() == forward
    finally:
        core.cache_clear()


@pytest.mark.parametrize(
    ("title", "country", "on", "person"),
    [
        ("president", "Q159", date(2024, 6, 19), "Vladimir Putin"),
        ("president", "Q159", date(2010, 1, 1), "Dmitry Medvedev"),
        ("supreme leader", "Q423", date(2024, 6, 19), "Kim Jong-un"),
        ("leader", "Q423", date(2024, 6, 19), "Kim Jong-un"),
        ("president", "Q881", date(2024, 6, 19), "To Lam"),
        ("Bundeskanzlerin", "Q183", date(2015, 1, 1), "Angela Merkel"),
        ("premier", "Q148", date(2024, 1, 1), "Li Qiang"),
        ("president", "Q30", date(2021, 1, 19), "Donald Trump"),
        ("president", "Q30", date(2021, 1, 20), "Joe Biden"),
        ("secretary-general", "Q1065", date(2024, 1, 1), "António Guterres"),
        ("president", "Q159", None, None),
        ("president", "Q159", date(1900, 1, 1), None),
        ("astronaut", "Q159", date(2024, 6, 19), None),
    ],
)
def test_holder(
    facts: Knowledge, title: str, country: str, on: date | None, person: str | None
) -> None:
    found = facts.holder(title, country, on)
    assert (facts.entities[found].name if found else None) == person


def test_relations_lead_to_the_country(facts: Knowledge) -> None:
    for alias, relation in [("Russian", "demonym_of"), ("Moscow", "capital_of")]:
        entity_id = best(facts, alias, "en")
        assert entity_id
        assert getattr(facts.entities[entity_id], relation) == "Q159"
    kremlin = best(facts, "Kremlin")
    assert kremlin
    assert facts.entities[kremlin].metonym_of == "Q159"


def test_people_by_surname_and_publishers_by_domain(facts: Knowledge) -> None:
    assert facts.persons_named("Putin") == ("Q7747",)
    assert facts.persons_named("Kim")[0] == "Q56226"
    assert facts.domains["bbc.co.uk"] == "Q9531"
    assert facts.entities["Q9531"].publisher


@pytest.mark.parametrize(
    ("language", "stem", "form"),
    [
        ("de", "russisch", "russischem"),
        ("es", "alemán", "alemanas"),
        ("es", "israelí", "israelíes"),
        ("fr", "italien", "italienne"),
        ("ru", "российский", "российского"),
        ("ru", "Германия", "Германии"),
        ("ru", "Польша", "Польшей"),
        ("ru", "Иран", "Ираном"),
        ("en", "Russian", "Russian"),
    ],
)
def test_inflection(language: str, stem: str, form: str) -> None:
    assert form in inflect(language, stem)
