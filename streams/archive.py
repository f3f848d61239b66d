"""Topics as files: one JSON-lines file per topic, in log order.

A line of a topic of records is the record itself, ``{"tombstone": KEY}`` the end of a compacted
one. The topics that carry foreign bytes (``articles.raw.v1`` and the dead letters) need an
envelope: where, when, key, headers, value.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from schemas.article import NORMALIZED as UNION
from schemas.article import Article, Due, ItemControl
from schemas.base import Message, ValidationError, canonical_json
from schemas.control import Control
from schemas.topics import CONTROLS, NORMALIZED, TOPICS, Topic
from streams.errors import DeltawireError
from streams.step import Delivered

M = TypeVar("M", bound=Message)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Archive:
    """The values of each topic in log order, by topic name; envelopes for foreign bytes.

    Args:
        cut: topics whose oldest records retention has deleted; a replay deletes nothing.
        times: when each line was appended; nothing where only the files are left.
    """

    lines: Mapping[str, tuple[bytes, ...]]
    cut: frozenset[str] = frozenset()
    times: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)

    def records(self, topic: Topic, model: type[M]) -> Iterator[M]:
        """The topic's records of one kind, in log order.

        Raises:
            DeltawireError: a line is no such record.
        """
        yield from (record for _, record in self._read(topic, model.from_bytes))

    def timed(self, topic: Topic, model: type[M]) -> Iterator[tuple[datetime | None, M]]:
        """As ``records``, each with the time of its appending, where that is known."""
        yield from self._read(topic, model.from_bytes)

    def orders(self) -> Iterator[tuple[datetime | None, Control]]:
        """What operators ordered, each with the time of its appending, where that is known.

        Anyone may write to that topic: what is no order is buried by ``route`` and passed over.
        """
        times = self.times.get(CONTROLS.name)
        for number, line in enumerate(self.lines.get(CONTROLS.name, ())):
            with suppress(ValidationError):
                yield times[number] if times else None, Control.from_bytes(line)

    def current(self, topic: Topic, model: type[M]) -> dict[str, M]:
        """A compacted topic as its readers have it: the last record of each key that has not ended.

        In order of first appearance. Raises as ``records``.
        """
        found: dict[str, M] = {}
        for number, line in enumerate(self.lines.get(topic.name, ()), 1):
            if line.startswith(_TOMBSTONE):
                found.pop(_ended(line), None)
            else:
                record = _parsed(topic, number, line, model.from_bytes)
                found[record.key.decode()] = record
        return found

    def ended(self, topic: Topic) -> frozenset[str]:
        """Keys of a compacted topic that have had a tombstone."""
        lines = self.lines.get(topic.name, ())
        return frozenset(_ended(line) for line in lines if line.startswith(_TOMBSTONE))

    def normalized(self) -> Iterator[Article | ItemControl | Due]:
        """The union on ``articles.normalized.v1``, in log order. Raises as ``records``."""
        yield from (record for _, record in self.timed_normalized())

    def timed_normalized(self) -> Iterator[tuple[datetime | None, Article | ItemControl | Due]]:
        """As ``normalized``, each with the time of its appending, where that is known."""
        yield from self._read(NORMALIZED, UNION.validate_json)

    def _read(
        self, topic: Topic, parse: Callable[[bytes], R]
    ) -> Iterator[tuple[datetime | None, R]]:
        times = self.times.get(topic.name)
        for number, line in enumerate(self.lines.get(topic.name, ()), 1):
            if not line.startswith(_TOMBSTONE):
                at = times[number - 1] if times else None
                yield at, _parsed(topic, number, line, parse)

    def envelopes(self, name: str) -> Iterator[dict[str, Any]]:
        """The envelopes of a topic of foreign bytes, in log order."""
        for line in self.lines.get(name, ()):
            yield orjson.loads(line)

    @property
    def dead_topics(self) -> tuple[str, ...]:
        """Names of the dead-letter topics that hold something."""
        return tuple(sorted(n for n in self.lines if n.endswith(".dead") and self.lines[n]))

    def write(self, folder: Path) -> None:
        """One file per topic; files of an earlier run are replaced."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _names():
            path, lines = folder / f"{name}.jsonl", self.lines.get(name, ())
            if name.endswith(".dead") and not lines:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(b"".join(line + b"\n" for line in lines))

    @classmethod
    def read(cls, folder: Path) -> "Archive":
        """What ``write`` wrote.

        Raises:
            DeltawireError: no run is there.
        """
        files = {name: folder / f"{name}.jsonl" for name in _names()}
        if not any(path.is_file() for path in files.values()):
            raise DeltawireError(
                f"no run in {str(folder)!r}: write one with 'deltawire replay SOURCE --out DIR', "
                "then name its folder with --out"
            )
        return cls(
            {
                name: tuple(path.read_bytes().splitlines())
                for name, path in files.items()
                if path.is_file()
            }
        )


def archive_of(
    messages: Mapping[str, Iterable[Delivered]], cut: frozenset[str] = frozenset()
) -> Archive:
    """From the messages of each topic, in log order."""
    logs = {name: tuple(log) for name, log in messages.items()}
    lines = {name: tuple(_line(name, m) for m in log) for name, log in logs.items()}
    return Archive(lines, cut, {name: tuple(m.at for m in log) for name, log in logs.items()})


_TOMBSTONE = b'{"tombstone":'
_COMPACTED = frozenset(topic.name for topic in TOPICS if topic.cleanup == "compact")


def _ended(line: bytes) -> str:
    return str(orjson.loads(line)["tombstone"])


def _parsed(topic: Topic, number: int, line: bytes, parse: Callable[[bytes], R]) -> R:
    try:
        return parse(line)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]["msg"]
        where = f"{topic.name}.jsonl, line {number}"
        raise DeltawireError(f"{where}: not a record of this topic: {problem}") from error


def _line(name: str, message: Delivered) -> bytes:
    if name == TOPICS[0].name or name.endswith(".dead"):
        return envelope(message)
    if message.value is None and message.key is not None and name in _COMPACTED:
        return canonical_json({"tombstone": _readable(message.key)})
    return message.value or b"null"


def envelope(message: Delivered) -> bytes:
    """One foreign message as one line; text stays readable, other bytes are base64."""
    return canonical_json(
        {
            "at": message.at,
            "headers": {name: _readable(value) for name, value in message.headers.items()},
            "key": _readable(message.key),
            "offset": message.offset,
            "partition": message.partition,
            "topic": message.topic,
            "value": _readable(message.value),
        }
    )


def _readable(value: bytes | None) -> Any:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}


def _names() -> Iterator[str]:
    for topic in TOPICS:
        yield topic.name
        yield topic.dead
