"""Topics by the one table: made, shown, compared; and what is said when there is no broker."""

import asyncio
import json

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.topics import FATES, MIB, RAW, dead_topic
from streams.config import Settings
from streams.errors import BrokerAwayError
from streams.kafka.topics import _rows, check, create, describe, table, wait_for_broker
from tests.kafka.commands import command
from tests.kafka.pipeline import PACT, Pipeline, pipeline


async def make(broker, name, partitions, **config):
    """A topic by a stranger."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=config)])
    await admin.close()


def test_the_table_holds_records_letters_and_rows():
    names = [topic.name for topic in table("desk")]
    assert len(names) == len(set(names)) == 15
    assert {"articles.raw.v1.dead", "desk-admit-changelog", "desk-detect-changelog"} <= set(names)


async def test_create_makes_what_is_missing_and_check_is_content(clean_kafka):
    settings = Settings(broker=clean_kafka)
    await make(clean_kafka, RAW.name, RAW.partitions, **RAW.config)
    made = await create(settings)
    assert [name for name, new in made.items() if not new] == [RAW.name]
    assert await check(settings) == []
    assert set((await create(settings)).values()) == {False}
    found = {topic.name: topic for topic in await describe(settings)}
    assert list(found) == [topic.name for topic in table("deltawire")]
    assert (found[RAW.name].partitions, found[RAW.name].replicas) == (8, 1)
    assert found[RAW.name].config["message.timestamp.type"] == "LogAppendTime"
    assert found["deltawire-detect-changelog"].config["cleanup.policy"] == "compact"


async def test_check_says_in_plain_words_what_is_wrong(clean_kafka):
    """Every setting on which a promise rests; more room than needed is no harm."""
    settings = Settings(broker=clean_kafka)
    dead = dead_topic(RAW)
    await make(clean_kafka, RAW.name, 3, **{"cleanup.policy": "compact", "retention.ms": "1"})
    await make(
        clean_kafka, dead.name, 8, **{**dead.config, "max.message.bytes": str(dead.max_bytes + 1)}
    )
    await create(settings)
    assert sorted(await check(settings)) == [
        "articles.raw.v1 has 3 partitions, not 8",
        "articles.raw.v1 has cleanup.policy=compact, not delete",
        "articles.raw.v1 has max.message.bytes=1048588, not 2097152",
        "articles.raw.v1 has message.timestamp.type=CreateTime, not LogAppendTime",
        "articles.raw.v1 has retention.ms=1, not 604800000",
    ]


async def test_asking_about_topics_makes_none():
    """A broker with auto.create.topics.enable makes what is asked for by name, badly."""

    class Admin:
        async def describe_topics(self, topics=None):
            assert topics is None
            return [{"topic": "controls.v1"}, {"topic": "strange"}]

    assert [*await _rows(Admin(), ["articles.raw.v1", "controls.v1"])] == ["controls.v1"]


def test_the_commands_at_a_terminal(clean_kafka, tmp_path):
    line = Pipeline(clean_kafka, tmp_path)
    assert "articles.raw.v1 is missing" in command(line, "topics", "check", code=1).stderr
    assert json.loads(command(line, "topics", "create", "--json").stdout)["controls.v1"] is True
    assert "exists   articles.raw.v1" in command(line, "topics", "create").stdout
    assert "as they should be" in command(line, "topics", "check").stdout
    assert json.loads(command(line, "topics", "check", "--json").stdout) == []
    assert len(json.loads(command(line, "topics", "list", "--json").stdout)) == 15
    assert "2 MiB" in command(line, "topics", "list").stdout
    too_many = ["topics", "create", "--group", "b", "--replication", "9"]
    assert "replication" in command(line, *too_many, code=2).stderr


def test_records_are_counted_between_the_ends(clean_kafka, tmp_path):
    line = Pipeline(clean_kafka, tmp_path)
    command(line, "topics", "create")
    command(line, "produce", str(PACT))
    found = asyncio.run(describe(line.settings))
    assert {topic.name: topic.records for topic in found if topic.records} == {RAW.name: 2}


async def test_a_broker_that_does_not_answer_is_named_with_protocol_and_reason():
    settings = Settings(broker="localhost:1", wait_seconds=0.5)
    with pytest.raises(
        BrokerAwayError, match=r"localhost:1 \(PLAINTEXT\) does not answer: .*Connect call failed"
    ):
        await wait_for_broker(settings)


def test_no_broker_is_one_line_and_code_4(tmp_path):
    line = Pipeline("localhost:1", tmp_path)
    for words in (["topics", "list"], ["dead", "list"], ["tail", RAW.name], ["doctor"]):
        done = command(line, *words, code=4)
        assert len(done.stderr.splitlines()) == 1
        assert "localhost:1" in done.stderr


def test_the_largest_record_of_a_stage_fits_its_topics():
    """A dead letter is its source's message and the headers that say why."""
    sizes = {topic.name: topic.max_bytes for topic in table("deltawire")}
    assert sizes["deltawire-admit-changelog"] == 16 * MIB
    assert all(sizes[f"{n}.dead"] > sizes[n] for n in sizes if f"{n}.dead" in sizes)


async def test_a_worker_stops_at_topics_that_would_lose_something(clean_kafka, tmp_path):
    """Too few partitions, too little room, rows that retention takes, a sender's clock."""
    sender = {"message.timestamp.type": "CreateTime"}
    await make(clean_kafka, RAW.name, 3, **{**RAW.config, **sender})
    await make(clean_kafka, FATES.name, 8, **{**FATES.config, "max.message.bytes": "1000"})
    await make(clean_kafka, "deltawire-admit-changelog", 8, **{"cleanup.policy": "delete"})
    with pipeline(clean_kafka, tmp_path) as line:
        await line.prepare()
        assert await asyncio.to_thread(line.worker().wait, 40) == 2
        done = line.run("topics", "check", check=False)
    assert done.returncode == 1
    for problem in (
        "articles.raw.v1 has 3 partitions, not 8",
        "articles.raw.v1 has message.timestamp.type=CreateTime, not LogAppendTime",
        "items.fates.v1 has max.message.bytes=1000, not 1048576",
        "deltawire-admit-changelog has cleanup.policy=delete, not compact",
    ):
        assert problem in done.stderr
        assert problem in line.logs()


def test_a_list_of_no_topics_is_empty_and_a_second_group_adds_its_rows(clean_kafka, tmp_path):
    line = Pipeline(clean_kafka, tmp_path)
    assert json.loads(command(line, "topics", "list", "--json").stdout) == []
    command(line, "topics", "list")
    command(line, "topics", "create")
    made = json.loads(command(line, "topics", "create", "--group", "b", "--json").stdout)
    assert [name for name, new in made.items() if new] == [
        "b-admit-changelog",
        "b-detect-changelog",
    ]
    wrong = command(line, "topics", "list", "--group", "one group", code=2)
    assert "DELTAWIRE_GROUP" in wrong.stderr
