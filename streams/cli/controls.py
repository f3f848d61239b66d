"""``control``: an operator's orders about items and events."""

import asyncio
import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

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

control_app = typer.Typer(
    no_args_is_help=True,
    help="Orders: withdraw, hold or release an item; settle a kill that waits; join or part events."
    " With --out DIR they are only tried on that run, and what they would do is shown.",
)
app.add_typer(control_app, name="control")

Item = Annotated[str, typer.Argument(help="The item's id.")]
Event = Annotated[str, typer.Argument(help="The event's id.")]
Reason = Annotated[str, typer.Option(help="Why. It stands in the order and in the item's fate.")]
By = Annotated[str | None, typer.Option(help="Who decides; default: the name you logged in with.")]
Space = Annotated[str, typer.Option(help="Story space of the event.", envvar="DELTAWIRE_SPACE")]
# No variable: an order that was meant must not become a trial by one.
Trial = Annotated[
    Path | None, typer.Option("--out", help="Only show what it would do to the run in this folder.")
]


@control_app.command()
def kill(
    item: Item,
    reason: Reason,
    by: By = None,
    trial: Trial = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Withdraw an item for good, whatever version comes later; also before it arrives."""
    _give({"action": "kill", "target": item, "reason": reason}, by, trial, broker, json)


@control_app.command()
def hold(
    item: Item,
    reason: Reason,
    by: By = None,
    trial: Trial = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Take an item out until it is released; also before it arrives."""
    _give({"action": "hold", "target": item, "reason": reason}, by, trial, broker, json)


@control_app.command()
def release(
    item: Item,
    reason: Reason,
    by: By = None,
    trial: Trial = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Undo an operator's hold. What its publisher holds stays held."""
    _give({"action": "release", "target": item, "reason": reason}, by, trial, broker, json)


@control_app.command()
def confirm(
    order: Annotated[str, typer.Argument(help="The order, as 'deltawire doctor' names it.")],
    item: Annotated[str, typer.Option(help="The item that it means.")],
    reason: Reason,
    by: By = None,
    trial: Trial = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Say which item is meant by a kill that names its target by number, slug or headline."""
    fields = {"action": "kill", "target": item, "confirms": order, "reason": reason}
    _give(fields, by, trial, broker, json)


@control_app.command()
def merge(
    event: Event,
    into: Annotated[str, typer.Option(help="The event that stays.")],
    reason: Reason,
    space: Space = "world",
    by: By = None,
    trial: Trial = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Move all articles of one event to another."""
    fields = {"action": "merge", "target": event, "into": into, "space": space, "reason": reason}
    _give(fields, by, trial, broker, json)


@control_app.command()
def split(
    event: Event,
    item: Annotated[list[str], typer.Option(help="A member that leaves; may stand often.")],
    reason: Reason,
    space: Space = "world",
    by: By = None,
    trial: Trial = None,
    broker: Broker = None,
    json: AsJson = False,
) -> None:
    """Let some articles leave an event for one of their own."""
    fields = {"action": "split", "target": event, "item_ids": item, "space": space}
    _give({**fields, "reason": reason}, by, trial, broker, json)


def _give(
    fields: dict[str, Any], by: str | None, trial: Path | None, broker: str | None, json: bool
) -> None:
    from schemas.control import Control

    if not str(fields["reason"]).strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    if trial is not None and broker is not None:
        raise typer.BadParameter("--out tries it on a folder; without it it is sent to --broker")
    with clear_errors():
        order = Control.model_validate({**fields, "by": by or _me()})
        if trial is not None:
            _try(order, trial, json)
        else:
            _send(order.model_copy(update={"given_at": datetime.now(UTC)}), broker, json)


def _send(order: Any, broker: str | None, json: bool) -> None:
    from streams.controls import send

    (place,) = asyncio.run(send(settings_of(broker=broker), [order]))
    where = f"{place.topic}/{place.partition}/{place.offset}"
    if json:
        print_json({"order": dumped(order), "place": where})
        return
    line = f"{order.action} of {order.target} stands at {where}"
    item = order.item_ids[0] if order.item_ids else order.confirms or order.target
    look = f"event {order.target}" if order.action in ("merge", "split") else f"trace {item}"
    out.print(escape(f"{line}; 'deltawire {look}' shows what becomes of it"), highlight=False)


def _try(order: Any, folder: Path, json: bool) -> None:
    from schemas.topics import CHANGES, ENRICHED, FATES, RAW
    from streams.archive import Archive
    from streams.controls import foreseen
    from streams.tail_report import json_line, view

    archive = Archive.read(folder)
    if not archive.lines.get(RAW.name):
        raise DeltawireError(f"{folder} holds no {RAW.name}.jsonl: there is nothing to try it on")
    found = asyncio.run(foreseen(archive, [order]))
    if json:
        import orjson

        lines = [{"topic": m.topic, "record": orjson.loads(json_line(m))} for m in found]
        print_json({"order": dumped(order), "would_write": lines})
        return
    shown = [m for m in found if m.topic in (FATES.name, ENRICHED.name, CHANGES.name)]
    shown += [m for m in found if m.topic.endswith(".dead")]
    for message in shown:
        out.print(view(message))
    what = f"records that this {order.action} would write: {len(found)}"
    out.print(f"{what}; nothing was sent, {folder} is unchanged", style="dim", highlight=False)
    if not shown:
        out.print("no article or event would change: its target is not in this run", style="yellow")


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        raise DeltawireError("nobody is logged in by name: say who decides with --by") from None
