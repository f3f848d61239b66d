"""How every client reaches the broker: addresses, TLS, SASL, and what to say if it does not."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from aiokafka.conn import collect_hosts
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.metadata import MetadataRequest
from pydantic import SecretStr

from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError

CONNECT_SECONDS = 10.0
FORBIDDEN = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
)
REFUSALS = ("Authentication", "SASL", "Sasl", "CERTIFICATE", "SSL")
"""What stands in aiokafka's word on a connection if asking again would not help."""
Client = TypeVar("Client")


class ConnectionSettingsError(DeltawireError):
    """An address is none, or a certificate or a secret cannot be read."""


class ForbiddenError(DeltawireError):
    """The broker knows us and does not allow it."""


class LoginError(BrokerAwayError):
    """The broker does not accept who we say we are: asking again would not help."""


class Reasons(logging.Handler):
    """Keeps aiokafka's last word on a connection: the error that it raises does not say it."""

    def __init__(self) -> None:
        super().__init__()
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Note it; nothing is written."""
        self.last = record.getMessage()


@asynccontextmanager
async def connected(settings: Settings, client: Client) -> AsyncIterator[Client]:
    """One of aiokafka's clients, started, and closed at the end.

    Raises:
        BrokerAwayError: it does not answer in ten seconds, or went away for good.
        LoginError: it refuses our credentials, or we its certificate.
        ForbiddenError: an ACL is missing.
    """
    reasons, logger = Reasons(), logging.getLogger("aiokafka")
    before = logger.handlers, logger.propagate, logger.level
    logger.handlers, logger.propagate = [reasons], False
    logger.setLevel(logging.WARNING)
    close = getattr(client, "stop", None) or client.close  # type: ignore[attr-defined]
    try:
        await asyncio.wait_for(client.start(), CONNECT_SECONDS)  # type: ignore[attr-defined]
        yield client
    except FORBIDDEN as error:
        raise ForbiddenError(
            f"the broker at {settings.broker} does not allow this to "
            f"{settings.sasl_username or 'a client without a name'}: {error}; "
            "'deltawire topics acls' lists what each role needs"
        ) from error
    except (KafkaError, OSError, TimeoutError) as error:
        raise _away(settings, reasons.last or repr(error)) from error
    finally:
        with suppress(KafkaError, OSError, TimeoutError):
            await asyncio.wait_for(close(), CONNECT_SECONDS)
        logger.handlers, logger.propagate = before[:2]
        logger.setLevel(before[2])


def patience(settings: Settings) -> float:
    """Seconds without any progress after which a broker that did answer counts as away."""
    return max(settings.wait_seconds, CONNECT_SECONDS)


async def refuse_hidden(client: Any, topics: Iterable[str]) -> None:
    """Tell topics that are missing from those that we may not see: in a list both are absent.

    Args:
        client: aiokafka's inner one, connected.

    Raises:
        TopicAuthorizationFailedError: we may not see one of them; it need not even exist.
    """
    request = MetadataRequest(list(topics), allow_auto_topic_creation=False)
    answer = await client.send(client.get_random_node(), request)
    rows = answer.to_object()["topics"]
    forbidden = TopicAuthorizationFailedError.errno
    if hidden := sorted(row["topic"] for row in rows if row["error_code"] == forbidden):
        raise TopicAuthorizationFailedError(", ".join(hidden))


def _away(settings: Settings, reason: str) -> BrokerAwayError:
    refused = any(word in reason for word in REFUSALS)
    problem = "refuses the connection" if refused else "does not answer"
    kind = LoginError if refused else BrokerAwayError
    reason += _guess(settings, reason)
    return kind(f"broker {settings.broker} ({settings.security_protocol}) {problem}: {reason}")


def _guess(settings: Settings, reason: str) -> str:
    """Why a connection may be closed without a word, or get none in time."""
    protocol = settings.security_protocol
    if reason.endswith(": "):
        return f"no word from it; does it speak {protocol} at this port?"
    if not reason.endswith("closed"):
        return ""
    if protocol.endswith("SSL"):  # the handshake came to its end
        return "; does it ask for a client certificate (DELTAWIRE_SSL_CERTFILE)?"
    return f"; does it speak {protocol} at this port?"


def client_options(settings: Settings) -> dict[str, Any]:
    """Arguments that aiokafka's clients share: address, protocol, credentials.

    Raises:
        ConnectionSettingsError: an address is none, or a file cannot be read.
    """
    protocol = settings.security_protocol
    options: dict[str, Any] = {
        "bootstrap_servers": _servers(settings.broker),
        "security_protocol": protocol,
    }
    if protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": sasl_password(settings),
        }
    return options


def _servers(broker: str) -> list[str]:
    servers = [server.strip() for server in broker.split(",")]
    try:
        hosts = [host for host, _, _ in collect_hosts(servers, randomize=False)]
    except ValueError:
        hosts = []
    if not hosts or not all(hosts):
        raise ConnectionSettingsError(
            f"broker {broker!r} is no address: HOST:PORT, several with commas"
        )
    return servers


def sasl_password(settings: Settings) -> str:
    """The password itself.

    Raises:
        ConnectionSettingsError: there is none or an empty one, or its file cannot be read.
    """
    secret = secret_of(settings.sasl_password, settings.sasl_password_file)
    if not secret:
        raise ConnectionSettingsError(
            f"{settings.security_protocol} needs DELTAWIRE_SASL_PASSWORD_FILE "
            "or DELTAWIRE_SASL_PASSWORD"
        )
    return secret


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """Verifies the broker; shows a client certificate if one is set.

    Raises:
        ConnectionSettingsError: a certificate or key cannot be read.
    """
    certificate, key = settings.ssl_certfile, settings.ssl_keyfile
    with _named(settings.ssl_cafile):
        context = ssl.create_default_context(cafile=settings.ssl_cafile)
    context.check_hostname = settings.ssl_check_hostname
    if certificate:
        password = secret_of(settings.ssl_key_password, settings.ssl_key_password_file)
        with _named(certificate, key):
            # Without one OpenSSL would ask at the terminal for the password of a locked key.
            context.load_cert_chain(certificate, key, lambda: password or "")
    return context


@contextmanager
def _named(*files: Path | None) -> Iterator[None]:
    """OpenSSL does not say which file it means."""
    try:
        yield
    except OSError as error:
        names = " with ".join(map(str, filter(None, files)))
        raise ConnectionSettingsError(f"TLS settings cannot be used: {names}: {error}") from error


def secret_of(value: SecretStr | None, file: Path | None) -> str | None:
    """The secret, from its file if one is named.

    Raises:
        ConnectionSettingsError: the file cannot be read.
    """
    if file is None:
        return None if value is None else value.get_secret_value()
    try:
        return file.read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectionSettingsError(f"cannot read the secret in {file}: {error}") from error
