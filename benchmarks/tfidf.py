"""The simple system that event detection is measured against: online TF-IDF with a threshold.

One pass: idf from the articles so far, cosine to the centroid of each event that shares a word,
the best event if it reaches the threshold. One threshold for all sets.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from streams.text.words import spelled, stems_of

THRESHOLD = 0.26
"""Best mean BCubed F1 over nine development sets among .14, .18, .22, .26, .30."""


class OnlineTfidf:
    """Assigns each article to an event."""

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._documents = 0
        self._df: Counter[str] = Counter()
        self._centroids: list[Counter[str]] = []
        self._norms: list[float] = []
        self._postings: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, row: dict[str, Any]) -> tuple[int, bool]:
        """(number of the event, whether the article opens it)."""
        text = f"{row.get('title') or ''} {row.get('body') or ''}"
        counts = Counter(stems_of(spelled(text), row.get("language") or "en"))
        self._documents += 1
        self._df.update(counts.keys())
        vector = self._weighted(counts)
        dots: defaultdict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for event in self._postings[term]:
                dots[event] += weight * self._centroids[event][term]
        scores = {event: dot / self._norms[event] for event, dot in dots.items()}
        best = max(scores, key=lambda event: (scores[event], -event), default=-1)
        is_new = best < 0 or scores[best] < self._threshold
        if is_new:
            best = len(self._centroids)
            self._centroids.append(Counter())
            self._norms.append(0.0)
        self._join(best, vector)
        return best, is_new

    def _weighted(self, counts: Counter[str]) -> dict[str, float]:
        raw = {
            term: (1 + math.log(n)) * math.log((self._documents + 1) / (self._df[term] + 0.5))
            for term, n in counts.items()
        }
        norm = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / norm for term, weight in raw.items()}

    def _join(self, event: int, vector: dict[str, float]) -> None:
        centroid = self._centroids[event]
        for term, weight in vector.items():
            centroid[term] += weight  # type: ignore[assignment]
            self._postings[term].add(event)
        self._norms[event] = math.sqrt(sum(w * w for w in centroid.values())) or 1.0


def evaluate(
    rows: Sequence[dict[str, Any]], threshold: float = THRESHOLD
) -> tuple[list[str], list[bool]]:
    """(event of each row, whether it opens it)."""
    system = OnlineTfidf(threshold)
    found = [system.add(row) for row in rows]
    return [str(event) for event, _ in found], [is_new for _, is_new in found]
