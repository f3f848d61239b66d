"""The topics at the broker: made, shown and compared by the one table (schemas/topics.py)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    TopicAlreadyExistsError,
    for_code,
)

from schemas.topics import MIB, TOPICS, Topic, dead_topic
from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError
from streams.kafka.connection import LoginError, client_options, connected
from streams.topology import TOPOLOGY

__all__ = ["BrokerAwayError", "check", "create", "describe", "table", "wait_for_broker"]

ROW_BYTES = 16 * MIB
RETRY_SECONDS = 1.0
TIMEOUT_MS = 10_000
SEEN_TRIES = 50


class TopicError(DeltawireError):
    """The broker refused what was asked about a topic."""


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it is at the broker.

    Args:
        records: between the oldest and the end; compaction and transactions make it too high.
    """

    name: str
    partitions: int
    replicas: int
    records: int
    config: dict[str, str]


def table(group: str) -> tuple[Topic, ...]:
    """Every topic: records, where stages bury, and the rows of stages."""
    dead = tuple(dead_topic(stage.source) for stage in TOPOLOGY)
    rows = tuple(
        Topic(
            f"{group}-{stage.name}-changelog",
            (),
            "key of the row",
            stage.source.partitions,
            cleanup="compact",
            max_bytes=ROW_BYTES,
        )
        for stage in TOPOLOGY
        if stage.table
    )
    return (*TOPICS, *dead, *rows)


async def create(settings: Settings, replication: int = 1) -> dict[str, bool]:
    """Create what is missing; what exists stays as it is.

    Returns: for each topic of the table whether it is new.
    Raises:
        TopicError: the broker refuses one of them.
        DeltawireError: as ``connected``.
    """
    wanted = [
        NewTopic(t.name, t.partitions, replication, topic_configs=t.config)
        for t in table(settings.group)
    ]
    async with _admin(settings) as admin:
        response = await admin.create_topics(wanted)
        for name, code, *message in response.topic_errors:
            if code not in (0, TopicAlreadyExistsError.errno):
                raise TopicError(f"{name}: {_why(code, *message)}")
        await _until_seen(admin, [topic.name for topic in wanted])
    return {name: code == 0 for name, code, *_ in response.topic_errors}


async def describe(settings: Settings) -> list[Found]:
    """The topics of the table that exist, in its order."""
    names = [topic.name for topic in table(settings.group)]
    async with _admin(settings) as admin:
        rows = await _rows(admin, names)
        configs = await _configs(admin, list(rows))
    counts = await _counts(settings, {name: len(row["partitions"]) for name, row in rows.items()})
    return [
        Found(
            name,
            len(rows[name]["partitions"]),
            min(len(partition["replicas"]) for partition in rows[name]["partitions"]),
            counts[name],
            configs[name],
        )
        for name in names
        if name in rows
    ]


async def check(settings: Settings) -> list[str]:
    """What would keep a worker from its work, in plain words; empty if all is well."""
    topics = table(settings.group)
    async with _admin(settings) as admin:
        rows = await _rows(admin, [topic.name for topic in topics])
        configs = await _configs(admin, list(rows))
        problems = await _group_problems(admin, settings.group)
    for topic in topics:
        if topic.name not in rows:
            problems.append(f"{topic.name} is missing, or this client may not see it")
        else:
            partitions = len(rows[topic.name]["partitions"])
            problems += _differences(topic, partitions, configs[topic.name])
    return problems


async def wait_for_broker(settings: Settings) -> None:
    """Return when a broker answers; asks once a second for ``wait_seconds``.

    Raises:
        BrokerAwayError: none did.
        LoginError: it does not let us in; at once.
    """
    deadline = monotonic() + settings.wait_seconds
    while True:
        try:
            async with _admin(settings):
                return
        except LoginError:
            raise
        except BrokerAwayError:
            if monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_SECONDS)


@asynccontextmanager
async def _admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=TIMEOUT_MS)
    async with connected(settings, client) as admin:
        yield admin


def _differences(topic: Topic, partitions: int, config: dict[str, str]) -> list[str]:
    problems = []
    if partitions != topic.partitions:
        problems.append(f"{topic.name} has {partitions} partitions, not {topic.partitions}")
    for name, wanted in topic.config.items():
        actual = config.get(name, "")
        if name == "max.message.bytes" and actual.isdecimal() and int(actual) >= int(wanted):
            continue
        if actual != wanted:
            problems.append(f"{topic.name} has {name}={actual}, not {wanted}")
    return problems


async def _until_seen(admin: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    """A broker hears of a new topic a moment after the controller has made it.

    Who comes next, a worker that checks the topics, shall find them. Gives up in silence: a client
    that may create topics need not be allowed to see them.
    """
    for _ in range(SEEN_TRIES):
        if len(await _rows(admin, names)) == len(names):
            return
        await asyncio.sleep(0.1)


async def _group_problems(admin: AIOKafkaAdminClient, group: str) -> list[str]:
    """A worker that may not join its group would wait for its partitions without a word."""
    try:
        await admin.find_coordinator(group)
    except GroupAuthorizationFailedError:
        return [f"group {group} may not be read by this client"]
    except CoordinatorNotAvailableError:  # a broker has none until its first group
        return []
    return []


async def _rows(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, Any]:
    """What the broker says about those that exist, by name."""
    # Not asked for by name: a broker with auto.create.topics.enable would make what is missing,
    # with settings of its own.
    rows = {row["topic"]: row for row in await admin.describe_topics()}
    return {name: rows[name] for name in names if name in rows}


async def _configs(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found = {}
    for response in await admin.describe_configs(resources) if names else []:
        for code, message, _, name, entries in response.resources:
            if code:
                raise TopicError(f"{name}: {_why(code, message)}")
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


async def _counts(settings: Settings, partitions: dict[str, int]) -> dict[str, int]:
    consumer = AIOKafkaConsumer(**client_options(settings), request_timeout_ms=TIMEOUT_MS)
    async with connected(settings, consumer):
        await consumer._client.set_topics(partitions.keys())  # as in streams.kafka.read
        tps = [TopicPartition(name, n) for name, count in partitions.items() for n in range(count)]
        first, end = await consumer.beginning_offsets(tps), await consumer.end_offsets(tps)
    counts = dict.fromkeys(partitions, 0)
    for tp in tps:
        counts[tp.topic] += end[tp] - first[tp]
    return counts


def _why(code: int, message: str | None = None) -> str:
    return message or for_code(code).__name__
