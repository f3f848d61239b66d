"""SOURCE arguments to raw messages: everything that is there arrives, readable or not."""

import hashlib
import io
import os
import sys

import pytest

import streams.sources
from streams.errors import DeltawireError
from streams.readers.split import MAX_ITEM
from streams.sources import read_sources, total_bytes


@pytest.fixture
def tree(tmp_path, monkeypatch):
    files = {
        "in/b.txt": b"Beta",
        "in/a.txt": b"Alpha",
        "in/sub/c.jsonl": b'{"title": "one"}\n\n{"title": "two"}\r\n',
        "in/sub/d.json": b'[{"title": "x"}, {"title": "y"}]',
        "in/README.md": b"# Not an article",
        "in/.hidden.txt": b"no",
        "in/.git/e.txt": b"no",
        "in/picture.png": b"\x89PNG",
    }
    for name, value in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(*sources, **options):
    return list(read_sources(sources, **options))


def origins(*sources):
    return [item.headers["origin"].decode() for item in read(*sources)]


def names(*sources):
    return [item.headers.get("name", b"").decode() for item in read(*sources)]


def test_a_folder_gives_its_articles_in_order(tree):
    assert origins("in") == [
        *("in/a.txt", "in/b.txt"),
        *("in/sub/c.jsonl#1", "in/sub/c.jsonl#3", "in/sub/d.json#1", "in/sub/d.json#2"),
    ]


def test_a_message_carries_its_bytes_key_and_headers(tree):
    first = read("in", space="desk-2", source="inbox")[0]
    assert first.value == b"Alpha"
    assert first.key == hashlib.sha256(b"Alpha").digest()
    assert first.headers == {
        "origin": b"in/a.txt",
        "name": b"a.txt",
        "format": b"text",
        "space": b"desk-2",
        "source": b"inbox",
    }


def test_lines_and_elements_keep_their_own_bytes(tree):
    values = [item.value for item in read("in/sub")]
    assert values == [
        b'{"title": "one"}',
        b'{"title": "two"}',
        b'{"title": "x"}',
        b'{"title": "y"}',
    ]
    assert names("in/sub") == [""] * 4


def test_a_file_is_named_alike_by_folder_glob_and_path(tree):
    assert names("in/a.txt") == names("in/a*.txt") == ["a.txt"]
    assert names("in")[:2] == names("in/*.txt") == ["a.txt", "b.txt"]


def test_a_glob_reaches_into_folders(tree):
    assert origins("in/**/*.txt") == ["in/a.txt", "in/b.txt"]
    assert origins("in/s*") == origins("in/sub")
    assert origins("in/*.md") == ["in/README.md"]


def test_two_files_of_one_name_are_two_items(tree):
    (tree / "more").mkdir()
    (tree / "more/a.txt").write_bytes(b"Other")
    assert names("in/a.txt", "more") == ["in/a.txt", "more/a.txt"]
    assert names("in/a.txt", "in/a.txt") == ["a.txt", "a.txt"]


@pytest.mark.parametrize("source", ["nowhere", "in/*.xml", "empty"])
def test_a_source_that_matches_nothing_stops_before_work(tree, source):
    (tree / "empty").mkdir()
    with pytest.raises(DeltawireError, match="SOURCE"):
        read_sources(["in", source])
    with pytest.raises(DeltawireError, match="SOURCE"):
        total_bytes([source])


def test_the_size_of_all_files_is_known_before(tree):
    assert total_bytes(["in/a.txt", "in/b.txt", "-"]) == 9


def refused(items):
    return [
        (item.headers["origin"].decode(), item.headers["unreadable"].decode())
        for item in items
        if "unreadable" in item.headers
    ]


def test_what_is_too_large_is_refused_and_the_rest_goes_on(tree):
    (tree / "in/a.txt").write_bytes(b"x" * (MAX_ITEM + 1))
    lines = b'{"title": "one"}\n"' + b"x" * (2 * MAX_ITEM) + b'"\n{"title": "three"}'
    (tree / "in/sub/c.jsonl").write_bytes(lines)
    items = read("in")
    assert refused(items) == [("in/a.txt", "too-large"), ("in/sub/c.jsonl#2", "too-large")]
    assert len(items) == 7
    assert all(item.value == b"" for item in items if "unreadable" in item.headers)
    assert len({item.key for item in items}) == len(items)


def test_a_line_of_exactly_the_limit_passes(tree):
    (tree / "in/sub/c.jsonl").write_bytes(b'"' + b"x" * (MAX_ITEM - 2) + b'"\n{}')
    assert [len(item.value) for item in read("in/sub/c.jsonl")] == [MAX_ITEM, 2]


def test_a_link_to_nowhere_and_a_pipe_are_refused(tree):
    os.symlink("gone.txt", tree / "in/link.txt")
    os.mkfifo(tree / "in/pipe.txt")
    assert refused(read("in")) == [("in/link.txt", "unreadable"), ("in/pipe.txt", "unreadable")]


def test_a_forbidden_file_is_refused(tree, monkeypatch):
    """Simulated: root, as which containers run tests, may read everything."""

    def forbidden(path, mode):
        if path == "in/a.txt":
            raise PermissionError(13, "Permission denied")
        return open(path, mode)

    monkeypatch.setattr(streams.sources, "open", forbidden, raising=False)
    assert refused(read("in/*.txt")) == [("in/a.txt", "unreadable")]


def test_a_file_that_vanishes_is_refused(tree):
    items = read_sources(["in/a.txt", "in/b.txt"])
    (tree / "in/a.txt").unlink()
    first, second = items
    assert first.headers["unreadable"] == b"unreadable"
    assert first.headers["detail"] == b"No such file or directory"
    assert second.value == b"Beta"


def test_files_are_opened_one_after_another(tree):
    items = read_sources(["in/a.txt", "in/b.txt"])
    next(items)
    (tree / "in/b.txt").write_bytes(b"Changed")
    assert next(items).value == b"Changed"


@pytest.mark.parametrize(
    ("value", "formats"),
    [
        (b'{"title": "a"}\n{"title": "b"}\n', [b"jsonl", b"jsonl"]),
        (b'{\n "title": "a"\n}\n', [b"json"]),
        (b'[{"title": "a"},\n {"title": "b"}]', [b"json", b"json"]),
        (b"Title\n\nText", [b"text"]),
        (b'\xef\xbb\xbf{"title": "a"}\n{"title": "b"}', [b"jsonl", b"jsonl"]),
    ],
)
def test_standard_input_shows_its_format(value, formats):
    items = read("-", stdin=io.BytesIO(value))
    assert [item.headers["format"] for item in items] == formats
    assert items[0].headers["origin"].startswith(b"-")


def test_standard_input_stays_open(monkeypatch):
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"Title\n\nText")))
    monkeypatch.setattr(sys, "stdin", stream)
    assert [item.value for item in read("-")] == [b"Title\n\nText"]
    assert not stream.buffer.closed


@pytest.mark.parametrize("value", [b"[1, 2", b"[1 2]", b"[1] x", b"[" * 5000, b"{", b"\xff["])
def test_json_that_cannot_be_split_goes_whole(tree, value):
    (tree / "bad.json").write_bytes(value)
    assert [item.value for item in read("bad.json")] == [value]


def test_lines_under_the_name_of_json_are_lines(tree):
    (tree / "lines.json").write_bytes(b'{"title": "a"}\n{"title": "b"}\n')
    assert origins("lines.json") == ["lines.json#1", "lines.json#2"]
    (tree / "one.json").write_bytes(b'{"title": "a"}\n')
    assert names("one.json") == ["one.json"]
