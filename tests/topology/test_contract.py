"""What every stage of the topology promises, tried on the real records of the sample wire."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.topics import TOPICS, topic_of
from streams.errors import Rejected
from streams.replay import replay
from streams.step import Delivered, Timed
from streams.topology import TOPOLOGY

ROOT = Path(__file__).parents[2]
BY_NAME = {stage.name: stage for stage in TOPOLOGY}
NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
ORDERS = [
    b'{"action":"kill","target":"norvia-press:2031-03-03:0001","by":"ana"}',
    b'{"action":"split","target":"ev-1","by":"ana"}',
]


@pytest.fixture(scope="module")
def logs():
    """Messages of each stage's source, as the sample wire makes them."""
    archive = asyncio.run(replay([str(ROOT / "seeds" / "wire")]))
    raw = [
        Delivered(e["topic"], e["partition"], e["offset"], b"k", e["value"].encode(),
                  {k: v.encode() for k, v in e["headers"].items()}, NOON)
        for e in archive.envelopes(TOPICS[0].name)
    ]  # fmt: skip

    def messages(topic, values):
        return [Delivered(topic, 0, n, b"k", value, {}, NOON) for n, value in enumerate(values)]

    values = {name: messages(name, archive.lines[name]) for name in archive.lines}
    return {**values, TOPICS[0].name: raw, "controls.v1": messages("controls.v1", ORDERS)}


def work(step, messages, rows=None):
    """Outcomes as bytes, with the rows that are left."""
    rows = {} if rows is None else rows
    seen = []
    for message in messages:
        try:
            outcome = step(rows, message)
        except Rejected as refusal:
            seen.append((b"", refusal.reason))
            continue
        for key, value in outcome.puts:
            rows.pop(key, None) if value is None else rows.update({key: value})
            step.observe(key, value)
        seen.append((b"\n".join(r.to_bytes() for r in outcome.outputs), outcome.refusals != ()))
    return seen, rows


@pytest.mark.parametrize("stage", TOPOLOGY, ids=lambda s: s.name)
def test_a_step_is_deterministic(stage, logs):
    messages = logs[stage.source.name]
    assert messages
    assert work(stage.step(), messages) == work(stage.step(), messages)


@pytest.mark.parametrize("stage", TOPOLOGY, ids=lambda s: s.name)
def test_rows_are_json_and_enough_to_go_on_from_anywhere(stage, logs):
    """Cut, write the rows out, read them into a new step, continue: the same as without a cut."""
    messages = logs[stage.source.name]
    whole, rows = work(stage.step(), messages)
    for cut in (len(messages) // 3, 2 * len(messages) // 3):
        first, kept = work(stage.step(), messages[:cut])
        restored = json.loads(json.dumps(kept))
        step = stage.step()
        for key in sorted(restored):
            step.observe(key, restored[key])
        rest, left = work(step, messages[cut:], restored)
        assert first + rest == whole
        assert left == json.loads(json.dumps(rows))


@pytest.mark.parametrize("stage", [s for s in TOPOLOGY if s.table], ids=lambda s: s.name)
def test_a_message_delivered_twice_is_applied_once(stage, logs):
    messages = logs[stage.source.name]
    twice = [message for message in messages for _ in range(2)]
    assert work(stage.step(), twice)[1] == work(stage.step(), messages)[1]


@pytest.mark.parametrize("stage", TOPOLOGY, ids=lambda s: s.name)
def test_outputs_have_a_topic_and_a_key(stage, logs):
    step, rows = stage.step(), {}
    for message in logs[stage.source.name]:
        try:
            outcome = step(rows, message)
        except Rejected:
            continue
        for record in outcome.outputs:
            assert topic_of(record) in TOPICS
            assert record.key
            assert type(record).from_bytes(record.to_bytes()) == record


@pytest.mark.parametrize("name", [s.name for s in TOPOLOGY if s.name != "normalize"])
@settings(max_examples=150, deadline=None)
@given(value=st.one_of(st.none(), st.binary(max_size=200), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["kind", "item_id", "at", "decision", "article"]), inner, max_size=5),
    max_leaves=8,
).map(lambda v: json.dumps(v).encode())))  # fmt: skip
def test_foreign_values_are_rejected_and_nothing_else(name, value):
    step = STEPS.setdefault(name, BY_NAME[name].step())
    with pytest.raises(Rejected):
        step({}, Delivered(BY_NAME[name].source.name, 0, 0, b"k", value, {}, NOON))


STEPS = {}


def test_only_admission_has_due_times():
    assert [s.name for s in TOPOLOGY if isinstance(s.step(), Timed)] == ["admit"]
