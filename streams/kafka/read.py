"""Reading topics without a group: nothing is committed, no worker is disturbed."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from time import monotonic
from typing import Literal

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.partitioner import murmur2

from schemas.topics import MIB, TOPICS, Topic
from streams.archive import Archive, archive_of
from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError
from streams.kafka.connection import client_options, connected, patience, refuse_hidden
from streams.step import EPOCH, Delivered
from streams.topology import TOPOLOGY
from streams.transports.names import mend

POLL_MS = 300
DEAD = {stage.source.dead for stage in TOPOLOGY}
OURS = {topic.name for topic in TOPICS} | DEAD
MILLISECOND = timedelta(milliseconds=1)

Start = Literal["start", "end"] | datetime


class UnknownTopicError(DeltawireError):
    """The broker has no such topic, or does not show it to us."""


@dataclass(frozen=True, slots=True)
class Part:
    """What to read: all partitions of a topic, or the one where a key belongs."""

    topic: str
    key: bytes | None = None


async def records(
    settings: Settings,
    parts: Sequence[Part],
    *,
    start: Start = "start",
    to_end: bool = False,
) -> AsyncGenerator[ConsumerRecord[bytes, bytes], None]:
    """Records as aiokafka gives them, in the order of each partition.

    Args:
        start: the oldest record, only what comes from now on, or the first at or after a time.
        to_end: stop at the ends as they were at the beginning.

    Raises:
        UnknownTopicError: there is none of that name.
        DeltawireError: as ``connected``; of a broker that goes away later only ``to_end``,
            who follows a topic waits for it.
    """
    mend()
    consumer = AIOKafkaConsumer(
        **client_options(settings),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * MIB,
    )
    async with connected(settings, consumer):
        tps = await _partitions(consumer, parts)
        ends = await consumer.end_offsets(tps)
        first = await _first(consumer, ends, start)
        consumer.assign(tps)
        for tp, offset in first.items():
            # Before the next await: a reset that aiokafka has asked for would come over ours.
            consumer.seek(tp, offset)
        heard = monotonic()
        while not (to_end and await _all_read(consumer, ends)):
            fetched = await consumer.getmany(timeout_ms=POLL_MS)
            for tp, rows in fetched.items():
                for row in rows:
                    if not to_end or row.offset < ends[tp]:
                        yield row
            if fetched:
                heard = monotonic()
            elif to_end and monotonic() - heard > patience(settings):
                raise BrokerAwayError(f"broker {settings.broker} went away in the middle")


async def follow(
    settings: Settings,
    parts: Sequence[Part],
    *,
    start: Start = "start",
    to_end: bool = False,
) -> AsyncGenerator[Delivered, None]:
    """``records`` as the stages see them."""
    async with aclosing(records(settings, parts, start=start, to_end=to_end)) as rows:
        async for row in rows:
            yield delivered(row)


async def read_topics(settings: Settings, names: Iterable[str]) -> dict[str, list[Delivered]]:
    """Every record of the topics up to their present ends.

    By time of appending; in a partition always by offset, whatever its brokers' clocks said.
    """
    return await read_parts(settings, [Part(name) for name in names])


async def read_parts(settings: Settings, parts: Sequence[Part]) -> dict[str, list[Delivered]]:
    """As ``read_topics``, for some partitions."""
    logs: dict[str, defaultdict[int, list[Delivered]]] = {p.topic: defaultdict(list) for p in parts}
    async for message in follow(settings, parts, to_end=True):
        logs[message.topic][message.partition].append(message)
    return {
        name: list(merge(*(log[n] for n in sorted(log)), key=lambda message: message.at))
        for name, log in logs.items()
    }


async def read_archive(
    settings: Settings, topics: Sequence[Topic], key: str | None = None
) -> Archive:
    """Topics of records with their letters, as a replay would have written them.

    Args:
        key: only the partitions that hold its records.
    """
    if key is not None:
        parts = [Part(topic.name, key.encode()) for topic in topics]
        return archive_of(await read_parts(settings, parts))
    names = [topic.name for topic in topics]
    dead = [topic.dead for topic in topics if topic.dead in DEAD]
    logs = await read_topics(settings, [*names, *dead])
    return archive_of(logs, await _cut(settings, names))


async def _cut(settings: Settings, names: Sequence[str]) -> frozenset[str]:
    """Those topics whose oldest records are gone: retention."""
    consumer = AIOKafkaConsumer(**client_options(settings))
    async with connected(settings, consumer):
        tps = await _partitions(consumer, [Part(name) for name in names])
        first = await consumer.beginning_offsets(tps)
    return frozenset(tp.topic for tp, offset in first.items() if offset > 0)


def partition_of(key: bytes, partitions: int) -> int:
    """As Kafka's default partitioner."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)


async def _partitions(consumer: AIOKafkaConsumer, parts: Sequence[Part]) -> list[TopicPartition]:
    cluster = await consumer._client.fetch_all_metadata()  # topics() makes nothing public of them
    found = []
    for part in parts:
        known = cluster.partitions_for_topic(part.topic)
        if not known:
            if part.topic in OURS:
                await refuse_hidden(consumer._client, [part.topic])
            raise UnknownTopicError(_unknown(part.topic, cluster.topics()))
        chosen = sorted(known) if part.key is None else [partition_of(part.key, len(known))]
        found += [TopicPartition(part.topic, n) for n in chosen]
    # Else aiokafka would learn of each topic by itself, and wait a tenth of a second each time.
    await consumer._client.set_topics({tp.topic for tp in found})
    return found


def _unknown(topic: str, known: Iterable[str]) -> str:
    if topic in OURS:
        return f"{topic} is missing at the broker: 'deltawire topics create' makes it"
    there = ", ".join(sorted(name for name in known if not name.startswith("__")))
    return f"no topic {topic!r} at the broker; there are: {there or 'none'}"


async def _first(
    consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int], start: Start
) -> dict[TopicPartition, int]:
    """The offset to begin with, for each partition."""
    if start == "start":
        found: dict[TopicPartition, int] = await consumer.beginning_offsets(list(ends))
        return found
    if start == "end":
        return ends
    stamp = max(0, (start - EPOCH) // MILLISECOND)
    places = await consumer.offsets_for_times(dict.fromkeys(ends, stamp))
    late = {tp: place.offset for tp, place in places.items() if place is not None}
    return ends | late  # the end where nothing is as late as that


async def _all_read(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    # By position: the last offset may be a transaction's marker, or compacted away.
    return all([await consumer.position(tp) >= end for tp, end in ends.items()])


def delivered(row: ConsumerRecord[bytes, bytes]) -> Delivered:
    """One record as a stage sees it: of headers with one name the last, none without a value."""
    at = EPOCH + row.timestamp * MILLISECOND
    headers = {name: value for name, value in row.headers if value is not None}
    return Delivered(row.topic, row.partition, row.offset, row.key, row.value, headers, at)
