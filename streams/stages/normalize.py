"""articles.raw.v1 -> articles.normalized.v1: one message's bytes become clean items.

Identity, in this order: the stated id; ``url:`` and the canonical address; ``file:``, the
publisher and the file's name; ``sha256:`` of the bytes.
"""

from typing import Any

from schemas.article import RawPosition
from streams.cleaning.identity import identity
from streams.cleaning.language import warm
from streams.cleaning.record import Arrival, records_of
from streams.errors import Rejected
from streams.readers import reader_for
from streams.readers.split import MAX_ITEM
from streams.step import Delivered, Outcome, State


class Normalize:
    """Reads, cleans and identifies. Without state; the language model is loaded at the start."""

    def __init__(self) -> None:
        warm()

    def __call__(self, state: State, message: Delivered) -> Outcome:
        """One message to its items.

        Raises:
            Rejected: ``empty``, ``too-large``, ``not-text``, ``no-text``, ``no-target``,
                ``bad-json``, ``bad-field``, ``bad-version``, ``bad-status``, or the reason why a
                source could not be read (``unreadable``).
        """
        arrival = _arrival(message)
        try:
            _refuse(arrival)
            read = reader_for(arrival.headers.get("format", ""), arrival.value)
            drafts = read(arrival.value)
            return Outcome(outputs=tuple(r for draft in drafts for r in records_of(draft, arrival)))
        except Rejected as refusal:
            if not refusal.item_id:
                name = arrival.headers.get("name") or arrival.headers.get("origin")
                refusal.item_id = identity(None, None, name, None, arrival.value)
            raise

    def observe(self, key: str, value: Any) -> None:
        """Nothing to note: there are no rows."""


def _arrival(message: Delivered) -> Arrival:
    headers = {name: value.decode("utf-8", "replace") for name, value in message.headers.items()}
    position = RawPosition(topic=message.topic, partition=message.partition, offset=message.offset)
    return Arrival(message.value or b"", headers, position)


def _refuse(arrival: Arrival) -> None:
    if reason := arrival.headers.get("unreadable"):
        raise Rejected(reason, arrival.headers.get("detail", ""))
    if not arrival.value.strip():
        raise Rejected("empty", "no bytes")
    if len(arrival.value) > MAX_ITEM:
        raise Rejected("too-large", f"{len(arrival.value)} bytes, at most {MAX_ITEM}")
