"""``kb``: build a knowledge base, look at it, look a name up in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from streams.cli.common import AsJson, app, clear_errors, err, out, print_json, settings_of
from streams.errors import DeltawireError

if TYPE_CHECKING:
    from streams.knowledge.base import KbMeta, KnowledgeBase

kb_app = typer.Typer(no_args_is_help=True, help="The knowledge base: entities and their names.")
app.add_typer(kb_app, name="kb")

KbFolder = Annotated[
    Path | None, typer.Option("--kb", help="Folder of the knowledge base.  [DELTAWIRE_KB]")
]


@kb_app.command("build")
def build_kb(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Wikidata dumps (.json), tables (.csv .tsv .jsonl), folders of them."),
    ],
    folder: Annotated[Path, typer.Option("--out", help="Folder to write, such as world.kb.")],
    sitelinks: Annotated[
        int, typer.Option(min=0, help="Keep items of Wikidata with at least so many site links.")
    ] = 10,
    name: Annotated[str | None, typer.Option(help="Default: the name of the folder.")] = None,
    licence: Annotated[
        list[str] | None, typer.Option(help="Licence of the tables; may be given again.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a knowledge base that lies there.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Make a knowledge base of dumps and tables, each plain or .gz or .bz2; all or nothing.

    Where two tell of one entity the first counts, tables before dumps.
    """
    from streams.knowledge.building.build import build, total_bytes

    with clear_errors(), _bar(total_bytes(sources)) as progress:
        meta = build(
            sources,
            folder,
            name=name,
            sitelinks=sitelinks,
            licences=licence or (),
            force=force,
            progress=progress,
        )
    _show(folder, meta, json)


@kb_app.command("info")
def info(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[KB]", help="Default: DELTAWIRE_KB.")
    ] = None,
    json: AsJson = False,
) -> None:
    """What a knowledge base holds and comes from. Checks that every file is as it was built."""
    from streams.knowledge.base import KnowledgeBase

    with clear_errors():
        chosen = settings_of(kb=folder).kb
        if chosen is None:
            raise DeltawireError(
                "no knowledge base is set: name one or set DELTAWIRE_KB; "
                "'deltawire kb build' makes one"
            )
        meta = KnowledgeBase.open(chosen, verify=True).meta
    _show(chosen, meta, json)


@kb_app.command("lookup")
def lookup(
    name: str,
    language: Annotated[
        str | None, typer.Option(help="Leave out names of other languages: en, de, es, fr, ru.")
    ] = None,
    folder: KbFolder = None,
    json: AsJson = False,
) -> None:
    """What a name may mean, best first: in the knowledge base and in the project's own table.

    Exit code 1 if nothing has this name.
    """
    from streams.knowledge.base import KnowledgeBase

    with clear_errors():
        chosen = settings_of(kb=folder).kb
        kb = KnowledgeBase.open(chosen) if chosen else None
        found = [*(_in_kb(kb, name, language) if kb else ()), *_in_table(name, language)]
    if json:
        print_json(found)
    elif found:
        out.print(_candidates(found))
    if not found:
        if not json:
            where = str(chosen) if chosen else "the project's table; DELTAWIRE_KB is not set"
            err.print(f"[yellow]nothing is named[/] {escape(repr(name))} in {escape(where)}")
        raise typer.Exit(1)


def _in_kb(kb: "KnowledgeBase", name: str, language: str | None) -> Iterator[dict[str, Any]]:
    for row in kb.names(name):
        if language is None or row.language in (None, language):
            entity = kb.entity(row.entity_id)
            yield {
                "source": kb.meta.name,
                "id": row.entity_id,
                "name": entity.name if entity else None,
                "type": entity.type if entity else None,
                "country": entity.country if entity else None,
                "kind": row.kind,
                "language": row.language,
                "prior": row.prior,
            }


def _in_table(name: str, language: str | None) -> Iterator[dict[str, Any]]:
    from streams.knowledge import core

    facts = core()
    ways = [(alias.entity_id, "name", alias.language) for alias in facts.lookup(name, language)]
    ways += [(person, "surname", None) for person in facts.persons_named(name)]
    for entity_id, kind, told in ways:
        entity = facts.entities[entity_id]
        yield {
            "source": "core",
            "id": entity_id,
            "name": entity.name,
            "type": entity.type,
            "country": entity.country,
            "kind": "demonym" if kind == "name" and entity.demonym_of else kind,
            "language": told,
            "prior": entity.prior,
        }


def _candidates(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in found[0]:
        table.add_column(column, justify="right" if column == "prior" else "left")
    for row in found:
        cells = {key: "" if value is None else escape(str(value)) for key, value in row.items()}
        table.add_row(*(cells | {"prior": f"{row['prior']:.3f}"}).values())
    return table


def _show(folder: Path, meta: "KbMeta", json: bool) -> None:
    size = sum(part.size for part in meta.parts.values())
    if json:
        print_json({"folder": str(folder), "bytes": size, **meta.model_dump()})
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("name", escape(meta.name), style="bold")
    table.add_row("folder", escape(str(folder)))
    table.add_row("size", f"{size / (1 << 20):.1f} MiB")
    for what, number in meta.counts.items():
        table.add_row(what, f"{number:,}")
    table.add_row("languages", " ".join(meta.languages) or "not told")
    table.add_row("licences", escape("; ".join(meta.licences)))
    table.add_row("built from", escape(", ".join(source.file for source in meta.built_from)))
    for reason, number in meta.left_out.items():
        table.add_row(f"left out: {reason.replace('_', ' ')}", f"{number:,}", style="dim")
    out.print(table)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """Progress through the bytes of the sources, on a terminal's error stream."""
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda read: bar.update(task, advance=read)
