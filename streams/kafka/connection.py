"""How every client reaches the broker: addresses, TLS, SASL, and what to say if it does not."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from pydantic import SecretStr

from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError

CONNECT_SECONDS = 10.0
FORBIDDEN = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
)
Client = TypeVar("Client")


class ConnectionSettingsError(DeltawireError):
    """A certificate or a secret cannot be read."""


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
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [reasons], False
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
        logger.handlers, logger.propagate = before


def _away(settings: Settings, reason: str) -> BrokerAwayError:
    refused = any(word in reason for word in ("Authentication", "SASL", "CERTIFICATE", "SSL"))
    problem = "refuses the connection" if refused else "does not answer"
    kind = LoginError if refused else BrokerAwayError
    return kind(f"broker {settings.broker} ({settings.security_protocol}) {problem}: {reason}")


def client_options(settings: Settings) -> dict[str, Any]:
    """Arguments that aiokafka's clients share: address, protocol, credentials.

    Raises:
        ConnectionSettingsError: a file that they need cannot be read.
    """
    protocol = settings.security_protocol
    options: dict[str, Any] = {
        "bootstrap_servers": [server.strip() for server in settings.broker.split(",")],
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


def sasl_password(settings: Settings) -> str:
    """The password itself.

    Raises:
        ConnectionSettingsError: there is none, or its file cannot be read.
    """
    secret = _secret(settings.sasl_password, settings.sasl_password_file)
    if secret is None:
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
    try:
        cafile = settings.ssl_cafile and str(settings.ssl_cafile)
        context = ssl.create_default_context(cafile=cafile)
        context.check_hostname = settings.ssl_check_hostname
        if settings.ssl_certfile:
            password = _secret(settings.ssl_key_password, settings.ssl_key_password_file)
            # Without one OpenSSL would ask at the terminal for the password of a locked key.
            context.load_cert_chain(
                settings.ssl_certfile, settings.ssl_keyfile, lambda: password or ""
            )
    except (OSError, ssl.SSLError) as error:
        raise ConnectionSettingsError(f"TLS settings cannot be used: {error}") from error
    return context


def _secret(value: SecretStr | None, file: Path | None) -> str | None:
    if file is None:
        return None if value is None else value.get_secret_value()
    try:
        return file.read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectionSettingsError(f"cannot read the secret in {file}: {error}") from error
