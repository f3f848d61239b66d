"""Whether a statement that looks new is news, or known news in other words.

Retelling changes a word here and there. News brings several unseen words at once, a name, a number
that is more than a handful, or a step such as an arrest.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from streams.novelty.memory import EventMemory, Json
from streams.novelty.statement_index import Index
from streams.novelty.vocabulary import steps

MANY = 6  # unseen words
SHARE = 0.5  # unseen words of all words
FEW = 4  # fewer unseen words are no share worth the name
SURE = 0.7  # chance from which one unseen name will do
MOSTLY = 0.6  # share of the idf mass of a statement
COMMON = 4.1  # idf below which a word is too common to be missed
HANDFUL = 20  # numbers up to here are often counted out or left out by a writer


class Ground(NamedTuple):
    """What a statement is held against."""

    words: Index
    empty: bool
    foreign: bool  # nothing of the event is in the statement's language
    mixed: bool  # something of it is in another language

    @classmethod
    def of(cls, memory: EventMemory, language: str) -> "Ground":
        """The ground for an article in ``language``."""
        held = memory.languages()
        return cls(memory.index, memory.empty, language not in held, bool(held - {language}))


def solid(statement: Json, mass: Mapping[str, float], value: float, ground: Ground) -> bool:
    """Whether the statement says more than the event holds.

    Args:
        mass: idf of each stem. value: chance that the statement is new.
    """
    memory = ground.words
    unseen = _unseen(statement, memory)
    if any(number > HANDFUL for number in _numbers(unseen)):
        return True
    if ground.foreign:
        return _foreign(statement, memory, unseen)
    names = sum(n in unseen and not _demonym(n, memory) for n in statement.get("names", ()))
    rare = sum(mass.get(stem, 0.0) >= COMMON for stem in unseen)
    return (
        len(unseen) >= MANY
        or rare >= max(FEW, SHARE * len(mass))
        or names >= (1 if value >= SURE else 2)
        or takes_step(statement, ground)
    )


def unheard(statement: Json, mass: Mapping[str, float], ground: Ground) -> bool:
    """Whether most of it is in words that the event does not hold, wherever it stands."""
    if ground.mixed:
        return False
    unseen = _unseen(statement, ground.words)
    share = sum(mass.get(stem, 0.0) for stem in unseen) / (sum(mass.values()) or 1.0)
    return len(unseen) >= FEW and share >= MOSTLY


def takes_step(statement: Json, ground: Ground) -> bool:
    """Whether it speaks of an arrest, a death or the like, the first of the event."""
    if ground.mixed:
        return False
    return any(stem not in ground.words for stem in steps().intersection(statement["stems"]))


def _demonym(name: str, memory: Index) -> bool:
    """Norvia and Norvian are one."""
    return name + "n" in memory or (name.endswith("n") and name[:-1] in memory)


def _unseen(statement: Json, memory: Index) -> dict[str, None]:
    """The stems that the event does not hold, without those of entities that it holds."""
    known = {
        stem
        for identity, *stems in statement.get("entities", ())
        if "@" + identity in memory
        for stem in stems
    }
    unseen = dict.fromkeys(memory.unheard(statement["stems"]))
    for stem in known:
        unseen.pop(stem, None)
    return unseen


def _numbers(stems: Iterable[str]) -> list[float]:
    return [float(stem) for stem in stems if stem.replace(".", "", 1).isdecimal()]


def _foreign(statement: Json, memory: Index, unseen: dict[str, None]) -> bool:
    entities = [row[0] for row in statement.get("entities", ())]
    anchors = len(entities) + len(_numbers(statement["stems"]))
    fresh = any("@" + identity not in memory for identity in entities)
    return fresh or bool(_numbers(unseen)) or not anchors
