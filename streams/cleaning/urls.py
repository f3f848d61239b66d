"""Canonical addresses: two spellings of one page give one string."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from courlan import normalize_url, validate_url

MAX_URL = 2048
_BAD = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]")
# Only names that never choose a page. A wider list (cid, uid, source) would make two pages one.
_TRACKING = re.compile(
    r"(?:utm|at|mc|ns|pk|mtm|vero|oly|hsa|piwik)_\w+|(?:fbc|gc|dc|yc|ysc|twc)lid|(?:msclk|wbra|gbra|igsh)id"
    r"|igsh|_ga|_gl|gaa_\w+|cmpid|ocid|smid|smtyp|xtor|wt_mc|ref_src|ref_url|__twitter_\w+",
    re.IGNORECASE,
)


def canonical_url(url: str | None) -> str | None:
    """The address without fragment, credentials, tracking and dot segments; None if it is none.

    Example: ``HTTP://www.Example.org:80/a/../b?utm_source=x&id=2#top`` gives
    ``http://www.example.org/b?id=2``.
    """
    url = (url or "").strip()
    if not url or len(url) > MAX_URL or _BAD.search(url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises on a port that is no port
        if not parts.hostname or not validate_url(url)[0]:
            return None
        bare = SplitResult(parts.scheme, _host(parts), _path(parts.path), "", "")
        clean = urlsplit(str(normalize_url(bare)))
    except (ValueError, AttributeError):
        return None
    whole: str = urlunsplit(clean._replace(path=clean.path or "/", query=_query(parts.query)))
    return whole


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2].rstrip(".")


def _path(path: str) -> str:
    """Dot segments removed (RFC 3986, 5.2.4), also behind the text."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    """Sorted, without tracking. A query without ``=`` names a page on old sites and stays."""
    if "=" not in query:
        return quote(query, safe="/%:,;@!$'()*+~-._&")
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    return urlencode(sorted((k, v) for k, v in pairs if not _TRACKING.fullmatch(k)))
