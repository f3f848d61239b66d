"""Fold an event's digests again, in joining order: as if what left had never been there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams.events.background import Background
from streams.events.digest import told
from streams.events.space import Ready
from streams.events.tally import Tally
from streams.novelty.assess import Assessment, assess
from streams.novelty.memory import EventMemory

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


def gather(digests: Digests, base: Json | None) -> Ready:
    """Memory and tally of an event from what its digests tell; ``base`` holds what froze."""
    memory, tally = EventMemory(), Tally.read(base)
    for item_id, digest in digests:
        memory.add(item_id, digest["extract"])
        tally.add(digest)
    return Ready(memory, tally)


def retell(digests: Digests, base: Json | None, start: int, table: Background) -> Retold:
    """Assess anew from the ``start``-th digest on.

    Where older members froze, what they said is known no longer: then each digest keeps what
    it told, and only the rows of the one that left are gone.
    """
    ready = gather(digests[:start], base)
    changed: list[tuple[str, Json]] = []
    for item_id, digest in digests[start:]:
        new = dict(digest)
        if base is None:
            new["told"] = told(assessed(item_id, digest, ready.memory, table))
            if new["told"] != digest["told"]:
                changed.append((item_id, new))
        ready.memory.add(item_id, digest["extract"])
        ready.tally.add(new)
    return Retold(ready.tally, tuple(changed))
