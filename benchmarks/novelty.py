"""Sentence novelty and figures beside simple systems, and what the step costs.

DELTAWIRE_EVAL=DIR python -m benchmarks.novelty [scores] [cost]

``scores`` needs DELTAWIRE_EVAL: every sentence is judged by weights fitted without its topic, and
each difference comes with a paired bootstrap, over topics or over pairs of reports. ``cost`` gives
the CPU time of an article of 400 words in an event of up to 1,000, whose statements all stay, and,
if DELTAWIRE_EVAL is set, of real news, the first 400 words of each.
"""

import argparse
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.make_wire import copies
from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import TaggedArticle
from streams.app import spare_collector
from streams.config import Settings
from streams.evaluate import read_rows
from streams.events.background import background
from streams.events.training.labelled import read as labelled
from streams.novelty.amounts import amounts, with_digits
from streams.novelty.assess import assess, extract
from streams.novelty.evaluate import as_sentences, evaluate_figures, evaluate_novelty
from streams.novelty.memory import EventMemory
from streams.novelty.metrics import (
    auc,
    average_precision,
    calibration_error,
    f1,
    macro_f1,
    reliability,
)
from streams.novelty.scoring import Model
from streams.novelty.train import THRESHOLD, folds, judged, orders, read, topic
from streams.tagger import default_tagger
from streams.text.sentences import Sentence, sentences, spans
from streams.text.words import stems_of

WORDS = 400
POOL = 3000  # sentences that the articles of the event are made of
SIZES = (20, 50, 100, 200, 400, 700, 1000)
NEWS = ("basil", "gedikli")
LAST = 20  # articles whose median is taken
SAMPLES = 1000
RAW = RawPosition(topic="bench", partition=0, offset=0)

Idf = Callable[[str], float]
Row = dict[str, Any]


class Judgement(NamedTuple):
    """One labelled sentence: its topic, the truth, and what a system says."""

    topic: str
    new: bool
    score: float
    guess: bool


def sentence_scores(data: Path, console: Console) -> None:
    """The shipped kind of model with and without its rules, and the simple system."""
    events, idf = read(data)
    samples = orders(events, idf)
    truth, chances, calibration = judged(samples)
    held = [
        topic(event)
        for topics, _ in folds(samples)
        for event, found in samples.items()
        if topic(event) in topics
        for _ in found[0][1]
    ]
    rows = [row for found in events.values() for row in found]
    systems = {
        "1 - covered idf mass": simple(rows, idf),
        "model": [
            Judgement(*each, each[-1] >= THRESHOLD)
            for each in zip(held, truth, chances, strict=True)
        ],
        "model and rules": list(crossed(rows, samples, idf, calibration)),
    }
    _print_sentences(systems, console)
    _print_reliability(systems["model"], console)


def simple(rows: Sequence[Row], idf: Idf) -> list[Judgement]:
    """Share of a sentence's idf mass in no earlier article; the best threshold on these rows."""
    seen: dict[str, set[str]] = {}
    found: list[tuple[str, bool, float]] = []
    for row in rows:
        known, own = seen.setdefault(row["event_id"], set()), set[str]()
        for sentence, words in zip(row["sentences"], _words(row), strict=True):
            mass = {stem: max(0.0, idf(stem)) for stem in words}
            new = sum(m for stem, m in mass.items() if stem not in known)
            own |= mass.keys()
            if sentence["label"] in ("NEW", "OLD"):
                score = new / (sum(mass.values()) or 1.0)
                found.append((topic(row["event_id"]), sentence["label"] == "NEW", score))
        known |= own
    truth, scores = [new for _, new, _ in found], [score for *_, score in found]
    steps = [n / 100 for n in range(5, 95)]
    best = max(steps, key=lambda step: macro_f1(truth, [score >= step for score in scores]))
    return [Judgement(*each, each[2] >= best) for each in found]


def _words(row: Row) -> Iterator[list[str]]:
    for sentence in as_sentences([each["text"] for each in row["sentences"]]):
        yield stems_of(sentence.words)


def crossed(
    rows: Sequence[Row],
    samples: Mapping[str, Any],
    idf: Idf,
    calibration: tuple[float, float],
) -> Iterator[Judgement]:
    """The whole step, each topic by weights that were fitted without it."""
    slope, shift = calibration
    for topics, weights in folds(dict(samples)):
        *fitted, bias = (slope * weights).tolist()
        model = Model(tuple(fitted), bias + shift, THRESHOLD)
        held = [row for row in rows if topic(row["event_id"]) in topics]
        _, predictions = evaluate_novelty(held, idf, model)
        for row, found in zip(held, predictions, strict=True):
            for sentence, each in zip(row["sentences"], found["sentences"], strict=True):
                if sentence["label"] in ("NEW", "OLD"):
                    new, guess = sentence["label"] == "NEW", each["label"] == "NEW"
                    yield Judgement(topic(row["event_id"]), new, each["novelty"], guess)


def measures(judgements: Sequence[Judgement]) -> tuple[float, float, float]:
    """(AUC, average precision of NEW, macro F1)."""
    _, truth, scores, guess = zip(*judgements, strict=True)
    return auc(truth, scores), average_precision(truth, scores), macro_f1(truth, guess)


def _print_sentences(systems: Mapping[str, Sequence[Judgement]], console: Console) -> None:
    names = ("AUC", "AP of NEW", "macro F1")
    table = Table("system", *names, title="sentences, each topic left out", title_justify="left")
    base = next(iter(systems.values()))
    for name, judgements in systems.items():
        table.add_row(name, *(f"{value:.3f}" for value in measures(judgements)))
        if judgements is not base:
            table.add_row("  above the simple one", *_above(base, judgements))
    console.print(table)


def _above(base: Sequence[Judgement], better: Sequence[Judgement]) -> list[str]:
    """95 % intervals of the differences; whole topics are drawn, the same for both."""
    groups = [_by_topic(base), _by_topic(better)]
    names = sorted(groups[0])
    chance = random.Random(1)
    differences = []
    for _ in range(SAMPLES):
        drawn = chance.choices(names, k=len(names))
        one, two = (measures([j for name in drawn for j in group[name]]) for group in groups)
        differences.append([b - a for a, b in zip(one, two, strict=True)])
    return [interval(values) for values in zip(*differences, strict=True)]


def _by_topic(judgements: Sequence[Judgement]) -> dict[str, list[Judgement]]:
    groups: dict[str, list[Judgement]] = {}
    for each in judgements:
        groups.setdefault(each.topic, []).append(each)
    return groups


def interval(values: Sequence[float]) -> str:
    """From the 2.5th to the 97.5th percentile."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 40], ordered[-len(ordered) // 40]
    return f"{low:+.3f} to {high:+.3f}"


def _print_reliability(judgements: Sequence[Judgement], console: Console) -> None:
    table = Table("score", "sentences", "mean score", "share NEW", title="calibration")
    tenths = reliability([each.new for each in judgements], [each.score for each in judgements])
    for each in tenths:
        row = (f".{each.number}", str(each.cases), f"{each.score:.3f}", f"{each.share:.3f}")
        table.add_row(*row)
    console.print(table, f"calibration error {calibration_error(tenths):.3f}")


def figure_scores(data: Path, console: Console) -> None:
    """Revised figures beside the nearest number, with a paired bootstrap over the pairs."""
    rows = [
        row for path in sorted((data / "figures").glob("*.jsonl.gz")) for row in read_rows(path)
    ]
    _, predictions = evaluate_figures(rows)
    ours = [tally(row, pairs_of(each)) for row, each in zip(rows, predictions, strict=True)]
    base = [tally(row, nearest_number(row)) for row in rows]
    traps = [str(row["id"]).startswith("trap_") for row in rows]
    table = Table("system", "F1", "real pairs", "traps", title="figures", title_justify="left")
    for name, tallies in (("nearest number", base), ("rules", ours)):
        kinds = [[t for t, trap in zip(tallies, traps, strict=True) if trap == k] for k in (0, 1)]
        table.add_row(name, *(f"{summed(each):.3f}" for each in (tallies, *kinds)))
    chance = random.Random(1)
    draws = [chance.choices(range(len(rows)), k=len(rows)) for _ in range(SAMPLES)]
    gain = [summed([ours[n] for n in draw]) - summed([base[n] for n in draw]) for draw in draws]
    table.add_row("  above the simple one", interval(gain))
    console.print(table)


def nearest_number(row: Row) -> set[tuple[float, float]]:
    """Each new number of the later report with the number nearest to it in the earlier one."""
    earlier, later = _numbers(row["earlier"]["text"]), _numbers(row["later"]["text"])
    return {
        (min(earlier, key=lambda old: abs(old - new)), new)
        for new in later - earlier
        if earlier and not re.fullmatch(r"(?:19|20)\d\d", f"{new:.0f}")
    }


def _numbers(text: str) -> set[float]:
    return {amount.value for amount in amounts(with_digits(text, "en"), "en")[1]}


def pairs_of(prediction: Row) -> set[tuple[float, float]]:
    """The (old, new) pairs of a row."""
    return {(float(each["old"]), float(each["new"])) for each in prediction["revisions"]}


def tally(row: Row, found: set[tuple[float, float]]) -> tuple[int, int, int]:
    """(right, found, wanted)."""
    wanted = pairs_of(row)
    return len(found & wanted), len(found), len(wanted)


def summed(tallies: Sequence[tuple[int, int, int]]) -> float:
    """F1 of all rows together."""
    right, found, wanted = (sum(each) for each in zip(*tallies, strict=True))
    return f1(right, found, wanted)


def articles(count: int) -> Iterator[tuple[TaggedArticle, tuple[Sentence, ...]]]:
    """Articles of 400 words, put together from sentences of copies of the sample wire."""
    bodies = (row["body"] for row in copies(POOL) if row.get("language", "en") == "en")
    texts = (body for body in bodies if isinstance(body, str))
    pool = list(islice((text[a:b] for text in texts for a, b in spans(text)), POOL))
    chance, tagger = random.Random(1), default_tagger()
    for number in range(count):
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < WORDS:
            parts.append(chance.choice(pool))
        article = Article(
            item_id=f"article-{number}",
            source=Source(name="bench"),
            language="en",
            title=parts[0][:80],
            body=" ".join(parts),
            published_precision="unknown",
            provenance=Provenance(origin="bench", format="bench", raw=RAW, sha256=""),
        )
        tagged = TaggedArticle(
            article=article,
            version=1,
            decision=1,
            at="2031-01-01T00:00:00Z",
            entities=tagger.tag(article),
            tagger=tagger.name,
        )
        yield tagged, sentences(article)


def cost(console: Console) -> None:
    """CPU milliseconds of one more article; benchmarks.event_state has what its event keeps."""
    memory = EventMemory()
    steps = []
    table = Table("articles", "extract", "assess", "remember", "sum, ms")
    for number, (tagged, pieces) in enumerate(articles(SIZES[-1]), 1):
        steps.append(_steps(tagged, pieces, memory))
        if number in SIZES:
            parts = [median(part) for part in zip(*steps[-LAST:], strict=True)]
            row = [f"{part:.2f}" for part in (*parts, sum(parts))]
            table.add_row(str(number), *row)
    console.print(table)


def news(folder: Path) -> Iterator[tuple[str, TaggedArticle, tuple[Sentence, ...]]]:
    """(event, article, its sentences up to WORDS words) of real news."""
    for name in NEWS:
        for row in labelled(folder / "events" / f"{name}.jsonl.gz"):
            read = accumulate(len(piece.words) for piece in row.pieces)
            pieces = [p for p, words in zip(row.pieces, read, strict=True) if words <= WORDS]
            yield f"{name} {row.event_id}", row.tagged, tuple(pieces)


def cost_of_news(folder: Path, console: Console) -> None:
    """The same for real articles in the events of their gold: as words are met, and once more."""
    rows = list(news(folder))
    table = Table("news", "words", "extract", "assess", "remember", "sum, ms")
    words = sum(len(piece.words) for _, _, pieces in rows for piece in pieces) / len(rows)
    for label in ("words met for the first time", "again", "again"):
        memories: defaultdict[str, EventMemory] = defaultdict(EventMemory)
        steps = [_steps(tagged, pieces, memories[event]) for event, tagged, pieces in rows]
        parts = [sum(part) / len(rows) for part in zip(*steps, strict=True)]
        table.add_row(label, f"{words:.0f}", *[f"{part:.2f}" for part in (*parts, sum(parts))])
    console.print(table)


def _steps(tagged: TaggedArticle, pieces: tuple[Sentence, ...], memory: EventMemory) -> list[float]:
    """CPU milliseconds of extract, assess, remember."""
    times = [time.process_time()]
    found = extract(tagged, pieces)
    times.append(time.process_time())
    assess(tagged.article.item_id, found, memory, background().idf_of("en"))
    times.append(time.process_time())
    memory.add(tagged.article.item_id, found)
    times.append(time.process_time())
    return [1000 * (b - a) for a, b in pairwise(times)]


def main() -> None:
    """Print the tables that were asked for, else all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], "scores", "cost"], default=[])
    parts = parser.parse_args().parts or ["scores", "cost"]
    console = Console(width=120)
    folder = Settings().eval
    if "scores" in parts:
        if folder is None or not folder.is_dir():
            sys.exit("set DELTAWIRE_EVAL to the folder with the evaluation sets")
        sentence_scores(folder, console)
        figure_scores(folder, console)
    if "cost" in parts:
        spare_collector()
        cost(console)
        if folder is not None and folder.is_dir():
            cost_of_news(folder, console)


if __name__ == "__main__":
    main()
