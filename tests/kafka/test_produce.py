"""Articles into Kafka: acknowledged, paced, resumed, and told apart from what went wrong."""

import asyncio
import json
import signal
import subprocess
import time
from itertools import pairwise

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.topics import RAW
from streams.config import Settings
from streams.errors import BrokerAwayError
from streams.kafka.produce import Journal, JournalError, Tally, _Pace, produce
from streams.kafka.publish import ProduceError
from streams.kafka.read import partition_of, read_topics
from streams.kafka.topics import create
from streams.readers.split import MAX_ITEM
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


def test_a_file_that_came_between_others_is_all_that_a_resumed_run_sends(line, tmp_path):
    """Lines of a new file do not shift what was delivered before and after it."""
    folder = tmp_path / "wire"
    folder.mkdir()
    days = sorted(WIRE.glob("*.jsonl"))
    for day in (*days[:3], *days[4:6]):
        (folder / day.name).write_bytes(day.read_bytes())
    before = report(line, str(folder))
    (folder / days[3].name).write_bytes(days[3].read_bytes())
    after = report(line, str(folder), "--resume")
    assert after["skipped"] == before["acknowledged"]
    assert after["acknowledged"] == len(days[3].read_text().splitlines())
    origins = [record.headers["origin"] for record in asyncio.run(sent(line.settings))]
    assert len(origins) == len(set(origins)) == after["read"]


def report(line, *arguments):
    return json.loads(command(line, "produce", *arguments, "--json").stdout)


def start(line, *arguments):
    words = [*COMMAND, "produce", str(WIRE), *arguments]
    return subprocess.Popen(words, env=line._environment, stdout=-1, stderr=-1, text=True)


def until_sent(line, count, seconds=20):
    deadline = time.monotonic() + seconds
    while len(asyncio.run(sent(line.settings))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_after_a_kill_the_next_run_leaves_nothing_out_and_repeats_little(line):
    """The journal is at most half a second behind what was acknowledged, not 200 items."""
    process = start(line, "--rate", "30")
    until_sent(line, 45)
    process.kill()
    process.communicate(timeout=10)
    rest = report(line, str(WIRE), "--resume")
    records = asyncio.run(sent(line.settings))
    assert len({record.headers["origin"] for record in records}) == ITEMS
    assert rest["skipped"] + rest["acknowledged"] == ITEMS
    assert rest["skipped"] >= 20
    assert len(records) <= ITEMS + 25


def test_sigterm_and_a_second_ctrl_c_end_it_with_a_report(line):
    """Also where the next item's turn would come much later."""
    for sent_signals in ([signal.SIGTERM], [signal.SIGINT, signal.SIGINT]):
        process = start(line, "--rate", "0.2", "--resume", "--json")
        time.sleep(2.5)
        for each in sent_signals:
            process.send_signal(each)
        stdout, stderr = process.communicate(timeout=5)
        assert process.returncode == 130
        assert json.loads(stdout)["acknowledged"] >= 1
        assert "--resume" in stderr or stderr == ""
        assert "Traceback" not in stderr


def test_items_come_at_the_rate_that_was_asked_for(line, tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(f'{{"id":"{n}","title":"t","body":"b"}}\n' for n in range(21)))
    command(line, "produce", str(path), "--rate", "20")
    times = sorted(record.at for record in asyncio.run(sent(line.settings)))
    assert 0.5 < (times[-1] - times[0]).total_seconds() < 2  # the first may wait for the topic
    gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert max(gaps) < 0.7


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "inf", "fast"])
def test_a_rate_that_is_none_is_refused(tmp_path, rate):
    line = Pipeline("localhost:1", tmp_path)
    assert "--rate" in command(line, "produce", str(PACT), "--rate", rate, code=2).stderr


def test_a_dry_run_counts_and_names_what_cannot_be_read_without_a_broker(tmp_path):
    line = Pipeline("localhost:1", tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "large.txt").write_bytes(b"x" * (MAX_ITEM + 1))
    (tmp_path / "in" / "small.txt").write_bytes(b"A gate opens\nIt is open.")
    done = command(line, "produce", str(tmp_path / "in"), "--dry-run")
    assert "2 items read, 24 bytes; 1 could not be read" in done.stdout
    assert "nothing was sent" in done.stdout
    assert done.stderr == f"too-large: {tmp_path}/in/large.txt: more than {MAX_ITEM} bytes\n"
    assert not line.settings.data.exists()


def test_standard_input_is_sent_line_by_line(line):
    day = sorted(WIRE.glob("*.jsonl"))[0].read_bytes()
    words = [*COMMAND, "produce", "-", "--json"]
    done = subprocess.run(
        words, input=day, env=line._environment, capture_output=True, timeout=30, check=True
    )
    lines = day.splitlines()
    assert json.loads(done.stdout)["acknowledged"] == len(lines)
    records = {record.headers["origin"]: record for record in asyncio.run(sent(line.settings))}
    assert [records[b"-#%d" % n].value for n in range(1, len(lines) + 1)] == lines


def test_an_item_that_is_too_large_goes_without_its_bytes(line, tmp_path):
    """So that it ends with a fate, like any other."""
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (MAX_ITEM + 1))
    assert "1 could not be read" in command(line, "produce", str(path)).stdout
    (record,) = asyncio.run(sent(line.settings))
    assert not record.value
    assert record.headers["unreadable"] == b"too-large"
    path.write_bytes(b"x" * MAX_ITEM)
    assert report(line, str(path)) | {"bytes": 0} == {
        "read": 1, "bytes": 0, "unreadable": 0, "skipped": 0, "acknowledged": 1, "stopped": False
    }  # fmt: skip


def test_a_broker_that_is_away_is_one_line_and_code_4(tmp_path):
    done = command(Pipeline("localhost:1", tmp_path), "produce", str(PACT), code=4)
    assert len(done.stderr.splitlines()) == 1
    assert "localhost:1" in done.stderr


def test_a_wrong_source_or_folder_is_one_line_and_code_2(line, tmp_path):
    (tmp_path / "file").touch()
    for words in (["nowhere"], [str(PACT), "--data", str(tmp_path / "file")]):
        done = command(line, "produce", *words, code=2)
        assert len(done.stderr.splitlines()) == 1
    assert asyncio.run(sent(line.settings)) == []
