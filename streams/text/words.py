"""Words of a text, and their stems. One pass of a regular expression; stems are remembered."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

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
_POSSESSIVE = re.compile(r"['’][sS]$")


# Not ``sys.intern``: what that was given stayed for ever in the first releases of Python 3.12.
_ONES = Remembered[str](lambda term: term, most=200_000)


def the_one(term: str) -> str:
    """The same object for equal terms: then a look-up need not compare their letters."""
    return _ONES[term]


@lru_cache(maxsize=16)
def _stems(language: str) -> Remembered[str]:
    stemmer = Stemmer.Stemmer(STEMMERS.get(language, "english"), 0)

    def make(word: str) -> str:
        plain = _POSSESSIVE.sub("", word).casefold()
        return the_one(str(stemmer.stemWord(plain)) if plain[:1].isalpha() else plain)

    return Remembered(make)


def stem(word: str, language: str = "en") -> str:
    """The stem of one word, for example ``quakes`` -> ``quak``; numbers stay as they are."""
    return _stems(language)[word]


def stems_of(words: Iterable[str], language: str = "en") -> list[str]:
    """The stem of each word: lower case, without possessive, in the text's language."""
    return list(map(_stems(language).__getitem__, words))


def spelled(text: str, begin: int = 0) -> list[str]:
    """The words of ``text`` from ``begin`` on, as they are written."""
    return _WORD.findall(text, begin)


def opens(text: str, words: Sequence[str], begin: int = 0) -> bool:
    """Whether nothing is before the first of ``words``: there a capital says nothing."""
    return bool(words) and text.startswith(words[0], begin)
