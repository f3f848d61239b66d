"""An endpoint as a way in: items are pushed by POST, and answered when the broker has them.

``POST /v1/items`` takes one item, or a batch as JSON lines or a JSON array. 202 means that all of
it is acknowledged by all replicas. Every other answer says in one word and one line what to mend;
what was refused may be sent again as a whole, since a repeat is harmless.
"""

import asyncio
import hmac
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO
from typing import Any, cast
from uuid import uuid4

import orjson
import structlog
from aiohttp import web

from streams.errors import MAX_DETAIL, BrokerAwayError, DeltawireError
from streams.intake.formats import HINTS, hint_of
from streams.intake.line import Line
from streams.kafka.publish import Receipt
from streams.readers.split import MAX_ITEM
from streams.sources import RawItem, read_stream

PATH = "/v1/items"
MAX_NAME = 500
JSON_HINTS = ("json", "jsonl")
log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class PushLimits:
    """What one request, and all that are under way, may take."""

    body: int = 8 << 20
    items: int = 10_000
    held: int = 64 << 20
    requests: int = 256
    read_seconds: float = 30.0
    retry_after: int = 5


@dataclass(slots=True)
class PushTally:
    """What a run did; ``requests`` are those whose head was in order."""

    requests: int = 0
    accepted: int = 0
    bytes: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


class PushRefusal(DeltawireError):
    """A request that is not taken: the status, one word, one line."""

    def __init__(self, status: int, reason: str, detail: str, **headers: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.status, self.reason, self.detail = status, reason, detail[:MAX_DETAIL]
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Push:
    """The endpoint.

    Args:
        token: what clients must show; None: nobody is asked (on the loopback only).
    """

    def __init__(
        self,
        line: Line,
        token: str | None,
        limits: PushLimits | None = None,
        *,
        space: str = "world",
        source: str | None = None,
        tally: PushTally | None = None,
    ) -> None:
        self.tally = tally or PushTally()
        self.stopping = False
        self._line, self._token, self._limits = line, token, limits or PushLimits()
        self._marks = {"space": space, "source": source or ""}
        self._held = self._requests = 0

    def application(self) -> web.Application:
        """The routes."""
        found = web.Application(client_max_size=self._limits.body, middlewares=[self._answer])
        found.router.add_post(PATH, self._items, expect_handler=self._expect)
        found.router.add_get("/healthz", self._health)
        return found

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every answer is JSON, and every refusal is counted."""
        try:
            return await handler(request)
        except PushRefusal as refusal:
            return self._refuse(refusal)
        except web.HTTPRequestEntityTooLarge:
            detail = f"more than {self._limits.body} bytes"
            return self._refuse(PushRefusal(413, "too-large", detail))
        except web.HTTPException as error:
            other = PushRefusal(error.status, "no-such-thing", f"POST {PATH} or GET /healthz")
            if "Allow" in error.headers:
                other.headers["Allow"] = error.headers["Allow"]
            return self._refuse(other)

    def _refuse(self, refusal: PushRefusal) -> web.Response:
        what = {"reason": refusal.reason, "detail": refusal.detail}
        self.tally.reasons[refusal.reason] += 1
        log.warning("request.refused", status=refusal.status, **what)
        answer = {"error": refusal.reason, "detail": refusal.detail}
        return _json(answer, refusal.status, refusal.headers)

    async def _health(self, request: web.Request) -> web.StreamResponse:
        ready = self._line.ready and not self.stopping
        counts = {"accepted": self.tally.accepted, "refused": dict(self.tally.reasons)}
        return _json({"ready": ready, **counts}, 200 if ready else 503)

    async def _expect(self, request: web.Request) -> web.StreamResponse | None:
        """Who asks before sending the body (``Expect: 100-continue``) is refused before it."""
        try:
            self._check(request)
        except PushRefusal as refusal:
            return self._refuse(refusal)
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return None

    async def _items(self, request: web.Request) -> web.StreamResponse:
        hint = self._check(request)
        self.tally.requests += 1
        with self._room(request.content_length or self._limits.body):
            body = await self._body(request)
            items = self._split(body, hint, request)
            try:
                receipts = await self._line.deliver(items)
            except BrokerAwayError as error:
                raise self._busy("broker-away", str(error)) from error
        self.tally.accepted += len(items)
        self.tally.bytes += len(body)
        log.info("items.accepted", items=len(items), bytes=len(body))
        return _json(_receipt(items, receipts), 202)

    def _check(self, request: web.Request) -> str:
        """All that the head of a request can show; returns the format hint."""
        self._authorize(request)
        if self.stopping:
            raise self._busy("stopping", "this intake is being stopped")
        if coding := request.headers.get("Content-Encoding", ""):
            raise PushRefusal(415, "encoding", f"{coding[:50]!r}: send it uncompressed")
        if not (hint := hint_of(request.content_type if "Content-Type" in request.headers else "")):
            raise PushRefusal(415, "type", f"the Content-Type must be one of {', '.join(HINTS)}")
        if (request.content_length or 0) > self._limits.body:
            raise PushRefusal(413, "too-large", f"more than {self._limits.body} bytes")
        return hint

    def _authorize(self, request: web.Request) -> None:
        if self._token is None:
            # Without a token a page in somebody's browser could post to their own machine.
            if "Origin" in request.headers:
                raise PushRefusal(403, "browser", "set a token to allow requests of browsers")
            return
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        mine, theirs = (t.encode("utf-8", "surrogateescape") for t in (self._token, given.strip()))
        if not hmac.compare_digest(mine, theirs) or scheme.lower() != "bearer":
            detail = "Authorization: Bearer TOKEN is needed, with the token of this intake"
            raise PushRefusal(401, "token", detail, WWW_Authenticate='Bearer realm="deltawire"')

    @contextmanager
    def _room(self, size: int) -> Iterator[None]:
        """Bounds what is held in memory: the bodies of all requests that are under way."""
        limits = self._limits
        if self._held + size > limits.held or self._requests >= limits.requests:
            raise self._busy("overload", "too much is under way")
        self._held += size
        self._requests += 1
        try:
            yield
        finally:
            self._held -= size
            self._requests -= 1

    async def _body(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._limits.read_seconds):
                body = await request.read()
        except TimeoutError:
            raise PushRefusal(408, "slow", f"more than {self._limits.read_seconds:g} s") from None
        if not body.strip():
            raise PushRefusal(400, "empty", "no bytes")
        return body

    def _split(self, body: bytes, hint: str, request: web.Request) -> list[RawItem]:
        found: list[RawItem] = []
        marks = {name: _query(request, name) or self._marks.get(name, "") for name in _QUERY}
        stream = BufferedReader(cast(Any, BytesIO(body)))
        origin = f"push:{uuid4().hex}"
        for item in read_stream(stream, hint, origin=origin, **marks):
            number = len(found) + 1
            if number > self._limits.items:
                raise PushRefusal(413, "too-many", f"more than {self._limits.items} items")
            if "unreadable" in item.headers:
                detail = (
                    f"item {number} has more than {MAX_ITEM} bytes; JSON lines may have more in all"
                )
                raise PushRefusal(413, "too-large", detail)
            if hint in JSON_HINTS:
                _check_json(item.value, number)
            found.append(item)
        if not found:
            raise PushRefusal(400, "empty", "no item in it")
        return found

    def _busy(self, reason: str, detail: str) -> PushRefusal:
        return PushRefusal(503, reason, detail, Retry_After=str(self._limits.retry_after))


_QUERY = ("name", "space", "source")


def _query(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if len(value) > MAX_NAME or not value.isprintable():
        raise PushRefusal(400, "query", f"{name}: at most {MAX_NAME} printable characters")
    return value


def _check_json(value: bytes, number: int) -> None:
    """What is no JSON can be told at once; the rest is for the readers, and ends with a fate."""
    try:
        fields = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise PushRefusal(400, "bad-json", f"item {number}: {error}") from None
    if not isinstance(fields, dict):
        raise PushRefusal(400, "bad-json", f"item {number} is no object")


def _receipt(items: list[RawItem], receipts: list[Receipt]) -> dict[str, Any]:
    places = [
        {"partition": r.partition, "offset": r.offset, "origin": i.headers["origin"].decode()}
        for i, r in zip(items, receipts, strict=True)
    ]
    one = places[0] if len(places) == 1 else {"items": places}
    return {"accepted": len(places), "topic": receipts[0].topic, **one}


def _json(value: object, status: int, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", headers=headers
    )
