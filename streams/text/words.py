"""Words with offsets and stems. One pass of a regular expression; stems are remembered."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import Stemmer

STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
}
# A word may hold inner apostrophes, hyphens and dots between digits (25,000 or 6.4 stay whole).
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’.][^\W\d_]+)*|[^\W_]+")
_POSSESSIVE = re.compile(r"['’][sS]$")


class Word(NamedTuple):
    """One word of a text; ``stem`` is lower case, without possessive, in the text's language."""

    text: str
    start: int
    end: int
    stem: str


# As ``Word(...)``, whose own constructor costs a Python call for each word.
_word: Callable[[tuple[str, int, int, str]], Word] = partial(tuple.__new__, Word)


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(STEMMERS.get(language, "english"), 0)


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "en") -> str:
    """The stem of one word, for example ``quakes`` -> ``quak``; numbers stay as they are."""
    plain = _POSSESSIVE.sub("", word).casefold()
    return _stemmer(language).stemWord(plain) if plain[:1].isalpha() else plain


def words(text: str, language: str = "en", offset: int = 0) -> tuple[Word, ...]:
    """All words of ``text``; ``offset`` is added to each position (code points)."""
    return tuple(
        [
            _word(
                (word := m.group(), at := m.start() + offset, at + len(word), stem(word, language))
            )
            for m in _WORD.finditer(text)
        ]
    )
