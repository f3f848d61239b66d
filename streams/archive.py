"""Topics as files: one JSON-lines file per topic, in log order.

A line of a topic of records is the record itself. The topics that carry foreign bytes
(``articles.raw.v1`` and the dead letters) need an envelope: where, when, key, headers, value.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from schemas.article import NORMALIZED as UNION
from schemas.article import Article, Due, ItemControl
from schemas.base import Message, ValidationError, canonical_json
from schemas.topics import NORMALIZED, TOPICS, Topic
from streams.errors import DeltawireError
from streams.step import Delivered

M = TypeVar("M", bound=Message)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Archive:
    """The values of each topic in log order, by topic name; envelopes for foreign bytes.

    Args:
        cut: topics whose oldest records retention has deleted; a replay deletes nothing.
    """

    lines: Mapping[str, tuple[bytes, ...]]
    cut: frozenset[str] = frozenset()

    def records(self, topic: Topic, model: type[M]) -> Iterator[M]:
        """The topic's records of one kind, in log order.

        Raises:
            DeltawireError: a line is no such record.
        """
        yield from self._read(topic, model.from_bytes)

    def normalized(self) -> Iterator[Article | ItemControl | Due]:
        """The union on ``articles.normalized.v1``, in log order. Raises as ``records``."""
        yield from self._read(NORMALIZED, UNION.validate_json)

    def _read(self, topic: Topic, parse: Callable[[bytes], R]) -> Iterator[R]:
        for number, line in enumerate(self.lines.get(topic.name, ()), 1):
            try:
                yield parse(line)
            except ValidationError as error:
                problem = error.errors(include_url=False, include_input=False)[0]["msg"]
                where = f"{topic.name}.jsonl, line {number}"
                raise DeltawireError(f"{where}: not a record of this topic: {problem}") from error

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
    raw = TOPICS[0].name
    lines = {
        name: tuple(
            envelope(m) if name == raw or name.endswith(".dead") else m.value or b"null"
            for m in log
        )
        for name, log in messages.items()
    }
    return Archive(lines, cut)


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
