"""The tagger beside its peers, on the same texts in one run: F1 by type, and milliseconds.

DELTAWIRE_EVAL=DIR python -m benchmarks.entities [--spacy-epochs 12]

Peers: the table of names alone, and spaCy's entity recognizer, trained here on the same annotated
world news (``ww_train``) if spaCy is installed (``pip install spacy``; no other part needs it).
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from streams.config import Settings
from streams.evaluate import read_rows
from streams.knowledge import core
from streams.tagger import default_tagger
from streams.tagging.document import read
from streams.tagging.evaluate import article_of, entity_of, score_entities
from streams.tagging.gazetteer import Gazetteer
from streams.tagging.recognize import recognized

Row = dict[str, Any]
Found = list[dict[str, Any]]
SETS = ("ww_dev", "wikigold", "crossner_politics_test", "re3d_test")
TYPES = ("PERSON", "ORG", "LOC", "NORP", "MISC", "FAC", "PRODUCT", "DATE", "MONEY")
WORDS = 400


def ours(rows: Sequence[Row]) -> list[Found]:
    """The shipped tagger, with the knowledge base that is set."""
    tagger = default_tagger()
    return [[entity_of(mention) for mention in tagger.tag(article_of(row))] for row in rows]


def table_alone(rows: Sequence[Row]) -> list[Found]:
    """Each name of the packaged table, the longest first, by its likeliest type."""
    gazetteer = Gazetteer(core())
    found: list[Found] = []
    for row in rows:
        found.append([])
        for tokens in read(article_of(row)).fields:
            for first, match in gazetteer.all(tokens, "en").items():
                where = {"start": tokens.starts[first], "end": tokens.ends[match.last]}
                found[-1].append({**where, "type": match.entities[0].type})
    return found


def spacy_peer(train: Sequence[Row], epochs: int) -> Callable[[Sequence[Row]], list[Found]]:
    """spaCy's small network (tok2vec and transitions), trained from nothing; kept in ``out/``."""
    import spacy

    kept = Path("out") / f"spacy-ner-{epochs}"
    nlp = spacy.load(kept) if kept.is_dir() else _trained(train, epochs)
    nlp.to_disk(kept)

    def tag(rows: Sequence[Row]) -> list[Found]:
        return [
            [{"start": e.start_char, "end": e.end_char, "type": e.label_} for e in doc.ents]
            for doc in map(nlp, (row["text"] for row in rows))
        ]

    return tag


def _trained(train: Sequence[Row], epochs: int) -> Any:
    import spacy
    from spacy.training import Example
    from spacy.util import filter_spans, fix_random_seed, minibatch

    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = []
    for row in train:
        for begin, end in _paragraphs(row["text"]):
            doc = nlp.make_doc(row["text"][begin:end])
            spans = [
                doc.char_span(e["start"] - begin, e["end"] - begin, label=e["type"])
                for e in row["entities"]
                if begin <= e["start"] and e["end"] <= end
            ]
            gold = doc.copy()
            gold.set_ents(filter_spans([span for span in spans if span]))
            examples.append(Example(doc, gold))
    optimizer = nlp.initialize(lambda: examples)
    order = random.Random(0)
    for epoch in range(epochs):
        order.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, 64):
            nlp.update(batch, sgd=optimizer, drop=0.2, losses=losses)
        sys.stderr.write(f"spaCy: epoch {epoch + 1} of {epochs}, loss {losses['ner']:.0f}\n")

    return nlp


def _paragraphs(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n"), len(text) + 1]
    return [(a, b - 1) for a, b in pairwise(cuts) if b - 1 > a]


def milliseconds(tag: Callable[[Sequence[Row]], Any], rows: Sequence[Row]) -> float:
    """CPU time an article, the best of three."""
    tag(rows)
    best = float("inf")
    for _ in range(3):
        begin = process_time()
        tag(rows)
        best = min(best, process_time() - begin)
    return best / len(rows) * 1000


def steps(rows: Sequence[Row]) -> dict[str, float]:
    """Milliseconds of CPU an article in each step of the tagger, the best of three."""
    tagger = default_tagger()
    articles = [article_of(row) for row in rows]
    docs = [read(article) for article in articles]
    matches = [[tagger.gazetteer.all(t, "en") for t in doc.fields] for doc in docs]
    names = [recognized(d, m, tagger.network) for d, m in zip(docs, matches, strict=True)]

    def timed(step: Callable[[], object]) -> float:
        return milliseconds(lambda _: step(), rows)

    parts = {
        "tokens": timed(lambda: [read(article) for article in articles]),
        "table": timed(lambda: [[tagger.gazetteer.all(t, "en") for t in d.fields] for d in docs]),
        "network": timed(
            lambda: [recognized(d, m, tagger.network) for d, m in zip(docs, matches, strict=True)]
        ),
        "linking": timed(
            lambda: [tagger.resolved(d, n, m) for d, n, m in zip(docs, names, matches, strict=True)]
        ),
    }
    whole = timed(lambda: [tagger.tag(article) for article in articles])
    return {**parts, "values, roles, records": whole - sum(parts.values()), "whole": whole}


def main() -> None:
    """Train the peer, score all on every set, time all on articles of 400 words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spacy-epochs", type=int, default=12)
    options = parser.parse_args()
    folder = Settings().eval
    if folder is None or not folder.is_dir():
        sys.exit("set DELTAWIRE_EVAL to the folder with the evaluation sets (entities/ …)")
    threadpool_limits(1)
    systems: dict[str, Callable[[Sequence[Row]], list[Found]]] = {
        "deltawire": ours,
        "table alone": table_alone,
    }
    if find_spec("spacy"):
        train = list(read_rows(folder / "entities" / "ww_train.jsonl.gz"))
        systems["spaCy, same data"] = spacy_peer(train, options.spacy_epochs)
    console = Console(width=170)
    sets = {name: list(read_rows(folder / "entities" / f"{name}.jsonl.gz")) for name in SETS}
    for name, rows in sets.items():
        table = Table("system", "precision", "recall", "F1", *TYPES, title=name, box=None)
        for system, tag in systems.items():
            made = [{"entities": found} for found in tag(rows)]
            scores = score_entities(rows, made)
            by_type = [f"{scores[t]['f1']:.3f}" if t in scores else "" for t in TYPES]
            micro = scores["micro"]
            overall = [f"{micro[key]:.3f}" for key in ("precision", "recall", "f1")]
            table.add_row(system, *overall, *by_type)
        console.print(table)
    articles = [
        {"id": row["id"], "text": " ".join(row["text"].split(" ")[:WORDS])}
        for row in sets["ww_dev"]
        if row["text"].count(" ") >= WORDS
    ]
    table = Table("system", "ms CPU", "articles/s", title=f"{len(articles)} articles of 400 words")
    for system, tag in systems.items():
        cost = milliseconds(tag, articles)
        table.add_row(system, f"{cost:.2f}", f"{1000 / cost:.0f}")
    console.print(table)
    table = Table("step", "ms CPU", title="deltawire, step by step", box=None)
    for step, cost in steps(articles).items():
        table.add_row(step, f"{cost:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
