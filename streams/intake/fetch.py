"""One conditional GET of a document from a host that is not trusted.

Bounded in time (all redirects together), in bytes on the wire and in decoded bytes, in redirects,
and in where it connects to. Compression is undone here, piece by piece, so that a small answer
cannot become a large one in memory.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from aiohttp import (
    ClientConnectorDNSError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
    encode_basic_auth,
)
from yarl import URL

from streams.intake.addresses import REFUSED, AddressRule, guarded_connector
from streams.intake.unpack import FetchError, unpacker

PIECE = 1 << 16
MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """Args: seconds for all of a fetch; bytes of the decoded document, and as many on the wire."""

    seconds: float = 30.0
    bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Document:
    """What came. ``body`` is None if it has not changed.

    Args:
        url: where it came from at last.
        moved: the address to ask from now on, if every redirect on the way was permanent.
    """

    url: URL
    body: bytes | None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved: URL | None = None


class Gate(Protocol):
    """Lets a request through to a host when its turn has come."""

    def turn(self, host: str) -> AbstractAsyncContextManager[None]:
        """Entered for each request."""


def checked_url(text: str, base: URL | None = None) -> URL:
    """An http(s) address.

    Raises:
        FetchError: ``bad-url`` or ``scheme``.
    """
    try:
        url = URL(text) if base is None else base.join(URL(text))
        host, port = url.host, url.port
    except (ValueError, TypeError) as error:
        raise FetchError("bad-url", f"{text[:200]!r}: {error}") from None
    if url.scheme not in ("http", "https"):
        raise FetchError("scheme", f"{url.scheme or 'no scheme'}: only http and https")
    if not host or not port:
        raise FetchError("bad-url", f"{text[:200]!r} names no host")
    return url.with_fragment(None).with_path(url.raw_path, encoded=True, keep_query=True)


class Fetcher:
    """Fetches with one pool of connections; use it as a context."""

    def __init__(self, rule: AddressRule, limits: Limits, gate: Gate, agent: str) -> None:
        self._rule, self._limits, self._gate, self._agent = rule, limits, gate, agent

    @asynccontextmanager
    async def open(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Fetcher"]:
        """With connections, until the end of the block."""
        options = {"ssl": tls} if tls else {}
        self._session = ClientSession(
            connector=guarded_connector(self._rule, limit=0, **options),  # the gate limits
            timeout=ClientTimeout(total=None),  # the whole fetch has one
            headers={"User-Agent": self._agent, "Accept-Encoding": "gzip"},
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
            max_line_size=8190,
            max_field_size=8190,
        )
        async with self._session:
            yield self

    async def fetch(self, url: URL, *, etag: str = "", last_modified: str = "") -> Document:
        """The document, if it is another than the one that the two values came with.

        Raises:
            FetchError: there is none, with the reason.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in asked.items() if value}
        try:
            return await self._follow(url, headers)
        except TimeoutError:
            raise FetchError("timeout", f"more than {self._limits.seconds:g} s") from None
        except ClientConnectorDNSError as error:
            raise FetchError("no-such-host", str(error)) from error
        except ClientSSLError as error:
            raise FetchError("tls", str(error)) from error
        except ClientPayloadError as error:
            raise FetchError("truncated", str(error)) from error
        except InvalidURL as error:
            raise FetchError("bad-url", str(error)) from error
        except (ClientError, OSError, ValueError) as error:
            problem = str(getattr(error, "os_error", error))
            raise FetchError("address" if REFUSED in problem else "no-answer", problem) from error

    async def _follow(self, first: URL, headers: Mapping[str, str]) -> Document:
        login = {}
        if first.user is not None:
            login = {"Authorization": encode_basic_auth(first.user, first.password or "", "utf-8")}
        url = first = first.with_user(None)
        permanent, moved = True, None
        clock = _Clock(self._limits.seconds)
        for _ in range(MAX_REDIRECTS + 1):
            # A login goes to nobody else than the host it was given for.
            mine = {**headers, **(login if url.origin() == first.origin() else {})}
            async with (
                self._gate.turn(url.host or ""),
                clock.running(),
                self._session.get(url, headers=mine, allow_redirects=False) as answer,
            ):
                if answer.status not in REDIRECTS:
                    return await self._document(answer, url, moved)
                permanent = permanent and answer.status in PERMANENT
                target = answer.headers.get("Location", "")
            url = checked_url(target, url).with_user(None)
            moved = url if permanent else moved
        raise FetchError("redirects", f"more than {MAX_REDIRECTS}")

    async def _document(self, answer: ClientResponse, url: URL, moved: URL | None) -> Document:
        if answer.status == 304:
            return Document(url, None, moved=moved)
        if answer.status != 200:
            reason = "gone" if answer.status == 410 else f"status-{answer.status}"
            after = answer.headers.get("Retry-After", "")
            raise FetchError(reason, answer.reason or "", status=answer.status, retry_after=after)
        return Document(
            url,
            await self._body(answer),
            answer.headers.get("Content-Type", ""),
            _kept(answer.headers.get("ETag", "")),
            _kept(answer.headers.get("Last-Modified", "")),
            moved,
        )

    async def _body(self, answer: ClientResponse) -> bytes:
        limit, taken, body = self._limits.bytes, 0, bytearray()
        if (answer.content_length or 0) > limit:
            raise FetchError("too-large", f"{answer.content_length} bytes, at most {limit}")
        unpack = unpacker(answer.headers.get("Content-Encoding", ""))
        async for piece in answer.content.iter_chunked(PIECE):
            taken += len(piece)
            body += unpack.feed(piece, limit + 1 - len(body))
            if taken > limit or len(body) > limit:
                raise FetchError("too-large", f"more than {limit} bytes")
        if not unpack.whole:
            raise FetchError("truncated", "the compressed document has no end")
        return bytes(body)


def _kept(value: str) -> str:
    """What a host wants to see again, if it is a header as headers should be."""
    return value if len(value) <= 1000 and value.isascii() and value.isprintable() else ""


class _Clock:
    """Runs while we ask, and stands while we wait for our turn."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """
        Raises:
            TimeoutError: all of the time is used.
        """
        begun = monotonic()
        async with asyncio.timeout(self._left):
            yield
        self._left -= monotonic() - begun
