"""Web pages: what the page says of itself (JSON-LD, meta elements), and its main text.

The text is found by ``trafilatura``; where a page has no frame of menus and boxes, or nothing is
found, the whole page is the text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from trafilatura import bare_extraction

from streams.cleaning.markup import MAX_ATTRIBUTES, is_crowded
from streams.errors import Rejected
from streams.readers.catalogue import distinct
from streams.readers.draft import Draft, Reading
from streams.readers.encoding import decode_declared
from streams.readers.json_object import parse_text
from streams.readers.schema_org import draft_of, find_article
from streams.readers.values import bare_byline, lead_beside

MAX_TAGS = 30_000
"""Elements of one page; extraction takes about a second for as many."""
MAX_SCRIPTS = 10
_FRAME = re.compile(r"<(?:nav|aside|header|footer|form|script|iframe|button)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n(?!- )")  # items of a list stay together
_LD = 'script[type="application/ld+json"]'
_METAS = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "lead": ("og:description", "description", "twitter:description"),
    "source": ("og:site_name", "application-name", "dc.publisher"),
    "byline": ("author", "article:author", "dc.creator", "parsely-author"),
    "published_at": ("article:published_time", "date", "dc.date", "parsely-pub-date", "pubdate"),
    "expires": ("article:expiration_time",),
    "language": ("language", "dc.language"),
}
_SUBJECTS = ("article:section", "article:tag", "keywords", "news_keywords")


def read(value: bytes) -> Reading:
    """One draft.

    Raises:
        Rejected: ``not-text``, ``too-complex`` for a page of more elements or attributes than any
            article has.
    """
    html, damaged = decode_declared(value)
    _refuse_complexity(html)
    tree = LexborHTMLParser(html)
    stated, faults = _stated(tree)
    draft = _completed(stated, tree)
    text = _main_text(html, draft.text)
    unread = (*draft.unread, *faults, *(("charset",) if damaged else ()))
    lead = lead_beside(draft.lead, text) if text != html else None
    own = None if draft.url else draft.item_id  # a page is known by its address
    return (replace(draft, format="html", item_id=own, text=text, lead=lead, unread=unread),)


def _refuse_complexity(html: str) -> None:
    if html.count("<") > MAX_TAGS:
        raise Rejected("too-complex", f"a page of more than {MAX_TAGS} elements")
    if is_crowded(html):
        raise Rejected("too-complex", f"a tag with {MAX_ATTRIBUTES} attributes")


def _stated(tree: LexborHTMLParser) -> tuple[Draft, tuple[str, ...]]:
    """What JSON-LD says; what of it cannot be read is no reason to refuse the page."""
    found: list[Mapping[str, Any]] = []
    faults: tuple[str, ...] = ()
    for node in tree.css(_LD)[:MAX_SCRIPTS]:
        try:
            text = node.text(deep=True).strip()
            found.append({"@graph": _parsed(text)})
        except Rejected:
            faults = ("json-ld",)
    article = find_article(*found)
    if article is None:
        return Draft(format="html"), faults
    try:
        return draft_of(article), faults
    except Rejected:
        return Draft(format="html"), ("json-ld",)


def _parsed(text: str) -> Any:
    return parse_text(f'{{"nodes":{text}}}')["nodes"] if text.startswith("[") else parse_text(text)


def _completed(draft: Draft, tree: LexborHTMLParser) -> Draft:
    metas = _metas(tree)
    found = {field: _first(metas, names) for field, names in _METAS.items()}
    root = tree.css_first("html")
    heading = tree.css_first("h1")
    own = {
        "title": heading.text(deep=True) if heading is not None else _title(tree),
        "language": root.attributes.get("lang") if root is not None else None,
        "url": _address(tree, metas),
    }
    fields = {**found, "title": found["title"] or own["title"], "url": own["url"]}
    fields["language"] = own["language"] or found["language"]
    fields["byline"] = bare_byline(fields["byline"])
    missing = {name: value for name, value in fields.items() if getattr(draft, name) is None}
    subjects = draft.subjects or distinct(_subjects(metas))
    return replace(draft, **missing, subjects=subjects)  # type: ignore[arg-type]


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta[content]")[:500]:
        name = node.attributes.get("property") or node.attributes.get("name") or ""
        content = node.attributes.get("content")
        if name and content and content.strip():
            found.setdefault(name.lower(), []).append(content.strip())
    return found


def _first(metas: Mapping[str, list[str]], names: Iterable[str]) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _subjects(metas: Mapping[str, list[str]]) -> Iterable[str]:
    for name in _SUBJECTS:
        for content in metas.get(name, ()):
            yield from content.split(",") if "keywords" in name else (content,)


def _title(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first("head > title")
    return node.text(deep=True) if node is not None else None


def _address(tree: LexborHTMLParser, metas: Mapping[str, list[str]]) -> str | None:
    node = tree.css_first('link[rel="canonical"][href]')
    canonical = node.attributes.get("href") if node is not None else None
    return canonical or _first(metas, ("og:url",))


def _main_text(html: str, stated: str) -> str:
    """The extracted text; that of JSON-LD where the page shows less than half of it."""
    if not _FRAME.search(html):
        return html
    found = bare_extraction(html, fast=True, include_comments=False)
    text = _PARAGRAPH.sub("\n\n", getattr(found, "text", None) or "")
    if len(text) < len(stated) / 2:
        return stated
    return text or html
