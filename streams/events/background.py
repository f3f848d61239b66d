"""How rare a word is: document shares of ordinary news, blended with the live stream."""

import gzip
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from itertools import repeat

import orjson

from streams.novelty.vocabulary import function_words
from streams.text.words import stem, the_one

UNSEEN = 0.3  # documents that a word in no document is taken to have
STREAM_WEIGHT = 2000.0  # documents that the background counts for in the blend
FUNCTION_IDF = 0.3
# Words of languages that the table does not know: rare in it, yet common in their language.
FOREIGN_CAP = 6.0
KNOWN_LANGUAGES = frozenset({"en", "und"})


class _Known(dict[str, float]):
    """Rarities of known terms; any other term has the rarity of one never seen."""

    unseen = 0.0

    def __missing__(self, term: str) -> float:
        return self.unseen


class Background:
    """A table of document frequencies; read only.

    Args:
        documents: number of documents counted, > 0.
        counts: stem, or two stems with a space between, to documents that hold it.
    """

    def __init__(self, documents: int, counts: Mapping[str, int]) -> None:
        self.documents = documents
        self.counts = counts
        rarities = (math.log((documents + 1) / (n + UNSEEN)) for n in counts.values())
        self._known = _Known(zip(map(the_one, counts), rarities, strict=True))
        self._known.unseen = math.log((documents + 1) / UNSEEN)

    def idf(self, term: str, language: str = "en") -> float:
        """Natural logarithm of the inverse document share, 0 (everywhere) to about 11 (unseen).

        >>> round(Background(99, {"say": 99, "quak": 9}).idf("quak"), 2)
        2.37
        """
        return self.idf_of(language)(term)

    def idf_of(self, language: str) -> Callable[[str], float]:
        """``idf`` of one language, for terms one by one."""
        known = self._known.__getitem__
        if language in KNOWN_LANGUAGES:
            return known
        common = _function_stems(language)
        return lambda term: FUNCTION_IDF if term in common else min(known(term), FOREIGN_CAP)

    def idfs(self, terms: Iterable[str], language: str = "en") -> list[float]:
        """``idf`` of many terms at once, which costs half as much."""
        if language in KNOWN_LANGUAGES:
            return list(map(self._known.get, terms, repeat(self._known.unseen)))
        return list(map(self.idf_of(language), terms))


def blended(idfs: Sequence[float], live: Sequence[int], documents: int) -> list[float]:
    """The rarities of terms after ``live`` of ``documents`` articles of the stream held them."""
    log, exp, whole = math.log, math.exp, STREAM_WEIGHT + documents
    found = []
    for idf, count in zip(idfs, live, strict=True):
        if count and (seen := -log((exp(-idf) * STREAM_WEIGHT + count) / whole)) < idf:
            idf = seen if seen > 0.0 else 0.0
        found.append(idf)
    return found


@lru_cache(maxsize=32)
def _function_stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in function_words(language))


@lru_cache(maxsize=1)
def background() -> Background:
    """The table that ships with the package (docs/models/background.md)."""
    packed = (resources.files("streams") / "models" / "background.json.gz").read_bytes()
    table = orjson.loads(gzip.decompress(packed))
    return Background(table["documents"], table["counts"])
