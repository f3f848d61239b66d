"""``diff`` and ``apply`` undo one another for any two states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enriched import Position
from schemas.events import (
    Count,
    EventChange,
    EventEntity,
    EventState,
    Fact,
    FirstReport,
    Lineage,
    Spread,
    Text,
    TimelineEntry,
)
from streams.events.record.fold import apply, diff, empty, fold, ordered
from tests.detecting import START


def place(item: str) -> Position:
    return Position(item_id=item, field="body", start=0, end=5)


facts = st.builds(
    lambda item, text: Fact(text=text, label="NEW", source=place(item)),
    st.sampled_from("abcd"),
    st.text(max_size=5),
)
entities = st.builds(
    lambda key, n: EventEntity(entity_id=key, name=key, type="GPE", articles=n),
    st.sampled_from(["Q1", "Q2", "Q3"]),
    st.integers(1, 3),
)
titles = st.none() | st.builds(lambda t: Text(text=t, source=place("a")), st.text(max_size=5))
firsts = st.none() | st.builds(
    lambda item, at: FirstReport(item_id=item, source="wire", at=at, joined_at=START),
    st.sampled_from("abcd"),
    st.none() | st.just(START),
)
spreads = st.builds(
    lambda made, others: Spread(ai_generated=made, others=others, ai_share=made / 4 or None),
    st.integers(0, 4),
    st.integers(0, 2),
)
publishers = st.builds(
    lambda name, n: Count(name=name, articles=n), st.sampled_from("PQR"), st.integers(1, 3)
)
entries = st.builds(
    lambda item, day, at: TimelineEntry(happened=day, at=at, text="It fell.", source=place(item)),
    st.sampled_from("abcd"),
    st.none() | st.dates(),
    st.none() | st.just(START),
)
states = st.builds(
    lambda title, rows, named, count, status, first, spread, counts, told: EventState(
        event_id="ev-1",
        title=title,
        facts=ordered({row.row_key: row for row in rows}.values()),
        entities=ordered({row.row_key: row for row in named}.values()),
        member_count=count,
        status=status,
        first_reported=first,
        spread=spread,
        publishers=ordered({row.row_key: row for row in counts}.values()),
        timeline=ordered({row.row_key: row for row in told}.values()),
    ),
    titles,
    st.lists(facts, max_size=4),
    st.lists(entities, max_size=3),
    st.integers(0, 5),
    st.sampled_from(["active", "closed", "retracted"]),
    firsts,
    spreads,
    st.lists(publishers, max_size=3),
    st.lists(entries, max_size=4),
)


def change(old: EventState, new: EventState, **fields: object) -> EventChange:
    delta = diff(old, new)
    return EventChange(
        event_id=old.event_id,
        revision=old.revision + 1,
        kind="updated",
        at=START,
        delta=delta,
        **fields,  # type: ignore[arg-type]
    )


@given(steps=st.lists(states, min_size=1, max_size=5))
def test_folding_the_differences_gives_the_last_state(steps: list[EventState]) -> None:
    """Also after a trip through bytes."""
    sent: list[EventChange] = []
    state = empty("ev-1", "world")
    for step in steps:
        made = change(state, step)
        sent.append(EventChange.from_bytes(made.to_bytes()))
        state = apply(state, made)
        assert state.model_copy(update={"revision": 0}) == step
    assert fold(sent).to_bytes() == state.to_bytes()


def test_a_gap_and_a_stranger_are_refused() -> None:
    old = empty("ev-1", "world")
    with pytest.raises(ValueError, match="cannot follow"):
        apply(old.model_copy(update={"revision": 1}), change(old, old))
    with pytest.raises(ValueError, match="cannot follow"):
        apply(empty("ev-2", "world"), change(old, old))
    with pytest.raises(ValueError, match="at least one"):
        fold([])


def test_lineage_adds_up() -> None:
    state = empty("ev-1", "world")
    for other in ("ev-2", "ev-3", "ev-2"):
        state = apply(state, change(state, state, lineage=Lineage(merged_from=(other,))))
    assert state.lineage.merged_from == ("ev-2", "ev-3")
