"""Scores on labelled rows: sentence novelty and figure revisions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import py3langid

from schemas.article import Article, Provenance, RawPosition, Source
from streams.events.background import background
from streams.novelty.assess import assess, extract_sentences
from streams.novelty.memory import EventMemory
from streams.novelty.metrics import auc, average_precision, f1, macro_f1
from streams.novelty.scoring import Model
from streams.tagger import default_tagger
from streams.text.sentences import Sentence, sentence_of, spans

Row = Mapping[str, Any]
Scores = dict[str, float]
_RAW = RawPosition(topic="data", partition=0, offset=0)


def as_sentences(texts: Sequence[str], language: str = "en") -> tuple[Sentence, ...]:
    """One sentence per text, as if they were the lines of one body; no line is empty."""
    found: list[Sentence] = []
    start = 0
    for text in texts:
        end = start + max(1, len(text))
        found.append(sentence_of("body", start, text)._replace(end=end))
        start = end + 1
    return tuple(found)


def evaluate_novelty(
    rows: Iterable[Row], idf: Callable[[str], float] | None = None, fitted: Model | None = None
) -> tuple[Scores, list[dict[str, Any]]]:
    """(metrics, predictions) for rows of novelty/; the rows of an event come in its order.

    All earlier sentences of the event are history, labelled or not. Metrics over NEW and OLD
    rows: auc, ap, macro_f1, sentences; empty if no row has a label.

    Args:
        idf: rarity of a stem, natural logarithm; the shipped table if not given.
        fitted: the weights that ship if not given.
    """
    idf = idf or background().idf
    memories: dict[str, EventMemory] = {}
    predictions: list[dict[str, Any]] = []
    truth: list[bool] = []
    scores: list[float] = []
    guess: list[bool] = []
    for row in rows:
        memory = memories.setdefault(row["event_id"], EventMemory())
        found = _assess_row(row, memory, idf, fitted)
        predictions.append({"id": row["id"], "sentences": found})
        for sentence, prediction in zip(row["sentences"], found, strict=True):
            if sentence.get("label") in ("NEW", "OLD"):
                truth.append(sentence["label"] == "NEW")
                scores.append(prediction["novelty"])
                guess.append(prediction["label"] == "NEW")
    return _novelty_scores(truth, scores, guess), predictions


def extract_row(row: Row) -> dict[str, Any]:
    """The extract of a row of novelty/, with the names that the shipped tagger finds."""
    texts = [sentence["text"] for sentence in row["sentences"]]
    article = Article(
        item_id=row["id"],
        source=Source(name="unknown"),
        language="en",
        published_precision="unknown",
        title="",
        body="\n".join(text or " " for text in texts),
        provenance=Provenance(origin="data", format="data", raw=_RAW, sha256=""),
    )
    mentions = default_tagger().tag(article)
    return extract_sentences(as_sentences(texts), mentions, "en")


def _assess_row(
    row: Row, memory: EventMemory, idf: Callable[[str], float], fitted: Model | None
) -> list[dict[str, Any]]:
    extract = extract_row(row)
    judged = assess(row["id"], extract, memory, idf, fitted).novelty.sentences
    memory.add(row["id"], extract)
    found = [{"i": sentence["i"], "novelty": 0.0, "label": "OLD"} for sentence in row["sentences"]]
    for prediction, each in zip(found, judged, strict=False):
        prediction |= {
            "novelty": each.novelty,
            "label": "OLD" if each.label == "KNOWN" else "NEW",
        }
    return found


def _novelty_scores(
    truth: Sequence[bool], scores: Sequence[float], guess: Sequence[bool]
) -> Scores:
    if not truth:
        return {}
    return {
        "auc": round(auc(truth, scores), 4),
        "ap": round(average_precision(truth, scores), 4),
        "macro_f1": round(macro_f1(truth, guess), 4),
        "sentences": float(len(truth)),
    }


def evaluate_figures(rows: Iterable[Row]) -> tuple[Scores, list[dict[str, Any]]]:
    """(metrics, predictions) for rows of figures/: F1 of (old, new), all, and traps apart."""
    predictions: list[dict[str, Any]] = []
    tallies = {"real": [0, 0, 0], "traps": [0, 0, 0]}
    labelled = False
    for row in rows:
        found = _revisions(row)
        predictions.append({"id": row["id"], "revisions": found})
        if "revisions" in row:
            labelled = True
            kind = "traps" if str(row["id"]).startswith("trap_") else "real"
            _tally(tallies[kind], found, row["revisions"])
    if not labelled:
        return {}, predictions
    tallies["all"] = [a + b for a, b in zip(tallies["real"], tallies["traps"], strict=True)]
    return {
        f"f1_{kind}": round(f1(*tally), 4) for kind, tally in sorted(tallies.items())
    }, predictions


def _tally(tally: list[int], found: Sequence[Row], gold: Sequence[Row]) -> None:
    pairs = {(float(each["old"]), float(each["new"])) for each in found}
    wanted = {(float(each["old"]), float(each["new"])) for each in gold}
    for at, count in enumerate((len(pairs & wanted), len(pairs), len(wanted))):
        tally[at] += count


def _revisions(row: Row) -> list[dict[str, Any]]:
    language = row.get("language") or language_of(row["later"]["text"])
    memory = EventMemory()
    memory.add("earlier", _extract(row["earlier"]["text"], language))
    later = _extract(row["later"]["text"], language)
    changes = assess("later", later, memory, lambda stem: 5.0).novelty.figures
    return [
        {"slot": each.slot, "old": each.old, "new": each.new}
        for each in changes
        if each.old is not None
    ]


def _extract(text: str, language: str) -> dict[str, Any]:
    parts = [text[start:end] for start, end in spans(text, language)]
    return extract_sentences(as_sentences(parts, language), (), language)


def language_of(text: str) -> str:
    """The language of a short text."""
    return str(py3langid.classify(text)[0])
