"""Readiness and liveness of the workers of this container.

Several containers may share one data folder, and each must judge its own slots only. The kernel
knows which those are: a slot belongs to whoever holds its lock, and the holder signed the lock
file with its host name and process namespace (``slots.here``). So nothing stale is ever judged: a
dead holder has no lock. On a machine without containers, "here" is the whole machine.
"""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from streams.config import Settings
from streams.worker.pulse import Reading, State, read
from streams.worker.slots import at_work


@dataclass(frozen=True, slots=True)
class Health:
    """How one slot is.

    Args:
        live: its event loop moves, or its process is about to start; a restart would not help.
        ready: it is live, has recovered its tables, and works.
        problem: why it is not ready, or "".
        beat_age: seconds since the last sign of life; None before the first.
    """

    slot: int
    live: bool
    ready: bool
    problem: str
    state: str
    beat_age: float | None = None
    progress: int = 0
    lag: int = 0
    deciding: str = ""


def examine(settings: Settings) -> list[Health]:
    """One for each slot that works here; none if no supervisor runs here.

    Raises:
        DeltawireError: the data folder cannot be read.
    """
    now, limit = monotonic(), settings.stall_seconds
    return [
        _health(int(folder.name), read(folder / "pulse"), now, limit)
        for folder in at_work(settings.data)
    ]


def verdict(slots: list[Health], *, live: bool, data: Path) -> tuple[bool, str]:
    """Whether all is well, and one line that says so or why not."""
    if not slots:
        return False, f"no worker runs here with the data folder {data}"
    word = "live" if live else "ready"
    bad = [slot for slot in slots if not (slot.live if live else slot.ready)]
    if bad:
        return False, f"not {word}: " + "; ".join(f"slot {s.slot} {s.problem}" for s in bad)
    return True, f"{word}: {len(slots)} of {len(slots)} workers"


def _health(slot: int, reading: Reading | None, now: float, limit: float) -> Health:
    if reading is None:
        # Just started, or waiting for its next start: both are the supervisor's to end.
        return Health(slot, True, False, "has no process at work yet", "starting")
    age = now - reading.beat
    live = age <= limit
    ready = live and reading.state is State.READY
    state = reading.state.name.lower()
    problem = f"is {state}" if live else f"gave no sign of life for {age:.0f} s"
    return Health(
        slot,
        live,
        ready,
        "" if ready else problem,
        state,
        round(age, 3),
        reading.progress,
        reading.lag,
        reading.place,
    )
