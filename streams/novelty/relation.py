"""One article's statements with their labels, and what they make of the article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.enriched import Label, Relation
from streams.novelty.copies import Copied
from streams.novelty.memory import EventMemory, Json, Origin
from streams.novelty.solid import Ground, solid
from streams.novelty.statement_index import Held

COPY = 0.8  # share of an article's mass copied from one other article, or from its copies
PART = 0.5  # such a share of an article that holds COPY of the other one: that, and more
CREDIT_WORDS = 4  # a line this short, added to a copy, is a credit


Share = tuple[Origin, float]
"""An earlier article, and the share of a text's mass that stands in it, 0..1."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement with its label.

    ``copied`` is what it copies from another article.
    """

    statement: Json
    mass: dict[str, float]
    label: Label
    novelty: float
    nearest: Held | None
    copied: Copied | None = None
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
        each.nearest
        and each.nearest.statement["field"] == "title"
        and not (each.copied and each.copied.whole)
        for each in body
    )
    if not body or borne_out:
        return new
    return [each for each in new if each.statement["field"] != "title"]


def relation(judged: Sequence[Judged], ground: Ground, *, is_copy: bool) -> Relation:
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
    if is_copy:
        new = [
            each
            for each in new
            if each.label != "NEW" or each.contrary or len(each.statement["stems"]) > CREDIT_WORDS
        ]
        return "updates" if new else "repeats"
    return "updates" if new else "confirms"


def copied_whole(shares: Sequence[Share]) -> Origin | None:
    """The article that this one is a near-duplicate of, or None."""
    return shares[0][0] if shares and shares[0][1] >= COPY else None


def extended(
    shares: Sequence[Share], judged: Sequence[Judged], memory: EventMemory
) -> Origin | None:
    """The article that this one holds nearly whole, with something of its own beside it."""
    if not shares or shares[0][1] < PART:
        return None
    said = {tuple(each.statement["stems"]) for each in judged}
    said |= {tuple(held.statement["stems"]) for held in map(_source, judged) if held}
    for origin, share in shares:
        lines = [tuple(each["stems"]) for each in _body(memory.statements(origin.item_id))]
        held = sum([len(line) for line in lines if line in said])
        if share >= PART and held >= COPY * sum(map(len, lines)) > 0:
            return origin
    return None


def _source(each: Judged) -> Held | None:
    """The statement that it copies; not where the nearest one is the article's own."""
    held, copied = each.nearest, each.copied
    return held if held and copied and held.item_id == copied.item_id else None


def shares_of(judged: Sequence[Judged], memory: EventMemory) -> list[Share]:
    """The articles that the text has words of in their order, the largest share first.

    The title is not asked. What stands in a copy counts for what that copies, so that all copies
    of one text have one parent; a sentence that several articles have word by word counts for each.
    """
    body = [each for each in judged if each.statement["field"] != "title"] or judged
    total = sum(sum(each.mass.values()) for each in body if not each.statement.get("skip"))
    items = dict.fromkeys(each.copied.item_id for each in body if each.copied)
    copied = [
        (each.copied, tuple(each.statement["stems"]), sum(each.mass.values()))
        for each in body
        if each.copied
    ]
    lines = {line for _, line, _ in copied}
    shares = {memory.origin(item_id): 0.0 for item_id in items}
    holders: dict[tuple[str, ...], set[Origin]] = {line: set() for line in lines}
    for item_id in items:
        for line in lines & memory.lines(item_id):
            holders[line].add(memory.origin(item_id))
    for copy, line, mass in copied:
        for origin in holders[line] | {memory.origin(copy.item_id)}:
            shares[origin] += mass * (1.0 if origin in holders[line] else copy.share)
    found = [(origin, round(share / (total or 1.0), 6)) for origin, share in shares.items()]
    return sorted(found, key=lambda row: -row[1])


def _body(statements: Iterable[Json]) -> Iterable[Json]:
    return (each for each in statements if each["field"] != "title" and not each.get("skip"))
