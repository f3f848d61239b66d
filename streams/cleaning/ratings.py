"""A media bias rating as printed under a text: what it says and who gave it."""

import re

from streams.cleaning.facts import Facts

_RATERS = (
    r"AllSides|Media Bias\s?/\s?Fact Check|Media Bias Fact Check|MBFC|Ad Fontes(?: Media)?"
    r"|Ground News|NewsGuard|Biasly|The Factual"
)
_SIDE = re.compile(
    r"\b(?:left|right|cent(?:er|re)|centrist|middle|mixed|neutral|balanced|least biased|unbiased"
    r"|lean\w*|skews?|moderate|liberal|conservative|partisan|pro-science|not rated|unrated"
    r"|questionable|satire|high|low|hyper-\w+|\d{1,3}(?:\.\d+)?)\b",
    re.IGNORECASE,
)
_ONLY_SIDES = re.compile(
    r"(?:(?:far|hard|extreme|extremely|lean|leans|leaning|skews?|slight|slightly|moderate"
    r"|moderately|somewhat|strong|strongly|mostly|least|not|to|the|of|and|or|rated|unrated|biased"
    r"|unbiased|left|right|cent(?:er|re|rist)|middle|mixed|neutral|balanced|liberal|conservative"
    r"|progressive|wing)(?:[\s/–-]+|$))+",
    re.IGNORECASE,
)
_LABEL = (
    r"(?:(?:media|political|editorial|publisher|outlet|source|news)\s+)?"
    r"(?:bias|leaning|lean|slant|orientation)(?:\s+(?:rating|score))?"
)
MAX_WORDS = 6
_COLON = r"\s*[:：–—-]\s*"
_RATINGS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # AllSides Media Bias Rating: Center
        rf"(?P<scheme>{_RATERS})(?:['’]s?)?\s+(?:media\s+)?bias(?:\s+rating)?s?"
        rf"{_COLON}(?P<rating>.{{0,60}})",
        # Any other scheme must say that it rates
        rf"(?P<scheme>(?!media bias)[A-Z][\w&/.' -]{{1,40}}?)(?:['’]s?)?\s+(?:media\s+)?bias\s+"
        rf"ratings?{_COLON}(?P<rating>.{{0,60}})",
        # Bias rating (AllSides): Lean Right
        rf"(?:media\s+)?bias(?:\s+rating)?s?\s*(?:\(|by\s+|from\s+|according to\s+|per\s+)"
        rf"(?P<scheme>[^():]{{2,40}}?)\)?{_COLON}(?P<rating>.{{0,60}})",
        # Media bias rating: Left (AllSides)
        rf"(?:media\s+)?bias\s+ratings?{_COLON}(?P<rating>[^()]{{1,40}}?)"
        r"(?:\s*\((?:by |per |source: )?(?P<scheme>[^()]{2,40})\)"
        r"|,?\s+(?:by|per|according to)\s+(?P<scheme2>.{2,40}))",
        rf"(?:media\s+)?bias\s+rating{_COLON}(?P<rating>.{{0,60}})",
        # Media Bias/Fact Check: Left-Center
        rf"(?P<scheme>{_RATERS})(?:\s+rating)?{_COLON}(?P<rating>.{{0,60}})",
        # Rated Lean Left by AllSides
        r"(?:.{1,60} is )?rated(?: as)?[\s:]+(?P<rating>.{2,40}?)\s+by\s+"
        rf"(?P<scheme>{_RATERS})",
        # AllSides rates The Daily Note as Center
        rf"(?P<scheme>{_RATERS})\s+rates?\s+.{{2,60}}?\s+as\s+(?P<rating>.{{2,40}})",
    )
)

# Bias: Left; Political leaning (AllSides): Center. A label so common needs a rating and no more.
_PLAIN = re.compile(
    rf"{_LABEL}(?:\s*(?:\(|by\s+|from\s+|according to\s+|per\s+)(?P<scheme>[^():]{{2,40}}?)\)?)?"
    rf"{_COLON}(?P<rating>[^()]{{1,40}}?)"
    r"(?:\s*\((?:by |per |source: )?(?P<scheme2>[^()]{2,40})\)"
    r"|,?\s+(?:by|per|according to)\s+(?P<scheme3>[^()]{2,40}))?",
    re.IGNORECASE,
)


def bias_rating(line: str) -> Facts | None:
    """A media bias rating and who gave it."""
    if "bias" not in (low := line.lower()) and "rate" not in low and ":" not in line:
        return None
    bare = line.rstrip(" .")
    for pattern in _RATINGS:
        if match := pattern.fullmatch(bare):
            rating = (match["rating"] or "").strip(" *_")
            if not rating or (_SIDE.search(rating) and len(rating.split()) <= MAX_WORDS):
                return _rated(match)
    match = _PLAIN.fullmatch(bare)
    return _rated(match) if match and _ONLY_SIDES.fullmatch(match["rating"].strip(" *_")) else None


def _rated(match: re.Match[str]) -> Facts:
    found = match.groupdict()
    scheme = found.get("scheme") or found.get("scheme2") or found.get("scheme3") or "unknown"
    return {"rating": (found["rating"] or "").strip(" *_"), "scheme": scheme.strip(" *_")}


def is_rating(line: str) -> bool:
    """True for a short line that begins with a rating, such as ``Lean Left``."""
    return len(line) <= 40 and _SIDE.match(line) is not None
