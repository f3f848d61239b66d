"""NITF, the News Industry Text Format: a document of its own, or the body of a NewsML-G2 item."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from streams.readers.blocks import Blocks, text_of
from streams.readers.catalogue import distinct, subject_code
from streams.readers.draft import Draft, Reading, naming
from streams.readers.safe_xml import Tree, children, line_of, name_of, parse
from streams.readers.values import (
    MAX_NAMED,
    WITHOUT_END,
    bare_byline,
    lead_beside,
    status_of,
    urgency_of,
    version_of,
)

_EMBARGOED = "embargoed"
_UNDERSTOOD = {
    "docdata": "correction date.expire date.issue date.release doc-id du-key identified-content "
    "key-list urgency doc.copyright",
    "body.head": "hedline byline dateline abstract rights",
    "head": "title docdata tobject pubdata",
}
_EDITORS = ("ed-msg",)
_COMPACT = re.compile(r"(\d{8})T?(\d{6})?([+-]\d{4}|Z)?")


class Body(NamedTuple):
    """The parts that NITF sets apart in its body."""

    title: str | None
    lead: str | None
    byline: str | None
    dateline: str | None
    text: str
    ignored: tuple[str, ...]
    internal: tuple[str, ...]


def read(value: bytes) -> Reading:
    """The item; before it an order about another one, where the document gives it.

    Raises:
        Rejected: ``unsafe-xml``, ``too-deep``, ``bad-xml``, ``bad-version``, ``bad-status``.
    """
    tree = parse(value)
    head = children(_one(children(tree.root), "head"))
    docdata = _one(head, "docdata")
    data = children(docdata)
    item_id, key = _attribute(data, "doc-id", "id-string"), _one(data, "du-key")
    with naming(item_id):
        version = version_of(key.get("version")) if key is not None else None
    with naming(item_id, version):
        draft = _draft(tree, head, docdata, item_id, version)
        return (*_order(docdata, draft), draft)


def body_of(root: Any) -> Body:
    """Headline, lead, byline, dateline and text of a ``nitf`` element."""
    body = _one(children(root), "body")
    parts = children(body)
    head = children(_one(parts, "body.head"))
    content = _one(parts, "body.content")
    hedline = children(_one(head, "hedline"))
    title = _one(hedline, "hl1")
    abstract = _one(head, "abstract")
    text, dropped, internal = text_of(content) if content is not None else Blocks("")
    lead = text_of(abstract).text if abstract is not None else None
    ignored = [f"body.head/{name}" for name in head if name not in _names("body.head")]
    ignored += ["hedline/hl2"] if "hl2" in hedline else []
    ignored += [f"body.content/{name}" for name in dropped]
    ignored += ["body.end"] if "body.end" in parts else []
    return Body(
        title=line_of(title if title is not None else _one(head, "hedline")),
        lead=lead_beside(lead, text),
        byline=bare_byline(line_of(_one(head, "byline"))),
        dateline=(line_of(_one(head, "dateline")) or "").strip(" -–—") or None,
        text=text,
        ignored=tuple(ignored),
        internal=internal,
    )


def _draft(
    tree: Tree, head: dict[str, list[Any]], docdata: Any, item_id: str | None, version: int | None
) -> Draft:
    data, body = children(docdata), body_of(tree.root)
    stated = docdata.get("management-status") if docdata is not None else None
    embargo = _time(data, "date.release")
    if (stated or "").strip().lower() == _EMBARGOED:
        stated, embargo = None, WITHOUT_END if embargo is None else embargo
    urgency = _attribute(data, "urgency", "ed-urg")
    unread = ["urgency"] if urgency and urgency_of(urgency) is None else []
    correction = _one(data, "correction")
    status = status_of(stated)
    other = _other(correction, item_id) if status == "usable" else None
    return Draft(
        format="nitf",
        text=body.text,
        title=body.title or line_of(_one(head, "title")),
        lead=body.lead,
        item_id=item_id,
        version=version,
        status=status,
        refers_to=(other,) if other else (),
        source=_attribute(data, "doc-id", "regsrc") or _attribute(data, "doc.copyright", "holder"),
        language=tree.root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        published_at=_time(data, "date.issue")
        or _as_iso(_attribute(head, "pubdata", "date.publication")),
        embargoed_until=embargo,
        expires=_time(data, "date.expire"),
        urgency=urgency_of(urgency),
        byline=body.byline,
        dateline=body.dateline,
        subjects=distinct(_subjects(head, data)),
        usage_terms=line_of(_one(children(_body_head(tree.root)), "rights")),
        correction_note=correction.get("info") if correction is not None else None,
        unread=(*unread, "charset") if tree.damaged else tuple(unread),
        ignored=(*_ignored(head, data), *body.ignored)[:MAX_NAMED],
        internal=(*(name for name in _EDITORS if name in data), *body.internal),
    )


def _order(docdata: Any, draft: Draft) -> Iterator[Draft]:
    """A document may say that another one, named by id, is canceled or withheld."""
    target = (docdata.get("management-doc-idref") or "").strip() if docdata is not None else ""
    if not target or target == draft.item_id:
        return
    status = status_of(docdata.get("management-idref-status"))
    if status == "usable":
        return
    yield Draft(
        format="nitf",
        item_id=draft.item_id,
        version=draft.version,
        status=status,
        refers_to=(target,),
        published_at=draft.published_at,
    )


def _other(correction: Any, item_id: str | None) -> str | None:
    name = correction.get("id-string") if correction is not None else None
    return name if name and name != item_id else None


def _subjects(head: dict[str, list[Any]], data: dict[str, list[Any]]) -> Iterator[str]:
    for each in children(_one(head, "tobject")).get("tobject.subject", ()):
        number = each.get("tobject.subject.refnum")
        named = (each.get(f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
        if number:
            yield subject_code(f"subj:{number}")
        elif name := next(filter(None, named), None):
            yield name
    for listed in (*data.get("key-list", ()), *data.get("identified-content", ())):
        for each in listed:
            if name_of(each) == "keyword" and each.get("key"):
                yield each.get("key")
            elif name_of(each) == "classifier" and each.get("value"):
                yield each.get("value")


def _ignored(head: dict[str, list[Any]], data: dict[str, list[Any]]) -> Iterator[str]:
    yield from (f"head/{name}" for name in head if name not in _names("head"))
    for name in data:
        if name not in _names("docdata") and name not in _EDITORS:
            yield f"docdata/{name}"


def _names(part: str) -> list[str]:
    return _UNDERSTOOD[part].split()


def _time(data: dict[str, list[Any]], name: str) -> str | None:
    """The time of an element; one without a time is stated all the same."""
    element = _one(data, name)
    return None if element is None else _as_iso(element.get("norm") or line_of(element) or "")


def _as_iso(norm: str | None) -> str | None:
    """``20310303000000-0100`` and its kin in ISO 8601."""
    match = _COMPACT.fullmatch((norm or "").strip())
    if not match:
        return norm
    day, time, zone = match[1], match[2], match[3] or ""
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if not time:
        return date
    clock = f"T{time[:2]}:{time[2:4]}:{time[4:]}"
    return f"{date}{clock}{zone if zone in ('', 'Z') else f'{zone[:3]}:{zone[3:]}'}"


def _attribute(data: dict[str, list[Any]], name: str, attribute: str) -> str | None:
    element = _one(data, name)
    value = element.get(attribute) if element is not None else None
    return (value or "").strip() or None


def _body_head(root: Any) -> Any:
    return _one(children(_one(children(root), "body")), "body.head")


def _one(found: dict[str, list[Any]], name: str) -> Any:
    listed = found.get(name)
    return listed[0] if listed else None
