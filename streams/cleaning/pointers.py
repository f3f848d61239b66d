"""Pointers to elsewhere: the publisher's website, the original video, the original article."""

import re

from streams.cleaning.facts import Facts

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"()\[\]]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?:/[^\s]*)?", re.IGNORECASE)
_WEBSITE = re.compile(
    r"(?:visit |see )?(?:the |their |our )?(?:official |publisher(?:'s|’s)? |source )?"
    r"(?:web\s?site|web page|home\s?page|site)(?: of [^:]{2,60}| address| url)?"
    r"(?:\s*[:：–—-]\s*|\s+|$)",
    re.IGNORECASE,
)
_SEE = r"(?:(?:please )?(?:click here to |here to )?(?:watch|see|view|read|listen to|play|open) )?"
_HERE = (
    r"(?: (?:is |can be )?(?:available|found|seen|watched|read|viewed))?"
    r"(?: (?:right )?here| below| at| on| from)?"
)
_FORM = r"(?:video|audio|podcast|clip|footage|broadcast|recording|episode|photo|image|picture)s?"
_TEXT = r"(?:article|story|text|post|report|piece|version|source|publication)"
_MEDIA = re.compile(
    rf"(?:link to )?{_SEE}(?:the )?(?:(?:original|full|source|complete|whole) {_FORM}"
    rf"(?: (?:report|link|source|version))?|{_FORM} (?:link|source|url)){_HERE}\s*[.:：–—-]?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    rf"(?:link to )?{_SEE}(?:the )?(?:(?:original|full|source|complete|whole) {_TEXT}"
    rf"(?: (?:link|url))?|(?:{_TEXT} )?(?:link|url|permalink)){_HERE}\s*[.:：–—-]?",
    re.IGNORECASE,
)

# Read the original here; Watch the original. One of the two words must stand beside it.
_BARE = r"(?:the |our )?(?:original|full|source)"
_AT = r"(?: right)?(?: here| below| at| on)?\s*[.:：–—-]?"
_SHOWN = re.compile(rf"(?:please )?(?:watch|listen to) {_BARE}{_AT}", re.IGNORECASE)
_SOURCE = re.compile(
    rf"(?:please )?(?:click here to |here to )?(?:read|see|view|open|find) {_BARE}{_AT}"
    rf"|{_BARE} (?:here|below)[.:]?|(?:read more|continue reading|read on){_AT}",
    re.IGNORECASE,
)
MAX_POINTER = 120
"""Characters of a pointer beside its address."""


def website(line: str) -> Facts | None:
    """The publisher's official website, with or without its address."""
    match = _WEBSITE.match(line)
    if not match:
        return None
    rest = line[match.end() :].strip(" .")
    if not rest and re.search("official|:", line, re.IGNORECASE):
        return {"website": ""}
    return {"website": rest} if is_address(rest) else None


def original_media(line: str) -> Facts | None:
    """A pointer to the video, recording or picture that the text was made from."""
    return _pointer(line, _MEDIA, "media") or _pointer(line, _SHOWN, "media")


def original_article(line: str) -> Facts | None:
    """A pointer to the article that the text was made from."""
    return _pointer(line, _ARTICLE, "url") or _pointer(line, _SOURCE, "url")


def is_address(text: str) -> bool:
    """True for one URL or bare domain and nothing else."""
    return _URL.fullmatch(text) is not None or _DOMAIN.fullmatch(text) is not None


def _pointer(line: str, pattern: re.Pattern[str], name: str) -> Facts | None:
    url = _URL.search(line)
    words = (line[: url.start()] + line[url.end() :]) if url else line
    if len(words) > MAX_POINTER or not pattern.fullmatch(words.strip(" .()<>→»")):
        return None
    return {name: url.group().rstrip(".,;") if url else ""}
