"""Figures without a word of their own in the tables, and what a text says they were before."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from streams.novelty.amounts import Amount, Token
from streams.novelty.cues import Scene
from streams.novelty.figure_words import (
    CLAUSE_BEFORE,
    DOUBTED,
    IN,
    LONG_AGO,
    MONTHS,
    PART,
    PART_BEFORE,
)
from streams.novelty.vocabulary import NAMES, function_words, same_meaning
from streams.text.remembered import Remembered
from streams.text.words import stem

Json = dict[str, Any]

NEAR = 9  # tokens on each side that tell what is counted
MAX_WORDS = 8
_PEOPLE = frozenset("people persons personen menschen personas personnes".split())
_OF = frozenset(("of", "der", "de", "des"))
_BESIDE = IN | _OF | {"von", "des", "d"}
# Verbs of change and words of sums: no name of what they are of.
_MOVES = re.compile(
    r"(?:re)?gain(?:s|ed)?|ro?se|ris(?:en?|es|ing)|rais(?:es?|ed|ing)|fell|fall(?:s|en|ing)?"
    r"|drop(?:s|ped)?|cuts?|climb(?:s|ed)?|jump(?:s|ed)?|slip(?:s|ped)?|gr[eo]w(?:s|n)?|slow(?:s|ed)?"
    r"|reach(?:es|ed)?|hits?|puts?|sets?|agreed?|accept(?:s|ed)?|approv(?:es|ed)|pa(?:ys|id)"
    r"|post(?:s|ed)?|earn(?:s|ed)?|ma[dk]es?|w[io]ns?|winning|takes?|took|leads?|led|loses?|lost"
    r"|com(?:es?|ing)|stands?|stood|wants?|offer(?:s|ed)|bought|buys?|sold|sells?|worth|thousand"
    r"|million|billion|trillion|steigt|stieg|sank|sinkt|fiel|fällt|gewann|gewonnen|gewinnt|kommt|kam"
    r"|erreicht\w*|liegt|lag|millionen|milliarden|ganó|gana|subió|sube|bajó|baja|millones|monte"
    r"|recule|reculé|atteint|gagne|gagné|milliards|percent|prozent|average|total"
    r"|a|ont|ha|han"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado"
    r"|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    re.I,
)
_BREAK = frozenset((";", "—", "–"))
_LIKE = frozenset("up down rise risen rose raise grown now number still total".split())
_FROM = re.compile(r"\b(?:from|von|de|desde|da)\s+(?:\w+\s)?[$€£]?$", re.I)
_TO = re.compile(r"^\W*(?:\w+\W+){0,3}?(?:to|auf|a|à)\s+[$€£]?$", re.I)
_BACK = re.compile(
    r"\b(?:(?:up |down )?from|instead of|rather than|not|compared (?:with|to)|than the|statt"
    r"|gegenüber|nach|en lugar de|frente a|(?:after|from) (?:an? )?(?:first|earlier|initial"
    r"|previous|preliminary) \w+ of)(?: the| just| only| about| some| at least)?\s+[$€£]?$",
    re.I,
)
_CLAUSE_AFTER = re.compile(r"[;,](?=\s)")
_FAR = 60  # characters between a figure and its former value


def open_figure(scene: Scene, amount: Amount) -> Json | None:
    """A figure by what stands around it: ``words`` and ``names``; None for a part or a fear."""
    text, tokens, _, seen, language = scene
    at, last = amount.at, amount.at + amount.width
    before, after = text[: tokens[at].start()], text[tokens[last].end() :]
    if amount.value <= 1 or _part_or_fear(before, after, amount.unit, seen):
        return None
    behind = _until_break(tokens[last + 1 : last + 1 + NEAR])
    ahead = _until_break(tokens[max(0, at - NEAR) : at][::-1])
    head = _head(behind, language) or _head(ahead, language)
    label = _measured(ahead, behind, language) if amount.unit else _who(behind)
    around = [*behind, *ahead]
    words = list(filter(None, map(_beside(language).__getitem__, around)))
    if ahead and len(ahead) == at and tokens[0].start() == 0:
        around.pop()  # what stands first has a capital anyway
    names = filter(None, map(NAMES.__getitem__, around))
    slot = label or head or amount.unit or "number"
    row: Json = {"slot": slot, "value": amount.value, "open": True}
    extras = {
        "head": _word(head, language) if head else None,
        "unit": amount.unit,
        "words": list(dict.fromkeys(words))[:MAX_WORDS],
        "names": list(dict.fromkeys(names))[:MAX_WORDS],
    }
    return row | {name: extra for name, extra in extras.items() if extra}


def _part_or_fear(before: str, after: str, unit: str | None, seen: frozenset[str]) -> bool:
    part = "part" in seen and unit != "%" and PART.search(_CLAUSE_AFTER.split(after, 1)[0])
    return bool(  # a share is of a whole
        part
        or ("fear" in seen and DOUBTED.search(CLAUSE_BEFORE.split(before)[-1]))
        or ("part" in seen and PART_BEFORE.search(before))
        or ("former" in seen and LONG_AGO.search(before))
    )


def formers(
    text: str, tokens: Sequence[Token], read: Sequence[Amount], language: str
) -> dict[int, int]:
    """Token of a figure -> token of the value that the same sentence says it had before."""
    found: dict[int, int] = {}
    for one, two in pairwise(read):
        if one.unit != two.unit and one.unit and two.unit:
            continue
        end = tokens[one.at + one.width].end()
        between = text[end : tokens[two.at].start()]
        if _TO.match(between) and _FROM.search(text[: tokens[one.at].start()]):
            found[two.at] = one.at
        elif len(between) < _FAR and _BACK.search(between) and _noun(tokens, one, two, language):
            found[one.at] = two.at
    return found


def _noun(tokens: Sequence[Token], one: Amount, two: Amount, language: str) -> bool:
    """Whether the second number counts nothing else: "40 men from 4 towns" does."""
    behind = tokens[two.at + two.width + 1 :][:1]
    word = behind[0][0] if behind else ""
    if two.unit or not word.islower() or word in function_words(language):
        return True
    between = [token[0] for token in tokens[one.at + 1 : two.at]]
    return word in between


def _until_break(tokens: Sequence[Token]) -> list[str]:
    words = [token[0] for token in tokens]
    stop = next((n for n, word in enumerate(words) if word in _BREAK), None)
    return words[:stop]


def _head(words: Iterable[str], language: str) -> str | None:
    """The first noun-like word: lower case and no function word."""
    return next(filter(None, map(_nouns(language).__getitem__, words)), None)


def _measured(before: Sequence[str], behind: Sequence[str], language: str) -> str | None:
    """What a sum or share is of: "12 percent of shares", else the noun nearest before it.

    Args:
        before: nearest first.
    """
    of = behind and behind[0].lower() in _OF
    if of and not (before and _MOVES.fullmatch(before[0].lower())):
        return _head(behind[1:2], language)
    start = 0
    while start < len(before):
        end = start + 1  # of a name, or of one word
        while end < len(before) and before[start].istitle() and before[end].istitle():
            end += 1
        where = end < len(before) and before[end].lower() in _BESIDE  # where or whose, not what
        run = [word.lower() for word in reversed(before[start:end])]
        if not where and (label := " ".join(word for word in run if _names(word, language))):
            return label
        start = end
    return None


@lru_cache(maxsize=50_000)
def _names(word: str, language: str) -> bool:
    """Whether a lower-case word may say what is measured."""
    if not word.isalpha() or word in function_words(language):
        return False
    return not (_MOVES.fullmatch(word) or MONTHS.fullmatch(word))


def _who(behind: Sequence[str]) -> str | None:
    """People are no function word where they are counted."""
    return "people" if behind and behind[0].lower() in _PEOPLE else None


@lru_cache(maxsize=16)
def _nouns(language: str) -> Remembered[str | None]:
    """A word in lower case, if it is no function word."""
    functions = function_words(language)
    return Remembered(
        lambda word: word.lower() if word.isalpha() and word.lower() not in functions else None
    )


@lru_cache(maxsize=16)
def _beside(language: str) -> Remembered[str | None]:
    """The stem of a word that tells what a figure beside it is of."""
    nouns = _nouns(language)

    def make(word: str) -> str | None:
        found = _word(word, language) if nouns[word] else None
        return found if found not in _LIKE else None

    return Remembered(make)


def _word(noun: str, language: str) -> str:
    found = stem(noun, language)
    return same_meaning().get(found, found) if language in ("en", "und") else found
