"""The Faust app over any broker, and the embedded run: everything in this process."""

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import faust
from faust.tables.manager import TableManager

from schemas.topics import TOPICS
from streams.agents import Guard, attach
from streams.logs import hush_libraries
from streams.topology import Stage
from streams.transports.memory import MemoryBroker

APP_ID = "deltawire"

Given = tuple[bytes | None, bytes | None, dict[str, bytes], datetime | None]
"""Key, value, headers, and the time that the record states."""
Chunk = Iterable[Given]


class PromptTables(TableManager):  # type: ignore[misc]
    """Without Faust's second of waiting for tables that modules may still declare."""

    async def on_start(self) -> None:
        """All tables are declared before the app starts."""
        await self._update_channels()
        await self.recovery.start()


def build_app(
    broker_url: str | list[str],
    topology: Iterable[Stage],
    *,
    app_id: str = APP_ID,
    datadir: Path | str,
    guard: Guard | None = None,
    **options: Any,
) -> Any:
    """The Faust app with one agent per stage; ``app.workers`` holds the stages at work.

    Nothing connects before it is started. The web port stays closed.

    Args:
        options: settings of Faust that belong to one kind of broker.
    """
    app = faust.App(
        app_id,
        broker=broker_url,
        datadir=str(datadir),
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",
        table_standby_replicas=0,  # a standby's rows would lie among ours
        topic_disable_leader=True,
        web_enabled=False,
        TableManager=PromptTables,
        **options,
    )
    app.workers = attach(app, topology, guard)
    return app


async def run_embedded(
    topology: Sequence[Stage],
    feed: AsyncIterable[Chunk] | Iterable[Chunk],
    *,
    broker: MemoryBroker | None = None,
    on_progress: Callable[[int], None] | None = None,
    stop: asyncio.Event | None = None,
) -> MemoryBroker:
    """Run the stages over the feed without a broker, and hand back the logs.

    Args:
        feed: chunks of records for the first stage's source; each is worked off before the next.
        broker: to continue on; a new one by default.
        on_progress: called after each chunk with the number of records fed so far.
        stop: when set, the chunk at work is finished and the run ends.

    Raises:
        Exception: what a worker stopped for.
    """
    hush_libraries()
    broker = broker or MemoryBroker()
    create_topics(broker, topology)
    with tempfile.TemporaryDirectory(prefix="deltawire-") as datadir:
        # What a stop interrupts is repeated, or gone with the process: never wait for it.
        app = build_app(broker.url, topology, datadir=datadir, stream_wait_empty=False)
        try:
            await app.start()
            fed = 0
            async for chunk in _chunks(feed):
                if app.crashed or (stop is not None and stop.is_set()):
                    break
                fed += _push(broker, topology[0].source.name, chunk)
                await _settle(app, broker)
                if on_progress is not None:
                    on_progress(fed)
        finally:
            await app.stop()
    if app.crashed:
        raise app.crash_reason
    return broker


def spare_collector() -> None:
    """For a process that is a worker: Python's garbage collector shall not walk all rows often.

    Rows live until they are deleted; full collections over them cost an eighth of the CPU time
    of a replay of 2,000 articles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def create_topics(broker: MemoryBroker, topology: Iterable[Stage]) -> None:
    """The sources in the order of flow, all other topics, and where the stages bury."""
    sources = [stage.source for stage in topology]
    for topic in (*sources, *TOPICS):
        broker.create_topic(topic.name, topic.partitions)
    for topic in sources:
        broker.create_topic(topic.dead, topic.partitions)


def _push(broker: MemoryBroker, topic: str, chunk: Chunk) -> int:
    count = 0
    for key, value, headers, time in chunk:
        broker.append(topic, key, value, headers=tuple(headers.items()), timestamp=time)
        count += 1
    return count


async def _settle(app: Any, broker: MemoryBroker) -> None:
    """Work everything off, with all that falls due by it. Returns early if the app crashes."""
    known: set[bytes] = set()
    while not await app.wait_for_stopped(broker.idle()):
        fresh = [await worker.publish_due(broker.now, known) for worker in app.workers]
        if not any(fresh):
            return
        known = known.union(*fresh)


async def _chunks(feed: AsyncIterable[Chunk] | Iterable[Chunk]) -> AsyncIterator[Chunk]:
    if isinstance(feed, AsyncIterable):
        async for chunk in feed:
            yield chunk
    else:
        for chunk in feed:
            yield chunk
