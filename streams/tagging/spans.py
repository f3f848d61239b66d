"""What the rules hand to one another: a stretch of tokens, its type, what it may stand for."""

from dataclasses import dataclass, replace

from schemas.tagged import EntityType
from streams.knowledge import Entity

# How sure each rule is, by what it rests on. Used to vote on a name's type inside one article
# and written out as the mention's confidence.
SURE = 0.95  # value patterns, an unambiguous table name
CUED = 0.9  # a title, a head word, "city of"
LIKELY = 0.75  # a given name first, "said", a role in apposition
WEAK = 0.6  # a preposition of place, an acronym
GUESS = 0.45  # the shape alone
OFFICE = 0.5  # "the Russian president" without a name


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``first`` to ``last`` (both included) of field number ``field``."""

    field: int
    first: int
    last: int
    type: EntityType | None  # None: a name whose type the article must tell
    confidence: float
    candidates: tuple[Entity, ...] = ()
    entity_id: str | None = None
    name: str | None = None
    metonym_of: str | None = None
    demonym_of: str | None = None

    def told(self, kind: EntityType | None, confidence: float) -> "Span":
        """The same stretch with a type."""
        return replace(self, type=kind, confidence=confidence)

    def known(self, entity_id: str | None, name: str | None) -> "Span":
        """The same stretch, resolved."""
        return replace(self, entity_id=entity_id, name=name)
