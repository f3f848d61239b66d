"""Scores of games and counts of votes: two figures each, one a side."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from streams.novelty.contest_words import (
    APPROVED,
    CHAMBER,
    COUNTED,
    JOINS,
    KINDS,
    MATTER,
    NO_SCORE,
    OF_SCORE,
    REFUSED,
    RUNNING,
    TIMES,
    VOTE_BEFORE,
    VOTED,
)
from streams.novelty.figure_words import MONTHS
from streams.novelty.sides import sides
from streams.novelty.signs import signs
from streams.novelty.vocabulary import function_words

Json = dict[str, Any]

MAX_SCORES = 4  # of one sentence
_CLOSE = 30  # characters before a number pair that qualify it
_REACH = 90  # characters around a number pair that tell what it is of
_DIGITS = r"\d{1,3}(?:[.,]\d{3})*"
_BEFORE, _AFTER = r"(?<![\w.,:/$€£–—-])", r"(?![\w%/:–—-]|[.,]\d)"
# A cheap first look: two numbers with little between them.
_DASHED = re.compile(r"\d ?[-–:] ?\d")
_MAYBE = re.compile(
    r"\d (?:[\w’']+,? ){0,4}(?:to|zu|a|à|contra|contre|gegen|and|und|y|et|with) (?:\w+ )?\d"
    r"|\d (?:\w+ )?(?:for|in favou?r|dafür|a favor|pour), \d"
)
_FOR = re.compile(
    rf"{_BEFORE}(?P<one>{_DIGITS}) (?:(?!against)[\w’']+ ){{0,3}}?"
    rf"(?:in favou?r|for|a favor|dafür|pour)\b[^.;\d]{{0,24}}?"
    rf"(?P<two>{_DIGITS}) (?:[\w’']+ ){{0,2}}?(?:against|opposed|en contra|dagegen|contre)\b",
    re.I,
)
_ABSTAINED = re.compile(
    rf"{_BEFORE}(?P<one>{_DIGITS}) (?:[\w’']+ ){{0,2}}?(?:abst[eai]n\w+|enthaltungen|enthielten)\b",
    re.I,
)
_AGAINST = re.compile(r" (?:votes |stimmen |votos |voix )?(?:against|gegen|en contra)\b", re.I)
_NEXT = re.compile(r" ([^\W\d_]+)")
_SETS = re.compile(r"(?:\d[-–]\d(?: \(\d+[-–]\d+\))?(?:,| and|,? und| y| et) ){1,4}\d[-–]\d")


class Scored(NamedTuple):
    """A figure, and the stretch of the text that it was read from."""

    start: int
    end: int
    row: Json


def scores(text: str, language: str = "en") -> list[Scored]:
    """The scores and votes of a text in digits, a row a side.

    A game gives "score of A against B" and "score of B against A", with ``sides`` (own, other;
    empty where the text names none), and ``running`` before its end; a vote "votes for" and
    "votes against", and "abstentions", with the chamber as ``group``.
    """
    if not _DASHED.search(text) and not ("contest" in signs(text) and _MAYBE.search(text)):
        return []
    found = list(_for_and_against(text)) or list(_pairs(text, language))
    if any(each.row["slot"] == "votes for" for each in found):
        found += [
            Scored(*each.span(), _vote("abstentions", _value(each["one"]), text))
            for each in islice(_ABSTAINED.finditer(text), MAX_SCORES)
        ]
    return found


def _for_and_against(text: str) -> Iterator[Scored]:
    for each in islice(_FOR.finditer(text), MAX_SCORES):
        if VOTED.search(text):
            yield Scored(*each.span(), _vote("votes for", _value(each["one"]), text))
            yield Scored(*each.span(), _vote("votes against", _value(each["two"]), text))


def _pairs(text: str, language: str) -> Iterator[Scored]:
    for each in islice(_pair(language).finditer(text), MAX_SCORES):
        if _may_be_score(text, each, language) and not _a_set(text, each):
            one, two = _value(each["one"]), _value(each["two"])
            for row in _votes(text, each, one, two) or _game(text, each, one, two):
                yield Scored(*each.span(), row)


def _a_set(text: str, pair: re.Match[str]) -> bool:
    """ "6-4, 3-6, 7-5": scores inside one game."""
    return any(each.start() <= pair.start() < each.end() for each in _SETS.finditer(text))


@lru_cache(maxsize=16)
def _pair(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"{_BEFORE}(?P<one>{_DIGITS})"
        r"(?P<of> (?:votes?|stimmen|votos|voix|goals?|goles|buts|points?|games|sets|runs))?"
        rf"(?P<join>{JOINS.get(language, JOINS['en'])})(?P<two>{_DIGITS}){_AFTER}",
        re.I,
    )


def _value(digits: str) -> float:
    return float(re.sub("[.,]", "", digits))


def _close(text: str, pair: re.Match[str]) -> str:
    return text[max(0, pair.start() - _CLOSE) : pair.start()]


def _may_be_score(text: str, pair: re.Match[str], language: str) -> bool:
    """Whether what stands around two numbers leaves room for a score."""
    if NO_SCORE.search(_close(text, pair)):
        return False
    in_words = pair["join"].strip().isalpha()
    following = _NEXT.match(text, pair.end())
    word = following[1] if following else ""
    votes = pair["of"] or COUNTED.fullmatch(word)
    if in_words and not votes and _value(pair["one"]) < _value(pair["two"]):
        return False  # "18 to 24": a range
    if MONTHS.fullmatch(word):
        return False
    if not word.islower():
        return True
    if TIMES.fullmatch(word) or word in ("people", "persons"):
        return False
    return word in function_words(language) or bool(OF_SCORE.fullmatch(word))


def _votes(text: str, pair: re.Match[str], one: float, two: float) -> list[Json]:
    near = text[max(0, pair.start() - _REACH) : pair.end() + _REACH]
    counted = COUNTED.search(pair[0] + text[pair.end() : pair.end() + 10])
    voted = VOTE_BEFORE.search(_close(text, pair)) or (
        VOTED.search(near) and (counted or CHAMBER.search(text) or MATTER.search(text))
    )
    if not voted:
        return []
    if REFUSED.search(near):
        one, two = sorted((one, two))
    elif APPROVED.search(near):
        two, one = sorted((one, two))
    elif _AGAINST.match(text, pair.end()):
        one, two = two, one
    return [_vote("votes for", one, text), _vote("votes against", two, text)]


def _vote(slot: str, value: float, text: str) -> Json:
    chamber = CHAMBER.search(text)
    row: Json = {"slot": slot, "value": value}
    return row | ({"group": chamber[0].lower()} if chamber else {})


def _game(text: str, pair: re.Match[str], one: float, two: float) -> list[Json]:
    played = sides(text, pair.start(), pair.end())
    if played is None or max(one, two) >= 1000:
        return []
    first, second = played.first, played.second
    if played.order == "drawn" and one != two:
        return []
    if played.order == "more":
        one, two = max(one, two), min(one, two)
    elif played.order == "less":
        one, two = min(one, two), max(one, two)
    around = text[max(0, pair.start() - 30) : pair.end() + 30]
    kind = next((kind for kind, words in KINDS if words.search(around)), "score")
    extra = {"running": True} if RUNNING.search(around) else {}
    return [
        {"slot": slot(kind, *own), "value": value, "score": kind, "sides": list(own), **extra}
        for own, value in (((first, second), one), ((second, first), two))
        if any(own)
    ]


def slot(kind: str, own: str, other: str) -> str:
    """The name of one side's slot.

    >>> slot("score", "Rovers", "Wanderers"), slot("score", "", "Wanderers")
    ('score of Rovers against Wanderers', 'score against Wanderers')
    """
    parts = (kind, own and f"of {own}", other and f"against {other}")
    return " ".join(part for part in parts if part)


def as_before(row: Json, earlier: Json) -> bool:
    """Whether two rows give the score of one side in one game, by words that the names share."""
    if row.get("score") != earlier.get("score"):
        return False
    own, other = (
        (set(one.casefold().split()), set(two.casefold().split()))
        for one, two in zip(row["sides"], earlier["sides"], strict=True)
    )
    shared = [bool(one & two) for one, two in (own, other)]
    unnamed = [not one or not two for one, two in (own, other)]
    return any(shared) and all(a or b for a, b in zip(shared, unnamed, strict=True))
