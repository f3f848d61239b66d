"""``trace``, ``event`` and ``doctor``: what became of articles, in a folder or at a broker."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.common import (
    AsJson,
    Broker,
    app,
    clear_errors,
    dumped,
    out,
    print_json,
    settings_of,
)
from streams.errors import DeltawireError

if TYPE_CHECKING:
    from schemas.topics import Topic
    from streams.archive import Archive

DEFAULT_FOLDER = Path("out")
RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Folder of a run, as written by replay; default: out.",
        envvar="DELTAWIRE_OUT",
    ),
]


@app.command()
def trace(item: str, folder: RunFolder = None, broker: Broker = None, json: AsJson = False) -> None:
    """The way of one item: every decision about it, its fate and the reason.

    ITEM is an item id, or the origin (file or file#line) of a message that has none. Looks into
    the folder of a run, or with --broker into the topics (only the partition of the item, first).
    """
    from schemas.topics import ENRICHED, FATES
    from streams.report import trace_report
    from streams.view import View

    with clear_errors():
        where, view = "", View.of(_empty())
        for key in (item, None):  # an origin is no key, and ids that are near lie anywhere
            where, archive = _archive(folder, broker, (FATES, ENRICHED), key)
            view = View.of(archive)
            fates = [f for f in view.fates if item in (f.item_id, f.origin)]
            # Of one origin more can lie in other partitions.
            if any(key in (None, fate.item_id) for fate in fates):
                break
        else:
            raise DeltawireError(f"no item {item!r} {where}{_like(item, view)}")
    article = view.articles.get(fates[0].item_id)
    if json:
        print_json({"fates": list(map(dumped, fates)), "current": dumped(article)})
    else:
        out.print(trace_report(fates[0].item_id, fates, article))


@app.command()
def event(
    event_id: str, folder: RunFolder = None, broker: Broker = None, json: AsJson = False
) -> None:
    """One event: its articles in order and what each of them added."""
    from schemas.topics import CHANGES, ENRICHED, STATE
    from streams.report import event_report
    from streams.view import View

    with clear_errors():
        where, archive = _archive(folder, broker, (CHANGES, STATE, ENRICHED))
        view = View.of(archive)
        known = [e for e in view.events if e == event_id or e.startswith(event_id)]
        if len(known) != 1:
            problem = "no event" if not known else f"{len(known)} events begin with"
            raise DeltawireError(f"{problem} {event_id!r} {where}")
    state = view.events[known[0]]
    if json:
        changes = [dumped(change) for change in view.changes.get(state.event_id, ())]
        print_json({"state": dumped(state), "changes": changes})
    else:
        out.print(event_report(view, state))


@app.command()
def doctor(folder: RunFolder = None, broker: Broker = None, json: AsJson = False) -> None:
    """Check that a run kept its promises, and list what a person should look at."""
    from dataclasses import asdict

    from schemas.topics import TOPICS
    from streams.doctor import examine
    from streams.report import findings_report

    with clear_errors():
        _, archive = _archive(folder, broker, TOPICS)
        findings = examine(archive)
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        out.print(findings_report(findings))
    if any(finding.level == "fault" for finding in findings):
        raise typer.Exit(1)


def _archive(
    folder: Path | None, broker: str | None, topics: Sequence["Topic"], key: str | None = None
) -> tuple[str, "Archive"]:
    """Where was looked, and what lies there. A folder that was named goes before a variable.

    Args:
        key: read only the partitions of this key, where that can be told.
    """
    from streams.archive import Archive

    if broker is None and (folder is not None or "DELTAWIRE_BROKER" not in os.environ):
        chosen = folder or DEFAULT_FOLDER
        return f"in {chosen}", Archive.read(chosen)
    from streams.kafka.read import read_archive

    settings = settings_of(broker=broker)
    return f"at {settings.broker}", asyncio.run(read_archive(settings, topics, key))


def _empty() -> "Archive":
    from streams.archive import Archive

    return Archive({})


def _like(item: str, view: Any) -> str:
    """A hint at ids that contain what was asked for."""
    near = sorted({f.item_id for f in view.fates if item.casefold() in f.item_id.casefold()})
    return f"; there is {', '.join(near[:5])}" if near else ""
