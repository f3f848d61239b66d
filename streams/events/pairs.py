"""Score pairs of articles: are both about the same event? With the steps that the pipeline runs.

Each pair is a wire of two articles, the first one before the second; no pair knows of another.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from streams.events.evaluate import links
from streams.novelty.metrics import auc, f1

Row = dict[str, Any]
OF_EACH = ("F1", "accuracy", "AUC")  # scores that are told for each language


def evaluate(rows: Iterable[Row]) -> tuple[dict[str, float], list[Row]]:
    """(scores, predictions) for rows ``title1, text1, title2, text2``, ``language`` if known.

    Every row gets a prediction ``{"id", "same_event", "score"}``; the score 0..1 is the one by
    which the second article was given to the event of the first or kept apart, 0 where it has
    nothing to be compared by. Rows without ``same_event`` are not scored.
    """
    rows = list(rows)
    predictions = [_decided(row, number) for number, row in enumerate(rows)]
    pairs = zip(rows, predictions, strict=True)
    gold = [(row, said) for row, said in pairs if row.get("same_event") is not None]
    if not gold:
        return {}, predictions
    scores = _scores(gold)
    languages = sorted({row.get("language") or "und" for row, _ in gold})
    for language in languages if len(languages) > 1 else ():
        own = _scores([pair for pair in gold if (pair[0].get("language") or "und") == language])
        scores |= {f"{name} {language}": own[name] for name in OF_EACH}
    return scores, predictions


def _decided(row: Row, number: int) -> Row:
    found = dict(links(_article(row, place) for place in "12"))
    same = len(found) == 2 and found[0].event_id == found[1].event_id
    score = found[1].score if len(found) == 2 else 0.0
    return {"id": row.get("id", number), "same_event": same, "score": score}


def _article(row: Row, place: str) -> Row:
    return {
        "title": row.get(f"title{place}"),
        "body": row.get(f"text{place}"),
        "language": row.get("language"),
    }


def _scores(gold: Sequence[tuple[Row, Row]]) -> dict[str, float]:
    truth = [bool(row["same_event"]) for row, _ in gold]
    said = [prediction["same_event"] for _, prediction in gold]
    right = sum(t and s for t, s in zip(truth, said, strict=True))
    return {
        "precision": right / sum(said) if any(said) else 0.0,
        "recall": right / sum(truth) if any(truth) else 0.0,
        "F1": f1(right, sum(said), sum(truth)),
        "accuracy": sum(t == s for t, s in zip(truth, said, strict=True)) / len(gold),
        "AUC": auc(truth, [prediction["score"] for _, prediction in gold]),
    }
