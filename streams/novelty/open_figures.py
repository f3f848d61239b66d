"""Figures without a word of their own in the tables, and what a text says they were before."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from streams.novelty.amounts import Amount, Token
from streams.novelty.figure_words import CLAUSE_BEFORE, DOUBTED, LONG_AGO, PART, PART_BEFORE
from streams.novelty.vocabulary import function_words, same_meaning
from streams.text.words import stem

Json = dict[str, Any]

NEAR = 9  # tokens on each side that tell what is counted
MAX_WORDS = 8
_BREAK = frozenset((";", "—", "–"))
_LIKE = frozenset("up down rise risen rose raise grown now number still total".split())
_FROM = re.compile(r"\b(?:from|von|de|desde|da)\s+(?:\w+\s)?[$€£]?$", re.I)
_TO = re.compile(r"^\W*(?:\w+\W+){0,3}?(?:to|auf|a|à)\s+[$€£]?$", re.I)
_BACK = re.compile(
    r"\b(?:(?:up |down )?from|instead of|rather than|not|compared (?:with|to)|than the|statt"
    r"|gegenüber|nach|en lugar de|frente a|(?:after|from) (?:an? )?(?:first|earlier|initial"
    r"|previous|preliminary) \w+ of)(?: the| just| only| about| some)?\s+[$€£]?$",
    re.I,
)
_POSSESSIVE = re.compile(r"['’]s?$")
_CLAUSE_AFTER = re.compile(r"[;,](?=\s)")
_FAR = 60  # characters between a figure and its former value


def open_figure(
    text: str, tokens: Sequence[Token], amount: Amount, language: str, *, hedged: bool
) -> Json | None:
    """A figure by what stands around it: ``words`` and ``names``; None for a part or a fear.

    Args:
        hedged: whether the text may hold parts and fears at all.
    """
    start, end = tokens[amount.at].start(), tokens[amount.at + amount.width].end()
    if amount.value <= 1 or (hedged and _part_or_fear(text[:start], text[end:], amount.unit)):
        return None
    behind = _until_break(tokens[amount.at + amount.width + 1 :][:NEAR])
    before = _until_break(tokens[max(0, amount.at - NEAR) : amount.at][::-1])
    head = _head(behind, language) or _head(before, language)
    around = [token for token in (*behind, *before) if token.lastindex is None]
    names = [
        _POSSESSIVE.sub("", t[0]).lower() for t in around if t[0][:1].isupper() and t.start() > 0
    ]
    words = [
        word
        for token in around
        if token[0].isalpha() and (word := _word(token[0], language)) and word not in _LIKE
    ]
    row: Json = {"slot": head or amount.unit or "number", "value": amount.value, "open": True}
    extras = {
        "head": _word(head, language) if head else None,
        "unit": amount.unit,
        "words": list(dict.fromkeys(words))[:MAX_WORDS],
        "names": list(dict.fromkeys(names))[:MAX_WORDS],
    }
    return row | {name: extra for name, extra in extras.items() if extra}


def _part_or_fear(before: str, after: str, unit: str | None) -> bool:
    part = unit != "%" and PART.search(_CLAUSE_AFTER.split(after, 1)[0])  # a share is of a whole
    return bool(
        part
        or DOUBTED.search(CLAUSE_BEFORE.split(before)[-1])
        or PART_BEFORE.search(before)
        or LONG_AGO.search(before)
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


def _until_break(tokens: Sequence[Token]) -> list[Token]:
    stop = next((n for n, token in enumerate(tokens) if token[0] in _BREAK), len(tokens))
    return list(tokens[:stop])


def _head(tokens: Sequence[Token], language: str) -> str | None:
    """The first noun-like word: lower case and no function word."""
    for token in tokens:
        word = token[0]
        if word.isalpha() and word.lower() not in function_words(language):
            return word.lower()
    return None


@lru_cache(maxsize=50_000)
def _word(word: str, language: str) -> str | None:
    if word.lower() in function_words(language):
        return None
    found = stem(word, language)
    return same_meaning().get(found, found) if language in ("en", "und") else found
