"""Groups of articles that must meet, or stay apart: how many does detection get right?

tests/lookalikes holds them: our own texts, a file a theme. Articles of one group that name the
same ``event`` belong together, the others do not. Each group runs as a stream of its own, and all
run as one stream in order of their days. A group is right if its articles are parted exactly as
they should be; a pair of articles of one group is right if it is together, or apart, as it should.

python -m benchmarks.events_lookalikes [--wrong] [FILE ...]
"""

import argparse
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from streams.events.evaluate import evaluate

FOLDER = Path(__file__).parent.parent / "tests" / "lookalikes"
LANGUAGES = "languages"  # the file whose groups cross languages
FIRST_DAY = "2031-04-01"  # where an article without a day stands in the common stream

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Articles in order, rows as ``evaluate`` takes them; ``event_id`` says which meet."""

    theme: str
    name: str
    rows: tuple[Row, ...]

    @property
    def kind(self) -> str:
        """meet: one event; apart: nothing but events of one article; both."""
        events = {row["event_id"] for row in self.rows}
        if len(events) == 1:
            return "meet"
        return "apart" if len(events) == len(self.rows) else "both"


@dataclass(frozen=True, slots=True)
class Result:
    """What one run made of a group: pairs that are as they should be, by what they should be."""

    group: Group
    together: tuple[bool, ...]
    apart: tuple[bool, ...]

    @property
    def is_right(self) -> bool:
        """Every pair is."""
        return all(self.together) and all(self.apart)


def groups(paths: Iterable[Path]) -> list[Group]:
    """The groups of some files."""
    found = []
    for path in paths:
        for group in tomllib.loads(path.read_text())["group"]:
            name = f"{path.stem}: {group['name']}"
            rows = tuple(_row(name, n, each) for n, each in enumerate(group["articles"]))
            found.append(Group(path.stem, group["name"], rows))
    return found


def alone(found: Sequence[Group]) -> list[Result]:
    """Each group as a stream of its own."""
    return [_result(group, _events(group.rows)) for group in found]


def mixed(found: Sequence[Group]) -> list[Result]:
    """All groups as one stream; what has no day comes with the article before it."""
    placed: list[tuple[str, int, Row]] = []
    for group in found:
        day = FIRST_DAY
        for row in group.rows:
            day = max(day, row["published_at"] or day)
            placed.append((row["published_at"] or day, len(placed), row))
    events = _events([row for *_, row in sorted(placed, key=lambda each: each[:2])])
    return [_result(group, events) for group in found]


def _events(rows: Sequence[Row]) -> dict[str, str]:
    _, predictions = evaluate(rows)
    return {each["id"]: each["event_id"] for each in predictions}


def _result(group: Group, events: dict[str, str]) -> Result:
    pairs: defaultdict[bool, list[bool]] = defaultdict(list)
    for one, other in combinations(group.rows, 2):
        should = one["event_id"] == other["event_id"]
        pairs[should].append((events[one["id"]] == events[other["id"]]) == should)
    return Result(group, tuple(pairs[True]), tuple(pairs[False]))


def _row(name: str, number: int, article: Row) -> Row:
    return {
        "id": f"{name} {number}",
        "source": f"Wire {number}",
        "published_at": article.get("day") and f"{article['day']}T{8 + number:02}:00:00Z",
        "language": article.get("language", "en"),
        "title": article["title"],
        "body": article.get("body", ""),
        "event_id": f"{name} {article['event']}",
    }


def _line(results: Sequence[Result]) -> list[str]:
    cells = []
    for kind in ("apart", "meet", "both"):
        of_kind = [result.is_right for result in results if result.group.kind == kind]
        cells.append(_share(of_kind))
    cells.append(_share([result.is_right for result in results]))
    cells.append(_share([pair for result in results for pair in result.apart]))
    cells.append(_share([pair for result in results for pair in result.together]))
    return cells


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right)}/{len(right)}"


def main() -> None:
    """A line a run and theme; the groups that are wrong, if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(FOLDER.glob("*.toml")))
    parser.add_argument("--wrong", action="store_true", help="name the groups that are wrong")
    options = parser.parse_args()
    found = groups(options.files)
    table = Table(title="groups, and pairs, that are right")
    for column in ("stream", "groups of", "apart", "meet", "both", "all"):
        table.add_column(column)
    table.add_column("pairs apart")
    table.add_column("pairs together")
    runs = {"each alone": alone(found), "one stream": mixed(found)}
    for stream, results in runs.items():
        for theme in dict.fromkeys(group.theme for group in found):
            table.add_row(stream, theme, *_line([r for r in results if r.group.theme == theme]))
        one = [result for result in results if result.group.theme != LANGUAGES]
        if 0 < len(one) < len(results):
            table.add_row(stream, "all but languages", *_line(one), style="bold")
    console = Console(width=120)
    console.print(table)
    if options.wrong:
        for stream, results in runs.items():
            for result in results:
                if not result.is_right:
                    split, glued = result.together.count(False), result.apart.count(False)
                    place = f"{result.group.theme}: {result.group.name}"
                    console.print(f"{stream}: {place}: {split} pairs split, {glued} glued")


if __name__ == "__main__":
    main()
