"""The one way into ``articles.raw.v1``: idempotent, acknowledged by all replicas.

Whatever brings articles in (``produce``, ``watch``, ``poll``, ``intake``) sends through an
``Outlet`` and knows by a ``Receipt`` where the broker has put each item. An operator's orders take
the same way into ``controls.v1``.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.topics import RAW, Topic
from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError
from streams.kafka.connection import FORBIDDEN, client_options, connected, patience, refuse_hidden
from streams.sources import RawItem

IN_FLIGHT = 1000
LINGER_MS = 5


class ProduceError(DeltawireError):
    """The broker does not take an item."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where the broker has put an item, on all replicas."""

    topic: str
    partition: int
    offset: int


class Outlet(Protocol):
    """Takes items. ``patience``: seconds without any receipt after which it counts as away."""

    name: str
    patience: float

    async def send(self, item: RawItem) -> "asyncio.Future[Receipt]":
        """Returns when the item is under way; the future is its receipt, or why there is none."""


@asynccontextmanager
async def publishing(settings: Settings, topic: Topic = RAW) -> AsyncIterator["KafkaOutlet"]:
    """An outlet to the broker; what is still in flight at the end has ten seconds.

    Raises:
        ProduceError: the topic is missing.
        BrokerAwayError: no broker answers, or it went away for good.
    """
    cluster = await _cluster(settings, topic)
    producer = AIOKafkaProducer(
        **client_options(settings),
        enable_idempotence=True,
        acks="all",
        linger_ms=LINGER_MS,
        max_request_size=topic.max_bytes,
    )
    async with connected(settings, producer):
        yield KafkaOutlet(settings, producer, cluster, topic)


class KafkaOutlet:
    """Sends to Kafka.

    The bytes in flight are bounded by aiokafka: a batch in the making and one under way for each
    partition, of ``max_batch_size`` or of one item. A batch is never given up while the producer
    lives: whoever gives up on a future must take it that the item may still arrive.
    """

    def __init__(self, settings: Settings, producer: Any, cluster: str, topic: Topic = RAW) -> None:
        self.cluster = cluster
        self.name = f"broker {settings.broker}"
        self.patience = patience(settings)
        self._producer = producer
        self._topic = topic.name

    async def send(self, item: RawItem) -> "asyncio.Future[Receipt]":
        """Returns when it is under way.

        Raises:
            BrokerAwayError: no room for it for ``patience`` seconds.
            ProduceError: it can never be sent.
        """
        sending = self._producer.send(
            self._topic, item.value, key=item.key, headers=[*item.headers.items()]
        )
        try:
            acked = await asyncio.wait_for(sending, self.patience)
        except TimeoutError:
            raise silence(self) from None
        except KafkaError as error:
            raise _refusal(item, error) from error
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        acked.add_done_callback(partial(_pass_on, item, receipt))
        return receipt


def silence(outlet: Outlet, hint: str = "") -> BrokerAwayError:
    """What to say if the patience is at its end."""
    line = f"{outlet.name} acknowledged nothing for {outlet.patience:.0f} s"
    return BrokerAwayError(f"{line}; {hint}" if hint else line)


class Flight:
    """Keeps a bounded number of items in flight, and notes each receipt as it comes.

    Args:
        hint: what a person may do if the broker falls silent.
    """

    def __init__(self, outlet: Outlet, hint: str = "") -> None:
        self._outlet, self._hint = outlet, hint
        self._flying = 0
        self._settled = asyncio.Event()
        self._failure: BaseException | None = None

    async def send(self, item: RawItem, note: Callable[[Receipt], None]) -> None:
        """Returns when it is under way; an earlier item's failure is raised here too."""
        try:
            acked = await self._outlet.send(item)
        except BrokerAwayError:
            raise silence(self._outlet, self._hint) from None
        self._flying += 1
        acked.add_done_callback(partial(self._settle, note))
        await self._until_fewer_than(IN_FLIGHT)

    async def finish(self) -> None:
        """Returns when nothing is in flight."""
        await self._until_fewer_than(1)

    async def _until_fewer_than(self, count: int) -> None:
        while self._flying >= count and self._failure is None:
            self._settled.clear()
            try:
                await asyncio.wait_for(self._settled.wait(), self._outlet.patience)
            except TimeoutError:
                raise silence(self._outlet, self._hint) from None
        if self._failure is not None:
            raise self._failure

    def _settle(self, note: Callable[[Receipt], None], acked: "asyncio.Future[Receipt]") -> None:
        self._flying -= 1
        self._settled.set()
        if acked.cancelled():
            return
        if (error := acked.exception()) is not None:
            self._failure = self._failure or error
            return
        try:
            note(acked.result())
        except DeltawireError as failure:  # raised where somebody waits
            self._failure = self._failure or failure


async def deliver(outlet: Outlet, items: Iterable[RawItem]) -> list[Receipt]:
    """Send a few items and return when the broker has all of them: receipts in the same order.

    Raises:
        ProduceError: the broker refuses an item.
        BrokerAwayError: it gives no receipt for ``patience`` seconds.
    """
    receipts: dict[int, Receipt] = {}
    flight = Flight(outlet)
    for number, item in enumerate(items):
        await flight.send(item, partial(receipts.__setitem__, number))
    await flight.finish()
    return [receipts[number] for number in sorted(receipts)]


def _pass_on(
    item: RawItem, receipt: "asyncio.Future[Receipt]", acked: "asyncio.Future[Any]"
) -> None:
    if receipt.done():  # whoever waited has given up
        if not acked.cancelled():
            acked.exception()
    elif acked.cancelled():
        receipt.cancel()
    elif (error := acked.exception()) is not None:
        receipt.set_exception(_refusal(item, error))
    else:
        found = acked.result()
        receipt.set_result(Receipt(found.topic, found.partition, found.offset))


def _refusal(item: RawItem, error: BaseException) -> BaseException:
    """What lies with the connection or with permissions is for ``connected`` to say."""
    if isinstance(error, FORBIDDEN) or getattr(error, "retriable", False):
        return error
    origin = item.headers["origin"].decode(errors="replace")
    return ProduceError(f"{origin}: the broker does not take it: {error}")


async def _cluster(settings: Settings, topic: Topic) -> str:
    """Who acknowledges. Also refuses a cluster without our topic, before one is made by asking.

    Raises:
        ProduceError: the topic is missing.
    """
    admin = AIOKafkaAdminClient(**client_options(settings))
    async with connected(settings, admin):
        if topic.name not in await admin.list_topics():
            await refuse_hidden(admin._client, [topic.name])
            raise ProduceError(
                f"{topic.name} is missing at {settings.broker}: create the topics with "
                "'deltawire topics create'"
            )
        found = await admin.describe_cluster()
    return str(found.get("cluster_id") or settings.broker)
