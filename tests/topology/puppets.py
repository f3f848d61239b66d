"""A supervisor over workers with one trick each, as a program of its own: test_supervisor.py.

A program, since signals and a parent's death need real processes; 'spawn' imports it again in each
worker, so it imports little.
"""

import asyncio
import faulthandler
import json
import os
import signal
import sys
import time

from streams.config import Settings
from streams.logs import setup
from streams.worker.codes import ExitCode
from streams.worker.deaths import Deaths
from streams.worker.pulse import Pulse, State
from streams.worker.supervisor import supervise

PLACE = "detect articles.tagged.v1/0/7"


def steady(settings, slot):
    """Works until it is asked to stop, and drains."""
    stops = []
    signal.signal(signal.SIGTERM, lambda *_: stops.append(1))
    with Pulse.create(slot.pulse) as pulse:
        note(slot, "starts", slot.instance_id)
        pulse.state = State.READY
        while not stops:
            pulse.beat()
            time.sleep(0.02)
    note(slot, "drained")
    sys.exit(ExitCode.STOPPED)


def crashing(settings, slot):
    note(slot, "starts", time.monotonic())
    sys.exit(ExitCode.CRASHED)


def wrong(settings, slot):
    second_ends_with(ExitCode.WRONG, settings, slot)


def helpless(settings, slot):
    second_ends_with(ExitCode.NEEDS_PERSON, settings, slot)


def second_ends_with(code, settings, slot):
    if slot.number == 0:
        steady(settings, slot)
    while not (slot.folder.parent / "0" / "starts").exists():
        time.sleep(0.02)
    sys.exit(code)


def stubborn(settings, slot):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with Pulse.create(slot.pulse) as pulse:
        pulse.deciding(PLACE)
        pulse.state = State.READY
        while True:
            pulse.beat()
            time.sleep(0.02)


def deadly(settings, slot):
    """Dies like one that the kernel kills for its memory, until the message is condemned."""
    if PLACE in Deaths(settings.data).condemned(settings.kill_limit):
        steady(settings, slot)
    note(slot, "starts", time.monotonic())
    with Pulse.create(slot.pulse) as pulse:
        pulse.deciding(PLACE)
        os.kill(os.getpid(), signal.SIGKILL)


def hanging(settings, slot):
    """At its first start slot 0 hangs in one message; slot 1 moves, but its work does not."""
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    if (slot.folder / "hung").exists():
        steady(settings, slot)
    note(slot, "hung")
    with Pulse.create(slot.pulse) as pulse:
        pulse.state = State.READY
        while slot.number == 1:
            pulse.lag = 5
            pulse.beat()
            time.sleep(0.02)
        pulse.deciding(PLACE)
        time.sleep(60)


def note(slot, name, text=""):
    with (slot.folder / name).open("a") as file:
        file.write(f"{text}\n")


async def at_once(settings):
    return ExitCode.STOPPED


async def forever(settings):
    (settings.data / "waiting").touch()
    await asyncio.sleep(60)


if __name__ == "__main__":
    trick, count, given = sys.argv[1:]
    target, prepare = (steady, forever) if trick == "waiting" else (globals()[trick], at_once)
    setup("info")
    sys.exit(supervise(Settings(**json.loads(given)), int(count), target=target, prepare=prepare))
