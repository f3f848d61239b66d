"""The broker in memory: names, logs, partitions, compaction, and the logical clock."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points

import pytest
from faust.transport import by_url
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from streams.transports.broker import (
    EPOCH,
    LONE_JUMP,
    LogicalClock,
    MemoryBroker,
    UnknownTopicError,
)
from streams.transports.memory import Transport

T0 = datetime(2024, 5, 1, tzinfo=UTC)
TIMES = st.datetimes(datetime(1960, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def test_faust_finds_the_transport_by_the_scheme():
    (entry,) = entry_points(group="faust.transports", name="memory")
    assert entry.load() is Transport
    assert by_url(URL("memory://x")) is Transport


def test_a_broker_is_found_by_its_name_while_somebody_holds_it():
    broker = MemoryBroker("night")
    assert MemoryBroker.named("night") is broker
    assert MemoryBroker().name != MemoryBroker().name


def test_a_misspelt_topic_is_an_error():
    with pytest.raises(UnknownTopicError, match="artciles"):
        MemoryBroker().append("artciles", b"k", b"v")


def test_a_topic_keeps_its_number_of_partitions():
    broker = MemoryBroker()
    broker.create_topic("t", 2)
    broker.create_topic("t", 2)
    with pytest.raises(ValueError, match="2 partitions, not 3"):
        broker.create_topic("t", 3)


@pytest.mark.parametrize(
    ("key", "murmur2"),
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536)],
)
def test_keys_go_where_kafka_puts_them(key, murmur2):
    """The hashes are those of Kafka's own tests."""
    broker = MemoryBroker()
    broker.create_topic("t", 7)
    assert broker.partition_of("t", key) == (murmur2 & 0x7FFFFFFF) % 7


def test_the_log_is_in_order_of_appending_over_all_partitions():
    broker = MemoryBroker()
    broker.create_topic("t", 4)
    keys = [b"%d" % (n % 7) for n in range(20)]
    assert len({broker.append("t", key, key)[0] for key in keys}) > 1
    assert [m.value for m in broker.log("t")] == keys


def test_records_without_a_key_take_turns():
    broker = MemoryBroker()
    broker.create_topic("t", 3)
    assert [broker.append("t", None, b"v")[0] for _ in range(6)] == [0, 1, 2, 0, 1, 2]


def test_a_compacted_topic_keeps_the_last_record_of_a_key_at_its_offset():
    broker = MemoryBroker()
    broker.create_topic("t", 1, compact=True)
    for key, value in ((b"a", b"1"), (b"b", b"2"), (b"a", b"3")):
        broker.append("t", key, value)
    assert [(m.offset, m.value) for m in broker.log("t")] == [(1, b"2"), (2, b"3")]


async def test_idle_needs_a_consumer():
    with pytest.raises(RuntimeError, match="nobody consumes"):
        await MemoryBroker().idle()


def test_the_clock_starts_in_1970_and_takes_any_first_time():
    clock = LogicalClock()
    assert clock.note(None) == EPOCH
    assert clock.note(T0) == T0


def test_a_lone_far_jump_waits_for_a_second_record_of_the_topic():
    clock = LogicalClock()
    clock.note(T0)
    far, farther = T0 + LONE_JUMP * 3, T0 + LONE_JUMP * 5
    assert clock.note(farther, "raw") == T0
    assert clock.note(farther, "normalized") == T0  # the same article, one topic on
    assert clock.note(T0 + timedelta(days=1), "raw") == T0 + timedelta(days=1)
    assert clock.note(far, "raw") == far
    assert clock.note(far + LONE_JUMP * 2, "raw") == far  # the next jump is doubted anew


def test_a_jump_of_exactly_the_limit_is_believed():
    clock = LogicalClock()
    clock.note(T0)
    assert clock.note(T0 + LONE_JUMP) == T0 + LONE_JUMP


@given(st.lists(st.tuples(st.none() | TIMES, st.sampled_from("ab")), max_size=30))
def test_the_clock_never_goes_back_and_shows_only_times_it_was_told(stated):
    clock, told = LogicalClock(), {EPOCH}
    before = EPOCH
    for time, topic in stated:
        told |= {time.replace(microsecond=time.microsecond // 1000 * 1000)} if time else set()
        now = clock.note(time, topic)
        assert before <= now
        assert now in told
        before = now


@given(st.lists(TIMES, min_size=2, max_size=20), st.integers(0, 18))
def test_one_wrong_date_changes_no_later_time_of_an_ordered_log(times, place):
    """An article misdated into the far future must not lift embargoes."""
    base = datetime(2024, 1, 1, tzinfo=UTC)
    ordered = [base + timedelta(hours=n) for n in range(len(times))]
    place = min(place, len(times) - 2) + 1
    wrong = base + LONE_JUMP * 2
    plain, disturbed = LogicalClock(), LogicalClock()
    for n, time in enumerate(ordered):
        if n == place:
            disturbed.note(wrong, "raw")
        assert plain.note(time, "raw") == disturbed.note(time, "raw")


@given(st.lists(TIMES, max_size=12))
def test_append_time_is_the_clock_at_the_time_of_appending(times):
    broker, clock = MemoryBroker(), LogicalClock()
    broker.create_topic("t", 1)
    for time in times:
        broker.append("t", b"k", b"v", timestamp=time)
    assert [m.at for m in broker.log("t")] == [clock.note(time, "t") for time in times]
