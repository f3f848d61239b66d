"""One JSON object per article, in the fields of this project.

Text: ``title``, ``body``, ``lead``, ``key_points``. Identity: ``id``, ``version``, ``url``,
``source``, ``space``. State: ``pub_status``, ``embargoed_until``, ``expires``, ``refers_to``.
Other: ``published_at``, ``language``, ``urgency``, ``byline``, ``dateline``, ``credit``,
``usage_terms``, ``subjects``, ``correction_note``. Null is absent; unknown fields are ignored.
``refers_to`` is an id or a list of ids; a target without an id is an object that names it by
``number``, ``slug`` or ``headline``.
"""

from schemas.article import NamedTarget
from streams.errors import Rejected
from streams.readers.draft import Draft, Reading, naming
from streams.readers.json_object import Document, Stated, as_name
from streams.readers.values import MAX_NAMED_TARGETS, named_target, status_of, version_of


def read(document: Document) -> Reading:
    """One draft from one object.

    Raises:
        Rejected: ``bad-field`` (a text, an id or a target of a wrong type), ``bad-version``,
            ``bad-status``.
    """
    stated = Stated(document.fields)
    item_id = stated.name("id")
    with naming(item_id):
        version = version_of(stated.take("version"))
    with naming(item_id, version):
        return (_draft(stated, item_id, version, damaged=document.damaged),)


def _draft(stated: Stated, item_id: str | None, version: int | None, *, damaged: bool) -> Draft:
    status = status_of(stated.take("pub_status"))
    refers_to, named = _targets(stated.take("refers_to"))
    stated.lenient = status != "usable"
    return Draft(
        format="jsonl",
        text=stated.text("body") or "",
        title=stated.text("title"),
        lead=stated.text("lead"),
        key_points=_key_points(stated),
        item_id=item_id,
        version=version,
        status=status,
        refers_to=refers_to,
        named=named,
        space=stated.text("space"),
        source=stated.note("source"),
        url=stated.note("url"),
        language=stated.note("language"),
        byline=stated.note("byline"),
        dateline=stated.note("dateline"),
        credit=stated.note("credit"),
        usage_terms=stated.note("usage_terms"),
        correction_note=stated.note("correction_note"),
        urgency=stated.urgency("urgency"),
        subjects=_subjects(stated),
        published_at=stated.take("published_at"),
        embargoed_until=stated.take("embargoed_until"),
        expires=stated.take("expires"),
        unread=(*stated.unread, "charset") if damaged else tuple(stated.unread),
        ignored=stated.ignored(),
    )


def _targets(value: object) -> tuple[tuple[str, ...], tuple[NamedTarget, ...]]:
    """The other items that this one names, each once, in their order: by id, and without one."""
    listed = value if isinstance(value, list) else [value]
    names = [as_name(one, "refers_to") for one in listed if not isinstance(one, dict)]
    named = [_named(one) for one in listed if isinstance(one, dict)][:MAX_NAMED_TARGETS]
    return tuple(dict.fromkeys(name for name in names if name)), tuple(named)


def _named(one: dict[str, object]) -> NamedTarget:
    found = named_target(one.get("number"), one.get("slug"), one.get("headline"))
    if found is None:
        raise Rejected("bad-field", "refers_to must name number, slug or headline, or be an id")
    return found


def _key_points(stated: Stated) -> tuple[str, ...]:
    value = stated.take("key_points")
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(point, str) for point in value):
        return tuple(value)
    if not stated.lenient:
        raise Rejected("bad-field", "key_points must be a list of strings")
    stated.unread.append("key_points")
    return ()


def _subjects(stated: Stated) -> tuple[str, ...]:
    value = stated.take("subjects")
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    if value is not None:
        stated.unread.append("subjects")
    return ()
