"""How much of an article is read: its sentences and its note of correction, within bounds."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from schemas.enriched import ReadFlag
from streams.novelty.statements import MAX_READ, MAX_STATEMENTS, MAX_TEXT, NOTE
from streams.text.sentences import Sentence, sentence_of
from streams.text.words import STEMMERS


class Reading(NamedTuple):
    """What is read of an article, and what it has more of."""

    sentences: list[Sentence]
    flags: list[ReadFlag]

    @property
    def told(self) -> list[Sentence]:
        """The same, a note without its words: it names figures and denials to take them back."""
        return [
            each._replace(text="", words=()) if each.field == NOTE else each
            for each in self.sentences
        ]


def reading(sentences: Sequence[Sentence], language: str, note: str | None = None) -> Reading:
    """The first MAX_STATEMENTS sentences, the note as the last of them, MAX_READ letters of each.

    Args:
        note: the article's public note that says what a correction changed.
    """
    notes = [sentence_of(NOTE, 0, note)] if note else []
    kept = [*sentences[: MAX_STATEMENTS - len(notes)], *notes]
    found: list[ReadFlag] = []
    if len(kept) < len(sentences) + len(notes):
        found.append("statements-capped")
    if any(len(each.text) > MAX_TEXT for each in kept):
        found.append("sentence-cut")
    if language not in STEMMERS:
        found.append("no-language")
    return Reading(list(map(_cut, kept)), found)


def _cut(each: Sentence) -> Sentence:
    return each if len(each.text) <= MAX_READ else each._replace(text=each.text[:MAX_READ])


def ranks(sentences: Iterable[Sentence]) -> list[int]:
    """Place of each sentence in its part: the title 0, then lead and body; points on their own."""
    found: list[int] = []
    body = 0
    for sentence in sentences:
        if sentence.field.startswith("key_points."):
            found.append(1 + int(sentence.field.partition(".")[2]))
        elif sentence.field == NOTE:
            found.append(1)
        else:
            found.append(body)
            body += 1
    return found
