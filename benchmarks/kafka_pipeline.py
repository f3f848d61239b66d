"""The whole pipeline on a real broker: throughput with one and two workers, latency at 20 a second.

KAFKA_BOOTSTRAP=localhost:9092 python -m benchmarks.kafka_pipeline [--articles 2000]

Worker processes as ``deltawire worker`` starts them; deletes deltawire's topics on that broker.
CPU is that of the workers alone, by the kernel's book-keeping, without their start.
"""

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from rich.console import Console

from benchmarks.make_wire import write
from schemas.topics import ENRICHED, RAW
from streams.config import Settings
from streams.kafka.produce import Tally, produce
from streams.kafka.topics import create, table
from streams.sources import read_sources
from streams.topology import TOPOLOGY

COMMAND = [sys.executable, "-m", "streams.cli", "worker"]


def settings_of(broker: str, folder: str, group: str) -> Settings:
    """A group of its own for each measurement: a static member that left is missed for 10 s."""
    return Settings(broker=broker, data=Path(folder) / group, group=group)


async def fresh_topics(settings: Settings) -> None:
    """Without anything in them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.broker)
    await admin.start()
    ours = {topic.name for topic in table(settings.group)}
    while old := ours & set(await admin.list_topics()):
        await admin.delete_topics(list(old))
        await asyncio.sleep(1)
    await admin.close()
    await create(settings)


@contextmanager
def workers(settings: Settings, count: int) -> Iterator[psutil.Process]:
    """So many, ready."""
    environment = {
        **os.environ,
        "DELTAWIRE_BROKER": settings.broker,
        "DELTAWIRE_DATA": str(settings.data),
        "DELTAWIRE_GROUP": settings.group,
    }
    process = subprocess.Popen([*COMMAND, "--workers", str(count)], env=environment)
    health = [sys.executable, "-m", "streams.cli", "health"]
    try:
        while subprocess.run(health, env=environment, capture_output=True, check=False).returncode:
            time.sleep(0.5)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def cpu_of(supervisor: psutil.Process) -> float:
    """Seconds that the workers have used."""
    times = [child.cpu_times() for child in supervisor.children()]
    return float(sum(each.user + each.system for each in times))


async def left(settings: Settings) -> int:
    """Records of the sources that no worker has committed."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.broker)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.broker)
    await admin.start()
    await consumer.start()
    sources = [stage.source for stage in TOPOLOGY]
    tps = [TopicPartition(s.name, n) for s in sources for n in range(s.partitions)]
    ends = await consumer.end_offsets(tps)
    done = await admin.list_consumer_group_offsets(settings.group)
    await consumer.stop()
    await admin.close()
    committed = {tp: max(0, done[tp].offset) if tp in done else 0 for tp in tps}
    return sum(int(ends[tp]) - int(committed[tp]) for tp in tps)


async def throughput(settings: Settings, wire: Path, count: int) -> tuple[float, float]:
    """Articles a second, and CPU milliseconds an article, with all of them there at the start."""
    await fresh_topics(settings)
    with workers(settings, count) as supervisor:
        before, begun = cpu_of(supervisor), time.perf_counter()
        tally = Tally()
        await produce(settings, read_sources([str(wire)]), tally)
        while await left(settings):  # noqa: ASYNC110 - the broker is asked
            await asyncio.sleep(0.5)
        wall, cpu = time.perf_counter() - begun, cpu_of(supervisor) - before
    return tally.read / wall, cpu / tally.read * 1e3


async def latency(settings: Settings, wire: Path, rate: float, seconds: float) -> list[float]:
    """Milliseconds from sending an article to its enriched record, both by this process's clock."""
    await fresh_topics(settings)
    sent: dict[str, float] = {}
    waits: list[float] = []
    producer = AIOKafkaProducer(bootstrap_servers=settings.broker, acks="all")
    consumer = AIOKafkaConsumer(
        ENRICHED.name, bootstrap_servers=settings.broker, auto_offset_reset="latest",
        fetch_max_wait_ms=5,
    )  # fmt: skip

    async def listen() -> None:
        async for record in consumer:
            item = orjson.loads(record.value)["item_id"]
            if item in sent:
                waits.append((time.perf_counter() - sent.pop(item)) * 1e3)

    with workers(settings, 1):
        await producer.start()
        await consumer.start()
        listening = asyncio.create_task(listen())
        items = read_sources([str(wire)])
        for _ in range(int(rate * seconds)):
            item = next(items)
            name = orjson.loads(item.value).get("id")
            sent[name] = time.perf_counter()
            headers = list(item.headers.items())
            await producer.send(RAW.name, item.value, key=item.key, headers=headers)
            await asyncio.sleep(1 / rate)
        await asyncio.sleep(2)
        listening.cancel()
        await consumer.stop()
        await producer.stop()
    return sorted(waits)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--broker", default=os.environ.get("KAFKA_BOOTSTRAP", "localhost:9092"))
    given = parser.parse_args()
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        wire = Path(folder) / "wire.jsonl"
        write(given.articles, wire)
        for count in (1, 2):
            settings = settings_of(given.broker, folder, f"bench-{count}")
            rate, cpu = asyncio.run(throughput(settings, wire, count))
            console.print(f"{count} workers: {rate:.0f} articles a second, {cpu:.1f} CPU ms each")
        waits = asyncio.run(latency(settings_of(given.broker, folder, "bench-20"), wire, 20, 30))
        p99 = waits[int(len(waits) * 0.99)]
        console.print(
            f"20 a second: {len(waits)} enriched, p50 {statistics.median(waits):.0f} ms, "
            f"p99 {p99:.0f} ms"
        )


if __name__ == "__main__":
    main()
