"""One JSON object, parsed strictly, and its fields taken one by one."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from streams.cleaning.charset import decode, is_damaged
from streams.errors import Rejected
from streams.readers.values import MAX_NAMED, urgency_of

MAX_DEPTH = 100
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
Fields = Mapping[str, Any]


class Document(NamedTuple):
    """The object, and whether bytes of it had to be replaced."""

    fields: Fields
    damaged: bool


def parse(value: bytes) -> Document:
    """One object. Names that stand twice, NaN and depth are refused.

    Raises:
        Rejected: ``not-text``, ``bad-json``.
    """
    text = decode(value)
    return Document(parse_text(text.lstrip("\ufeff")), is_damaged(value, text))


def parse_text(text: str) -> Fields:
    """``parse`` of what is text already."""
    _refuse_depth(text)
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Rejected("bad-json", str(error)) from error
    if not isinstance(found, dict):
        raise Rejected("bad-json", f"an object is expected, not {type(found).__name__}")
    return found


class Stated:
    """The fields of one object. Remembers what was taken and what could not be read.

    Null is absent. Where several names are given, the first that is stated counts. ``lenient``:
    a text of a wrong type is unread and no refusal; a kill must not fail by its text.
    """

    __slots__ = ("_fields", "_shown", "_taken", "lenient", "unread")

    def __init__(self, fields: Fields, shown: Mapping[str, str] | None = None):
        """``shown``: names for people, where ``fields`` has them in another spelling."""
        self._fields = fields
        self._shown = shown or {}
        self._taken: set[str] = set()
        self.lenient = False
        self.unread: list[str] = []

    def take(self, *names: str) -> Any:
        """A value of any type."""
        self._taken.update(names)
        found = (self._fields.get(name) for name in names)
        return next((value for value in found if value is not None), None)

    def peek(self, name: str) -> Any:
        """A value that stays among the ignored ones: only a part of it is read."""
        return self._fields.get(name)

    def all(self, *names: str) -> list[Any]:
        """Every one of the values that is stated."""
        self._taken.update(names)
        return [self._fields[name] for name in names if self._fields.get(name) is not None]

    def text(self, *names: str) -> str | None:
        """A part of the item's text.

        Raises:
            Rejected: ``bad-field`` if it is no string.
        """
        if self.lenient:
            return self.note(*names)
        value = self.take(*names)
        if not isinstance(value, str | None):
            raise Rejected("bad-field", f"{self._name(names)} must be a string")
        return value

    def name(self, *names: str) -> str | None:
        """An identity: a string or a whole number; blank is absent.

        Raises:
            Rejected: ``bad-field``.
        """
        return as_name(self.take(*names), self._name(names))

    def note(self, *names: str) -> str | None:
        """A string beside the text; of another type it is unread."""
        value = self.take(*names)
        if isinstance(value, str | None):
            return value
        self._note_unread(names)
        return None

    def urgency(self, *names: str) -> int | None:
        """1 to 9; anything else is unread."""
        value = self.take(*names)
        found = urgency_of(value)
        if found is None and value is not None:
            self._note_unread(names)
        return found

    def objects(self, *names: str) -> list[Fields]:
        """The objects of a list; a single one counts as a list of one."""
        value = self.take(*names)
        listed = value if isinstance(value, list) else [] if value is None else [value]
        found: list[Fields] = [each for each in listed if isinstance(each, dict)]
        if len(found) < len(listed):
            self._note_unread(names)
        return found

    def internal(self, *names: str) -> tuple[str, ...]:
        """Those of the names that are stated: for editors, their values are not read."""
        self._taken.update(names)
        return tuple(self._shown.get(n, n) for n in names if self._fields.get(n) is not None)

    def ignored(self) -> tuple[str, ...]:
        """The names of all that is stated and was not taken."""
        return tuple(sorted(self._left()))[:MAX_NAMED]

    def _left(self) -> Iterator[str]:
        for name, value in self._fields.items():
            if name not in self._taken and value not in (None, "", [], {}):
                yield self._shown.get(name, name)[:60]

    def _name(self, names: tuple[str, ...]) -> str:
        stated = next((name for name in names if self._fields.get(name) is not None), names[0])
        return self._shown.get(stated, stated)

    def _note_unread(self, names: tuple[str, ...]) -> None:
        self.unread.append(self._name(names))


def as_name(value: object, field: str) -> str | None:
    """A string or a whole number as an id; blank is absent.

    Raises:
        Rejected: ``bad-field``.
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return str(value)
    if not isinstance(value, str | None):
        raise Rejected("bad-field", f"{field} must be a string")
    return (value or "").strip() or None


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for char in re.sub(r"[^\[\]{}]+", "", _STRING.sub("", text)):
        depth += 1 if char in "[{" else -1
        if depth > MAX_DEPTH:
            raise Rejected("bad-json", f"nested deeper than {MAX_DEPTH}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):  # two readers would believe two different articles
        raise ValueError("a name stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
