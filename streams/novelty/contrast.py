"""Whether a statement differs from the nearest earlier one although it uses the same words.

Two reports of one fact share its figures and say it happened, or say it did not.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from schemas.enriched import FigureChange
from streams.novelty.amounts import amounts, may_hold_amount, with_digits
from streams.novelty.earlier import HORIZON
from streams.novelty.memory import EventMemory, Json
from streams.novelty.statement_index import Held
from streams.novelty.vocabulary import function_words, same_meaning
from streams.text.words import spelled, stem, stems_of

SCALES = (1.0, 1e3, 1e6, 1e9, 1e12)
ALIKE = 3  # words that statements on one matter share
HANDFUL = 20  # larger numbers mean the same wherever they stand
LEAST = 10  # smaller counts are too many to be told apart
ENGLISH = ("en", "und")
# "refused to concede", "has not yet been found", "no longer trapped": what follows did not happen.
_NEGATED = re.compile(
    r"\b(?:refus(?:e[sd]?|ing)|fail(?:s|ed|ing)?|declin(?:e[sd]?|ing)|den(?:y|ies|ied|ying)"
    r"|rul(?:e[sd]?|ing) out|unable|never|cannot|no longer|not(?! only\b)|no one|nobody|none|no"
    r"|without|\w{2,8}n['’]t)"
    r"(?P<rest>(?: (?:to|be|been|being|yet|have|has|had|having|was|were|is|are|a|an|the|any|it|him"
    r"|her|them|so|even|immediately|\w{2,12}ly))*) (?P<word>[^\W\d_]+)",
    re.I,
)
_NEGATORS = tuple(
    "no |not |nobody |none |one |refus|fail|declin|deny|deni|rul|unable|never|without|n't".split(
        "|"
    )
)
_OPPOSITES = (("alive", "dead"), ("rise", "fall"), ("approve", "reject"), ("open", "closed"))


Stated = Sequence[tuple[set[int], FigureChange]]


class Told(NamedTuple):
    """One statement of the new article, and the nearest one of the event."""

    at: int
    statement: Json
    near: Held | None


def differing(
    extract: Json, told: Iterable[Told], stated: Stated, memory: EventMemory
) -> Mapping[int, bool]:
    """The numbers of the statements that carry a figure or a negation that the nearest lacks.

    Each with whether it gives a figure that the event has not at all.

    Args:
        stated: the figures new to the event, with the statements that hold them.
    """
    fresh = [(ats, change) for ats, change in stated if change.old is None]
    since = memory.since(HORIZON)
    fresh = [
        (ats, change)
        for ats, change in fresh
        if not _lags(change, extract, memory.figures_of(change.slot, since))
    ]
    english = extract["language"] in ENGLISH
    found: dict[int, bool] = {}
    for each in told:
        in_text = each.statement["field"] != "title"  # headlines round their figures
        if in_text and _counts(each, fresh, extract["language"], memory):
            found[each.at] = True
        elif (english and _reversed(each, memory)) or (in_text and _other(each, extract, memory)):
            found[each.at] = False
    return found


def _counts(told: Told, fresh: Stated, language: str, memory: EventMemory) -> bool:
    """Whether it gives a figure that is not in the nearest statement; a large one may stand
    anywhere, and a single one is often said without a number.
    """
    values = [change.new for ats, change in fresh if told.at in ats and change.new != 1]
    said = {value for value, _ in _amounts(told.near, language)} if values else ()
    return any(value not in said and not _stated(value, memory) for value in values)


def _reversed(told: Told, memory: EventMemory) -> bool:
    """Whether the event says the opposite: its nearest statement, or one on what is negated."""
    if told.near and opposed(told.statement, told.near.statement):
        return True
    return any(
        _stands(word, told.statement, memory) for word in sorted(negated(told.statement["text"]))
    )


def _stands(word: str, negating: Json, memory: EventMemory) -> bool:
    """Whether the event affirms a word in a statement alike, and nowhere negates it."""
    held = [each.statement for each in memory.index.holding(same_meaning().get(word, word))]
    on_it = [each for each in held if word in _stems(each["text"])]
    own = set(negating["stems"])
    alike = any(len(own.intersection(each["stems"])) >= ALIKE for each in on_it)
    return alike and not any(word in negated(each["text"]) for each in on_it)


def opposed(new: Json, old: Json) -> bool:
    """Whether one statement says of a word what the other denies of it."""
    one, two = negated(new["text"]), negated(old["text"])
    if one != two:
        if not (one <= two or _stems(old["text"]).isdisjoint(one - two)):
            return True
        if not (two <= one or _stems(new["text"]).isdisjoint(two - one)):
            return True
    said, held = _sides().intersection(new["stems"]), _sides().intersection(old["stems"])
    return any(
        (one in said) != (two in said)
        and (one in held) != (two in held)
        and (one in said) == (two in held)
        for one, two in (_opposites() if said and held else ())
    )


@lru_cache(maxsize=20_000)
def negated(text: str) -> frozenset[str]:
    """Stems of the words that an English text says are not so.

    >>> sorted(negated("Olsen refused to resign; the ferry has not been found."))
    ['found', 'resign']
    """
    lower = text.lower().replace("’", "'")
    if not any(map(lower.__contains__, _NEGATORS)):
        return frozenset()
    found = (match["word"] for match in _NEGATED.finditer(lower))
    return frozenset(stem(word) for word in found if word not in function_words("en"))


@lru_cache(maxsize=2_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems_of(spelled(text)))


@lru_cache(maxsize=1)
def _sides() -> frozenset[str]:
    return frozenset(word for pair in _opposites() for word in pair)


@lru_cache(maxsize=1)
def _opposites() -> tuple[tuple[str, str], ...]:
    """Pairs of stems, each for its class."""
    same = same_meaning()
    pairs = ((stem(one), stem(two)) for one, two in _OPPOSITES)
    return tuple((same.get(one, one), same.get(two, two)) for one, two in pairs)


def _lags(change: FigureChange, extract: Json, earlier: Sequence[Json]) -> bool:
    """A figure of an earlier hour, or a lower bound that a held figure keeps.

    Args:
        earlier: held figures of its slot.
    """
    published = extract.get("published")
    for row in earlier:
        if row.get("unit") != change.unit:
            continue
        later = row["of"].get("published")
        if published is not None and later is not None and published < later:
            return True
        if change.bound == "at least" and row["value"] > change.new:
            return True
    return False


def _other(told: Told, extract: Json, memory: EventMemory) -> bool:
    """Another share, sum or count of what the nearest statement counts."""
    if told.near is None:
        return False
    rows = [row for row in extract["figures"] if row["at"] == told.at and "open" in row]
    said = _amounts(told.near, extract["language"]) if rows else ()
    return any(_differs(row, said, told.near.statement["stems"], memory) for row in rows)


def _differs(
    row: Json, said: Sequence[tuple[float, str | None]], stems: Sequence[str], memory: EventMemory
) -> bool:
    unit = row.get("unit")
    same = [value for value, of in said if of == unit]
    if not same or row["value"] in same or _stated(row["value"], memory):
        return False
    return bool(unit) or (row["value"] >= LEAST and row.get("head") in stems)


def _stated(value: float, memory: EventMemory) -> bool:
    """Whether the event holds a large number, with or without its scale."""
    return value > HANDFUL and any(f"{value / scale:.12g}" in memory.index for scale in SCALES)


def _amounts(held: Held | None, language: str) -> Sequence[tuple[float, str | None]]:
    return _read(held.statement["text"], language) if held else ()


@lru_cache(maxsize=10_000)
def _read(text: str, language: str) -> tuple[tuple[float, str | None], ...]:
    if not may_hold_amount(text, language):
        return ()
    text = with_digits(text, language)
    return tuple((amount.value, amount.unit) for amount in amounts(text, language)[1])
