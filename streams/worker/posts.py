"""One slot and the process at work in it: started, watched, ended."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from time import monotonic, sleep
from typing import Any

from streams.config import Settings
from streams.worker.codes import ExitCode
from streams.worker.pulse import Reading, State, read
from streams.worker.slots import Slot

Target = Callable[[Settings, Slot], None]

FIRST_DELAY, LAST_DELAY = 0.5, 30.0
STEADY_SECONDS = 60.0
"""Ready for so long: a worker that falls now starts again without the delays of earlier falls."""
DUMP_SECONDS = 1.0
REAP_SECONDS = 5.0
"""A killed process is gone in milliseconds, unless the kernel waits for a disk that is gone."""

# Not 'fork': a copy of this process would share its threads' locks and its signal handlers. And
# settings with their secrets travel by a pipe, never on a command line.
_processes = get_context("spawn")


@dataclass(slots=True)
class Watch:
    """What was seen of one process, and when, in seconds of ``time.monotonic``.

    Args:
        alive: its last sign of life; at first its start.
        moved: when it last made progress, or had nothing to do; its first pulse counts.
        ready: since when it is at work.
    """

    alive: float
    moved: float
    progress: int = -1
    ready: float | None = None

    def look(self, reading: Reading, now: float) -> None:
        """Take in the pulse."""
        self.alive = reading.beat
        if reading.progress != self.progress or not (reading.lag or reading.place):
            self.progress, self.moved = reading.progress, now
        if reading.state is not State.READY:
            self.ready = None
        elif self.ready is None:
            self.ready = now

    def complaint(self, now: float, limit: float) -> str:
        """Why the process must be taken for stuck, or ""."""
        if now - self.alive > limit:
            return "no sign of life"
        if now - self.moved > limit:
            return "work and no progress"
        return ""

    def steady(self, now: float) -> bool:
        """Whether earlier falls no longer count."""
        return self.ready is not None and now - self.ready > STEADY_SECONDS


class Post:
    """A slot, and the process at work in it if there is one.

    Args:
        due: when to start the next process, if there is none.
        falls: how often in a row a process ended unasked.
    """

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self.due = 0.0
        self.falls = 0
        self._process: SpawnProcess | None = None
        self._watch = Watch(0.0, 0.0)

    @property
    def manned(self) -> bool:
        """Whether there is a process, or one that ended and was not settled."""
        return self._process is not None

    @property
    def process(self) -> SpawnProcess:
        """Ask only where ``manned``."""
        if self._process is None:
            raise LookupError(f"no process in slot {self.slot.number}")
        return self._process

    @property
    def facts(self) -> dict[str, Any]:
        """For the log."""
        return {"slot": self.slot.number, "pid": self.process.pid}

    def start(self, target: Target, settings: Settings) -> None:
        """A new process, which holds the slot's lock too."""
        process = _processes.Process(
            target=_serve, args=(target, settings, self.slot), name=f"slot-{self.slot.number}"
        )
        with _deaf_to_interrupts():
            process.start()
        now = monotonic()
        self._process, self._watch = process, Watch(alive=now, moved=now)

    def look(self, limit: float) -> tuple[str, Reading | None]:
        """Why the process must be taken for stuck, or "", and its pulse."""
        now, reading = monotonic(), read(self.slot.pulse)
        if reading is not None:
            self._watch.look(reading, now)
        return self._watch.complaint(now, limit), reading

    def dump_and_kill(self) -> None:
        """Let it write its stacks, then end it."""
        if self.process.pid is not None:
            os.kill(self.process.pid, signal.SIGUSR1)
        wait([self.process.sentinel], timeout=DUMP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.join(REAP_SECONDS)

    def delay(self) -> float:
        """Plan the next start, ever later after falls. Returns: the seconds until then."""
        now = monotonic()
        if self._watch.steady(now):
            self.falls = 0
        seconds = min(LAST_DELAY, FIRST_DELAY * 2.0 ** min(self.falls, 16))
        self.falls += 1
        self.due = now + seconds
        return seconds

    def clear(self) -> Reading | None:
        """Forget the process, which has ended.

        Returns: its last pulse. The file goes, so that nobody takes it for that of the next one.
        """
        if self._process is not None:
            self._process.close()
            self._process = None
        reading = read(self.slot.pulse)
        self.slot.pulse.unlink(missing_ok=True)
        return reading


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A child begins with SIGINT blocked: Ctrl-C reaches it too, but the supervisor decides."""
    resource_tracker.ensure_running()  # by itself it would unblock the signal in between
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _serve(target: Target, settings: Settings, slot: Slot) -> None:
    """The first call in a worker process."""
    follower = threading.Thread(
        target=_leave_with_parent, args=(settings.grace_seconds,), daemon=True
    )
    follower.start()
    target(settings, slot)


def _leave_with_parent(grace: float) -> None:
    """No orphans: drain as if asked when the supervisor is gone, even if it was killed.

    In a thread, since the event loop may be what is stuck.
    """
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(grace)
        os._exit(ExitCode.KILLED)
