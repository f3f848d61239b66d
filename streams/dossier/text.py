"""A dossier at a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from streams.dossier import words
from streams.dossier.record import Dossier, Entry, Statement
from streams.report import MARK_COLOURS, RELATION_COLOURS, STATUS_COLOURS


def text(dossier: Dossier) -> RenderableType:
    """Every section that holds something, in the order of the page."""
    return Group(
        Text.assemble(
            ("● ", STATUS_COLOURS.get(dossier.status, "yellow")), (dossier.title, "bold")
        ),
        *(Text(f"  {name:<10}{value}", "dim") for name, value in dossier.head),
        *_section(words.SUMMARY, map(_statement, dossier.summary)),
        *_section(words.TIMELINE, _timeline(dossier)),
        *_section(words.FIGURES, _figures(dossier)),
        *_section(words.DISPUTES, _disputes(dossier)),
        *_section(words.FACTS, _facts(dossier)),
        *_section(words.SOURCES, _sources(dossier)),
        *_section(words.counted(words.MEMBERS, dossier), _members(dossier)),
        *_section(words.LINEAGE, map(Text, dossier.lineage)),
        Text(""),
    )


def _section(heading: str, rows: Iterable[RenderableType]) -> Iterator[RenderableType]:
    found = list(rows)
    if found:
        yield Text(f"\n{heading}", "bold")
        yield from (Padding(row, (0, 0, 0, 2)) for row in found)


def _statement(row: Statement) -> Text:
    mark = (f"{row.mark} ", MARK_COLOURS[row.mark]) if row.mark else ""
    return Text.assemble(mark, row.text, (f"  {row.source.label}", "dim"))


def _timeline(dossier: Dossier) -> Iterator[RenderableType]:
    for place, entry in enumerate(dossier.timeline):
        if dossier.timeline_left_out and place == dossier.timeline_gap:
            yield Text(words.left_out(dossier.timeline_left_out, "article"), "dim")
        yield from _entry(entry)
    if dossier.timeline:
        yield Text(words.LEGEND, "dim italic")


def _entry(entry: Entry) -> Iterator[RenderableType]:
    relation = (f"{entry.relation:<9}", RELATION_COLOURS.get(entry.relation, ""))
    yield Text.assemble(
        (f"{words.dated(entry).text:<18}", "dim"), relation, words.titled(entry),
        (f"  {', '.join((entry.source, *words.about(entry)))}", "dim"),
    )  # fmt: skip
    lines = [Text(figure, "yellow") for figure in entry.figures]
    lines += [Text(f"! {dispute}", "red") for dispute in entry.disputes]
    for mark, sentence in entry.sentences:
        lines.append(Text.assemble((f"{mark} ", MARK_COLOURS[mark]), sentence))
    if entry.more:
        lines.append(Text(words.left_out(entry.more, "sentence"), "dim"))
    yield from (Padding(line, (0, 0, 0, 6)) for line in lines)


def _figures(dossier: Dossier) -> Iterator[RenderableType]:
    for figure in dossier.figures:
        yield Text(figure.text)
        for value in figure.values:
            as_of = f" as of {value.as_of}" if value.as_of else ""
            yield Text(f"    {value.text}{as_of}  {value.source.label}", "dim")


def _disputes(dossier: Dossier) -> Iterator[RenderableType]:
    for row in dossier.disputes:
        yield Text.assemble(("! ", "red"), row.claim, (f"  {row.source.label}", "dim"))
        yield Text(f"    {row.claimed_by}, {row.denied_by}", "red")


def _facts(dossier: Dossier) -> Iterator[RenderableType]:
    yield from map(_statement, dossier.facts)
    if dossier.facts_left_out:
        yield Text(words.left_out(dossier.facts_left_out, "fact"), "dim")


def _sources(dossier: Dossier) -> Iterator[RenderableType]:
    spread = dossier.sources
    if not spread.publishers:
        return
    yield from map(Text, spread.lines)
    yield _table(words.SOURCE_COLUMNS, map(words.source_cells, spread.publishers))
    if spread.publishers_left_out:
        yield Text(words.left_out(spread.publishers_left_out, "source"), "dim")


def _members(dossier: Dossier) -> Iterator[RenderableType]:
    if dossier.members_left_out:
        yield Text(words.left_out(dossier.members_left_out, "article"), "dim")
    if dossier.members:
        yield _table(words.MEMBER_COLUMNS, map(words.member_cells, dossier.members))


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for cells in rows:
        table.add_row(*map(Text, cells))
    return table
