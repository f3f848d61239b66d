"""A folder as a way in: files are sent when they are complete, then moved to ``done/``.

FTP, SMB and NFS say nothing when a file is closed. A file counts as complete when its size, its
time and its identity have stayed the same for the settle time, by our own clock, and its name is
none of those that senders give to unfinished files. It is moved when the broker has all its
items, so that a crash sends it again and loses nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from time import monotonic

import orjson
import structlog

from streams.errors import Rejected
from streams.intake.folder import Folder, Print, shown
from streams.intake.together import together
from streams.kafka.publish import Flight, Outlet, Receipt
from streams.readers.split import format_of
from streams.sources import RawItem, read_stream

AT_ONCE = 16  # files that are sent at the same time: one that is small waits for its receipt only
REST_EVERY = 100  # items of a file between two looks at the rest of the process
log = structlog.get_logger()


@dataclass(slots=True)
class WatchTally:
    """What a run did."""

    done: int = 0
    rejected: int = 0
    items: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What items of this folder are told to be."""

    space: str = "world"
    source: str | None = None


class Watch:
    """Looks at the folder again and again.

    Args:
        settle: seconds without a change after which a file is complete.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        folder: Folder,
        outlet: Outlet,
        marks: Marks | None = None,
        *,
        settle: float = 5.0,
        clock: Callable[[], float] = monotonic,
        stop: asyncio.Event | None = None,
        tally: WatchTally | None = None,
    ) -> None:
        self.tally = tally or WatchTally()
        self._folder, self._outlet, self._marks = folder, outlet, marks or Marks()
        self._settle, self._clock = settle, clock
        self._stop = stop or asyncio.Event()
        self._since: dict[str, tuple[Print, float]] = {}
        self._closed: set[str] = set()

    async def run(self, interval: float, *, once: bool = False) -> None:
        """Until it is stopped; or, with ``once``, until nothing is left that is or may be complete.

        Raises:
            FolderError: the folder cannot be read, or a file cannot be moved.
            ProduceError, BrokerAwayError: as of ``Flight``; the file stays where it is.
        """
        while not self._stop.is_set():
            await self.round()
            if once and not self._since:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), interval)
        self.tally.stopped = True

    async def round(self) -> None:
        """One look, and what it shows to be complete, the oldest first."""
        now, seen = self._clock(), self._folder.look()
        for name, problem in self._folder.closed.items():
            if name not in self._closed:
                self.tally.reasons["closed-folder"] += 1
                log.warning("folder.closed", folder=shown(name), problem=problem)
        self._closed = set(self._folder.closed)
        self._since = {
            name: before if (before := self._since.get(name)) and before[0] == mark else (mark, now)
            for name, mark in seen.items()
        }
        complete = [n for n, (_, since) in self._since.items() if now - since >= self._settle]
        complete.sort(key=lambda name: (seen[name].changed, name))
        await together(self._take, complete, AT_ONCE)

    async def _take(self, name: str) -> None:
        if self._stop.is_set():
            return
        mark, _ = self._since.pop(name)
        try:
            sent = await self._send(name, mark)
            if sent is not None:
                self._folder.move(name, "done", mark)
                self.tally.done += 1
                log.info("file.done", file=shown(name), items=sent)
        except Rejected as refusal:
            with suppress(FileNotFoundError):
                self._refuse(name, mark, refusal)
        except FileNotFoundError:
            self.tally.reasons["vanished"] += 1
            log.warning("file.vanished", file=shown(name))

    async def _send(self, name: str, mark: Print) -> int | None:
        """How many items the broker has; None if the file is not to be moved yet."""
        flight, sent, whole = Flight(self._outlet), 0, True
        with self._folder.open(name) as stream:
            for item in _items(stream, self._folder.root, name, mark, self._marks):
                await flight.send(item, self._count)
                sent += 1
                if sent % REST_EVERY == 0:
                    await asyncio.sleep(0)  # for the signal that stops
                    if self._stop.is_set():
                        whole = False
                        break
            await flight.finish()
        if not whole:
            log.warning("file.interrupted", file=shown(name), items=sent)
        elif self._folder.look_at(name) != mark:
            self.tally.reasons["grew"] += 1  # all of it is sent again when it is complete
            log.warning("file.grew", file=shown(name), items=sent)
        else:
            return sent
        return None

    def _count(self, _: Receipt) -> None:
        self.tally.items += 1

    def _refuse(self, name: str, mark: Print, refusal: Rejected) -> None:
        what = {"file": shown(name), "reason": refusal.reason, "detail": refusal.detail}
        at = datetime.now(UTC).isoformat(timespec="seconds")
        reason = orjson.dumps({**what, "size": mark.size, "at": at}, option=orjson.OPT_INDENT_2)
        self._folder.move(name, "rejected", mark, reason)
        self.tally.rejected += 1
        self.tally.reasons[refusal.reason] += 1
        log.warning("file.rejected", **what)


def foresee(folder: Folder, marks: Marks) -> Iterator[tuple[str, int, str]]:
    """What would become of each file now: its name, its items, and the reason if it is refused."""
    for name, mark in folder.look().items():
        try:
            with folder.open(name) as stream:
                count = sum(1 for _ in _items(stream, folder.root, name, mark, marks))
            yield name, count, ""
        except Rejected as refusal:
            yield name, 0, refusal.reason
        except FileNotFoundError:
            continue


def _items(
    stream: BufferedReader, root: Path, name: str, mark: Print, marks: Marks
) -> Iterator[RawItem]:
    """The items of one file. A line that is too large is an item that says so, as in ``produce``.

    Raises:
        Rejected: ``empty``, ``too-large`` (as a whole), ``unreadable``.
    """
    if mark.size == 0:
        raise Rejected("empty", "no bytes")
    origin, count = str(root / name), 0
    try:
        for item in read_stream(
            stream,
            format_of(name),
            origin=origin,
            name=name,
            space=marks.space,
            source=marks.source,
        ):
            if "name" in item.headers and "unreadable" in item.headers:  # a line has no name
                detail = item.headers["detail"].decode(errors="replace")
                raise Rejected(item.headers["unreadable"].decode(), detail)
            count += 1
            yield item
    except OSError as error:
        raise Rejected("unreadable", error.strerror or str(error)) from error
    if not count:
        raise Rejected("empty", "no item in it")
