"""A publisher's blurb: a closing paragraph that says, as an encyclopedia would, what an outlet is.

News about an outlet reads differently: it quotes, it names weekdays. Such a paragraph stays.
"""

import re
from collections.abc import Sequence

from streams.cleaning.facts import Facts

MAX_BLURB = 1500
MAX_PARAGRAPHS = 3
_IS = re.compile(r" (?:is|was) (?:an? |the |one of |[A-Z]\w+(?:'s|’s) )")
_OUTLET = re.compile(
    r"\b(?:broadcast(?:er|ing)\b|newspapers?\b|news ?papers?\b|newswire|magazine|tabloid|broadsheet"
    r"|journal\b|periodical|publisher\b|radio\b|wire service|news service|newsroom|daily\b|weekly\b"
    r"|(?:news|press|media|television|tv|radio|broadcast|journalis\w+|current affairs)\W"
    r"(?:[\w-]+,? (?:and |or )?){0,5}?"
    r"(?:agency|agencies|websites?|web site|site|outlets?|networks?|channels?|stations?|publication"
    r"|compan(?:y|ies)|organi[sz]ations?|corporation|conglomerate|group|service|division|portal"
    r"|platform|programm?e?|show|brand|startup|cooperative|source|aggregator|blog|arm|project))",
    re.IGNORECASE,
)
_ROOTS = re.compile(
    r"\b(?:founded|established|launched|headquartered|based|owned|operated|published|seat|funded"
    r"|created|broadcasts?|circulation|subsidiary|incorporated|run by|started|formed)\b"
)
_NEWS = re.compile(
    r"\b(?:(?:on|last|since|until|by|late|early|next) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|said|says|told|announced|yesterday"
    r"|today(?! is\b)|tomorrow|this (?:week|month|year)|last (?:week|month|year)|earlier this"
    r"|accused|condemned|arrested|protest\w*|lawsuit|allegedly|according to)\b(?! Today)"
)
_QUOTE = re.compile(r"[\"“”«»]")
_LEAD_IN = re.compile(
    r"^(?:About (?:the )?[^:]{2,60}:\s*|(?:Founded|Established|Launched|Based|Headquartered|Created"
    r"|Formed|Since|First published)[^,]{1,60}, (?=[A-Z]))"
)
_HEADER = re.compile(r"About (?:the |this )?[\w .&'’-]{2,60}:?")
_ASIDE = re.compile(r"\s*\([^()]{0,160}\)|,.*$")
_SMALL = {"of", "the", "and", "de", "la", "le", "für", "for", "in", "on", "&", "und", "der", "al"}
_PRONOUNS = {"It", "This", "He", "She", "They", "That", "There", "Here", "What"}
_ACRONYM = re.compile(r"[Tt]he ((?:[A-Z0-9]\.?){2,8})")
_GOES_ON = re.compile(r"(?:It|Its|The|They|Originally|Founded|Since|Headquartered|Owned)\b")


def publisher_of(paragraph: str) -> str | None:
    """The outlet that ``paragraph`` describes; None if it is no such description."""
    if len(paragraph) > MAX_BLURB:
        return None
    text = _LEAD_IN.sub("", paragraph)
    verb = _IS.search(text, 1, 360)
    if not verb or not _OUTLET.search(text[verb.start() : verb.end() + 200].split(". ")[0]):
        return None
    name = _ASIDE.sub("", text[: verb.start()]).strip()
    return _bare(name) if _is_name(name) and not reads_like_news(paragraph) else None


def goes_on(paragraph: str) -> bool:
    """True if the paragraph may be the next one of a blurb."""
    first = _GOES_ON.match(paragraph)
    if not first or reads_like_news(paragraph):
        return False
    of_outlet = _ROOTS.search(paragraph) or _OUTLET.search(paragraph)
    return bool(first[0] not in ("The", "They") or of_outlet)


def is_header(paragraph: str) -> bool:
    """``About Delta Wire:`` on a line of its own."""
    return _HEADER.fullmatch(paragraph) is not None


def reads_like_news(text: str) -> bool:
    """True if the text names a day, reports speech or tells of an incident."""
    return _NEWS.search(text) is not None


def take_blurb(paragraphs: Sequence[str], *, among_trailers: bool) -> tuple[int, Facts]:
    """(number of closing paragraphs that are a blurb, what they say); 0 where there is none.

    Without other trailers beside it a blurb must also tell of the outlet's founding, seat or
    owner, and the outlet must not be what the article is about.
    """
    for count in range(1, min(MAX_PARAGRAPHS, len(paragraphs) - 1) + 1):
        first, *more = paragraphs[-count:]
        name = publisher_of(first)
        if name and all(goes_on(text) for text in more):
            before = paragraphs[:-count]
            if among_trailers or _stands_apart(first, name, before):
                header = len(before) > 1 and is_header(before[-1])
                blurb = "\n\n".join([first, *more])
                return count + header, {"publisher": name, "blurb": blurb}
    return 0, {}


def _stands_apart(paragraph: str, name: str, before: Sequence[str]) -> bool:
    text = " ".join(before)
    told = bool(_ROOTS.search(paragraph)) and not _QUOTE.search(paragraph)
    return told and len(before) > 1 and name.split()[-1] not in text


def _bare(name: str) -> str:
    """Without the article before an acronym: ``The NNC`` -> ``NNC``; other names keep theirs."""
    return match[1] if (match := _ACRONYM.fullmatch(name)) else name


def _is_name(name: str) -> bool:
    words = name.split()
    if not 0 < len(words) <= 9 or words[0] in _PRONOUNS:
        return False
    written = [w for w in words if w.lower() not in _SMALL and "." not in w]
    return len(words) == 1 or not any(word[0].islower() for word in written)
