"""Replay in memory: sources in, the archive of every topic out. No broker, no wall clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import BinaryIO

from streams.app import Chunk, Given, run_embedded
from streams.archive import Archive, archive_of
from streams.sources import RawItem, read_sources
from streams.topology import TOPOLOGY, Stage
from streams.transports.memory import MemoryBroker

CHUNK = 32
"""Raw messages pushed at once; a time that falls due inside a chunk is noticed after it."""


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
    feed = _chunks(items) if speed is None else _paced(items, broker, speed, stop)
    await run_embedded(topology, feed, broker=broker, stop=stop)
    return archive_of(broker.logs())


def _noted(
    items: Iterable[RawItem], progress: Callable[[RawItem], None] | None
) -> Iterator[RawItem]:
    for item in items:
        if progress is not None:
            progress(item)
        yield item


async def _chunks(items: Iterator[RawItem]) -> AsyncIterator[Chunk]:
    while chunk := list(islice(items, CHUNK)):
        yield map(_given, chunk)


async def _paced(
    items: Iterator[RawItem], broker: MemoryBroker, speed: float, stop: asyncio.Event
) -> AsyncIterator[Chunk]:
    """One at a time; after each, sleep as long as log time went on, divided by ``speed``."""
    for item in items:
        before = broker.now
        yield [_given(item)]
        gone = (broker.now - before).total_seconds()
        if before.year > 1970 and gone > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), gone / speed)


def _given(item: RawItem) -> Given:
    return item.key, item.value, dict(item.headers), None
