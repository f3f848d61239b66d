"""The whole pipeline on the sample wire, against its gold labels.

python -m benchmarks.sample_wire [--misses]

Prints the grouping into events (BCubed and pairwise, late articles included), the relation of
each article to its event, revised figures as (old, new) pairs of an article, and articles with a
dispute.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from rich.console import Console
from rich.table import Table

from schemas import topics
from schemas.enriched import EnrichedArticle, EventLink, Novelty
from streams.events.metrics import report
from streams.replay import replay

WIRE = Path(__file__).parents[1] / "seeds" / "wire"
RELATIONS = ("opens", "updates", "confirms", "repeats")

Gold = dict[str, Any]


class Pair(NamedTuple):
    """A gold row and what the pipeline says of its article."""

    gold: Gold
    title: str
    event: EventLink
    novelty: Novelty


class Tally(NamedTuple):
    """Counts of what was found, predicted and wanted."""

    found: int
    predicted: int
    wanted: int

    def row(self) -> tuple[str, ...]:
        """Precision, recall, F1 and the counts, as text."""
        precision = self.found / (self.predicted or 1)
        recall = self.found / (self.wanted or 1)
        score = 2 * self.found / (self.predicted + self.wanted or 1)
        return f"{precision:.3f}", f"{recall:.3f}", f"{score:.3f}", "/".join(map(str, self))


def pairs() -> Iterator[Pair]:
    """Every enriched gold row with its article, in arrival order."""
    archive = asyncio.run(replay([str(WIRE)]))
    records = archive.records(topics.ENRICHED, EnrichedArticle)
    found = {(record.item_id, record.version): record for record in records}
    for line in (WIRE / "labels.gold").read_bytes().splitlines():
        gold = orjson.loads(line)
        article = found.get((gold["id"], gold["version"]))
        if gold["event"] and article and article.event and article.novelty:
            yield Pair(gold, article.title, article.event, article.novelty)


def figures(pair: Pair) -> tuple[set[tuple[float, float]], set[tuple[float, float]]]:
    """(wanted, predicted) revisions of one article."""
    wanted = {(float(each["old"]), float(each["new"])) for each in pair.gold["figures"]}
    predicted = {(each.old, each.new) for each in pair.novelty.figures if each.old is not None}
    return wanted, predicted


def disputed(pair: Pair) -> bool:
    """Whether two parties are at odds in the article; a source that corrects itself is none."""
    return any(each.kind != "correction" for each in pair.novelty.disputes)


def tally(each: Iterable[tuple[set[Any], set[Any]]]) -> Tally:
    """Counts over (wanted, predicted) sets."""
    rows = [(len(one & two), len(two), len(one)) for one, two in each]
    return Tally(*(sum(row[at] for row in rows) for at in range(3)))


def grouping(found: list[Pair]) -> Table:
    """How well the articles are put together."""
    scores = report(
        [pair.gold["event"] for pair in found],
        [pair.event.event_id for pair in found],
        [pair.event.relation == "opens" for pair in found],
    )
    table = Table("events", "precision", "recall", "F1", title=f"{scores.articles} articles")
    for name, each in (("BCubed", scores.bcubed), ("pairwise", scores.pairwise)):
        table.add_row(name, f"{each.precision:.3f}", f"{each.recall:.3f}", f"{each.f1:.3f}")
    table.add_row("number of events", "", "", f"{scores.clusters} for {scores.events}")
    return table


def relations(found: list[Pair]) -> Table:
    """Gold relations in rows, predicted ones in columns."""
    counts: Counter[tuple[str, str]] = Counter()
    counts.update((pair.gold["relation"], pair.event.relation) for pair in found)
    right = sum(pair.gold["relation"] == pair.event.relation for pair in found)
    table = Table("gold", *RELATIONS, title=f"relation {right / (len(found) or 1):.3f}")
    for gold in RELATIONS:
        table.add_row(gold, *(str(counts[gold, each]) for each in RELATIONS))
    return table


def additions(found: list[Pair]) -> Table:
    """Figures and disputes."""
    table = Table("adds", "precision", "recall", "F1", "found/predicted/gold")
    claims = ((bool(pair.gold["disputes"]), disputed(pair)) for pair in found)
    articles = [({1} if gold else set(), {1} if own else set()) for gold, own in claims]
    table.add_row("figures revised", *tally(map(figures, found)).row())
    table.add_row("articles with a dispute", *tally(articles).row())
    return table


def misses(found: list[Pair]) -> Iterator[str]:
    """One line for each article where relation, figures or dispute is not as in the gold."""
    for pair in found:
        gold = pair.gold
        place = f"{gold['file']}:{gold['line']} {pair.title[:60]!r}"
        wanted, predicted = figures(pair)
        if gold["relation"] != pair.event.relation:
            yield f"{place}: {gold['relation']}, not {pair.event.relation}"
        if wanted != predicted:
            yield f"{place}: figures {sorted(wanted)}, not {sorted(predicted)}"
        if bool(gold["disputes"]) != disputed(pair):
            yield f"{place}: {len(gold['disputes'])} disputes, not {len(pair.novelty.disputes)}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="name each article that is off")
    options = parser.parse_args()
    found = list(pairs())
    console = Console(width=140)
    for table in (grouping(found), relations(found), additions(found)):
        console.print(table)
    if options.misses:
        for line in misses(found):
            console.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    main()
