"""What is written when a message cannot pass: headers for the dead letter, and a fate."""

import hashlib
import traceback
from collections.abc import Iterable

from schemas.fate import ItemFate
from streams.errors import MAX_DETAIL, Rejected
from streams.step import Delivered

PREFIX = "__connect.errors."
"""Header names as Kafka Connect writes them, so that common tools can show a dead letter."""
HEADER_NAMES = PREFIX + "header.names"
"""A header that a message gets when it is read: the bytes of its headers' names that are not UTF-8,
one a line. Those names stand there with ``?`` for what is no text (streams/transports/names.py)."""
BUG = "bug"
MAX_TRACE = 32_768
"""Characters of a stack trace that are kept, the last ones; the letter must fit its topic."""
MAX_ID = 1024

Headers = tuple[tuple[str, bytes], ...]


def dead_headers(
    stage: str, message: Delivered, failure: Exception, original: Iterable[tuple[str, bytes]]
) -> Headers:
    """The original headers, then why and where the message failed.

    Those of an earlier burial are replaced, so that a letter can be driven again.
    """
    kept = tuple(
        (name, value)
        for name, value in original
        if not name.startswith(PREFIX) or name == HEADER_NAMES
    )
    kind = type(failure)
    facts = {
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "stage": stage,
        "reason": reason_of(failure),
        "exception.class.name": f"{kind.__module__}.{kind.__qualname__}",
        "exception.message": str(failure)[: 2 * MAX_DETAIL],
    }
    if not isinstance(failure, Rejected):
        facts["exception.stacktrace"] = "".join(traceback.format_exception(failure))[-MAX_TRACE:]
    return kept + tuple((PREFIX + name, _clean(text).encode()) for name, text in facts.items())


def fate_of(stage: str, message: Delivered, failure: Exception) -> ItemFate:
    """The line that says what became of the item: rejected, or buried by our own mistake."""
    stated = message.headers.get("origin")
    origin = None if stated is None else stated.decode(errors="replace")
    common = {
        "stage": stage,
        "reason": reason_of(failure),
        "origin": origin or getattr(failure, "origin", None),
        "at": message.at,
    }
    if not isinstance(failure, Rejected):
        detail = _clean(repr(failure))[:MAX_DETAIL]
        return ItemFate(item_id=_digest(message), version=0, fate="buried", detail=detail, **common)
    return ItemFate(
        item_id=_clean(failure.item_id[:MAX_ID]) or _digest(message),
        version=max(0, failure.version),
        fate="rejected",
        detail=_clean(failure.detail) or None,
        **common,
    )


def reason_of(failure: Exception) -> str:
    """The slug: stable across releases."""
    return failure.reason if isinstance(failure, Rejected) else BUG


def _clean(text: str) -> str:
    # A lone surrogate out of broken input cannot be written; a burial must never fail on it.
    return text.encode(errors="replace").decode()


def _digest(message: Delivered) -> str:
    return f"sha256:{hashlib.sha256(message.value or b'').hexdigest()[:16]}"
