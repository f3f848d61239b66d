"""``replay``: the whole pipeline in this process."""

import asyncio
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

import typer

from streams.cli.common import (
    INTERRUPTED,
    AsJson,
    Sources,
    app,
    clear_errors,
    dumped,
    err,
    out,
    print_json,
    progress,
)


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
    with clear_errors(), standard_input(sources) as stdin:
        total = total_bytes(sources)
        with progress("replaying", total) as advance:
            archive, stopped = asyncio.run(_replay(sources, space, pace, advance, stdin))
        if folder is not None:
            archive.write(folder)
    view = View.of(archive)
    if json:
        print_json({"fates": view.totals(), "events": list(map(dumped, view.events.values()))})
    else:
        out.print(run_report(view, events=events))
        if folder is not None:
            out.print(f"one file per topic in {folder}", style="dim", highlight=False)
    if stopped:
        err.print("stopped: this is what had been read", style="yellow")
        raise typer.Exit(INTERRUPTED)


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
def standard_input(sources: list[str]) -> Iterator[BinaryIO | None]:
    """All of standard input, read before the run starts: no Ctrl-C waits for the next line."""
    if "-" not in sources:
        yield None
        return
    with SpooledTemporaryFile(max_size=1 << 26) as spool:
        try:
            shutil.copyfileobj(sys.stdin.buffer, spool)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        spool.seek(0)
        yield cast(BinaryIO, spool)
