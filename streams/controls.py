"""An operator's orders: how they are sent, and what one would do, tried on a run in a folder."""

import base64
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from schemas.control import Control
from schemas.topics import CONTROLS, RAW
from streams.app import Chunk, Given, run_embedded
from streams.archive import Archive
from streams.config import Settings
from streams.sources import RawItem
from streams.step import Delivered
from streams.topology import TOPOLOGY, Stage
from streams.transports.memory import MemoryBroker


async def send(settings: Settings, orders: Sequence[Control]) -> list[Any]:
    """Write the orders; returns when all replicas have them, with their places.

    Raises:
        DeltawireError: as ``publishing``.
    """
    from streams.kafka.publish import deliver, publishing

    async with publishing(settings, CONTROLS) as outlet:
        return [*await deliver(outlet, map(_item, orders))]


def _item(order: Control) -> RawItem:
    return RawItem(order.to_bytes(), order.key, {"origin": f"order by {order.by}".encode()})


async def foreseen(
    archive: Archive, orders: Sequence[Control], topology: Sequence[Stage] = TOPOLOGY
) -> list[Delivered]:
    """What the orders would lead to, had they come at the end of the run. Changes nothing.

    The run's raw messages are worked once more in memory, then the orders. Returns every record
    that is there because of them, in the order of appending inside each topic.
    """
    broker, counts = MemoryBroker(), dict[str, int]()

    async def feed() -> AsyncIterator[Chunk]:
        """The run once more, then the orders."""
        for message in archive.envelopes(RAW.name):
            yield [_given(message)]
        for _, order in archive.orders():
            broker.append(CONTROLS.name, order.key, order.to_bytes())
            yield []
        counts.update(_counted(broker))
        for new in orders:
            broker.append(CONTROLS.name, new.key, new.to_bytes())
        yield []

    await run_embedded(topology, feed(), broker=broker)
    return [
        message
        for name, log in broker.logs().items()
        if not name.endswith("-changelog") and name != CONTROLS.name
        for message in [*log][counts.get(name, 0) :]
    ]


def _counted(broker: MemoryBroker) -> Iterable[tuple[str, int]]:
    return ((name, sum(1 for _ in log)) for name, log in broker.logs().items())


def _given(envelope: dict[str, Any]) -> Given:
    headers = {name: _bytes(value) or b"" for name, value in envelope["headers"].items()}
    return _bytes(envelope["key"]), _bytes(envelope["value"]), headers, None


def _bytes(stated: Any) -> bytes | None:
    """What ``archive.envelope`` made readable."""
    if isinstance(stated, dict):
        return base64.b64decode(stated["base64"])
    return None if stated is None else str(stated).encode()
