"""Hostile input: each ends with a counted reason or a sound article, in bounded time and memory."""

import gzip
import json
import subprocess
import sys
import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.make_items import FORMATS, Story
from streams.readers import READERS, read
from streams.readers.split import MAX_ITEM
from streams.sources import read_sources
from tests.unit.readers.reading import article, reason, slug

MAX_SECONDS = 5.0
"""Of CPU for one message of 1 MiB at its worst; most take milliseconds."""
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]>'
FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>'
ROOTS = ("nitf", "newsItem", "newsMessage", "rss", "feed")


def deep(root, depth=10_000):
    inner = "".join(f"<{'div'}>" for _ in range(depth))
    return f"<{root}><channel><item><title>{inner}".encode()


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("doctype", [BOMB, FILE, REMOTE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_unseen(root, doctype, encoding):
    value = f"{doctype}<{root}><title>&l9;&x;</title></{root}>".encode(encoding)
    assert slug(value) == "unsafe-xml"


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize(
    "doctype",
    [
        f"<!--{'x' * 200_000}-->{BOMB}",
        BOMB.replace("<!DOCTYPE a [", "<!DOCTYPE a SYSTEM 'x>' ["),
        BOMB.replace("<!DOCTYPE a [", "<!DOCTYPE a PUBLIC \"[]>\" 'x' ["),
        BOMB.replace("<!DOCTYPE a [", "<!doctype a ["),
        BOMB.replace("]>", ""),
        f"<?a ?>{BOMB}",
    ],
)
def test_a_declaration_cannot_be_hidden(root, doctype):
    value = f"{doctype}<{root} a='&l9;'>&l9;</{root}>".encode()
    hint = "feed" if root in ("rss", "feed") else "nitf"
    assert slug(value, format=hint) in ("unsafe-xml", "bad-xml")


def test_a_dtd_that_is_only_named_is_not_read():
    value = b'<!DOCTYPE nitf SYSTEM "http://127.0.0.1:1/nitf.dtd"><nitf><body/></nitf>'
    assert slug(value) == "no-text"


def test_a_file_is_not_included():
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    value = f"<nitf><body><body.content><p>Storm {include}</p></body.content></body></nitf>"
    assert "root:" not in article(value.encode()).model_dump_json()


@pytest.mark.parametrize("root", ["nitf", "newsItem"])
def test_xml_nested_10_000_deep_is_refused(root):
    assert slug(deep(root)) == "too-deep"


@pytest.mark.parametrize(
    "value",
    [
        b'{"uri": "a", "subjects": ' + b"[" * 10_000,
        b'{"uri": "a", "x": ' + b'{"y":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        b'{"uri": "a", "uri": "b"}',
        b'{"uri": "a", "urgency": NaN}',
        b'{"uri": "a", "urgency": -Infinity}',
        b'{"format": "digitalwires", "urn": "a", "urn": "b"}',
        b'{"@context": "https://schema.org", "version": NaN}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": 1, "id": 2}]}',
        b'{"uri": "a"',
    ],
)
def test_json_that_two_readers_would_read_differently_is_refused(value):
    assert slug(value) == "bad-json"


@pytest.mark.parametrize("name", FORMATS)
def test_an_item_of_20_megabytes_is_refused(name, tmp_path):
    value = FORMATS[name](Story()) + b" " * 20_000_000
    assert slug(value) == "too-large"
    path = tmp_path / "item.xml"
    path.write_bytes(value)
    (item,) = read_sources([str(path)])
    assert (item.value, item.headers["unreadable"]) == (b"", b"too-large")


def test_a_gzip_bomb_is_not_opened(tmp_path):
    bomb = gzip.compress(b"<rss>" * 10_000_000)
    assert len(bomb) < MAX_ITEM
    assert slug(bomb) == "not-text"
    assert slug(bomb, format="feed") == "not-text"


def test_a_feed_of_a_million_items_is_refused(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_bytes(b"<rss><channel>" + b"<item/>" * 1_000_000 + b"</channel></rss>")
    (item,) = read_sources([str(path)])
    assert item.headers["unreadable"] == b"too-large"
    assert slug(b"<rss><channel>" + b"<item/>" * 100_000) == "too-many-items"
    items = ",".join(['{"id":"1"}'] * 50_000)
    feed = f'{{"version":"https://jsonfeed.org/version/1","items":[{items}]}}'
    assert slug(feed.encode()) == "too-many-items"


BIG = 900_000
WORST = {
    "elements": b"<nitf>" + b"<b/>" * (BIG // 4) + b"</nitf>",
    "attributes": b"<nitf " + b" ".join(b'a%d="1"' % n for n in range(BIG // 12)) + b"/>",
    "namespaces": b"<nitf " + b" ".join(b'xmlns:a%d="u"' % n for n in range(50_000)) + b"/>",
    "bullets": b"<nitf><body><body.content>"
    + b"<li>a</li>" * (BIG // 10)
    + b"</body.content></body></nitf>",
    "subjects": b'<newsItem guid="a"><contentMeta>'
    + b'<subject qcode="a:b"/>' * (BIG // 22)
    + b"</contentMeta></newsItem>",
    "feed, deep": deep("rss", 100_000),
    "feed, unclosed": b"<rss><channel>" + b"<item>" * 900,
    "feed, tags": b"<rss><channel><item>" + b"<category>a</category>" * (BIG // 22),
    "feed, ampersands": b"<rss><channel><item><title>" + b"&<" * (BIG // 4),
    "page, deep": b"<html><body><nav>x</nav>" + b"<div>" * 29_000,
    "page, attributes": b"<html><nav><a x=a'" + b" ".join(b"a%d" % n for n in range(BIG // 8)),
    "page, paragraphs": b"<html><nav>x</nav>" + b"<p>a</p>" * 14_900,
    "page, one tag": b'<html><nav><a href="' + b"x" * BIG,
    "ninjs, body": json.dumps({"uri": "a", "body_html": "<b>" * (BIG // 3)}).encode(),
    "ninjs, attributes": json.dumps(
        {"uri": "a", "body_html": "<p>x</p><a " + " ".join(f"a{n}" for n in range(BIG // 8))}
    ).encode(),
    "ninjs, subjects": json.dumps({"uri": "a", "subjects": [{"name": "x"}] * 50_000}).encode(),
    "ninjs, braces": b'{"uri": "' + b"{" * BIG + b'"}',
    "json-ld, nodes": json.dumps(
        {"@context": "schema.org", "@graph": [[{"@graph": []}] * 100] * 500}
    ).encode(),
    "comments": b"<!---->" * (BIG // 7),
    "doctypes": b"<!DOCTYPE a>" * (BIG // 12),
    "declarations": b"<?" * (BIG // 2),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_of_a_megabyte_ends_in_time(name):
    start = time.process_time()
    assert reason(WORST[name]) != ""
    assert time.process_time() - start < MAX_SECONDS


def test_memory_stays_bounded(tmp_path):
    """In a process of its own: the most that any of the worst makes it hold."""
    for n, value in enumerate(WORST.values()):
        (tmp_path / str(n)).write_bytes(value)
    script = textwrap.dedent(
        """
        import resource, sys
        from pathlib import Path
        from streams.errors import Rejected
        from streams.readers import read
        read("", b"<html><nav>x</nav><p>Storm</p></html>")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for path in Path(sys.argv[1]).iterdir():
            try:
                read("", path.read_bytes())
            except Rejected:
                pass
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        """
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 300_000  # KiB


LYING = "Fährschiffe fahren ab Köln; später grüßt München. "


@pytest.mark.parametrize(
    ("declared", "encoding", "fits"),
    [
        ("utf-8", "utf-8", True),
        ("iso-8859-1", "cp1252", True),
        ("windows-1250", "cp1250", True),
        ("iso-8859-1", "utf-8", True),
        ("utf-8", "cp1252", True),
        ("utf-16", "utf-8", True),
        ("utf-7", "utf-8", True),
        ("no-such-charset", "utf-8", True),
        ("ebcdic-cp-us", "utf-8", True),
    ],
)
@pytest.mark.parametrize("root", ["nitf", "rss"])
def test_a_charset_may_lie(root, declared, encoding, fits):
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    bodies = {
        "nitf": f"<nitf><body><body.content><p>{LYING}</p></body.content></body></nitf>",
        "rss": f"<rss><channel><item><title>{LYING}</title></item></channel></rss>",
    }
    found = article(f"{head}{bodies[root]}".encode(encoding))
    assert LYING.strip() in (found.title, found.body)


@pytest.mark.parametrize("root", ["nitf", "rss"])
def test_utf_7_hides_nothing(root):
    body = "<body><body.content><p>Storm +ADw-script+AD4-</p></body.content></body>"
    item = "<channel><item><title>Storm +ADw-script+AD4-</title></item></channel>"
    inner = body if root == "nitf" else item
    value = f'<?xml version="1.0" encoding="utf-7"?><{root}>{inner}</{root}>'.encode()
    found = article(value)
    assert "+ADw-script+AD4-" in found.title + found.body


def test_damaged_bytes_are_noted():
    value = b"<nitf><body><body.content><p>K\xc3\xb6ln " + b"und so weiter. " * 40
    value += b"f\xffnf</p></body.content></body></nitf>"
    (draft,) = read("", value)
    assert draft.unread == ("charset",)
    assert draft.text.startswith("Köln und")


def test_control_characters_do_not_stop_an_item():
    value = b"<nitf><body><body.content><p>Storm\x0b and\x1f calm</p></body.content></body></nitf>"
    assert read("", value)[0].text == "Storm and calm"


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", *READERS, "xml", "json"]))
def test_any_bytes_end_with_items_or_a_reason(value, hint):
    assert reason(value, format=hint) != ""


@settings(deadline=None)
@given(st.data())
def test_a_damaged_item_ends_with_items_or_a_reason(data):
    value = bytearray(FORMATS[data.draw(st.sampled_from(sorted(FORMATS)))](Story(urgency=3)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(value) - 1))
        value[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=3))
    assert reason(bytes(value)) != ""
