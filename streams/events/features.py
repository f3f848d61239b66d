"""One article as four weighted vectors: words, word pairs of the title, title words and names.

A vector is of unit length, heaviest term first, capped. ``norms`` keep the lengths before scaling:
their product with a cosine is the idf mass that two articles share.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, pairwise
from operator import mul
from typing import NamedTuple, Protocol

import numpy as np

from schemas.tagged import Mention
from streams.events.rounding import rounded
from streams.text.words import spelled, stem, stems_of

CHANNELS = ("words", "pairs", "title", "names")
CAPS = {"words": 64, "pairs": 16, "title": 16, "names": 32}
BODY_WORDS = 120  # the first 120 words decide as well as 400 do, and cost less
TITLE_WORDS = 12  # taken from the text where an article has no title
STOP_IDF = 1.6  # below it a word joins no pair
NAME_CAP = 9.0
WEIGHT_DIGITS = 4
PLAIN_WEIGHT = 2.5  # a word of less is everywhere
LOCAL = "local:"  # an id that means something inside one article's language only
_DIGITS = re.compile(r"\D")
_POSSESSIVE = re.compile(r"['’]s$")

Idf = Callable[[Sequence[str]], Sequence[float]]  # of each term


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
    def words(self) -> Sequence[str]:
        """Its words as they are written."""
        ...


@dataclass(frozen=True, slots=True)
class Vector:
    """Features of one article, ready to be compared."""

    channels: tuple[Terms, ...]  # as CHANNELS
    norms: tuple[float, ...]
    length: int  # words read, title included


@dataclass(frozen=True, slots=True)
class Name:
    """An entity of the article: its key (id or folded name), words, and count."""

    key: str
    stems: tuple[str, ...]
    count: float


def vectorise(
    pieces: Sequence[Piece],
    names: Sequence[Name],
    idf: Idf,
    idf_of_pairs: Idf | None = None,
    language: str = "en",
) -> Vector:
    """The vectors of an article's sentences and names.

    Args:
        idf: rarities on a natural log scale, never negative.
        idf_of_pairs: of two stems, where another function than ``idf`` knows it.
    """
    headline = [word for piece in pieces if piece.field == "title" for word in piece.words]
    title = stems_of(headline, language)
    text = stems_of(_head([piece for piece in pieces if piece.field != "title"]), language)
    title = title or text[:TITLE_WORDS]
    counts = Counter((*title, *text))
    rare = _rarities([*counts], idf)
    raw = (
        rare | {stem: _often(n) * rare[stem] for stem, n in counts.items() if n > 1},
        _pairs(title, rare, idf_of_pairs or idf),
        {stem: rare[stem] for stem in title},
        _names(names, idf),
    )
    return _scaled(raw, len(title) + len(text))


def plain_words(vector: Vector, language: str) -> list[float]:
    """Of each word its weight, if it is no part of a name: what happened, not to whom or where.

    Others weigh 0, common ones as well.
    """
    words, names = vector.channels[0], vector.channels[3]
    named = {stem(key, language) for key in names.terms}
    norm = vector.norms[0]
    weights = [share * norm for share in words.weights]
    return [
        weight if weight > PLAIN_WEIGHT and term not in named and not term.isdigit() else 0.0
        for term, weight in zip(words.terms, weights, strict=True)
    ]


def entity_names(mentions: Iterable[Mention]) -> list[Name]:
    """The words of every entity's name, and the ids of known ones: both meet across languages."""
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    counts = Counter(
        [
            (mention.name or mention.surface, mention.entity_id)
            for mention in mentions
            if mention.type not in ("DATE", "MONEY")
        ]
    )
    for (name, entity_id), count in counts.items():
        for key in _keys(name, entity_id):
            found[key] += count
    return _merged(found)


@lru_cache(maxsize=10_000)
def _keys(name: str, entity_id: str | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The words of a name and the id, each with its stems."""
    words = spelled(name)
    stems = stems_of(words)
    keys: list[tuple[str, tuple[str, ...]]] = [
        (_folded(word), (stem,)) for word, stem in zip(words, stems, strict=True)
    ]
    if entity_id and not entity_id.startswith(LOCAL):
        keys.append((entity_id, tuple(stems)))
    return tuple(keys)


def surface_names(pieces: Sequence[Piece], language: str) -> list[Name]:
    """Words with a capital, for a language without entities: no sentence start, no title."""
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for piece in pieces:
        if piece.field != "title":
            capitals = [w for w in piece.words[1:] if w[:1].isupper() and len(w) > 1]
            found.update((_folded(word), (stem(word, language),)) for word in capitals)
    return _merged(found)


def _merged(found: Counter[tuple[str, tuple[str, ...]]]) -> list[Name]:
    return [Name(key, stems, count) for (key, stems), count in sorted(found.items())]


def _folded(word: str) -> str:
    """Without case and possessive, and not stemmed: a name is the same in every language."""
    return _POSSESSIVE.sub("", word.casefold())


def numbers(pieces: Sequence[Piece]) -> list[Name]:
    """Numbers of two digits and more; 25,000 and 25.000 are one (languages differ)."""
    found: Counter[str] = Counter()
    for word in _head(pieces):
        if word[0].isdigit() and len(digits := _DIGITS.sub("", word)) > 1:
            found[digits] += 1
    return [Name(f"#{digits}", (digits,), n) for digits, n in sorted(found.items())]


def _head(pieces: Iterable[Piece]) -> list[str]:
    head: list[str] = []
    for piece in pieces:
        head.extend(piece.words)
        if len(head) >= BODY_WORDS:
            break
    return head[:BODY_WORDS]


@lru_cache(maxsize=512)
def _often(count: float) -> float:
    return 1 + math.log(count) if count > 1 else 1.0


def _rarities(terms: Sequence[str], idf: Idf) -> dict[str, float]:
    return dict(zip(terms, idf(terms), strict=True))


def _pairs(stems: Iterable[str], rare: Mapping[str, float], idf: Idf) -> dict[str, float]:
    """Neighbours that are both of some rarity. Those of the text cost much and change nothing."""
    pairs = [
        f"{left} {right}"
        for left, right in pairwise(stems)
        if rare[left] >= STOP_IDF and rare[right] >= STOP_IDF
    ]
    return _rarities(pairs, idf)


def _names(names: Sequence[Name], idf: Idf) -> dict[str, float]:
    rare = _rarities([stem for name in names for stem in name.stems], idf)
    weights: dict[str, float] = {}
    for name in names:
        rarity = min(NAME_CAP, max(map(rare.__getitem__, name.stems), default=NAME_CAP))
        weights[name.key] = _often(name.count) * rarity
    return weights


def _scaled(channels: Sequence[Mapping[str, float]], length: int) -> Vector:
    """Each channel capped and scaled to unit length. All weights are rounded in one go."""
    kept = [_heaviest(raw, CAPS[name]) for name, raw in zip(CHANNELS, channels, strict=True)]
    weights = [[*map(raw.__getitem__, terms)] for raw, terms in zip(channels, kept, strict=True)]
    norms = [math.sqrt(math.fsum(map(mul, each, each))) for each in weights]
    scales = np.repeat([norm or 1.0 for norm in norms], [len(each) for each in weights])
    shares = rounded(np.array([*chain.from_iterable(weights)]) / scales, WEIGHT_DIGITS)
    left = iter(shares.tolist())
    found = [Terms(terms, list(islice(left, len(terms)))) for terms in kept]
    nothing = Terms([], [])  # where no term weighs anything
    return Vector(
        tuple([each if norm else nothing for each, norm in zip(found, norms, strict=True)]),
        tuple([round(norm, WEIGHT_DIGITS) for norm in norms]),
        length,
    )


def _heaviest(raw: Mapping[str, float], cap: int) -> list[str]:
    terms = sorted(raw)
    terms.sort(key=raw.__getitem__, reverse=True)  # equal weights stay in order of terms
    return terms[:cap]
