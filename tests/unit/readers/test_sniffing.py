"""What bytes are, is told from the bytes; a header is obeyed."""

import io

import pytest

from benchmarks.make_items import FORMATS, Story
from streams.errors import Rejected
from streams.readers import read
from streams.readers.sniff import beginning
from streams.readers.split import format_of, split
from streams.sources import read_sources
from tests.unit.readers.reading import article, slug

STORY = Story()


@pytest.mark.parametrize(
    ("value", "format"),
    [
        (b'{"uri": "urn:x", "headline": "Storm"}', "ninjs-1"),
        (b'{"uri": "urn:x", "headlines": [{"value": "Storm"}]}', "ninjs-2"),
        (b'{"uri": "urn:x", "versionCreated": "2031-03-03T00:00:00Z"}', "ninjs-3"),
        (
            b'{"uri": "urn:x", "headline": "a", "standard": {"name": "ninjs", "version": "2.1"}}',
            "ninjs-2",
        ),
        (b'{"guid": "urn:x", "versioncreated": "2031-03-03", "headline": "a"}', "ninjs-1"),
        (b'{"id": "a", "uri": "urn:x", "title": "Storm"}', "jsonl"),
        (b'{"title": "Storm"}', "jsonl"),
        (b'{"urn": "urn:x", "entry_id": "7"}', "dpa"),
        (b'{"entries": [{"format": "digitalwires@1.0"}]}', "dpa"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}', "json-feed"),
        (b'{"@context": "http://schema.org/", "@type": "NewsArticle"}', "schema.org"),
        (b"  <!-- a note --><?x y?><nitf><body/></nitf>", "nitf"),
        (b'<?xml version="1.0"?><n:newsItem xmlns:n="u" guid="a"/>', "newsml-g2"),
        (b"<rss><channel><item><title>a</title></item></channel></rss>", "feed-rss"),
        (b"<!doctype HTML><p>Storm", "html"),
        (b"<html><p>Storm", "html"),
        (b"<p>Storm</p><p>It blows.</p>", "text"),
        (b"Storm\n\n<html> is a tag", "text"),
        (b"[Torvel] Storm\n\nIt blows.", "text"),
        ("\ufeff<nitf/>".encode("utf-16"), "nitf"),
    ],
)
def test_the_beginning_tells_the_format(value, format):
    assert read("", value)[0].format == format


# A plain text is no JSON lines: with such a name it is refused.
@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        (name, suffix)
        for name in FORMATS
        for suffix in (".txt", ".xml", ".html", ".json", "", ".jsonl")
        if name != "plain text" or suffix not in (".json", ".jsonl")
    ],
)
def test_the_name_of_a_file_does_not_decide(name, suffix, tmp_path):
    value = FORMATS[name](STORY)
    path = tmp_path / f"item{suffix}"
    path.write_bytes(value)
    (item,) = read_sources([str(path)])
    hint = item.headers.get("format", b"").decode()
    assert read(hint, item.value)[0].format == read("", value)[0].format


def test_a_header_is_obeyed():
    value = b"<html><body><p>Storm</p></body></html>"
    assert article(value, format="text").provenance.format == "text"
    assert article(value, format="html").provenance.format == "html"
    assert slug(value, format="ninjs") == "bad-json"
    assert slug(b'{"uri": "a"}', format="nitf") == "bad-xml"
    assert article(b'{"uri": "a", "title": "Storm"}', format="ninjs").item_id == "a"


def test_json_and_jsonl_only_say_that_it_is_json():
    value = b'{"uri": "urn:x", "headline": "Storm"}'
    assert read("jsonl", value)[0].format == read("json", value)[0].format == "ninjs-1"


@pytest.mark.parametrize(
    "value", [b'<?xml version="1.0"?><opml/>', b"<?xml version='1.0'?><NewsML/>"]
)
def test_xml_of_another_kind_is_refused(value):
    assert slug(value) == "unknown-format"


def test_an_array_of_objects_that_nobody_cut_is_refused():
    assert slug(b'[{"title": "a"}]') == "bad-json"


@pytest.mark.parametrize(
    ("value", "root", "doctype"),
    [
        (b"<a/>", "a", b""),
        (b"\n <!DOCTYPE a SYSTEM 'x'>\n<a>", "a", b"<!DOCTYPE a SYSTEM 'x'>"),
        (b"<!DOCTYPE a [<!ENTITY b 'c>'>]><a>", "a", b"<!DOCTYPE a [<!ENTITY b 'c>'>]>"),
        (b"<!-- " + b"x" * 30_000 + b"--><a/>", "", b""),
        (b"<?" * 9_000, "", b""),
        (b"<!---->" * 2_000 + b"<a/>", "a", b""),
        (b"<x:a y='1'>", "a", b""),
        (b"", "", b""),
    ],
)
def test_the_first_element(value, root, doctype):
    found = beginning(value)
    assert found.root == root
    assert found.doctype == doctype or not root


def test_a_feed_and_a_page_stay_whole_when_a_file_is_cut():
    for value in (FORMATS["RSS"](STORY), FORMATS["HTML page"](STORY)):
        (part,) = split(io.BufferedReader(io.BytesIO(value)), format_of("a.txt"))
        assert part == (value, "", None)


def test_a_hint_that_nobody_knows_is_no_hint():
    assert read("avro", b"Storm\n\nIt blows.")[0].format == "text"
    with pytest.raises(Rejected, match="unknown-format"):
        read("xml", b"Storm")
