"""The tagger that runs now: a table of names, rules for unknown ones, and the article's memory."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from schemas.article import Article
from schemas.tagged import Mention
from streams.knowledge import Knowledge
from streams.knowledge.base import KnowledgeBase
from streams.tagging.actors import with_actors
from streams.tagging.document import Document, read
from streams.tagging.gazetteer import Gazetteer, Match
from streams.tagging.link import Linker
from streams.tagging.memory import refer
from streams.tagging.network import Network
from streams.tagging.offices import office_spans
from streams.tagging.recognize import overlooked, recognized
from streams.tagging.salience import saliences
from streams.tagging.shapes import repeats, shaped
from streams.tagging.spans import SURE, Span
from streams.tagging.tokens import POSSESSIVE
from streams.tagging.values.find import Setting, find_values, value_of


class EntityTagger(Protocol):
    """Anything that finds entities. Pure: the same article, the same mentions."""

    @property
    def name(self) -> str:
        """Name and version."""
        ...

    def label(self, language: str) -> str:
        """What ran for an article of this language; written to ``TaggedArticle.tagger``."""
        ...

    def tag(self, article: Article) -> tuple[Mention, ...]:
        """The mentions in reading order, apart from one another in each field."""
        ...


class Tagger:
    """The network for names in English, the table everywhere, and the article's own memory."""

    name = "network-1"

    def __init__(
        self, knowledge: Knowledge, network: Network, base: KnowledgeBase | None = None
    ) -> None:
        self.gazetteer = Gazetteer(knowledge)
        self.network = network
        self._linker = Linker(base)
        self._base = f"+{base.meta.name}" if base else ""

    def label(self, language: str) -> str:
        """``network-1``; where only the table knows names, ``table-1(de)``.

        A larger knowledge base adds its name: ``network-1+world``.
        """
        known = self.name if Document(language, ()).english else f"table-1({language})"
        return known + self._base

    def tag(self, article: Article) -> tuple[Mention, ...]:
        """Find, type and resolve the names of one article."""
        doc = read(article)
        knowledge = self.gazetteer.knowledge
        matches = [self.gazetteer.all(tokens, doc.table_language) for tokens in doc.fields]
        values = _values(doc)
        if doc.english:
            names = recognized(doc, matches, self.network)
            names += overlooked([*names, *values], matches)
            names = self.resolved(doc, names, matches)
        else:
            names = shaped(doc, matches)
            names += self._linker.more_names(doc, names)
            names = self.resolved(doc, names, matches)
            names += repeats(doc, names)
        named = with_actors(doc, _apart(names, values), knowledge)
        offices = office_spans(doc, named, knowledge, article.published_at)
        ordered = _apart(named, offices)
        setting = Setting.of(article)
        return tuple(
            _mention(doc, span, weight, setting) for span, weight in saliences(doc, ordered)
        )

    def resolved(
        self, doc: Document, names: list[Span], matches: Sequence[Mapping[int, Match]]
    ) -> list[Span]:
        """Link the names, and let short ones mean what the article calls by its full name."""
        return refer(doc, self._linker.linked(doc, names, matches))


def _values(doc: Document) -> list[Span]:
    """Dates and sums of money, by pattern."""
    return [
        Span(field, first, last, kind, SURE)
        for field, tokens in enumerate(doc.fields)
        for first, last, kind in find_values(tokens, doc.language)
    ]


def _apart(*layers: list[Span]) -> list[Span]:
    """In reading order without overlaps: an earlier layer stays, in it the surer or longer one."""
    taken: set[tuple[int, int]] = set()
    kept: list[Span] = []
    for spans in layers:
        for span in sorted(
            spans, key=lambda s: (-s.confidence, s.first - s.last, s.field, s.first)
        ):
            places = {(span.field, at) for at in range(span.first, span.last + 1)}
            if taken.isdisjoint(places):
                taken |= places
                kept.append(span)
    return sorted(kept, key=lambda s: (s.field, s.first))


def _mention(doc: Document, span: Span, salience: float, setting: Setting) -> Mention:
    tokens = doc.fields[span.field]
    start, end = tokens.starts[span.first], tokens.ends[span.last]
    if span.name and span.name.endswith(POSSESSIVE):  # McDonald's is so called
        end = tokens.stops[span.last]
    return Mention(
        field=tokens.field,
        start=start,
        end=end,
        surface=tokens.text[start:end],
        type=span.type,
        entity_id=span.entity_id,
        name=span.name,
        confidence=span.confidence,
        salience=salience,
        metonym_of=span.metonym_of,
        demonym_of=span.demonym_of,
        value=value_of(span.type, tokens.text, start, end, setting),
    )
