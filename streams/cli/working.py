"""``worker`` and ``health``: the stages on Kafka, and how they are."""

import os
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from streams.cli.common import (
    AsJson,
    Broker,
    Data,
    Group,
    app,
    clear_errors,
    err,
    out,
    print_json,
    settings_of,
)


@app.command()
def worker(
    workers: Annotated[int, typer.Option(min=1, help="Processes.", envvar="DELTAWIRE_WORKERS")] = 1,
    broker: Broker = None,
    group: Group = None,
    data: Data = None,
) -> None:
    """Run the pipeline on Kafka until SIGTERM or Ctrl-C; a worker that fails is started again.

    Exit codes: 0 stopped as asked, 1 a worker failed while stopping, 2 settings or topics are
    wrong, 3 somebody has to look, 4 no broker answered, 5 a worker had to be killed.
    """
    from streams.logs import setup
    from streams.worker.supervisor import supervise

    with clear_errors():
        # A service says what it does, unless it was told how loud to be.
        level = os.environ.get("DELTAWIRE_LOG_LEVEL") or "info"
        settings = settings_of(broker=broker, group=group, data=data, log_level=level)
        setup(settings.log_level)
        code = supervise(settings, workers)
    raise typer.Exit(code)


@app.command()
def health(
    live: Annotated[
        bool, typer.Option("--live", help="Ask only whether they are alive, not whether ready.")
    ] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Whether the workers of this container (or machine) are recovered and at work.

    Exit code 0 if all are, 1 with the reason if not.
    """
    from streams.worker.health import examine, verdict

    with clear_errors():
        settings = settings_of(data=data)
        slots = examine(settings)
    good, line = verdict(slots, live=live, data=settings.data)
    if json:
        print_json({"good": good, "line": line, "slots": [asdict(slot) for slot in slots]})
    else:
        (out if good else err).print(escape(line), highlight=False, soft_wrap=True)
    if not good:
        raise typer.Exit(1)
