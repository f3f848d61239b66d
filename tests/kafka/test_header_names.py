"""Strangers' records with header names that are not UTF-8: no worker stays at one for ever."""

import json

import pytest
from aiokafka import AIOKafkaProducer

from schemas.tagged import Retraction
from schemas.topics import NORMALIZED, RAW, TAGGED
from streams.burial import HEADER_NAMES
from streams.kafka.read import Part, records
from streams.step import EPOCH
from streams.view import View
from tests.kafka.pipeline import pipeline
from tests.misnamed import builder, named

BAD = b"na\xefme"


@pytest.fixture
async def line(clean_kafka, tmp_path):
    with pipeline(clean_kafka, tmp_path) as found:
        yield await found.prepare()


async def send(line, topic, *rows):
    """One batch, as another client might write it."""
    producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker)
    await producer.start()
    batch = producer.create_batch()
    batch._builder = builder([])
    for key, value, headers in rows:
        pairs = [(named(name), inner) for name, inner in headers]
        batch.append(timestamp=None, key=key, value=value, headers=pairs)
    await (await producer.send_batch(batch, topic.name, partition=0))
    await producer.stop()


def article(number):
    text = {"id": f"a{number}", "version": 1, "title": f"Bridge {number} over the Aldra closed"}
    return json.dumps({**text, "body": "Engineers found a crack."}).encode()


async def test_such_a_message_is_buried_and_can_be_sent_again(line):
    """With its bytes, key and headers and the reason; its neighbours of the batch pass."""
    strange = [(b"origin", b"stranger#1"), (b"format", b"json"), (BAD, b"\xff"), (b"no\xff", None)]
    await send(
        line,
        RAW,
        (b"k0", article(0), [(b"format", b"json")]),
        (b"k1", article(1), strange),
        (b"k2", article(2), [(b"format", b"json")]),
    )
    line.worker()
    await line.settled(records=3)
    (letter,) = [r async for r in records(line.settings, [Part(RAW.dead)], to_end=True)]
    assert (letter.key, letter.value) == (b"k1", article(1))
    assert list(letter.headers[:5]) == [
        ("origin", b"stranger#1"),
        ("format", b"json"),
        ("na?me", b"\xff"),
        ("no?", None),
        (HEADER_NAMES, BAD + b"\nno\xff"),
    ]
    assert View.of(await line.archive()).totals() == {"enriched": 2, "rejected": 1}
    (listed,) = json.loads(line.run("dead", "list", "--json").stdout)
    assert (listed["reason"], listed["origin"]) == ("header-name", "stranger#1")
    assert r"na\xefme" in line.run("dead", "show", listed["letter"]).stdout
    assert line.run("dead", "show", listed["letter"], "--json").stdout
    assert line.run("tail", RAW.name, "--from", "start", "--until-end", "--json").stdout
    line.run("dead", "redrive", listed["letter"])
    await line.settled(records=4)
    assert View.of(await line.archive()).articles.keys() == {"a0", "a1", "a2"}
    assert len((await line.logs_of(NORMALIZED.name))[NORMALIZED.name]) == 3


async def test_a_retraction_is_obeyed_all_the_same(line):
    """Where a burial would stop the worker, the name is overlooked: no stage needs it."""
    kill = Retraction(
        item_id="a0", version=1, space="world", status="canceled", fate="killed", reason="kill",
        decision=1, at=EPOCH,
    )  # fmt: skip
    await send(line, TAGGED, (kill.key, kill.to_bytes(), [(BAD, b"1")]))
    line.worker()
    await line.settled()
    archive = await line.archive()
    assert not archive.lines.get(TAGGED.dead)
    assert View.of(archive).articles["a0"].status == "canceled"
