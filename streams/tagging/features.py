"""What the network sees of a text: of each word its spelling, of each token its place."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from schemas.tagged import EntityType
from streams.tagging.gazetteer import Match
from streams.tagging.lexicon import names as section_names
from streams.tagging.lexicon import section
from streams.tagging.tokens import NORMAL, SHOUTED, TITLED, Tokens

Flags = NDArray[np.float32]
Ids = NDArray[np.int64]

BUCKETS = 1 << 14
"""Rows of the table of letter n-grams; row 0 is never used."""
MOST_NGRAMS = 28
_LONGEST = 20  # letters of a word that count
_AFFIXES = (1, 2, 3, 4)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_ROMAN = re.compile(r"[IVX]+")
_DIGIT = re.compile(r"\d")
_TABLE_TYPES: tuple[EntityType, ...] = (
    "PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "MISC",
)  # fmt: skip
_COLUMN = {kind: column for column, kind in enumerate(_TABLE_TYPES)}
_LISTS = tuple(section(name) for name in section_names())
_OFTEN = 5
_EARLY = 60  # tokens

WORD_FLAGS = 15 + len(_LISTS)
_PLACE_FLAGS = 13
TOKEN_FLAGS = _PLACE_FLAGS + 2 * len(_TABLE_TYPES) + 2


def plain(word: str) -> str:
    """The form under which a word's vector is looked up: small letters, each digit a 0."""
    return _DIGIT.sub("0", word.lower())


def ngrams(word: str) -> list[int]:
    """Rows of the n-gram table for the word, its beginnings, endings and inner trigrams.

    Source: hashed letter n-grams as in fastText (Bojanowski et al., TACL 2017).
    """
    small = word[:_LONGEST].lower()
    keys = ["w" + small]
    for size in _AFFIXES:
        if len(small) >= size:
            keys += ["p" + small[:size], "s" + small[-size:]]
    framed = f"<{small}>"
    keys += ["g" + framed[at : at + 3] for at in range(len(framed) - 2)]
    return [_row(key) for key in keys[:MOST_NGRAMS]]


@lru_cache(maxsize=200_000)
def _row(key: str) -> int:
    return crc32(key.encode("utf-8", "surrogatepass")) % (BUCKETS - 1) + 1


def word_flags(word: str) -> list[bool]:
    """``WORD_FLAGS`` answers about the spelling, and which lists of the lexicon hold the word."""
    upper = word.isupper()
    return [
        word[0].isupper() and word[1:].islower(),
        len(word) > 1 and upper,
        word.islower(),
        not upper and any(map(str.isupper, word[1:])),
        any(map(str.isdigit, word)),
        _YEAR.fullmatch(word) is not None,
        word[0].isdigit(),
        len(word) <= 3,
        len(word) == 1,
        len(word) == 1 and upper,
        not word[0].isalnum(),
        not word.isascii(),
        "'" in word,
        _ROMAN.fullmatch(word) is not None,
        word.startswith(("http", "www")),
        *(word in words for words in _LISTS),
    ]


class Encoded(NamedTuple):
    """An article as one row of tokens; a line break parts its fields.

    Attributes:
        vocabulary: each different word once.
        ids: (tokens,), places in the vocabulary.
        groups: (tokens,), equal for words that differ in case alone.
        flags: (tokens, ``TOKEN_FLAGS``), each 0 or 1: the place in the text, and table names.
    """

    vocabulary: list[str]
    ids: Ids
    groups: Ids
    flags: Flags


def encode(fields: Sequence[Tokens], matches: Sequence[Mapping[int, Match]]) -> Encoded:
    """Put the fields behind one another. ``matches`` has the table names of each field."""
    seen: dict[str, int] = {}
    ids = np.array(
        [seen.setdefault(word, len(seen)) for tokens in fields for word in (*tokens.words, "\n")],
        np.int64,
    )
    vocabulary = list(seen)
    grouped: dict[str, int] = {}
    group_of = [grouped.setdefault(word.lower(), len(grouped)) for word in vocabulary]
    flags = np.zeros((len(ids), TOKEN_FLAGS), np.float32)
    begin = 0
    for tokens, names in zip(fields, matches, strict=True):
        end = begin + len(tokens)
        if end > begin:
            _place(flags[begin:end], tokens)
        for first, match in names.items():
            _mark(flags[begin + first : begin + match.last + 1], match)
        begin = end + 1
    _use(flags, fields, vocabulary, ids)
    return Encoded(vocabulary, ids, np.array(group_of, np.int64)[ids], flags)


def _place(flags: Flags, tokens: Tokens) -> None:
    """Where each token of a field stands."""
    starts, stops = np.array(tokens.starts), np.array(tokens.stops)
    style = np.array(tokens.style)
    breaks = np.array([word == "\n" for word in tokens.words])
    flags[:, 0] = tokens.first
    flags[:, 1] = style == TITLED
    flags[:, 2] = style == SHOUTED
    flags[0, 7] = flags[-1, 8] = 1
    flags[1:, 7] = breaks[:-1]
    flags[:-1, 8] = breaks[1:]
    flags[1:, 9] = starts[1:] > stops[:-1]
    flags[:_EARLY, 10] = 1
    flags[:, 11] = tokens.loose
    flags[:, 12] = stops > np.array(tokens.ends)


def _use(flags: Flags, fields: Sequence[Tokens], vocabulary: Sequence[str], ids: Ids) -> None:
    """How the article uses each word elsewhere: small too, inside a sentence, how often."""
    if not vocabulary:
        return
    small = {word for word in vocabulary if word[0].islower()}
    capital = np.array([word[0].isupper() for word in vocabulary])
    also_small = np.array(
        [upper and word.lower() in small for upper, word in zip(capital, vocabulary, strict=True)]
    )
    normal = np.concatenate([[*(style == NORMAL for style in t.style), False] for t in fields])
    inner = np.zeros(len(vocabulary), np.bool_)
    inner[ids[(normal & (flags[:, 0] == 0))]] = True
    lines = np.cumsum([len(tokens) + 1 for tokens in fields]) - 1  # between the fields
    counts = np.bincount(np.delete(ids, lines), minlength=len(vocabulary))
    flags[:, 3] = also_small[ids]
    flags[:, 4] = (inner & capital)[ids]
    flags[:, 5] = (counts > 1)[ids]
    flags[:, 6] = (counts >= _OFTEN)[ids]
    flags[lines] = 0


def _mark(rows: Flags, match: Match) -> None:
    """Begin and go on with each type that the table name may have."""
    for entity in match.entities:
        column = _PLACE_FLAGS + _COLUMN[entity.type]  # type: ignore[index]
        rows[0, column] = 1
        rows[1:, column + len(_TABLE_TYPES)] = 1
    rows[:, TOKEN_FLAGS - 1 if match.ambiguous else TOKEN_FLAGS - 2] = 1
