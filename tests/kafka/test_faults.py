"""Workers and brokers that die, come and go: nothing is lost, and what is repeated does no harm."""

import asyncio
import os
import random
import signal
import sys

import orjson
import pytest

from benchmarks.make_wire import copies
from schemas.topics import NORMALIZED, RAW, TAGGED
from streams.doctor import examine
from streams.view import View
from streams.worker.pulse import State, read
from tests.kafka.pipeline import ROOT, currents, pipeline, undisturbed
from tests.kafka.test_pipeline import ready

KILLS = 20


@pytest.fixture
async def line(clean_kafka, tmp_path):
    with pipeline(clean_kafka, tmp_path) as found:
        yield await found.prepare()


@pytest.fixture
def wire(tmp_path):
    """A few hundred lines with versions, kills, holds and embargoes."""
    rows = list(copies(360))
    path = tmp_path / "wire.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path, len(rows)


async def assert_nothing_was_lost(line, count, repeats):
    """Every message has its fate, and what stands is what an undisturbed run would say."""
    await line.settled(seconds=120, records=count)
    archive = await line.archive()
    assert [finding for finding in examine(archive) if finding.level == "fault"] == []
    sent = {message["headers"]["origin"] for message in archive.envelopes(RAW.name)}
    assert len(sent) == count
    assert sent <= {fate.origin for fate in View.of(archive).fates}
    normalized = archive.lines[NORMALIZED.name]
    if not repeats:
        assert len(normalized) == len(set(normalized))
    tagged = (await line.logs_of(TAGGED.name))[TAGGED.name]
    assert currents(await undisturbed(tagged)) == currents(archive)


async def test_kill_9_at_twenty_points_loses_nothing(line, wire):
    path, count = wire
    chance = random.Random(4)
    line.run("produce", str(path))
    for _ in range(KILLS):
        worker = line.worker()
        await progressed(line, chance.randrange(1, 60))
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    line.worker()
    await assert_nothing_was_lost(line, count, repeats=True)
    assert not View.of(await line.archive()).items_at("buried")


async def progressed(line, messages):
    """Return when the worker that was just started has decided so many messages."""
    begun, pulse = None, line.settings.data / "slots" / "0" / "pulse"
    old = read(pulse)
    for _ in range(4000):
        now = read(pulse)
        if now is not None and now.state is State.READY and (old is None or now.pid != old.pid):
            begun = now.progress if begun is None else begun
            if now.progress - begun >= messages:
                return
        await asyncio.sleep(0.005)
    raise AssertionError(line.logs())


async def test_a_supervisor_restarts_a_killed_worker(line, wire):
    path, count = wire
    worker = line.worker()
    await ready(line)
    line.run("produce", str(path))
    (child,) = line.children(worker)
    os.kill(child, signal.SIGKILL)
    await assert_nothing_was_lost(line, count, repeats=True)
    assert line.children(worker) != [child]
    assert line.stop(worker) == 0


async def test_two_workers_share_one_leaves_one_joins(line, wire):
    """Nothing is even repeated: partitions are handed over between messages."""
    path, count = wire
    first = line.worker()
    await ready(line)
    producing = asyncio.create_task(
        asyncio.to_thread(line.run, "produce", str(path), "--rate", "25")
    )
    second = line.worker()
    await asyncio.sleep(6)
    assert line.stop(first) == 0
    third = line.worker()
    await producing
    await assert_nothing_was_lost(line, count, repeats=False)
    assert line.stop(second) == line.stop(third) == 0


async def test_two_slots_under_one_supervisor(line, wire):
    path, count = wire
    worker = line.worker("--workers", "2")
    line.run("produce", str(path))
    await assert_nothing_was_lost(line, count, repeats=True)
    assert len(line.children(worker)) == 2
    assert line.stop(worker) == 0


async def test_a_message_that_kills_workers_is_buried_and_its_neighbours_pass(line, tmp_path):
    texts = [
        "First story\nIt is short.",
        "KILL THE WORKER\nIt is poison.",
        "Last story\nShort too.",
    ]
    for n, text in enumerate(texts):
        (tmp_path / f"{n}.txt").write_text(text)
    line.run("produce", *(str(tmp_path / f"{n}.txt") for n in range(3)))
    worker = line.worker(command=[sys.executable, str(ROOT / "tests/kafka/poisoned_worker.py")])
    await line.settled(seconds=90, records=3)
    archive = await line.archive()
    (letter,) = archive.envelopes(RAW.dead)
    assert "KILL THE WORKER" in letter["value"]
    assert letter["headers"]["__connect.errors.reason"] == "kills-worker"
    view = View.of(archive)
    assert view.totals() == {"enriched": 2, "rejected": 1}
    assert line.logs().count('"worker.died"') == 3
    assert line.stop(worker) == 0


async def test_a_worker_waits_for_a_broker_that_is_away(own_broker, tmp_path):
    with pipeline(own_broker.bootstrap, tmp_path) as line:
        await line.prepare()
        own_broker.kill()
        worker = line.worker()
        await asyncio.sleep(3)
        assert worker.poll() is None
        own_broker.start()
        (tmp_path / "one.txt").write_text("A bridge fell\nIt fell in Norvia on Monday.")
        line.run("produce", str(tmp_path / "one.txt"))
        await line.settled(records=1)
        assert line.stop(worker) == 0


async def test_a_worker_says_which_broker_never_answered(tmp_path):
    with pipeline("localhost:1", tmp_path, DELTAWIRE_WAIT_SECONDS="1") as line:
        assert await asyncio.to_thread(line.worker().wait, 30) == 4
        assert "localhost:1" in line.logs()


async def test_a_broker_killed_under_load_comes_back(own_broker, tmp_path, wire):
    path, count = wire
    with pipeline(own_broker.bootstrap, tmp_path) as line:
        await line.prepare()
        worker = line.worker()
        await ready(line)
        line.run("produce", str(path))
        own_broker.kill()
        await asyncio.sleep(5)
        own_broker.start()
        await assert_nothing_was_lost(line, count, repeats=True)
        assert line.stop(worker) == 0
