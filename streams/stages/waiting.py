"""Orders that name their target by number, slug or headline: they wait for an operator.

Such a name may fit two items, or none that is here: carrying it out on a guess would withdraw what
nobody withdrew. The row ``order:ID`` (ID: the notice's item id) holds the order until an operator
says which item it means; the order then goes to that item's own partition. It stays with what was
confirmed, so that the same notice, sent again, does not wait again.
"""

from datetime import datetime
from typing import Any

from schemas.article import ItemControl
from schemas.fate import Fate, ItemFate
from streams.errors import MAX_DETAIL, Rejected
from streams.step import Outcome, State

STAGE = "admit"
UNRESOLVED = "-unresolved"
"""``kill-unresolved``, ``hold-unresolved``: the reason in the fate of a notice that waits."""


def keep(state: State, order: ItemControl, at: datetime) -> Outcome:
    """An order that names no id arrives: it waits, unless it was confirmed before."""
    row = state.get(_key(order.item_id)) or {}
    confirmed = row.get("confirmed", ())
    names = "; ".join(map(str, order.named or ()))
    kept = {
        "action": order.action,
        "named": names,
        "version": order.notice_version,
        "origin": order.origin,
        "confirmed": list(confirmed),
    }
    return Outcome((_fate(order.item_id, kept, at),), ((_key(order.item_id), kept),))


def confirm(state: State, order: ItemControl, at: datetime) -> Outcome:
    """An operator says which item a waiting order means. Delivered again it does the same again.

    Raises:
        Rejected: ``no-such-order``: nothing waits under this id.
    """
    row = state.get(_key(order.item_id))
    if row is None:
        detail = f"nothing waits under {order.item_id}: 'deltawire doctor' lists what does"
        raise Rejected("no-such-order", detail, item_id=order.item_id)
    target = order.confirmed_target or ""
    kept = {**row, "confirmed": sorted({*row["confirmed"], target})}
    carried_out = ItemControl(
        action=row["action"],
        item_id=target,
        reason=order.reason or ("canceled" if row["action"] == "kill" else "withheld"),
        by=order.by,
        published_at=order.published_at,
        origin=row.get("origin"),
    )
    fate = _fate(order.item_id, kept, at)
    return Outcome((carried_out, fate), ((_key(order.item_id), kept),))


def _key(notice_id: str) -> str:
    return f"order:{notice_id}"


def _fate(notice_id: str, row: dict[str, Any], at: datetime) -> ItemFate:
    """What stands of the notice: held while it waits, else as a notice with a target has it."""
    action, confirmed = row["action"], row["confirmed"]
    done: Fate = "killed" if action == "kill" else "held"
    targets = ", ".join(confirmed)
    return ItemFate(
        item_id=notice_id,
        version=row["version"],
        fate=done if confirmed else "held",
        reason=f"{action} of {targets}" if confirmed else f"{action}{UNRESOLVED}",
        detail=None if confirmed else f"names {row['named']}"[:MAX_DETAIL],
        stage=STAGE,
        origin=row.get("origin"),
        at=at,
    )
