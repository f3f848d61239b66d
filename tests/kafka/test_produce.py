"""Articles into Kafka: acknowledged, paced, resumed, and told apart from what went wrong."""

import asyncio
import json
import signal
import subprocess
import time

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.topics import RAW
from streams.config import Settings
from streams.errors import BrokerAwayError
from streams.kafka.produce import Journal, JournalError, ProduceError, Tally, _Pace, produce
from streams.kafka.read import partition_of, read_topics
from streams.kafka.topics import create
from streams.sources import read_sources
from tests.kafka.commands import command
from tests.kafka.pipeline import COMMAND, PACT, WIRE, Pipeline

ITEMS = 90  # lines of the sample wire


@pytest.fixture
async def line(clean_kafka, tmp_path):
    return await Pipeline(clean_kafka, tmp_path).prepare()


async def sent(settings):
    return (await read_topics(settings, [RAW.name]))[RAW.name]


async def run(settings, sources, **how):
    tally = Tally()
    await produce(settings, read_sources([str(source) for source in sources]), tally, **how)
    return tally


async def test_every_item_arrives_as_it_is_with_key_and_headers(line):
    tally = await run(line.settings, [WIRE])
    assert (tally.read, tally.acknowledged, tally.skipped) == (ITEMS, ITEMS, 0)
    given = {item.headers["origin"]: item for item in read_sources([str(WIRE)])}
    records = await sent(line.settings)
    assert len(records) == ITEMS
    for record in records:
        item = given[record.headers["origin"]]
        assert (record.value, record.key, record.headers) == (item.value, item.key, item.headers)
        assert record.partition == partition_of(item.key, RAW.partitions)


async def test_a_run_that_resumes_sends_only_what_was_not_acknowledged(line, tmp_path):
    """Changed bytes or another origin make another item; without resuming all is sent again."""
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("A bridge fell\nIt fell in Norvia.")
    assert (await run(line.settings, [first], resume=True)).acknowledged == 1
    second.write_bytes(first.read_bytes())
    again = await run(line.settings, [first, second], resume=True)
    assert (again.skipped, again.acknowledged) == (1, 1)
    first.write_text("A bridge fell\nIt fell in Lornia.")
    again = await run(line.settings, [first, second], resume=True)
    assert (again.skipped, again.acknowledged) == (1, 1)
    assert (await run(line.settings, [first, second])).acknowledged == 2
    assert len(await sent(line.settings)) == 5


def test_ctrl_c_reports_what_was_acknowledged_and_the_next_run_does_the_rest(line):
    words = [*COMMAND, "produce", str(WIRE), "--rate", "30", "--json"]
    process = subprocess.Popen(words, env=line._environment, stdout=-1, stderr=-1, text=True)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    report = json.loads(stdout)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert report["stopped"]
    assert 0 < report["acknowledged"] < ITEMS
    rest = json.loads(command(line, "produce", str(WIRE), "--resume", "--json").stdout)
    assert rest["skipped"] == report["acknowledged"]
    assert len(asyncio.run(sent(line.settings))) == ITEMS


def test_what_was_done_is_said_in_words_too(line):
    assert "2 acknowledged" in command(line, "produce", str(PACT)).stdout
    assert "2 delivered before" in command(line, "produce", str(PACT), "--resume").stdout


def test_a_missing_topic_is_named_and_not_made(clean_kafka, tmp_path):
    line = Pipeline(clean_kafka, tmp_path)
    done = command(line, "produce", str(PACT), code=2)
    assert "deltawire topics create" in done.stderr
    assert json.loads(command(line, "topics", "list", "--json").stdout) == []


async def test_a_refused_item_is_named(clean_kafka, tmp_path):
    """A topic that somebody made smaller than the table says."""
    admin = AIOKafkaAdminClient(bootstrap_servers=clean_kafka)
    await admin.start()
    await admin.create_topics(
        [NewTopic(RAW.name, 8, 1, topic_configs={"max.message.bytes": "500"})]
    )
    await admin.close()
    settings = Settings(broker=clean_kafka, data=tmp_path)
    with pytest.raises(ProduceError, match=r"000_pact\.txt: the broker does not take it: .*Large"):
        await run(settings, [PACT / "000_pact.txt"])


def test_after_a_broker_vanished_the_next_run_sends_what_it_did_not_acknowledge(
    own_broker, tmp_path, monkeypatch
):
    monkeypatch.setattr("streams.kafka.connection.CONNECT_SECONDS", 3)
    settings = Settings(broker=own_broker.bootstrap, data=tmp_path, wait_seconds=3)
    asyncio.run(create(settings))

    def items():
        for number, item in enumerate(read_sources([str(WIRE)])):
            if number == 40:
                own_broker.kill()
            yield item

    tally, rest = Tally(), Tally()
    with pytest.raises(BrokerAwayError, match="--resume"):
        asyncio.run(produce(settings, items(), tally, rate=50))
    assert 0 < tally.acknowledged <= 40
    own_broker.start()
    asyncio.run(produce(settings, read_sources([str(WIRE)]), rest, resume=True))
    assert (rest.skipped, rest.acknowledged) == (tally.acknowledged, ITEMS - tally.acknowledged)
    records = asyncio.run(sent(settings))
    # What was in flight at the kill may lie there without our knowing, and once more.
    assert len({record.headers["origin"] for record in records}) == ITEMS
    assert len(records) <= ITEMS + 40 - tally.acknowledged


async def test_a_rate_is_kept_evenly_and_gives_way_to_a_stop():
    pace, begun = _Pace(100, asyncio.Event()), time.monotonic()
    for _ in range(21):
        assert await pace.go()
    assert 0.19 < time.monotonic() - begun < 0.6
    assert len(asyncio.all_tasks()) == 1  # no wait is left behind
    stop = asyncio.Event()
    slow = _Pace(0.01, stop)
    assert await slow.go()
    asyncio.get_running_loop().call_later(0.05, stop.set)
    assert not await asyncio.wait_for(slow.go(), 2)


def test_the_journal_knows_cluster_and_topic(tmp_path):
    with Journal(tmp_path, "one", "t.v1") as journal:
        journal.add(b"a")
        assert b"a" not in journal  # it waits to be written, with others
    for cluster, topic in (("one", "t.v1"), ("two", "t.v1"), ("one", "t.v2")):
        with Journal(tmp_path, cluster, topic) as journal:
            assert (b"a" in journal) == ((cluster, topic) == ("one", "t.v1"))


def test_a_journal_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="--data"):
        Journal(tmp_path / "file", "one", "t.v1")
    (tmp_path / "produced.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(JournalError, match="not a database"):
        Journal(tmp_path, "one", "t.v1")
