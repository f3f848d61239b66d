"""TLS, SASL and ACLs on every way to a broker, with the least that each role needs."""

import asyncio

import psutil
import pytest
from aiokafka import AIOKafkaProducer

from schemas.topics import TOPICS
from streams.errors import DeltawireError
from streams.kafka.acls import ROLES, Acl, acls
from streams.kafka.connection import client_options
from streams.kafka.letters import SOURCES, letters, settle
from streams.kafka.produce import Tally, produce
from streams.kafka.read import read_topics
from streams.kafka.topics import check
from streams.sources import read_sources
from tests.kafka.brokers import PROBES
from tests.kafka.pipeline import PACT, Pipeline, pipeline
from tests.kafka.test_pipeline import ended, ready

GROUP = "deltawire"


@pytest.fixture(scope="module")
def granted(secure_broker):
    """Topics made by the admin, and each role allowed what the table says."""

    async def prepare():
        for role in ROLES:
            await secure_broker.grant(f"User:{role}", acls(role, GROUP))

    asyncio.run(prepare())
    return secure_broker


def as_user(broker, folder, user, mechanism="SCRAM-SHA-512", **more):
    return pipeline(broker.bootstrap, folder, **broker.variables(user, mechanism), **more)


@pytest.fixture
def made(granted, tmp_path):
    """The topics are there."""
    with as_user(granted, tmp_path, "admin") as admin:
        admin.run("topics", "create")
    return granted


async def records(broker, topic):
    """As the admin sees them."""
    return (await read_topics(broker.settings_of("admin"), [topic]))[topic]


async def test_each_role_does_its_work_with_the_least_acls(made, tmp_path):
    """Worker by SCRAM-SHA-512 with its password in a file, producer by PLAIN, reader by -256."""
    passwords = tmp_path / "password"
    passwords.write_text(made.password["worker"] + "\n")
    secrets = {"DELTAWIRE_SASL_PASSWORD": "", "DELTAWIRE_SASL_PASSWORD_FILE": str(passwords)}
    variables = {**made.variables("worker"), **secrets, "DELTAWIRE_LOG_LEVEL": "debug"}
    del variables["DELTAWIRE_SASL_PASSWORD"]
    with (
        pipeline(made.bootstrap, tmp_path, **variables) as work,
        as_user(made, tmp_path, "producer", "PLAIN") as produce,
        as_user(made, tmp_path, "reader", "SCRAM-SHA-256") as read,
        as_user(made, tmp_path, "operator") as operate,
    ):
        worker = work.worker()
        await ready(work)
        (tmp_path / "bad.jsonl").write_text('{"id": ')
        produce.run("produce", str(PACT), str(tmp_path / "bad.jsonl"))
        for _ in range(60):
            if len(await records(made, "articles.enriched.v1")) == 2:
                break
            await asyncio.sleep(0.5)
        shown = read.run("tail", "articles.enriched.v1", "--from", "start", "--until-end", "--json")
        assert len(shown.stdout.splitlines()) == 2
        read.run("event", "ev-", "--broker", made.bootstrap)
        letters = operate.run("dead", "list")
        assert "bad-json" in letters.stdout
        operate.run("dead", "redrive", "--all", "--yes")
        arguments = [
            " ".join(process.cmdline())
            for process in [psutil.Process(worker.pid), *psutil.Process(worker.pid).children()]
        ]
        assert work.stop(worker) == 0
        assert_no_secret(made, work.logs(), *arguments)


def assert_no_secret(broker, *texts):
    for text in texts:
        assert not [user for user, word in broker.password.items() if word in text]


@pytest.mark.parametrize("role", ROLES)
async def test_no_permission_of_a_role_is_superfluous(made, tmp_path, role):
    """With all of them the role's work is done; without any one of them it is refused."""
    whole = [
        Acl(acl.resource, acl.name, (operation,), acl.pattern)
        for acl in acls(role, GROUP)
        for operation in acl.operations
    ]
    probes = iter(PROBES[ROLES.index(role) * 20 :])
    await work_of(role, made, made.settings_of("admin"), tmp_path)
    await work_of(role, made, made.settings_of(role), tmp_path)
    for missing in whole:
        if role == "worker" and missing.operations != ("DescribeConfigs",):
            continue  # that it needs to read and write these, its run above has shown
        probe = next(probes)
        await made.grant(f"User:{probe}", tuple(acl for acl in whole if acl is not missing))
        with pytest.raises(DeltawireError):
            await work_of(role, made, made.settings_of(probe), tmp_path)


async def work_of(role, broker, settings, folder):
    """What a role does, in this process."""
    settings = settings.model_copy(update={"data": folder})
    if role == "worker" and (problems := await check(settings)):
        raise DeltawireError(problems[0])
    if role == "producer":
        await produce(settings, read_sources([str(PACT)]), Tally())
    if role in ("reader", "operator"):
        await read_topics(settings, [topic.name for topic in TOPICS])
    if role == "operator":
        for source in SOURCES.values():
            await bury(broker.settings_of("admin"), source.dead)
        found = await letters(settings)
        await settle(settings, found[-len(SOURCES) :], "redriven", by="ana", reason=None)


async def bury(settings, topic):
    producer = AIOKafkaProducer(**client_options(settings))
    await producer.start()
    await producer.send_and_wait(topic, b"bad", headers=[("__connect.errors.reason", b"bad")])
    await producer.stop()


async def test_who_may_nothing_is_told_so(made, tmp_path):
    with as_user(made, tmp_path, "nobody") as line:
        done = line.run("produce", str(PACT), check=False)
        assert done.returncode == 2
        assert "articles.raw.v1" in done.stderr
        assert_no_secret(made, done.stdout, done.stderr)
        worker = line.worker()
        assert await ended(worker) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DELTAWIRE_SASL_PASSWORD": "wrong-word"}, "Authentication"),
        ({"DELTAWIRE_SSL_CAFILE": None}, "CERTIFICATE"),
        ({"DELTAWIRE_SECURITY_PROTOCOL": "PLAINTEXT"}, "PLAINTEXT"),
        ({"DELTAWIRE_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "SASL_PLAINTEXT"),
    ],
    ids=["password", "authority", "plaintext", "no-tls"],
)
@pytest.mark.parametrize("command", [("topics", "list"), ("tail", "controls.v1", "--until-end")])
def test_a_connection_that_is_refused_is_one_clear_line(made, tmp_path, change, words, command):
    variables = {**made.variables("reader"), **change}
    variables = {name: value for name, value in variables.items() if value is not None}
    line = Pipeline(made.bootstrap, tmp_path, **variables)
    done = line.run(*command, check=False)
    assert done.returncode == 4
    assert words in done.stderr
    assert made.bootstrap in done.stderr
    assert "Traceback" not in done.stderr
    assert "wrong-word" not in done.stdout + done.stderr


def test_a_wrong_password_is_not_tried_for_a_minute(made, tmp_path):
    variables = {**made.variables("worker"), "DELTAWIRE_SASL_PASSWORD": "wrong-word"}
    with pipeline(made.bootstrap, tmp_path, **variables) as line:
        assert line.worker().wait(15) == 4
        assert "Authentication" in line.logs()
        assert "wrong-word" not in line.logs()


async def test_a_client_may_show_a_certificate_instead(made, tmp_path):
    await made.grant("User:client", acls("producer", GROUP))
    before = len(await records(made, "articles.raw.v1"))
    variables = {
        "DELTAWIRE_SECURITY_PROTOCOL": "SSL",
        "DELTAWIRE_SSL_CAFILE": str(made.cafile),
        "DELTAWIRE_SSL_CERTFILE": str(made.certfile),
        "DELTAWIRE_SSL_KEYFILE": str(made.keyfile),
    }
    with pipeline(made.mutual_bootstrap, tmp_path, **variables) as line:
        line.run("produce", str(PACT))
    assert len(await records(made, "articles.raw.v1")) == before + 2
