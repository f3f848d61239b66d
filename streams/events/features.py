"""One article as four weighted vectors: words, word pairs, title words and names.

A vector is a tuple of (term, weight) of unit length, heaviest first, capped. ``norms`` keep the
lengths before scaling: their product with a cosine is the idf mass that two articles share.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from schemas.tagged import Mention
from streams.text.words import Word, words

CHANNELS = ("words", "pairs", "title", "names")
CAPS = {"words": 80, "pairs": 24, "title": 16, "names": 32}
BODY_WORDS = 150  # the first 150 words decide as well as 400 do, and cost less
TITLE_WORDS = 12  # taken from the text where an article has no title
STOP_IDF = 1.6  # below it a word joins no pair
NAME_CAP = 9.0
LOCAL = "local:"  # an id that means something inside one article's language only
_DIGITS = re.compile(r"\D")
_POSSESSIVE = re.compile(r"['’]s$")

Terms = tuple[tuple[str, float], ...]
Idf = Callable[[str], float]


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


def vectorise(pieces: Sequence[Piece], names: Iterable[Name], idf: Idf) -> Vector:
    """The vectors of an article's sentences and names. ``idf`` is on a natural log scale."""
    title = [w for p in pieces if p.field == "title" for w in p.words]
    text = _head([p for p in pieces if p.field != "title"])
    title = title or text[:TITLE_WORDS]
    counts = Counter(w.stem for w in (*title, *text))
    rare = {stem: idf(stem) for stem in counts}
    raw = (
        {s: (1 + math.log(n)) * rare[s] for s, n in counts.items()},
        _pairs((title, text), rare, idf),
        {w.stem: rare[w.stem] for w in title},
        _names(names, idf),
    )
    scaled = [_unit(v, CAPS[c]) for c, v in zip(CHANNELS, raw, strict=True)]
    terms, norms = zip(*scaled, strict=True)
    return Vector(terms, norms, len(title) + len(text))


def entity_names(mentions: Iterable[Mention]) -> list[Name]:
    """The words of every entity's name, and the ids of known ones: both meet across languages."""
    found: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for mention in mentions:
        if mention.type not in ("DATE", "MONEY"):
            named = words(mention.name or mention.surface)
            found.update((_folded(word), (word.stem,)) for word in named)
            if mention.entity_id and not mention.entity_id.startswith(LOCAL):
                found[mention.entity_id, tuple(word.stem for word in named)] += 1
    return _merged(found)


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


def _pairs(parts: Iterable[list[Word]], rare: dict[str, float], idf: Idf) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        for left, right in pairwise(part):
            if rare[left.stem] >= STOP_IDF and rare[right.stem] >= STOP_IDF:
                pair = f"{left.stem} {right.stem}"
                if pair not in found:
                    found[pair] = idf(pair)
    return found


def _names(names: Iterable[Name], idf: Idf) -> dict[str, float]:
    weights: dict[str, float] = {}
    for name in names:
        rarity = min(NAME_CAP, max((idf(stem) for stem in name.stems), default=NAME_CAP))
        weights[name.key] = (1 + math.log(name.count)) * rarity
    return weights


def _unit(raw: dict[str, float], cap: int) -> tuple[Terms, float]:
    kept = sorted(raw.items(), key=lambda item: (-item[1], item[0]))[:cap]
    norm = math.sqrt(math.fsum(weight * weight for _, weight in kept))
    if not norm:
        return (), 0.0
    return tuple((term, round(weight / norm, 4)) for term, weight in kept), round(norm, 4)
