"""Numbers that belong together, or that count what could be: ranges, ratios, capacities."""

import re
from collections.abc import Sequence

from streams.novelty.amounts import Amount, Token
from streams.novelty.signs import signs

_BEFORE = 60  # characters before a number that may tell what it is
_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s+(?:about |some |etwa )?[$€£¥]?$", re.I)
_AND = re.compile(r"\s*(?:and|und|y|et|e)\s+[$€£¥]?", re.I)
_TO = re.compile(r"\s*(?:to|or|bis|oder|o|ou)\s+[$€£¥]?", re.I)
_CHANGE = re.compile(r"\b(?:from|by|von|um|desde|de|da)\s+(?:\w+\s)?[$€£¥]?$", re.I)
_OF_ALL = re.compile(r"\s*(?:in|out of)(?: every)?\s+", re.I)
_ONE_OF = re.compile(r"\b(?:one|1|a) (?:in|out of)(?: every)? $", re.I)
_BASES = (5, 10, 100, 1000)  # "three in five"; "two in three" is one below its base
# What there is room or leave for is not there.
CAPACITY = re.compile(
    r"\b(?:(?:licen[sc]ed|certified|permitted|authori[sz]ed|allowed|designed|meant|built|room|space"
    r"|capacity)\b(?: (?:is|was|to|for|of|only|just|about|around|up|at|most|carry|hold|seat|take))+"
    r"|(?:can|able to|could) (?:only )?(?:carry|hold|seat|accommodate|take)"
    r"(?: (?:only|just|about|around|up|to|at|most))*) $",
    re.I,
)


def counted(text: str, tokens: Sequence[Token], read: Sequence[Amount]) -> list[Amount]:
    """The numbers that count something that is; a range is one, with the value of its upper end."""
    found: list[Amount] = []
    for amount in read:
        last = found[-1] if found else None
        if last and _is_range(text, tokens, last, amount):
            width = amount.at + amount.width - last.at
            found[-1] = Amount(last.at, width, amount.value, amount.unit)
        elif last and _is_ratio(text, tokens, last, amount):
            found.pop()
        elif last and _shares_unit(text, tokens, last, amount):
            found[-1] = last._replace(unit=amount.unit)
            found.append(amount)
        elif not _ONE_OF.search(_before(text, tokens, amount)):
            found.append(amount)
    if "capacity" in signs(text):
        return [each for each in found if not CAPACITY.search(_before(text, tokens, each))]
    return found


def _before(text: str, tokens: Sequence[Token], amount: Amount) -> str:
    end = tokens[amount.at].start()
    return text[max(0, end - _BEFORE) : end]


def _gap(text: str, tokens: Sequence[Token], low: Amount, high: Amount) -> str:
    return text[tokens[low.at + low.width].end() : tokens[high.at].start()]


def _is_range(text: str, tokens: Sequence[Token], low: Amount, high: Amount) -> bool:
    if low.value >= high.value or low.unit not in (None, high.unit):
        return False
    gap, before = _gap(text, tokens, low, high), _before(text, tokens, low)
    if _TO.fullmatch(gap):
        return not _CHANGE.search(before)
    return bool(_AND.fullmatch(gap) and _BETWEEN.search(before))


def _shares_unit(text: str, tokens: Sequence[Token], one: Amount, two: Amount) -> bool:
    """ "by 52 to 48 percent": no range, and both are shares."""
    return bool(one.unit is None and two.unit and _TO.fullmatch(_gap(text, tokens, one, two)))


def _is_ratio(text: str, tokens: Sequence[Token], part: Amount, whole: Amount) -> bool:
    if part.unit or whole.unit or part.value >= whole.value:
        return False
    usual = whole.value in _BASES or (whole.value == part.value + 1 and whole.value <= 10)
    return usual and bool(_OF_ALL.fullmatch(_gap(text, tokens, part, whole)))
