"""JSON Feed 1.0 and 1.1: a blog or a site's news as one object."""

from streams.errors import Rejected
from streams.readers.catalogue import distinct
from streams.readers.draft import Draft, Reading, naming
from streams.readers.entries import entry_id
from streams.readers.json_object import Document, Fields, Stated
from streams.readers.limits import bounded
from streams.readers.values import lead_beside


def claims(fields: Fields) -> bool:
    """True for an object that names the version of JSON Feed it follows."""
    version = fields.get("version")
    return isinstance(version, str) and "jsonfeed.org/version" in version


def read(document: Document) -> Reading:
    """A draft for each entry; one that is none does not stop the others.

    Raises:
        Rejected: ``no-item``, ``too-many-items``.
    """
    feed = Stated(document.fields)
    items = feed.take("items")
    home = feed.note("home_page_url", "feed_url") or feed.note("title") or ""
    common = {"source": feed.note("title"), "language": feed.note("language")}
    return tuple(
        _tried(each, home, common, damaged=document.damaged)
        for each in bounded(items if isinstance(items, list) else [])
    )


def _tried(
    entry: object, home: str, common: dict[str, str | None], *, damaged: bool
) -> Draft | Rejected:
    try:
        if not isinstance(entry, dict):
            raise Rejected("bad-field", "an item must be an object")
        return _draft(Stated(entry), home, common, damaged=damaged)
    except Rejected as refusal:
        return refusal


def _draft(stated: Stated, home: str, common: dict[str, str | None], *, damaged: bool) -> Draft:
    item_id = entry_id(stated.name("id"), home)
    with naming(item_id):
        text = stated.text("content_html", "content_text") or ""
        summary = stated.text("summary")
    authors = [a["name"] for a in stated.objects("authors", "author") if _named(a)]
    tags = stated.take("tags")
    return Draft(
        format="json-feed",
        text=text or summary or "",
        title=stated.text("title") or "",
        lead=lead_beside(summary, text) if text else None,
        item_id=item_id,
        source=common["source"],
        url=stated.note("url", "external_url"),
        language=stated.note("language") or common["language"],
        published_at=stated.take("date_published", "date_modified"),
        byline=", ".join(authors) or None,
        subjects=distinct(tag for tag in tags if isinstance(tag, str))
        if isinstance(tags, list)
        else (),
        unread=(*stated.unread, "charset") if damaged else tuple(stated.unread),
        ignored=stated.ignored(),
    )


def _named(author: Fields) -> bool:
    return isinstance(author.get("name"), str) and bool(author["name"])
