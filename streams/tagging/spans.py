"""What the parts hand to one another: a stretch of tokens, its type, what it may stand for."""

from dataclasses import dataclass, replace

from schemas.tagged import EntityType
from streams.knowledge import Entity

# How sure what the network did not say is, by what it rests on; the mention's confidence.
SURE = 0.95  # value patterns, an unambiguous table name
CUED = 0.9  # a storm, a dateline
LIKELY = 0.75  # a given name before a capital; a surname after the full name
WEAK = 0.6  # a table name that may mean something else, an acronym
GUESS = 0.45  # a name with several equal meanings
OFFICE = 0.5  # "the Russian president" without a name


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``first`` to ``last`` (both included) of field number ``field``."""

    field: int
    first: int
    last: int
    type: EntityType
    confidence: float
    candidates: tuple[Entity, ...] = ()
    entity_id: str | None = None
    name: str | None = None
    metonym_of: str | None = None
    demonym_of: str | None = None

    def known(self, entity_id: str | None, name: str | None) -> "Span":
        """The same stretch, resolved."""
        return replace(self, entity_id=entity_id, name=name)
