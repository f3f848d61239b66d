"""controls.v1: what an operator decided, who and why."""

from typing import Literal

from pydantic import Field

from schemas.base import Message, UtcTime


class Control(Message):
    """One order. Item actions go to admission, event actions to detection."""

    action: Literal["kill", "hold", "release", "merge", "split"]
    target: str = Field(min_length=1, description="An item id, or an event id for merge and split.")
    space: str = Field("world", description="merge, split: the story space of the event.")
    into: str | None = Field(None, description="merge: the event that stays.")
    item_ids: tuple[str, ...] = Field((), description="split: the members that leave.")
    confirms: str | None = Field(
        None, description="The waiting order (its notice's item id) that means this target."
    )
    by: str = Field(min_length=1)
    reason: str | None = None
    given_at: UtcTime | None = None

    @property
    def key(self) -> bytes:
        """The target's."""
        return self.target.encode()
