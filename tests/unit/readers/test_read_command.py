"""``deltawire read``: what was understood, ignored, kept from the public, and refused."""

import json

import pytest
from typer.testing import CliRunner

from benchmarks.make_items import SECRET, Story, g2_message, g2_xhtml, ninjs_3
from streams.cli import app

STORY = Story()


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(app, ["read", *map(str, arguments)])


def test_a_person_sees_what_was_understood_and_what_was_not(run, tmp_path):
    path = tmp_path / "story.xml"
    path.write_bytes(g2_xhtml(STORY))
    told = run(path)
    assert told.exit_code == 0
    for words in (
        "newsml-g2",
        STORY.title,
        "medtop:20000148@iptc-40",
        "Ada Quill",
        "contentMeta/genre",
    ):
        assert words in told.stdout
    assert "edNote, signal" in told.stdout
    assert SECRET not in told.stdout


def test_a_machine_gets_a_line_an_item(run, tmp_path):
    path = tmp_path / "story.xml"
    path.write_bytes(g2_message(STORY, 3).replace(b'version="3"', b'version="-3"', 1))
    told = run(path, "--json")
    refused, *found = map(json.loads, told.stdout.splitlines())
    assert told.exit_code == 1
    assert (refused["rejected"], refused["item_id"]) == ("bad-version", f"{STORY.item_id}:0")
    assert [each["records"][0]["version"] for each in found] == [3, 3]
    assert found[0]["format"] == "newsml-g2"
    assert found[0]["for_editors"] == ["edNote", "signal"]
    assert "contentMeta/genre" in found[0]["ignored"]


def test_what_could_not_be_read_is_named(run, tmp_path):
    path = tmp_path / "story.json"
    path.write_bytes(ninjs_3(Story(urgency=12, expires="soon")))
    (line,) = map(json.loads, run(path, "--json").stdout.splitlines())
    assert line["unread"] == ["urgency", "expires"]


def test_an_order_is_shown_as_one(run, tmp_path):
    path = tmp_path / "kill.jsonl"
    path.write_text('{"id": "n", "pub_status": "canceled", "refers_to": "wire-1"}')
    assert "kill of wire-1, by n" in run(path).stdout


def test_a_file_that_is_none_of_ours_says_why(run, tmp_path):
    path = tmp_path / "subscriptions.xml"
    path.write_text('<?xml version="1.0"?><opml/>')
    told = run(path)
    assert told.exit_code == 1
    assert "unknown-format" in told.stdout
    assert "opml" in told.stdout


def test_no_such_file_is_one_line(run):
    told = run("nowhere.xml")
    assert told.exit_code == 2
    assert "SOURCE" in told.stderr
