"""A knowledge base finds every name that was put in, and says clearly when it is damaged."""

import json
import multiprocessing
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.errors import DeltawireError
from streams.knowledge import fold
from streams.knowledge.base import MAX_NAME, KnowledgeBase
from streams.knowledge.building.build import build
from tests.unit.knowledge.dumps import WORLD

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


def findable(name):
    return any(map(str.isalpha, name)) and 0 < len(fold(name)) <= MAX_NAME


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NAMES.filter(findable), min_size=1, max_size=8, unique_by=fold), st.data())
def test_every_name_is_found_again(names, data):
    """Alone, and where a longer text begins with it."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "e.jsonl"
        rows = ({"id": f"x:{n}", "name": name} for n, name in enumerate(names))
        table.write_bytes(b"\n".join(map(orjson.dumps, rows)))
        build([table], Path(folder) / "t.kb")
        kb = KnowledgeBase.open(Path(folder) / "t.kb")
        for number, name in enumerate(names):
            rest = data.draw(st.sampled_from(["", " said", ", said", "'s plan", " " + names[0]]))
            assert f"x:{number}" in [row.entity_id for row in kb.names(name)]
            assert kb.entity(f"x:{number}").name == name
            found = kb.prefixes(fold(name) + rest)
            assert fold(name) in found
            assert found == sorted(found, key=len, reverse=True)


def test_prefixes_end_at_a_word(world):
    assert world.prefixes("norvian plans") == ["norvian"]
    assert world.prefixes("norvians plan") == []
    assert world.prefixes("norvia") == ["norvia"]
    assert world.prefixes("norvia's plan") == ["norvia"]
    assert world.prefixes("republic of norvia, torvel") == ["republic of norvia"]
    assert world.prefixes("") == []
    assert world.prefixes("x" * 1_000_000) == []
    assert world.prefixes("norvia " + "x" * 1_000_000) == ["norvia"]


def test_an_unknown_name_or_id_is_nothing(world):
    for strange in ("", " ", "\0", "\ud800", "nobody", "Q" * 10_000):
        assert world.names(strange) == ()
        assert world.prefixes(strange) == []
        assert world.entity(strange) is None


def test_marks_and_case_do_not_matter(world):
    assert world.names("NÓRVIA") == world.names("norvia")


def test_meta_says_what_is_in_it(world):
    assert world.meta.name == "world"
    assert [source.file for source in world.meta.built_from] == ["dump.json"]
    assert world.meta.licences == ("Wikidata: CC0-1.0",)
    assert world.meta.languages == ("de", "en", "ru")
    assert len(world) == world.meta.counts["entities"] == 6


def test_the_same_input_gives_the_same_bytes(dump, tmp_path):
    source = dump()
    for folder in ("one", "two"):
        build([source], tmp_path / folder / "w.kb")
    one, two = (sorted((tmp_path / folder / "w.kb").iterdir()) for folder in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_the_order_of_the_items_does_not_matter(dump, make):
    there = make(dump(WORLD)).meta.parts
    assert make(dump(WORLD[::-1])).meta.parts == there


def ask(path, answers):
    answers.put(KnowledgeBase.open(path).names("Torvel")[0].entity_id)


def test_another_process_can_open_it_while_it_is_open_here(world):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=ask, args=(world.path, answers))
    process.start()
    assert answers.get(timeout=30) == "Q1002"
    process.join()


PARTS = [f"{stem}{s}" for stem in ("entities", "names") for s in (".marisa", ".offsets", ".jsonl")]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("left", [0, 1, -1])
def test_a_truncated_part_is_a_clear_error(world, part, left):
    path = world.path / part
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(DeltawireError, match=rf"damaged \({part}.*build or copy it again"):
        KnowledgeBase.open(world.path)


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_a_clear_error(world, part):
    (world.path / part).unlink()
    with pytest.raises(DeltawireError, match=part):
        KnowledgeBase.open(world.path)


@pytest.mark.parametrize("part", PARTS)
def test_a_changed_part_is_found_by_its_sum(world, part):
    path = world.path / part
    path.write_bytes(bytes(byte ^ 0x55 for byte in path.read_bytes()))
    with pytest.raises(DeltawireError, match=part):
        KnowledgeBase.open(world.path, verify=True)


@pytest.mark.parametrize("stem", ["entities", "names"])
def test_a_damaged_trie_is_never_opened(world, stem):
    """It could end the process."""
    with pytest.raises(DeltawireError, match="is not what was built"):
        damage(world.path / f"{stem}.marisa")


@pytest.mark.parametrize("suffix", [".offsets", ".jsonl"])
def test_damage_that_opening_does_not_see_is_a_clear_error_later(world, suffix):
    with pytest.raises(DeltawireError, match="build or copy it again"):
        damage(world.path / f"names{suffix}").names("Norvia")
    with pytest.raises(DeltawireError, match="build or copy it again"):
        damage(world.path / f"entities{suffix}").entity("Q1001")


def damage(path):
    path.write_bytes(b"\xff" * path.stat().st_size)
    return KnowledgeBase.open(path.parent)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": 2}, "format 2, this program reads 1"),
        ({"format": None}, "format None"),
        ({"parts": {}}, "does not list"),
        ({"parts": {"../../etc/passwd": {"size": 1, "sha256": ""}}}, "does not list"),
        ({"counts": "many"}, "damaged"),
    ],
)
def test_meta_of_another_kind_is_a_clear_error(world, change, problem):
    meta = world.path / "meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | change))
    with pytest.raises(DeltawireError, match=problem):
        KnowledgeBase.open(world.path)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "3"])
def test_meta_that_is_none_is_a_clear_error(world, text):
    (world.path / "meta.json").write_text(text)
    with pytest.raises(DeltawireError):
        KnowledgeBase.open(world.path)


def test_a_folder_without_meta_is_a_clear_error(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(DeltawireError, match="no knowledge base"):
            KnowledgeBase.open(path)
