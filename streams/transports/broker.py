"""A broker that is a value in this process: topics, partitions, committed offsets, a clock."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import ClassVar, NamedTuple, Protocol, Self
from weakref import WeakValueDictionary

from aiokafka.partitioner import murmur2

from streams.errors import DeltawireError
from streams.step import EPOCH, Delivered

LONE_JUMP = timedelta(days=366)
Headers = tuple[tuple[str, bytes], ...]


class UnknownTopicError(DeltawireError):
    """The topic was never created; a broker that invents topics would hide a misspelt name."""


class LogicalClock:
    """Log time: the running maximum of the times that records state, never the wall clock.

    One article dated by mistake into the far future must not lift every embargo: once the clock
    is set, a lone time more than ``LONE_JUMP`` ahead does not move it. A second such time on the
    same topic confirms the jump, and the clock moves to the smaller of the two. (One article
    passes through several topics, so the same topic is asked to confirm.)
    """

    def __init__(self) -> None:
        self.now = EPOCH
        self._doubted: dict[str, datetime] = {}

    def note(self, stated: datetime | None, topic: str = "") -> datetime:
        """Take in the time that a record states, if any; the time to stamp on the record.

        Kept in whole milliseconds, as Kafka does.
        """
        if stated is None or (stated := _to_millisecond(stated)) <= self.now:
            return self.now
        if self.now != EPOCH and stated - self.now > LONE_JUMP:
            if topic not in self._doubted:
                self._doubted[topic] = stated
                return self.now
            stated = min(stated, self._doubted[topic])
            self._doubted.clear()
        self.now = stated
        return self.now


class LogRecord(NamedTuple):
    """One record as it lies in the log; its offset is its place in the partition."""

    order: int  # of appending, over all topics
    key: bytes | None
    value: bytes | None
    headers: Headers
    at: datetime


Log = list[LogRecord | None]
"""One partition. None: compacted away, since a later record has the same key."""


class Reader(Protocol):
    """What a consumer tells the broker."""

    quiet: asyncio.Event

    def on_append(self) -> None:
        """A record was appended."""
        ...


class MemoryBroker:
    """Topics in the order in which they were created, which must be the order of flow.

    A broker lives as long as somebody holds it; ``memory://NAME`` finds it by name meanwhile.
    """

    _by_name: ClassVar[WeakValueDictionary[str, "MemoryBroker"]] = WeakValueDictionary()
    _numbers = count(1)

    def __init__(self, name: str | None = None) -> None:
        self.name = name or f"run-{next(self._numbers)}"
        self.topics: dict[str, list[Log]] = {}
        self.committed: dict[str, dict[tuple[str, int], int]] = defaultdict(dict)
        self.clock = LogicalClock()
        self.reader: Reader | None = None
        self._appended = 0
        self._last_of_key: dict[str, dict[tuple[int, bytes | None], int]] = {}
        self._by_name[self.name] = self

    @classmethod
    def named(cls, name: str) -> Self:
        """The living broker of this name, else a new one."""
        found = cls._by_name.get(name)
        return found if isinstance(found, cls) else cls(name)

    @property
    def url(self) -> str:
        """What Faust is given."""
        return f"memory://{self.name}"

    @property
    def now(self) -> datetime:
        """Log time."""
        return self.clock.now

    def create_topic(self, name: str, partitions: int, *, compact: bool = False) -> None:
        """Create it if it is new.

        Args:
            compact: forget a record as soon as a later one has its key.

        Raises:
            ValueError: it exists with another number of partitions.
        """
        log = self.topics.setdefault(name, [[] for _ in range(partitions)])
        if len(log) != partitions:
            raise ValueError(f"topic {name} has {len(log)} partitions, not {partitions}")
        if compact:
            self._last_of_key.setdefault(name, {})

    def partitions(self, topic: str) -> Sequence[Log]:
        """The partitions of a topic, oldest record first.

        Raises:
            UnknownTopicError: nobody created it.
        """
        try:
            return self.topics[topic]
        except KeyError:
            known = ", ".join(self.topics)
            raise UnknownTopicError(f"no topic {topic!r}; there are {known}") from None

    def partition_of(self, topic: str, key: bytes | None) -> int:
        """As Kafka's default partitioner; records without a key take turns."""
        logs = self.partitions(topic)
        if len(logs) == 1:
            return 0
        number = sum(map(len, logs)) if key is None else murmur2(key) & 0x7FFFFFFF
        return int(number % len(logs))

    def append(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        *,
        partition: int | None = None,
        timestamp: datetime | None = None,
        headers: Headers = (),
    ) -> tuple[int, int]:
        """Append one record.

        Args:
            timestamp: the time that the record states; moves the clock.

        Returns: partition and offset.

        Raises:
            UnknownTopicError: nobody created the topic.
        """
        where = self.partition_of(topic, key) if partition is None else partition
        log = self.topics[topic][where]
        self._appended += 1
        at = self.clock.note(timestamp, topic)
        log.append(LogRecord(self._appended, key, value, headers, at))
        if topic in self._last_of_key:
            self._compact(topic, where, key)
        if self.reader is not None:
            self.reader.on_append()
        return where, len(log) - 1

    def _compact(self, topic: str, partition: int, key: bytes | None) -> None:
        log, last = self.topics[topic][partition], self._last_of_key[topic]
        earlier = last.get((partition, key))
        if earlier is not None:
            log[earlier] = None
        last[partition, key] = len(log) - 1

    async def idle(self) -> None:
        """Wait until every record of every subscribed topic was delivered and acked.

        Raises:
            RuntimeError: nobody consumes.
        """
        if self.reader is None:
            raise RuntimeError(f"nobody consumes from {self.url}")
        await self.reader.quiet.wait()

    def log(self, topic: str) -> Iterator[Delivered]:
        """The records of one topic in the order in which they were appended."""
        rows = [
            (record.order, partition, offset, record)
            for partition, log in enumerate(self.partitions(topic))
            for offset, record in enumerate(log)
            if record is not None
        ]
        for _, partition, offset, record in sorted(rows):
            yield delivered(topic, partition, offset, record)

    def logs(self) -> Mapping[str, Iterator[Delivered]]:
        """Every topic, changelogs among them, in the order of creation."""
        return {topic: self.log(topic) for topic in self.topics}


def _to_millisecond(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def delivered(topic: str, partition: int, offset: int, record: LogRecord) -> Delivered:
    """A record of the log with its place."""
    key, value, headers = record.key, record.value, dict(record.headers)
    return Delivered(topic, partition, offset, key, value, headers, record.at)
