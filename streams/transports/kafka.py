"""The transport behind ``kafka://``: Faust's aiokafka driver with its losses mended.

Faust finds it through the entry-point group ``faust.transports``. Written against the exact
versions named here, since it overrides their inner parts; it refuses to start on others. Each mend
has a test that fails without it (tests/kafka/test_driver.py).
"""

import asyncio
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from aiokafka.errors import KafkaError
from faust.transport.drivers import aiokafka as driver
from faust.transport.producer import ProducerBuffer
from faust.types import TP

from streams.transports import names
from streams.transports.names import DriverVersionError

PINNED = {"faust-streaming": "0.15.3", "aiokafka": names.AIOKAFKA}
FETCH_SECONDS = 1.0
FETCH_WAIT_MS = 50
"""How long the broker may hold a fetch that finds nothing. aiokafka has one fetch on its way to a
broker: while it is held, a partition that has just been emptied gets nothing. Faust holds 1.5 s."""


def check_versions() -> None:
    """Whatever Faust changes inside could undo a mend in silence.

    Raises:
        DriverVersionError: another version is installed.
    """
    for name, pinned in PINNED.items():
        if (found := version(name)) != pinned:
            raise DriverVersionError(f"{name} {found} is installed, the driver needs {pinned}")


class ConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Faust's thread that fetches and keeps the membership, whatever the stages do meanwhile."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        return consumer


class Consumer(driver.Consumer):  # type: ignore[misc]
    """Commits what is done before partitions leave, and nothing that is not done."""

    _sought = 0  # the rebalance after which the sources were sought to their commits

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish and commit what is at work, then let go.

        Faust forgets what was acked before it commits, so that every rebalance, even a graceful
        one, repeats up to a commit interval of messages (upstream #502).
        """
        assigned = self.assignment()
        if assigned and not self.app.should_stop:
            self.stop_flow()
            self.app.flow_control.suspend()
            self.pause_partitions(assigned)
            self.app.flow_control.clear()
            await self.wait_empty()
        await super().on_partitions_revoked(revoked)

    def _new_offset(self, tp: TP) -> int | None:
        # Faust takes the lowest ack for the head of the partition, and so commits past a single
        # message before it that is still at work (upstream #606): hold back what lies behind one.
        at_work = [m.offset for m in list(self._unacked_messages) if m.tp == tp and not m.acked]
        acked = self._acked[tp]
        held = [offset for offset in acked if at_work and offset > min(at_work)]
        if held:
            acked[:] = [offset for offset in acked if offset < min(at_work)]
        offset: int | None = super()._new_offset(tp) if acked else None
        acked += held
        return offset

    async def _drain_messages(self, fetcher: Any) -> None:
        # Faust races every single message against a stop of the flow, with four tasks for each:
        # half of the cost of carrying. One race for all that was fetched does the same. What a
        # stop cuts off is read again, since the partitions are then sought to their commits.
        try:
            while not (self.should_stop or fetcher.should_stop):
                await self._begin_at_commits()
                fetched = [pair async for pair in self.getmany(timeout=FETCH_SECONDS)]
                await self.sleep(0)
                if not self._in_place:
                    fetched = [pair for pair in fetched if self._is_changelog_tp(pair[0])]
                if fetched:
                    await self.wait_first(self._deliver(fetched), self.suspend_flow.wait())
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek the sources to their commits; one that has none, to its beginning.

        aiokafka leaves such a partition where it is: what was fetched and let go stays behind.
        """
        commits: Mapping[TP, int] = await super().seek_to_committed()
        fresh = [tp for tp, n in commits.items() if not n and not self._is_changelog_tp(tp)]
        if fresh:
            await self._thread.seek_to_beginning(*fresh)
        return commits

    @property
    def _in_place(self) -> bool:
        """Whether no rebalance has begun since the sources were sought to their commits."""
        return not self.app.rebalancing and self._sought == self.app.rebalancing_count

    async def _begin_at_commits(self) -> None:
        # At the end of a rebalance Faust resumes the sources, then seeks them, then empties the
        # queues of the agents. A message that comes in between is emptied away, and passed over
        # when it is fetched again: it waits for the next restart, and later ones are committed.
        # So no source is read before the end, and then from its commit.
        if self.app.rebalancing or self._in_place or not self.assignment():
            return
        count = self.app.rebalancing_count
        try:
            await self.perform_seek()
        except KafkaError as error:
            self.log.warning("Seeking to the commits failed, again: %r", error)
            await self.sleep(1.0)
        else:
            self._sought = count

    async def _deliver(self, fetched: list[tuple[TP, Any]]) -> None:
        read, callback = self._read_offset, self.callback
        for tp, message in fetched:
            last, offset = read[tp], message.offset
            if last is not None and offset < last:
                continue  # delivered before
            if (
                last is not None
                and offset > last + 1
                and self.app.topics.acks_enabled_for(tp.topic)
            ):
                # Offsets that hold no record: transaction markers, or compacted away.
                await self._add_gap(tp, last + 1, offset - 1)
            await callback(message)
            read[tp] = offset

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: ``deltawire topics create`` makes topics, by one table."""


class Buffer(ProducerBuffer):  # type: ignore[misc]
    """What Faust itself sends later. Its own ``flush`` gives up after a tenth of a second, and
    forgets the message being sent: offsets could be committed before the rows they stand for."""

    _sending = 0

    async def _send_pending(self, fut: Any) -> None:
        self._sending += 1
        try:
            await super()._send_pending(fut)
        finally:
            self._sending -= 1

    async def flush(self) -> None:
        """Return when nothing is left.

        Raises:
            RuntimeError: something is left, and the producer has stopped.
        """
        while self.size or self._sending:
            if self.state != "running" and self.size:
                raise RuntimeError(f"{self.size} messages unsent when the producer stopped")
            self.message_sent.clear()
            try:
                await asyncio.wait_for(self.message_sent.wait(), timeout=0.1)
            except TimeoutError:
                continue  # looks again: the last one may have been sent before the clear


class Producer(driver.Producer):  # type: ignore[misc]
    """Idempotent: a retry after a lost acknowledgement appends nothing twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buffer = Buffer(loop=self.loop, beacon=self.beacon)
        self.buffer.app = self.app

    def _settings_extra(self) -> dict[str, Any]:
        return {"acks": "all", "enable_idempotence": True}

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: Any,
        *,
        transactional_id: str | None = None,
    ) -> Any:
        """Queue one record; what is returned is done when the broker has it.

        The time is the broker's (``message.timestamp.type`` of our topics), so none is sent.
        """
        pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
        if key is None and value is None:
            key = b""  # a letter of such a message; aiokafka does not send it as it was
        return await self._ensure_producer().send(
            topic, value, key=key, partition=partition, headers=list(pairs)
        )

    async def flush(self) -> None:
        """Send what Faust still buffers, and await every acknowledgement."""
        await self.buffer.flush()
        if self._producer is not None:
            await self._producer.flush()

    async def create_topic(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: ``deltawire topics create`` makes topics, by one table."""


class Transport(driver.Transport):  # type: ignore[misc]
    """``kafka://HOST:PORT`` for Faust."""

    Consumer = Consumer
    Producer = Producer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        check_versions()
        names.mend()
        super().__init__(*args, **kwargs)
