"""Reading topics without a group: nothing is committed, no worker is disturbed."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.partitioner import murmur2

from schemas.topics import MIB, Topic
from streams.archive import Archive, archive_of
from streams.config import Settings
from streams.errors import DeltawireError
from streams.kafka.connection import client_options, connected
from streams.step import EPOCH, Delivered
from streams.topology import TOPOLOGY

POLL_MS = 300
DEAD = {stage.source.dead for stage in TOPOLOGY}
MILLISECOND = timedelta(milliseconds=1)

Start = Literal["start", "end"] | datetime


class UnknownTopicError(DeltawireError):
    """The broker has no such topic, or does not show it to us."""


@dataclass(frozen=True, slots=True)
class Part:
    """What to read: all partitions of a topic, or some."""

    topic: str
    partitions: tuple[int, ...] | None = None


async def follow(
    settings: Settings,
    parts: Sequence[Part],
    *,
    start: Start = "start",
    to_end: bool = False,
) -> AsyncIterator[Delivered]:
    """Records as they come, in the order of each partition.

    Args:
        start: the oldest record, only what comes from now on, or the first at or after a time.
        to_end: stop at the ends as they were at the beginning.

    Raises:
        UnknownTopicError: there is none of that name.
        DeltawireError: as ``connected``.
    """
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * MIB,
    )
    async with connected(settings, consumer):
        tps = await _partitions(consumer, parts)
        consumer.assign(tps)
        ends = await consumer.end_offsets(tps)
        await _seek(consumer, tps, start)
        while not (to_end and await _all_read(consumer, ends)):
            fetched = await consumer.getmany(timeout_ms=POLL_MS)
            for tp, rows in fetched.items():
                for row in rows:
                    if not to_end or row.offset < ends[tp]:
                        yield _delivered(row)


async def read_topics(settings: Settings, names: Iterable[str]) -> dict[str, list[Delivered]]:
    """Every record of the topics up to their present ends, by time of appending."""
    return await read_parts(settings, [Part(name) for name in names])


async def read_parts(settings: Settings, parts: Sequence[Part]) -> dict[str, list[Delivered]]:
    """As ``read_topics``, for some partitions."""
    found: dict[str, list[Delivered]] = {part.topic: [] for part in parts}
    async for message in follow(settings, parts, to_end=True):
        found[message.topic].append(message)
    return {
        name: sorted(log, key=lambda m: (m.at, m.partition, m.offset))
        for name, log in found.items()
    }


async def read_archive(
    settings: Settings, topics: Iterable[Topic], key: str | None = None
) -> Archive:
    """Topics of records with their letters, as a replay would have written them.

    Args:
        key: only the partitions that hold its records.
    """
    if key is not None:
        parts = [Part(t.name, (partition_of(key.encode(), t.partitions),)) for t in topics]
        return archive_of(await read_parts(settings, parts))
    dead = [topic.dead for topic in topics if topic.dead in DEAD]
    return archive_of(await read_topics(settings, [*(topic.name for topic in topics), *dead]))


def partition_of(key: bytes, partitions: int) -> int:
    """As Kafka's default partitioner."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


async def _partitions(consumer: AIOKafkaConsumer, parts: Sequence[Part]) -> list[TopicPartition]:
    cluster = await consumer._client.fetch_all_metadata()  # topics() makes nothing public of them
    found = []
    for part in parts:
        known = cluster.partitions_for_topic(part.topic)
        if not known:
            there = ", ".join(sorted(t for t in cluster.topics() if not t.startswith("__")))
            raise UnknownTopicError(f"no topic {part.topic!r} at the broker; there are: {there}")
        chosen = sorted(known) if part.partitions is None else part.partitions
        found += [TopicPartition(part.topic, n) for n in chosen]
    return found


async def _seek(consumer: AIOKafkaConsumer, tps: Sequence[TopicPartition], start: Start) -> None:
    if start == "start":
        await consumer.seek_to_beginning(*tps)
    elif start == "end":
        await consumer.seek_to_end(*tps)
    else:
        stamp = (start - EPOCH) // MILLISECOND
        found = await consumer.offsets_for_times(dict.fromkeys(tps, stamp))
        await consumer.seek_to_end(*tps)  # where nothing is as late as that
        for tp, place in found.items():
            if place is not None:
                consumer.seek(tp, place.offset)


async def _all_read(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    # By position: the last offset may be a transaction's marker, or compacted away.
    return all([await consumer.position(tp) >= end for tp, end in ends.items()])


def _delivered(row: Any) -> Delivered:
    at = EPOCH + row.timestamp * MILLISECOND
    headers = dict(row.headers)
    return Delivered(row.topic, row.partition, row.offset, row.key, row.value, headers, at)
