"""Dead letters: what was buried, what became of it, and the two things to do about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError
from pydantic import ValidationError

from schemas.letter import LetterAudit, Place
from schemas.topics import LETTERS, MIB, dead_topic, topic_of
from streams.burial import PREFIX
from streams.config import Settings
from streams.errors import DeltawireError
from streams.kafka.connection import client_options, connected
from streams.kafka.read import Part, delivered, records
from streams.step import Delivered
from streams.topology import TOPOLOGY

SOURCES = {stage.source.dead: stage.source for stage in TOPOLOGY}
"""The topic that each dead-letter topic belongs to."""
LARGEST = max(dead_topic(source).max_bytes for source in SOURCES.values()) + MIB
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
log = structlog.get_logger()


class LetterError(DeltawireError):
    """There is no such letter, or it is settled already."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One buried message with what was done about it, oldest first.

    Args:
        headers: as they lie there; in ``message`` those of one name are one.
    """

    message: Delivered
    headers: tuple[tuple[str, bytes], ...]
    audits: tuple[LetterAudit, ...]

    @property
    def place(self) -> Place:
        """Its name: where it lies."""
        m = self.message
        return Place(topic=m.topic, partition=m.partition, offset=m.offset)

    @property
    def open(self) -> bool:
        """Whether nobody has dealt with it."""
        return not self.audits

    def why(self, name: str) -> str:
        """One of the headers that burial wrote, without their common beginning."""
        return self.message.headers.get(PREFIX + name, b"").decode(errors="replace")


async def letters(settings: Settings, topics: Sequence[str] = ()) -> list[Letter]:
    """All letters of the dead-letter topics given (default: all), by time of burial.

    Raises:
        LetterError: one of them is no dead-letter topic.
    """
    if unknown := [topic for topic in topics if topic not in SOURCES]:
        raise LetterError(f"no dead-letter topic {unknown[0]!r}; there are: {', '.join(SOURCES)}")
    wanted = topics or tuple(SOURCES)
    audits: defaultdict[Place, list[LetterAudit]] = defaultdict(list)
    rows = []
    async for row in records(settings, [Part(t) for t in (*wanted, LETTERS.name)], to_end=True):
        if row.topic != LETTERS.name:
            rows.append(row)
        elif audit := _audit(row):
            audits[audit.letter].append(audit)
    found = [
        Letter(
            delivered(row),
            tuple(row.headers),
            tuple(audits[Place(topic=row.topic, partition=row.partition, offset=row.offset)]),
        )
        for row in rows
    ]
    return sorted(found, key=_age)


def _age(letter: Letter) -> tuple[datetime, str, int, int]:
    """Letters of one batch have one time; there the offset says which came first."""
    m = letter.message
    return m.at, m.topic, m.partition, m.offset


def _audit(row: Any) -> LetterAudit | None:
    try:
        return LetterAudit.from_bytes(row.value or b"")
    except ValidationError:
        # That topic is kept for ever: a stranger's record must not lock it.
        log.warning("audit.unreadable", place=f"{row.topic}/{row.partition}/{row.offset}")
        return None


def choose(found: Iterable[Letter], names: Sequence[str], *, again: bool = False) -> list[Letter]:
    """The letters of these names.

    Raises:
        LetterError: one is unknown; or settled, and not wanted ``again``.
    """
    by_name = {str(letter.place): letter for letter in found}
    for name in names:
        if name not in by_name:
            raise LetterError(f"no letter {name!r}: 'deltawire dead list --all' names them")
        if not again and not by_name[name].open:
            done = by_name[name].audits[-1]
            raise LetterError(
                f"{name} was {done.action} by {done.by} on {done.at:%Y-%m-%d %H:%M}; "
                "'dead redrive --again' sends it once more"
            )
    return [by_name[name] for name in dict.fromkeys(names)]


def topics_of(names: Iterable[str]) -> list[str]:
    """The dead-letter topics that these letters can lie on."""
    return sorted({name.partition("/")[0] for name in names} & SOURCES.keys())


async def settle(
    settings: Settings,
    chosen: Sequence[Letter],
    action: Literal["redriven", "discarded"],
    *,
    by: str,
    reason: str | None,
) -> list[LetterAudit]:
    """Send the letters again, or give them up; one audit record each, written last.

    Raises:
        LetterError: the broker does not take one; those before it are done.
        DeltawireError: as ``connected``; what has an audit record is done.
    """
    producer = AIOKafkaProducer(
        **client_options(settings), enable_idempotence=True, acks="all", max_request_size=LARGEST
    )
    audits: list[LetterAudit] = []
    async with connected(settings, producer):
        for letter in chosen:
            try:
                place = await _redrive(producer, letter) if action == "redriven" else None
                audit = LetterAudit(
                    letter=letter.place,
                    action=action,
                    redriven_to=place,
                    by=by,
                    reason=reason,
                    at=datetime.now(UTC),
                )
                topic = topic_of(audit).name
                await producer.send_and_wait(topic, audit.to_bytes(), key=audit.key)
            except TOO_LARGE as error:
                raise LetterError(
                    f"{letter.place}: the broker does not take it: {error!r}; "
                    f"letters {action} before it: {len(audits)}"
                ) from error
            audits.append(audit)
    return audits


async def _redrive(producer: AIOKafkaProducer, letter: Letter) -> Place:
    """The original bytes, key and headers to where they came from."""
    message = letter.message
    key = message.key
    if key is None and message.value is None:
        key = b""  # aiokafka does not send such a message as it was
    headers = [pair for pair in letter.headers if not pair[0].startswith(PREFIX)]
    done = await producer.send_and_wait(
        SOURCES[message.topic].name, message.value, key=key, headers=headers
    )
    return Place(topic=done.topic, partition=done.partition, offset=done.offset)
