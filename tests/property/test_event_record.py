"""The record of an event is the fold of its changes, and counts what stands, whatever comes."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import BiasRating, Precision, Source
from schemas.enriched import Position
from schemas.events import EventState, Text
from schemas.tagged import TaggedArticle
from streams.events.record.fold import fold
from streams.events.record.headlines import Headlines
from streams.events.settings import DEFAULTS
from streams.parts import tag
from streams.tagger import default_tagger
from tests.detecting import Desk, retraction, tagged

FEW = replace(DEFAULTS, live_digests=3, cached_events=2)
STORIES = (
    ("Quake shakes Torvel valley", "A quake struck the Torvel valley on {day}, killing {n}."),
    (
        "Ferry sinks in Hollow Sound",
        "The ferry Belle sank in Hollow Sound on {day}, killing {n}.",
    ),
)
DAYS = ("Sunday", "1 March", "Monday", "3 March 2031", "May 2030")


@dataclass(frozen=True)
class Op:
    """One thing that comes: a version of an item, or its kill; ``cut`` restarts before it."""

    kill: bool
    cut: bool
    item: int
    story: int
    day: int
    number: int
    source: int
    precision: Precision
    hours: int  # between the log's time and the time that it states


OPS = st.lists(
    st.builds(
        Op,
        kill=st.sampled_from([False, False, False, True]),
        cut=st.sampled_from([False, False, False, True]),
        item=st.integers(0, 6),
        story=st.integers(0, 1),
        day=st.integers(0, 4),
        number=st.integers(1, 60),
        source=st.integers(0, 11),
        precision=st.sampled_from(["exact", "exact", "day", "unknown"]),
        hours=st.integers(-40, 2),
    ),
    max_size=14,
)


def source_of(number: int) -> Source:
    rating = (None, "Center", "Lean Left")[number % 3]
    return Source(
        name="Wire",
        publisher=(f"Paper {number}", None)[number % 5 == 0],
        bias_rating=BiasRating(rating=rating, scheme="S") if rating else None,
        ai_generated=(None, True, False)[number % 4 % 3],
    )


def article(op: Op, decision: int, hours: float) -> TaggedArticle:
    title, body = STORIES[op.story]
    body = f"{body.format(day=DAYS[op.day], n=op.number)} The word{op.number} was heard."
    made = tagged(f"item-{op.item}", title, body, hours=hours)
    stated = None if op.precision == "unknown" else made.at + timedelta(hours=op.hours)
    facts = {"published_at": stated, "published_precision": op.precision}
    whole = made.article.model_copy(update={**facts, "source": source_of(op.source)})
    update = {"at": made.at, "decision": decision, "version": decision}
    return tag(whole, default_tagger()).model_copy(update=update)


def play(ops: list[Op], desk: Desk) -> dict[str, TaggedArticle]:
    """Deliver all; what stands at the end, by item."""
    standing: dict[str, TaggedArticle] = {}
    decisions: Counter[str] = Counter()
    for at, op in enumerate(ops):
        item_id, hours = f"item-{op.item}", at * 3.0
        decisions[item_id] += 1
        if op.cut:
            desk.restart()
        if op.kill:
            desk.deliver(retraction(item_id, decision=decisions[item_id], hours=hours))
            standing.pop(item_id, None)
        else:
            standing[item_id] = article(op, decisions[item_id], hours)
            desk.deliver(standing[item_id])
    return standing


@pytest.mark.parametrize("limits", [DEFAULTS, FEW], ids=["live", "frozen"])
@given(ops=OPS)
@settings(max_examples=40, deadline=None)
def test_the_record_is_the_fold_and_counts_what_stands(limits: Any, ops: list[Op]) -> None:
    desk = Desk(limits)
    standing = play(ops, desk)
    states = desk.states()
    for event_id, changes in desk.changes().items():
        assert fold(changes).to_bytes() == states[event_id].to_bytes()
    for event_id, state in states.items():
        members = [a for i, a in standing.items() if desk.event_of(i) == event_id]
        assert state.member_count == len(members)
        _counts(state, members)
        _sources(state, members, whole=limits is DEFAULTS)
        _first(state, members, whole=limits is DEFAULTS)
        assert [row.sort_key for row in state.timeline] == sorted(
            row.sort_key for row in state.timeline
        )


def _counts(state: EventState, members: list[TaggedArticle]) -> None:
    sources = [member.article.source for member in members]
    names = Counter(source.publisher or source.name for source in sources)
    ratings = Counter(source.bias_rating.rating for source in sources if source.bias_rating)
    made = Counter(source.ai_generated for source in sources)
    spread = state.spread
    assert {row.name: row.articles for row in state.publishers} == names
    assert {row.name: row.articles for row in spread.bias_ratings} == ratings
    assert spread.bias_unknown == len(members) - ratings.total()
    counted = (spread.ai_generated, spread.ai_not, spread.ai_unknown)
    assert counted == (made[True], made[False], made[None])
    assert spread.others == 0


def _sources(state: EventState, members: list[TaggedArticle], *, whole: bool) -> None:
    """Publishers with an article that copies no other one's; where older members froze and left,
    copies of theirs still count as such.
    """
    sources = {m.article.item_id: m.article.source for m in members}
    names = {item_id: source.publisher or source.name for item_id, source in sources.items()}
    parents = {row.item_id: row.copy_of for row in state.members}
    roots = {parent for parent in parents.values() if parent}
    assert roots <= names.keys()
    copies = [i for i, parent in parents.items() if parent and names[parent] != names[i]]
    own = {name for item_id, name in names.items() if item_id not in copies}
    spread = state.spread
    assert min(1, len(members)) <= spread.independent <= len(set(names.values()))
    assert sum(row.copies for row in state.publishers) == spread.copies
    if whole:
        assert (spread.independent, spread.copies) == (len(own), len(copies))
        assert not any(parents[root] for root in roots)
    else:
        assert spread.independent <= len(own) or not members


def _first(state: EventState, members: list[TaggedArticle], *, whole: bool) -> None:
    """The earliest exact time; where older members froze and left, of those that are known."""
    first = state.first_reported
    stated = [
        m.article.published_at
        for m in members
        if m.article.published_at and m.article.published_precision == "exact"
    ]
    if not members:
        assert first is None
    elif whole:
        assert first is not None
        assert first.at == min(stated, default=None)
    if first is not None:
        assert first.item_id in {member.article.item_id for member in members}


WORDINGS = (
    (["dam", "break", "orlen"], [0.7, 0.5, 0.5]),
    (["flood", "orlen", "toll", "dead"], [0.6, 0.4, 0.5, 0.5]),
    (["minister", "orlen", "visit"], [0.6, 0.5, 0.6]),
)


@given(st.lists(st.integers(0, 2), max_size=60))
def test_a_title_that_gave_way_never_comes_back(wordings: list[int]) -> None:
    """So confirming articles cannot turn it to and fro. A row keeps what is needed for that."""
    headlines, shown = Headlines(), []
    for number, wording in enumerate(wordings):
        place = Position(item_id=f"i{number}", field="title", start=0, end=9)
        headlines.add(Text(text=f"{number}", source=place), WORDINGS[wording])
        headlines = Headlines.read(headlines.row())
        assert headlines.title is not None
        shown.append(int(headlines.title.text))
    assert all(a <= b for a, b in pairwise(shown))
