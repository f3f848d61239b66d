"""ninjs 1.x, 2.x and 3.x: IPTC's news in JSON.

The three differ in spelling: 1.x has ``body_text`` and the like, 2.x lists of ``bodies``, 3.x the
same in camel case. Names are compared in lower case, so that one table reads all three.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from schemas.article import NamedTarget, PubStatus
from streams.errors import Rejected
from streams.readers.catalogue import distinct, subject_code
from streams.readers.draft import Draft, Reading, naming
from streams.readers.json_object import Document, Fields, Stated
from streams.readers.values import (
    MAX_NAMED_TARGETS,
    WITHDRAWS,
    bare_byline,
    lead_beside,
    named_target,
    status_of,
    strictest,
    targets,
    version_of,
)

_SILENT = {"picture", "graphic", "audio", "video", "event", "planning", "component"}
"""Types whose items are no stories unless they bring a body."""
_OURS = ("id", "body", "published_at")
_LEADS = ("summary", "abstract", "lead", "main", "text", "")
_FIRST, _HTML, _PLAIN = ("main", "html", "text", ""), "html", "plain"


def claims(fields: Fields) -> bool:
    """True for an object that names itself by ``uri`` and has none of this project's own names.

    Some writers call it ``guid``; beside it a time in the manner of ninjs must stand.
    """
    named = isinstance(fields.get("uri"), str)
    named = named or (isinstance(fields.get("guid"), str) and "versioncreated" in fields)
    return named and not any(name in fields for name in _OURS)


def read(document: Document) -> Reading:
    """One draft from one object.

    Raises:
        Rejected: ``bad-json`` (one name in two spellings), ``bad-field``, ``bad-version``,
            ``bad-status``, ``not-a-story`` (a picture, an event ... without a body).
    """
    lower = {name.lower(): value for name, value in document.fields.items()}
    if len(lower) != len(document.fields):
        raise Rejected("bad-json", "a name stands twice in two spellings")
    stated = Stated(lower, {name.lower(): name for name in document.fields})
    item_id = stated.name("uri", "guid")
    with naming(item_id):
        version = version_of(stated.take("version"))
    with naming(item_id, version):
        generation = _generation(document.fields, stated.take("standard"))
        return (_draft(stated, item_id, version, generation, damaged=document.damaged),)


def _draft(
    stated: Stated, item_id: str | None, version: int | None, generation: int, *, damaged: bool
) -> Draft:
    status = status_of(stated.take("pubstatus"))
    stated.lenient = status != "usable"
    text = _body(stated)
    kind = stated.note("type") or "text"
    named = _named(status, stated.peek("associations"))
    lead = _lead(stated)
    if kind in _SILENT and not text and status == "usable":
        raise Rejected("not-a-story", f"{kind} without a body")
    return Draft(
        format=f"ninjs-{generation}",
        text=text,
        title=_headline(stated),
        lead=lead_beside(lead, text),
        item_id=item_id,
        version=version,
        status=status,
        refers_to=targets(status, item_id, _relations(stated.peek("associations")), named),
        named=named,
        source=_first_name(stated.objects("infosources", "infosource"))
        or stated.note("copyrightholder"),
        url=item_id if item_id and item_id.startswith(("http://", "https://")) else None,
        language=stated.note("language"),
        published_at=stated.take("versioncreated", "contentcreated", "firstcreated"),
        embargoed_until=strictest(stated.all("embargoed", "embargoeduntil")),
        expires=stated.take("expires"),
        urgency=stated.urgency("urgency"),
        byline=bare_byline(stated.note("byline", "by")),
        credit=stated.note("creditline"),
        usage_terms=stated.note("usageterms"),
        subjects=distinct(_subjects(stated.objects("subjects", "subject"))),
        correction_note=_of_role(stated.objects("descriptions"), ("correction",)),
        internal=stated.internal("ednote", "ednotes", "signal"),
        unread=(*stated.unread, "charset") if damaged else tuple(stated.unread),
        ignored=stated.ignored(),
    )


def _generation(fields: Fields, standard: Any) -> int:
    """1, 2 or 3, by what the object says of itself, else by its names."""
    version = standard.get("version") if isinstance(standard, dict) else None
    if isinstance(version, str) and version[:1] in ("1", "2", "3"):
        return int(version[0])
    if any(name != name.lower() for name in fields):
        return 3
    return 2 if any(name in fields for name in ("headlines", "bodies", "descriptions")) else 1


def _headline(stated: Stated) -> str | None:
    single = stated.text("headline")
    listed = _of_role(stated.objects("headlines"), _FIRST)
    short = stated.note("title")
    return listed or single or short


def _body(stated: Stated) -> str:
    """Marked-up bodies first: they show where paragraphs end."""
    bodies = stated.objects("bodies")
    marked = [each for each in bodies if _HTML in _content_type(each)]
    plain = [each for each in bodies if _HTML not in _content_type(each)]
    single = stated.text("body_xhtml", "body_html", "body_text")
    stated.take("charcount", "wordcount")
    return _of_role(marked, _FIRST) or _of_role(plain, _FIRST) or single or ""


def _lead(stated: Stated) -> str | None:
    single = stated.text("description_text", "description_xhtml", "description_html")
    return _of_role(stated.objects("descriptions"), _LEADS) or single


def _content_type(each: Fields) -> str:
    value = _lower(each).get("contenttype")
    return value.lower() if isinstance(value, str) else ""


def _of_role(listed: Iterable[Fields], roles: tuple[str, ...]) -> str | None:
    """The value whose role comes first in ``roles``."""
    by_role: dict[str, str] = {}
    for each in listed:
        role, value = each.get("role"), each.get("value")
        if isinstance(value, str) and value.strip():
            by_role.setdefault(_code(role), value)
    return next((by_role[role] for role in roles if role in by_role), None)


def _code(role: object) -> str:
    return role.rpartition(":")[2].rpartition("/")[2].lower() if isinstance(role, str) else ""


def _first_name(listed: list[Fields]) -> str | None:
    return next((each["name"] for each in listed if isinstance(each.get("name"), str)), None)


def _subjects(listed: list[Fields]) -> Iterator[str]:
    for each in listed:
        known = {name: value for name, value in each.items() if isinstance(value, str) and value}
        code, scheme = known.get("code") or known.get("literal"), known.get("scheme")
        if uri := known.get("uri"):
            yield subject_code(uri)
        elif code and scheme:
            yield subject_code(f"{scheme}{code}" if scheme[-1] in "/#" else f"{scheme}:{code}")
        elif code or known.get("name"):
            yield subject_code(code or known["name"])


def _relations(value: object) -> Iterator[tuple[str, str]]:
    """(relation, uri) of associated items."""
    for relation, item in _associated(value):
        if isinstance(item.get("uri"), str):
            yield relation, item["uri"]


def _associated(value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """(relation, item) of associated items: a dict by name in 1.x, else a list."""
    if isinstance(value, dict):
        named = [(name, each) for name, each in value.items()]
    else:
        named = [("", each) for each in value] if isinstance(value, list) else []
    for name, each in named:
        for item in each if isinstance(each, list) else [each]:
            if isinstance(item, dict):
                yield _code(item.get("rel") or item.get("name") or name), item


def _named(status: PubStatus, value: object) -> tuple[NamedTarget, ...]:
    """Items that are to be withdrawn and have no uri: by another id, a slugline or a headline."""
    found = (
        _named_target(_lower(item))
        for relation, item in _associated(value)
        if relation in WITHDRAWS and not isinstance(item.get("uri"), str)
    )
    return tuple(filter(None, found))[:MAX_NAMED_TARGETS] if status != "usable" else ()


def _named_target(item: dict[str, Any]) -> NamedTarget | None:
    ids, headlines = item.get("altids"), item.get("headlines")
    others = list(ids.values()) if isinstance(ids, dict) else ids if isinstance(ids, list) else []
    values = [each.get("value") if isinstance(each, dict) else each for each in others]
    listed = headlines if isinstance(headlines, list) else []
    main = _of_role([each for each in listed if isinstance(each, dict)], _FIRST)
    headline = main or item.get("headline") or item.get("title")
    return named_target(next(iter(values), None), item.get("slugline"), headline)


def _lower(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in fields.items()}
