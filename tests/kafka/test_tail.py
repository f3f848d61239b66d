"""Reading topics without a group: from where, until where, in which form; and how it ends."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import AIOKafkaProducer

from schemas.topics import CONTROLS, FATES, RAW
from streams.config import Settings
from streams.errors import BrokerAwayError
from streams.kafka.read import Part, follow, read_topics
from streams.step import Delivered
from tests.kafka.commands import command
from tests.kafka.pipeline import COMMAND, PACT, Pipeline


@pytest.fixture
async def line(clean_kafka, tmp_path):
    return await Pipeline(clean_kafka, tmp_path).prepare()


async def send(line, topic, *values, **how):
    producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker, **how)
    await producer.start()
    if how:
        await producer.begin_transaction()
    for value in values:
        await producer.send_and_wait(topic, value, key=b"k-" + value[:1])
    if how:
        await producer.commit_transaction()
    await producer.stop()


async def values(line, topic, **how):
    return [m.value async for m in follow(line.settings, [Part(topic.name)], to_end=True, **how)]


async def test_where_to_begin_is_the_start_the_end_or_a_time(line):
    await send(line, CONTROLS.name, b"1", b"2")
    await asyncio.sleep(0.05)
    middle = datetime.now(UTC)
    await send(line, CONTROLS.name, b"3")
    assert await values(line, CONTROLS) == [b"1", b"2", b"3"]
    assert await values(line, CONTROLS, start="end") == []
    assert await values(line, CONTROLS, start=middle) == [b"3"]
    assert await values(line, CONTROLS, start=middle + timedelta(days=1)) == []
    assert await values(line, CONTROLS, start=datetime(1, 1, 1, tzinfo=UTC)) == [b"1", b"2", b"3"]


async def test_the_end_is_reached_where_no_record_lies(line):
    """The last offset of a transaction holds its marker, which nobody is given."""
    await send(line, CONTROLS.name, b"1", b"2", transactional_id="t")
    assert await asyncio.wait_for(values(line, CONTROLS), 10) == [b"1", b"2"]


async def test_of_what_comes_later_nothing_is_read(line):
    """Who reads up to the end would else run behind a busy topic for ever."""
    await send(line, CONTROLS.name, b"1", b"2")
    seen = []
    async for message in follow(line.settings, [Part(CONTROLS.name)], to_end=True):
        seen.append(message.value)
        await send(line, CONTROLS.name, b"later")
    assert seen == [b"1", b"2"]


async def test_time_orders_partitions_and_a_partition_keeps_its_order(monkeypatch):
    """Also where its leader's clock went back: there the offset says what came first."""
    lying = [(0, 0, 10), (0, 1, 9), (1, 0, 5), (1, 1, 20), (0, 2, 11)]

    async def fake(settings, parts, *, to_end):
        for partition, offset, second in lying:
            at = datetime(2031, 3, 3, 12, 0, second, tzinfo=UTC)
            yield Delivered(FATES.name, partition, offset, None, None, {}, at)

    monkeypatch.setattr("streams.kafka.read.follow", fake)
    log = (await read_topics(Settings(), [FATES.name]))[FATES.name]
    assert [(m.partition, m.offset) for m in log] == [(1, 0), (0, 0), (0, 1), (0, 2), (1, 1)]


async def test_reading_to_the_end_does_not_wait_for_ever_for_a_broker_that_left(line, monkeypatch):
    monkeypatch.setattr("streams.kafka.connection.CONNECT_SECONDS", 1)

    async def never(consumer, ends):
        return False

    monkeypatch.setattr("streams.kafka.read._all_read", never)
    settings = line.settings.model_copy(update={"wait_seconds": 0})
    with pytest.raises(BrokerAwayError, match="went away"):
        await read_topics(settings, [CONTROLS.name])


def test_foreign_bytes_come_in_an_envelope_and_records_as_they_are(line):
    command(line, "produce", str(PACT))
    everything = ["tail", RAW.name, "--from", "start", "--until-end"]
    rows = [json.loads(row) for row in command(line, *everything, "--json").stdout.splitlines()]
    assert sorted(row["headers"]["name"] for row in rows) == ["000_pact.txt", "003_pact.txt"]
    assert {row["topic"] for row in rows} == {RAW.name}
    assert base64.b64decode(rows[0]["key"]["base64"])
    asyncio.run(send(line, FATES.name, b'{"item_id":"a"}', b'{"item_id":\n"b"}'))
    rows = command(
        line, "tail", FATES.name, "--from", "1h", "--until-end", "--json"
    ).stdout.splitlines()
    assert '{"item_id":"a"}' in rows
    assert len(rows) == 2  # what would break the lines comes in an envelope too


def test_records_can_be_counted_off_and_chosen_by_key(line):
    asyncio.run(send(line, CONTROLS.name, b"1", b"2", b"1", b"3"))
    start = ["tail", CONTROLS.name, "--from", "start", "--json"]
    assert command(line, *start, "--limit", "2").stdout.split() == ["1", "2"]
    assert command(line, *start, "--key", "k-1", "--until-end").stdout.split() == ["1", "1"]


def test_a_tail_shows_what_comes_and_ends_quietly(line):
    """By default it begins at the end; Ctrl-C and SIGTERM end it."""
    asyncio.run(send(line, CONTROLS.name, b"1"))
    words = [*COMMAND, "tail", CONTROLS.name, "--json"]
    for sent in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(words, env=line._environment, stdout=-1, stderr=-1)
        time.sleep(2)
        asyncio.run(send(line, CONTROLS.name, b"2"))
        assert process.stdout.readline() == b"2\n"
        process.send_signal(sent)
        assert process.communicate(timeout=10) == (b"", b"")
        assert process.returncode == 130


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["readable", "json"])
def test_a_reader_that_has_enough_is_no_error(line, form):
    asyncio.run(send(line, CONTROLS.name, *[b'"%d"' % n + b" " * 900 for n in range(200)]))
    reader, writer = os.pipe()
    os.close(reader)
    words = [*COMMAND, "tail", CONTROLS.name, "--from", "start", *form]
    done = subprocess.run(
        words, env=line._environment, stdout=writer, stderr=-1, timeout=20, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_wrong_call_says_what_to_mend(line):
    unknown = command(line, "tail", "articles", code=2)
    assert "articles.enriched.v1" in unknown.stderr
    for start in ("yesterday", "99999999999d"):
        wrong = command(line, "tail", RAW.name, "--from", start, code=2)
        assert "15m" in wrong.stderr
