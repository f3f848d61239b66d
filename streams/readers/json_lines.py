"""One JSON object per article, in the fields of this project.

Text: ``title``, ``body``, ``lead``, ``key_points``. Identity: ``id``, ``version``, ``url``,
``source``, ``space``. State: ``pub_status``, ``embargoed_until``, ``expires``, ``refers_to``.
Other: ``published_at``, ``language``, ``urgency``, ``byline``, ``credit``, ``usage_terms``,
``correction_note``. Null is absent; unknown fields are ignored. ``refers_to`` is an id or a list
of ids.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, get_args

from schemas.article import PubStatus
from streams.cleaning.charset import decode, is_damaged
from streams.cleaning.identity import bounded_id
from streams.errors import Rejected
from streams.readers.draft import Draft

MAX_DEPTH = 100
MAX_VERSION = 2**63 - 1
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_STATUSES: dict[str, PubStatus] = {status: status for status in get_args(PubStatus)} | {
    "cancelled": "canceled"
}
Fields = Mapping[str, Any]


def read(value: bytes) -> tuple[Draft, ...]:
    """One draft from one object.

    Raises:
        Rejected: ``not-text``, ``bad-json``, ``bad-field`` (a text, an id or a target of a wrong
            type), ``bad-version``, ``bad-status``.
    """
    text = decode(value)
    fields = _parse(text.lstrip("\ufeff"))
    item_id, version = _name(fields, "id"), None
    try:
        version = _version(fields)
        return (_draft(fields, item_id, version, damaged=is_damaged(value, text)),)
    except Rejected as refusal:
        refusal.item_id, refusal.version = bounded_id(item_id or ""), version or 0
        raise


def _draft(fields: Fields, item_id: str | None, version: int | None, *, damaged: bool) -> Draft:
    metadata = ("source", "url", "language", "byline", "credit", "usage_terms", "correction_note")
    unread = [name for name in metadata if not isinstance(fields.get(name), str | None)]
    urgency = fields.get("urgency")
    if urgency is not None and not _is_urgency(urgency):
        unread.append("urgency")
    if damaged:
        unread.append("charset")
    return Draft(
        format="jsonl",
        text=_text(fields, "body") or "",
        title=_text(fields, "title"),
        lead=_text(fields, "lead"),
        key_points=_key_points(fields),
        item_id=item_id,
        version=version,
        status=_status(fields),
        refers_to=_targets(fields),
        space=_text(fields, "space"),
        published_at=fields.get("published_at"),
        embargoed_until=fields.get("embargoed_until"),
        expires=fields.get("expires"),
        urgency=None if "urgency" in unread else urgency,
        unread=tuple(unread),
        **{name: fields.get(name) for name in metadata if name not in unread},
    )


def _parse(text: str) -> Fields:
    _refuse_depth(text)
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected("bad-json", str(error)) from error
    if not isinstance(found, dict):
        raise Rejected("bad-json", f"an object is expected, not {type(found).__name__}")
    return found


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for char in _STRING.sub("", text):
        depth += (char in "[{") - (char in "]}")
        if depth > MAX_DEPTH:
            raise Rejected("bad-json", f"nested deeper than {MAX_DEPTH}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):  # two readers would believe two different articles
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _name(fields: Fields, field: str) -> str | None:
    """A string or a whole number; blank is absent."""
    return _as_name(fields.get(field), field)


def _as_name(value: object, field: str) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    if not isinstance(value, str | None):
        raise Rejected("bad-field", f"{field} must be a string")
    return (value or "").strip() or None


def _targets(fields: Fields) -> tuple[str, ...]:
    """The other items that this one names, each once, in their order."""
    value = fields.get("refers_to")
    names = [_as_name(one, "refers_to") for one in (value if isinstance(value, list) else [value])]
    return tuple(dict.fromkeys(name for name in names if name))


def _version(fields: Fields) -> int | None:
    value = fields.get("version")
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_VERSION:
        raise Rejected("bad-version", f"version must be a whole number from 0: {value!r:.60}")
    return value


def _status(fields: Fields) -> PubStatus:
    value = fields.get("pub_status")
    if value is None:
        return "usable"
    name = value.strip().lower().removeprefix("stat:") if isinstance(value, str) else ""
    if name not in _STATUSES:
        raise Rejected("bad-status", f"usable, withheld or canceled, not {value!r:.60}")
    return _STATUSES[name]


def _text(fields: Fields, field: str) -> str | None:
    value = fields.get(field)
    if not isinstance(value, str | None):
        raise Rejected("bad-field", f"{field} must be a string")
    return value


def _key_points(fields: Fields) -> tuple[str, ...]:
    value = fields.get("key_points")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(point, str) for point in value):
        raise Rejected("bad-field", "key_points must be a list of strings")
    return tuple(value)


def _is_urgency(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9
