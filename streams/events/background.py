"""How rare a word is: document shares of ordinary news, blended with the live stream."""

import gzip
import math
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import orjson

from streams.novelty.vocabulary import function_words
from streams.text.words import stem

UNSEEN = 0.3  # documents that a word in no document is taken to have
STREAM_WEIGHT = 2000.0  # documents that the background counts for in the blend
FUNCTION_IDF = 0.3
# Words of languages that the table does not know: rare in it, yet common in their language.
FOREIGN_CAP = 6.0
KNOWN_LANGUAGES = frozenset({"en", "und"})


class Background:
    """A table of document frequencies; read only.

    Args:
        documents: number of documents counted, > 0.
        counts: stem, or two stems with a space between, to documents that hold it.
    """

    def __init__(self, documents: int, counts: Mapping[str, int]) -> None:
        self.documents = documents
        self.counts = counts
        self._unseen = math.log((documents + 1) / UNSEEN)
        self._known = {
            term: math.log((documents + 1) / (count + UNSEEN)) for term, count in counts.items()
        }

    def idf(self, term: str, language: str = "en") -> float:
        """Natural logarithm of the inverse document share, 0 (everywhere) to about 11 (unseen).

        >>> round(Background(99, {"say": 99, "quak": 9}).idf("quak"), 2)
        2.37
        """
        if language in KNOWN_LANGUAGES:
            return self._known.get(term, self._unseen)
        if term in _function_stems(language):
            return FUNCTION_IDF
        return min(self._known.get(term, self._unseen), FOREIGN_CAP)

    def blended(self, term: str, live: int, documents: int, language: str = "en") -> float:
        """The same after ``live`` of ``documents`` articles of the stream held the term."""
        value = self.idf(term, language)
        if not live:
            return value
        share = math.exp(-value) * STREAM_WEIGHT + live
        return max(0.0, min(value, -math.log(share / (STREAM_WEIGHT + documents))))


@lru_cache(maxsize=32)
def _function_stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in function_words(language))


@lru_cache(maxsize=1)
def background() -> Background:
    """The table that ships with the package (docs/models/background.md)."""
    packed = (resources.files("streams") / "models" / "background.json.gz").read_bytes()
    table = orjson.loads(gzip.decompress(packed))
    return Background(table["documents"], table["counts"])
