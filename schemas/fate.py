"""items.fates.v1: what became of each (item, version).

Append-only. The current fate of an (item, version) is the last line among those with the highest
decision: a line with decision 0 (a repeat, a refusal) notes an arrival and changes nothing for a
version that was decided before.
"""

from typing import Literal

from pydantic import Field

from schemas.base import Message, UtcTime

Fate = Literal[
    "enriched", "repeat", "superseded", "held", "killed", "expired", "rejected", "buried"
]


class ItemFate(Message):
    """One decision of one stage about one version of one item."""

    item_id: str
    version: int = Field(ge=0, description="0 where no version is known.")
    fate: Fate
    reason: str | None = Field(None, description="A slug; always there for a rejection.")
    detail: str | None = Field(None, description="For a person, bounded in length.")
    stage: str
    origin: str | None = None
    decision: int = Field(0, ge=0, description="Admission's number; 0 before admission.")
    at: UtcTime = Field(description="Log time of the record that was decided.")

    @property
    def key(self) -> bytes:
        """The item's."""
        return self.item_id.encode()
