"""How clients reach a broker: what they are given, and that secrets stay secret."""

import logging
import ssl
import traceback

import pytest
import trustme
from aiokafka import AIOKafkaProducer
from pydantic import ValidationError

from streams.cli.common import settings_of
from streams.config import Settings
from streams.errors import BrokerAwayError, DeltawireError
from streams.kafka.connection import (
    ConnectionSettingsError,
    LoginError,
    _away,
    client_options,
    connected,
)
from streams.worker.process import build_worker
from streams.worker.slots import claim

WORD = "a-word-that-nobody-may-see"
LOGIN = {"security_protocol": "SASL_SSL", "sasl_username": "ana"}


def test_without_settings_it_is_plain():
    options = client_options(Settings(broker="one:9092, two:9093"))
    assert options == {
        "bootstrap_servers": ["one:9092", "two:9093"],
        "security_protocol": "PLAINTEXT",
    }


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])
def test_a_protocol_brings_what_it_needs_and_nothing_else(protocol):
    fields = {**LOGIN, "sasl_mechanism": "PLAIN", "sasl_password": WORD}
    options = client_options(Settings(**{**fields, "security_protocol": protocol}))
    assert options.pop("security_protocol") == protocol
    assert options.pop("bootstrap_servers") == ["localhost:9092"]
    assert ("ssl_context" in options) == protocol.endswith("SSL")
    options.pop("ssl_context", None)
    login = {
        "sasl_mechanism": "PLAIN",
        "sasl_plain_username": "ana",
        "sasl_plain_password": WORD,
    }
    assert options == (login if protocol.startswith("SASL") else {})


def test_a_broker_by_another_name_must_be_wanted():
    settings = Settings(security_protocol="SSL", ssl_check_hostname=False)
    context = client_options(settings)["ssl_context"]
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert not context.check_hostname


def test_a_password_comes_from_its_variable_or_its_file(tmp_path, monkeypatch):
    path = tmp_path / "password"
    path.write_text(WORD + "\n")
    from_file = client_options(Settings(**LOGIN, sasl_password_file=path))
    monkeypatch.setenv("DELTAWIRE_SASL_PASSWORD", WORD)
    from_variable = client_options(Settings(**LOGIN))
    assert from_file["sasl_plain_password"] == from_variable["sasl_plain_password"] == WORD
    assert from_file["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    assert from_file["ssl_context"].check_hostname


def test_settings_show_no_secret():
    settings = Settings(**LOGIN, sasl_password=WORD, ssl_key_password=WORD)
    assert WORD not in repr(settings)
    assert WORD not in str(settings)
    assert WORD not in settings.model_dump_json()
    assert WORD not in str(settings.model_dump())


def test_an_error_about_settings_shows_no_secret(monkeypatch):
    """Neither of the variable that is wrong nor of its neighbours."""
    monkeypatch.setenv("DELTAWIRE_SASL_PASSWORD", WORD)
    monkeypatch.setenv("DELTAWIRE_SECURITY_PROTOCOL", "SASL_SSL")
    with pytest.raises(DeltawireError, match="DELTAWIRE_SASL_USERNAME") as caught:
        settings_of()
    assert WORD not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (LOGIN, "DELTAWIRE_SASL_PASSWORD_FILE"),
        ({**LOGIN, "sasl_password": ""}, "DELTAWIRE_SASL_PASSWORD_FILE"),
        ({**LOGIN, "sasl_password_file": "/dev/null"}, "DELTAWIRE_SASL_PASSWORD_FILE"),
        ({**LOGIN, "sasl_password_file": "/no/such/file"}, "/no/such/file"),
        ({"broker": "localhost:abc"}, "HOST:PORT"),
        ({"broker": "one:9092,"}, "HOST:PORT"),
        ({"broker": ""}, "HOST:PORT"),
        ({"security_protocol": "SSL", "ssl_cafile": "/no/such/ca"}, "TLS settings.*/no/such/ca"),
        ({"security_protocol": "SSL", "ssl_cafile": "/dev/null"}, "TLS settings.*/dev/null"),
        (
            {"security_protocol": "SSL", "ssl_certfile": "/no/such/c", "ssl_keyfile": "k"},
            "TLS settings.*/no/such/c",
        ),
    ],
)
def test_what_cannot_be_read_is_named(fields, words):
    with pytest.raises(ConnectionSettingsError, match=words):
        client_options(Settings(**fields))


async def test_a_failed_connection_says_why_and_leaves_the_logs_as_they_were():
    """The reason stands only in aiokafka's log; the password must not come with it."""
    logger = logging.getLogger("aiokafka")
    before = logger.handlers, logger.propagate, logger.level
    settings = Settings(broker="localhost:1", **LOGIN, sasl_password=WORD)
    with pytest.raises(BrokerAwayError, match=r"localhost:1 \(SASL_SSL\).*failed") as caught:
        async with connected(settings, AIOKafkaProducer(**client_options(settings))):
            pass
    assert (logger.handlers, logger.propagate, logger.level) == before
    assert WORD not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("[Errno 111] Connect call failed", BrokerAwayError),
        ("SaslAuthenticationFailed: Authentication failed", LoginError),
        ("[SSL: CERTIFICATE_VERIFY_FAILED]", LoginError),
        ("[Error 34] IllegalSaslStateError", LoginError),
    ],
)
def test_what_asking_again_would_not_mend_is_told_from_a_broker_that_is_away(reason, kind):
    assert type(_away(Settings(), reason)) is kind


def test_a_connection_closed_without_a_word_makes_one_think_of_the_protocol():
    error = _away(Settings(security_protocol="SSL"), 'Unable connect to "localhost:9092": ')
    assert str(error).endswith("does it speak SSL at this port?")


def test_a_locked_key_without_its_password_does_not_ask_at_the_terminal(tmp_path):
    from cryptography.hazmat.primitives import serialization as s

    leaf = trustme.CA().issue_cert("client.example")
    key = s.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    locked = s.BestAvailableEncryption(WORD.encode())
    (tmp_path / "key").write_bytes(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, locked))
    (tmp_path / "cert").write_bytes(leaf.cert_chain_pems[0].bytes())
    fields = {
        "security_protocol": "SSL",
        "ssl_certfile": tmp_path / "cert",
        "ssl_keyfile": tmp_path / "key",
    }
    with pytest.raises(ConnectionSettingsError, match="TLS settings"):
        client_options(Settings(**fields))
    assert client_options(Settings(**fields, ssl_key_password=WORD))["ssl_context"]
    (tmp_path / "word").write_text(WORD + "\n")
    from_file = Settings(**fields, ssl_key_password_file=tmp_path / "word")
    assert client_options(from_file)["ssl_context"]


@pytest.mark.parametrize(
    "fields",
    [
        {"security_protocol": "SASL_SSL"},
        {"security_protocol": "SSL", "ssl_certfile": "c"},
        {"security_protocol": "TLS"},
        {"group": "a group"},
        {"grace_seconds": 0},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(fields):
    with pytest.raises(ValidationError):
        Settings(**fields)


def test_the_worker_gets_the_same(tmp_path):
    settings = Settings(**LOGIN, sasl_password=WORD, data=tmp_path, broker="one:1,two:2")
    (slot,) = claim(tmp_path, 1)
    app = build_worker(settings, slot, None)
    assert [str(url) for url in app.conf.broker] == ["kafka://one:1", "kafka://two:2"]
    credentials = app.conf.broker_credentials
    assert (credentials.username, credentials.password) == ("ana", WORD)
    assert credentials.mechanism.value == "SCRAM-SHA-512"
    assert app.conf.consumer_group_instance_id == slot.instance_id
    assert WORD not in repr(credentials)
    slot.lock.release()
