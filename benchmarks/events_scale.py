"""Event detection at 1,000 to 1,000,000 live articles: speed by step, and memory.

The load is made here, from a seed. Of the 190 words of an article (title 9) two in three are
ordinary, drawn by their share of documents in the background table, so that they follow its Zipf
curve; the others belong to its event: 15 words of the table that are not common, 3 invented words,
and 5 names out of a pool that grows with the wire, drawn by Zipf's law, so that events share names.
Names carry entity ids; up to 12 mentions an article. Three articles in ten open an event; each of
the others follows an article a little before it, so that events are born, grow by chance, large
ones faster, and die. All live articles span sixty days.

The index is filled from vectors that went through JSON, as after a recovery. Then articles pass one
by one: JSON in, sentences and words, guards, vectors, candidates, scores, the digest's row, the
enriched record as JSON, put into the index; the oldest article is dropped for each. Novelty and the
fold depend on the event and not on the number of live articles; ``--whole`` times the stage with
both.

python -m benchmarks.events_scale [--live 1000 10000 50000 100000] [--whole] [--json]
"""

import argparse
import gc
import json
import random
import sys
import time
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from schemas import topics
from schemas.article import Article, Provenance, RawPosition, Source
from schemas.base import canonical_json
from schemas.enriched import EnrichedArticle, EventLink, Novelty
from schemas.tagged import TAGGED, Mention, TaggedArticle
from streams.app import spare_collector
from streams.codec import decode
from streams.events.background import background
from streams.events.compare import Comparer
from streams.events.decide import decide, subject
from streams.events.features import Terms, Vector, entity_names, numbers, vectorise
from streams.events.index import Index
from streams.events.junk.guards import flags
from streams.events.scorer import scorer
from streams.events.store.digest import digest
from streams.events.store.stored import closed
from streams.stages.detect import Detect
from streams.step import EPOCH, Delivered, settle
from streams.text.sentences import Sentence, sentences

SPAN_DAYS = 60.0
OPENING = 0.3
SENTENCES, LENGTH = 10, 18  # of a body
MENTIONS = 12
# Novelty is apart.
UNREAD: dict[str, Any] = {
    name: [] for name in ("statements", "entities", "figures", "named", "disputes")
} | {"language": "en"}
UNTOLD: dict[str, Any] = {name: [] for name in ("facts", "figures", "disputes")}
STEPS = (
    "JSON in",
    "sentences",
    "guards",
    "vectorise",
    "retrieve",
    "compare and score",
    "put and drop",
    "JSON out",
)
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "el")]


@dataclass(frozen=True, slots=True)
class Made:
    """One synthetic article before it is text: words of title and sentences, and names."""

    number: int
    event: int
    title: list[str]
    body: list[list[str]]
    names: list[int]


class Wire:
    """An endless wire of which ``live`` articles span sixty days."""

    def __init__(self, live: int, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._step = SPAN_DAYS / live
        self._recent: deque[int] = deque(maxlen=max(50, live // 4))
        self._events: dict[int, tuple[list[str], list[int]]] = {}
        table = background()
        ranked = sorted((-n, term) for term, n in table.counts.items() if term.isalpha())
        self._words = [term for _, term in ranked]
        self._counts = [-n for n, _ in ranked]
        self._drawn: list[str] = []
        pool = 500 + live // 4
        self._names = list(accumulate(1 / (rank + 5) for rank in range(pool)))
        self._number = 0

    def __iter__(self) -> Iterator[Made]:
        return self

    def __next__(self) -> Made:
        chance, number = self._random, self._number
        self._number += 1
        if not self._recent or chance.random() < OPENING:
            event = number
            self._events[event] = self._born(event)
        else:
            back = min(int(chance.expovariate(10 / len(self._recent))), len(self._recent) - 1)
            event = self._recent[-1 - back]
        if number % 5000 == 4999:  # what is not recent has died
            held = {*self._recent, event}
            self._events = {e: row for e, row in self._events.items() if e in held}
        self._recent.append(event)
        topical, names = self._events[event]
        own = [*topical, *map(name, names)]
        body = [self._sentence(own) for _ in range(SENTENCES)]
        title = [*chance.sample(own, 6), *self._ordinary(3)]
        return Made(number, event, title, body, names)

    def day(self, number: int) -> float:
        """Days from the first article."""
        return number * self._step

    def _born(self, event: int) -> tuple[list[str], list[int]]:
        chance, words = self._random, self._words
        topical = [words[chance.randrange(300, len(words))] for _ in range(15)]
        topical += [word(event * 3 + n) for n in range(3)]
        total = self._names[-1]
        return topical, [bisect_left(self._names, chance.random() * total) for _ in range(5)]

    def _ordinary(self, count: int) -> list[str]:
        if len(self._drawn) < count:
            self._drawn = self._random.choices(self._words, self._counts, k=200_000)
        return [self._drawn.pop() for _ in range(count)]

    def _sentence(self, own: list[str]) -> list[str]:
        own_words = LENGTH // 3
        found = self._ordinary(LENGTH - own_words) + self._random.choices(own, k=own_words)
        self._random.shuffle(found)
        return found


def word(number: int) -> str:
    """An invented word, another for each number."""
    made = "q"
    for _ in range(4):
        number, part = divmod(number, len(_SYLLABLES))
        made += _SYLLABLES[part]
    return made


def name(number: int) -> str:
    """An invented name."""
    return word(number + 7_000_000).capitalize()


def tagged(made: Made, wire: Wire) -> TaggedArticle:
    """As it stands on articles.tagged.v1."""
    text = " ".join(" ".join(part).capitalize() + "." for part in made.body)
    at = EPOCH + timedelta(days=20_000 + wire.day(made.number))
    article = Article(
        item_id=f"urn:wire:{made.number}",
        source=Source(name=f"Agency {made.number % 40}"),
        language="en",
        published_at=at,
        published_precision="exact",
        title=" ".join(made.title).capitalize(),
        body=text,
        provenance=Provenance(
            origin="wire",
            format="made",
            raw=RawPosition(topic="articles.raw.v1", partition=0, offset=made.number),
            sha256="0" * 64,
        ),
    )
    return TaggedArticle(
        article=article,
        version=1,
        decision=1,
        at=at,
        entities=tuple(_mentions(text, made.names)),
        tagger="made-1",
    )


def _mentions(text: str, names: list[int]) -> Iterator[Mention]:
    left = MENTIONS
    for number in names:
        start = -1
        surface = name(number)
        while left and (start := text.find(surface, start + 1)) >= 0:
            left -= 1
            yield Mention(
                field="body",
                start=start,
                end=start + len(surface),
                surface=surface,
                type="ORG",
                entity_id=f"Q{number + 1000}",
                name=surface,
                confidence=0.9,
                salience=0.5,
            )


def quick_vector(made: Made) -> Vector:
    """The vectors without the text: the index is filled with a million of them."""
    pieces = [
        Sentence(field, 0, 0, "", part)
        for field, part in (("title", made.title), *(("body", part) for part in made.body))
    ]
    mentions = [_mention(number) for number in made.names]
    found = vectorise(pieces, [*entity_names(mentions), *numbers(pieces)], background().idfs)
    packed = orjson.dumps([list(terms) for terms in found.channels])
    rows = [Terms(*row) for row in orjson.loads(packed)]
    return Vector((rows[0], rows[1], rows[2], rows[3]), found.norms, found.length)


def _mention(number: int) -> Mention:
    surface = name(number)
    return Mention.model_construct(
        field="body",
        start=0,
        end=len(surface),
        surface=surface,
        type="ORG",
        entity_id=f"Q{number + 1000}",
        name=surface,
        confidence=0.9,
    )


@dataclass(frozen=True, slots=True)
class Result:
    """Measured at one size."""

    live: int
    events: int
    per_second: float
    milliseconds: dict[str, float]
    bytes_per_article: float
    bytes_per_event: float
    row_bytes: float  # of a digest, as JSON, without what novelty keeps
    found: float  # share of later articles whose event is among the candidates
    right: float  # share of decisions as the wire was made


def measure(live: int, articles: int = 1000, warm: int = 200) -> Result:
    """Fill an index with ``live`` articles, then let others pass."""
    wire, index = Wire(live), Index()
    gc.collect()
    before = _memory()
    for made in (next(wire) for _ in range(live)):
        day = round(20_000 + wire.day(made.number), 6)
        item_id = f"urn:wire:{made.number}"
        index.put(item_id, f"ev-{made.event:016x}", made.number, quick_vector(made), day, "en")
    for event_id in index._events:  # what an index at work has worked out
        index.standing(event_id)
    spare_collector()  # as a worker does
    bytes_held = _memory() - before
    events = len(index._events)
    load = [(made, tagged(made, wire).to_bytes()) for made in (next(wire) for _ in range(articles))]
    spent: Counter[str] = Counter()
    totals = Counter[str]()
    run = Pass(index, spent)
    for at, (made, value) in enumerate(load):
        if at == warm:
            spent.clear()
            totals.clear()
        totals.update(run(made, value, f"urn:wire:{made.number - live}"))
    count = articles - warm
    each = {step: spent[step] / count / 1e6 for step in STEPS}
    return Result(
        live,
        events,
        1e3 / sum(each.values()),
        each,
        bytes_held / live,
        bytes_held / events,
        totals["row bytes"] / count,
        totals["found"] / max(totals["later"], 1),
        totals["right"] / count,
    )


class Pass:
    """The steps of one article, each under a stop-watch."""

    def __init__(self, index: Index, spent: Counter[str]) -> None:
        self._index, self._spent = index, spent
        self._comparer, self._scorer, self._table = Comparer(), scorer(), background()
        self._candidates: list[str] = []
        inner = index.candidates

        def candidates(vector: Vector, without: str = "") -> list[str]:
            begun = time.thread_time_ns()
            self._candidates = inner(vector, without)
            spent["retrieve"] += time.thread_time_ns() - begun
            return self._candidates

        index.candidates = candidates  # type: ignore[method-assign]

    def __call__(self, made: Made, value: bytes, oldest: str) -> dict[str, int]:
        index, spent = self._index, self._spent
        true_event = f"ev-{made.event:016x}"
        was_there = bool(index.members(true_event))
        times = [time.thread_time_ns()]
        message = Delivered(topics.TAGGED.name, 0, made.number, b"world", value, {}, EPOCH)
        record = decode(TAGGED, message)
        assert isinstance(record, TaggedArticle)
        times.append(time.thread_time_ns())
        pieces = sentences(record.article)
        times.append(time.thread_time_ns())
        found = flags(record, pieces, self._table)
        times.append(time.thread_time_ns())
        new = subject(record, pieces, index, self._table, found)
        times.append(time.thread_time_ns())
        item_id = record.article.item_id
        searching = spent["retrieve"]
        choice = decide(new, index, self._comparer, self._scorer, without=item_id, old=None)
        searching = spent["retrieve"] - searching
        times.append(time.thread_time_ns())
        event_id = choice.event_id or true_event
        row = digest(record, new, UNREAD, event_id, made.number)
        size = len(canonical_json(closed({**row, "told": UNTOLD})))
        _enriched(record, event_id, choice).to_bytes()
        times.append(time.thread_time_ns())
        index.put(item_id, event_id, made.number, new.vector, new.day, new.language)
        index.drop(oldest)
        times.append(time.thread_time_ns())
        steps = ("JSON in", "sentences", "guards", "vectorise", "compare and score", "JSON out")
        names = (*steps, "put and drop")
        for step, begun, ended in zip(names, times, times[1:], strict=False):
            spent[step] += ended - begun
        spent["compare and score"] -= searching
        chosen = choice.event_id == (true_event if was_there else None)
        there = was_there and true_event in self._candidates
        return {"later": was_there, "found": there, "right": chosen, "row bytes": size}


def _enriched(record: TaggedArticle, event_id: str, choice: Any) -> EnrichedArticle:
    article = record.article
    link = EventLink(
        event_id=event_id,
        relation="updates",
        score=choice.score,
        threshold=0.2,
        runner_up=choice.runner_up,
        evidence=choice.evidence,
        model="made",
    )
    shared = ("item_id", "space", "source", "language", "published_at", "title", "body")
    return EnrichedArticle(
        **{field: getattr(article, field) for field in shared},
        version=record.version,
        decision=record.decision,
        status="usable",
        at=record.at,
        entities=record.entities,
        tagger=record.tagger,
        event=link,
        novelty=Novelty(score=0.5),
    )


def whole(articles: int = 1500, warm: int = 500) -> dict[str, float]:
    """Milliseconds an article of the whole stage with novelty, fold, rows and JSON; row sizes."""
    wire, step = Wire(articles), Detect()
    state: dict[str, Any] = {}
    spent = 0
    for at in range(articles):
        made = next(wire)
        value = tagged(made, wire).to_bytes()
        begun = time.thread_time_ns()
        outcome = step(state, Delivered(topics.TAGGED.name, 0, at, b"world", value, {}, EPOCH))
        for record in outcome.outputs:
            record.to_bytes()
        for _, row in outcome.puts:
            canonical_json(row)  # for the changelog
        settle(step, state, outcome)
        if at >= warm:
            spent += time.thread_time_ns() - begun
    rows = [(key.partition(":")[0], len(canonical_json(row))) for key, row in state.items()]
    kinds = {kind: [size for of, size in rows if of == kind] for kind in _KINDS}
    sizes = {f"{kind} row, bytes": sum(of) / len(of) for kind, of in kinds.items()}
    return {"milliseconds": spent / (articles - warm) / 1e6, **sizes}


_KINDS = ("item", "digest", "event")


def _memory() -> int:
    """Bytes of this process that lie in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", type=int, nargs="*", default=[1000, 10_000, 50_000, 100_000])
    parser.add_argument("--articles", type=int, default=1000, help="articles that pass")
    parser.add_argument("--whole", action="store_true", help="the stage with novelty and fold")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = [measure(live, options.articles) for live in options.live]
    parts = whole() if options.whole else {}
    if options.json:
        rows = [{f: getattr(r, f) for f in Result.__dataclass_fields__} for r in results]
        json.dump({"sizes": rows, "whole": parts}, sys.stdout)
        return
    table = Table(title="milliseconds an article, CPU of one core")
    table.add_column("")
    for result in results:
        table.add_column(f"{result.live:,}", justify="right")
    for step in STEPS:
        table.add_row(step, *(f"{r.milliseconds[step]:.3f}" for r in results))
    table.add_row("articles a second", *(f"{r.per_second:,.0f}" for r in results))
    table.add_row("events", *(f"{r.events:,}" for r in results))
    table.add_row("bytes a live article", *(f"{r.bytes_per_article:,.0f}" for r in results))
    table.add_row("bytes an event", *(f"{r.bytes_per_event:,.0f}" for r in results))
    table.add_row("digest row, bytes", *(f"{r.row_bytes:,.0f}" for r in results))
    table.add_row("event among candidates", *(f"{r.found:.3f}" for r in results))
    table.add_row("as made", *(f"{r.right:.3f}" for r in results))
    console = Console()
    console.print(table)
    for label, value in parts.items():
        console.print(f"whole stage: {label} {value:,.2f}")


if __name__ == "__main__":
    main()
