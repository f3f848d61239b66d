"""controls.v1 -> the topic of the stage that owns the decision."""

from typing import Any

from pydantic import TypeAdapter

from schemas.article import ItemControl
from schemas.control import Control
from schemas.tagged import EventControl
from streams.codec import decode
from streams.errors import Rejected
from streams.step import Delivered, Outcome, State

_CONTROL = TypeAdapter(Control)


class Route:
    """Item orders go to admission, event orders to detection. Keeps no state."""

    def __call__(self, state: State, message: Delivered) -> Outcome:
        """Re-key one order. Raises ``Rejected`` for one that is none, or that lacks a part."""
        order = decode(_CONTROL, message)
        if order.action in ("merge", "split"):
            return Outcome((_event_order(order),))
        return Outcome((_item_order(order),))

    def observe(self, key: str, value: Any) -> None:
        """No rows, nothing to note."""


def _item_order(order: Control) -> ItemControl:
    """To its target; a confirmation to the order that waits, which then goes to its target."""
    return ItemControl.model_validate(
        {
            "action": order.action,
            "item_id": order.confirms or order.target,
            "confirmed_target": order.target if order.confirms else None,
            "reason": order.reason,
            "by": order.by,
            "published_at": order.given_at,
        }
    )


def _event_order(order: Control) -> EventControl:
    if order.action == "merge" and not order.into:
        raise Rejected("incomplete-control", "merge needs 'into'", item_id=order.target)
    if order.action == "split" and not order.item_ids:
        raise Rejected("incomplete-control", "split needs 'item_ids'", item_id=order.target)
    return EventControl.model_validate(
        {
            "action": order.action,
            "space": order.space,
            "event_id": order.target,
            "into": order.into,
            "item_ids": order.item_ids,
            "by": order.by,
            "reason": order.reason,
        }
    )
