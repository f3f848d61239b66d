"""Who played whom: the two sides of a score, and whose value is which."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from streams.novelty.contest_words import (
    BEATEN,
    COMPETITION,
    DRAWN,
    LOST,
    NO_NAME,
    PASSIVE,
    WON,
)
from streams.novelty.vocabulary import function_words

Order = Literal["more", "less", "drawn", "as told"]

_CLOSE = 30  # characters before a word that qualify it
_REACH = 90  # characters before a score that may hold its verb
_NAME = re.compile(
    r"(?<![\w’'-])(?:1\. )?[A-ZÀ-Þ][\w’'-]*(?: (?:(?:of|de|del|du|der) )?[A-ZÀ-Þ][\w’'-]*)*"
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PLACED = re.compile(
    r"\b(?:in|at|near|en|im|bei|(?<!face )à|before|on)(?: (?:the|der|la|el|le))? $", re.I
)
_ASIDE = re.compile(r"\b(?:in|during|after|from|of|for|by|and)\b", re.I)
_BESIDE_NOUN = re.compile(r" (?:\w+ )?(?=\w)")
_ELIDED = re.compile(r"['’]\w*$")
_JOINED = re.compile(r" (?:and|und|y|et) ")
_CLAUSE = re.compile(r"[;.]|\b(?:and|while|but|und|aber|y|et|mais)\b", re.I)
_BY = re.compile(r" (?:by|von|por|par) ", re.I)
_PARTICIPLE = re.compile(r" (?:geschlagen|besiegt|bezwungen|gewonnen)\b")
_WAS = re.compile(r"\b(?:wurden?|wird|werden)\b")
_WHOSE = re.compile(r" (?:\w+ )?(?:for|by|von|para|de|pour) (?:the )?$", re.I)


class Played(NamedTuple):
    """The side that the text names as acting, the other one, and whether the first has more."""

    first: str
    second: str
    order: Order


class _Side(NamedTuple):
    start: int
    end: int
    name: str


def sides(text: str, start: int, end: int) -> Played | None:
    """The sides of a score at text[start:end]; None where no word tells of a game.

    A side is empty where the text does not name it.
    """
    named = [each for each in _names(text) if each.end <= start or each.start >= end]
    before = next((each.name for each in named if each.end == start - 1), "")
    after = next((each.name for each in named if each.start == end + 1), "")
    if before and after:  # "Rovers 2-1 Wanderers"
        return Played(before, after, "as told")
    return (
        _drawn(text, start, end, named)
        or _by_noun(text, start, end, named)
        or _by_verb(text, start, end, named)
    )


def _names(text: str) -> list[_Side]:
    """The names that may be sides: none of places, days and competitions."""
    found: list[_Side] = []
    for each in _NAME.finditer(text):
        words, start = each[0].split(" "), each.start()
        while words and _no_name(words[0]):
            start += len(words.pop(0)) + 1
        while words and _no_name(words[-1]):
            words.pop()
        name = " ".join(words)
        owns = _POSSESSIVE.search(name)  # "in Orle's 3-1 win"
        placed = not owns and _PLACED.search(text[max(0, start - _CLOSE) : start])
        if name and not placed and not COMPETITION.search(name):
            found.append(_Side(start, start + len(name), _POSSESSIVE.sub("", name)))
    return found


def _no_name(word: str) -> bool:
    plain = _ELIDED.sub("", word).lower()
    functions = any(plain in function_words(language) for language in ("en", "de", "es", "fr"))
    return functions or bool(NO_NAME.fullmatch(word))


def _order(words: re.Pattern[str]) -> Order:
    return "more" if words is WON else "less" if words is LOST else "drawn"


def _drawn(text: str, start: int, end: int, named: Sequence[_Side]) -> Played | None:
    """ "A and B drew 1-1", "Beim 1:1 trennten sich A und B"."""
    words = DRAWN.search(text, max(0, start - _REACH), end + _REACH)
    for one, two in pairwise(named) if words else ():
        if _JOINED.fullmatch(text, one.end, two.start):
            return Played(one.name, two.name, "drawn")
    return None


def _by_noun(text: str, start: int, end: int, named: Sequence[_Side]) -> Played | None:
    """ "A's 3-0 win over B", "a 3-0 win for A", "a 3-0 defeat by B"."""
    for words in (LOST, WON, DRAWN):
        for at in (end + 1, *(each.end() for each in _BESIDE_NOUN.finditer(text, end, end + 20))):
            noun = words.match(text, at)
            if noun is None:
                continue
            after = [each for each in named if each.start >= noun.end()]
            whose = after and _WHOSE.fullmatch(text, noun.end(), after[0].start)
            if whose and words is not LOST:
                first = after[0].name
                return Played(first, _other(text, end, after[1:], first), _order(words))
            first = _subject(text, start, named)
            return Played(first, _other(text, end, after, first), _order(words))
    return None


def _subject(text: str, start: int, named: Sequence[_Side]) -> str:
    """The name before a score; not "A" of "A scored in a 3-0 win", who may be a player."""
    last = next((each for each in reversed(named) if each.end <= start), None)
    return "" if last is None or _ASIDE.search(text, last.end, start) else last.name


def _by_verb(text: str, start: int, end: int, named: Sequence[_Side]) -> Played | None:
    """ "A beat B 3-0", "A were beaten 3-0 by B", "A lost to B 3-0"."""
    floor = max(0, start - _REACH)
    verbs = [
        (found.start(), found.end(), _order(words))
        for words in (WON, LOST, DRAWN)
        for found in words.finditer(text, floor, start)
    ]
    verbs += [(found.start(), found.end(), "less") for found in BEATEN.finditer(text, floor, start)]
    if not verbs:
        return _by_participle(text, start, end, named)
    at, stop, order = max(verbs)
    if order == "more" and (PASSIVE.search(text[max(0, at - _CLOSE) : at]) or _BY.match(text, end)):
        order = "less"
    first = next((each.name for each in reversed(named) if each.end <= at), "")
    after = [each for each in named if each.start >= stop]
    return Played(first, _other(text, end, after, first), order)


def _by_participle(text: str, start: int, end: int, named: Sequence[_Side]) -> Played | None:
    """ "A hat B mit 3:0 geschlagen", "A wurde von B 3:0 besiegt"."""
    before = [each.name for each in named if each.end <= start]
    if not before or not _PARTICIPLE.match(text, end):
        return None
    order: Order = "less" if _WAS.search(text, 0, start) else "more"
    return Played(before[0], before[1] if len(before) > 1 else "", order)


def _other(text: str, end: int, named: Sequence[_Side], first: str) -> str:
    """The next other name, in the same clause where the score is behind it."""
    other = next((each for each in named if each.name != first), None)
    if other is None or _CLAUSE.search(text, min(end, other.start), other.start):
        return ""
    return other.name
