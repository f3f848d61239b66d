"""How much an article is about each of its entities."""

from collections import Counter

from streams.tagging.document import Document
from streams.tagging.spans import Span

_TITLE, _LEAD, _EARLY, _BODY = 3.0, 2.0, 1.5, 1.0
_EARLY_SHARE = 0.2  # the first fifth of the body stands in for a lead
_VALUES = ("DATE", "MONEY")


def saliences(doc: Document, spans: list[Span]) -> list[tuple[Span, float]]:
    """Each span with 0..1: its entity's mentions, weighted by place, against the fullest one's."""
    totals: Counter[str] = Counter()
    for span in spans:
        if span.type not in _VALUES:
            totals[_identity(doc, span)] += _weight(doc, span)  # type: ignore[assignment]
    top = max(totals.values(), default=1)
    return [
        (span, 0.0 if span.type in _VALUES else round(totals[_identity(doc, span)] / top, 4))
        for span in spans
    ]


def _identity(doc: Document, span: Span) -> str:
    return span.entity_id or span.name or doc.fields[span.field].surface(span.first, span.last)


def _weight(doc: Document, span: Span) -> float:
    tokens = doc.fields[span.field]
    if tokens.field == "title":
        return _TITLE
    if tokens.field == "lead":
        return _LEAD
    return _EARLY if tokens.starts[span.first] <= _EARLY_SHARE * len(tokens.text) else _BODY
