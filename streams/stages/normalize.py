"""articles.raw.v1 -> articles.normalized.v1: one message's bytes become clean items.

Identity, in this order: the stated id; ``url:`` and the canonical address; ``file:``, the
publisher and the file's name; ``sha256:`` of the bytes.
"""

from collections.abc import Sequence
from typing import Any

from schemas.article import RawPosition
from schemas.base import Message
from streams.cleaning.identity import identity
from streams.cleaning.language import warm
from streams.cleaning.record import Arrival, records_of
from streams.errors import Rejected
from streams.readers import read
from streams.readers.draft import Draft
from streams.readers.split import MAX_ITEM
from streams.step import Delivered, Outcome, State

MAX_LETTERS = 20
"""Refused items of one message that are buried each by itself."""


class Normalize:
    """Reads, cleans and identifies. Without state; the language model is loaded at the start."""

    def __init__(self) -> None:
        warm()

    def __call__(self, state: State, message: Delivered) -> Outcome:
        """One message to its items.

        Raises:
            Rejected: ``empty``, ``too-large``, ``not-text``, ``no-text``, ``no-target``, a
                reader's reason (``docs/wire.md`` lists them), or the reason why a source could
                not be read (``unreadable``). Of many items in one message the refused ones are
                among the outcome's refusals, and the others go on.
        """
        arrival = arrival_of(message)
        try:
            refuse_unread(arrival)
            hint = arrival.headers.get("format", "")
            found = tuple(_tried(each, arrival) for each in read(hint, arrival.value))
            if len(found) == 1 and isinstance(found[0], Rejected):
                raise found[0]
            return _outcome(found)
        except Rejected as refusal:
            if not refusal.item_id:
                name = arrival.headers.get("name") or arrival.headers.get("origin")
                refusal.item_id = identity(None, None, name, None, arrival.value)
            raise

    def observe(self, key: str, value: Any) -> None:
        """Nothing to note: there are no rows."""


def _tried(each: Draft | Rejected, arrival: Arrival) -> tuple[Message, ...] | Rejected:
    try:
        return each if isinstance(each, Rejected) else records_of(each, arrival)
    except Rejected as refusal:
        return refusal


def _outcome(found: Sequence[tuple[Message, ...] | Rejected]) -> Outcome:
    refusals = [each for each in found if isinstance(each, Rejected)]
    outputs = (record for each in found if not isinstance(each, Rejected) for record in each)
    return Outcome(tuple(outputs), refusals=_gathered(refusals))


def _gathered(refusals: list[Rejected]) -> tuple[Rejected, ...]:
    """Each is buried with all of the message's bytes: of very many the rest shares one letter."""
    kept, rest = refusals[:MAX_LETTERS], refusals[MAX_LETTERS:]
    if rest:
        detail = f"{rest[0].detail}; and {len(rest) - 1} more items of this message"
        kept.append(Rejected(rest[0].reason, detail, item_id=rest[0].item_id))
    return tuple(kept)


def arrival_of(message: Delivered) -> Arrival:
    """The message with its headers decoded."""
    headers = {name: value.decode("utf-8", "replace") for name, value in message.headers.items()}
    position = RawPosition(topic=message.topic, partition=message.partition, offset=message.offset)
    return Arrival(message.value or b"", headers, position)


def refuse_unread(arrival: Arrival) -> None:
    """What was not read at its source, or is nothing, or too much.

    Raises:
        Rejected: ``empty``, ``too-large``, or the reason of the source.
    """
    if reason := arrival.headers.get("unreadable"):
        raise Rejected(reason, arrival.headers.get("detail", ""))
    if not arrival.value.strip():
        raise Rejected("empty", "no bytes")
    if len(arrival.value) > MAX_ITEM:
        raise Rejected("too-large", f"{len(arrival.value)} bytes, at most {MAX_ITEM}")
