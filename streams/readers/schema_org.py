"""schema.org articles as JSON-LD: a document of its own, or what a page says of itself."""

from collections.abc import Iterator

from streams.errors import Rejected
from streams.readers.catalogue import distinct
from streams.readers.draft import Draft, Reading, naming
from streams.readers.json_object import Document, Fields, Stated
from streams.readers.values import bare_byline, lead_beside, version_of

_ARTICLES = {"Article", "BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting"}
_STRUCTURE = ("@context", "@type", "@id", "mainEntityOfPage")
MAX_NODES = 200


def claims(fields: Fields) -> bool:
    """True for an object in the context of schema.org."""
    context = fields.get("@context")
    listed = context if isinstance(context, list) else [context]
    return any("schema.org" in str(each)[:100] for each in listed if each)


def read(document: Document) -> Reading:
    """The article of a JSON-LD document.

    Raises:
        Rejected: ``not-a-story`` if no article is among its nodes, ``bad-field``, ``bad-version``.
    """
    article = find_article(document.fields)
    if article is None:
        raise Rejected("not-a-story", "no node is an article of schema.org")
    return (draft_of(article, damaged=document.damaged),)


def find_article(*documents: object) -> Fields | None:
    """The first node that is an article, also inside ``@graph`` and lists."""
    nodes = [node for document in documents for node in _nodes(document)]
    return next((node for node in nodes if _is_article(node)), None)


def draft_of(article: Fields, *, damaged: bool = False) -> Draft:
    """The draft of one article node.

    Raises:
        Rejected: ``bad-field``, ``bad-version``.
    """
    stated = Stated(article)
    stated.take(*_STRUCTURE)
    url = _url(stated.take("url")) or _url(article.get("mainEntityOfPage"))
    own = article.get("@id")
    item_id = own if url is None and isinstance(own, str) and ":" in own else None
    with naming(item_id or url):
        version = version_of(stated.take("version"))
        text = stated.text("articleBody", "text") or ""
        title = stated.text("headline", "name")
    return Draft(
        format="schema.org",
        text=text,
        title=title,
        lead=lead_beside(stated.note("description", "abstract"), text) if text else None,
        item_id=item_id,
        version=version,
        source=_names(stated.take("publisher", "sourceOrganization")),
        url=url,
        language=_names(stated.take("inLanguage")),
        published_at=stated.take("datePublished", "dateModified", "dateCreated"),
        expires=stated.take("expires"),
        byline=bare_byline(_names(stated.take("author", "creator"))),
        dateline=stated.note("dateline"),
        credit=stated.note("creditText"),
        usage_terms=_text(stated.take("usageInfo")),
        subjects=distinct(_subjects(stated)),
        correction_note=_text(stated.take("correction")),
        unread=(*stated.unread, "charset") if damaged else tuple(stated.unread),
        ignored=stated.ignored(),
    )


def _nodes(document: object) -> Iterator[Fields]:
    waiting, seen = [document], 0
    while waiting and seen < MAX_NODES:
        node, seen = waiting.pop(0), seen + 1
        if isinstance(node, list):
            waiting.extend(node[:MAX_NODES])
        elif isinstance(node, dict):
            yield node
            waiting.extend(node[key] for key in ("@graph", "mainEntity") if key in node)


def _is_article(node: Fields) -> bool:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    names = (kind.rpartition("/")[2] for kind in listed if isinstance(kind, str))
    return any(name in _ARTICLES or name.endswith("NewsArticle") for name in names)


def _url(value: object) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and "://" in value else None


def _names(value: object) -> str | None:
    """The names of persons and organisations, given as strings or objects, one or many."""
    listed = value if isinstance(value, list) else [value]
    found = [one.get("name") if isinstance(one, dict) else one for one in listed[:20]]
    names = [name for name in found if isinstance(name, str) and name and "://" not in name]
    return ", ".join(names) or None


def _text(value: object) -> str | None:
    """A note: a string, or objects that hold one."""
    listed = value if isinstance(value, list) else [value]
    found = [
        (one.get("text") or one.get("name") or one.get("url")) if isinstance(one, dict) else one
        for one in listed[:20]
    ]
    return " ".join(text for text in found if isinstance(text, str)) or None


def _subjects(stated: Stated) -> Iterator[str]:
    for name in ("about", "articleSection", "keywords"):
        value = stated.take(name)
        for each in value if isinstance(value, list) else [value]:
            named = each.get("name") if isinstance(each, dict) else each
            if isinstance(named, str):
                yield from named.split(",") if name == "keywords" else (named,)
