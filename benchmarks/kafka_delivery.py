"""What carrying costs on a real broker: our driver and agent body beside Faust as it comes.

KAFKA_BOOTSTRAP=localhost:9092 python -m benchmarks.kafka_delivery [--messages 20000]

The same two stages that decide nothing (one without rows, one that writes a row a message), each
side in a process of its own, one after the other in one run. Topics begin with ``bench-``.
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import faust
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from rich.console import Console
from rich.table import Table

from benchmarks.delivery import BODY, STAGES
from schemas.topics import CONTROLS, FATES, RAW, topic_of
from streams.app import build_app
from streams.logs import hush_libraries
from streams.step import Delivered
from streams.topology import Stage

PARTITIONS = 8
STEADY: dict[str, Any] = {
    "broker_session_timeout": 10.0,
    "broker_heartbeat_interval": 3.0,
    "broker_commit_interval": 0.5,
    "consumer_auto_offset_reset": "earliest",
    "producer_linger": 0.0,
    "stream_buffer_maxsize": 256,
}


@dataclass(frozen=True)
class Cost:
    """Of one side: seconds of CPU and of wall time for all messages."""

    cpu: float
    wall: float


def ours(broker: str, messages: int) -> Cost:
    """The hardened driver under our agent body."""

    def build(datadir: str) -> Any:
        return build_app([f"kafka://{broker}"], STAGES, app_id="bench", datadir=datadir, **STEADY)

    return asyncio.run(_run(broker, build, messages, CONTROLS.name))


def plain(broker: str, messages: int) -> Cost:
    """Faust's own driver, agents and table with its default settings."""

    def build(datadir: str) -> Any:
        app = faust.App(
            "bench",
            broker=f"aiokafka://{broker}",
            datadir=datadir,
            store="memory://",
            key_serializer="raw",
            value_serializer="raw",
            topic_disable_leader=True,
            topic_allow_declare=False,
            web_enabled=False,
            consumer_auto_offset_reset="earliest",
        )
        topics = {
            topic.name: app.topic(
                topic.name, partitions=PARTITIONS, key_type=bytes, value_type=bytes
            )
            for topic in (RAW, FATES, CONTROLS)
        }
        rows = app.Table("keep", partitions=PARTITIONS, key_type=bytes, value_type=bytes)

        for stage in STAGES:
            _agent(app, stage, topics, rows if stage.table else None)
        return app

    return asyncio.run(_run(broker, build, messages, CONTROLS.name))


def _agent(app: Any, stage: Stage, topics: dict[str, Any], rows: Any) -> None:
    """The same step as ours in the agent that Faust's guide would write."""
    step = stage.step()

    async def work(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            at = datetime.fromtimestamp(message.timestamp, UTC)
            given = Delivered(
                message.topic, message.partition, message.offset, event.key, event.value, {}, at
            )
            row = rows.get(event.key) if rows is not None else None
            state = {} if row is None else {event.key.decode(): orjson.loads(row)}
            outcome = step(state, given)
            for record in outcome.outputs:
                await topics[topic_of(record).name].send(key=record.key, value=record.to_bytes())
            for key, value in outcome.puts:
                rows[key.encode()] = orjson.dumps(value)

    app.agent(topics[stage.source.name], name=stage.name)(work)


async def _run(broker: str, build: Callable[[str], Any], messages: int, sink: str) -> Cost:
    hush_libraries()
    with tempfile.TemporaryDirectory() as datadir:
        app = build(datadir)
        await app.start()
        begun, cpu = time.perf_counter(), time.process_time()
        await _until(lambda: records(broker, sink), messages)
        cost = Cost(time.process_time() - cpu, time.perf_counter() - begun)
        await app.stop()
    return cost


async def _until(count: Callable[[], Awaitable[int]], wanted: int) -> None:
    while await count() < wanted:  # noqa: ASYNC110 - the broker is asked
        await asyncio.sleep(0.5)


async def records(broker: str, topic: str) -> int:
    """How many lie on a topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker)
    await consumer.start()
    try:
        cluster = await consumer._client.fetch_all_metadata()
        tps = [faust.types.TP(topic, n) for n in cluster.partitions_for_topic(topic)]
        return sum((await consumer.end_offsets(tps)).values())
    finally:
        await consumer.stop()


async def prepare(broker: str, messages: int) -> None:
    """Fresh topics, and the messages in the first of them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    names = [RAW.name, FATES.name, CONTROLS.name, "bench-keep-changelog"]
    known = set(await admin.list_topics())
    if known & set(names):
        await admin.delete_topics([name for name in names if name in known])
        await asyncio.sleep(2)
    await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=broker, linger_ms=20)
    await producer.start()
    sent = [
        await producer.send(RAW.name, BODY, key=b"item-%d" % (n % 5000)) for n in range(messages)
    ]
    await asyncio.gather(*sent)
    await producer.stop()


def side(name: str, broker: str, messages: int) -> Cost:
    """One side in a fresh process."""
    asyncio.run(prepare(broker, messages))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply({"ours": ours, "Faust": plain}[name], (broker, messages))


def main() -> None:
    """Measure both sides and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--broker", default=os.environ.get("KAFKA_BOOTSTRAP", "localhost:9092"))
    given = parser.parse_args()
    costs = {name: side(name, given.broker, given.messages) for name in ("Faust", "ours")}
    table = Table(title=f"{given.messages} messages over two hops, one of them with rows")
    for column in ("", "CPU ms a message", "messages a second", "of Faust's CPU"):
        table.add_column(column, justify="right")
    for name, cost in costs.items():
        share = cost.cpu / costs["Faust"].cpu
        row = f"{cost.cpu / given.messages * 1e3:.3f}", f"{given.messages / cost.wall:.0f}"
        table.add_row(name, *row, f"{share:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
