"""Keys of detection's rows, and ids of events.

``item:SPACE:ITEM``   decision, version, and where the item is: event and sequence number; "frozen":
                      what its event counted of it, once its digest is a part of the event's base
``digest:SPACE:ITEM`` what the article contributes (digest.py, stored.py), until it freezes
``event:EVENT``       state and its rows, "by" the record that wrote it, "base": what froze
                      (rest.py), "ending": the items whose digests froze last, "evicted"
"""

import hashlib
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def space_key(space: str) -> str:
    """A story space as a part of keys: without a colon."""
    return space.replace("%", "%25").replace(":", "%3A")


def item_key(space: str, item_id: str) -> str:
    """Row of the latest decision about an item."""
    return f"item:{space_key(space)}:{item_id}"


def digest_key(space: str, item_id: str) -> str:
    """Row of what an article contributes."""
    return f"digest:{space_key(space)}:{item_id}"


def event_key(event_id: str) -> str:
    """Row of an event."""
    return f"event:{event_id}"


def parsed(key: str) -> tuple[str, str, str]:
    """(kind, space, id) of a key; an event has no space in its key."""
    kind, _, rest = key.partition(":")
    if kind == "event":
        return kind, "", rest
    space, _, item_id = rest.partition(":")
    return kind, space, item_id


def event_ids(space: str, item_id: str) -> Iterator[str]:
    """Ids for an event that this item opens: the first one that is free is taken."""
    name = item_id if space == "world" else f"{space}\0{item_id}"
    yield _event_id(name)
    number = 2
    while True:
        yield _event_id(f"{name}\0{number}")
        number += 1


def _event_id(name: str) -> str:
    return "ev-" + hashlib.sha256(name.encode()).hexdigest()[:16]
