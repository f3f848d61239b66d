"""A line to the broker for a service that outlives the broker: opened again when it is dead."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, suppress

import structlog
from aiokafka.errors import KafkaError

from streams.errors import BrokerAwayError, DeltawireError
from streams.kafka.publish import Outlet, Receipt, deliver
from streams.sources import RawItem

RETRY_SECONDS = 2.0
log = structlog.get_logger()


class Line:
    """Delivers while there is a broker, and says so while there is none.

    Args:
        connect: opens an outlet.
        seconds: how long one delivery may take.
    """

    def __init__(
        self, connect: Callable[[], AbstractAsyncContextManager[Outlet]], seconds: float
    ) -> None:
        self._connect, self._seconds = connect, seconds
        self._outlet: Outlet | None = None
        self._broken = asyncio.Event()
        self._late: asyncio.Task[list[Receipt]] | None = None
        self.ready = False

    async def keep(self, stop: asyncio.Event, opened: asyncio.Event) -> None:
        """Hold the line until ``stop``; what is in flight then is waited for.

        Args:
            opened: set when the line is open for the first time.

        Raises:
            DeltawireError: it could not be opened the first time. Later it is tried again.
        """
        while not stop.is_set():
            try:
                async with self._connect() as outlet:
                    self._outlet, self.ready = outlet, True
                    self._broken.clear()
                    opened.set()
                    log.info("broker.found", broker=outlet.name)
                    await _either(stop, self._broken)
                    self.ready, self._outlet = False, None
                    if self._late is not None:
                        self._late.cancel()
            except DeltawireError as error:
                if not opened.is_set():
                    raise
                log.warning("broker.missed", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RETRY_SECONDS)

    async def deliver(self, items: Iterable[RawItem]) -> list[Receipt]:
        """Where the broker has put the items.

        Raises:
            BrokerAwayError: it has not said so in time, or does not take one. Some items, or all,
                may still arrive: to send them again is harmless.
        """
        if self._outlet is None:
            raise BrokerAwayError("there is no broker")
        sending = asyncio.create_task(deliver(self._outlet, items))
        sending.add_done_callback(self._settle)
        await asyncio.wait({sending}, timeout=self._seconds)
        if not sending.done():
            self.ready = False
            if self._late is None:
                self._late = sending  # by this one it will be seen when the broker is back
            else:
                sending.cancel()
            raise BrokerAwayError(f"no acknowledgement in {self._seconds:g} s")
        try:
            return sending.result()
        except (DeltawireError, KafkaError) as error:
            raise BrokerAwayError(f"the broker takes nothing: {type(error).__name__}") from error

    def _settle(self, sending: "asyncio.Task[list[Receipt]]") -> None:
        if sending is self._late:
            self._late = None
        if sending.cancelled():
            return
        if (error := sending.exception()) is None:
            self.ready = self._outlet is not None
            return
        # A producer that has failed once may be of no more use; a new one costs little.
        self.ready = False
        self._broken.set()
        log.error("items.failed", error=str(error) or repr(error))


async def _either(*events: asyncio.Event) -> None:
    tasks = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
