"""What the tests of the intake share: an outlet that keeps what it takes, a clock that is set."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from streams.errors import BrokerAwayError
from streams.kafka.publish import ProduceError, Receipt


class Basket:
    """Stands in for a broker. ``holding``: gives no receipt until it is released."""

    name, patience = "basket", 0.3

    def __init__(self):
        self.items = []
        self.away = self.holding = self.refusing = False
        self._waiting = []

    async def send(self, item):
        if self.away:
            raise BrokerAwayError("basket is away")
        future = asyncio.get_running_loop().create_future()
        if self.refusing:
            future.set_exception(ProduceError("the broker does not take it"))
            return future
        self.items.append(item)
        receipt = Receipt("articles.raw.v1", 0, len(self.items) - 1)
        if self.holding:
            self._waiting.append((future, receipt))
        else:
            future.set_result(receipt)
        return future

    def release(self):
        self.holding = False
        for future, receipt in self._waiting:
            if not future.done():
                future.set_result(receipt)
        self._waiting.clear()

    @property
    def values(self):
        return [item.value for item in self.items]

    def header(self, name):
        return [item.headers.get(name, b"").decode() for item in self.items]


class Clock:
    def __init__(self, now=1_000_000.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def basket():
    return Basket()


@pytest.fixture
def clock():
    return Clock()


class Host:
    """A feed host on the loopback: ``answers`` by path; ``asked`` keeps the requests."""

    def __init__(self):
        self.answers, self.asked = {}, []
        self.busy = self.most_busy = 0

    def url(self, path="/feed"):
        return str(self._server.make_url(path))

    async def __aenter__(self):
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._server = TestServer(application, host="127.0.0.1")
        await self._server.start_server()
        return self

    async def __aexit__(self, *_):
        await self._server.close()

    async def _handle(self, request):
        self.asked.append((request.path, dict(request.headers)))
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        try:
            answer = self.answers[request.path]
            return await answer(request) if callable(answer) else answer
        finally:
            self.busy -= 1


@pytest.fixture
async def host():
    async with Host() as host:
        yield host
