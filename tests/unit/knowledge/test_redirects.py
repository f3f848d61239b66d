"""Old ids lead to new ones, and a table that would make them ambiguous is refused."""

import pytest

from streams.knowledge import redirects

HEAD = "old\tnew\tsince"


def test_chains_are_followed():
    table = redirects.load(
        [HEAD, "person:a\tQ1\t2026-01-01", "Q1\tQ2\t2026-02-01", "z\tQ1\t2026-02-02"]
    )
    assert table == {"person:a": "Q2", "Q1": "Q2", "z": "Q2"}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["a\tb\t2026-01-01", "a\tc\t2026-01-02"], "twice"),
        (["a\tb\t2026-01-01", "b\tc\t2026-01-01", "c\ta\t2026-01-01"], "lead to each other"),
        (["a\ta\t2026-01-01"], "lead to each other"),
        (["a\tb"], "line 2"),
        (["a\t\t2026-01-01"], "line 2"),
        (["a\tb\tyesterday"], "yesterday"),
    ],
)
def test_a_wrong_table_is_refused(rows, problem):
    with pytest.raises(ValueError, match=problem):
        redirects.load([HEAD, *rows])


def test_a_table_without_its_header_is_refused():
    with pytest.raises(ValueError, match="line 1"):
        redirects.load(["a\tb\t2026-01-01"])


def test_the_packaged_table_is_sound_and_an_id_without_a_row_is_its_own():
    assert redirects.packaged() is not None
    assert redirects.resolve("Q1000000001") == "Q1000000001"


def test_what_leads_into_a_circle_is_told_apart_from_what_does_not():
    ends, cyclic = redirects.follow({"a": "b", "b": "a", "c": "a", "d": "e"})
    assert ends == {"d": "e"}
    assert cyclic == {"a", "b", "c"}


def test_a_knowledge_base_resolves_what_the_project_redirects(dump, make, monkeypatch):
    table = redirects.load([HEAD, "place:torvel\tQ1002\t2026-01-01"])
    monkeypatch.setattr(redirects, "packaged", lambda: table)
    kb = make(dump())
    assert kb.entity("place:torvel").name == "Torvel"


def test_a_circle_in_a_dump_is_counted(dump, make):
    turn = [{"id": f"Q{n}", "redirects": {"from": f"Q{n}", "to": f"Q{5 - n}"}} for n in (2, 3)]
    kb = make(dump(), dump(turn, name="turn.json"))
    assert kb.meta.left_out["redirects_in_a_circle"] == 2
    assert kb.entity("Q2") is None


def test_an_entity_that_moved_lends_its_names(dump, make, tmp_path):
    (tmp_path / "t.tsv").write_text("id\tname\ttype\nQ1009\tTorvelgrad\tGPE\nQ1002\tTorvel\tGPE\n")
    kb = make(tmp_path / "t.tsv", dump())
    assert [row.entity_id for row in kb.names("Torvelgrad")] == ["Q1002"]
    assert kb.entity("Q1009") == kb.entity("Q1002")
