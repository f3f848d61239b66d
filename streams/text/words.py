"""Words with offsets and stems. One pass of a regular expression; stems are remembered."""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import accumulate
from typing import NamedTuple

import Stemmer

from streams.text.remembered import Remembered

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
# Possessive quantifiers, and a class of its own for ASCII, spare a third of the time.
_WORD = re.compile(
    r"(?:[A-Za-z]++[^\W\d_]*+|[^\W\d_]++)(?:[-'’.][^\W\d_]++)*+|\d+(?:[.,:]\d+)*|[^\W_]+"
)
_WORDS = re.compile(f"({_WORD.pattern})")  # splits into what is between words, and words, in turn
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
def _stems(language: str) -> Remembered[str]:
    stemmer = Stemmer.Stemmer(STEMMERS.get(language, "english"), 0)

    def make(word: str) -> str:
        plain = _POSSESSIVE.sub("", word).casefold()
        return str(stemmer.stemWord(plain)) if plain[:1].isalpha() else plain

    return Remembered(make)


def stem(word: str, language: str = "en") -> str:
    """The stem of one word, for example ``quakes`` -> ``quak``; numbers stay as they are."""
    return _stems(language)[word]


def words(text: str, language: str = "en", offset: int = 0) -> tuple[Word, ...]:
    """All words of ``text``; ``offset`` is added to each position (code points)."""
    parts = _WORDS.split(text)
    found = parts[1::2]
    places = list(accumulate(map(len, parts), initial=offset))  # where each part begins
    stems = map(_stems(language).__getitem__, found)
    return tuple(map(_word, zip(found, places[1::2], places[2::2], stems, strict=False)))


def spelled(text: str, begin: int = 0) -> list[str]:
    """The words of ``text`` from ``begin`` on as they are written."""
    return _WORD.findall(text, begin)
