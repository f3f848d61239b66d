"""Web pages: what they say of themselves, and which of their text is the article."""

import json

import pytest

from benchmarks.make_items import Story, page
from streams.readers import read
from tests.unit.readers.reading import article, slug

STORY = Story()
LONG = "A storm has closed the harbour of Torvel, the largest port of Norland, since Monday. "


def html(head="", body=f"<nav>Home</nav><article><p>{LONG * 4}</p></article>", **attributes):
    named = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<!doctype html><html{named}><head>{head}</head><body>{body}</body></html>".encode()


def ld(value):
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


NEWS = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "From JSON-LD"}


def test_menus_teasers_and_scripts_are_no_text():
    found = article(page(STORY))
    assert "Section" not in found.body
    assert "Elsewhere" not in found.body
    assert "var a" not in found.body
    assert found.url == "https://deltawire.example/a/1"
    assert found.item_id == "url:https://deltawire.example/a/1"


def test_json_ld_goes_before_meta_elements_and_these_before_the_text():
    metas = '<meta property="og:title" content="From meta"><title>From title</title>'
    heading = f"<nav>x</nav><h1>From h1</h1><p>{LONG * 4}</p>"
    assert article(html(ld(NEWS) + metas, heading)).title == "From JSON-LD"
    assert article(html(metas, heading)).title == "From meta"
    assert article(html("<title>From title</title>", heading)).title == "From h1"
    assert article(html("<title>From title</title>")).title == "From title"


def test_meta_elements_say_who_when_and_where():
    head = (
        '<meta name="author" content="By Ada Quill">'
        '<meta property="og:site_name" content="Courier">'
        '<meta property="article:published_time" content="2031-03-03T10:00:00Z">'
        '<meta property="article:section" content="Weather"><meta name="keywords" content="a, b">'
        '<link rel="canonical" href="https://courier.example/a?utm_source=x">'
    )
    found = article(html(head, lang="de-AT"))
    assert (found.byline, found.source.name, found.language) == ("Ada Quill", "Courier", "de")
    assert found.published_at.isoformat() == "2031-03-03T10:00:00+00:00"
    assert found.subjects == ("Weather", "a", "b")
    assert found.url == "https://courier.example/a"


def test_a_correction_on_the_page_is_public():
    assert article(html(ld(NEWS | {"correction": "The western pier."}))).correction_note


@pytest.mark.parametrize("script", ["{", '{"a": 1, "a": 2}', "NaN", "[" * 10_000, "null", '"x"'])
def test_a_script_that_cannot_be_read_does_not_stop_the_page(script):
    head = f'<title>Storm</title><script type="application/ld+json">{script}</script>'
    (draft,) = read("", html(head))
    assert draft.title == "Storm"
    assert draft.unread == ("json-ld",)


def test_a_text_that_only_json_ld_holds_is_taken_from_there():
    found = article(html(ld(NEWS | {"articleBody": LONG * 30})))
    assert found.body == (LONG * 30).strip()


def test_a_page_without_a_frame_is_text_from_end_to_end():
    body = f"<h1>Storm</h1><p>{LONG}</p><p>Official website: https://courier.example/</p>"
    found = article(html(body=body))
    assert (found.title, found.body) == ("Storm", LONG.strip())
    assert found.source.website == "https://courier.example/"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("iso-8859-2", "iso-8859-2"),
        ("windows-1251", "utf-8"),  # a lie: sound UTF-8 is UTF-8
        ("utf-8", "cp1252"),  # another lie
    ],
)
def test_a_declared_charset_is_believed_where_it_fits(declared, encoding):
    text = LONG * 3 + "Fährschiffe aus Köln ließen später über München grüßen. " * 3
    body = f"<nav>x</nav><article><p>{text}</p></article>"
    value = html(f'<meta charset="{declared}"><title>Über Köln</title>', body).decode()
    assert article(value.encode(encoding)).title == "Über Köln"


def test_a_page_that_no_article_is_as_large_as_is_refused():
    assert slug(html(body="<nav>x</nav>" + "<p>a" * 40_000)) == "too-complex"
    assert slug(html(body="<a " + " ".join(f"a{n}" for n in range(5000)) + ">")) == "too-complex"


def test_lists_of_a_page_become_bullets():
    points = "<ul><li>Winds of 140 km/h</li><li>Ferries stay in port</li></ul>"
    body = f"<nav>x</nav><article><h1>Storm</h1><p>{LONG * 4}</p>{points}<p>{LONG}</p></article>"
    found = article(html(body=body))
    assert found.key_points == ("Winds of 140 km/h", "Ferries stay in port")


def test_the_name_of_a_node_is_no_identity_of_a_page():
    named = ld(NEWS | {"@id": "#article"})
    assert article(html(named), name="a.html").item_id == "file:-:a.html"
    address = '<link rel="canonical" href="https://courier.example/a">'
    named = ld(NEWS | {"@id": "urn:x:1"})
    assert article(html(named + address)).item_id == "url:https://courier.example/a"
