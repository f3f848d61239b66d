"""What a worker process tells its supervisor: a small memory-mapped file in the slot's folder.

The kernel keeps the page when the process is killed, so the supervisor learns over which message
it died. A write costs about a microsecond: it is made for every message. Every write carries a
check sum, so that a reader knows half of one from a whole one.
"""

import mmap
import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self
from zlib import crc32

SIZE = 4096
SUM = struct.Struct("<I")
HEAD = struct.Struct("<IBdQQH")  # pid, state, beat, progress, lag, length of the place
ROOM = SIZE - SUM.size - HEAD.size
TRIES = 5
"""A writer is inside a write for some 100 ns; so many reads in a row do not all meet one."""


class State(IntEnum):
    """How far a worker is."""

    STARTING = 1
    RECOVERING = 2
    READY = 3
    STOPPING = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A pulse at one moment.

    Args:
        beat: ``time.monotonic`` of the event loop's last sign of life; one clock for all
            processes of a machine.
        progress: messages decided and rows recovered since the process started.
        lag: records assigned and not yet worked.
        place: ``stage topic/partition/offset`` of the message being decided, or "".
    """

    pid: int
    state: State
    beat: float
    progress: int
    lag: int
    place: str


class Pulse:
    """The writer's side. Only the thread of the event loop may use it."""

    def __init__(self, page: mmap.mmap) -> None:
        self._page = page
        self._pid = os.getpid()
        self._state = State.STARTING
        self._progress = 0
        self._lag = 0
        self._place = b""
        self.beat()

    @classmethod
    def create(cls, path: Path) -> Self:
        """Begin anew: what an earlier process left is gone."""
        with path.open("w+b") as file:
            file.write(bytes(SIZE))  # a hole would kill the writer (SIGBUS) once the disk is full
            file.flush()
            return cls(mmap.mmap(file.fileno(), SIZE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._page.close()

    @property
    def state(self) -> State:
        """How far the worker is."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._state = state
        self._write()

    @property
    def lag(self) -> int:
        """Records assigned and not yet worked, as last measured."""
        return self._lag

    @lag.setter
    def lag(self, lag: int) -> None:
        self._lag = lag
        self._write()

    def beat(self) -> None:
        """The event loop is alive."""
        self._beat = monotonic()
        self._write()

    def progress(self, count: int) -> None:
        """So many messages were decided, or rows recovered."""
        self._progress += count
        self._write()

    def deciding(self, place: str) -> None:
        """The message that is to blame if the process dies now; "" for none."""
        self._place = place.encode()[:ROOM]
        self._write()

    def _write(self) -> None:
        place = self._place
        head = HEAD.pack(self._pid, self._state, self._beat, self._progress, self._lag, len(place))
        body = head + place
        self._page[: SUM.size + len(body)] = SUM.pack(crc32(body)) + body


def read(path: Path) -> Reading | None:
    """The pulse now; None if there is none, or no whole one."""
    for _ in range(TRIES):
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(ValueError, struct.error):
            return _parse(content)
    return None


def _parse(content: bytes) -> Reading:
    pid, state, beat, progress, lag, length = HEAD.unpack_from(content, SUM.size)
    end = SUM.size + HEAD.size + length
    if SUM.unpack_from(content)[0] != crc32(content[SUM.size : end]):
        raise ValueError("half of a write")
    place = content[SUM.size + HEAD.size : end].decode(errors="ignore")  # may be cut in a character
    return Reading(pid, State(state), beat, progress, lag, place)
