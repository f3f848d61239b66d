"""``trace``, ``event`` and ``doctor`` at a broker say what they say of the same run in a folder."""

import asyncio
import json
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from aiokafka.partitioner import DefaultPartitioner

from schemas.events import EventChange
from schemas.topics import CHANGES, ENRICHED, FATES, NORMALIZED, RAW, STATE
from streams.app import run_embedded
from streams.archive import archive_of
from streams.kafka.read import Part, partition_of, read_archive, records
from streams.sources import read_sources
from streams.topology import TOPOLOGY
from tests.kafka.commands import command
from tests.kafka.pipeline import WIRE, Pipeline

KILLED = "lantern-daily:2031-03-05:0001"


@pytest.fixture(scope="module")
def logs():
    """The sample wire through all stages, in memory."""
    rows = [[(i.key, i.value, dict(i.headers), None)] for i in read_sources([str(WIRE)])]
    broker = asyncio.run(run_embedded(TOPOLOGY, rows))
    return {name: tuple(log) for name, log in broker.logs().items()}


@pytest.fixture(scope="module")
def folder(logs, tmp_path_factory):
    path = tmp_path_factory.mktemp("run")
    archive_of(logs).write(path)
    return str(path)


@pytest.fixture
async def line(clean_kafka, tmp_path, logs):
    """The same logs on Kafka."""
    found = await Pipeline(clean_kafka, tmp_path).prepare()
    topics = [name for name in logs if not name.endswith("-changelog")]
    await send(found, *(message for name in topics for message in logs[name]))
    return found


async def send(line, *messages):
    producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker, max_request_size=1 << 23)
    await producer.start()
    for m in messages:
        await producer.send(m.topic, m.value, key=m.key, headers=[*m.headers.items()])
    await producer.stop()


def said(line, *arguments, code=0):
    return json.loads(command(line, *arguments, "--json", code=code).stdout)


def test_trace_and_event_say_the_same_as_in_a_folder(line, folder):
    """DELTAWIRE_BROKER leads to the broker, --out to the folder, --broker to a broker again."""
    here = said(line, "trace", KILLED)
    assert here == said(line, "trace", KILLED, "--out", folder)
    assert here == said(line, "trace", KILLED, "--broker", line.settings.broker, "--out", folder)
    assert [fate["fate"] for fate in here["fates"]].count("killed") == 3
    event_id = next(e for e in events(line) if said(line, "event", e)["state"]["revision"] > 2)
    assert said(line, "event", event_id) == said(line, "event", event_id, "--out", folder)
    assert event_id in command(line, "event", event_id[:9]).stdout


def events(line):
    archive = asyncio.run(read_archive(line.settings, [CHANGES]))
    return dict.fromkeys(change.event_id for change in archive.records(CHANGES, EventChange))


def test_an_item_is_found_by_its_origin_and_ids_that_are_near_are_offered(line):
    fates = said(line, "trace", str(WIRE / "2031-03-05.jsonl#7"))["fates"]
    assert {fate["item_id"] for fate in fates} == {KILLED}
    assert KILLED in command(line, "trace", KILLED[:-1], code=2).stderr
    several = f"{len(events(line))} events begin with"
    assert several in command(line, "event", "ev-", code=2).stderr
    assert "no event" in command(line, "event", "nothing", code=2).stderr


async def test_for_an_item_only_its_partition_is_read(line):
    """The partitioner is Kafka's own, as every producer of ours uses it."""
    part = Part(FATES.name, KILLED.encode())
    rows = [row async for row in records(line.settings, [part], to_end=True)]
    assert {row.partition for row in rows} == {partition_of(KILLED.encode(), 8)}
    assert KILLED.encode() in {row.key for row in rows}
    partitions = list(range(8))
    for key in (b"", b"a", b"\xff" * 7, KILLED.encode()):
        assert partition_of(key, 8) == DefaultPartitioner()(key, partitions, partitions)


def test_the_doctor_is_content_with_changes_that_came_twice(line, logs):
    """Kafka delivers at least once: after a crash the same bytes can lie there again."""
    assert faults(line) == []
    asyncio.run(send(line, *logs[CHANGES.name][5:30]))
    assert faults(line) == []


def faults(line):
    found = said(line, "doctor", code=None)
    return [finding["check"] for finding in found if finding["level"] == "fault"]


def test_the_doctor_finds_two_changes_of_one_revision(line, logs):
    change = logs[CHANGES.name][-1]
    other = change.value.replace(b'"revision":', b'"item_id":"other","revision":')
    asyncio.run(send(line, replace(change, value=other)))
    assert faults(line) == ["revisions without gaps"]


def test_the_doctor_finds_a_gap(line, logs):
    last = max(logs[CHANGES.name], key=lambda m: EventChange.from_bytes(m.value).revision)
    change = EventChange.from_bytes(last.value)
    later = change.model_copy(update={"revision": change.revision + 2})
    asyncio.run(send(line, replace(last, value=later.to_bytes())))
    assert faults(line) == ["revisions without gaps"]


def test_what_retention_took_is_no_fault_and_is_said(line, logs):
    """After 30 days half of the records is gone, and of the first two topics all."""

    async def delete():
        consumer = AIOKafkaConsumer(bootstrap_servers=line.settings.broker)
        admin = AIOKafkaAdminClient(bootstrap_servers=line.settings.broker)
        await consumer.start()
        await admin.start()
        share = {RAW: 1, NORMALIZED: 1, CHANGES: 2, FATES: 2, ENRICHED: 2}
        tps = {TopicPartition(t.name, n): share[t] for t in share for n in range(t.partitions)}
        ends = await consumer.end_offsets([*tps])
        await admin.delete_records({tp: RecordsToDelete(ends[tp] // tps[tp]) for tp in tps})
        await admin.close()
        await consumer.stop()

    asyncio.run(delete())
    found = {finding["check"]: finding for finding in said(line, "doctor")}
    assert faults(line) == []
    assert "articles.raw.v1, events.changes.v1" in found["oldest records are gone"]["detail"]
    states = {m.key.decode() for m in logs[STATE.name]}
    told = [len(said(line, "event", event)["changes"]) for event in states]
    assert min(told) == 0  # and the state is shown all the same


def test_the_doctor_counts_what_no_worker_has_decided_yet(line, tmp_path):
    (tmp_path / "new.txt").write_text("A bridge fell\nIt fell in Norvia.")
    command(line, "produce", str(tmp_path / "new.txt"))
    found = {finding["check"]: finding["detail"] for finding in said(line, "doctor")}
    assert found["not decided yet"] == f"1 messages, first {tmp_path / 'new.txt'}"


def test_a_settled_letter_needs_no_attention(line):
    """The sample wire holds two."""
    letters = [f["detail"] for f in said(line, "doctor") if f["check"] == "dead letter"]
    assert len(letters) == 2
    assert all("/" in letter for letter in letters)
    command(line, "dead", "discard", letters[0].partition(":")[0], "--why", "known")
    rest = [f["detail"] for f in said(line, "doctor") if f["check"] == "dead letter"]
    assert rest == letters[1:]


def test_topics_that_are_missing_are_named(clean_kafka, tmp_path):
    line = Pipeline(clean_kafka, tmp_path)
    for words in (["doctor"], ["trace", "x"], ["event", "x"]):
        assert "deltawire topics create" in command(line, *words, code=2).stderr
    assert RAW.name in command(line, "doctor", code=2).stderr
