"""Where the endpoint listens, who may ask, and how it begins and ends."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_address

import structlog
from aiohttp import web

from streams.config import Settings
from streams.intake.line import Line
from streams.intake.push import PATH, Push
from streams.kafka.connection import ConnectionSettingsError, secret_of

MIN_TOKEN = 16
log = structlog.get_logger()


def token_of(settings: Settings, host: str) -> str | None:
    """The token that clients must show.

    Raises:
        ConnectionSettingsError: its file cannot be read, it is too short, or there is none though
            others than this machine can connect.
    """
    token = (secret_of(settings.intake_token, settings.intake_token_file) or "").strip()
    names = "DELTAWIRE_INTAKE_TOKEN_FILE or DELTAWIRE_INTAKE_TOKEN"
    if token and len(token) < MIN_TOKEN:
        raise ConnectionSettingsError(f"{names}: at least {MIN_TOKEN} characters")
    if not token and not is_loopback(host):
        raise ConnectionSettingsError(f"to listen at {host} a token is needed: set {names}")
    return token or None


def place_of(listen: str) -> tuple[str, int]:
    """Host and port.

    Raises:
        ConnectionSettingsError: it is no place to listen at.
    """
    host, _, port = listen.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConnectionSettingsError(f"--listen {listen!r}: HOST:PORT, for example 127.0.0.1:8080")
    return host, int(port)


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tls_of(settings: Settings) -> ssl.SSLContext | None:
    """What makes the endpoint speak TLS, if a certificate is set.

    Raises:
        ConnectionSettingsError: it cannot be read.
    """
    if settings.intake_certfile is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        # Without a word OpenSSL would ask at the terminal for that of a locked key.
        context.load_cert_chain(settings.intake_certfile, settings.intake_keyfile, lambda: "")
    except OSError as error:
        names = f"{settings.intake_certfile} with {settings.intake_keyfile}"
        raise ConnectionSettingsError(f"TLS settings cannot be used: {names}: {error}") from error
    return context


@asynccontextmanager
async def listening(
    push: Push, host: str, port: int, *, tls: ssl.SSLContext | None = None, grace: float = 30.0
) -> AsyncIterator[str]:
    """The endpoint at work; at the end no more is accepted, and what is under way is finished.

    Yields:
        its address, with the port that was found if ``port`` is 0.

    Raises:
        ConnectionSettingsError: the place is taken, or is not ours.
    """
    runner = web.AppRunner(
        push.application(),
        access_log=None,
        auto_decompress=False,
        handle_signals=False,
        keepalive_timeout=30.0,
        lingering_time=2.0,
        shutdown_timeout=grace,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port, ssl_context=tls)
        try:
            await site.start()
        except OSError as error:
            problem = error.strerror or error
            raise ConnectionSettingsError(f"cannot listen at {host}:{port}: {problem}") from error
        found = runner.addresses[0][1]
        scheme = "https" if tls else "http"
        yield f"{scheme}://{f'[{host}]' if ':' in host else host}:{found}"
    finally:
        push.stopping = True
        await runner.cleanup()


async def serve(
    line: Line, stop: asyncio.Event, opening: Callable[[], AbstractAsyncContextManager[str]]
) -> None:
    """Hold the line and the endpoint until ``stop``: first the endpoint ends, then the line.

    Raises:
        DeltawireError: the line could not be opened, or the endpoint not be made.
    """
    opened, closed = asyncio.Event(), asyncio.Event()
    holding = asyncio.create_task(line.keep(closed, opened))
    try:
        await _while_alive(holding, opened)
        if not holding.done():
            async with opening() as address:
                log.info("intake.listening", address=address + PATH)
                await _while_alive(holding, stop)
                log.info("intake.stopping")
    finally:
        closed.set()
        await holding


async def _while_alive(holding: "asyncio.Task[None]", event: asyncio.Event) -> None:
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({holding, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
