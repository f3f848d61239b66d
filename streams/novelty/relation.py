"""One article's statements with their labels, and what they make of the article."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.enriched import Label, Relation
from streams.novelty.memory import Held, Json
from streams.novelty.solid import Ground, solid

COPY = 0.8  # share of an article's mass copied from one other article
CREDIT_WORDS = 4  # a line this short, added to a copy, is a credit


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement with its label.

    ``copied_from`` is another article's item id.
    """

    statement: Json
    mass: dict[str, float]
    label: Label
    novelty: float
    nearest: Held | None
    copied_from: str | None = None
    contrary: bool = False  # it differs from the nearest statement in a figure or a negation

    def repeated(self, item_id: str) -> bool:
        """Whether the article itself said it before."""
        return self.nearest is not None and self.nearest.item_id == item_id

    def said_twice(self, item_id: str) -> bool:
        """Whether the article's text said it before; a headline is no statement of its own."""
        held = self.nearest
        return self.repeated(item_id) and bool(held and held.statement["field"] != "title")


def counted(judged: Sequence[Judged]) -> list[Judged]:
    """The statements that add something. A title counts only where the text bears it out."""
    new = [each for each in judged if each.label != "KNOWN"]
    body = [each for each in judged if each.statement["field"] != "title"]
    borne_out = any(
        each.nearest and each.nearest.statement["field"] == "title" and each.copied_from is None
        for each in body
    )
    if not body or borne_out:
        return new
    return [each for each in new if each.statement["field"] != "title"]


def relation(judged: Sequence[Judged], ground: Ground) -> Relation:
    """What the article is to its event."""
    if ground.empty:
        return "opens"
    new = [
        each
        for each in counted(judged)
        if each.label != "NEW"
        or each.contrary
        or solid(each.statement, each.mass, each.novelty, ground)
    ]
    if _copied(judged) >= COPY:
        new = [
            each
            for each in new
            if each.label != "NEW" or each.contrary or len(each.statement["stems"]) > CREDIT_WORDS
        ]
        return "updates" if new else "repeats"
    return "updates" if new else "confirms"


def _copied(judged: Sequence[Judged]) -> float:
    """Share of the text's mass that stands in one other article; the title is not asked."""
    body = [each for each in judged if each.statement["field"] != "title"] or judged
    total = sum(sum(each.mass.values()) for each in body if not each.statement.get("skip"))
    shares: dict[str, float] = {}
    for each in body:
        if each.copied_from is not None:
            so_far = shares.get(each.copied_from, 0.0)
            shares[each.copied_from] = so_far + sum(each.mass.values())
    return max(shares.values(), default=0.0) / (total or 1.0)
