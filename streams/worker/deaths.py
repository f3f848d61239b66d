"""The ledger of messages over which worker processes died.

A message that kills its worker (out of memory, an endless loop, a fault in a native library) would
be read again by the next worker, and kill it too, for ever. So each death is counted by the place
of its message, and at a limit the message is condemned: the next worker buries it undecided.
"""

from pathlib import Path

import orjson

from streams.worker.files import locked, replace

ENTRIES = 1000
"""Kept at most, those with the latest deaths. A buried message stays in the ledger, since nobody
can say that its place will never be read again; so the oldest make room."""


class Deaths:
    """The ledger in one data folder, shared by all supervisors that use the folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / "deaths.json"
        self._lock = data / "deaths.lock"

    def note(self, place: str) -> int:
        """One more worker died there.

        Returns: how many did by now.
        Raises:
            OSError: the folder takes no file.
        """
        with locked(self._lock):
            counts = self._read()
            number = counts.pop(place, 0) + 1
            counts[place] = number  # at the end: the order is that of the latest death
            replace(self._path, orjson.dumps(dict(list(counts.items())[-ENTRIES:])))
            return number

    def condemned(self, limit: int) -> frozenset[str]:
        """Places at which so many workers died."""
        return frozenset(place for place, number in self._read().items() if number >= limit)

    def _read(self) -> dict[str, int]:
        try:
            counts = orjson.loads(self._path.read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return {}  # a ledger that somebody damaged must not stop every worker: count anew
        return counts if isinstance(counts, dict) else {}
