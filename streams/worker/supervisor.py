"""Keeps one worker process alive in each slot, until it is asked to stop.

A plain loop: wait for the end of a child, for a signal, or for a quarter of a second; then settle
what ended, look at the pulses, start what is due. Nothing in it waits without a limit.

A container runs this as its first process. Give it a stop grace longer than ``grace_seconds``
(compose: ``stop_grace_period``), or the container is killed before the workers have drained.
"""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from multiprocessing.connection import wait
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

import structlog

from streams.config import Settings
from streams.worker.codes import ExitCode
from streams.worker.deaths import Deaths
from streams.worker.posts import Post, Target
from streams.worker.pulse import Reading, State
from streams.worker.slots import Slot, claim

Prepare = Callable[[Settings], Awaitable[ExitCode]]

LOOK_SECONDS = 0.25
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
FINAL = (ExitCode.WRONG, ExitCode.NEEDS_PERSON)
GRAVITY = (ExitCode.STOPPED, ExitCode.CRASHED, ExitCode.KILLED, *FINAL)
log = structlog.get_logger()


def supervise(
    settings: Settings,
    count: int,
    *,
    target: Target | None = None,
    prepare: Prepare | None = None,
) -> ExitCode:
    """Run so many workers until SIGTERM, SIGINT, or something that no restart would mend.

    Args:
        target: what a worker process runs; importable, since it is started by 'spawn'.
        prepare: waits for what the workers need; they are started if it returns STOPPED.
    Raises:
        DeltawireError: the data folder or the connection settings cannot be used.
    """
    slots = claim(settings.data, count)
    try:
        with Signals() as signals:
            supervisor = Supervisor(settings, slots, target or _run_slot, signals)
            supervisor.settle_leftovers()
            code = asyncio.run(_unless_stopped((prepare or broker_ready)(settings), signals))
            return supervisor.run() if code is ExitCode.STOPPED else code
    finally:
        for slot in slots:
            slot.lock.release()


def _run_slot(settings: Settings, slot: Slot) -> None:
    """Imports Faust and the models in the child only: the supervisor stays small."""
    from streams.worker.process import run_slot

    run_slot(settings, slot)


async def broker_ready(settings: Settings) -> ExitCode:
    """Wait for the broker, then compare its topics with ours."""
    from streams.kafka.topics import BrokerAwayError, check, wait_for_broker

    try:
        await wait_for_broker(settings)
        problems = await check(settings)
    except BrokerAwayError as error:
        log.error("broker.missed", broker=settings.broker, error=str(error))
        return ExitCode.BROKER_AWAY
    for problem in problems:
        hint = "deltawire topics create, deltawire topics acls"
        log.error("topic.refused", problem=problem, hint=hint)
    return ExitCode.WRONG if problems else ExitCode.STOPPED


async def _unless_stopped(job: Awaitable[ExitCode], signals: "Signals") -> ExitCode:
    task = asyncio.ensure_future(job)
    while not task.done():
        if signals.count:
            task.cancel()
        await asyncio.wait({task}, timeout=LOOK_SECONDS)
    return ExitCode.STOPPED if task.cancelled() else task.result()


class Signals:
    """Counts SIGTERM and SIGINT, and ends a ``wait`` in which it stands.

    The first process of a container must handle SIGTERM: unhandled, the kernel drops it there.
    """

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._before = {name: signal.signal(name, self._note) for name in STOP_SIGNALS}
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        for name, handler in self._before.items():
            signal.signal(name, handler)
        self._reader.close()
        self._writer.close()

    @property
    def handle(self) -> int:
        """For ``wait``."""
        return self._reader.fileno()

    def drain(self) -> None:
        """The next ``wait`` waits again."""
        with suppress(BlockingIOError):
            self._reader.recv(4096)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1


class Supervisor:
    """Runs the posts. ``code`` is the gravest thing that happened."""

    def __init__(
        self, settings: Settings, slots: list[Slot], target: Target, signals: Signals
    ) -> None:
        self.code = ExitCode.STOPPED
        self._settings = settings
        self._target = target
        self._signals = signals
        self._posts = [Post(slot) for slot in slots]
        self._deaths = Deaths(settings.data)

    def settle_leftovers(self) -> None:
        """A pulse without a process: its supervisor died with it, as when a container runs out of
        memory. If the message is to blame, nobody else has noted it."""
        for post in self._posts:
            reading = post.clear()
            if reading is not None and reading.state is not State.STOPPING:
                self._note(reading)

    def run(self) -> ExitCode:
        """Until a signal or a final code. No child outlives it, whatever happens here."""
        try:
            while not self._signals.count and self.code not in FINAL:
                self._start_due()
                self._wait(LOOK_SECONDS)
                for post in self._ended():
                    self._settle_fall(post)
                self._watch()
            self._stop()
        finally:
            for post in self._manned():
                self._kill(post)
        log.info("supervisor.stopped", code=self.code.name)
        return self.code

    def _start_due(self) -> None:
        for post in self._posts:
            if not post.manned and post.due <= monotonic():
                post.start(self._target, self._settings)
                event = "worker.restarted" if post.falls else "worker.started"
                log.info(event, **post.facts, instance=post.slot.instance_id)

    def _manned(self) -> list[Post]:
        return [post for post in self._posts if post.manned]

    def _wait(self, seconds: float) -> None:
        ends = [post.process.sentinel for post in self._manned()]
        wait([*ends, self._signals.handle], timeout=max(0.0, seconds))
        self._signals.drain()

    def _ended(self) -> list[Post]:
        return [post for post in self._manned() if post.process.exitcode is not None]

    def _settle_fall(self, post: Post) -> None:
        """Nobody asked this process to end, not even with code 0."""
        facts, code, reading = self._clear(post)
        if code in FINAL:
            log.error("worker.refused", **facts)
            self._worsen(ExitCode(code))
            return
        log.error("worker.died", **facts, restart_in=post.delay())
        if code < 0:
            self._note(reading)

    def _settle_stop(self, post: Post) -> None:
        """This process was asked to end; until it handles SIGTERM, that simply ends it."""
        facts, code, reading = self._clear(post)
        if code in (ExitCode.STOPPED, -signal.SIGTERM):
            log.info("worker.stopped", **facts)
            return
        log.error("worker.died", **facts)
        self._worsen(ExitCode(code) if code in FINAL else ExitCode.CRASHED)
        if code < 0:
            self._note(reading)

    def _clear(self, post: Post) -> tuple[dict[str, object], int, Reading | None]:
        """What to log of a process that ended, its code, its last pulse."""
        facts, code = post.facts, post.process.exitcode or 0
        reading = post.clear()
        return facts | {"end": _end(code), "place": _place(reading)}, code, reading

    def _note(self, reading: Reading | None) -> None:
        """Count the death against the message over which it came."""
        place = _place(reading)
        if not place:
            return
        try:
            deaths = self._deaths.note(place)
        except OSError as error:  # a full disk is no reason to stop all workers
            log.error("death.unrecorded", place=place, error=str(error))
            return
        if deaths >= self._settings.kill_limit:
            log.error("message.condemned", place=place, deaths=deaths)

    def _watch(self) -> None:
        for post in self._manned():
            why, reading = post.look(self._settings.stall_seconds)
            if why:
                log.error("worker.stalled", **post.facts, why=why, place=_place(reading))
                # Settled as a death by signal: the message may be to blame.
                post.dump_and_kill()

    def _stop(self) -> None:
        deadline = monotonic() + self._settings.grace_seconds
        for post in self._manned():
            post.process.terminate()
        # A second signal means: now.
        while self._manned() and self._signals.count < 2 and monotonic() < deadline:
            self._wait(min(LOOK_SECONDS, deadline - monotonic()))
            for post in self._ended():
                self._settle_stop(post)
        for post in self._manned():
            log.error("worker.killed", **post.facts)
            self._worsen(ExitCode.KILLED)
            self._kill(post)

    def _kill(self, post: Post) -> None:
        """Not noted: the kill is ours, no message is to blame."""
        post.kill()
        if post.process.exitcode is not None:
            post.clear()

    def _worsen(self, code: ExitCode) -> None:
        self.code = max(self.code, code, key=GRAVITY.index)


def _place(reading: Reading | None) -> str:
    return reading.place if reading else ""


def _end(code: int) -> str:
    """How a process ended, in a word."""
    with suppress(ValueError):
        return signal.Signals(-code).name if code < 0 else ExitCode(code).name
    return str(code)
