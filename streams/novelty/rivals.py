"""Which of the figures that an event holds is the one that a new figure replaces."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

# Slots whose value may fall without a word of correction.
SHRINKS = frozenset(
    (
        "missing",
        "trapped",
        "rate",
        "price",
        "turnout",
        "magnitude",
        "aboard",
        "profit",
        "revenue",
        "displaced",
        "arrested",
        "evacuated",
        "held",
        "freed",
        "fine",
        "damage",
    )
)
_VOTES = frozenset(("votes for", "votes against", "abstentions"))


def revised(new: Json, earlier: Sequence[Json]) -> Json | None:
    """The earlier figure that ``new`` replaces, or None if it is known, unrelated or the first.

    Args:
        new: a figure with its context merged in.
        earlier: figures of the event in its slot and unit, oldest first.
    """
    rivals = [old for old in earlier if not conflicting(new, old)]
    if not rivals or any(old["value"] == new["value"] for old in rivals):
        return None
    stated: dict[float, Json] = {}
    for old in rivals:
        stated.setdefault(old["value"], old)  # a copy that comes late restates, it does not renew
    newest = list(stated.values())[-1].get("item")
    last = [old for old in rivals if old.get("item") == newest and not _shrinks(new, old)]
    exact = [old for old in last if set(old.get("places", ())) & set(new.get("places", ()))]
    return max(exact or last, key=lambda old: old["value"], default=None)


def same_slot(new: Json, old: Json) -> bool:
    """Whether both count the same thing in the same unit."""
    return bool(new["slot"] == old["slot"] and new.get("unit") == old.get("unit"))


def conflicting(new: Json, old: Json) -> bool:
    """Whether the two figures cannot speak of one count."""
    return (
        (_final(old) and not new.get("correcting"))
        or new.get("group") != old.get("group")
        or bool(new.get("aftershock")) != bool(old.get("aftershock"))
        or bool(new.get("span")) != bool(old.get("span"))  # of a year, of one incident
        or _apart(new, old, "named")
        or _apart(new, old, "kinds")
        or _apart(new, old, "means")
        or (new["slot"] == "rate" and _apart(new, old, "measures"))
        or _elsewhere(new, old)
    )


def _final(row: Json) -> bool:
    """A vote is counted once and a game ends: another result is of another one."""
    return row["slot"] in _VOTES or ("score" in row and "running" not in row)


def _apart(new: Json, old: Json, name: str) -> bool:
    one, two = new.get(name, ()), old.get(name, ())
    return bool(one and two) and set(one).isdisjoint(two)


def _elsewhere(new: Json, old: Json) -> bool:
    """Other places, unless one article names the other's place and neither counts by place."""
    if not _apart(new, old, "places"):
        return False
    if _by_place(new) or _by_place(old):
        return True
    return not (_names_place(new, old) or _names_place(old, new))


def _by_place(row: Json) -> bool:
    """Whether the article has this slot for several places."""
    rows = row.get("of", {}).get("figures", ())
    same = [each for each in rows if same_slot(row, each)]
    return any(
        one["value"] != two["value"] and _apart(one, two, "places")
        for n, one in enumerate(same)
        for two in same[:n]
    )


def _names_place(one: Json, two: Json) -> bool:
    return not set(one["places"]).isdisjoint(two.get("of", {}).get("named", ()))


def _shrinks(new: Json, old: Json) -> bool:
    """A toll does not fall unless the text says that it was corrected."""
    if new["slot"] in SHRINKS or new.get("correcting"):
        return False
    return bool(new["value"] < old["value"])


def leading(figures: Sequence[Json]) -> list[Json]:
    """The figures of one article without those that are parts of a larger one beside them."""
    same: dict[tuple[str, str | None], list[Json]] = {}
    for each in figures:
        same.setdefault((each["slot"], each.get("unit")), []).append(each)
    return [
        figure
        for figure in figures
        if "odds" in figure
        or not any(
            other["value"] > figure["value"] > 0
            and figure.get("former") != other["value"]
            and _beside(figure, other)
            for other in same[figure["slot"], figure.get("unit")]
        )
    ]


def _beside(figure: Json, other: Json) -> bool:
    return not _apart(figure, other, "places") and not _apart(figure, other, "named")
