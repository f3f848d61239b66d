"""The transport behind ``memory://NAME``: one process, one consumer, no broker, no polling.

Faust finds it through the entry-point group ``faust.transports``. Agents, tables, recovery, acks
and commits stay Faust's own; this transport only delivers and appends.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from typing import Any

from faust.transport import base
from faust.types import TP, RecordMetadata

from streams.step import EPOCH
from streams.transports.broker import MemoryBroker
from streams.transports.memory_consumer import Consumer

__all__ = ["MemoryBroker", "Transport"]


class Producer(base.Producer):  # type: ignore[misc]
    """Appends at once; the acknowledgement is there when ``send`` returns."""

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
    ) -> Awaitable[Any]:
        """Append one record; ``timestamp`` in seconds since 1970."""
        pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
        where, offset = self.transport.broker.append(
            topic,
            key,
            value,
            partition=partition,
            timestamp=_stated(timestamp),
            headers=tuple(pairs),
        )
        acked: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        acked.set_result(RecordMetadata(topic, where, TP(topic, where), offset))
        return acked

    async def send_and_wait(self, *args: Any, **kwargs: Any) -> Any:
        """Append and return where the record lies."""
        return await (await self.send(*args, **kwargs))

    async def flush(self) -> None:
        """Hand over what Faust still buffers."""
        await self.buffer.flush()

    async def create_topic(
        self, topic: str, partitions: int, replication: int, *, compacting: Any = None, **_: Any
    ) -> None:
        """Create it at the broker."""
        self.transport.broker.create_topic(topic, partitions, compact=bool(compacting))

    def key_partition(self, topic: str, key: bytes) -> TP:
        """Where a key belongs."""
        return TP(topic, self.transport.broker.partition_of(topic, key))

    def supports_headers(self) -> bool:
        """They are kept as given."""
        return True


class Transport(base.Transport):  # type: ignore[misc]
    """``memory://NAME`` for Faust."""

    Consumer = Consumer
    Producer = Producer
    default_port = 0
    driver_version = "memory"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.broker = MemoryBroker.named(self.url[0].host or "default")


def _stated(seconds: float | None) -> datetime | None:
    # Exact to the microsecond, where datetime.fromtimestamp would depend on the platform.
    return None if seconds is None else EPOCH + timedelta(microseconds=round(seconds * 1_000_000))
