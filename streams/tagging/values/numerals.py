"""Numbers as texts write them: digits with separators, and words."""

import re
from decimal import Context, Decimal

from text_to_num import text2num

from streams.tagging.values.tables import HALF_OF, HALVES, LINKS, ONES, RUSSIAN, VAGUE
from streams.tagging.values.words import Words

SPACES = " \u00a0\u202f\u2009"
NUMBER = (
    rf"(?:[0-9]{{1,3}}(?:[{SPACES}'’][0-9]{{3}}(?![0-9])){{1,8}}(?:[.,][0-9]{{1,4}})?"
    r"|[0-9]{1,30}(?:[.,][0-9]{1,30}){0,9})(?![0-9])(?![.,][0-9])"
)
EXACT = Context(prec=400)  # digits that the longest number and its scale can have
_HALF = Decimal("0.5")
_SPACES = re.compile(rf"[{SPACES}'’]")


def scaled(number: Decimal, power: int) -> Decimal:
    """The number times a power of ten, to the last digit."""
    return EXACT.scaleb(number, power)


def plain(number: Decimal) -> str:
    """No exponent, no zeros at the end of a fraction: equal numbers give equal texts."""
    return f"{EXACT.normalize(number):f}"


def decimal(text: str, comma: bool) -> Decimal | None:
    """Digits with separators as a number; ``comma``: the language writes 1.234,56.

    Two kinds of separators, or an equal one twice, show what they are. A single one divides
    thousands if it is the language's for that and three digits follow.
    """
    bare = _SPACES.sub("", text)
    spaced = bare != text
    marks = [mark for mark in bare if mark in ".,"]
    if not marks:
        return Decimal(bare)
    point = marks[-1] if len(set(marks)) > 1 else None
    if point is None and len(marks) == 1:
        lead, tail = bare.split(marks[0])
        thousands = len(tail) == 3 and lead[0] != "0" and len(lead) <= 3 and not spaced
        point = None if thousands and marks[0] == (".,"[not comma]) else marks[0]
    if point and bare.count(point) > 1:
        return None
    whole, _, fraction = bare.partition(point) if point else (bare, "", "")
    groups = re.split("[.,]", whole)
    if len(groups) > 1 and not _grouped(groups):
        return None
    return Decimal("".join(groups) + ("." + fraction if fraction else ""))


def _grouped(groups: list[str]) -> bool:
    """1,234,567 or, as in India, 12,34,567."""
    inner = {len(group) for group in groups[1:-1]}
    return 1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and inner in (set(), {2}, {3})


def in_words(parts: list[str], known: Words) -> Decimal | None:
    """The value of a number in lower-case words; ``None`` where they are vague."""
    if VAGUE.intersection(parts):
        return None
    if parts[0] in HALF_OF:
        return scaled(_HALF, HALF_OF[parts[0]]) if len(parts) == 1 else None
    if len(parts) > 2 and parts[-1] in HALVES and parts[-2] in LINKS and parts[-3] in known.scales:
        whole = _counted(parts[:-3], known)  # un millón y medio
        return None if whole is None else scaled(whole + _HALF, known.scales[parts[-3]])
    half = next((n for n, part in enumerate(parts) if part in HALVES), None)
    whole = None if half is not None else _counted(parts, known)
    if whole is not None:
        return whole
    power = 0
    while parts and parts[-1] in known.scales:
        *parts, scale = parts
        power += known.scales[scale]
    if any(part in known.scales for part in parts):
        return None
    if half is None:
        value = _counted(parts, known)
    else:  # half a million; two and a half million
        rest = [part for part in parts[:half] if part not in LINKS and part not in ONES]
        value = _counted(rest, known) if rest else Decimal(0)
        value = None if value is None else value + _HALF
    return None if value is None else scaled(value, power)


def _counted(parts: list[str], known: Words) -> Decimal | None:
    if not parts or (len(parts) == 1 and parts[0] in ONES):
        return Decimal(1)
    if known.language == "ru":  # unknown to the library; below a thousand words add up
        values = [RUSSIAN.get(part) for part in parts]
        return Decimal(sum(v or 0 for v in values)) if all(values) else None
    if parts[0] in ONES and known.language == "en":
        parts = ["one", *parts[1:]]
    try:
        return Decimal(text2num(" ".join(parts), known.language))
    except ValueError:
        return None
