"""What the commands share: consoles, options, settings, errors, progress."""

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError
from streams.worker.codes import ExitCode

app = typer.Typer(
    name="deltawire",
    help="A stream pipeline for news that says what each article adds, with the evidence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

WIDE = 140  # columns where there is no terminal to ask
INTERRUPTED = 130


class PipeConsole(Console):
    """Leaves a closed pipe to the caller; rich would end the process with code 1."""

    def on_broken_pipe(self) -> None:
        """Called while the error is handled."""
        raise


out = PipeConsole(width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True)

Sources = Annotated[
    list[str], typer.Argument(help="Files, folders, globs in quotes, or - for standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Broker = Annotated[
    str | None,
    typer.Option("--broker", help="Kafka: HOST:PORT, several with commas.  [DELTAWIRE_BROKER]"),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for what is remembered.  [DELTAWIRE_DATA]"),
]
Group = Annotated[
    str | None,
    typer.Option("--group", help="Consumer group of the workers.  [DELTAWIRE_GROUP]"),
]


def settings_of(**flags: Any) -> Settings:
    """Flags that were given, else ``DELTAWIRE_*`` variables, else defaults.

    Raises:
        DeltawireError: a value does not fit; names the variable, never the value.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        raise DeltawireError("; ".join(map(_problem, error.errors(include_input=False)))) from None


def _problem(problem: Any) -> str:
    name = "_".join(map(str, problem["loc"])).upper()
    return f"DELTAWIRE_{name}: {problem['msg']}" if name else str(problem["msg"])


def stop_event() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM, to finish what is under way; the second one cancels the
    task that called this.
    """
    stop, loop, me = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()
    assert me is not None

    def end() -> None:
        if stop.is_set():
            me.cancel()
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, end)
    return stop


@contextmanager
def clear_errors() -> Iterator[None]:
    """What the user can mend is one line and exit code 2 (4: no broker); the rest is a bug."""
    try:
        yield
    except DeltawireError as error:
        err.print(f"[bold red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        away = isinstance(error, BrokerAwayError)
        raise typer.Exit(ExitCode.BROKER_AWAY if away else ExitCode.WRONG) from error


def print_json(value: Any) -> None:
    """Indented JSON on standard output."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z))
    sys.stdout.buffer.write(b"\n")


def dumped(record: Any) -> Any:
    """A record as plain values."""
    return None if record is None else record.model_dump(exclude_none=True)


@contextmanager
def progress(verb: str, total: int | None) -> Iterator[Callable[[Any], None]]:
    """A bar over bytes on the terminal's error stream; silent elsewhere."""
    columns = (
        TextColumn(verb),
        BarColumn(),
        TextColumn("{task.fields[items]} items"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=total, items=0)
        items = 0

        def advance(item: Any) -> None:
            nonlocal items
            items += 1
            bar.update(task, advance=len(item.value), items=items)

        yield advance


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

    with clear_errors():
        setup(settings_of().log_level)
