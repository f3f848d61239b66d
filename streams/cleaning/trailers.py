"""Lines that are no news: ratings, addresses, notes on how the text was made.

Each pattern must match a whole line of at most ``MAX_LINE`` characters; what no pattern knows
stays in the text. To teach another trailer, write a function and add it to ``TRAILERS``.
"""

import re
from collections.abc import Callable

from streams.cleaning.facts import Facts
from streams.cleaning.machine import ai_statement
from streams.cleaning.pointers import is_address, original_article, original_media, website
from streams.cleaning.ratings import bias_rating, is_rating

MAX_LINE = 320
_LINK = re.compile(r"!?\[([^\[\]]{0,120})\]\((\S{0,2048}?)\)")  # Markdown
_SIGNS = re.compile(r"[™®℠©]|\((?:TM|SM|R|C)\)", re.IGNORECASE)  # of a trade mark
_EMPHASIS = re.compile(r"(?<=:)\*\*|\*\*(?=:)")

_LABEL = re.compile(
    r"(?P<label>published(?: (?:on|at))?|publication date|date(?: published)?|posted(?: on)?"
    r"|publisher|source|author|byline|language|url|link|read more|video|audio|watch"
    r"|listen)\s*:\s*(?P<value>.{1,200})",
    re.IGNORECASE,
)
_LABELS = {"publisher": "publisher", "source": "source", "author": "byline", "byline": "byline"} | {
    "language": "language",
    **dict.fromkeys(("video", "audio", "watch", "listen"), "media"),
    "url": "url",
    "link": "url",
    "read more": "url",
}
_JOINING = {"and", "de", "der", "van", "von", "la", "le", "bin", "al", "&"}


def labelled(line: str) -> Facts | None:
    """A line such as ``Published: 3 March 2031`` or ``Publisher: The Daily Note``."""
    match = _LABEL.fullmatch(line)
    if not match:
        return None
    label, value = match["label"].lower(), match["value"].strip()
    name = _LABELS.get(label, "published")
    if name in {"url", "source", "media"} and is_address(value):
        return {"media" if name == "media" else "url": value}
    words = len(value.split())
    if (
        name in {"url", "media"}
        or words > 8
        or (name == "published" and not re.search(r"\d", value))
    ):
        return None
    return {name: value}


TRAILERS: tuple[Callable[[str], Facts | None], ...] = (
    bias_rating,
    website,
    original_media,
    original_article,
    ai_statement,
    labelled,
)
# Every trailer holds one of these; looking for them costs a tenth of trying the patterns.
_CUES = tuple(
    "bias|lean|slant|orientation|fact|ad fontes|ground news|newsguard|mbfc|allsides|rated|rates"
    "|site|page|original|full|source|complete|whole|read more|continue|read on|link|url|://|publi"
    "|date:|posted|author|byline|language| ai|(ai|a.i.|intelligen|inteligen|gpt|llm|algorithm"
    "|machine| bot| ki| ia|’ia|'ia".split("|")
)


def _has_cue(low: str) -> bool:
    for cue in _CUES:  # noqa: SIM110 - runs on every line, where ``any`` takes twice as long
        if cue in low:
            return True
    return False


def trailer(line: str) -> Facts | None:
    """What the line says beside the news; None if it is news or unknown."""
    if len(line) > MAX_LINE:
        return None
    if not _has_cue(f" {line.lower()}"):
        return None
    plain = _SIGNS.sub(
        "", _EMPHASIS.sub("", _LINK.sub(r"\1 \2", line).lstrip("*_#> ").rstrip("*_ "))
    )
    for find in TRAILERS:
        if (facts := find(plain)) is not None:
            return facts
    return None


def value_for(facts: Facts, line: str) -> Facts | None:
    """``facts`` with its one empty value filled from the next line; None if that is none."""
    for name in ("website", "url", "media"):
        if facts.get(name) == "" and is_address(line):
            return {**facts, name: line}
    if facts.get("rating") == "" and is_rating(line):
        return {**facts, "rating": line}
    return None


def byline(line: str) -> Facts | None:
    """``By Ada Quill and Tom Marsh`` on a line of its own."""
    by, _, names = line.partition(" ")
    words = names.split() if by.lower() == "by" and len(line) <= 120 else []
    named = [word for word in words if word not in _JOINING]
    plain = not any(char.isdigit() for char in names) and names[-1:] not in ".!?:"
    if len(named) >= 2 and plain and all(word[0].isupper() for word in named):
        return {"byline": names}
    return None
