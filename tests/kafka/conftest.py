"""Brokers as fixtures. Whatever uses one is marked ``kafka``."""

import asyncio
import signal
from contextlib import asynccontextmanager

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tests.kafka import brokers

FIXTURES = {"kafka", "clean_kafka", "own_broker", "secure_broker"}


def pytest_configure(config):
    """What brokers.py says is seen; SIGTERM ends as Ctrl-C does, and leaves no broker behind."""
    brokers.capture = config.pluginmanager.getplugin("capturemanager")
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    for item in items:
        if FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("kafka")


@asynccontextmanager
async def admin_at(broker):
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


async def found_at(broker):
    async with admin_at(broker) as admin:
        return await brokers.found_at(admin)


async def sweep(broker, keep):
    async with admin_at(broker) as admin:
        await brokers.sweep(admin, keep)


@pytest.fixture(scope="session")
def _shared():
    """The broker that the tests share, and the topics and groups that it came with."""
    broker = brokers.shared()
    before = asyncio.run(found_at(broker.bootstrap))
    yield broker.bootstrap, before
    asyncio.run(sweep(broker.bootstrap, before))
    broker.stop()


@pytest.fixture(scope="session")
def kafka(_shared):
    """Address of the broker that the tests share."""
    return _shared[0]


@pytest.fixture
async def clean_kafka(_shared):
    """The shared broker without the topics and groups of tests before."""
    await sweep(*_shared)
    return _shared[0]


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
