"""One worker process: the stages over ``kafka://`` in one slot, watched by its supervisor.

It stops by SIGTERM (drains, commits), when its supervisor is gone, or when a stage cannot go on.
In the last case it leaves at once: nothing that was acked is lost, what was not is done again.
"""

import asyncio
import faulthandler
import os
import signal
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import faust
import structlog

from schemas.topics import TOPICS
from streams.agents import MAX_ROW, Guard
from streams.app import build_app, spare_collector
from streams.config import Settings
from streams.errors import DeltawireError, PersonNeededError
from streams.kafka.connection import sasl_password, ssl_context
from streams.logs import setup
from streams.topology import TOPOLOGY
from streams.worker.codes import ExitCode
from streams.worker.deaths import Deaths
from streams.worker.pulse import Pulse, State
from streams.worker.slots import Slot

LOOK_SECONDS = 0.5
LAG_SECONDS = 5.0
DUE_SECONDS = 1.0
DUE_AGAIN = 10
"""Looks after which a notice that is still due is sent once more: the broker's time decides, and
it may have been behind ours."""
QUEUE = 256
"""Messages that wait for a stage; each may be a megabyte."""
log = structlog.get_logger()


def run_slot(settings: Settings, slot: Slot) -> None:
    """Work until stopped. Never returns: the process ends with an ``ExitCode``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the supervisor decides
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    setup(settings.log_level)
    structlog.contextvars.bind_contextvars(slot=slot.number)
    try:
        # No asyncio.run: it would wait for tasks and threads that a crash has left behind.
        code = asyncio.new_event_loop().run_until_complete(_work(settings, slot))
    except DeltawireError as error:
        log.error("worker.refused", error=str(error))
        code = ExitCode.WRONG
    except Exception:
        log.exception("worker.failed")
        code = ExitCode.CRASHED
    os._exit(code)


async def _work(settings: Settings, slot: Slot) -> ExitCode:
    with Pulse.create(slot.pulse) as pulse:
        guard = Guard(
            deciding=pulse.deciding,
            progress=pulse.progress,
            condemned=Deaths(settings.data).condemned(settings.kill_limit),
            dead_letter_limit=settings.dead_letter_limit,
        )
        app = build_worker(settings, slot, guard)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        jobs = (_beat(app, pulse), _measure_lag(app, pulse), _notices(app))
        helpers = [asyncio.create_task(_or_crash(app, job)) for job in (*jobs, app.start())]
        await app.wait_for_stopped(stop.wait())
        for helper in helpers:
            helper.cancel()
        if not app.crashed and _recovered(app):  # else nothing is at work
            pulse.state = State.STOPPING
            await app.stop()
        return _code_of(app.crash_reason) if app.crashed else ExitCode.STOPPED


def build_worker(settings: Settings, slot: Slot, guard: Guard) -> Any:
    """The app over Kafka, with the settings under which nothing is lost."""
    servers = [f"kafka://{server.strip()}" for server in settings.broker.split(",")]
    return build_app(
        servers,
        TOPOLOGY,
        app_id=settings.group,
        datadir=slot.folder,
        guard=guard,
        broker_credentials=_credentials(settings),
        broker_client_id=f"deltawire-{slot.instance_id}",
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_commit_interval=0.5,
        consumer_group_instance_id=slot.instance_id,
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_linger=0.0,  # a batch is sent whole; waiting for more would only add to it
        producer_max_batch_size=131_072,
        producer_max_request_size=max(MAX_ROW, *(topic.max_bytes for topic in TOPICS)),
        stream_buffer_maxsize=QUEUE,
        stream_wait_empty=True,
    )


def _credentials(settings: Settings) -> Any:
    protocol = settings.security_protocol
    context = ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=sasl_password(settings),
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


def _code_of(reason: BaseException | None) -> ExitCode:
    log.error("worker.stopped", error=repr(reason))
    return ExitCode.NEEDS_PERSON if isinstance(reason, PersonNeededError) else ExitCode.CRASHED


async def _or_crash(app: Any, job: Coroutine[Any, Any, None]) -> None:
    """A helper that fails must not be missing in silence."""
    try:
        await job
    except Exception as reason:  # noqa: BLE001 - whatever it is, the worker stops
        await app.crash(reason)


def _recovered(app: Any) -> bool:
    return bool(app.tables.recovery.completed.is_set() and not app.rebalancing)


async def _beat(app: Any, pulse: Pulse) -> None:
    """Show life and readiness."""
    collected, rows = False, 0
    while True:
        ready = _recovered(app)
        if not ready:
            pulse.lag = 0  # as it was before: reading rows back is no stall
            before, rows = rows, sum(len(table.data.data) for table in app.tables.values())
            pulse.progress(max(0, rows - before))
        if ready and not collected:
            spare_collector()
            collected = True
            log.info("worker.ready", rows=sum(len(t.data.data) for t in app.tables.values()))
        pulse.state = State.READY if ready else State.RECOVERING
        pulse.beat()
        await asyncio.sleep(LOOK_SECONDS)


async def _measure_lag(app: Any, pulse: Pulse) -> None:
    """What lies at the broker and in our queues, as far as the broker answers."""
    while True:
        await asyncio.sleep(LAG_SECONDS)
        if _recovered(app):
            with suppress(Exception):
                pulse.lag = await asyncio.wait_for(_lag(app), timeout=LAG_SECONDS)


async def _lag(app: Any) -> int:
    consumer = app.consumer
    tps = [tp for tp in consumer.assignment() if app.topics.acks_enabled_for(tp.topic)]
    ends = await consumer.highwaters(*tps)
    lag: int = len(consumer.unacked) + sum(worker.waiting for worker in app.workers)
    for tp, end in ends.items():
        lag += max(0, end - (await consumer.position(tp) or 0))
    return lag


async def _notices(app: Any) -> None:
    """Publish what falls due. Our clock only wakes the notice; the broker's time decides."""
    known: set[bytes] = set()
    looks = 0
    while True:
        await asyncio.sleep(DUE_SECONDS)
        looks += 1
        if looks % DUE_AGAIN == 0:
            known.clear()
        if _recovered(app):
            for worker in app.workers:
                known |= await worker.publish_due(datetime.now(UTC), known)
