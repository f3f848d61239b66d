"""How long a worker is away after kill -9, with a table of 100,000 rows to read again.

KAFKA_BOOTSTRAP=localhost:9092 python -m benchmarks.kafka_recovery [--rows 100000]

The rows (1.8 KB each) lie on the changelog of one stage. A worker that has recovered them is
killed and started again at once, as its supervisor does, with the same static instance id; a
message waits for it. The time is from the kill to that message's output at the broker.
"""

import argparse
import asyncio
import multiprocessing
import os
import signal
import tempfile
import time
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer
from rich.console import Console

from benchmarks.delivery import BODY, STAGES
from benchmarks.kafka_delivery import STEADY, prepare, records
from schemas.topics import CONTROLS, RAW
from streams.app import build_app
from streams.logs import hush_libraries

PADDING = "x" * 1700


def worker(broker: str) -> None:
    """Work for ever."""
    asyncio.run(_work(broker))


async def _work(broker: str) -> None:
    hush_libraries()
    with tempfile.TemporaryDirectory() as datadir:
        app = build_app(
            [f"kafka://{broker}"],
            STAGES,
            app_id="bench",
            datadir=datadir,
            consumer_group_instance_id="bench-1",
            **STEADY,
        )
        await app.start()
        await app.wait_for_stopped(asyncio.Event().wait())


async def fill(broker: str, rows: int) -> None:
    """Write the rows to the changelog, each key where its messages lie."""
    producer = AIOKafkaProducer(bootstrap_servers=broker, linger_ms=20)
    await producer.start()
    sent: list[Any] = []
    for n in range(rows):
        row = orjson.dumps({"count": n, "at": "2024-01-01T00:00:00Z", "padding": PADDING})
        sent.append(await producer.send("bench-keep-changelog", row, key=b"item-%d" % n))
    await asyncio.gather(*sent)
    await producer.stop()


async def probe(broker: str) -> None:
    """Send one message and return when its output is there."""
    before = await records(broker, CONTROLS.name)
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    await producer.send_and_wait(RAW.name, BODY, key=b"item-1")
    await producer.stop()
    while await records(broker, CONTROLS.name) == before:  # noqa: ASYNC110 - the broker is asked
        await asyncio.sleep(0.1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--broker", default=os.environ.get("KAFKA_BOOTSTRAP", "localhost:9092"))
    given = parser.parse_args()
    asyncio.run(prepare(given.broker, 0))
    asyncio.run(fill(given.broker, given.rows))
    spawn = multiprocessing.get_context("spawn")
    times = []
    process = spawn.Process(target=worker, args=(given.broker,), daemon=True)
    begun = time.perf_counter()
    process.start()
    for _ in range(4):
        asyncio.run(probe(given.broker))
        times.append(time.perf_counter() - begun)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        begun = time.perf_counter()
        process.join()
        process = spawn.Process(target=worker, args=(given.broker,), daemon=True)
        process.start()
    process.kill()
    first, *again = times
    Console(highlight=False).print(
        f"{given.rows} rows: first start {first:.1f} s; "
        f"after kill -9 {', '.join(f'{t:.1f}' for t in again)} s"
    )


if __name__ == "__main__":
    main()
