"""Who is held, who is free again, and when nobody is left: figures that verbs decide."""

import re
from typing import Any

_HELD_BEFORE = re.compile(
    r"\b(?:held|hold|holds|holding|seized|kidnapped)\W+(?:\w+\W+){0,2}$", re.I
)
_PEOPLE = re.compile(
    r"^\W*(?:\w+\W+)?(?:people|persons|men|women|children|pupils|students|workers|customers"
    r"|passengers|tourists|journalists|soldiers|others)\b",
    re.I,
)
_HELD_AFTER = re.compile(
    r"^\W*(?:\w+\W+){0,2}?(?:(?:are|were|is|remain(?:ed|s)?)\W+)?(?:(?:still|being)\W+)+"
    r"(?:held|inside|captive|in captivity|hostage)\b",
    re.I,
)
_FREED_BEFORE = re.compile(
    r"\b(?:freed|frees|released?|releases|let|rescued?|saved)\W+(?:(?:all|the|some|of)\W+)*$", re.I
)
_FREED_AFTER = re.compile(
    r"^\W*(?:of (?:the|his|her|their)\W+)?(?:(?:other|more)\W+)?(?:hostages?|captives?)\W+"
    r"(?:\w+\W+){0,5}?(?:leave|left|freed?|released|go|escaped?|rescued)\b",
    re.I,
)
_ALL = r"\ball (?:of )?(?:the )?(?:remaining |other )?(?:\d+ )?(?:of the )?"
_WHO = r"(?P<held>hostages|captives)|(?P<missing>missing)|(?P<trapped>trapped)"
_OUT = r"(?:free|freed|released|rescued|found|safe|brought up)"
_NONE_LEFT = (
    re.compile(rf"{_ALL}(?:{_WHO})\b[^.;]{{0,40}}\b{_OUT}\b", re.I),
    re.compile(rf"\b{_OUT} {_ALL}(?:{_WHO})\b", re.I),
)


# "released 40 pages", "let five lorries": what follows is no one who was held.
# "3 of the 12 hostages were freed": 3 are free; 12 is the whole.
ALL = re.compile(
    r"^ of (?:the|his|her|its|their) (?:remaining |other )?\d+(?= (?:hostage|captive|prisoner))"
)
OF_A_WHOLE = re.compile(r"\d of (?:the|his|her|its|their) (?:remaining |other )?$")
_NOUN = re.compile(
    r"^\W*(?!(?:on|in|at|from|after|before|and|by|of|to|this|who|while|when)\b)[a-z]"
)
_HELD_ONES = re.compile(r"^\W*(?:\w+\W+){0,2}(?:hostages?|captives?|prisoners?|detainees?)\b", re.I)


def captivity(before: str, after: str) -> str | None:
    """ "held" or "freed" for a number between the two texts, None if it is neither."""
    after = ALL.sub("", after)
    someone = not _NOUN.match(after) or _PEOPLE.match(after) or _HELD_ONES.match(after)
    if (someone and _FREED_BEFORE.search(before)) or _FREED_AFTER.match(after):
        return "freed"
    if _HELD_AFTER.match(after) or (_HELD_BEFORE.search(before) and _PEOPLE.match(after)):
        return "held"
    return None


def none_left(text: str) -> list[dict[str, Any]]:
    """A figure of 0 where all that were held, missing or trapped are out."""
    for pattern in _NONE_LEFT if "all " in text.lower() else ():
        if found := pattern.search(text):
            slot = next(name for name, value in found.groupdict().items() if value)
            return [{"slot": slot, "value": 0.0}]
    return []
