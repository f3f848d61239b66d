"""The pipeline as its users run it: the commands, in processes, on a real broker."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.topics import TAGGED, TOPICS
from streams.archive import Archive, archive_of
from streams.config import Settings
from streams.kafka.connection import client_options
from streams.kafka.read import read_archive, read_topics
from streams.kafka.topics import create
from streams.step import Delivered
from streams.topology import TOPOLOGY
from streams.transports.broker import MemoryBroker
from streams.view import View

ROOT = Path(__file__).parents[2]
PACT = ROOT / "seeds" / "pact"
WIRE = ROOT / "seeds" / "wire"
COMMAND = [sys.executable, "-m", "streams.cli"]
QUICK = {
    "DELTAWIRE_GRACE_SECONDS": "20",
    "DELTAWIRE_STALL_SECONDS": "15",
    "DELTAWIRE_LOG_LEVEL": "info",
}


class Pipeline:
    """One broker with the topics, one data folder, and the workers started on them.

    Args:
        settings: more of them for what the tests themselves ask: who they are at a secure broker.
        environment: for the commands and the workers.
    """

    def __init__(
        self,
        broker: str,
        folder: Path,
        settings: Mapping[str, Any] | None = None,
        **environment: str,
    ) -> None:
        here = {"broker": broker, "data": folder / "data", "wait_seconds": 30}
        self.settings = Settings(**{**here, **(settings or {})})
        self.folder = folder
        self._environment = {**os.environ, **QUICK, **environment}
        self._environment |= {"DELTAWIRE_BROKER": broker, "DELTAWIRE_DATA": str(folder / "data")}
        self._environment.pop("DELTAWIRE_OUT", None)
        self._workers: list[subprocess.Popen[bytes]] = []
        self.left: dict[str, int] = {}

    async def prepare(self) -> "Pipeline":
        """Create the topics."""
        await create(self.settings)
        return self

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def worker(
        self, *arguments: str, command: Iterable[str] = (*COMMAND, "worker"), **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a supervisor with its workers; its log goes to a file in the folder."""
        log = (self.folder / f"worker-{len(self._workers)}.log").open("wb")
        process = subprocess.Popen(
            [*command, *arguments],
            env={**self._environment, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._workers.append(process)
        return process

    def logs(self) -> str:
        """What all workers wrote."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log")))

    def children(self, process: subprocess.Popen[bytes]) -> list[int]:
        """The processes of the slots, whose pulse says who they are."""
        family = psutil.Process(process.pid).children()
        return [child.pid for child in family if "spawn_main" in " ".join(child.cmdline())]

    def stop(self, process: subprocess.Popen[bytes], timeout: float = 30) -> int:
        """SIGTERM, and the exit code."""
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout)

    def close(self) -> None:
        """Nothing outlives its test."""
        for process in self._workers:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    async def settled(self, seconds: float = 60, records: int | None = None) -> None:
        """Return when every source is worked off and committed.

        Args:
            records: how many raw messages there must be, at least.

        Raises:
            AssertionError: it takes longer; with the workers' logs.
        """
        deadline = time.monotonic() + seconds
        while (left := await self._left(records)) > 0:
            if time.monotonic() > deadline:
                raise AssertionError(f"{left} left: {self.left}\n{self.logs()[-4000:]}")
            await asyncio.sleep(0.3)

    async def _left(self, records: int | None) -> int:
        try:
            return await self._count(records)
        except KafkaError:  # a broker that has just come back has no coordinator yet
            return 1

    async def _count(self, records: int | None) -> int:
        admin = AIOKafkaAdminClient(**client_options(self.settings))
        consumer = AIOKafkaConsumer(**client_options(self.settings))
        await admin.start()
        await consumer.start()
        try:
            committed = await admin.list_consumer_group_offsets(self.settings.group)
            tps = [
                TopicPartition(stage.source.name, n)
                for stage in TOPOLOGY
                for n in range(stage.source.partitions)
            ]
            ends = await consumer.end_offsets(tps)
            done = {tp: committed[tp].offset for tp in tps if tp in committed}
            raw = sum(end for tp, end in ends.items() if tp.topic == TOPOLOGY[0].source.name)
            missing = max(0, (records or 0) - raw)
            left = {tp: end - max(0, done.get(tp, 0)) for tp, end in ends.items()}
            self.left = {f"{tp.topic}/{tp.partition}": n for tp, n in left.items() if n}
            return missing + sum(left.values())
        finally:
            await consumer.stop()
            await admin.close()

    async def logs_of(self, *topics: str) -> dict[str, list[Delivered]]:
        """Every record of the topics."""
        return await read_topics(self.settings, topics)

    async def archive(self) -> Archive:
        """Every topic of records and of letters, as a replay would have written them."""
        return await read_archive(self.settings, TOPICS)


@contextmanager
def pipeline(
    broker: str, folder: Path, settings: Mapping[str, Any] | None = None, **environment: str
) -> Iterator[Pipeline]:
    """A pipeline that leaves no process behind."""
    found = Pipeline(broker, folder, settings, **environment)
    try:
        yield found
    finally:
        found.close()


def recent_wire(folder: Path) -> Path:
    """The sample wire as if its last article were a day old.

    On Kafka the broker's clock decides about embargoes; in memory the articles' own times do. A
    last article dated now brings both to the same time.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    days = sorted(WIRE.glob("*.jsonl"))
    last = max(stamp for path in days for stamp in _stamps(path.read_text()))
    shift = now - timedelta(days=1) - last

    def moved(match: re.Match[str]) -> str:
        return (datetime.fromisoformat(match[0]) + shift).strftime("%Y-%m-%dT%H:%M:%SZ")

    folder.mkdir(parents=True, exist_ok=True)
    for path in days:
        (folder / path.name).write_text(STAMP.sub(moved, path.read_text()))
    tick = {"id": "tick", "version": 1, "title": "Now", "body": "It is now.", "language": "en"}
    tick["published_at"] = now.isoformat()
    (folder / "9999-now.jsonl").write_text(json.dumps(tick) + "\n")
    return folder


STAMP = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")


def _stamps(text: str) -> Iterable[datetime]:
    return map(datetime.fromisoformat, STAMP.findall(text))


def fates(view: View) -> dict[tuple[str, int], str]:
    """The current fate of each version. (A reason may say which of two came first.)"""
    return {key: fate.fate for key, fate in view.current_fates.items()}


def texts(view: View) -> dict[str, tuple[Any, ...]]:
    """What stands as current text of each item that may be used."""
    return {
        item: (a.version, a.title, a.lead, a.body, a.key_points)
        for item, a in view.articles.items()
        if a.status == "usable"
    }


async def undisturbed(tagged: Iterable[Delivered]) -> Archive:
    """The tagged log worked by detection alone, in memory, without any disturbance."""
    from streams.app import run_embedded

    detect = next(stage for stage in TOPOLOGY if stage.source is TAGGED)
    rows = [(m.key, m.value, dict(m.headers), None) for m in tagged]
    broker: MemoryBroker = await run_embedded((detect,), [rows])
    return archive_of(broker.logs())


def currents(archive: Archive) -> dict[str, dict[str, bytes]]:
    """Current articles and event states, as bytes."""
    view = View.of(archive)
    return {
        "articles": {key: record.to_bytes() for key, record in view.articles.items()},
        "events": {key: record.to_bytes() for key, record in view.events.items()},
    }
