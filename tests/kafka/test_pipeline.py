"""The pipeline as its users run it, undisturbed: what goes in, what comes out, what is kept."""

import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from aiokafka import AIOKafkaProducer

from schemas.topics import CHANGES, ENRICHED, NORMALIZED, RAW, STATE, TAGGED
from streams.doctor import examine
from streams.replay import replay
from streams.view import View
from tests.kafka.pipeline import (
    PACT,
    currents,
    fates,
    pipeline,
    recent_wire,
    texts,
    undisturbed,
)


@pytest.fixture
async def line(clean_kafka, tmp_path):
    """A pipeline with its topics, no worker yet."""
    with pipeline(clean_kafka, tmp_path) as found:
        yield await found.prepare()


async def test_the_seeds_fare_as_in_memory(line, tmp_path):
    """The pair and the sample wire: same fates, same texts, no promise broken, and the tagged
    log worked again in memory gives the same changes byte for byte."""
    sources = [str(PACT), str(recent_wire(tmp_path / "wire"))]
    line.worker()
    line.run("produce", *sources)
    await line.settled(records=93)
    kafka, memory = await line.archive(), await replay(sources)
    here, there = View.of(kafka), View.of(memory)
    assert len(there.current_fates) > 80
    assert fates(here) == fates(there)
    assert_same_texts(here, there)
    assert [finding for finding in examine(kafka) if finding.level == "fault"] == []
    logs = await line.logs_of(TAGGED.name, CHANGES.name)
    again = await undisturbed(logs[TAGGED.name])
    for topic in (CHANGES, STATE, ENRICHED):
        assert sorted(again.lines[topic.name]) == sorted(kafka.lines[topic.name])
    assert currents(again) == currents(kafka)


async def test_sigterm_drains_and_the_next_worker_repeats_nothing(line, tmp_path):
    wire = str(recent_wire(tmp_path / "wire"))
    worker = line.worker()
    line.run("produce", wire)
    await asyncio.sleep(2.5)  # somewhere in the middle, or before it, or just behind
    assert line.stop(worker) == 0
    line.worker()
    await line.settled(records=91)
    normalized = (await line.archive()).lines[NORMALIZED.name]
    assert len(normalized) == len(set(normalized)) == 90


async def test_state_is_what_the_changelog_says(line, tmp_path):
    """Kills and versions in the second half need what the first half left; the data folder is
    deleted in between."""
    wire = recent_wire(tmp_path / "wire")
    days = sorted(wire.glob("*.jsonl"))
    first, second = [[str(day) for day in half] for half in (days[:7], days[7:])]
    worker = line.worker()
    line.run("produce", *first)
    await line.settled(records=1)
    assert line.stop(worker) == 0
    shutil.rmtree(line.settings.data)
    line.worker()
    line.run("produce", *second)
    await line.settled(records=91)
    kafka, memory = await line.archive(), await replay([*first, *second])
    assert fates(View.of(kafka)) == fates(View.of(memory))
    assert_same_texts(View.of(kafka), View.of(memory))
    tagged = (await line.logs_of(TAGGED.name))[TAGGED.name]
    assert currents(await undisturbed(tagged)) == currents(kafka)


async def test_an_embargo_lifts_when_the_brokers_time_has_come(line, tmp_path):
    """Nothing else arrives: the worker's timer only asks, and the append time decides."""
    line.worker()
    await ready(line)
    until = datetime.now(UTC) + timedelta(seconds=8)
    article = {"id": "dam", "version": 1, "title": "A dam is planned", "body": "Norvia plans one."}
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({**article, "embargoed_until": until.isoformat()}))
    line.run("produce", str(path))
    await line.settled(records=1)
    assert {fate.fate for fate in View.of(await line.archive()).current_fates.values()} == {"held"}
    while not (articles := View.of(await line.archive()).articles):
        assert datetime.now(UTC) < until + timedelta(seconds=15)
        await asyncio.sleep(0.5)
    assert articles["dam"].at >= until


async def test_a_retraction_that_fails_stops_the_worker_for_good(line):
    """Passing it over would leave a killed text standing."""
    await send(line, TAGGED.name, b"world", b'{"kind":"retraction","item_id":""}')
    worker = line.worker()
    assert await ended(worker) == 3
    assert "must not be buried" in line.logs()
    archive = await line.archive()
    assert not archive.lines.get(TAGGED.dead)
    assert line.run("health", check=False).returncode == 1


async def test_too_many_burials_in_a_row_stop_the_worker_for_good(line):
    for n in range(8):
        await send(line, RAW.name, b"k", b"\x89PNG%d" % n)
    worker = line.worker(DELTAWIRE_DEAD_LETTER_LIMIT="5")
    assert await ended(worker) == 3
    assert "5 messages in a row were buried" in line.logs()
    letters = (await line.archive()).lines.get(RAW.dead, ())
    assert len(letters) <= 5


async def test_what_strangers_send_ends_with_a_fate_and_keeps_its_bytes(line):
    """Null, nothing, no key, a header without a value, wrong charset, deep nesting, NaN."""
    strange = [
        (None, b"k", []),
        (b"", b"k", []),
        (b"\xff\xfe\x00\x01" * 50, b"\xff", [("origin", b"\xff")]),
        (b"[" * 100_000, b"k", [("format", b"json")]),
        (b'{"id":"n","title":"x","urgency":NaN}', b"k", [("format", b"json")]),
        (b"A title\nand a text.", b"k", [("origin", None)]),
        (b'{"id":"' + b"x" * 900_000 + b'"}', b"k", [("format", b"json")]),
    ]
    producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker, max_request_size=1 << 21)
    await producer.start()
    for value, key, headers in strange:
        await producer.send_and_wait(RAW.name, value, key=key, headers=headers)
    batch = producer.create_batch()
    batch.append(key=None, value=None, timestamp=None)  # as other clients may
    await (await producer.send_batch(batch, RAW.name, partition=0))
    await producer.stop()
    strange.append((None, b"", []))
    line.worker()
    await line.settled(records=len(strange))
    archive, logs = await line.archive(), await line.logs_of(RAW.dead)
    sent = {(value, key) for value, key, _ in strange}
    buried = {(letter.value, letter.key) for letter in logs[RAW.dead]}
    assert buried <= sent
    assert len(View.of(archive).current_fates) == len({value or b"" for value, _ in sent})
    assert len(buried) + len(archive.lines[NORMALIZED.name]) == len(strange)
    assert len(line.run("dead", "list").stdout.splitlines()) == len(buried) + 1


async def test_a_worker_without_its_topics_says_so(clean_kafka, tmp_path):
    with pipeline(clean_kafka, tmp_path) as line:
        worker = line.worker()
        assert await ended(worker) == 2
        assert "deltawire topics create" in line.logs()


async def test_no_port_is_open(line):
    """Faust's own web server would listen on every interface."""
    worker = line.worker()
    await ready(line)
    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    assert len(family) >= 2
    for process in family:
        assert [c for c in process.net_connections() if c.status == psutil.CONN_LISTEN] == []


def assert_same_texts(here, there):
    """Of two texts that claim to be the same version, the first stands, and an alarm says so:
    only there can the order of partitions show."""
    contested = {fate.item_id for fate in there.fates if fate.reason == "version-conflict"}
    one, other = texts(here), texts(there)
    assert len(other) > 60
    assert one.keys() == other.keys()
    assert {item for item in one if one[item] != other[item]} <= contested


async def send(line, topic, key, value):
    """One record by a stranger's producer."""
    producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker)
    await producer.start()
    await producer.send_and_wait(topic, value, key=key)
    await producer.stop()


async def ended(process, seconds=40):
    """The exit code."""
    return await asyncio.to_thread(process.wait, seconds)


async def ready(line, seconds=40):
    """Return when the health check passes."""
    for _ in range(seconds):
        if line.run("health", check=False).returncode == 0:
            return
        await asyncio.sleep(1)
    raise AssertionError(line.logs())
