"""Whether the words around a date look back or ahead."""

import re
from typing import Literal

from streams.tagging.values.tables import AHEAD, BACK, LAST, NEXT

Direction = Literal["next", "last", "ahead", "open"]

_NEXT = re.compile(rf"(?<!\w)(?:{NEXT})\s*$", re.I)
_LAST = re.compile(rf"(?<!\w)(?:{LAST})\s*$", re.I)
_NEXT_BEHIND = re.compile(rf"\s*(?:que viene|{NEXT})(?!\w)", re.I)
_LAST_BEHIND = re.compile(rf"\s*(?:{LAST})(?!\w)", re.I)
_CUE = re.compile(
    rf"(?<!\w)(?:(?P<ahead>{AHEAD})|(?:{BACK}))(?!\w)",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")
_WINDOW = 80  # characters before a date that may tell its direction


def direction(before: str, after: str) -> Direction:
    """``next`` and ``last`` as said right beside the date; ``ahead`` where the nearest cue before
    it in the sentence speaks of what will be.
    """
    near = before[-_WINDOW:]
    if _NEXT.search(near) or _NEXT_BEHIND.match(after):
        return "next"
    if _LAST.search(near) or _LAST_BEHIND.match(after):
        return "last"
    cues = list(_CUE.finditer(_SENTENCE_END.split(near)[-1]))
    return "ahead" if cues and cues[-1]["ahead"] else "open"
