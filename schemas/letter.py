"""letters.audit.v1: what an operator did with a dead letter, who and why."""

from typing import Literal

from pydantic import Field

from schemas.base import Message, Record, UtcTime


class Place(Record):
    """Where one record lies."""

    topic: str = Field(min_length=1)
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


class LetterAudit(Message):
    """One dead letter is dealt with: sent again, or given up on purpose."""

    letter: Place = Field(description="The letter on its dead-letter topic.")
    action: Literal["redriven", "discarded"]
    redriven_to: Place | None = Field(None, description="redriven: the new record at the source.")
    by: str = Field(min_length=1)
    reason: str | None = None
    at: UtcTime = Field(description="By the operator's clock.")

    @property
    def key(self) -> bytes:
        """The letter's place."""
        return str(self.letter).encode()
