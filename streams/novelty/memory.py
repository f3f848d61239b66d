"""What one event already holds: its statements, found by their words. Derived from extracts.

Of articles whose extracts are gone it holds how well their words are known, and their figures.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from schemas.enriched import Position
from streams.novelty.held import Figures, Key
from streams.novelty.statement_index import Held, Index

MAX_ARTICLES = 400  # older ones are forgotten

Json = dict[str, Any]


class Faded(NamedTuple):
    """What is left of earlier articles whose extracts are gone.

    Attributes:
        words: ``token`` of a key to its weight, as ``weight`` gives it.
        articles: extracts that hold figures and disputes alone, each with its id as "item".
        languages: of all of them.
    """

    words: Mapping[int, int]
    articles: Sequence[Mapping[str, Any]]
    languages: frozenset[str]


NOTHING = Faded({}, (), frozenset())


class Origin(NamedTuple):
    """The article that a text comes from, and who published it."""

    item_id: str
    publisher: str


def position(held: Held) -> Position:
    """Where a statement stands."""
    return Position(**place(held))


def place(held: Held) -> Json:
    """``position`` as JSON."""
    each = held.statement
    span = {"field": each["field"], "start": each["start"], "end": each["end"]}
    return {"item_id": held.item_id, **span}


class _Article(NamedTuple):
    extract: Json
    serials: range
    place: int  # of its first figure among those of the event
    figures: list[Json]  # as ``Figures`` holds them
    origin: Origin


class EventMemory:
    """Earlier articles of one event; add in joining order.

    The answers depend on the articles held and their order, not on how the memory came about.
    """

    def __init__(self, faded: Faded = NOTHING) -> None:
        self.index = Index()
        self._articles: dict[str, _Article] = {}
        self._languages: Counter[str] = Counter()
        self._next = self._rows = 0
        self._figures = Figures()
        self._lines: dict[str, frozenset[tuple[str, ...]]] = {}  # of articles that have copies
        self.fade((), faded)

    def fade(self, item_ids: Iterable[str], faded: Faded) -> None:
        """Forget the statements of some articles; ``faded`` holds what is left of all such."""
        for item_id in item_ids:
            self.remove(item_id)
        self._faded, self.index.faded = faded, faded.words
        self._old_figures, self._faded_figures = list[Sequence[Json]](), Figures()
        place = -sum(len(each["figures"]) for each in faded.articles)
        for each in faded.articles:
            rows = _rows(each["item"], place, each)
            self._old_figures.append(rows)
            self._faded_figures.add(rows)
            place += len(rows)

    def __len__(self) -> int:
        return len(self._articles)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever said."""
        return not self._articles and not self._faded.languages

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._articles

    def languages(self) -> frozenset[str]:
        """The languages of the articles held."""
        return self._faded.languages.union(self._languages)

    def add(self, item_id: str, extract: Json, origin: Origin | None = None) -> None:
        """Take one article in; one that is held already is replaced and becomes the last.

        Args:
            origin: of a copy, the article that it copies.
        """
        self.remove(item_id)
        statements = extract["statements"]
        serials = range(self._next, self._next + len(statements))
        self._next = serials.stop
        figures = _rows(item_id, self._rows, extract)
        origin = origin or Origin(item_id, extract.get("publisher", ""))
        self._articles[item_id] = _Article(extract, serials, self._rows, figures, origin)
        self._figures.add(figures)
        self._rows += len(figures)
        self._languages[extract["language"]] += 1
        for serial, statement in zip(serials, statements, strict=True):
            self.index.add(serial, Held(item_id, statement))
        self.index.articles += 1
        if len(self._articles) > MAX_ARTICLES:
            self.remove(next(iter(self._articles)))

    def remove(self, item_id: str) -> None:
        """Forget one article as if it had never been added; an unknown one is no error."""
        article = self._articles.pop(item_id, None)
        if article is None:
            return
        for serial in article.serials:
            self.index.remove(serial)
        self._figures.remove(article.figures)
        self._lines.pop(item_id, None)
        self.index.articles -= 1
        self._languages -= Counter([article.extract["language"]])

    def origin(self, item_id: str) -> Origin:
        """Where an article that is held comes from: itself, unless it is a copy."""
        return self._articles[item_id].origin

    def statements(self, item_id: str) -> Sequence[Json]:
        """Those of an article, none if it is not held."""
        article = self._articles.get(item_id)
        return article.extract["statements"] if article else ()

    def lines(self, item_id: str) -> frozenset[tuple[str, ...]]:
        """The stems of each statement of an article that is held."""
        if (found := self._lines.get(item_id)) is None:
            statements = self._articles[item_id].extract["statements"]
            found = self._lines[item_id] = frozenset(tuple(each["stems"]) for each in statements)
        return found

    def figures(self, count: int) -> Iterator[Sequence[Json]]:
        """The figures of the articles that joined last, the last one first.

        The rows are as ``Figures`` holds them.
        """
        live = (article.figures for article in reversed(self._articles.values()))
        return islice(chain(live, reversed(self._old_figures)), count)

    def since(self, count: int) -> int:
        """The place of the first figure of the ``count`` articles that joined last."""
        faded = count - len(self._articles)
        if faded > 0:  # what faded has places below 0
            return -sum(map(len, self._old_figures[-faded:]))
        return next(islice(reversed(self._articles.values()), count - 1, None)).place

    def figures_of(self, key: Key, since: int) -> Sequence[Json]:
        """``Figures.of`` all articles, oldest first."""
        live = self._figures.of(key, since)
        return [*self._faded_figures.of(key, since), *live] if since < 0 else live

    def disputes(self) -> Iterator[Json]:
        """The disputes of all articles, in joining order."""
        for old in self._faded.articles:
            yield from old["disputes"]
        for article in self._articles.values():
            yield from article.extract.get("disputes", ())


def _rows(item_id: str, place: int, extract: Mapping[str, Any]) -> list[Json]:
    own = {"item": item_id, "of": extract}
    return [{**row, **own, "nth": nth} for nth, row in enumerate(extract.get("figures", ()), place)]
