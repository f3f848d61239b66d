"""The identity of an item: what all its versions share."""

import hashlib
import re

MAX_ID = 512
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_SLUG = re.compile(r"[\W_]+")


def bounded_id(stated: str) -> str:
    """The id as stated; one too long, or with control characters, is replaced by its hash."""
    stated = stated.strip()
    if len(stated) <= MAX_ID and not _CONTROL.search(stated):
        return stated
    return "sha256:" + hashlib.sha256(stated.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def identity(
    stated: str | None, url: str | None, name: str | None, publisher: str | None, raw: bytes
) -> str:
    """The first that is known: stated id, canonical URL, file name and publisher, the bytes."""
    if stated and stated.strip():
        return bounded_id(stated)
    if url:
        return bounded_id(f"url:{url}")
    if name:
        return bounded_id(f"file:{slug(publisher or '') or '-'}:{name}")
    return "sha256:" + hashlib.sha256(raw).hexdigest()[:16]


def slug(text: str) -> str:
    """Lower case words joined by hyphens: ``The Daily Note`` -> ``the-daily-note``."""
    return _NOT_SLUG.sub("-", text.casefold()).strip("-")
