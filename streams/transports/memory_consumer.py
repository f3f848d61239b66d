"""The consumer behind ``memory://NAME``.

The same inputs give the same logs byte for byte, on any machine: records are delivered from one
source topic at a time, from the deepest one that holds any, and nothing else is delivered until
all of them are acked. So one agent works at a time, and no two writers interleave.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from faust.transport.consumer import Consumer as FaustConsumer
from faust.types import TP, ConsumerMessage

from streams.step import EPOCH
from streams.transports.broker import LogRecord, MemoryBroker

BATCH = 32
"""Records per partition and delivery. A stop waits for one delivery, so seconds of work per
delivery are what this bounds."""
SECOND = timedelta(seconds=1)


class Fetched(NamedTuple):
    """A record with its offset."""

    offset: int
    record: LogRecord


class Cluster(NamedTuple):
    """The broker as Faust's assignor asks about it."""

    broker: MemoryBroker

    def topics(self) -> set[str]:
        """Their names."""
        return set(self.broker.topics)

    def partitions_for_topic(self, topic: str) -> set[int]:
        """Partition numbers; empty if there is no such topic."""
        return set(range(len(self.broker.topics.get(topic, ()))))


class Consumer(FaustConsumer):  # type: ignore[misc]
    """Delivers one topic's records, waits for all acks, then looks again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.broker: MemoryBroker = self.transport.broker
        self.quiet = asyncio.Event()
        self._changed = asyncio.Event()
        self._positions: dict[TP, int] = {}
        self._in_flight: set[tuple[TP, int]] = set()
        self._deepest_first: list[str] = []

    @property
    def _group(self) -> dict[Any, int]:
        return self.broker.committed[self.app.conf.id]

    # What wakes the loop below: a record, an ack, a partition or a position.

    def on_append(self) -> None:
        """A record is there."""
        self.quiet.clear()
        self._changed.set()

    def ack(self, message: Any) -> bool:
        """Mark one message as done; the last ack of a delivery lets the next one go."""
        final: bool = super().ack(message)
        self._in_flight.discard((message.tp, message.offset))
        if not self._in_flight:
            self._changed.set()
        return final

    def resume_partitions(self, tps: Iterable[Any]) -> None:
        """Faust's, and look again."""
        super().resume_partitions(tps)
        self._changed.set()

    def resume_flow(self) -> None:
        """Faust's, and look again."""
        super().resume_flow()
        self._changed.set()

    async def _drain_messages(self, fetcher: Any) -> None:
        # Faust's own loop makes four tasks per message; with one member in the group nothing
        # can be revoked under it, so a plain loop is enough. The queues take a whole delivery
        # without a pause, therefore the agent finds all of it ready.
        while not (self.should_stop or fetcher.should_stop):
            fetched = await self._getmany(self._get_active_partitions(), 0.0)
            merged = sorted((row.record.order, tp, row) for tp in fetched for row in fetched[tp])
            for _, tp, row in merged:
                await self.callback(self._to_message(tp, row))
                self._read_offset[tp] = row.offset

    async def _getmany(
        self,
        active_partitions: set[TP] | None,
        timeout: float,  # noqa: ASYNC109 - Faust's signature; nothing is polled here
    ) -> dict[TP, list[Fetched]]:
        while True:
            self._changed.clear()
            if self.flow_active and not self._in_flight:
                fetched = self._next(active_partitions or set())
                if fetched:
                    return fetched
                if self._recovered:
                    self.quiet.set()
            await self._changed.wait()

    @property
    def _recovered(self) -> bool:
        # Faust resumes the source partitions before it seeks them, so "active" is too early.
        return bool(self.app.tables.recovery.completed.is_set())

    def _next(self, active: set[TP]) -> dict[TP, list[Fetched]]:
        for topic in self._deepest_first:
            to_ack = self.app.topics.acks_enabled_for(topic)
            if to_ack and not self._recovered:
                continue
            tps = (TP(topic, n) for n in range(len(self.broker.topics[topic])))
            fetched = {tp: rows for tp in tps if tp in active and (rows := self._fetch(tp))}
            if to_ack:
                self._in_flight = {(tp, row.offset) for tp in fetched for row in fetched[tp]}
            if fetched:
                return fetched
        return {}

    def _fetch(self, tp: TP) -> list[Fetched]:
        log, rows = self.broker.topics[tp.topic][tp.partition], []
        for offset in range(self._positions[tp], len(log)):
            record = log[offset]
            if record is not None:
                rows.append(Fetched(offset, record))
            if len(rows) == BATCH:
                break
        if rows:
            self._positions[tp] = rows[-1].offset + 1
        return rows

    def _to_message(self, tp: TP, row: Fetched) -> Any:
        record = row.record
        return ConsumerMessage(
            topic=tp.topic,
            partition=tp.partition,
            offset=row.offset,
            timestamp=(record.at - EPOCH) / SECOND,
            timestamp_type=1,
            headers=record.headers,
            key=record.key,
            value=record.value,
            checksum=None,
            tp=tp,
            generation_id=self.app.consumer_generation_id,
        )

    # Joining the group: the only member gets every partition of its topics.

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Take all partitions of the topics."""
        app, names = self.app, set(topics)
        app.on_rebalance_start()
        await self.on_partitions_revoked(self.assignment())
        member = {"only": app.assignor.metadata(names)}
        assigned = app.assignor.assign(Cluster(self.broker), member)["only"]
        app.assignor.on_assignment(assigned)
        self._positions = {
            TP(topic, partition): self._group.get(TP(topic, partition), 0)
            for topic, partitions in assigned.assignment
            for partition in partitions
        }
        self._deepest_first = [name for name in reversed(self.broker.topics) if name in names]
        app.consumer_generation_id += 1
        self.broker.reader = self
        # Faust waits in this callback for subscribe() to return, so it needs a task of its own.
        self.add_future(self.on_partitions_assigned(self.assignment(), app.consumer_generation_id))

    async def on_stop(self) -> None:
        """Commit, and leave the broker to the next consumer."""
        await super().on_stop()
        if self.broker.reader is self:
            self.broker.reader = None

    # Positions and offsets.

    def assignment(self) -> set[TP]:
        """All partitions of the subscribed topics."""
        return set(self._positions)

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Source partitions go back to what was committed; changelogs stay."""
        for tp in self._positions:
            if not self._is_changelog_tp(tp):
                self._positions[tp] = self._group.get(tp, 0)
        return dict(self._positions)

    async def _seek(self, partition: TP, offset: int) -> None:
        self._positions[partition] = max(0, offset)
        self._changed.set()

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Seek several."""
        for tp, offset in partitions.items():
            await self.seek(tp, offset)

    async def position(self, tp: TP) -> int | None:
        """The next offset to read."""
        return self._positions.get(tp)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        self._group.update(offsets)
        return True

    def highwater(self, tp: TP) -> int:
        """One past the last offset."""
        return len(self.broker.partitions(tp.topic)[tp.partition])

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """One past the last offset, for each."""
        return {tp: self.highwater(tp) for tp in partitions}

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """Nothing is ever deleted."""
        return dict.fromkeys(partitions, 0)

    def topic_partitions(self, topic: str) -> int | None:
        """How many there are."""
        return len(self.broker.topics[topic]) if topic in self.broker.topics else None

    def key_partition(
        self, topic: str, key: bytes | None, partition: int | None = None
    ) -> int | None:
        """Where a key belongs."""
        return self.broker.partition_of(topic, key) if partition is None else partition

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Create it at the broker."""
        await self.app.producer.create_topic(*args, **kwargs)
