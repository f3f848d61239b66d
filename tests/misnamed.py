"""Batches of records with header names of any bytes, which no client of ours would write."""

from collections.abc import Sequence
from typing import Any

from aiokafka.record import default_records

Pair = tuple[bytes, bytes | None]
Row = tuple[bytes | None, bytes | None, Sequence[Pair]]
NONE, GZIP = 0, 1


class Name(str):
    """What the slow builder of aiokafka writes as these bytes."""

    raw: bytes

    def encode(self, *_: Any) -> bytes:
        """The bytes."""
        return self.raw


def builder(rows: Sequence[Row], codec: int = NONE) -> Any:
    """aiokafka's slow builder with rows (key, value, headers)."""
    made = default_records._DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 24)
    for offset, (key, value, headers) in enumerate(rows):
        made.append(offset, 1_000 + offset, key, value, [(named(n), v) for n, v in headers])
    return made


def batch(rows: Sequence[Row], codec: int = NONE, first: int = 0) -> bytes:
    """The bytes of a batch, as a broker that gave it the offset ``first`` sends it."""
    return first.to_bytes(8, "big") + bytes(builder(rows, codec).build())[8:]


def named(raw: bytes) -> Name:
    """A header's name."""
    name = Name(raw.decode(errors="replace"))
    name.raw = raw
    return name
