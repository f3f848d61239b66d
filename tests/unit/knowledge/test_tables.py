"""Tables in each form give one and the same knowledge base; wrong rows are counted."""

import gzip
import json

import pytest

from streams.errors import DeltawireError

ENTITIES = [
    {"id": "x:norvia", "name": "Norvia", "type": "GPE", "iso2": "NV", "prior": "1"},
    {
        "id": "x:torvel",
        "name": "Torvel",
        "type": "GPE",
        "country": "x:norvia",
        "capital_of": "x:norvia",
        "prior": "0.4",
    },
    {"id": "x:lantern", "name": "Lantern, The", "type": "ORG", "country": "nv"},
]
ALIASES = [
    ("Norvia Republic", "x:norvia", "name", "0.9"),
    ("Norvian", "x:norvia", "demonym", ""),
    ("Torvel", "x:norvia", "name", "0.1"),
]
COLUMNS = "id name type iso2 country capital_of prior".split()


def separated(rows, mark):
    def cell(value):
        return f'"{value}"' if mark == "," and "," in value else value

    return "".join(mark.join(map(cell, row)) + "\n" for row in rows)


def entities(mark):
    return separated([COLUMNS, *([r.get(c, "") for c in COLUMNS] for r in ENTITIES)], mark)


def aliases(mark, header=True):
    return separated([*([("name", "id", "kind", "prior")] if header else []), *ALIASES], mark)


FORMS = {
    "csv": {"e.csv": entities(","), "a.csv": aliases(",")},
    "tsv": {"e.tsv": entities("\t"), "a.tsv": aliases("\t")},
    "no header": {"e.tsv": entities("\t"), "a.tsv": aliases("\t", header=False)},
    "json lines": {
        "e.jsonl": "".join(json.dumps(row) + "\n" for row in ENTITIES),
        "a.jsonl": "".join(
            json.dumps(dict(zip(("name", "id", "kind", "prior"), row, strict=True))) + "\n"
            for row in ALIASES
        ),
    },
    "windows": {
        "e.csv": "\ufeff" + entities(",").replace("\n", "\r\n"),
        "a.csv": aliases(",").replace("\n", "\r\n"),
    },
}


@pytest.fixture
def folder(tmp_path):
    def write(files, pack=False):
        made = tmp_path / "tables"
        made.mkdir(exist_ok=True)
        for name, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            (made / (name + ".gz" * pack)).write_bytes(gzip.compress(data) if pack else data)
        return made

    return write


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same(folder, make, form, pack):
    kb = make(folder(FORMS[form], pack))
    assert kb.meta.left_out == {}
    assert kb.meta.counts == {"demonyms": 1, "entities": 3, "keys": 5, "names": 5}
    torvel = kb.entity("x:torvel")
    assert (torvel.country, torvel.capital_of, torvel.prior) == ("NV", "x:norvia", 0.4)
    assert kb.entity("x:lantern").country == "NV"
    assert kb.entity("x:lantern").prior == 0.5
    assert [(row.entity_id, row.prior) for row in kb.names("TORVEL")] == [
        ("x:torvel", 0.4),
        ("x:norvia", 0.1),
    ]
    assert kb.names("norvian")[0].prior == 1  # as the entity
    assert kb.names("Lantern, The")[0].name == "Lantern, The"


def test_priors_above_one_are_weights_and_keep_their_order(folder, make):
    rows = "id\tname\tprior\na:1\tAldo\t4\na:2\tBela\t2\na:3\tCato\t0.5\na:4\tDoro\t\n"
    kb = make(folder({"e.tsv": rows}))
    priors = [kb.entity(f"a:{n}").prior for n in (1, 2, 3, 4)]
    assert priors == [1, 0.5, 0.125, 0.5]


HOSTILE = [
    ("{", "malformed"),
    ("[" * 100_000, "malformed"),
    ("3", "malformed"),
    ('{"id": "x:1"}', "malformed"),
    ('{"id": 1, "name": "One"}', "malformed"),
    ('{"id": "x:1", "name": null}', "malformed"),
    ('{"id": "x:1", "name": "Alias", "kind": "nickname"}', "malformed"),
    ('{"id": "x:1", "name": "One", "prior": "NaN"}', "bad_priors"),
    ('{"id": "x:1", "name": "One", "prior": NaN}', "malformed"),
    ('{"id": "x:1", "name": "One", "prior": -1}', "bad_priors"),
    ('{"id": "x:1", "name": "One", "prior": "1e999"}', "bad_priors"),
    ('{"id": "x:1", "name": "One", "prior": []}', "bad_priors"),
    ('{"id": "x:1", "name": "One", "prior": true}', "bad_priors"),
    ('{"id": "x:1", "name": ""}', "entities_without_id_or_name"),
    ('{"id": "", "name": "One"}', "entities_without_id_or_name"),
    ('{"id": "a b", "name": "One"}', "entities_without_id_or_name"),
    (f'{{"id": "{"x" * 300}", "name": "One"}}', "entities_without_id_or_name"),
    (f'{{"id": "x:1", "name": "{"N" * 101}"}}', "names_too_long"),
    ('{"id": "x:1", "name": "1984"}', "names_without_letters"),
    ('{"id": "x:1", "name": "Norm", "kind": "name"}', None),
    ('{"id": "x:0", "name": "", "kind": "name"}', "names_empty"),
    ('{"id": "x:0", "name": "\\u0000\\u200b", "kind": "name"}', "names_empty"),
    ('{"id": "x:0", "name": "?!", "kind": "name"}', "names_without_letters"),
    ('{"id": "x:1", "name": "One", "capital_of": "x:none"}', "references_dropped"),
    ('{"id": "x:1", "name": "One", "country": "Norvia"}', "references_dropped"),
]


@pytest.mark.parametrize(("line", "reason"), HOSTILE)
def test_a_wrong_row_is_counted_and_the_next_one_read(folder, make, line, reason):
    good = '{"id": "x:0", "name": "Zero"}'
    kb = make(folder({"e.jsonl": f"{good}\n{line}\n\n"}))
    assert kb.entity("x:0").name == "Zero"
    assert reason is None or kb.meta.left_out[reason] == 1
    assert all(0 <= row.prior <= 1 for name in ("Zero", "One") for row in kb.names(name))


def test_names_of_an_entity_that_is_not_kept_are_dropped(folder, make):
    kb = make(folder({"e.tsv": "id\tname\nx:0\tZero\n", "a.tsv": "Ghost\tx:9\tname\t1\n"}))
    assert kb.names("Ghost") == ()
    assert kb.prefixes("ghost") == []


def test_one_entity_told_twice_is_merged(folder, make):
    rows = [
        {"id": "x:0", "name": "Zero", "type": "UNK", "prior": 0.2},
        {"id": "x:0", "name": "Nought", "type": "ORG", "country": "NV", "prior": 0.6},
        {"id": "x:0", "name": "Zero", "type": "LOC"},
    ]
    kb = make(folder({"e.jsonl": "\n".join(map(json.dumps, rows))}))
    entity = kb.entity("x:0")
    assert (entity.name, entity.type, entity.country, entity.prior) == ("Zero", "ORG", "NV", 0.6)
    assert kb.names("nought")[0].entity_id == "x:0"
    assert kb.meta.left_out == {"entities_merged": 2}


def test_csv_with_an_open_quote_and_bad_bytes(folder, make):
    text = b'id,name\nx:0,Zero\nx:1,\xff\xfe\nx:2,"Two\n' + b"x:3,Three\n" * 20_000
    kb = make(folder({"e.csv": text}))
    assert kb.entity("x:0").name == "Zero"
    assert kb.meta.left_out["malformed"] >= 2


@pytest.mark.parametrize("text", ["", "a\tb\n", "name\ttype\n"])
def test_a_table_that_is_none_is_a_clear_error(folder, make, text):
    with pytest.raises(DeltawireError, match="columns of entities"):
        make(folder({"e.tsv": text}))


def test_a_gzip_that_ends_early_is_a_clear_error(folder, make, tmp_path):
    made = folder({"e.tsv": "id\tname\n" + "x:0\tZero\n" * 9999}, pack=True)
    path = made / "e.tsv.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DeltawireError, match=r"e\.tsv\.gz is damaged"):
        make(made)
    assert list((tmp_path / "made").iterdir()) == []


def test_nothing_kept_and_nothing_there_are_clear_errors(folder, make, tmp_path):
    with pytest.raises(DeltawireError, match="nothing to build"):
        make(folder({"e.tsv": "id\tname\n"}))
    with pytest.raises(DeltawireError, match="existing file"):
        make(tmp_path / "missing.json")
    (tmp_path / "note.txt").write_text("")
    with pytest.raises(DeltawireError, match="existing file"):
        make(tmp_path / "note.txt")
