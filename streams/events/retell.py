"""Fold an event's digests again, in joining order: as if what left had never been there."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams.events.background import Background
from streams.events.record.tally import Tally
from streams.events.space import Ready
from streams.events.store.digest import copying, origin_of, told
from streams.events.store.rest import Rest
from streams.novelty.assess import Assessment, assess
from streams.novelty.memory import NOTHING, EventMemory, Origin

Json = dict[str, Any]
Digests = Sequence[tuple[str, Mapping[str, Any]]]
"""(item id, digest) in joining order."""


@dataclass(frozen=True, slots=True)
class Retold:
    """The event's tally, and the digests that now tell something else."""

    tally: Tally
    changed: tuple[tuple[str, Json], ...]


def assessed(
    item_id: str, digest: Mapping[str, Any], memory: EventMemory, table: Background
) -> Assessment:
    """What the article adds to ``memory``; rarity by the table alone, so that a fold repeats."""
    return assess(item_id, digest["extract"], memory, table.idf_of(digest["language"]))


def gather(digests: Digests, rest: Rest | None) -> Ready:
    """Memory and tally of an event from what its digests tell; ``rest`` holds what froze."""
    memory = EventMemory(rest.faded if rest else NOTHING)
    tally = rest.tally.copy() if rest else Tally()
    for item_id, digest in digests:
        memory.add(item_id, digest["extract"], origin_of(digest))
        tally.add(digest)
    return Ready(memory, tally)


def retell(
    digests: Digests,
    rest: Rest | None,
    start: int,
    table: Background,
    gone: Container[str] = (),
) -> Retold:
    """Assess anew from the ``start``-th digest on.

    Where older members froze, it is known how well their words are known, and no longer who said
    what: then each digest keeps what it told, and only the rows of those that left are gone.

    Args:
        gone: the items that left.
    """
    if rest is not None:
        return _as_told(digests, rest, gone)
    ready = gather(digests[:start], None)
    changed: list[tuple[str, Json]] = []
    for item_id, digest in digests[start:]:
        new = {**digest, "told": told(assessed(item_id, digest, ready.memory, table))}
        if new["told"] != digest["told"]:
            changed.append((item_id, new))
        ready.memory.add(item_id, digest["extract"], origin_of(new))
        ready.tally.add(new)
    return Retold(ready.tally, tuple(changed))


def _as_told(digests: Digests, rest: Rest, gone: Container[str]) -> Retold:
    """Of the copies of an article that left, the first becomes what the others copy.

    It is changed last, so that a second attempt finds it first again.
    """
    tally, heirs = rest.tally.copy(), dict[str, Origin]()
    tally.forget_origins(gone)
    changed: list[tuple[str, Json]] = []
    for item_id, digest in digests:
        new, origin = dict(digest), origin_of(digest)
        if origin is not None and origin.item_id in gone:
            heir = heirs.setdefault(
                origin.item_id, Origin(item_id, digest["extract"].get("publisher", ""))
            )
            kept = {k: v for k, v in digest["told"].items() if k not in ("copy_of", "copy_from")}
            new["told"] = kept | copying(heir if heir.item_id != item_id else None)
            changed.append((item_id, new))
        tally.add(new)
    return Retold(tally, tuple(reversed(changed)))
