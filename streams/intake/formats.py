"""Media types to the hints of the readers, which look at the bytes for all the rest."""

HINTS = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "xml",
    "application/json": "json",
    "text/json": "json",
    "application/feed+json": "json",
    "application/ld+json": "json",
    "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/x-jsonlines": "jsonl",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/rss+xml": "xml",
    "application/atom+xml": "xml",
}
_BEGINNINGS = {"json": (b"{", b"["), "jsonl": (b"{",), "xml": (b"<",)}


def hint_of(content_type: str) -> str:
    """How to take a body of this media type apart, or nothing where it is none that can be read."""
    kind = content_type.partition(";")[0].strip().lower()
    return HINTS.get(kind) or _of_name(kind)


def hint_for(content_type: str, body: bytes) -> str:
    """The hint, if the bytes agree with it: many feeds are served under a wrong name."""
    hint = hint_of(content_type)
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return hint if start in _BEGINNINGS.get(hint, ()) else ""


def _of_name(kind: str) -> str:
    """From names such as ``application/vnd.iptc.g2.newsitem+xml``."""
    suffix = kind.rpartition("+")[2] if "/" in kind and "+" in kind else ""
    return suffix if suffix in ("json", "xml") else ""
