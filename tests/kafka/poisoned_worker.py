"""A worker whose first stage dies, as by a fault in a native library, over one text."""

import os
import signal
import sys
from dataclasses import replace

from streams.config import Settings
from streams.logs import setup
from streams.stages.normalize import Normalize
from streams.worker import process
from streams.worker.slots import Slot
from streams.worker.supervisor import supervise


class Fragile(Normalize):
    """Dies like by the kernel's out-of-memory killer."""

    def __call__(self, state, message):
        if b"KILL THE WORKER" in (message.value or b""):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(state, message)


def run_fragile_slot(settings: Settings, slot: Slot) -> None:
    """As ``run_slot``, with the fragile stage."""
    first, *rest = process.TOPOLOGY
    process.TOPOLOGY = (replace(first, step=Fragile), *rest)
    process.run_slot(settings, slot)


if __name__ == "__main__":
    setup("info")
    sys.exit(supervise(Settings(), 1, target=run_fragile_slot))
