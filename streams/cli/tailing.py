"""``tail``: records of one topic as they come."""

import asyncio
import os
import re
import signal
import sys
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from streams.cli.common import INTERRUPTED, AsJson, Broker, app, clear_errors, out, settings_of

_AGE = re.compile(r"(\d+)([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _start(value: str) -> Any:
    if value in ("start", "end"):
        return value
    try:
        if age := _AGE.fullmatch(value):
            return datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})
        time = datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            "start, end, a time such as 2031-03-05T12:00:00Z, or an age such as 15m, 2h, 3d",
            param_hint="--from",
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@app.command()
def tail(
    topic: Annotated[str, typer.Argument(help="A topic; an unknown name lists them all.")],
    start: Annotated[
        str, typer.Option("--from", help="start, end, a time (UTC), or an age: 15m, 2h, 3d.")
    ] = "end",
    until_end: Annotated[
        bool, typer.Option("--until-end", help="Stop at the end as it is now; do not wait.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after so many records.")] = None,
    key: Annotated[str | None, typer.Option(help="Only records of this key.")] = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Show the records of a topic: readable, or with --json one line each.

    Joins no group and commits nothing. Ctrl-C or SIGTERM ends it.
    """
    place = _start(start)
    with clear_errors():
        settings = settings_of(broker=broker)
        try:
            asyncio.run(_tail(settings, topic, place, until_end, limit, key, json))
        except (KeyboardInterrupt, asyncio.CancelledError):
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader (head, less) has enough. Nothing may be written at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _tail(
    settings: Any,
    topic: str,
    start: Any,
    until_end: bool,
    limit: int | None,
    key: str | None,
    json: bool,
) -> None:
    from streams.kafka.read import Part, follow
    from streams.tail_report import json_line, view

    me = asyncio.current_task()
    assert me is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
    shown = 0
    # Closed before the loop ends: a generator that is left to the collector ends with noise.
    async with aclosing(follow(settings, [Part(topic)], start=start, to_end=until_end)) as found:
        async for message in found:
            if key is not None and message.key != key.encode():
                continue
            if json:
                sys.stdout.buffer.write(json_line(message) + b"\n")
                sys.stdout.buffer.flush()
            else:
                out.print(view(message))
            shown += 1
            if shown == limit:
                return
