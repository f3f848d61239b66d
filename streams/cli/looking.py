"""``trace``, ``event`` and ``doctor``: what became of articles, in a folder or at a broker."""

import asyncio
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

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
    from streams.view import View

DEFAULT_FOLDER = Path("out")
STANDARD_OUTPUT = Path("-")
RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Folder of a run, as written by replay; default: out.",
        envvar="DELTAWIRE_OUT",
    ),
]

HtmlFile = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write one HTML file; - is standard output."),
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
    event_id: str,
    folder: RunFolder = None,
    broker: Broker = None,
    json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """One event: summary, timeline with what each article added, figures, disputes, sources.

    EVENT_ID is an event id or a unique beginning of one. With --html the same as one file that
    needs nothing else.
    """
    from schemas.topics import CHANGES, ENRICHED, STATE
    from streams.dossier.gather import dossier
    from streams.dossier.page import page
    from streams.dossier.text import text
    from streams.view import View

    with clear_errors():
        if html == STANDARD_OUTPUT and json:
            raise DeltawireError("--html - and --json both want standard output: name a file")
        where, archive = _archive(folder, broker, (CHANGES, STATE, ENRICHED))
        view = View.of(archive)
        state = view.events[_event_of(event_id, view, where, archive.ended(STATE))]
        record = dossier(view, state)
        if html is not None:
            _write(html, page(record))
    if json:
        changes = [dumped(change) for change in view.changes.get(state.event_id, ())]
        print_json({"state": dumped(state), "changes": changes, "record": record})
    elif html is None:
        out.print(text(record))
    elif html != STANDARD_OUTPUT:
        out.print(f"wrote {escape(str(html))}", highlight=False, soft_wrap=True)


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


def _event_of(wanted: str, view: "View", where: str, forgotten: Collection[str]) -> str:
    """The one event that is meant.

    Raises:
        DeltawireError: none, or several; says what to do.
    """
    if wanted in view.events:
        return wanted
    known = [event_id for event_id in view.events if event_id.startswith(wanted)]
    if len(known) == 1:
        return known[0]
    if known:
        some = ", ".join(map(repr, known[:5]))
        more = " ..." if len(known) > 5 else ""
        raise DeltawireError(
            f"{len(known)} events begin with {wanted!r} {where}: {some}{more}; name more of the id"
        )
    if wanted in forgotten:
        raise DeltawireError(f"event {wanted!r} {where} was forgotten, a year after it closed")
    article = view.articles.get(wanted)
    if article and article.event:
        raise DeltawireError(
            f"{wanted!r} is an item, of event {article.event.event_id}: "
            f"'deltawire event {article.event.event_id}'"
        )
    raise DeltawireError(
        f"no event {wanted!r} {where}; ids stand in events.state.v1, in the report of "
        "'deltawire replay', and in 'deltawire trace ITEM'"
    )


def _write(path: Path, content: bytes) -> None:
    """The whole file or nothing.

    Raises:
        DeltawireError: it cannot be written there.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        return
    from streams.worker.files import replace

    if path.is_dir() or not path.parent.is_dir():
        problem = "is a folder: name a file in it" if path.is_dir() else "its folder is missing"
        raise DeltawireError(f"cannot write {str(path)!r}: {problem}")
    try:
        replace(path, content)
    except OSError as error:
        raise DeltawireError(f"cannot write {str(path)!r}: {error.strerror}") from error


def _empty() -> "Archive":
    from streams.archive import Archive

    return Archive({})


def _like(item: str, view: Any) -> str:
    """A hint at ids that contain what was asked for."""
    near = sorted({f.item_id for f in view.fates if item.casefold() in f.item_id.casefold()})
    return f"; there is {', '.join(near[:5])}" if near else ""
