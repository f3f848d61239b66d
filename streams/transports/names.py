"""Records with a header whose name is not UTF-8, which aiokafka cannot read.

A header's name has to be UTF-8, but no broker looks. aiokafka raises inside its fetcher at such a
record, again after every restart: one stranger's message would hold up its partition for ever. With
``mend`` it is read as any other: its names get a ``?`` for what is no text, and one more header,
``HEADER_NAMES``, holds their bytes. A stage buries it with both.
"""

from collections.abc import Iterator
from importlib.metadata import version
from itertools import islice
from struct import unpack_from
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record import default_records, memory_records
from aiokafka.record.util import decode_varint

from streams.burial import HEADER_NAMES

AIOKAFKA = "0.14.0"
MAX_NAMES = 65_536
"""Bytes of such names that are kept: the letter must fit its topic."""
Header = tuple[str, bytes | None]


class DriverVersionError(ImportError):
    """The installed libraries are not those that our changes to them were tested with."""


def mend() -> None:
    """Let every consumer of this process read such records. Once or more often is the same.

    Raises:
        DriverVersionError: another version of aiokafka is installed.
    """
    if (found := version("aiokafka")) != AIOKAFKA:
        raise DriverVersionError(f"aiokafka {found} is installed, we need {AIOKAFKA}")
    fetcher.MemoryRecords = Fetched


class Fetched:
    """What one fetch brought of one partition: takes the place of aiokafka's ``MemoryRecords``."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._fast = memory_records.MemoryRecords(data)

    def size_in_bytes(self) -> int:
        """Of everything."""
        return len(self._data)

    def has_next(self) -> bool:
        """Whether there is one more batch."""
        return bool(self._fast.has_next())

    def next_batch(self) -> Any:
        """The next batch; those of the old formats know no headers."""
        batch: Any = self._fast.next_batch()
        if isinstance(batch, default_records.DefaultRecordBatch):
            return Batch(batch, self._data)
        return batch


class Batch:
    """A batch read by aiokafka's compiled code, and from where that fails by ``_Patient``."""

    def __init__(self, fast: Any, data: bytes) -> None:
        self._fast = fast
        self._data = data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fast, name)

    def __next__(self) -> Any:
        return next(self._fast)  # of a control batch, which the fetcher does not iterate

    def __iter__(self) -> Iterator[Any]:
        read = 0
        try:
            for record in self._fast:
                read += 1
                yield record
        except (UnicodeDecodeError, CorruptRecordException):
            pass  # if it is corrupt, the second reader says so as well
        else:
            return
        yield from islice(_Patient(self._bytes()), read, None)

    def _bytes(self) -> memoryview:
        """The batch alone: it begins with its first offset and the length of what follows."""
        begin = 0
        while True:
            offset, length = unpack_from(">qi", self._data, begin)
            end = begin + 12 + length
            if offset == self._fast.base_offset:
                return memoryview(self._data)[begin:end]
            begin = end


class _Patient(default_records._DefaultRecordBatchPy):  # type: ignore[misc]
    """aiokafka's slow reader of a batch, but for the names of headers."""

    _pos: int

    def _read_msg(self, *_: Any) -> Any:
        data = self._buffer
        length, begin = decode_varint(data, self._pos)
        _, at = decode_varint(data, begin)  # attributes: none are defined
        delay, at = decode_varint(data, at)
        place, at = decode_varint(data, at)
        key, at = _bytes_at(data, at)
        value, at = _bytes_at(data, at)
        headers, at = _headers_at(data, at)
        if at - begin != length:
            raise CorruptRecordException(f"a record of {length} bytes ends after {at - begin}")
        self._pos = at
        appended = self.timestamp_type == self.LOG_APPEND_TIME
        time = self.max_timestamp if appended else self.first_timestamp + delay
        return default_records._DefaultRecordPy(
            self.base_offset + place, time, self.timestamp_type, key, value, headers
        )


def _bytes_at(data: bytearray, at: int) -> tuple[bytes | None, int]:
    """Bytes behind their length, None if that is negative; and where they end."""
    length, at = decode_varint(data, at)
    if length < 0:
        return None, at
    return bytes(data[at : at + length]), at + length


def _headers_at(data: bytearray, at: int) -> tuple[list[Header], int]:
    count, at = decode_varint(data, at)
    found: list[Header] = []
    strange: list[bytes] = []
    for _ in range(count):
        name, at = _bytes_at(data, at)
        if name is None:
            raise CorruptRecordException("a header without a name")
        value, at = _bytes_at(data, at)
        try:
            found.append((name.decode(), value))
        except UnicodeDecodeError:
            strange.append(name)
            found.append((name.decode(errors="replace").replace("\ufffd", "?"), value))
    if strange:
        found.append((HEADER_NAMES, b"\n".join(strange)[:MAX_NAMES]))
    return found, at
