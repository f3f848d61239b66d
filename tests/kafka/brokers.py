"""Real brokers for the tests.

In this order: the one at ``KAFKA_BOOTSTRAP`` (never for a test that kills or secures its broker), a
container, a Java process. What falls through says why; if nothing is left, the tests fail with what
to install. ``KAFKA_VERSION`` chooses the release, default 3.9.1.
"""

import asyncio
import atexit
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import docker
import pytest
import trustme
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.admin import CreateAclsRequest, DeleteGroupsRequest
from aiokafka.protocol.group import LeaveGroupRequest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from docker.errors import DockerException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from schemas.topics import TOPICS
from streams.config import Settings
from streams.kafka.acls import Acl
from streams.kafka.connection import client_options

VERSION = os.environ.get("KAFKA_VERSION", "3.9.1")
IMAGE = f"apache/kafka:{VERSION}"
HERE = Path(__file__).parent
START_SECONDS = 60
COMMON = {
    "node.id": "1",
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "3",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
    # A killed broker may join again only when its last session has ended; 9 s by default.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
}
USERS = ("admin", "worker", "producer", "reader", "operator", "nobody")
PROBES = tuple(f"probe-{n}" for n in range(80))
"""Users for a test that takes permissions away one by one; they come by PLAIN only."""


class Broker(Protocol):
    """One broker that can be killed and started again with its data."""

    bootstrap: str

    def start(self) -> None:
        """Returns when it answers."""

    def kill(self) -> None:
        """As the power would."""

    def stop(self) -> None:
        """For good."""


def shared() -> Broker:
    """A broker whose topics the tests may delete."""
    if address := os.environ.get("KAFKA_BOOTSTRAP"):
        return Given(address)
    _say("KAFKA_BOOTSTRAP is not set")
    return private()


def private() -> Broker:
    """A broker of the caller's own, started."""
    try:
        _need_container()
        return Container()
    except (Unavailable, DockerException) as reason:
        _say(f"no container: {reason}")
    _need_java()
    return Java()


class Unavailable(Exception):
    """This way to a broker is closed."""


class Given:
    """Somebody else's broker."""

    def __init__(self, address: str) -> None:
        self.bootstrap = address
        ours = {topic.name for topic in TOPICS}
        try:
            found = topics_at(address)
        except (KafkaError, OSError, TimeoutError) as error:
            raise pytest.UsageError(
                f"the broker at KAFKA_BOOTSTRAP={address} does not answer: {error!r}"
            ) from error
        taken = [t for t in found if t in ours or t.endswith((".dead", "-changelog"))]
        if taken:
            raise pytest.UsageError(
                f"the broker at KAFKA_BOOTSTRAP={address} holds {taken[0]}: the tests delete "
                "topics, so they need a broker without any of ours"
            )

    def start(self) -> None:
        """It runs."""

    def kill(self) -> None:
        """Not ours to kill."""
        raise AssertionError("a test that kills its broker needs one of its own")

    def stop(self) -> None:
        """It stays."""


class Container:
    """``apache/kafka`` on a fixed port of this machine."""

    def __init__(self) -> None:
        port = free_port()
        self.bootstrap = f"localhost:{port}"
        container = DockerContainer(IMAGE)
        container.ports[f"{port}/tcp"] = ("127.0.0.1", port)  # type: ignore[assignment]
        listeners = {
            "listeners": f"PLAINTEXT://:{port},CONTROLLER://:9093",
            "advertised.listeners": f"PLAINTEXT://localhost:{port}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "controller.quorum.voters": "1@localhost:9093",
        }
        for name, value in {**COMMON, **listeners}.items():
            container = container.with_env(f"KAFKA_{name.replace('.', '_').upper()}", value)
        atexit.register(self.stop)
        self._container = container
        try:
            container.start()
            self._wait()
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """The same container, with what it had."""
        self._container.get_wrapped_container().start()
        self._wait()

    def kill(self) -> None:
        """SIGKILL."""
        self._container.get_wrapped_container().kill()
        self._container.wait()

    def stop(self) -> None:
        """Remove it."""
        atexit.unregister(self.stop)
        self._container.stop()

    def _wait(self) -> None:
        _answers(self.bootstrap, lambda: self._container.get_logs()[0].decode()[-2000:])


class Java:
    """A broker out of jars: its own folder, its own ports."""

    format: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="deltawire-kafka-"))
        port, controller = free_port(), free_port()
        self.bootstrap = f"localhost:{port}"
        self._run(self.listeners(port, controller))

    def listeners(self, port: int, controller: int) -> dict[str, str]:
        """What stands in server.properties beside the common part."""
        return {
            "listeners": f"PLAINTEXT://localhost:{port},CONTROLLER://localhost:{controller}",
            "advertised.listeners": f"PLAINTEXT://localhost:{port}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "controller.quorum.voters": f"1@localhost:{controller}",
        }

    def _run(self, listeners: dict[str, str]) -> None:
        settings = {**COMMON, **listeners, "log.dirs": str(self._folder / "data")}
        if not VERSION.startswith("3."):
            settings["share.coordinator.state.topic.replication.factor"] = "1"
            settings["share.coordinator.state.topic.min.isr"] = "1"
        lines = [f"{name}={value}\n" for name, value in settings.items()]
        (self._folder / "server.properties").write_text("".join(lines))
        done = subprocess.run(
            self._java("kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", *self._conf,
                       *self.format),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"Kafka {VERSION} cannot format its folder: {done.stderr[-1500:]}")
        atexit.register(self.stop)
        self.start()

    @property
    def _conf(self) -> tuple[str, ...]:
        return (str(self._folder / "server.properties"),)

    def _java(self, program: str, *arguments: str) -> list[str]:
        options = [
            "-Xmx512m",
            "-XX:+UseSerialGC",
            f"-Dlog4j.configuration=file:{HERE}/log4j.properties",
        ]
        return ["java", *options, "-cp", f"{_jars()}/*", program, *arguments]

    def start(self) -> None:
        """With the data that is there."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", *self._conf),
                stdout=log,
                stderr=log,
                start_new_session=True,  # else Ctrl-C ends it before the tests that use it
            )
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        _answers(self.bootstrap, self.log, alive=self.alive)

    def alive(self) -> bool:
        """Else there is no use in waiting."""
        return self._process.poll() is None

    def log(self) -> str:
        """What it said last."""
        return (self._folder / "log").read_text()[-2000:]

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """With its folder."""
        atexit.unregister(self.stop)
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class Secure(Java):
    """SASL_SSL and mutual TLS, users by SCRAM and PLAIN, and nothing allowed without an ACL."""

    def __init__(self) -> None:
        authority = trustme.CA()
        self.password = {user: f"{user}-{uuid.uuid4().hex[:12]}" for user in (*USERS, *PROBES)}
        self.certificates = Path(tempfile.mkdtemp(prefix="deltawire-tls-"))
        self.cafile = self.certificates / "ca.pem"
        authority.cert_pem.write_to_path(self.cafile)
        server = authority.issue_cert("localhost")
        chain = b"".join(blob.bytes() for blob in server.cert_chain_pems)
        (self.certificates / "server.pem").write_bytes(_pkcs8(server) + chain)
        client = authority.issue_cert("client.example", common_name="client")
        self.certfile, self.keyfile = self.certificates / "c.pem", self.certificates / "c.key"
        client.cert_chain_pems[0].write_to_path(self.certfile)
        client.private_key_pem.write_to_path(self.keyfile)
        self._tls_port = free_port()
        self.mutual_bootstrap = f"localhost:{self._tls_port}"
        self.format = tuple(
            part
            for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
            for user in USERS
            for part in ("--add-scram", f"{mechanism}=[name={user},password={self.password[user]}]")
        )
        super().__init__()

    def listeners(self, port: int, controller: int) -> dict[str, str]:
        """One listener asks for a password, one for a certificate."""
        plain = "org.apache.kafka.common.security.plain.PlainLoginModule required "
        plain += " ".join(f'user_{user}="{word}"' for user, word in self.password.items())
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        sasl = "listener.name.sasl_ssl"
        return {
            **super().listeners(port, controller),
            "listeners": f"SASL_SSL://localhost:{port},SSL://localhost:{self._tls_port},"
            f"CONTROLLER://localhost:{controller}",
            "advertised.listeners": f"SASL_SSL://localhost:{port},SSL://localhost:{self._tls_port}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
            "inter.broker.listener.name": "SSL",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            f"{sasl}.plain.sasl.jaas.config": f"{plain};",
            f"{sasl}.scram-sha-256.sasl.jaas.config": scram,
            f"{sasl}.scram-sha-512.sasl.jaas.config": scram,
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.certificates / "server.pem"),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.cafile),
            "listener.name.ssl.ssl.client.auth": "required",
            "listener.name.ssl.ssl.principal.mapping.rules": "RULE:^CN=([^,]+),.*$/$1/,DEFAULT",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            # The broker itself comes by the certificate's name, or without one to the controller.
            "super.users": "User:admin;User:ANONYMOUS",
            "allow.everyone.if.no.acl.found": "false",
        }

    def wait(self) -> None:
        """Asks as admin."""
        _answers(self.bootstrap, self.log, self.settings_of("admin"), alive=self.alive)

    def stop(self) -> None:
        """With its keys."""
        super().stop()
        shutil.rmtree(self.certificates, ignore_errors=True)

    def variables(self, user: str, mechanism: str = "SCRAM-SHA-512") -> dict[str, str]:
        """The environment of a client."""
        return {
            "DELTAWIRE_BROKER": self.bootstrap,
            "DELTAWIRE_SECURITY_PROTOCOL": "SASL_SSL",
            "DELTAWIRE_SSL_CAFILE": str(self.cafile),
            "DELTAWIRE_SASL_MECHANISM": mechanism,
            "DELTAWIRE_SASL_USERNAME": user,
            "DELTAWIRE_SASL_PASSWORD": self.password[user],
        }

    def settings_of(self, user: str, mechanism: str = "PLAIN") -> Settings:
        """The same as settings."""
        fields = {
            name.removeprefix("DELTAWIRE_").lower(): value
            for name, value in self.variables(user, mechanism).items()
        }
        return Settings.model_validate(fields)

    async def grant(self, principal: str, acls: tuple[Acl, ...]) -> None:
        """Allow all of it."""
        admin = AIOKafkaAdminClient(**client_options(self.settings_of("admin")))
        await admin.start()
        for acl in acls:
            for operation in acl.operations:
                request = CreateAclsRequest(
                    resource_type=RESOURCES[acl.resource],
                    resource_name=acl.name,
                    resource_pattern_type_filter=PATTERNS[acl.pattern],
                    principal=principal,
                    host="*",
                    operation=OPERATIONS[operation],
                    permission_type=ALLOW,
                )
                response = await admin._send_request(request)
                assert not response.creation_responses[0][0], response
        await admin.close()


def _pkcs8(certificate: trustme.LeafCert) -> bytes:
    """The key in the one form of PEM that Java reads."""
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


ALLOW = 3
RESOURCES = {"topic": 2, "group": 3}
PATTERNS = {"literal": 3, "prefixed": 4}
OPERATIONS = {"Read": 3, "Write": 4, "Describe": 8, "DescribeConfigs": 10}


def secure() -> Secure:
    """The secure broker; it is made of jars on every machine."""
    _need_java()
    return Secure()


def free_port() -> int:
    """One that nobody uses at this moment, below those of outgoing connections (32768 and up).

    A client that retries the port of a killed broker could be given that very port for its own
    end: it would be connected with itself, and the broker could not come back.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("", port))
            return port


capture: Any = None  # pytest's, set by conftest.py


@cache
def _say(line: str) -> None:
    """Past pytest's capture, which takes the file descriptor too."""
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        print(f"\nkafka {VERSION}: {line}", file=sys.stderr, flush=True)


@cache
def _container_problem() -> str:
    try:
        engine = docker.from_env(timeout=10)
        engine.ping()
    except (DockerException, OSError) as error:
        return f"no Docker engine answers ({type(error).__name__})"
    try:
        if not engine.images.list(IMAGE):
            engine.images.pull(IMAGE)
    except (DockerException, OSError) as error:
        return f"the engine has no {IMAGE} and cannot get it ({type(error).__name__})"
    if not engine.images.list(testcontainers_config.ryuk_image):
        testcontainers_config.ryuk_disabled = True  # removed at exit by ourselves
    return ""


def _need_container() -> None:
    if problem := _container_problem():
        raise Unavailable(problem)


def _need_java() -> None:
    missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if missing:
        raise pytest.UsageError(
            f"the tests need a real Kafka broker, and there is no {' and no '.join(missing)} here. "
            "Install Java 17 and Maven (Debian: apt-get install default-jre-headless maven), or "
            f"start a Docker engine that has {IMAGE} or can pull it, or set KAFKA_BOOTSTRAP"
        )


@cache
def _jars() -> Path:
    folder = HERE / "target" / VERSION
    complete = folder / ".complete"
    if not complete.exists():
        _say("fetching the jars with Maven")
        done = subprocess.run(
            ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), f"-Dkafka.version={VERSION}",
             "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise pytest.UsageError(f"Maven cannot fetch Kafka {VERSION}: {done.stdout[-1500:]}")
        complete.touch()
    _say("a local Java process")
    return folder


def _cluster_id() -> str:
    while (name := urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return name


def topics_at(address: str, settings: Settings | None = None) -> list[str]:
    """In a thread of its own: the loop of an async test may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _topics(settings or Settings(broker=address))).result()


async def _topics(settings: Settings) -> list[str]:
    async with asyncio.timeout(10):
        admin = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=5000)
        try:
            await admin.start()
            found: list[str] = await admin.list_topics()
            return found
        finally:
            await admin.close()


def _answers(
    address: str,
    log: Callable[[], str],
    settings: Settings | None = None,
    alive: Callable[[], bool] = lambda: True,
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            topics_at(address, settings)
        except (KafkaError, OSError, TimeoutError) as error:
            if time.monotonic() > deadline or not alive():
                raise AssertionError(f"no answer from {address}: {error!r}\n{log()}") from error
            time.sleep(0.3)
        else:
            return


async def found_at(admin: AIOKafkaAdminClient) -> tuple[set[str], set[str]]:
    """Names of topics and of groups, without Kafka's own."""
    topics = {t["topic"] for t in await admin.describe_topics() if not t["is_internal"]}
    return topics, {group[0] for group in await admin.list_consumer_groups()}


async def sweep(admin: AIOKafkaAdminClient, keep: tuple[set[str], set[str]]) -> None:
    """Delete what tests made: the topics and groups that were not there at first."""
    for _ in range(500):
        topics, groups = await found_at(admin)
        topics, groups = topics - keep[0], groups - keep[1]
        if not topics and not groups:
            return
        if topics:
            await admin.delete_topics(sorted(topics))
        for group in groups:
            await _delete_group(admin, group)
        await asyncio.sleep(0.03)
    raise AssertionError(f"does a test leave a worker running? {topics | groups} stay")


async def _delete_group(admin: AIOKafkaAdminClient, group: str) -> None:
    """With its members: those of a killed worker would hold it until their session ends."""
    with suppress(KafkaError):  # it is seen, and tried, again
        node = await admin.find_coordinator(group)
        (found,) = await admin.describe_consumer_groups([group], node)
        for member in found.groups[0][5]:
            await admin._send_request(LeaveGroupRequest(group, member[0]), node)
        await admin._send_request(DeleteGroupsRequest([group]), node)
