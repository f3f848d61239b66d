"""Candidates, context and NIL, over a small knowledge base made here."""

import gzip
import json

import pytest

from schemas.article import Article, Provenance, RawPosition, Source
from streams.knowledge import core
from streams.knowledge.base import KnowledgeBase
from streams.knowledge.building.build import build
from streams.tagging.network import shipped_network
from streams.tagging.tagger import Tagger

PROVENANCE = Provenance(
    origin="-",
    format="text",
    raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
    sha256="",
)
ENTITIES = [
    ("Q900001", "Torvel", "GPE", "SV", 0.9),
    ("Q900002", "Torvel", "GPE", "US", 0.1),
    ("Q900003", "Anna Velmar", "PERSON", "SV", 0.5),
    ("Q900004", "Marnish Steel", "ORG", "SV", 0.4),
    ("Q900005", "Sarvania", "GPE", "SV", 0.9),
    ("Q900006", "Ostra", "GPE", "US", 0.5),
    ("Q900007", "Ostra", "GPE", "SV", 0.47),
    ("Q900008", "Anna", "PERSON", "SV", 0.5),
    ("Q900009", "Kolbe", "UNK", None, 0.5),
]
ALIASES = [
    ("Velmar", "Q900003", "surname", 0.3),
    ("Sarvanian", "Q900005", "demonym", 0.9),
    ("Sarwanien", "Q900005", "name", 0.9),
]


@pytest.fixture(scope="module")
def tag(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kb")
    rows = [
        {"id": i, "name": n, "type": t, "prior": p, **({"country": c} if c else {})}
        for i, n, t, c, p in ENTITIES
    ]
    with gzip.open(folder / "entities.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    names = [*((n, i, "name", p) for i, n, _, _, p in ENTITIES), *ALIASES]
    with gzip.open(folder / "aliases.tsv.gz", "wt") as file:
        file.writelines("\t".join(map(str, row)) + "\n" for row in names)
    build([folder], folder / "test.kb", name="test")
    tagger = Tagger(core(), shipped_network(), KnowledgeBase.open(folder / "test.kb"))

    def run(body, title="", language="en"):
        made = Article(
            item_id="item",
            source=Source(name="test"),
            language=language,
            title=title,
            body=body,
            provenance=PROVENANCE,
        )
        found = tagger.tag(made)
        return {m.surface: (m.entity_id, m.demonym_of) for m in found}

    run.label = tagger.label
    return run


def test_a_name_links_to_what_the_news_mostly_means(tag):
    assert tag("The mayor of Torvel, Jan Kolb, spoke on Monday.")["Torvel"] == ("Q900001", None)


def test_the_country_that_the_article_speaks_of_decides_between_near_equals(tag):
    near = "In Sarvania people fled. Sarvania sent help to Ostra, a town in Sarvania."
    assert tag(near)["Ostra"][0] == "Q900007"


def test_without_a_word_of_context_near_equals_stay_unlinked(tag):
    found = tag("Snow fell in the city of Ostra on Monday.").get("Ostra", ("", None))[0] or ""
    assert not found.startswith("Q")


def test_a_full_name_links_and_takes_its_surname_along(tag):
    found = tag("President Anna Velmar spoke in parliament. Velmar said she was sure.")
    assert found["Anna Velmar"][0] == found["Velmar"][0] == "Q900003"


def test_a_bare_surname_or_given_name_is_never_linked(tag):
    found = tag("President Velmar spoke in parliament. Anna said she was sure.")
    assert not any((i or "").startswith("Q") for i, _ in found.values())


def test_a_thing_of_unknown_type_with_just_that_name_is_no_person(tag):
    found = tag("Mr Kolbe said he would resign.")
    assert found.get("Kolbe", (None, None))[0] != "Q900009"


def test_a_demonym_names_its_place_and_keeps_apart_from_it(tag):
    identity, place = tag("The Sarvanian government fell on Monday.")["Sarvanian"]
    assert place == "Q900005"
    assert identity != "Q900005"


def test_what_the_base_lacks_gets_a_local_id(tag):
    assert tag("President Jan Tarvo spoke in Torvel.")["Jan Tarvo"][0] == "local:person:jan-tarvo"


def test_other_languages_are_read_by_the_base_alone(tag):
    assert tag("In Torvel sprach Anna Velmar.", language="de")["Anna Velmar"][0] == "Q900003"
    assert tag("Regen in Torvel.", language="de")["Torvel"][0] == "Q900001"


def test_the_label_names_the_base(tag):
    assert tag.label("en") == "network-1+test"
    assert tag.label("de") == "table-1(de)+test"
