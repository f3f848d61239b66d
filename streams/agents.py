"""The only module that knows how Faust reads, sends, acks and buries: one agent for all stages.

In micro-batches: decide each message in order, send all outputs and await them, send all rows to
the changelog and await them, then ack in order. So a crash repeats work and loses none. Nothing
unacked is ever passed over: if anything but a step fails, the whole worker stops.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
import structlog

from schemas.base import Message
from schemas.topics import MIB, TOPICS, topic_of
from streams.burial import HEADER_NAMES, Headers, dead_headers, fate_of
from streams.errors import PersonNeededError, Rejected
from streams.step import EPOCH, Delivered, Outcome, Put, Step, Timed
from streams.tables import Overlay, add_table
from streams.topology import Stage

BATCH = 32
"""Messages per round trip; at 10 ms of work each, a stop waits about a third of a second."""
RECOVERED_AT_ONCE = 500
"""Rows noted between two looks at the loop: a recovery must not stop heartbeats."""
MAX_BYTES = {topic.name: topic.max_bytes for topic in TOPICS}
MAX_ROW = 16 * MIB
"""For the topics of rows, which stand in no table."""
OVERHEAD = 512
"""Bytes that the log adds to key, value and headers of one record, and more."""
log = structlog.get_logger()


class Parcel(NamedTuple):
    """One record ready for the producer. Partition None: by key."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp: float | None = None  # seconds since 1970
    partition: int | None = None


class Decision(NamedTuple):
    """What one message leads to; rows are already encoded, so that nothing can fail later."""

    parcels: Sequence[Parcel]
    puts: Sequence[Put] = ()
    changes: Sequence[Parcel] = ()


def _unheard(_: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Guard:
    """What a worker process adds around decisions; a replay in memory adds nothing.

    Args:
        deciding: told the place of each message before it is decided, and "" after a batch: if
            the process dies in between, its supervisor knows of what.
        progress: told how many messages or rows were done.
        condemned: places of messages that killed workers: they are buried undecided.
        dead_letter_limit: so many messages in a row may be buried; 0: any number.
    """

    deciding: Callable[[str], None] = _unheard
    progress: Callable[[int], None] = _unheard
    condemned: frozenset[str] = frozenset()
    dead_letter_limit: int = 0


def attach(app: Any, topology: Iterable[Stage], guard: Guard | None = None) -> tuple["Worker", ...]:
    """Give the app one agent per stage.

    Raises:
        ValueError: two stages share a source.
    """
    workers = tuple(Worker(app, stage, guard or Guard()) for stage in topology)
    sources = [worker.stage.source.name for worker in workers]
    if len(set(sources)) < len(sources):
        raise ValueError(f"each stage needs a source of its own: {sources}")
    return workers


class Worker:
    """One stage at work in one app."""

    def __init__(self, app: Any, stage: Stage, guard: Guard) -> None:
        self.stage = stage
        self._app = app
        self._guard = guard
        self._buried_in_a_row = 0
        self._stream: Any = None
        self._step: Step
        self._table = None
        source = stage.source
        if not stage.table:
            self._step = stage.step()
        else:  # recovery makes the step
            self._table = add_table(app, stage.name, source.partitions)
            self._table.on_recover(self._recover)
        topic = app.topic(
            source.name,
            partitions=source.partitions,
            key_type=bytes,
            value_type=bytes,
            allow_empty=True,
        )
        app.agent(topic, name=stage.name)(self._run)

    @property
    def waiting(self) -> int:
        """Messages that were delivered and not begun."""
        return 0 if self._stream is None else self._stream.channel.queue.qsize()

    async def publish_due(self, now: datetime, known: Collection[bytes] = ()) -> set[bytes]:
        """Send the notices whose time has come, but those in ``known``.

        Returns: the bytes of what was sent.
        """
        if not isinstance(self._step, Timed):
            return set()
        notices = map(_parcel, self._step.due(now))
        fresh = [parcel for parcel in notices if parcel.value not in known]
        await self._send(fresh)
        return {parcel.value for parcel in fresh if parcel.value is not None}

    def _rows(self) -> Overlay:
        return Overlay({} if self._table is None else self._table.data.data)

    async def _recover(self) -> None:
        # Faust drops an exception of this callback in silence.
        try:
            self._step = self.stage.step()
            rows = self._rows()
            for number, key in enumerate(rows, 1):
                self._step.observe(key, rows[key])
                if number % RECOVERED_AT_ONCE == 0:
                    self._guard.progress(RECOVERED_AT_ONCE)
                    await asyncio.sleep(0)
        except Exception as reason:  # noqa: BLE001 - whatever it is, the worker stops
            await self._app.crash(reason)

    async def _run(self, stream: Any) -> None:
        self._stream = stream
        try:
            async for events in ready(self._app, stream):
                await self._work(events)
        except Exception as reason:  # noqa: BLE001 - raised again to whoever runs the app
            # Faust would restart the agent behind the failed message and commit past it.
            await self._app.crash(reason)

    async def _work(self, events: Sequence[Any]) -> None:
        rows = self._rows()
        decisions = []
        for event in events:
            decisions.append(self._decide(event.message, rows))
            await asyncio.sleep(0)  # steps take milliseconds; others wait for the loop
        self._guard.deciding("")
        await self._send(parcel for decision in decisions for parcel in decision.parcels)
        await self._send(change for decision in decisions for change in decision.changes)
        for event, decision in zip(events, decisions, strict=True):
            for key, value in decision.puts:
                self._table.data.put(event.message.partition, key, value)  # type: ignore[union-attr]
        for event in events:
            event.ack()
        self._guard.progress(len(events))

    def _decide(self, message: Any, rows: Overlay) -> Decision:
        given = _delivered(message)
        place = f"{self.stage.name} {given.topic}/{given.partition}/{given.offset}"
        self._guard.deciding(place)
        try:
            if place in self._guard.condemned:
                raise Rejected("kills-worker", "workers died while they decided this message")
            _named(given, self.stage)
            decision = self._pack(message, given, self._step(rows, given))
            self._buried_in_a_row = 0
        except Exception as failure:
            if self.stage.never_bury(given):
                raise PersonNeededError(f"{place} must not be buried: {failure}") from failure
            self._note_burial(place, failure)
            decision = Decision(self._bury(message, given, [failure]))
        for key, value in decision.puts:
            rows.put(key, value)
            self._step.observe(key, value)
        return decision

    def _note_burial(self, place: str, failure: Exception) -> None:
        limit = self._guard.dead_letter_limit
        if limit and self._buried_in_a_row >= limit:
            # One bad message is the wire's; hundreds in a row are ours, or a broken feed's.
            raise PersonNeededError(
                f"{limit} messages in a row were buried; the next is {place}: {failure}"
            ) from failure
        self._buried_in_a_row += 1
        if not isinstance(failure, Rejected):
            # The dead letter holds the trace; the log says where to look.
            log.error("message.buried", place=place, error=repr(failure))

    def _pack(self, message: Any, given: Delivered, outcome: Outcome) -> Decision:
        if outcome.refusals and self.stage.never_bury(given):
            raise outcome.refusals[0]
        parcels = [*map(_parcel, outcome.outputs)]
        parcels += [Parcel(end.topic, end.key, None) for end in outcome.tombstones]
        if outcome.refusals:
            parcels += self._bury(message, given, outcome.refusals)
        changes = [self._change(message.partition, *put) for put in outcome.puts]
        for parcel in (*parcels, *changes):
            _fits(parcel)
        return Decision(parcels, outcome.puts, changes)

    def _bury(
        self, message: Any, given: Delivered, failures: Sequence[Exception]
    ) -> Sequence[Parcel]:
        # One letter, since its bytes can be driven again only as a whole; a fate for each part.
        headers = dead_headers(self.stage.name, given, failures[0], _pairs(message))
        letter = Parcel(self.stage.source.dead, given.key, given.value, headers)
        return letter, *(_parcel(fate_of(self.stage.name, given, f)) for f in failures)

    def _change(self, partition: int, key: str, value: Any) -> Parcel:
        if self._table is None:
            raise TypeError(f"stage {self.stage.name} keeps no table")
        row = None if value is None else orjson.dumps(value)
        name = self._table.changelog_topic_name
        return Parcel(name, key.encode(), row, partition=partition)

    async def _send(self, parcels: Iterable[Parcel]) -> None:
        # Handed over one after another, which keeps the order; acknowledged together.
        send = self._app.producer.send
        acks = [
            await send(p.topic, p.key, p.value, p.partition, p.timestamp, p.headers)
            for p in parcels
        ]
        await asyncio.gather(*acks)


async def ready(app: Any, stream: Any) -> AsyncIterator[list[Any]]:
    """Batches of events: what is there, at most ``BATCH``; waits only for the first.

    Only the first comes by the stream: it pauses before each event, and a rebalance in such a
    pause would strand the events of a half-filled batch.
    """
    queue, consumer = stream.channel.queue, app.consumer
    async for first in stream.noack().events():
        events = [first]
        while len(events) < BATCH and not queue.empty():
            event = queue.get_nowait()
            if event.message.generation_id == app.consumer_generation_id:
                event.message.tracked = True
                consumer.track_message(event.message)
                events.append(event)
        yield events


def _parcel(record: Message) -> Parcel:
    stated = record.source_time
    seconds = None if stated is None or stated < EPOCH else stated.timestamp()
    return Parcel(topic_of(record).name, record.key, record.to_bytes(), timestamp=seconds)


def _delivered(message: Any) -> Delivered:
    return Delivered(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers={name: value for name, value in _pairs(message) if value is not None},
        at=EPOCH + timedelta(microseconds=round(message.timestamp * 1_000_000)),
    )


def _named(given: Delivered, stage: Stage) -> None:
    """Refuse a header name that is not UTF-8, but where refusing would do more harm."""
    names = given.headers.get(HEADER_NAMES)
    if names is not None and not stage.never_bury(given):
        raise Rejected("header-name", f"not UTF-8: {names!r}")


def _fits(parcel: Parcel) -> None:
    """Refuse here what the broker would refuse for ever."""
    if parcel.topic.endswith(".dead"):
        return  # its topic has room for the headers beside what was read
    size = len(parcel.key or b"") + len(parcel.value or b"") + OVERHEAD
    limit = MAX_BYTES.get(parcel.topic, MAX_ROW)
    if size > limit:
        raise Rejected("too-large", f"{size} bytes for {parcel.topic}, at most {limit}")


def _pairs(message: Any) -> Sequence[tuple[str, bytes]]:
    return tuple(message.headers or ())
