"""Each mend of the driver: what is right with ours goes wrong with Faust's own.

If one of the second kind of checks fails, upstream has mended it, and our mend can go.
"""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import pytest
from faust.transport.drivers import aiokafka as faust_driver
from faust.transport.producer import ProducerBuffer
from faust.types import TP

from schemas.topics import RAW
from streams.app import build_app
from streams.transports import kafka as driver

PLACE = TP(RAW.name, 0)


@pytest.fixture
def app(tmp_path):
    """Not started: nothing connects."""
    app = build_app(["kafka://localhost:1"], (), datadir=tmp_path)
    app.topics._acking_topics.add(RAW.name)
    return app


def consumer_of(app, kind):
    transport = app.transport
    transport.Consumer = kind
    return transport.create_consumer(
        callback=lambda message: None,
        on_partitions_revoked=app._on_partitions_revoked,
        on_partitions_assigned=app._on_partitions_assigned,
    )


class Message(SimpleNamespace):
    """As much of one as book-keeping looks at."""

    __hash__ = object.__hash__


def message(offset):
    return Message(tp=PLACE, topic=RAW.name, offset=offset, acked=False)


@pytest.mark.parametrize(
    ("kind", "committed"), [(driver.Consumer, None), (faust_driver.Consumer, 6)], ids=str
)
def test_a_commit_never_passes_a_message_at_work(app, kind, committed):
    """Offset 4 is at work, 5 is done; the committed 4 means "4 is the next to do"."""
    consumer = consumer_of(app, kind)
    consumer._committed_offset[PLACE] = 4
    first, second = message(4), message(5)
    for each in (first, second):
        consumer.track_message(each)
    consumer.ack(second)
    assert consumer._new_offset(PLACE) == committed
    consumer.ack(first)
    if kind is driver.Consumer:
        assert consumer._new_offset(PLACE) == 6


class SlowChannel:
    """Takes its time to publish."""

    def __init__(self):
        self.published = 0

    async def publish_message(self, fut, wait):
        await asyncio.sleep(0.3)
        self.published += 1


@pytest.mark.parametrize(
    ("kind", "left"), [(driver.Buffer, 0), (ProducerBuffer, 3)], ids=["ours", "faust"]
)
async def test_flush_returns_when_all_is_sent(app, kind, left):
    """Else offsets are committed before the rows that they stand for."""
    buffer, channel = kind(loop=asyncio.get_running_loop()), SlowChannel()
    buffer.app = app
    await buffer.start()
    for _ in range(3):
        buffer.put(SimpleNamespace(message=SimpleNamespace(channel=channel)))
    await buffer.flush()
    assert 3 - channel.published == left
    with suppress(RuntimeError):  # Faust's, with two messages left
        await buffer.stop()


async def test_flush_says_what_a_stopped_producer_has_left(app):
    buffer = driver.Buffer(loop=asyncio.get_running_loop())
    buffer.app = app
    buffer.put(SimpleNamespace(message=None))
    with pytest.raises(RuntimeError, match="1 messages unsent"):
        await buffer.flush()


async def test_records_that_are_not_there_do_not_hold_back_a_commit(app):
    """A transaction marker takes an offset; the record behind it still counts as at work."""
    consumer, seen = consumer_of(app, driver.Consumer), []

    async def callback(each):
        consumer.track_message(each)
        seen.append(each.offset)

    consumer.callback = callback
    consumer._read_offset[PLACE] = consumer._committed_offset[PLACE] = 4
    messages = [message(offset) for offset in (4, 5, 8)]
    await consumer._deliver([(PLACE, each) for each in messages])
    assert seen == [4, 5, 8]
    for each in messages[:2]:
        consumer.ack(each)
    assert consumer._new_offset(PLACE) == 6
    consumer._committed_offset[PLACE] = 6
    consumer.ack(messages[2])
    assert consumer._new_offset(PLACE) == 9


async def test_what_was_delivered_before_is_passed_over(app):
    consumer, seen = consumer_of(app, driver.Consumer), []

    async def callback(each):
        seen.append(each.offset)

    consumer.callback = callback
    consumer._read_offset[PLACE] = 7
    await consumer._deliver([(PLACE, message(offset)) for offset in (5, 6, 7, 8)])
    assert seen == [7, 8]


@pytest.mark.parametrize("package", driver.PINNED)
def test_it_refuses_other_versions_than_it_was_tested_with(monkeypatch, package):
    monkeypatch.setitem(driver.PINNED, package, "9.9.9")
    with pytest.raises(driver.DriverVersionError, match=package):
        driver.check_versions()
    with pytest.raises(driver.DriverVersionError):
        build_app(["kafka://localhost:1"], (), datadir="unused").transport  # noqa: B018


def test_kafka_urls_get_the_mended_driver(app):
    assert isinstance(app.transport, driver.Transport)
    assert app.transport.Consumer is driver.Consumer
    assert isinstance(app.producer, driver.Producer)
    assert app.producer._settings_extra() == {"acks": "all", "enable_idempotence": True}


class Thread:
    """Where the consumer's requests go."""

    def __init__(self, commits):
        self.commits, self.sought = commits, []

    def assignment(self):
        return set(self.commits)

    async def seek_to_committed(self):
        return self.commits

    async def seek_to_beginning(self, *tps):
        self.sought += tps


async def test_a_source_without_a_commit_is_sought_to_its_beginning(app):
    """aiokafka leaves it where it stands, behind what was fetched and let go."""
    consumer, other = consumer_of(app, driver.Consumer), TP(RAW.name, 1)
    consumer._thread = Thread({PLACE: None, other: 7})
    await consumer.perform_seek()
    assert consumer._thread.sought == [PLACE]
    assert consumer._read_offset[other] == 7


async def test_no_source_is_read_before_a_rebalance_is_over(app):
    """Faust resumes sources before it seeks them and empties the agents' queues afterwards: what
    comes in between would be passed over until the next restart."""
    consumer, seen = consumer_of(app, driver.Consumer), []
    consumer._thread = Thread({PLACE: 4})

    async def callback(each):
        seen.append(each.offset)

    async def getmany(timeout):  # noqa: ASYNC109 - Faust's signature
        await asyncio.sleep(0.01)
        yield PLACE, message(4 if consumer._read_offset[PLACE] == 4 else 9)

    consumer.callback, consumer.getmany = callback, getmany
    app.on_rebalance_start()
    draining = asyncio.create_task(consumer._drain_messages(SimpleNamespace(should_stop=False)))
    await asyncio.sleep(0.1)
    assert seen == []
    app.rebalancing = False
    await asyncio.sleep(0.1)
    draining.cancel()
    assert seen[0] == 4


async def test_a_fetch_that_finds_nothing_comes_back_soon(app):
    """Faust's holds for 1.5 s, and a partition that has just been emptied waits meanwhile."""
    transport = app.transport
    for kind, wait in ((driver.Consumer, driver.FETCH_WAIT_MS), (faust_driver.Consumer, 1500)):
        thread = consumer_of(app, kind)._thread
        made = thread._create_worker_consumer(transport)
        assert made._fetch_max_wait_ms == wait
        await made.stop()
