"""All scenarios at once through one real worker, which is killed in the middle.

A minute of the files is two seconds here. Each scenario has a story space and ids of its own.
"""

import asyncio
import hashlib
import json
import os
import signal
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaProducer

from schemas.control import Control
from schemas.topics import CONTROLS, RAW
from streams.archive import Archive
from streams.doctor import examine
from streams.kills import NO_TARGET, kills
from tests.kafka.commands import command
from tests.kafka.pipeline import pipeline
from tests.kafka.test_pipeline import ready
from tests.scenes import QUIET, Clock, differences, lines_of, scenarios

MINUTE = timedelta(seconds=2)
PATIENCE = 60  # seconds for what is left when the last minute has passed


async def test_every_scenario_ends_on_kafka_as_its_file_says(clean_kafka, tmp_path):
    with pipeline(clean_kafka, tmp_path) as line:
        await line.prepare()
        worker = line.worker()
        await ready(line)
        clock = Clock(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2), MINUTE)
        moves = [(move.at, s, move) for s in scenarios() for move in s.moves]
        moves = [row for row in moves if row[2].kind != "restart"]
        producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker)
        await producer.start()
        for minute in range(max(at for at, _, _ in moves) + 1):
            await until(clock.at(minute))
            if minute == QUIET.start:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
                line.worker()
            for _, scenario, move in (row for row in moves if row[0] == minute):
                await send(producer, scenario, move, clock)
        await producer.stop()
        await line.settled(seconds=PATIENCE, records=sum(m.kind == "item" for _, _, m in moves))
        await until(clock.at(max(at for at, _, _ in moves) + 2))  # what falls due has
        archive, wrong = await finished(line)
        assert wrong == {}
        slow = [kill for kill in kills(archive) if kill.state not in ("done", NO_TARGET)]
        assert slow == []
        (spread,) = [f for f in examine(archive) if f.check == "kills carried out"]
        print(spread.detail)
        assert spread.facts["count"] > 20


async def test_an_operators_orders_stand_on_their_topic(clean_kafka, tmp_path):
    with pipeline(clean_kafka, tmp_path) as line:
        words = ["control", "confirm", "notice", "--item", "a", "--by", "ana", "--reason", "is it"]
        missing = await asyncio.to_thread(command, line, *words, code=2)
        assert CONTROLS.name in missing.stderr
        await line.prepare()
        done = await asyncio.to_thread(command, line, *words, "--json")
        assert json.loads(done.stdout)["place"] == f"{CONTROLS.name}/0/0"
        (order,) = (await line.archive()).records(CONTROLS, Control)
        assert (order.target, order.confirms, order.by) == ("a", "notice", "ana")
        assert order.given_at is not None


async def finished(line):
    """The archive when every scenario is as its file says, or what is not after some patience."""
    for _ in range(PATIENCE // 3):
        archive = await line.archive()
        names = [f"{line.settings.group}-{stage}-changelog" for stage in ("admit", "detect")]
        logs = await line.logs_of(*names)
        rows = tuple(row for log in logs.values() for row in lines_of(log))
        whole = Archive({**archive.lines, "rows": rows}, archive.cut, archive.times)
        wrong = {s.stem: found for s in scenarios() if (found := differences(s, whole))}
        if not wrong:
            break
        await asyncio.sleep(3)
    return archive, wrong


async def send(producer, scenario, move, clock):
    value = move.value(scenario, clock)
    if move.kind == "control":
        key = scenario.spelled(move.given["target"], clock).encode()
        await producer.send_and_wait(CONTROLS.name, value, key=key)
    else:
        headers = [*move.headers(scenario).items()]
        await producer.send_and_wait(
            RAW.name, value, key=hashlib.sha256(value).digest(), headers=headers
        )


async def until(time):
    await asyncio.sleep(max(0.0, (time - datetime.now(UTC)).total_seconds()))
