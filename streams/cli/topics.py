"""``topics``: the topics at the broker by the project's table."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from streams.cli.common import (
    AsJson,
    Broker,
    Group,
    app,
    clear_errors,
    err,
    out,
    print_json,
    settings_of,
)

topics_app = typer.Typer(no_args_is_help=True, help="Topics at the broker, by the one table.")
app.add_typer(topics_app, name="topics")


@topics_app.command("create")
def create_topics(
    broker: Broker = None,
    group: Group = None,
    replication: Annotated[
        int, typer.Option(min=1, help="Replicas.", envvar="DELTAWIRE_REPLICATION")
    ] = 1,
    json: AsJson = False,
) -> None:
    """Create what is missing; a topic that exists is left as it is (``check`` compares it)."""
    from streams.kafka.topics import create, wait_for_broker

    settings = None
    with clear_errors():
        settings = settings_of(broker=broker, group=group)
        asyncio.run(wait_for_broker(settings))
        made = asyncio.run(create(settings, replication))
    if json:
        print_json(made)
        return
    for name, new in made.items():
        out.print(f"{'created' if new else 'exists '}  {name}", style=None if new else "dim")


@topics_app.command("list")
def list_topics(broker: Broker = None, group: Group = None, json: AsJson = False) -> None:
    """The topics that exist, with partitions, records and settings."""
    from streams.kafka.topics import describe

    with clear_errors():
        found = asyncio.run(describe(settings_of(broker=broker, group=group)))
    if json:
        print_json([asdict(topic) for topic in found])
        return
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("topic", "partitions", "replicas", "records", "cleanup", "kept", "largest"):
        table.add_column(column, justify="left" if column in ("topic", "cleanup") else "right")
    for topic in found:
        numbers = (topic.partitions, topic.replicas, topic.records)
        kept = _kept(topic.config["cleanup.policy"], int(topic.config["retention.ms"]))
        largest = f"{int(topic.config['max.message.bytes']) / (1 << 20):g} MiB"
        cells = (*map(str, numbers), topic.config["cleanup.policy"], kept, largest)
        table.add_row(topic.name, *cells)
    out.print(table)


@topics_app.command("check")
def check_topics(broker: Broker = None, group: Group = None, json: AsJson = False) -> None:
    """Compare the topics with the table; exit code 1 if one is wrong. Workers do the same."""
    from streams.kafka.topics import check

    with clear_errors():
        problems = asyncio.run(check(settings_of(broker=broker, group=group)))
    if json:
        print_json(problems)
    for problem in [] if json else problems:
        err.print(f"[yellow]wrong:[/] {problem}", highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    if not json:
        out.print("all topics are as they should be", style="green")


@topics_app.command("acls")
def list_acls(
    role: Annotated[str | None, typer.Argument(help="worker, producer, reader, operator.")] = None,
    group: Group = None,
    json: AsJson = False,
) -> None:
    """What each role must be allowed, as arguments of kafka-acls.sh; the user bears its name."""
    from streams.kafka.acls import ROLES, acls

    if role is not None and role not in ROLES:
        raise typer.BadParameter(f"{role!r} is no role; there are {', '.join(ROLES)}")
    with clear_errors():
        name = settings_of(group=group).group
    chosen = [each for each in ROLES if role in (None, each)]
    if json:
        print_json({each: [asdict(acl) for acl in acls(each, name)] for each in chosen})
        return
    for each in chosen:
        for acl in acls(each, name):
            out.print(acl.command(each), soft_wrap=True, highlight=False)


def _kept(cleanup: str, milliseconds: int) -> str:
    if cleanup == "compact":
        return "last of a key"
    return "for ever" if milliseconds < 0 else f"{milliseconds / 86_400_000:g} days"
