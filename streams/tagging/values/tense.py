"""Whether the words around a date look back or ahead."""

import re
from typing import Literal

from streams.tagging.values.tables import (
    AHEAD,
    BACK,
    DATED,
    EVERY,
    FROM,
    LAST,
    NEXT,
    PARTS_OF_DAYS,
)

Direction = Literal["next", "last", "ahead", "open"]

_NEXT = re.compile(rf"(?<!\w)(?:{NEXT})\s*$", re.I)
_LAST = re.compile(rf"(?<!\w)(?:{LAST})\s*$", re.I)
_NEXT_BEHIND = re.compile(rf"\s*(?:que viene|{NEXT})(?!\w)", re.I)
_LAST_BEHIND = re.compile(rf"\s*(?:{LAST})(?!\w)", re.I)
_CUE = re.compile(
    # What will be announced is no news of an announcement.
    rf"(?<!\w)(?:(?P<ahead>{AHEAD})|(?<!\bbe )(?:{BACK}))(?!\w)",
    re.I,
)
# In the words behind a date that opens its sentence any English past tense looks back.
_CUE_BEHIND = re.compile(rf"{_CUE.pattern}|(?<!\w)(?-i:[a-z]{{3,}}ed)(?!\w)", re.I)
_FROM = re.compile(rf"(?<!\w)(?P<dated>(?:{DATED}) )?(?:{FROM})\s*$", re.I)
_EVERY = re.compile(rf"(?<!\w)(?:{EVERY})\s*$", re.I)
_PARTS = re.compile(rf"\s*(?:{PARTS_OF_DAYS})(?!\w)")
_POSSESSIVE = ("'s", "’s")
_OPENING = 2  # words before a date that opens its sentence: "Late on"
_TITLES = "".join(rf"(?<!\b{title})" for title in ("[A-Z]", "Mr", "Mrs", "Ms", "Dr", "Sen", "Gov"))
_SENTENCE_END = re.compile(rf"{_TITLES}[.!?…]\s|\n")
_WINDOW = 80  # characters before a date that may tell its direction


def direction(before: str, after: str) -> Direction:
    """``next`` and ``last`` as said right beside the date; ``ahead`` where the nearest cue before
    it in the sentence speaks of what will be, behind it where the date opens the sentence.
    """
    near = before[-_WINDOW:]
    if _NEXT.search(near) or _NEXT_BEHIND.match(after):
        return "next"
    if _LAST.search(near) or _LAST_BEHIND.match(after):
        return "last"
    head, tail = _SENTENCE_END.split(near)[-1], _SENTENCE_END.split(after)[0]
    cues = list(_CUE.finditer(head))
    if not _CUE_BEHIND.search(head) and len(head.split()) <= _OPENING:
        cues = list(_CUE_BEHIND.finditer(tail))[:1]
    return "ahead" if cues and cues[-1]["ahead"] else "open"


def begins(before: str, after: str) -> bool:
    """Whether something runs from that day on: "trams stop from ", and nothing that was."""
    found = _FROM.search(before)
    if not found or found["dated"] or after.startswith(_POSSESSIVE):
        return False
    return not _CUE.search(_SENTENCE_END.split(before[-_WINDOW:])[-1])


def recurs(before: str, after: str) -> bool:
    """Whether it is no day in particular: "every ", " mornings"."""
    return bool(_EVERY.search(before) or _PARTS.match(after))
