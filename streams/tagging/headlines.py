"""Names in headline case or all capitals: only those that the rest of the article tells."""

from dataclasses import replace

from streams.knowledge.forms import inflect
from streams.tagging.document import Document
from streams.tagging.lexicon import section
from streams.tagging.memory import key_of
from streams.tagging.spans import Span
from streams.tagging.tokens import NORMAL, SHOUTED

_WORDS = section("not_names") | section("function_words") | section("titles")


def headline_spans(doc: Document, spans: list[Span]) -> list[Span]:
    """Occurrences, on lines without case, of the names found on lines with it."""
    names: dict[str, Span] = {}
    for span in spans:
        known = span.candidates and span.type != "PERSON"  # the table finds these by itself
        if span.type not in ("DATE", "MONEY", None) and not known:
            names.setdefault(key_of(doc, span), span)
    # A surname alone is enough once the full name stands in the article.
    for span in list(names.values()):
        if span.type == "PERSON":
            last = doc.fields[span.field].words[span.last]
            if last[0].isupper() and len(last) > 1:
                for form in inflect(doc.language, last) if doc.language == "ru" else (last,):
                    names.setdefault(form, span)
    names = {key: span for key, span in names.items() if key not in _WORDS}
    folded = {key.casefold(): span for key, span in names.items() if len(key) > 2}
    longest = max((key.count(" ") + 1 for key in names), default=0)
    found: list[Span] = []
    for field, tokens in enumerate(doc.fields):
        index = 0
        while index < len(tokens):
            plain = tokens.style[index] == NORMAL and doc.latin
            if plain or not tokens.words[index][0].isupper():
                index += 1
                continue
            table = folded if tokens.style[index] == SHOUTED else names
            hit = _hit(doc, field, index, longest, table)
            if hit:
                found.append(hit)
                index = hit.last
            index += 1
    return found


def _hit(
    doc: Document, field: int, index: int, longest: int, names: dict[str, Span]
) -> Span | None:
    words = doc.fields[field].words
    for length in range(min(longest, len(words) - index), 0, -1):
        key = " ".join(words[index : index + length])
        span = names.get(key) or names.get(key.casefold())
        if span:
            return replace(span, field=field, first=index, last=index + length - 1)
    return None
