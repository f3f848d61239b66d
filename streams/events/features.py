"""One article as four weighted vectors: words, word pairs, title words and names.

A vector is of unit length, heaviest term first, capped. ``norms`` keep the lengths before scaling:
their product with a cosine is the idf mass that two articles share.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from schemas.tagged import Mention
from streams.events.rounding import rounded
from streams.text.words import Word, stem, words

CHANNELS = ("words", "pairs", "title", "names")
CAPS = {"words": 80, "pairs": 24, "title": 16, "names": 32}
BODY_WORDS = 150  # the first 150 words decide as well as 400 do, and cost less
TITLE_WORDS = 12  # taken from the text where an article has no title
STOP_IDF = 1.6  # below it a word joins no pair
NAME_CAP = 9.0
PLAIN_WEIGHT = 2.5  # a word of less is everywhere
LOCAL = "local:"  # an id that means something inside one article's language only
_DIGITS = re.compile(r"\D")
_POSSESSIVE = re.compile(r"['’]s$")

Idf = Callable[[str], float]


class Terms(NamedTuple):
    """One channel: terms, heaviest first, and their weights in two lists of one length."""

    terms: Sequence[str]
    weights: Sequence[float]


class Piece(Protocol):
    """What is needed of a sentence: streams.text.sentences.Sentence has it."""

    @property
    def field(self) -> str:
        """title, lead, body or key_points.N"""
        ...

    @property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        ...


@dataclass(frozen=True, slots=True)
class Vector:
    """Features of one article, ready to be compared."""

    channels: tuple[Terms, Terms, Terms, Terms]
    norms: tuple[float, float, float, float]
    length: int  # words read, title included


@dataclass(frozen=True, slots=True)
class Name:
    """An entity of the article: its key (id or folded name), words, and count."""

    key: str
    stems: tuple[str, ...]
    count: float


def vectorise(
    pieces: Sequence[Piece], names: Iterable[Name], idf: Idf, idf_of_pair: Idf | None = None
) -> Vector:
    """The vectors of an article's sentences and names.

    Args:
        idf: on a natural log scale, never negative.
        idf_of_pair: of two stems, where another function than ``idf`` knows it.
    """
    title = [w.stem for p in pieces if p.field == "title" for w in p.words]
    text = [w.stem for w in _head([p for p in pieces if p.field != "title"])]
    title = title or text[:TITLE_WORDS]
    counts = Counter((*title, *text))
    rare = {stem: idf(stem) for stem in counts}
    raw = (
        rare | {stem: _often(n) * rare[stem] for stem, n in counts.items() if n > 1},
        _pairs((title, text), rare, idf_of_pair or idf),
        {stem: rare[stem] for stem in title},
        _names(names, idf),
    )
    scaled = [_unit(v, CAPS[c]) for c, v in zip(CHANNELS, raw, strict=True)]
    terms, norms = zip(*scaled, strict=True)
    return Vector(terms, norms, len(title) + len(text))


def plain_words(vector: Vector, language: str) -> dict[str, float]:
    """Words that are no part of a name, with their weights: what happened, not to whom or where.

    Common words are left out.
    """
    words, names = vector.channels[0], vector.channels[3]
    named = {stem(key, language) for key in names.terms}
    norm = vector.norms[0]
    return {
        term: weight
        for term, share in zip(words.terms, words.weights, strict=True)
        if (weight := share * norm) > PLAIN_WEIGHT and term not in named and not term.isdigit()
    }


def entity_names(mentions: Iterable[Mention]) -> list[Name]:
    """The words of every entity's name, and the ids of known ones: both meet across languages."""
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    counts = Counter(
        (mention.name or mention.surface, mention.entity_id)
        for mention in mentions
        if mention.type not in ("DATE", "MONEY")
    )
    for (name, entity_id), count in counts.items():
        named = _named(name)
        for folded, stemmed in named:
            found[folded, (stemmed,)] += count
        if entity_id and not entity_id.startswith(LOCAL):
            found[entity_id, tuple(stem for _, stem in named)] += count
    return _merged(found)


@lru_cache(maxsize=10_000)
def _named(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((_folded(word), word.stem) for word in words(name))


def surface_names(pieces: Sequence[Piece]) -> list[Name]:
    """Words with a capital, for a language without entities: no sentence start, no title."""
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for piece in pieces:
        if piece.field != "title":
            capitals = [w for w in piece.words[1:] if w.text[:1].isupper() and len(w.text) > 1]
            found.update((_folded(word), (word.stem,)) for word in capitals)
    return _merged(found)


def _merged(found: Counter[tuple[str, tuple[str, ...]]]) -> list[Name]:
    return [Name(key, stems, count) for (key, stems), count in sorted(found.items())]


def _folded(word: Word) -> str:
    """Without case and possessive, and not stemmed: a name is the same in every language."""
    return _POSSESSIVE.sub("", word.text.casefold())


def numbers(pieces: Sequence[Piece]) -> list[Name]:
    """Numbers of two digits and more; 25,000 and 25.000 are one (languages differ)."""
    found: Counter[str] = Counter()
    for word in _head(pieces):
        if word.text[0].isdigit() and len(digits := _DIGITS.sub("", word.text)) > 1:
            found[digits] += 1
    return [Name(f"#{digits}", (digits,), n) for digits, n in sorted(found.items())]


def _head(pieces: Sequence[Piece]) -> list[Word]:
    head: list[Word] = []
    for piece in pieces:
        head.extend(piece.words)
        if len(head) >= BODY_WORDS:
            break
    return head[:BODY_WORDS]


def _often(count: float) -> float:
    return 1 + math.log(count) if count > 1 else 1.0


def _pairs(parts: Iterable[list[str]], rare: dict[str, float], idf: Idf) -> dict[str, float]:
    strong = {stem for stem, rarity in rare.items() if rarity >= STOP_IDF}
    return {
        pair: idf(pair)
        for part in parts
        for left, right in pairwise(part)
        if left in strong and right in strong
        for pair in [f"{left} {right}"]
    }


def _names(names: Iterable[Name], idf: Idf) -> dict[str, float]:
    weights: dict[str, float] = {}
    for name in names:
        rarity = min(NAME_CAP, max((idf(stem) for stem in name.stems), default=NAME_CAP))
        weights[name.key] = _often(name.count) * rarity
    return weights


def _unit(raw: dict[str, float], cap: int) -> tuple[Terms, float]:
    if len(raw) > cap:
        least = sorted(raw.values(), reverse=True)[cap - 1]
        raw = {term: weight for term, weight in raw.items() if weight >= least}
    terms = sorted(raw)
    terms.sort(key=raw.__getitem__, reverse=True)  # equal weights stay in order of terms
    kept = terms[:cap]
    weights = [raw[term] for term in kept]
    norm = math.sqrt(math.fsum([weight * weight for weight in weights]))
    if not norm:
        return Terms([], []), 0.0
    return Terms(kept, rounded(np.array(weights) / norm, 4).tolist()), round(norm, 4)
