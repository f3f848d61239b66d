"""How much one message may hold."""

from collections.abc import Sized
from typing import TypeVar

from streams.errors import Rejected

MAX_ITEMS = 1000
"""Items of one message: a feed, a newsMessage, a reply of an API."""
T = TypeVar("T", bound=Sized)


def bounded(items: T) -> T:
    """The same items.

    Raises:
        Rejected: ``too-many-items``, ``no-item`` if there is none.
    """
    if len(items) > MAX_ITEMS:
        raise Rejected("too-many-items", f"{len(items)} items, at most {MAX_ITEMS}")
    if not items:
        raise Rejected("no-item", "the message holds no item")
    return items
