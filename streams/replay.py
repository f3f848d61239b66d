"""Replay in memory: sources in, the archive of every topic out. No broker, no wall clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO

from streams.app import Chunk, Given, run_embedded
from streams.archive import Archive, archive_of
from streams.sources import RawItem, read_sources
from streams.topology import TOPOLOGY, Stage
from streams.transports.memory import MemoryBroker


async def replay(
    sources: Sequence[str],
    *,
    space: str = "world",
    speed: float | None = None,
    progress: Callable[[RawItem], None] | None = None,
    stop: asyncio.Event | None = None,
    topology: Sequence[Stage] = TOPOLOGY,
    stdin: BinaryIO | None = None,
) -> Archive:
    """Run the whole topology over the sources.

    Args:
        sources: files, folders, globs, ``-``.
        speed: times the wire's own pace; None runs as fast as it can.
        progress: called for each raw message that is fed.
        stop: when set, what was fed is finished and the run ends.
        stdin: what ``-`` reads; by default the process's own standard input.

    Raises:
        DeltawireError: a source matches nothing.
    """
    broker, stop = MemoryBroker(), stop or asyncio.Event()
    items = _noted(read_sources(sources, space=space, stdin=stdin), progress)
    feed = _one_by_one(items, broker, speed, stop)
    await run_embedded(topology, feed, broker=broker, stop=stop)
    return archive_of(broker.logs())


def _noted(
    items: Iterable[RawItem], progress: Callable[[RawItem], None] | None
) -> Iterator[RawItem]:
    for item in items:
        if progress is not None:
            progress(item)
        yield item


async def _one_by_one(
    items: Iterator[RawItem], broker: MemoryBroker, speed: float | None, stop: asyncio.Event
) -> AsyncIterator[Chunk]:
    """Each message is worked off before the next one comes.

    So what falls due by an article's time is done before the next article, and the logs are the
    same at every speed. With a speed, sleeps as long as log time went on, divided by it.
    """
    for item in items:
        before = broker.now
        yield [_given(item)]
        gone = (broker.now - before).total_seconds()
        if speed is not None and before.year > 1970 and gone > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), gone / speed)


def _given(item: RawItem) -> Given:
    return item.key, item.value, dict(item.headers), None
