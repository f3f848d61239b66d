"""A dump of Wikidata becomes entities and names; whatever else is in it does no harm."""

import bz2
import gzip
import json
from collections import Counter

import pytest

from streams.knowledge.building import wikidata
from streams.knowledge.building.inputs import lines
from streams.knowledge.building.staging import Skipped
from streams.knowledge.building.surnames import straight, surnames
from streams.knowledge.table import Entity


def skipped(*rows, sitelinks=0):
    records = wikidata.read_dump(rows, sitelinks)
    return Counter(record.reason for record in records if isinstance(record, Skipped))


def rows_of(kb, name, kind=None):
    return [(r.entity_id, r.language) for r in kb.names(name) if kind in (None, r.kind)]


def test_items_with_few_sitelinks_and_pages_about_no_entity_are_left_out(world):
    assert world.entity("Q1006") is None
    assert world.entity("Q1007") is None
    assert len(world) == 6
    assert world.meta.left_out["too_few_sitelinks"] == 2
    assert world.meta.left_out["no_entities"] == 1
    assert world.meta.left_out["no_items"] == 1


@pytest.mark.parametrize(
    ("entity_id", "kind", "country"),
    [
        ("Q1001", "GPE", "NV"),
        ("Q1002", "GPE", "NV"),
        ("Q1003", "PERSON", "NV"),
        ("Q1005", "ORG", "NV"),
        ("Q1008", "UNK", None),
    ],
)
def test_type_and_country(world, entity_id, kind, country):
    entity = world.entity(entity_id)
    assert (entity.type, entity.country) == (kind, country)


def test_a_capital_knows_its_country_and_a_paper_its_domain(world):
    assert world.entity("Q1002").capital_of == "Q1001"
    paper = world.entity("Q1005")
    assert paper.publisher
    assert paper.domains == ("lantern.example",)


def test_a_name_of_several_languages_has_none(world):
    assert rows_of(world, "Norvia") == [("Q1001", None)]
    assert rows_of(world, "norwien") == [("Q1001", "de")]
    assert rows_of(world, "Juan Carlos II") == [("Q1004", None)]


def test_demonyms_lead_to_the_country(world):
    assert rows_of(world, "Norvian", "demonym") == [("Q1001", "en")]
    assert rows_of(world, "norvisk") == []


def test_surnames_are_weaker_than_names(world):
    assert rows_of(world, "von der Marn", "surname") == [("Q1003", "en")]
    (bare,) = world.names("Marn")
    assert bare.kind == "surname"
    assert bare.prior < world.entity("Q1003").prior
    assert world.entity("Q1003").surname == "von der Marn"
    assert rows_of(world, "Carlos") == []


def test_a_russian_label_is_turned_round(world):
    assert rows_of(world, "Ильзе Марн") == [("Q1003", "ru")]
    assert rows_of(world, "Ильзе Петровна Марн") == [("Q1003", "ru")]
    assert rows_of(world, "Марн", "surname") == [("Q1003", "ru")]


def test_a_redirect_in_the_dump_resolves(world):
    assert world.entity("Q1009") == world.entity("Q1002")
    assert world.meta.counts["redirects"] == 1


def test_the_other_form_of_a_redirect(dump, make, world):
    merged = {"entities": {"Q1010": json.loads(json.dumps({"type": "item", "id": "Q1002"}))}}
    kb = make(dump(), dump([merged], name="more.json"))
    assert kb.entity("Q1010") == kb.entity("Q1002")


def test_better_known_means_a_higher_prior():
    priors = [wikidata.prior_of(n) for n in (0, 10, 50, 400, 100_000)]
    assert priors == sorted(priors)
    assert priors[0] == 0
    assert priors[-1] == 1


def test_preferred_claims_count_and_ended_or_refuted_ones_do_not():
    def values(*claims):
        return wikidata._values({"claims": {"P17": list(claims)}}, "P17")

    def claim(value, rank="normal", **more):
        return {"mainsnak": {"datavalue": {"value": value}}, "rank": rank, **more}

    old = claim("old", qualifiers={"P582": [{}]})
    assert values(claim("a"), claim("b", "preferred"), claim("c", "deprecated"), old) == ["b", "a"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "Q1", ',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"null",
        b"[1, 2]",
        b'"Q1"',
        b"\xff\xfe",
        b'{"id": NaN}',
        b"{}",
        b'{"id": "Q0"}',
        b'{"id": "Q1; DROP TABLE names", "type": "item"}',
        b'{"id": ["Q1"], "type": "item"}',
        b'{"entities": {"Q1": 3}}',
    ],
)
def test_a_malformed_line_is_counted(line):
    assert skipped(line)["malformed"] == 1


@pytest.mark.parametrize("wrong", [None, [], "x", 7, {"en": 3}, {"en": []}, {"P31": [None, 3, {}]}])
def test_members_of_a_wrong_shape_are_as_if_missing(wrong):
    shapes = dict.fromkeys(("labels", "aliases", "claims", "sitelinks", "redirects"), wrong)
    row = json.dumps({"type": "item", "id": "Q1", **shapes}).encode()
    assert skipped(row) == {"entities_without_id_or_name": 1}
    named = json.dumps(
        {"id": "Q1", **shapes, "labels": {"en": {"value": "Norvia"}}, "title": wrong}
    ).encode()
    entities = [r for r in wikidata.read_dump([named], 0) if isinstance(r, Entity)]
    assert [entity.type for entity in entities] == ["UNK"]


def test_a_huge_line_is_passed_over_without_being_read_whole(tmp_path):
    path = tmp_path / "dump.json"
    path.write_bytes(b"[\n" + b"x" * 5_000_000 + b"\nshort\n" + b"y" * 200)
    assert list(lines(path, limit=100)) == [b"[", None, b"short", None]
    assert skipped(None) == {"lines_too_long": 1}


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress)])
def test_a_compressed_dump_gives_the_same(dump, make, tmp_path, suffix, pack):
    plain = dump()
    packed = tmp_path / f"packed.json{suffix}"
    packed.write_bytes(pack(plain.read_bytes()))
    before = make(plain).meta.parts
    assert make(packed).meta.parts == before


def test_classes_are_listed_once_with_a_known_type():
    known = {*wikidata.TYPES, wikidata.PUBLISHER, wikidata.NO_ENTITY}
    assert set(wikidata.class_types().values()) == known
    assert all(wikidata.QID.fullmatch(qid) for qid in wikidata.class_types())


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Ana Torres", None, ("Torres",)),
        ("Ludo van den Berg", None, ("van den Berg", "Berg")),
        ("Mara de la Cruz", None, ("de la Cruz", "Cruz")),
        ("Omar bin Rashid", None, ("bin Rashid", "Rashid")),
        ("Ned Vale Jr.", None, ("Vale",)),
        ("Ned Vale, Jr.", None, ("Vale",)),
        ("Ned Vale (writer)", None, ("Vale",)),
        ("Otto III", None, ()),
        ("Ivo the Terrible", None, ()),
        ("Meg, Duchess of Marn", None, ()),
        ("Zorro", None, ()),
        ("", None, ()),
        ("Kim Dok-su", "Q423", ("Kim",)),
        ("Kim Novak", "Q30", ("Novak",)),
        ("Eric Chu", "Q865", ("Chu",)),
        ("Иван Петров", None, ("Петров",)),
    ],
)
def test_surnames(name, country, expected):
    assert surnames(name, country) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Петров, Иван Ильич", ("Иван Ильич Петров", "Иван Петров")),
        ("Петров, Иван", ("Иван Петров",)),
        ("Карл, принц Марнский", ()),
        ("Иван Петров", ()),
    ],
)
def test_russian_labels(name, expected):
    assert straight(name) == expected
