"""Sentences of an article's fields, with their places and words."""

from collections.abc import Sequence
from typing import NamedTuple

import sentencex

from schemas.article import Article
from streams.text.words import spelled


class Sentence(NamedTuple):
    """One sentence; offsets are code points in the named field, words are as they are written."""

    field: str
    start: int
    end: int
    text: str
    words: Sequence[str]


def sentence_of(field: str, start: int, text: str) -> Sentence:
    """The sentence ``text`` that begins at ``start``."""
    return Sentence(field, start, start + len(text), text, spelled(text))


def spans(text: str, language: str = "en") -> list[tuple[int, int]]:
    """(start, end) of each sentence, trimmed; a line break always ends one."""
    found: list[tuple[int, int]] = []
    position = 0
    for line in text.split("\n"):
        at = position
        for piece in sentencex.segment(language, line) if line.strip() else ():
            body = piece.strip()
            if body:
                start = text.index(body, at)
                found.append((start, start + len(body)))
                at = start + len(body)
        position += len(line) + 1
    return found


def sentences(article: Article) -> tuple[Sentence, ...]:
    """The sentences of title, lead, body and key points, in reading order.

    A title and a key point are one sentence each; lead and body are split.
    """
    found: list[Sentence] = []
    language = article.language
    for field, text in article.fields():
        whole = field == "title" or field.startswith("key_points")
        for start, end in [(0, len(text))] if whole else spans(text, language):
            found.append(sentence_of(field, start, text[start:end]))
    return tuple(found)
