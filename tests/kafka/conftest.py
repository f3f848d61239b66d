"""Brokers as fixtures. Whatever uses one is marked ``kafka``."""

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tests.kafka import brokers

FIXTURES = {"kafka", "clean_kafka", "own_broker", "secure_broker"}


def pytest_collection_modifyitems(items):
    for item in items:
        if FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("kafka")


@pytest.fixture(scope="session")
def kafka():
    """Address of the broker that the tests share."""
    broker = brokers.shared()
    yield broker.bootstrap
    broker.stop()


@pytest.fixture
async def clean_kafka(kafka):
    """The shared broker without any topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    while old := [name for name in await admin.list_topics() if not name.startswith("__")]:
        await admin.delete_topics(old)
        await asyncio.sleep(0.5)
    await admin.close()
    return kafka


@pytest.fixture
def own_broker():
    """A broker that the test may kill."""
    broker = brokers.private()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def secure_broker():
    """TLS, SASL and ACLs."""
    broker = brokers.secure()
    yield broker
    broker.stop()
