"""Articles into ``articles.raw.v1``: idempotent, acknowledged by all replicas, resumable.

A journal (an SQLite file in the data folder) holds what the broker acknowledged, by cluster and by
the hash of value and headers. A run that resumes passes over what the journal holds: whatever
ended the run before, nothing is left out, and at most what was in flight is sent twice.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.topics import RAW
from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError
from streams.kafka.connection import client_options, connected
from streams.sources import RawItem

IN_FLIGHT = 1000
LINGER_MS = 5
JOURNAL_EVERY = 200


class ProduceError(DeltawireError):
    """The broker does not take an item."""


class JournalError(DeltawireError):
    """The data folder takes no journal."""


@dataclass(slots=True)
class Tally:
    """What a run did, counted in items."""

    read: int = 0
    bytes: int = 0
    unreadable: int = field(default=0)
    skipped: int = 0
    acknowledged: int = 0
    stopped: bool = False

    def note(self, item: RawItem) -> None:
        """One more was read."""
        self.read += 1
        self.bytes += len(item.value)
        self.unreadable += "unreadable" in item.headers


class Journal:
    """Digests of what one cluster acknowledged."""

    def __init__(self, folder: Path, cluster: str) -> None:
        self._cluster = cluster
        self._fresh: list[tuple[str, bytes]] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(folder / "produced.sqlite3", timeout=30)
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS acknowledged "
                "(cluster TEXT, digest BLOB, PRIMARY KEY (cluster, digest)) WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            raise JournalError(
                f"cannot keep a journal in {folder}: {error}; name a writable folder with --data"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.write()
        self._file.close()

    def __contains__(self, digest: bytes) -> bool:
        asked = "SELECT 1 FROM acknowledged WHERE cluster = ? AND digest = ?"
        return self._file.execute(asked, (self._cluster, digest)).fetchone() is not None

    def add(self, digest: bytes) -> None:
        """The broker has it."""
        self._fresh.append((self._cluster, digest))
        if len(self._fresh) >= JOURNAL_EVERY:
            self.write()

    def write(self) -> None:
        """Make it last."""
        with self._file:
            self._file.executemany("INSERT OR IGNORE INTO acknowledged VALUES (?, ?)", self._fresh)
        self._fresh.clear()


async def produce(
    settings: Settings,
    items: Iterable[RawItem],
    tally: Tally,
    *,
    rate: float | None = None,
    resume: bool = False,
    stop: asyncio.Event | None = None,
    progress: Callable[[RawItem], None] | None = None,
) -> None:
    """Send the items in order; returns when the broker has all of them.

    Args:
        tally: counts along, so that it is true however this ends.
        rate: items a second; None: as fast as it goes.
        resume: pass over what the journal holds.
        stop: when set, no more is read, and what is in flight is waited for.

    Raises:
        ProduceError: the topic is missing, or the broker refuses an item.
        BrokerAwayError: no acknowledgement for ``wait_seconds``.
    """
    stop = stop or asyncio.Event()
    cluster = await _cluster(settings)
    with Journal(settings.data, cluster) as journal:
        producer = AIOKafkaProducer(
            **client_options(settings),
            enable_idempotence=True,
            acks="all",
            linger_ms=LINGER_MS,
            max_request_size=RAW.max_bytes,
        )
        async with connected(settings, producer):
            sender = _Sender(settings, producer, journal, tally)
            pace = _Pace(rate, stop)
            for item in items:
                if stop.is_set():
                    break
                tally.note(item)
                digest = digest_of(item)
                if resume and digest in journal:
                    tally.skipped += 1
                elif await pace.go():
                    await sender.send(item, digest)
                if progress is not None:
                    progress(item)
            await sender.finish()
        tally.stopped = stop.is_set()


def digest_of(item: RawItem) -> bytes:
    """What makes two items the same: bytes and headers, the origin among them."""
    found = hashlib.sha256(item.value)
    for name, value in sorted(item.headers.items()):
        found.update(b"\0%b\0%d\0%b" % (name.encode(), len(value), value))
    return found.digest()


class _Pace:
    """Lets so many go a second, evenly."""

    def __init__(self, rate: float | None, stop: asyncio.Event) -> None:
        self._step = 1 / rate if rate else 0.0
        self._stop = stop
        self._next = monotonic()

    async def go(self) -> bool:
        """Wait for the turn; False if the run is stopped instead."""
        wait = self._next - monotonic()
        if self._step and wait > 0:
            await asyncio.wait({asyncio.ensure_future(self._stop.wait())}, timeout=wait)
        self._next = max(self._next, monotonic() - 1.0) + self._step
        return not self._stop.is_set()


class _Sender:
    """Keeps a bounded number in flight, and notes each acknowledgement."""

    def __init__(self, settings: Settings, producer: Any, journal: Journal, tally: Tally) -> None:
        self._settings, self._producer = settings, producer
        self._journal, self._tally = journal, tally
        self._flying: dict[asyncio.Future[Any], tuple[RawItem, bytes]] = {}

    async def send(self, item: RawItem, digest: bytes) -> None:
        headers = list(item.headers.items())
        sending = self._producer.send(RAW.name, item.value, key=item.key, headers=headers)
        try:
            acked = await asyncio.wait_for(sending, self._settings.wait_seconds or None)
        except TimeoutError:
            raise self._silence() from None
        except KafkaError as error:
            raise ProduceError(f"{item.headers['origin'].decode()}: {error}") from error
        self._flying[acked] = item, digest
        self._settle()
        while len(self._flying) >= IN_FLIGHT:
            await self._wait()

    async def finish(self) -> None:
        while self._flying:
            await self._wait()

    async def _wait(self) -> None:
        first = asyncio.FIRST_COMPLETED
        limit = self._settings.wait_seconds or None
        done, _ = await asyncio.wait(self._flying, timeout=limit, return_when=first)
        if not done:
            raise self._silence()
        self._settle()

    def _settle(self) -> None:
        for acked in [future for future in self._flying if future.done()]:
            item, digest = self._flying.pop(acked)
            if (error := acked.exception()) is not None:
                raise ProduceError(f"{item.headers['origin'].decode()}: {error}") from error
            self._journal.add(digest)
            self._tally.acknowledged += 1

    def _silence(self) -> BrokerAwayError:
        return BrokerAwayError(
            f"broker {self._settings.broker} acknowledged nothing for "
            f"{self._settings.wait_seconds:.0f} s; go on later with --resume"
        )


async def _cluster(settings: Settings) -> str:
    """Who acknowledges. Also refuses a cluster without our topic, before one is made by asking.

    Raises:
        ProduceError: the topic is missing.
    """
    admin = AIOKafkaAdminClient(**client_options(settings))
    async with connected(settings, admin):
        if RAW.name not in await admin.list_topics():
            raise ProduceError(
                f"{RAW.name} is missing at {settings.broker}: create the topics with "
                "'deltawire topics create'"
            )
        found = await admin.describe_cluster()
    return str(found.get("cluster_id") or settings.broker)
