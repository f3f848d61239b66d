"""Fold an event's digests again, in joining order: as if what left had never been there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams.events.background import Background
from streams.events.digest import told
from streams.events.rest import Rest
from streams.events.space import Ready
from streams.events.tally import Tally
from streams.novelty.assess import Assessment, assess
from streams.novelty.memory import NOTHING, EventMemory

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
        memory.add(item_id, digest["extract"])
        tally.add(digest)
    return Ready(memory, tally)


def retell(digests: Digests, rest: Rest | None, start: int, table: Background) -> Retold:
    """Assess anew from the ``start``-th digest on.

    Where older members froze, it is known how well their words are known, and no longer who said
    what: then each digest keeps what it told, and only the rows of the one that left are gone.
    """
    ready = gather(digests[:start], rest)
    changed: list[tuple[str, Json]] = []
    for item_id, digest in digests[start:]:
        new = dict(digest)
        if rest is None:
            new["told"] = told(assessed(item_id, digest, ready.memory, table))
            if new["told"] != digest["told"]:
                changed.append((item_id, new))
        ready.memory.add(item_id, digest["extract"])
        ready.tally.add(new)
    return Retold(ready.tally, tuple(changed))
