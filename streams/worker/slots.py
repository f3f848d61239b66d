"""Who a worker process is: a numbered slot in the data folder, held by a lock.

A slot has a folder (``DATA/slots/N``: tables, pulse, lock) and a static group instance id
(``NODE-N``; with it Kafka gives a restarted worker its partitions back without a rebalance). The
node id is random and written once into ``DATA/node.id``, so **the data folder is the identity**:

- It stays the same over restarts, and over new containers as long as the volume lives.
- Two data folders never share an instance id, without any setting. (So a copy of a folder must not
  work beside its original: delete ``node.id`` in the copy.)
- Under ``docker compose up --scale worker=3`` the three containers share one volume. Each claims
  the lowest slots whose lock is free, and a container that comes later, or again, takes what
  another one left. Nobody numbers containers.

Two processes with one instance id would fence each other in turn. So a slot belongs to whoever
holds the ``flock`` on its lock file, which the kernel frees when the last holder is dead. The
worker process inherits the lock from its supervisor: if only the supervisor is killed, the slot
stays taken until the worker is gone too. Claims are made one at a time, under a lock for all, so
that ``at_work`` can try the locks of slots without taking one from a claimant.

A container without a volume gets a new identity with each new container: that works, but the group
waits for the session of the old one to time out.
"""

import fcntl
import os
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count as numbers
from itertools import islice
from multiprocessing.reduction import DupFd
from pathlib import Path
from secrets import token_hex
from typing import Any

from streams.errors import DeltawireError
from streams.worker.files import locked, replace

NODE = re.compile(rb"[0-9a-f]{8}")


class DataFolderError(DeltawireError):
    """The data folder cannot hold what a worker has to remember."""


class Lock:
    """An ``flock`` that a child started by 'spawn' holds as well: free when all holders ended."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> "Lock | None":
        """None if somebody holds it."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, BlockingIOError):
                return None
            raise
        return cls(handle)

    def sign(self, holder: str) -> None:
        """Write into the file who holds it."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, holder.encode(), 0)

    def release(self) -> None:
        """This process holds it no longer."""
        os.close(self._handle)

    def __reduce__(self) -> tuple[Any, ...]:
        return _inherit, (DupFd(self._handle),)


def _inherit(handle: Any) -> Lock:
    number = handle.detach()
    os.set_inheritable(number, False)
    return Lock(number)


@dataclass(frozen=True, slots=True)
class Slot:
    """One worker's place. While ``lock`` is held nobody else works here."""

    number: int
    folder: Path
    instance_id: str
    lock: Lock = field(repr=False, compare=False)

    @property
    def pulse(self) -> Path:
        """The file in which the worker shows that it is alive."""
        return self.folder / "pulse"


def claim(data: Path, count: int) -> list[Slot]:
    """The lowest free slots of a data folder, which is made if it is missing.

    Raises:
        DataFolderError: it cannot be made, written or locked.
    """
    folder = data / "slots"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(_claims(data)):
            return list(islice(_free(folder, _node(data / "node.id")), count))
    except OSError as error:
        raise _unusable(data, error) from error


def at_work(data: Path) -> list[Path]:
    """Folders of the slots that processes of this container (or machine) hold.

    Raises:
        DataFolderError: the folder cannot be read or locked.
    """
    try:
        with locked(_claims(data)):
            folders = [path for path in (data / "slots").iterdir() if path.name.isdecimal()]
            held = [path for path in folders if _held_here(path / "lock")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unusable(data, error) from error
    return sorted(held, key=lambda path: int(path.name))


def here() -> str:
    """This machine, or this container of it.

    Containers that share a volume can share a host name (compose's ``hostname:``), but not the
    namespace of their process ids, which ``docker exec`` and health checks join.
    """
    namespace = ""
    with suppress(OSError):  # only Linux has it
        namespace = os.readlink("/proc/self/ns/pid")
    return f"{socket.gethostname()} {namespace}".strip()


def _claims(data: Path) -> Path:
    return data / "slots" / "claims.lock"


def _free(folder: Path, node: str) -> Iterator[Slot]:
    for number in numbers():
        place = folder / str(number)
        place.mkdir(exist_ok=True)
        lock = Lock.take(place / "lock")
        if lock is not None:
            lock.sign(here())
            yield Slot(number, place, f"{node}-{number}", lock)


def _node(path: Path) -> str:
    """Racing starters agree, since they come one at a time."""
    with suppress(FileNotFoundError):
        known = path.read_bytes().strip()
        if NODE.fullmatch(known):
            return known.decode()
    node = token_hex(4)
    replace(path, node.encode())
    return node


def _held_here(path: Path) -> bool:
    lock = Lock.take(path)
    if lock is None:
        return path.read_text() == here()
    lock.release()
    return False


def _unusable(data: Path, error: OSError) -> DataFolderError:
    return DataFolderError(
        f"workers cannot use the data folder {data}: {error.strerror or error}; "
        "name a writable one with --data or DELTAWIRE_DATA"
    )
