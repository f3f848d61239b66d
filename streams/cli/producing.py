"""``produce``: articles into the first topic."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape

from streams.cli.common import (
    INTERRUPTED,
    AsJson,
    Broker,
    Data,
    Sources,
    app,
    clear_errors,
    err,
    out,
    print_json,
    progress,
    settings_of,
    stop_event,
)
from streams.cli.running import standard_input


@app.command()
def produce(
    sources: Sources,
    broker: Broker = None,
    data: Data = None,
    space: Annotated[
        str, typer.Option(help="Story space of articles that name none.", envvar="DELTAWIRE_SPACE")
    ] = "world",
    rate: Annotated[float | None, typer.Option(help="Items a second; default: no limit.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Pass over what an earlier run delivered.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read everything, connect nowhere, count.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Send articles to Kafka; each is acknowledged by all replicas, in order, none twice.

    Ctrl-C waits for what is in flight, a second one does not. What was acknowledged is remembered
    in the data folder: --resume goes on from there, whatever ended the earlier run.
    """
    from streams.kafka.produce import Tally
    from streams.sources import read_sources, total_bytes

    if rate is not None and not 0 < rate < float("inf"):
        raise typer.BadParameter("a number above 0", param_hint="--rate")
    tally = Tally()
    with clear_errors(), standard_input(sources) as stdin:
        settings = settings_of(broker=broker, data=data)
        total = total_bytes(sources)
        items = read_sources(sources, space=space, stdin=stdin)
        try:
            with progress("reading" if dry_run else "producing", total) as advance:
                if dry_run:
                    _count(items, tally, advance)
                else:
                    asyncio.run(_produce(settings, items, tally, rate, resume, advance))
        except (KeyboardInterrupt, asyncio.CancelledError):  # a dry run; or stopped twice
            tally.stopped = True
        finally:
            _report(tally, dry_run, json)
    if tally.stopped:
        raise typer.Exit(INTERRUPTED)


def _count(items: Iterator[Any], tally: Any, advance: Any) -> None:
    for item in items:
        tally.note(item)
        advance(item)
        if "unreadable" in item.headers:
            origin, reason, detail = (
                item.headers[name].decode(errors="replace")
                for name in ("origin", "unreadable", "detail")
            )
            line = f"[yellow]{reason}:[/] {escape(origin)}: {escape(detail)}"
            err.print(line, highlight=False, soft_wrap=True)


async def _produce(
    settings: Any, items: Iterator[Any], tally: Any, rate: float | None, resume: bool, advance: Any
) -> None:
    from streams.kafka.produce import produce as run

    stop = stop_event()
    await run(settings, items, tally, rate=rate, resume=resume, stop=stop, progress=advance)


def _report(tally: Any, dry_run: bool, json: bool) -> None:
    """What was done, however it ended."""
    if json:
        print_json(asdict(tally))
        return
    parts = [f"{tally.read} items read, {tally.bytes:,} bytes"]
    if tally.unreadable:
        parts.append(f"{tally.unreadable} could not be read (they are sent, and rejected there)")
    if dry_run:
        parts.append("nothing was sent")
    else:
        parts.append(f"{tally.acknowledged} acknowledged")
    if tally.skipped:
        parts.append(f"{tally.skipped} delivered before")
    out.print("; ".join(parts), highlight=False)
    if tally.stopped and not dry_run:
        err.print("stopped; --resume goes on from here", style="yellow")
