"""The brokers of the tests, and in which order they are looked for."""

import asyncio
import subprocess
import sys

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from schemas.topics import RAW
from tests.kafka import brokers


async def test_a_killed_broker_comes_back_with_its_data(own_broker):
    await create(own_broker.bootstrap, "kept")
    producer = AIOKafkaProducer(bootstrap_servers=own_broker.bootstrap, acks="all")
    await producer.start()
    await producer.send_and_wait("kept", b"a word")
    await producer.stop()
    own_broker.kill()
    own_broker.start()
    consumer = AIOKafkaConsumer(
        "kept", bootstrap_servers=own_broker.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    assert (await consumer.getone()).value == b"a word"
    await consumer.stop()


async def test_the_shared_broker_comes_without_topics_and_carries_a_record(clean_kafka):
    await create(clean_kafka, "fresh")
    producer = AIOKafkaProducer(bootstrap_servers=clean_kafka)
    await producer.start()
    assert (await producer.send_and_wait("fresh", b"a word")).offset == 0
    await producer.stop()


def test_the_order_in_which_brokers_are_looked_for(monkeypatch):
    """One that was named, a container, a Java process; each step says why it was taken."""
    said = []
    monkeypatch.setattr(brokers, "_say", said.append)
    for name in ("Given", "Container", "Java"):
        monkeypatch.setattr(brokers, name, lambda *given, name=name: (name, *given))
    monkeypatch.setattr(brokers, "_container_problem", lambda: "")
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "there:9092")
    assert brokers.shared() == ("Given", "there:9092")
    assert brokers.private() == ("Container",)
    assert said == []
    monkeypatch.delenv("KAFKA_BOOTSTRAP")
    assert brokers.shared() == ("Container",)
    monkeypatch.setattr(brokers, "_container_problem", lambda: "no Docker engine answers")
    monkeypatch.setattr(brokers, "_need_java", lambda: None)
    assert brokers.shared() == ("Java",)
    assert set(said) == {"KAFKA_BOOTSTRAP is not set", "no container: no Docker engine answers"}


def test_a_named_broker_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("KAFKA_BOOTSTRAP", "localhost:1")
    with pytest.raises(pytest.UsageError, match="KAFKA_BOOTSTRAP=localhost:1 does not answer"):
        brokers.shared()


async def test_a_broker_with_our_topics_is_not_taken_for_tests(clean_kafka, monkeypatch):
    """They would be deleted."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP", clean_kafka)
    assert brokers.shared().bootstrap == clean_kafka
    await create(clean_kafka, RAW.name)
    with pytest.raises(pytest.UsageError, match=r"holds articles\.raw\.v1"):
        brokers.shared()


def test_without_any_way_to_a_broker_the_error_says_what_to_install(monkeypatch):
    monkeypatch.delenv("KAFKA_BOOTSTRAP", raising=False)
    monkeypatch.setattr(brokers, "_container_problem", lambda: "no Docker engine answers")
    monkeypatch.setenv("PATH", "/nowhere")
    for way in (brokers.shared, brokers.private, brokers.secure):
        with pytest.raises(pytest.UsageError, match="apt-get install default-jre-headless maven"):
            way()


MEMBER = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer
async def stay(place, instance=None):
    settings = {"group_id": "left", "group_instance_id": instance, "bootstrap_servers": place}
    await AIOKafkaConsumer("taken", **settings).start()
    print("joined", flush=True)
    await asyncio.sleep(60)
asyncio.run(stay(*sys.argv[1:]))
"""


@pytest.mark.parametrize("instance", [(), ("slot-0",)], ids=["dynamic", "static"])
async def test_what_tests_made_is_swept_with_groups_of_killed_members(clean_kafka, instance):
    """And nothing else: a broker at KAFKA_BOOTSTRAP may hold what is somebody's."""
    await create(clean_kafka, "taken")
    await create(clean_kafka, "somebodys")
    command = [sys.executable, "-c", MEMBER, clean_kafka, *instance]
    member = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert await member.stdout.readline() == b"joined\n"
    member.kill()
    await member.wait()
    admin = AIOKafkaAdminClient(bootstrap_servers=clean_kafka)
    await admin.start()
    topics, groups = await brokers.found_at(admin)
    assert "left" in groups
    await brokers.sweep(admin, (topics - {"taken"}, groups - {"left"}))
    assert await brokers.found_at(admin) == (topics - {"taken"}, groups - {"left"})
    await admin.close()


async def create(broker, topic):
    """One partition is enough."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
