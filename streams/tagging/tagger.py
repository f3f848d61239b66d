"""The tagger that runs now: a table of names, rules for unknown ones, and the article's memory."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from schemas.article import Article
from schemas.tagged import Mention
from streams.knowledge import Knowledge, core
from streams.tagging.actors import with_actors
from streams.tagging.chunks import capital_runs
from streams.tagging.document import Document, read
from streams.tagging.gazetteer import Gazetteer, Match
from streams.tagging.headlines import headline_spans
from streams.tagging.offices import office_spans
from streams.tagging.pieces import Cutter
from streams.tagging.resolve import settle
from streams.tagging.salience import saliences
from streams.tagging.spans import SURE, Span
from streams.tagging.tokens import POSSESSIVE
from streams.tagging.values.find import Setting, value_of, values


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
    """Gazetteer and rules."""

    name = "table-rules-1"

    def __init__(self, knowledge: Knowledge) -> None:
        self._gazetteer = Gazetteer(knowledge)

    def label(self, language: str) -> str:
        """``table-rules-1``; where the English rules do not hold, ``table-1(de)``."""
        return self.name if Document(language, ()).ruled else f"table-1({language})"

    def tag(self, article: Article) -> tuple[Mention, ...]:
        """Find, type and resolve the names of one article."""
        doc = read(article)
        matches = [self._gazetteer.all(tokens, doc.table_language) for tokens in doc.fields]
        found = [span for n in range(len(doc.fields)) for span in _found(doc, n, matches[n])]
        settled = settle(doc, found)
        settled += headline_spans(doc, settled)
        settled = with_actors(doc, _apart(settled), self._gazetteer.knowledge)
        offices = office_spans(doc, settled, self._gazetteer.knowledge, article.published_at)
        ordered = _apart(settled + offices)
        setting = Setting.of(article)
        return tuple(
            _mention(doc, span, weight, setting) for span, weight in saliences(doc, ordered)
        )


@lru_cache(maxsize=1)
def default_tagger() -> Tagger:
    """The tagger over the packaged table, built once per process."""
    return Tagger(core())


def _found(doc: Document, field: int, matches: dict[int, Match]) -> Iterator[Span]:
    """Values, runs of capitals cut into names, and table names outside any run."""
    tokens = doc.fields[field]
    taken = bytearray(len(tokens))
    for first, last, kind in values(tokens, doc.language):
        if first not in matches or matches[first].last <= last:
            taken[first : last + 1] = b"\1" * (last + 1 - first)
            yield Span(field, first, last, kind, SURE)
    cutter = Cutter(doc, field, matches)
    if doc.latin:
        names = {first: match.last for first, match in matches.items()}
        for first, last in capital_runs(tokens, taken, names):
            taken[first : last + 1] = b"\1" * (last + 1 - first)
            yield from cutter.cut(first, last)
    for first, match in matches.items():
        if not any(taken[first : match.last + 1]):
            yield cutter.known(first, match)


def _apart(spans: list[Span]) -> list[Span]:
    """In reading order without overlaps: the surer one stays, then the longer one."""
    free: dict[int, bytearray] = {}
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (-s.confidence, s.first - s.last, s.field, s.first)):
        used = free.setdefault(span.field, bytearray())
        used.extend(bytes(max(0, span.last + 1 - len(used))))
        if not any(used[span.first : span.last + 1]):
            used[span.first : span.last + 1] = b"\1" * (span.last + 1 - span.first)
            kept.append(span)
    return sorted(kept, key=lambda s: (s.field, s.first))


def _mention(doc: Document, span: Span, salience: float, setting: Setting) -> Mention:
    tokens = doc.fields[span.field]
    assert span.type is not None
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
        value=value_of(span.type, tokens.text, start, end, setting),
    )
