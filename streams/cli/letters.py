"""``dead``: what was buried, and what to do about it."""

import asyncio
import getpass
import sys
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
import typer
from rich.markup import escape
from rich.table import Table

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

dead_app = typer.Typer(no_args_is_help=True, help="Dead letters: look, send again, give up.")
app.add_typer(dead_app, name="dead")

Names = Annotated[
    list[str] | None, typer.Argument(help="TOPIC/PARTITION/OFFSET, as 'dead list' prints it.")
]
Every = Annotated[bool, typer.Option("--all", help="Every open letter that the filters leave.")]
Topic = Annotated[list[str] | None, typer.Option("--topic", help="Only of this topic.")]
Reason = Annotated[str | None, typer.Option(help="Only those buried for this reason.")]
By = Annotated[str | None, typer.Option(help="Who decides; default: the name you logged in with.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Again = Annotated[bool, typer.Option("--again", help="Also one that was dealt with before.")]


@dead_app.command("list")
def list_letters(
    topic: Annotated[list[str] | None, typer.Argument(help="Default: every topic.")] = None,
    settled: Annotated[
        bool, typer.Option("--all", help="Also those that were dealt with.")
    ] = False,
    reason: Reason = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """The open letters, oldest first."""
    with clear_errors():
        found = _filtered(_letters(broker, topic), reason, settled)
    if json:
        print_json([_facts(letter) for letter in found])
        return
    from streams.tail_report import readable

    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("letter", no_wrap=True)  # to be copied
    for column in ("buried", "stage", "reason", "what", "origin", "state"):
        table.add_column(column, overflow="fold")
    for letter in found:
        facts = _facts(letter)
        cells = (facts[name] for name in ("stage", "reason", "message", "origin", "state"))
        at = f"{letter.message.at:%Y-%m-%d %H:%M}"
        table.add_row(facts["letter"], at, *(escape(readable(cell.encode())) for cell in cells))
    out.print(table if found else "no letter")


@dead_app.command("show")
def show_letter(
    letter: Annotated[str, typer.Argument(help="TOPIC/PARTITION/OFFSET.")],
    raw: Annotated[bool, typer.Option("--raw", help="Write the original bytes, nothing else.")] = (
        False
    ),
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """One letter: its headers, why it was buried, what was done, its bytes."""
    from streams.archive import envelope
    from streams.kafka.letters import choose

    with clear_errors():
        (found,) = choose(_letters(broker, names=[letter]), [letter], again=True)
    if raw:
        sys.stdout.buffer.write(found.message.value or b"")
    elif json:
        audits = [dumped(audit) for audit in found.audits]
        print_json(orjson.loads(envelope(found.message)) | {"audits": audits})
    else:
        _show(found)


def _show(letter: Any) -> None:
    from streams.tail_report import readable

    for name, value in letter.headers:
        label = name.removeprefix("__connect.errors.")
        out.print(f"[dim]{escape(label)}:[/] {escape(readable(value))}", soft_wrap=True)
    for audit in letter.audits:
        line = f"by {audit.by}, {audit.at:%Y-%m-%d %H:%M}: {audit.reason or 'no reason given'}"
        out.print(f"[yellow]{audit.action}[/] {escape(line)}", soft_wrap=True)
    out.print()
    out.print(escape(readable(letter.message.value)), soft_wrap=True, highlight=False)


@dead_app.command("redrive")
def redrive_letters(
    letter: Names = None,
    every: Every = False,
    topic: Topic = None,
    reason: Reason = None,
    again: Again = False,
    by: By = None,
    why: Annotated[str | None, typer.Option(help="For the record.")] = None,
    yes: Yes = False,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Send letters again: original bytes, key and headers, to the topic they were read from."""
    _settle("redriven", letter, every, topic, reason, again, by, why, yes, broker, json)


@dead_app.command("discard")
def discard_letters(
    why: Annotated[str, typer.Option(help="Required: it stands in the audit record.")],
    letter: Names = None,
    every: Every = False,
    topic: Topic = None,
    reason: Reason = None,
    by: By = None,
    yes: Yes = False,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Give letters up. They stay on their topic, and are listed no more."""
    if not why.strip():
        raise typer.BadParameter("say why", param_hint="--why")
    _settle("discarded", letter, every, topic, reason, False, by, why, yes, broker, json)


def _settle(
    action: Literal["redriven", "discarded"],
    names: list[str] | None,
    every: bool,
    topic: list[str] | None,
    reason: str | None,
    again: bool,
    by: str | None,
    why: str | None,
    yes: bool,
    broker: str | None,
    json: bool,
) -> None:
    from streams.kafka.letters import choose, settle

    if bool(names) == every:
        raise typer.BadParameter("name letters, or all of them with --all")
    if names and (topic or reason):
        raise typer.BadParameter("--topic and --reason choose among all: they need --all")
    if every and again:
        raise typer.BadParameter("--again is for letters that are named")
    with clear_errors():
        found = _letters(broker, topic, names or ())
        chosen = choose(found, names, again=again) if names else _filtered(found, reason, False)
        if every and chosen and not yes and sys.stdin.isatty():
            typer.confirm(f"letters to be {action}: {len(chosen)}. Go on?", abort=True)
        settings = settings_of(broker=broker)
        audits = asyncio.run(settle(settings, chosen, action, by=by or _me(), reason=why))
    if json:
        print_json([dumped(audit) for audit in audits])
        return
    for audit in audits:
        where = f" to {audit.redriven_to}" if audit.redriven_to else ""
        out.print(f"{audit.action}  {audit.letter}{where}", highlight=False)
    out.print(f"letters {action}: {len(audits)}", style="dim", highlight=False)


def _letters(broker: str | None, topics: list[str] | None = None, names: Sequence[str] = ()) -> Any:
    from streams.kafka.letters import letters, topics_of

    return asyncio.run(letters(settings_of(broker=broker), topics or topics_of(names)))


def _filtered(found: Any, reason: str | None, settled: bool) -> list[Any]:
    known = sorted({letter.why("reason") for letter in found})
    if reason and found and reason not in known:
        raise DeltawireError(f"no letter with reason {reason!r}; there are: {', '.join(known)}")
    return [x for x in found if (settled or x.open) and reason in (None, x.why("reason"))]


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        raise DeltawireError("nobody is logged in by name: say who decides with --by") from None


def _facts(letter: Any) -> dict[str, Any]:
    last = letter.audits[-1] if letter.audits else None
    return {
        "letter": str(letter.place),
        "at": letter.message.at,
        "stage": letter.why("stage"),
        "reason": letter.why("reason"),
        "message": letter.why("exception.message"),
        "origin": letter.message.headers.get("origin", b"").decode(errors="replace"),
        "bytes": len(letter.message.value or b""),
        "state": f"{last.action} by {last.by}" if last else "open",
    }
