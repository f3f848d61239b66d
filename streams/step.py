"""What a step is: a pure function from state and one record to an outcome.

A step knows no Kafka, no clock, no environment. The agent sends the outputs, awaits them, then
applies the puts, then acks: so a repeat finds itself applied, and a prefix of the puts must be
harmless (write the decisive one last).
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from schemas.base import Message
from streams.errors import Rejected

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Where a log stands that has not stated any time."""

State = Mapping[str, Any]
"""Rows of one table by key. Values are plain JSON values, frozen by convention."""

Put = tuple[str, Any]
"""(key, new value); None deletes the row."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One message as the transport handed it over."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]
    at: datetime  # append time of the log, UTC


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The end of a compacted topic's key: a record without a value."""

    topic: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step decided: records to send, rows to put, parts of the input to bury, and keys
    whose records end."""

    outputs: tuple[Message, ...] = ()
    puts: tuple[Put, ...] = ()
    refusals: tuple[Rejected, ...] = field(default=())
    tombstones: tuple[Tombstone, ...] = ()


class Step(Protocol):
    """One stage's logic."""

    def __call__(self, state: State, message: Delivered) -> Outcome:
        """Decide one message.

        Raises:
            Rejected: the whole message can never pass.
        """
        ...

    def observe(self, key: str, value: Any) -> None:
        """Note a row that was put (None: deleted), at work or at recovery.

        Whatever a step keeps in memory is derived from rows here and from nothing else.
        """
        ...


@runtime_checkable
class Timed(Protocol):
    """A step for which something falls due."""

    def due(self, now: datetime) -> Sequence[Message]:
        """Notices for all that is due at log time ``now``.

        The same ones again until they are applied: a notice is idempotent, and whether its time
        has come is decided when it is read, by the log's time and not by the sender's clock.
        """
        ...


def settle(step: Step, rows: MutableMapping[str, Any], outcome: Outcome) -> None:
    """Apply the puts to rows in memory and tell the step, as an agent does with its table."""
    for key, value in outcome.puts:
        if value is None:
            rows.pop(key, None)
        else:
            rows[key] = value
        step.observe(key, value)
