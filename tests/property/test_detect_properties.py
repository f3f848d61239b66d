"""Detection under any order of articles, corrections, kills, repeats and restarts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.base import Message
from schemas.events import EventChange, EventState
from streams.events.record.fold import fold
from streams.events.settings import DEFAULTS
from tests.detecting import Desk, retraction, tagged

SUBJECTS = (
    (
        "Quake shakes Torvel valley",
        "A magnitude 6.1 earthquake struck the Torvel valley, killing at least {n} people.",
        "Rescuers from Ruzna searched the rubble of a collapsed school in the Torvel valley.",
    ),
    (
        "Rail strike halts Norvian trains",
        "Train drivers in Norvia walked out for {n} hours, the Norvian rail union said.",
        "Commuters filled buses as the Norvian rail strike cancelled every express train.",
    ),
    (
        "Ferry sinks in Hollow Sound",
        "The ferry Sanna Belle sank in Hollow Sound with {n} passengers on board.",
        "Divers reached the wreck of the Sanna Belle in Hollow Sound, the coast guard said.",
    ),
)
SMALL = replace(DEFAULTS, live_digests=3, cached_events=2)

Op = tuple[str, int, int, int]
OPS = st.lists(
    st.tuples(
        st.sampled_from(["tell", "tell", "tell", "kill"]),
        st.integers(0, 5),
        st.integers(0, 2),
        st.integers(1, 40),
    ),
    max_size=10,
)


def secret(number: int) -> str:
    """A word that only one version of one article holds."""
    return f"zq{number}word"


def records(ops: list[Op], step_hours: float = 2.0) -> list[tuple[Message, str, str]]:
    """(record, item id, secret word) with the decisions that admission would number."""
    decisions: dict[str, int] = {}
    found: list[tuple[Message, str, str]] = []
    for at, (kind, item, subject, n) in enumerate(ops):
        item_id = f"item-{item}"
        decision = decisions[item_id] = decisions.get(item_id, 0) + 1
        hours = at * step_hours
        if kind == "kill":
            found.append((retraction(item_id, decision=decision, hours=hours), item_id, ""))
            continue
        title, first, second = SUBJECTS[subject]
        word = secret(at)
        body = f"{first.format(n=n)} {second} The {word} was named by officials."
        found.append((tagged(item_id, title, body, decision=decision, hours=hours), item_id, word))
    return found


def run(ops: list[Op], desk: Desk, *, hours: float = 2.0) -> Desk:
    """All records, each once."""
    for record, _, _ in records(ops, hours):
        desk.deliver(record)
    return desk


@pytest.mark.parametrize("limits", [DEFAULTS, SMALL], ids=["default", "small"])
@given(ops=OPS)
@settings(max_examples=30, deadline=None)
def test_state_is_the_fold_of_the_changes(limits: Any, ops: list[Op]) -> None:
    """Byte for byte, and the revisions have no gap (fold refuses one)."""
    desk = run(ops, Desk(limits), hours=60)
    states = desk.states()
    for event_id, changes in desk.changes().items():
        assert fold(changes).to_bytes() == states[event_id].to_bytes()


@given(ops=OPS, hours=st.sampled_from([20.0, 60.0, 90.0, 400.0]))
@settings(max_examples=30, deadline=None)
def test_log_time_says_how_alive_an_event_is(ops: list[Op], hours: float) -> None:
    """After each record, of every event that the record did not touch itself."""
    desk = Desk(replace(SMALL, timers=100))
    for record, _, _ in records(ops, hours):
        touched = {c.event_id for c in of_items(desk.deliver(record).outputs)}
        for event_id, state in desk.states().items():
            if event_id not in touched and state.status != "retracted":
                assert state.status == due(state, record)


def of_items(outputs: Sequence[Message]) -> list[EventChange]:
    """The changes that an article caused, not the time."""
    return [each for each in outputs if isinstance(each, EventChange) and each.item_id]


def due(state: EventState, record: Any) -> str:
    """The status of an event that no order changed, at the time of a record."""
    assert state.last_at is not None
    quiet = record.at - state.last_at
    if quiet >= DEFAULTS.close_after:
        return "closed"
    return "dormant" if quiet >= DEFAULTS.dormant_after else "active"


@given(ops=OPS)
@settings(max_examples=20, deadline=None)
def test_a_repeat_changes_nothing(ops: list[Op]) -> None:
    """Every record twice: the second time finds itself applied."""
    desk = Desk(SMALL)
    for offset, (record, _, _) in enumerate(records(ops)):
        desk.deliver(record, offset)
        again = desk.deliver(record, offset)
        assert again.puts == ()
        assert again.outputs == ()


@given(ops=OPS, cut=st.integers(0, 10))
@settings(max_examples=20, deadline=None)
def test_memory_is_rebuilt_from_rows(ops: list[Op], cut: int) -> None:
    """A restart anywhere goes unnoticed."""
    whole, broken = Desk(SMALL), Desk(SMALL)
    for at, (record, _, _) in enumerate(records(ops, 60)):
        if at == cut:
            broken.restart()
        whole.deliver(record)
        broken.deliver(record)
    assert [r.to_bytes() for r in whole.sent] == [r.to_bytes() for r in broken.sent]
    assert whole.rows == broken.rows


@given(ops=OPS, cut=st.integers(0, 9), puts=st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_a_prefix_of_the_puts_is_harmless(ops: list[Op], cut: int, puts: int) -> None:
    """A process dies after sending and some puts; the record comes again; the fold still holds."""
    desk, calm = Desk(SMALL), Desk(SMALL)
    for at, (record, _, _) in enumerate(records(ops)):
        calm.deliver(record, at)
        if at == cut:
            desk.deliver_again(record, at, puts, restarts=True)
        else:
            desk.deliver(record, at)
    states = desk.states()
    for event_id, changes in desk.changes().items():
        assert fold(changes).to_bytes() == states[event_id].to_bytes()
    assert {e: s.to_bytes() for e, s in states.items()} == {
        e: s.to_bytes() for e, s in calm.states().items()
    }


ONE_STORY = st.lists(
    st.tuples(
        st.sampled_from(["tell", "tell", "tell", "tell", "tell", "kill"]),
        st.integers(0, 6),
        st.sampled_from([0, 0, 0, 1]),
        st.integers(1, 40),
    ),
    min_size=4,
    max_size=14,
)


@given(
    ops=ONE_STORY,
    cuts=st.dictionaries(st.integers(0, 13), st.integers(0, 9), max_size=3),
    live=st.integers(2, 3),
    hours=st.sampled_from([2.0, 60.0, 90.0, 400.0]),
    restarts=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_cut_where_digests_freeze_leaves_the_same_rows(
    ops: list[Op], cuts: dict[int, int], live: int, hours: float, restarts: bool
) -> None:
    """Corrections and kills of frozen articles, events that go dormant, close and leave: after the
    record came again, every row is as if nothing had happened.
    """
    limits = replace(DEFAULTS, live_digests=live, cached_events=2)
    desk, calm = Desk(limits), Desk(limits)
    for at, (record, _, _) in enumerate(records(ops, hours)):
        calm.deliver(record, at)
        if at in cuts:
            desk.deliver_again(record, at, cuts[at], restarts=restarts)
        else:
            desk.deliver(record, at)
    assert desk.rows == calm.rows
    states = desk.states()
    for event_id, changes in desk.changes().items():
        assert fold(changes).to_bytes() == states[event_id].to_bytes()


@given(ops=OPS)
@settings(max_examples=30, deadline=None)
def test_killed_text_is_in_no_current_record(ops: list[Op]) -> None:
    """Nor is the text of a version that was replaced."""
    desk = run(ops, Desk(SMALL))
    current = {item: word for _, item, word in records(ops)}
    gone = {word for _, item, word in records(ops) if word and word != current[item]}
    held = b"".join(r.to_bytes() for r in (*desk.states().values(), *desk.enriched().values()))
    assert not [word for word in gone if word.encode() in held]
    rows = desk.unpacked().values()
    assert not [word for word in gone if any(word.encode() in row for row in rows)]
    told = [word for word in current.values() if word]
    assert not told or any(word.encode() in row for row in rows for word in told)


@given(ops=OPS, item=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_kill_leaves_what_would_be_without_the_article(ops: list[Op], item: int) -> None:
    """Given the same assignments; ids, revisions and log times of the event aside."""
    name = f"item-{item}"
    tells = [op for op in ops if op[0] == "tell"]
    with_it = Desk()
    without = Desk()
    for record, item_id, _ in records(tells):
        with_it.deliver(record)
        if item_id != name:
            without.deliver(record)
    decisions = sum(op[1] == item for op in tells)
    with_it.deliver(retraction(name, decision=decisions + 1, hours=2.0 * len(ops)))
    assume(grouping(with_it) == grouping(without))
    assert shown(with_it) == shown(without)


def grouping(desk: Desk) -> set[frozenset[str]]:
    """Which items are together."""
    live = [state for state in desk.states().values() if state.member_count]
    return {frozenset(m.item_id for m in state.members) for state in live}


def shown(desk: Desk) -> list[Any]:
    """What the events say, without their headers."""
    header = {"event_id", "revision", "opened_at", "last_at", "lineage", "status"}
    live = [state for state in desk.states().values() if state.member_count]
    return sorted(
        (state.model_dump(mode="json", exclude=header) for state in live),
        key=lambda row: str(row["members"]),
    )
