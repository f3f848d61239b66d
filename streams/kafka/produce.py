"""Articles into ``articles.raw.v1``: idempotent, acknowledged by all replicas, resumable.

A journal (an SQLite file in the data folder) holds what the broker acknowledged, by cluster, topic
and the hash of value and headers. A run that resumes passes over what the journal holds: whatever
ended the run before, nothing is left out. After a kill, what was in flight or acknowledged in the
last half second may be sent twice.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from schemas.topics import RAW
from streams.config import Settings
from streams.errors import DeltawireError
from streams.kafka.publish import Flight, Receipt, publishing
from streams.sources import RawItem

JOURNAL_EVERY = 200
JOURNAL_SECONDS = 0.5


class JournalError(DeltawireError):
    """The data folder takes no journal."""


@dataclass(slots=True)
class Tally:
    """What a run did, counted in items."""

    read: int = 0
    bytes: int = 0
    unreadable: int = 0
    skipped: int = 0
    acknowledged: int = 0
    stopped: bool = False

    def note(self, item: RawItem) -> None:
        """One more was read."""
        self.read += 1
        self.bytes += len(item.value)
        self.unreadable += "unreadable" in item.headers


class Journal:
    """Digests of what one topic of one cluster acknowledged.

    Raises:
        JournalError: the file cannot be read or written.
    """

    def __init__(self, folder: Path, cluster: str, topic: str) -> None:
        self._folder = folder
        self._place = (cluster, topic)
        self._fresh: list[bytes] = []
        self._written = monotonic()
        with self._clear_errors():
            folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(folder / "produced.sqlite3", timeout=30)
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS delivered (cluster TEXT, topic TEXT, digest BLOB, "
                "PRIMARY KEY (cluster, topic, digest)) WITHOUT ROWID"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.write()
        finally:
            self._file.close()

    def __contains__(self, digest: bytes) -> bool:
        asked = "SELECT 1 FROM delivered WHERE cluster = ? AND topic = ? AND digest = ?"
        with self._clear_errors():
            return self._file.execute(asked, (*self._place, digest)).fetchone() is not None

    def add(self, digest: bytes) -> None:
        """The broker has it."""
        self._fresh.append(digest)
        late = monotonic() - self._written >= JOURNAL_SECONDS
        if late or len(self._fresh) >= JOURNAL_EVERY:
            self.write()

    def write(self) -> None:
        """Make it last."""
        rows = [(*self._place, digest) for digest in self._fresh]
        with self._clear_errors(), self._file:
            self._file.executemany("INSERT OR IGNORE INTO delivered VALUES (?, ?, ?)", rows)
        self._fresh.clear()
        self._written = monotonic()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise JournalError(
                f"cannot keep a journal in {self._folder}: {error}; "
                "name a writable folder with --data"
            ) from error


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
        JournalError: the data folder takes no journal.
        BrokerAwayError: no acknowledgement for ``wait_seconds``.
    """
    stop = stop or asyncio.Event()
    async with publishing(settings) as outlet:
        with Journal(settings.data, outlet.cluster, RAW.name) as journal:

            def note(digest: bytes, _: Receipt) -> None:
                tally.acknowledged += 1
                journal.add(digest)

            flight = Flight(outlet, "go on later with --resume")
            pace = _Pace(rate, stop)
            for item in items:
                if stop.is_set():
                    break
                tally.note(item)
                digest = digest_of(item)
                if resume and digest in journal:
                    tally.skipped += 1
                    await asyncio.sleep(0)  # for the signal that stops
                elif await pace.go():
                    await flight.send(item, partial(note, digest))
                if progress is not None:
                    progress(item)
            await flight.finish()
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
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), wait)
        self._next = max(self._next, monotonic() - 1.0) + self._step
        return not self._stop.is_set()
