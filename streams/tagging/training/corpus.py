"""Annotated texts as the network learns from them: tokens, and which labels each may have.

The sets do not agree in their types. Where one has no NORP, its MISC may be one, and where dates
are not annotated, anything unannotated may be a date. So a text says which labels are *allowed* at
each token, and training sums over all sequences that are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.evaluate import read_rows
from streams.tagging.decode import LABELS, TYPES
from streams.tagging.recognize import names_event
from streams.tagging.tokens import Tokens, tokenize
from streams.tagging.training.variants import variants

Row = Mapping[str, Any]
_LONGEST = 4000  # characters; longer rows of loose sentences are cut there
_SAME: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in TYPES}


@dataclass(frozen=True)
class Scheme:
    """What a set's types may mean in ours, and which of ours it does not annotate at all."""

    meanings: Mapping[str, tuple[str, ...]]
    unannotated: tuple[str, ...] = ()
    loose_sentences: bool = False  # the sentences of a row do not belong together


POLITICS = Scheme(
    {
        "PERSON": ("PERSON",),
        "ORG": ("ORG",),
        "LOC": ("LOC",),
        "EVENT": ("EVENT", "MISC"),
        "MISC": ("MISC", "NORP", "PRODUCT", "FAC"),
    },
    ("DATE", "MONEY", "NORP"),
    loose_sentences=True,
)
SCHEMES: Mapping[str, Scheme] = {
    "ww_train": Scheme(_SAME),
    "wikigold": Scheme(
        {
            "PER": ("PERSON",),
            "ORG": ("ORG",),
            "LOC": ("LOC", "FAC"),
            "MISC": ("MISC", "NORP", "PRODUCT", "EVENT"),
        },
        ("DATE", "MONEY"),
    ),
    "crossner_politics_train": POLITICS,
    "crossner_politics_dev": POLITICS,
}


@dataclass(frozen=True)
class Example:
    """A text, its tokens, and (tokens, labels) booleans: what each token may be."""

    text: str
    tokens: Tokens
    allowed: NDArray[np.bool_]


def examples(folder: Path, name: str, *, seed: int) -> Iterator[tuple[Example, ...]]:
    """Each text of a set, first as it is, then in its other forms."""
    scheme = SCHEMES[name]
    rows = read_rows(folder / f"{name}.jsonl.gz")
    texts = (text for row in rows for text in _texts(row, scheme))
    for number, (text, entities) in enumerate(texts):
        forms = variants(text, entities, seed=seed + number)
        yield tuple(example(form, marks, scheme) for form, marks in forms)


def example(text: str, entities: Iterable[Row], scheme: Scheme) -> Example:
    """Mark the tokens of each entity; one that does not fit whole tokens is left out."""
    tokens = tokenize("body", text)
    allowed = np.zeros((len(tokens), len(LABELS)), np.bool_)
    allowed[:, 0] = True
    for kind in scheme.unannotated:
        allowed[:, [_begin(kind), _begin(kind) + 1]] = True
    first_at = {start: at for at, start in enumerate(tokens.starts)}
    last_at = {end: at for at, end in enumerate(tokens.ends)}
    last_at.update((stop, at) for at, stop in enumerate(tokens.stops))
    for entity in entities:
        first, last = first_at.get(entity["start"]), last_at.get(entity["end"])
        if first is not None and last is not None and first <= last:
            allowed[first : last + 1] = False
            kinds = scheme.meanings[entity["type"]]
            if kinds == ("MISC",) and names_event(tokens.words[first : last + 1]):
                kinds = ("EVENT",)  # a set without that type
            for kind in kinds:
                allowed[first, _begin(kind)] = True
                allowed[first + 1 : last + 1, _begin(kind) + 1] = True
    return Example(text, tokens, allowed)


def _texts(row: Row, scheme: Scheme) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    text, entities = row["text"], row["entities"]
    for begin, end in _cuts(text) if scheme.loose_sentences else [(0, len(text))]:
        inside = (entity for entity in entities if begin <= entity["start"] < end)
        moved = [{**e, "start": e["start"] - begin, "end": e["end"] - begin} for e in inside]
        yield text[begin:end], moved


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of whole lines, each a little longer than ``_LONGEST``."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + _LONGEST)
        end = len(text) if end < 0 else end
        yield begin, end
        begin = end + 1


def _begin(kind: str) -> int:
    return LABELS.index(f"B-{kind}")
