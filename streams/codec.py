"""Bytes of a topic to its record; what does not fit is refused with a reason."""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from streams.errors import Rejected
from streams.step import Delivered

T = TypeVar("T")


def decode(adapter: TypeAdapter[T], message: Delivered) -> T:
    """Read the message's value as one record of the adapter's union.

    Raises:
        Rejected: ``no-value`` for a null, ``bad-record`` for anything that does not fit.
    """
    if message.value is None:
        raise Rejected("no-value", f"null on {message.topic}")
    try:
        return adapter.validate_json(message.value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Rejected("bad-record", f"{place}: {first['msg']}") from error
