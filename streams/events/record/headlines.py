"""The title of an event: the headline that says most of what the others say, and that stays.

Centrality as in LexRank's simplest form (Erkan and Radev, JAIR 2004): the sum of a headline's
weighted words times their sums over all headlines that are kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from schemas.events import Text

Json = dict[str, Any]

FIRST, LATEST = 4, 4  # that are kept, and the one that is shown
CLEARLY = 1.15  # a later headline must be so much more central to replace the one that is shown


@dataclass(frozen=True, slots=True)
class Headline:
    """A title with the stems that make it comparable."""

    text: Text
    terms: tuple[tuple[str, float], ...]


class Headlines:
    """In joining order. Only a later one may take the place of the one shown: none comes back."""

    def __init__(self) -> None:
        self._rows: list[Headline] = []
        self._shown = 0

    def copy(self) -> "Headlines":
        """One that can be changed without changing this one."""
        twin = Headlines()
        twin._rows, twin._shown = self._rows, self._shown  # the list is replaced, never changed
        return twin

    @property
    def title(self) -> Text | None:
        """The one that is shown."""
        return self._rows[self._shown].text if self._rows else None

    def add(self, text: Text, stems: Iterable[Iterable[Any]]) -> None:
        """The next member's; ``stems`` are the words and their weights, beside one another."""
        rows = [*self._rows, Headline(text, tuple(zip(*stems, strict=True)))]
        central = _centrality(rows)
        best = max(range(self._shown, len(rows)), key=lambda at: (central[at], -at))
        if central[best] > CLEARLY * central[self._shown]:
            self._shown = best
        self._keep(rows, lambda at: FIRST <= at < len(rows) - LATEST and at != self._shown)

    def join(self, later: "Headlines") -> None:
        """Those of another event, as if they came behind."""
        for row in later._rows:
            self.add(row.text, zip(*row.terms, strict=True))

    def strip(self, item_id: str) -> None:
        """Take one out. If it was shown, the earliest that is nearly as central as any follows."""
        rows, shown = self._rows, self._shown
        if rows and rows[shown].text.source.item_id == item_id:
            rows = [row for row in rows if row.text.source.item_id != item_id]
            central = _centrality(rows)
            enough = max(central, default=0.0) / CLEARLY
            self._shown = next((at for at, value in enumerate(central) if value >= enough), 0)
        self._keep(rows, lambda at: rows[at].text.source.item_id == item_id)

    def _keep(self, rows: list[Headline], drops: Callable[[int], bool]) -> None:
        kept = [at for at in range(len(rows)) if not drops(at)]
        self._rows = [rows[at] for at in kept]
        self._shown = kept.index(self._shown) if kept else 0

    def row(self) -> Json:
        """As plain JSON."""
        rows = [
            [row.text.model_dump(mode="json"), [list(term) for term in row.terms]]
            for row in self._rows
        ]
        return {"rows": rows, "shown": self._shown}

    @classmethod
    def read(cls, row: Json) -> "Headlines":
        """Those of a row."""
        found = cls()
        found._shown = row.get("shown", 0)
        found._rows = [
            Headline(Text.model_validate(text), tuple((t, w) for t, w in terms))
            for text, terms in row["rows"]
        ]
        return found


def _centrality(rows: Iterable[Headline]) -> list[float]:
    total: dict[str, float] = {}
    for row in rows:
        for term, weight in row.terms:
            total[term] = total.get(term, 0.0) + weight
    return [round(sum([w * total[t] for t, w in row.terms]), 6) for row in rows]
