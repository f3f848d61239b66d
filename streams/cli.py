"""The command line: every command has ``--help``, a view for people, and ``--json``."""

import asyncio
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from streams.config import Settings
from streams.errors import DeltawireError

app = typer.Typer(
    name="deltawire",
    help="A stream pipeline for news that says what each article adds, with the evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
schemas_app = typer.Typer(no_args_is_help=True, help="JSON Schemas of the records on the topics.")
app.add_typer(schemas_app, name="schemas")

WIDE = 140  # columns where there is no terminal to ask
out = Console(width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)

Sources = Annotated[
    list[str], typer.Argument(help="Files, folders, globs in quotes, or - for standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
RunFolder = Annotated[
    Path,
    typer.Option("--out", help="Folder of a run, as written by replay.", envvar="DELTAWIRE_OUT"),
]


@contextmanager
def _clear_errors() -> Iterator[None]:
    """What the user can mend is one line and exit code 2; anything else is a bug and shows."""
    try:
        yield
    except DeltawireError as error:
        err.print(f"[bold red]error:[/] {error}", highlight=False)
        raise typer.Exit(2) from error


def _print_json(value: Any) -> None:
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z))
    sys.stdout.buffer.write(b"\n")


def _version(shown: bool) -> None:
    if shown:
        out.print(f"deltawire {installed_version('deltawire')}", highlight=False)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Settings come from flags, else from ``DELTAWIRE_*`` variables."""
    from streams.logs import setup

    setup(Settings().log_level)


# --- running ------------------------------------------------------------------------------------


def _speed(value: str) -> float | None:
    if value == "max":
        return None
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise typer.BadParameter("a number above 0 (times the wire's own pace), or max")
    return speed


@app.command()
def replay(
    sources: Sources,
    folder: Annotated[
        Path | None,
        typer.Option("--out", help="Write one JSONL file per topic here.", envvar="DELTAWIRE_OUT"),
    ] = None,
    speed: Annotated[
        str, typer.Option(help="Times the wire's own pace, for example 3600; or max.")
    ] = "max",
    space: Annotated[
        str, typer.Option(help="Story space of articles that name none.", envvar="DELTAWIRE_SPACE")
    ] = "world",
    events: Annotated[int, typer.Option(min=0, help="How many events the report shows.")] = 20,
    json: AsJson = False,
) -> None:
    """Run articles through the whole pipeline in memory: no broker, nothing to install.

    The same input gives byte-identical files. Ctrl-C finishes what has been read and reports it.
    """
    from streams.report import run_report
    from streams.sources import total_bytes
    from streams.view import View

    pace = _speed(speed)
    if folder is not None and folder.exists() and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is a file; --out needs a folder")
    with _clear_errors(), _standard_input(sources) as stdin:
        total = total_bytes(sources)
        with _progress(total) as advance:
            archive, stopped = asyncio.run(_replay(sources, space, pace, advance, stdin))
        if folder is not None:
            archive.write(folder)
    view = View.of(archive)
    if json:
        _print_json({"fates": view.totals(), "events": list(map(_dump, view.events.values()))})
    else:
        out.print(run_report(view, events=events))
        if folder is not None:
            out.print(f"one file per topic in {folder}", style="dim", highlight=False)
    if stopped:
        err.print("stopped: this is what had been read", style="yellow")
        raise typer.Exit(130)


async def _replay(
    sources: list[str],
    space: str,
    speed: float | None,
    advance: Callable[[Any], None],
    stdin: BinaryIO | None,
) -> tuple[Any, bool]:
    from streams.app import spare_collector
    from streams.replay import replay as run

    spare_collector()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    archive = await run(sources, space=space, speed=speed, progress=advance, stop=stop, stdin=stdin)
    return archive, stop.is_set()


@contextmanager
def _standard_input(sources: list[str]) -> Iterator[BinaryIO | None]:
    """All of standard input, read before the run starts: no Ctrl-C waits for the next line."""
    if "-" not in sources:
        yield None
        return
    with SpooledTemporaryFile(max_size=1 << 26) as spool:
        try:
            shutil.copyfileobj(sys.stdin.buffer, spool)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        spool.seek(0)
        yield cast(BinaryIO, spool)


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[Any], None]]:
    """A bar over bytes on the terminal's error stream; silent elsewhere."""
    columns = (
        TextColumn("replaying"),
        BarColumn(),
        TextColumn("{task.fields[items]} items"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=total, items=0)
        items = 0

        def advance(item: Any) -> None:
            nonlocal items
            items += 1
            progress.update(task, advance=len(item.value), items=items)

        yield advance


# --- looking at a run ---------------------------------------------------------------------------


@app.command()
def trace(item: str, folder: RunFolder = Path("out"), json: AsJson = False) -> None:
    """The way of one item: every decision about it, its fate and the reason.

    ITEM is an item id, or the origin (file or file#line) of a message that has none.
    """
    from streams.report import trace_report
    from streams.view import View

    with _clear_errors():
        view = View.of(_archive(folder))
        fates = [f for f in view.fates if item in (f.item_id, f.origin)]
        if not fates:
            raise DeltawireError(f"no item {item!r} in {folder}{_like(item, view)}")
    article = view.articles.get(fates[0].item_id)
    if json:
        _print_json({"fates": list(map(_dump, fates)), "current": _dump(article)})
    else:
        out.print(trace_report(fates[0].item_id, fates, article))


@app.command()
def event(event_id: str, folder: RunFolder = Path("out"), json: AsJson = False) -> None:
    """One event: its articles in order and what each of them added."""
    from streams.report import event_report
    from streams.view import View

    with _clear_errors():
        view = View.of(_archive(folder))
        known = [e for e in view.events if e == event_id or e.startswith(event_id)]
        if len(known) != 1:
            problem = "no event" if not known else f"{len(known)} events begin with"
            raise DeltawireError(f"{problem} {event_id!r} in {folder}")
    state = view.events[known[0]]
    if json:
        changes = [_dump(change) for change in view.changes[state.event_id]]
        _print_json({"state": _dump(state), "changes": changes})
    else:
        out.print(event_report(view, state))


@app.command()
def doctor(folder: RunFolder = Path("out"), json: AsJson = False) -> None:
    """Check that a run kept its promises, and list what a person should look at."""
    from dataclasses import asdict

    from streams.doctor import examine
    from streams.report import findings_report

    with _clear_errors():
        findings = examine(_archive(folder))
    if json:
        _print_json([asdict(finding) for finding in findings])
    else:
        out.print(findings_report(findings))
    if any(finding.level == "fault" for finding in findings):
        raise typer.Exit(1)


def _archive(folder: Path) -> Any:
    from streams.archive import Archive

    return Archive.read(folder)


def _like(item: str, view: Any) -> str:
    """A hint at ids that contain what was asked for."""
    near = sorted({f.item_id for f in view.fates if item.casefold() in f.item_id.casefold()})
    return f"; there is {', '.join(near[:5])}" if near else ""


def _dump(record: Any) -> Any:
    return None if record is None else record.model_dump(exclude_none=True)


# --- parts on their own -------------------------------------------------------------------------


@app.command()
def tag(sources: Sources, json: AsJson = False) -> None:
    """The entities of articles: mentions, types, links, without detecting events."""
    from streams.parts import tagged
    from streams.report import tag_report

    refused = False
    with _clear_errors():
        for result in tagged(sources):
            if isinstance(result, DeltawireError):
                refused = True
                err.print(f"[yellow]rejected:[/] {result}", highlight=False)
            elif json:
                sys.stdout.buffer.write(result.to_bytes() + b"\n")
            else:
                out.print(result.article.title or result.article.item_id, style="bold")
                out.print(tag_report(result.entities))
    if refused:
        raise typer.Exit(1)


@app.command()
def evaluate(
    task: Annotated[str, typer.Argument(help="events, entities, linking, novelty or figures.")],
    files: Annotated[list[Path], typer.Argument(help="JSON lines, gzipped or not.")],
    predictions: Annotated[
        Path | None, typer.Option(help="Write one JSON line per row here.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Score a task on labelled rows; rows without gold get predictions only."""
    from streams.evaluate import evaluate as run
    from streams.evaluate import scores_table

    with _clear_errors():
        scores = run(task, files, predictions)
    if json:
        _print_json(scores)
    else:
        out.print(scores_table(scores))
        if all(row.keys() == {"rows"} for row in scores.values()):
            err.print("no row has gold: predictions only", style="yellow")


@schemas_app.command("export")
def schemas_export(
    folder: Annotated[Path | None, typer.Argument(help="Default: the project's snapshots.")] = None,
) -> None:
    """Write one JSON Schema per topic."""
    from streams.schema_files import SNAPSHOTS, export

    for path in export(folder or SNAPSHOTS):
        out.print(str(path), highlight=False)


@schemas_app.command("check")
def schemas_check(
    folder: Annotated[Path | None, typer.Argument(help="Default: the project's snapshots.")] = None,
    json: AsJson = False,
) -> None:
    """Compare the records with the snapshots: breaking changes and stale files fail."""
    from streams.schema_files import SNAPSHOTS, check

    broken, stale = check(folder or SNAPSHOTS)
    if json:
        _print_json({"breaking": broken, "stale": stale})
    else:
        for line in broken:
            err.print(
                f"[bold red]breaking:[/] {line}; make it a new topic version", highlight=False
            )
        for name in stale:
            err.print(f"[yellow]stale:[/] {name}; run 'deltawire schemas export'", highlight=False)
        if not broken and not stale:
            out.print("schemas match their snapshots", style="green")
    if broken or stale:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
