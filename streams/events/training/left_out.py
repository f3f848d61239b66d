"""Run the scorer over sets that it was not fitted on: scores, and how sure it may be."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from streams.events.background import Background
from streams.events.compare import Comparer, Floats
from streams.events.decide import decide, subject
from streams.events.index import Index
from streams.events.junk.guards import flags, stands
from streams.events.metrics import Report, report
from streams.events.scorer import Scorer
from streams.events.training.labelled import Labelled


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over a set: its scores, and for each article with a candidate the score of the best
    one, 0..1, and whether most of that event's articles are of the article's own.
    """

    scores: Report
    best: Floats
    right: Floats


def run(rows: Sequence[Labelled], scorer: Scorer, table: Background) -> Run:
    """Detect as the pipeline does: online, one pass."""
    index, comparer = Index(), Comparer()
    members: defaultdict[str, Counter[str]] = defaultdict(Counter)
    predicted: list[str] = []
    tops: list[tuple[float, bool]] = []
    for seq, row in enumerate(rows):
        item_id = f"{seq}"
        found = flags(row.tagged, row.pieces, table)
        new = subject(row.tagged, row.pieces, index, table, found)
        choice = decide(new, index, comparer, scorer, without=item_id, old=None)
        if choice.best is not None:
            most = members[choice.best].most_common(1)[0][0]
            tops.append((choice.score, most == row.event_id))
        event_id = choice.event_id or f"ev-{seq}"
        predicted.append(event_id)
        members[event_id][row.event_id] += 1
        index.put(item_id, event_id, seq, new.vector, new.day, new.language, stands(found))
    is_new = [event_id == f"ev-{seq}" for seq, event_id in enumerate(predicted)]
    scores = report([row.event_id for row in rows], predicted, is_new)
    best, right = np.array(tops, dtype=float).reshape(-1, 2).T
    return Run(scores, best, right)


def platt(runs: Iterable[Run]) -> tuple[float, float]:
    """(scale, shift) of the log-odds that make the scores chances; every run counts the same.

    Source: Platt 1999, by unpenalised logistic regression.
    """
    from sklearn.linear_model import LogisticRegression

    runs = list(runs)
    odds = np.concatenate([_odds(each.best) for each in runs])
    right = np.concatenate([each.right for each in runs])
    weights = np.concatenate([np.full(len(each.right), 1 / len(each.right)) for each in runs])
    weights *= len(weights) / weights.sum()
    model = LogisticRegression(C=1e6).fit(odds[:, None], right, sample_weight=weights)
    return round(float(model.coef_[0][0]), 6), round(float(model.intercept_[0]), 6)


def _odds(scores: Floats) -> Floats:
    kept = np.clip(scores, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(kept / (1 - kept))
    return odds
