"""NewsML-G2: newsItem, packageItem, and a newsMessage with many of them.

The text comes from NITF, XHTML or plain text inside the item; of several renditions the first that
is understood. Codes are resolved by the bundled catalogue and by what the item brings along. A
package is read for its own headline: what it lists arrives by itself, and a package that is
withdrawn withdraws nothing of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from schemas.article import NamedTarget, PubStatus
from streams.errors import Rejected
from streams.readers.blocks import text_of
from streams.readers.catalogue import distinct, standard_version, subject_code
from streams.readers.draft import Draft, Reading, naming
from streams.readers.limits import bounded
from streams.readers.nitf import body_of
from streams.readers.safe_xml import children, line_of, name_of, parse
from streams.readers.values import (
    MAX_NAMED,
    MAX_NAMED_TARGETS,
    WITHDRAWS,
    bare_byline,
    lead_beside,
    named_target,
    status_of,
    targets,
    urgency_of,
    version_of,
)

ITEMS = ("newsItem", "packageItem")
OTHERS = ("conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EDITORS = ("edNote", "signal")
_LEADS = ("summary", "abstract", "lead", "main", "")
_UNDERSTOOD = {
    "": "catalog catalogRef rightsInfo itemMeta contentMeta contentSet",
    "rightsInfo": "usageTerms",
    "itemMeta": "itemClass provider versionCreated firstCreated embargoed pubStatus expires title "
    "link edNote signal",
    "contentMeta": "urgency contentCreated contentModified infoSource creator by creditline "
    "dateline headline description language subject",
}
Children = Mapping[str, list[Any]]


class _Text(NamedTuple):
    """What the content says by itself; metadata beside it go before."""

    text: str = ""
    title: str | None = None
    lead: str | None = None
    byline: str | None = None
    dateline: str | None = None
    ignored: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()


def read(value: bytes) -> Reading:
    """A draft for each item; one that is refused does not stop the others.

    Raises:
        Rejected: ``unsafe-xml``, ``too-deep``, ``bad-xml``, ``too-many-items``, ``no-item``;
            for a single item ``bad-version``, ``bad-status``, ``not-a-story``.
    """
    root, damaged = parse(value)
    if name_of(root) in ITEMS:
        return (_item(root, damaged=damaged),)
    if name_of(root) != "newsMessage":
        raise Rejected("not-a-story", f"{name_of(root)} holds no news")
    listed = [each for part in children(root).get("itemSet", ()) for each in part if name_of(each)]
    return tuple(_tried(each, damaged=damaged) for each in bounded(listed))


def _tried(element: Any, *, damaged: bool) -> Draft | Rejected:
    try:
        if name_of(element) not in ITEMS:
            reason = f"{name_of(element)} holds no news"
            raise Rejected("not-a-story", reason, item_id=(element.get("guid") or "")[:512])
        return _item(element, damaged=damaged)
    except Rejected as refusal:
        return refusal


def _item(item: Any, *, damaged: bool) -> Draft:
    guid = (item.get("guid") or "").strip() or None
    with naming(guid):
        version = version_of(item.get("version") or 1)
    with naming(guid, version):
        return _draft(item, guid, version, damaged=damaged)


def _draft(item: Any, guid: str | None, version: int | None, *, damaged: bool) -> Draft:
    parts = children(item)
    rights, meta, about = (
        children(_one(parts, name)) for name in ("rightsInfo", "itemMeta", "contentMeta")
    )
    status = status_of(_code(_one(meta, "pubStatus")))
    content = _content(_one(parts, "contentSet"))
    kind = (_code(_one(meta, "itemClass")) or "").rpartition(":")[2]
    if status == "usable" and kind not in ("", "text", "composite") and not content.text:
        raise Rejected("not-a-story", f"{kind} without a text")
    named = _named(status, meta)
    urgency = line_of(_one(about, "urgency"))
    unread = ["urgency"] if urgency and urgency_of(urgency) is None else []
    headline = _best(about.get("headline", ()), _LEADS)
    return Draft(
        format="newsml-g2",
        text=content.text,
        title=headline or content.title or line_of(_one(meta, "title")),
        lead=lead_beside(_best(about.get("description", ()), _LEADS) or content.lead, content.text),
        item_id=guid,
        version=version,
        status=status,
        refers_to=targets(status, guid, _links(meta), named),
        named=named,
        source=_name(_one(meta, "provider")) or _name(_one(about, "infoSource")),
        language=_language(item, about),
        published_at=_time(meta, about),
        embargoed_until=_embargo(meta),
        expires=line_of(_one(meta, "expires")),
        urgency=urgency_of(urgency),
        byline=bare_byline(line_of(_one(about, "by"))) or content.byline or _creators(about),
        dateline=(line_of(_one(about, "dateline")) or "").strip(" -–—") or content.dateline,
        credit=line_of(_one(about, "creditline")),
        usage_terms=" ".join(filter(None, map(line_of, rights.get("usageTerms", ())))) or None,
        subjects=distinct(_subjects(about.get("subject", ()), parts)),
        correction_note=_best(about.get("description", ()), ("correction",)),
        unread=(*unread, "charset") if damaged else tuple(unread),
        ignored=(*_ignored(parts, rights, meta, about), *content.ignored)[:MAX_NAMED],
        internal=(*(name for name in _EDITORS if name in meta), *content.internal),
    )


def _content(content_set: Any) -> _Text:
    found = children(content_set)
    others = [f"contentSet/{name}" for name in found if name not in ("inlineXML", "inlineData")]
    for inline in found.get("inlineXML", ()):
        for root in inline:
            if (text := _inline(root)) is not None:
                return text._replace(ignored=(*text.ignored, *others))
    data = "\n\n".join("".join(each.itertext()) for each in found.get("inlineData", ())[:1])
    return _Text(text=data.strip(), ignored=tuple(others))


def _inline(root: Any) -> _Text | None:
    if name_of(root) == "nitf":
        return _Text(**body_of(root)._asdict())
    if name_of(root) in ("html", "body", "div", "section", "article"):
        head = children(_one(children(root), "head"))
        text, dropped, internal = text_of(root)
        ignored = tuple(f"text/{name}" for name in dropped if name != "head")
        return _Text(text, line_of(_one(head, "title")), ignored=ignored, internal=internal)
    return None


def _time(meta: Children, about: Children) -> str | None:
    """Of this version; else of its content, else of the first version."""
    places = ((meta, "versionCreated"), (about, "contentModified"), (about, "contentCreated"))
    for part, name in (*places, (meta, "firstCreated")):
        if time := line_of(_one(part, name)):
            return time
    return None


def _embargo(meta: Children) -> str | None:
    """An empty one is legal and has no end."""
    element = _one(meta, "embargoed")
    return None if element is None else line_of(element) or ""


def _best(listed: Iterable[Any], roles: tuple[str, ...]) -> str | None:
    """The text whose role comes first in ``roles``, the role's vocabulary left aside."""
    by_role: dict[str, str] = {}
    for each in listed:
        if text := line_of(each):
            role = (each.get("role") or each.get("roleuri") or "").lower()
            by_role.setdefault(role.rpartition(":")[2].rpartition("/")[2], text)
    return next((by_role[role] for role in roles if role in by_role), None)


def _links(meta: Children) -> Iterator[tuple[str, str]]:
    for link in meta.get("link", ()):
        relation = link.get("rel") or link.get("reluri") or ""
        name = link.get("residref") or link.get("href") or ""
        yield relation.rpartition(":")[2].rpartition("/")[2], name.strip()


def _named(status: PubStatus, meta: Children) -> tuple[NamedTarget, ...]:
    """Links that withdraw and state no target: they may call it by another id or a title."""
    relations = zip(_links(meta), meta.get("link", ()), strict=True)
    found = (
        named_target(
            line_of(link.find("{*}altId")),
            line_of(link.find("{*}slugline")),
            line_of(link.find("{*}title")),
        )
        for (relation, name), link in relations
        if relation.lower() in WITHDRAWS and not name
    )
    return tuple(filter(None, found))[:MAX_NAMED_TARGETS] if status != "usable" else ()


def _subjects(listed: Iterable[Any], parts: Children) -> Iterator[str]:
    schemes = {
        scheme.get("alias"): scheme.get("uri") or ""
        for catalog in parts.get("catalog", ())
        for scheme in catalog
        if scheme.get("alias")
    }
    named = (standard_version(ref.get("href") or "") for ref in parts.get("catalogRef", ()))
    version = next(filter(None, named), None)
    for each in listed:
        if code := each.get("qcode") or each.get("uri"):
            yield subject_code(code, schemes, version)
        elif text := each.get("literal") or _name(each):
            yield text


def _language(item: Any, about: Children) -> str | None:
    language = _one(about, "language")
    if language is not None and language.get("tag"):
        return str(language.get("tag"))
    headline = _one(about, "headline")
    own = headline.get(_LANG) if headline is not None else None
    stated = own or item.get(_LANG)
    return str(stated) if stated else None


def _creators(about: Children) -> str | None:
    names = (_name(each) for each in about.get("creator", ()) if each.find("{*}name") is not None)
    return ", ".join(filter(None, names)) or None


def _name(element: Any) -> str | None:
    """The readable name of a party; else its literal, else the code without its alias."""
    if element is None:
        return None
    named = line_of(element.find("{*}name"))
    code: str = element.get("literal") or (element.get("qcode") or "").partition(":")[2]
    return named or code or element.get("uri")


def _code(element: Any) -> str | None:
    """The code of a term; one that is there without a code says something unreadable."""
    if element is None:
        return None
    return str(element.get("qcode") or element.get("uri") or element.get("literal") or "")


def _ignored(parts: Children, *groups: Children) -> Iterator[str]:
    yield from (name for name in parts if name not in _UNDERSTOOD[""].split())
    for group, found in zip(("rightsInfo", "itemMeta", "contentMeta"), groups, strict=True):
        known = _UNDERSTOOD[group].split()
        yield from (f"{group}/{name}" for name in found if name not in known)


def _one(found: Children, name: str) -> Any:
    listed = found.get(name)
    return listed[0] if listed else None
