"""``watch``, ``poll`` and ``intake``: services that bring articles into the first topic."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.common import (
    INTERRUPTED,
    AsJson,
    Broker,
    Data,
    app,
    clear_errors,
    err,
    out,
    print_json,
    settings_of,
    stop_event,
)

if TYPE_CHECKING:
    from streams.config import Settings

Space = Annotated[
    str, typer.Option(help="Story space of articles that name none.", envvar="DELTAWIRE_SPACE")
]
Source = Annotated[
    str | None, typer.Option(help="Source of articles that name none.", envvar="DELTAWIRE_SOURCE")
]
Once = Annotated[bool, typer.Option("--once", help="Do what there is to do now, then end.")]
Run = Callable[["Settings", asyncio.Event], Awaitable[None]]


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Where files are dropped.")],
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds without a change that make a file complete.")
    ] = 5.0,
    interval: Annotated[float, typer.Option(min=0.05, help="Seconds between two looks.")] = 1.0,
    space: Space = "world",
    source: Source = None,
    once: Once = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each file; move nothing.")
    ] = False,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Send files that are dropped into a folder, by FTP for example, until SIGTERM or Ctrl-C.

    A file is complete when it has not changed for --settle seconds and its name is none of an
    unfinished one (.part, .tmp, a leading dot ...). When the broker has all of its items it is
    moved to done/, else to rejected/ with the reason beside it. Links are never followed.
    """
    from streams.intake.folder import Folder
    from streams.intake.watch import Marks, Watch, WatchTally, foresee

    marks, tally = Marks(space, source), WatchTally()

    async def run(settings: "Settings", stop: asyncio.Event) -> None:
        from streams.kafka.publish import publishing

        async with publishing(settings) as outlet:
            watching = Watch(place, outlet, marks, settle=settle, stop=stop, tally=tally)
            await watching.run(interval, once=once)

    with clear_errors():
        settings, place = _settings(broker=broker), Folder(folder)
        if dry_run:
            _show(foresee(place, marks), json)
            return
        place.prepare()
    with closing(place):
        _serve(settings, run, lambda: _report(tally, json))


@app.command()
def poll(
    feed: Annotated[list[str] | None, typer.Argument(help="Addresses, http or https.")] = None,
    feeds: Annotated[
        Path | None,
        typer.Option(help="A file of them: an address a line, after a space its source."),
    ] = None,
    min_interval: Annotated[float, typer.Option(min=1, help="Seconds.")] = 60.0,
    max_interval: Annotated[float, typer.Option(min=1, help="Seconds.")] = 3600.0,
    per_host: Annotated[int, typer.Option(min=1, help="Requests to one host at a time.")] = 1,
    gap: Annotated[float, typer.Option(min=0, help="Seconds between two to one host.")] = 1.0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one document.")] = 30.0,
    max_bytes: Annotated[
        int, typer.Option(min=1, max=1 << 20, help="Of one document, decoded.")
    ] = 1 << 20,
    allow: Annotated[
        list[str] | None,
        typer.Option(help="A private network that may be asked, such as 10.1.0.0/16; repeatable."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Ask also the feeds that said they are gone.")
    ] = False,
    space: Space = "world",
    source: Source = None,
    once: Once = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask each once; send and remember nothing.")
    ] = False,
    broker: Broker = None,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Send what feeds bring, until SIGTERM or Ctrl-C; each is asked as often as it has news.

    A document is fetched only if it changed, and sent only if it has an entry that was not seen.
    What is remembered lies in the data folder and outlives a restart. Only public addresses are
    connected to, also after a redirect, unless --allow names their network.
    """
    from streams.intake.addresses import AddressRule
    from streams.intake.dry import DryOutlet
    from streams.intake.feeds import FeedStore, Pace, feeds_of
    from streams.intake.fetch import Fetcher, Limits
    from streams.intake.hosts import Hosts
    from streams.intake.poll import Poll, PollTally

    if max_interval < min_interval:
        raise typer.BadParameter("less than --min-interval", param_hint="--max-interval")
    pace, tally = Pace(min_interval, max_interval), PollTally()

    async def ask(outlet: Any, stop: asyncio.Event) -> None:
        async with fetcher.open():
            polling = Poll(
                fetcher, store, outlet,
                pace=pace, space=space, again=again, per_host=per_host, stop=stop, tally=tally,
            )  # fmt: skip
            await polling.run(named, once=once or dry_run)

    async def run(settings: "Settings", stop: asyncio.Event) -> None:
        from streams.kafka.publish import publishing

        async with publishing(settings) as outlet:
            await ask(outlet, stop)

    async def dry(settings: "Settings", stop: asyncio.Event) -> None:
        await ask(DryOutlet(), stop)

    with clear_errors():
        settings = _settings(broker=broker, data=data)
        named = feeds_of(feed or (), feeds, source)
        agent = f"deltawire/{version('deltawire')}"
        limits, hosts = Limits(timeout, max_bytes), Hosts(per_host, gap)
        fetcher = Fetcher(AddressRule(allow or ()), limits, hosts, agent)
        store = FeedStore(None if dry_run else settings.data / "feeds")
    _serve(
        settings, dry if dry_run else run, lambda: _report(tally, json), needs_broker=not dry_run
    )


@app.command()
def intake(
    listen: Annotated[
        str | None,
        typer.Option(
            help="HOST:PORT, port 0: a free one; default: 127.0.0.1:8080."
            "  [DELTAWIRE_INTAKE_LISTEN]"
        ),
    ] = None,
    max_body: Annotated[int, typer.Option(min=1024, help="Bytes of one request.")] = 8 << 20,
    max_items: Annotated[int, typer.Option(min=1, help="Items of one request.")] = 10_000,
    ack_seconds: Annotated[
        float, typer.Option(min=0.1, help="Wait so long for the broker, then answer 503.")
    ] = 10.0,
    space: Space = "world",
    source: Source = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Take articles over HTTP, until SIGTERM or Ctrl-C: POST /v1/items, GET /healthz.

    One item, or a batch as JSON lines or a JSON array; the Content-Type is the format. 202 comes
    when the broker has all of them. The token (Authorization: Bearer) is the setting
    DELTAWIRE_INTAKE_TOKEN_FILE or DELTAWIRE_INTAKE_TOKEN; without one only this machine is served.
    """
    from streams.intake.line import Line
    from streams.intake.listen import listening, place_of, serve, tls_of, token_of
    from streams.intake.push import Push, PushLimits, PushTally

    limits, tally = PushLimits(max_body, max_items, max(64 << 20, max_body)), PushTally()

    async def run(settings: "Settings", stop: asyncio.Event) -> None:
        from streams.kafka.publish import publishing

        line = Line(lambda: publishing(settings), ack_seconds)
        push = Push(line, token, limits, space=space, source=source, tally=tally)
        await serve(line, stop, lambda: listening(push, host, port, tls=tls, grace=grace))

    with clear_errors():
        settings = _settings(broker=broker, intake_listen=listen)
        host, port = place_of(settings.intake_listen)
        token, tls, grace = token_of(settings, host), tls_of(settings), settings.grace_seconds
    _serve(settings, run, lambda: _report(tally, json))


def _settings(**flags: Any) -> "Settings":
    """A service says what it does, unless it was told how loud to be."""
    from streams.logs import setup

    settings = settings_of(**flags, log_level=os.environ.get("DELTAWIRE_LOG_LEVEL") or "info")
    setup(settings.log_level)
    return settings


def _serve(
    settings: "Settings", run: Run, report: Callable[[], None], *, needs_broker: bool = True
) -> None:
    """Until it ends or is stopped; a report, however it ended."""
    with clear_errors():
        try:
            asyncio.run(_until_stopped(settings, run, needs_broker))
        except (KeyboardInterrupt, asyncio.CancelledError):  # stopped twice
            raise typer.Exit(INTERRUPTED) from None
        finally:
            report()


async def _until_stopped(settings: "Settings", run: Run, needs_broker: bool) -> None:
    from streams.kafka.topics import wait_for_broker

    stop = stop_event()
    if needs_broker:
        waiting = asyncio.ensure_future(wait_for_broker(settings))
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({waiting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not waiting.done():
            waiting.cancel()
            return
        waiting.result()
    await run(settings, stop)


def _show(rows: Any, json: bool) -> None:
    from streams.intake.folder import shown

    found = [{"file": shown(name), "items": count, "reason": why} for name, count, why in rows]
    if json:
        print_json(found)
        return
    for row in found:
        line = f"{row['file']}: {row['reason'] or str(row['items']) + ' items'}"
        out.print(line, style="yellow" if row["reason"] else None, markup=False, highlight=False)
    out.print(f"{len(found)} files; nothing was sent or moved", style="dim", highlight=False)


def _report(tally: Any, json: bool) -> None:
    """What was done."""
    counts = {each.name: getattr(tally, each.name) for each in fields(tally)}
    reasons = dict(sorted(counts.pop("reasons").items()))
    if json:
        print_json({**counts, "reasons": reasons})
        return
    stopped = counts.pop("stopped", False)
    line = ", ".join(f"{name} {value:,}" for name, value in counts.items())
    if reasons:
        line += "; " + ", ".join(f"{name} {count}" for name, count in reasons.items())
    out.print(line, markup=False, highlight=False)
    if stopped:
        err.print("stopped", style="yellow")
