"""Which entries a feed's document holds, without understanding it: enough to see something new.

Many feeds change with every request (a build date, an advertisement) while no entry does. Each
entry's own bytes are hashed; a document all of whose entries have been seen brings nothing new.
Takes time in proportion to the document, whatever is in it.
"""

import hashlib
import re
from collections.abc import Sequence

import orjson

MAX_ENTRIES = 2000
_BEGIN = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,31}:)?(?:item|entry)[\s>]")
_END = re.compile(rb"</(?:[A-Za-z_][\w.-]{0,31}:)?(?:item|entry)\s?>")


def entries_of(document: bytes) -> list[str]:
    """Short hashes of the entries of RSS, Atom or JSON Feed; none if it is something else."""
    parts = _of_json(document) if document.lstrip()[:1] in (b"{", b"[") else _of_xml(document)
    return list(dict.fromkeys(hashlib.sha256(part).hexdigest()[:16] for part in parts))


def remembered(now: Sequence[str], before: Sequence[str]) -> list[str]:
    """What to keep: the entries of this document, then earlier ones, bounded."""
    return list(dict.fromkeys((*now, *before)))[:MAX_ENTRIES]


def _of_xml(document: bytes) -> list[bytes]:
    found = []
    for piece in _BEGIN.split(document)[1:]:
        end = _END.search(piece)
        found.append(piece[: end.start()] if end else piece)
    return found


def _of_json(document: bytes) -> list[bytes]:
    try:
        feed = orjson.loads(document)
        items = feed.get("items") if isinstance(feed, dict) else feed
        return [orjson.dumps(item) for item in items] if isinstance(items, list) else []
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the second: nested too deeply
        return []
