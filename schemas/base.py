"""The base of every record: frozen, canonical bytes, tolerant reading."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, ValidationError


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


UtcTime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A point in time, always UTC. A time without an offset is refused."""


def canonical_json(value: Any) -> bytes:
    """One value, one byte string: sorted keys, no spaces, UTC written as ``Z``."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


class Record(BaseModel):
    """Anything frozen that is part of a message. Unknown fields are ignored on reading.

    NaN and infinity have no JSON: a record with one is refused where it is made.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Message(Record):
    """A record that travels on a topic of its own."""

    @property
    def key(self) -> bytes:
        """The partition key: records with equal keys keep their order."""
        raise TypeError(f"{type(self).__name__} states no key")

    @property
    def source_time(self) -> datetime | None:
        """The time that the record itself states; drives the logical clock of ``memory://``."""
        return None

    def to_bytes(self) -> bytes:
        """Canonical JSON without absent fields: equal records give equal bytes."""
        return canonical_json(self.model_dump(exclude_none=True))

    @classmethod
    def from_bytes(cls, value: bytes) -> Self:
        """Read canonical or foreign JSON.

        Raises:
            ValidationError: not JSON, or not this record.
        """
        return cls.model_validate_json(value)


__all__ = ["Message", "Record", "UtcTime", "ValidationError", "canonical_json"]
