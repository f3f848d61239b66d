"""TLS, SASL and ACLs on every way to a broker, with the least that each role needs."""

import asyncio
import time
from dataclasses import replace

import psutil
import pytest
import trustme
from aiokafka import AIOKafkaProducer

from schemas.topics import NORMALIZED, TAGGED, TOPICS
from streams.errors import DeltawireError
from streams.kafka.acls import ROLES, Acl, acls
from streams.kafka.connection import client_options
from streams.kafka.letters import SOURCES, letters, settle
from streams.kafka.produce import Tally, produce
from streams.kafka.read import read_topics
from streams.kafka.topics import check
from streams.sources import read_sources
from streams.view import View
from tests.kafka.brokers import PROBES
from tests.kafka.pipeline import COMMAND, PACT, pipeline
from tests.kafka.test_pipeline import ended, ready

GROUP = "deltawire"
WRONG = "wrong-word"
AT_WORK = [
    Acl("topic", f"{GROUP}-", ("Read",), "prefixed"),
    Acl("topic", NORMALIZED.name, ("Write",)),
    Acl("topic", NORMALIZED.name, ("Read",)),
    Acl("topic", TAGGED.name, ("Write",)),
    Acl("topic", TAGGED.name, ("Read",)),
    Acl("topic", f"{GROUP}-", ("Write",), "prefixed"),
]
"""What a worker misses only when it is at work, not at its start; in the order of flow."""
probes = iter(PROBES)


@pytest.fixture(scope="module")
def granted(secure_broker):
    """Each role is allowed what the table says, nothing else."""

    async def prepare():
        for role in ROLES:
            await secure_broker.grant(f"User:{role}", acls(role, GROUP))

    asyncio.run(prepare())
    return secure_broker


@pytest.fixture
def made(granted, tmp_path):
    """The topics are there."""
    with as_user(granted, tmp_path, "admin") as admin:
        admin.run("topics", "create")
    return granted


def as_user(broker, folder, user, mechanism="SCRAM-SHA-512", **more):
    """The user's commands and workers, which say all they have to say; the admin looks on."""
    variables = {**broker.variables(user, mechanism), "DELTAWIRE_LOG_LEVEL": "debug", **more}
    return pipeline(broker.bootstrap, folder, admin(broker), **variables)


def admin(broker):
    """The admin's settings, without those that a pipeline has anyway."""
    return broker.settings_of("admin").model_dump(exclude_unset=True, exclude={"broker"})


def singly(role):
    """Each permission by itself."""
    return [
        replace(acl, operations=(name,)) for acl in acls(role, GROUP) for name in acl.operations
    ]


async def without(broker, missing, role):
    """A user with all that the role has but one thing."""
    probe = next(probes)
    await broker.grant(f"User:{probe}", tuple(acl for acl in singly(role) if acl != missing))
    return probe


def assert_no_secret(broker, *texts):
    for text in texts:
        assert not [user for user, word in broker.password.items() if word in text]


def arguments_of_all_processes():
    """As ``ps`` shows them to everybody."""
    return [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]


async def test_each_role_does_its_work_with_the_least_acls(made, tmp_path):
    """Worker by SCRAM-SHA-512 with its password in a file, producer by PLAIN, reader by -256; and
    nobody says a password, in a log, an output or the list of processes."""
    file = tmp_path / "password"
    file.write_text(made.password["worker"] + "\n")
    variables = {**made.variables("worker"), "DELTAWIRE_SASL_PASSWORD_FILE": str(file)}
    del variables["DELTAWIRE_SASL_PASSWORD"]
    (tmp_path / "bad.jsonl").write_text('{"id": ')
    with (
        pipeline(
            made.bootstrap, tmp_path, admin(made), **variables, DELTAWIRE_LOG_LEVEL="debug"
        ) as work,
        as_user(made, tmp_path, "producer", "PLAIN") as send,
        as_user(made, tmp_path, "reader", "SCRAM-SHA-256") as read,
        as_user(made, tmp_path, "operator") as operate,
    ):
        worker = work.worker()
        await ready(work)
        done = [send.run("produce", str(PACT), str(tmp_path / "bad.jsonl"))]
        await work.settled(records=3)
        tail = [*COMMAND, "tail", "items.fates.v1", "--from", "start"]
        follower = read.worker(command=tail)
        shown = read.run("tail", "articles.enriched.v1", "--from", "start", "--until-end", "--json")
        assert len(shown.stdout.splitlines()) == 2
        item, *_ = View.of(await work.archive()).articles
        done += [shown, read.run("trace", item, "--broker", made.bootstrap)]
        done += [read.run("event", "ev-", "--broker", made.bootstrap)]
        found = operate.run("dead", "list")
        assert "bad-json" in found.stdout
        done += [found, operate.run("dead", "redrive", "--all", "--yes")]
        done += [operate.run("doctor", "--broker", made.bootstrap)]
        seen = arguments_of_all_processes()
        assert len([line for line in seen if "tail items.fates.v1" in line]) == 1
        assert read.stop(follower) == 130
        assert work.stop(worker) == 0
        assert_no_secret(made, work.logs(), *seen)
        assert_no_secret(made, *(text for each in done for text in (each.stdout, each.stderr)))


@pytest.mark.parametrize("role", ROLES)
async def test_no_permission_of_a_role_is_superfluous(made, tmp_path, role):
    """With all of them the role's work is done; without any one of them it is refused."""
    await work_of(role, made, made.settings_of("admin"), tmp_path)
    await work_of(role, made, made.settings_of(role), tmp_path)
    for missing in singly(role):
        if role == "worker" and missing in AT_WORK:
            continue
        probe = await without(made, missing, role)
        try:
            await work_of(role, made, made.settings_of(probe), tmp_path)
        except DeltawireError:
            continue
        pytest.fail(f"superfluous for {role}: {missing}")


async def work_of(role, broker, settings, folder):
    """What a role does, in this process; of a worker its start."""
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


async def test_a_worker_that_may_not_all_stops_before_it_loses_anything(made, tmp_path):
    """One article goes down the pipeline as far as each worker's permissions let it."""
    assert [acl for acl in AT_WORK if acl not in singly("worker")] == []
    for n, text in enumerate(("A bridge fell\nIt fell in Norvia.", "A dam broke\nIt was old.")):
        (tmp_path / f"{n}.txt").write_text(text)
    with as_user(made, tmp_path, "worker") as line, as_user(made, tmp_path, "producer") as send:
        worker = line.worker()  # leaves rows for the next ones to read
        send.run("produce", str(tmp_path / "0.txt"))
        await line.settled(records=1)
        assert line.stop(worker) == 0
        send.run("produce", str(tmp_path / "1.txt"))
        for missing in AT_WORK:
            await assert_refused_at_work(made, tmp_path, missing)
        worker = line.worker()
        await line.settled()
        titles = {article.title for article in View.of(await line.archive()).articles.values()}
        assert {"A bridge fell", "A dam broke"} <= titles
        assert line.stop(worker) == 0


async def assert_refused_at_work(broker, folder, missing):
    """It says why, and is at work no more."""
    probe = await without(broker, missing, "worker")
    with as_user(broker, folder, probe, "PLAIN") as line:
        worker = line.worker()
        said = f"TopicAuthorizationFailedError('{missing.name}"
        for _ in range(80):
            if said in line.logs():
                break
            await asyncio.sleep(0.5)
        assert said in line.logs(), (missing, line.logs()[-2000:])
        assert worker.poll() is None  # its supervisor tries again: it may be allowed meanwhile
        line.stop(worker)


async def test_who_may_nothing_is_told_so(made, tmp_path):
    with as_user(made, tmp_path, "nobody") as line:
        for command, topic in (
            (("produce", str(PACT)), "articles.raw.v1"),
            (("tail", "controls.v1", "--until-end"), "controls.v1"),
            (("dead", "list"), "articles.raw.v1.dead"),
        ):
            done = line.run(*command, check=False)
            assert done.returncode == 2
            assert "does not allow this to nobody" in done.stderr
            assert f": {topic};" in done.stderr
            assert "deltawire topics acls" in done.stderr
            assert_no_secret(made, done.stdout, done.stderr)
        assert line.run("topics", "create", check=False).returncode == 2
        assert await ended(line.worker()) == 2
        assert "articles.raw.v1 is missing, or this client may not see it" in line.logs()
        assert "group deltawire may not be read by this client" in line.logs()
        assert_no_secret(made, line.logs())


async def test_a_reader_of_what_others_may_read_is_told_so(made, tmp_path):
    """Not that the topic is missing: that would send somebody off to create it."""
    with as_user(made, tmp_path, "reader") as line:
        done = line.run("dead", "list", check=False)
        assert done.returncode == 2
        assert "does not allow this to reader" in done.stderr
        unknown = line.run("tail", "articles.enriched", "--until-end", check=False)
        assert unknown.returncode == 2
        assert "articles.enriched.v1" in unknown.stderr


def stranger(broker, tmp_path):
    path = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return {"DELTAWIRE_SSL_CAFILE": str(path)}


def without_certificate(broker, tmp_path):
    return {"DELTAWIRE_SECURITY_PROTOCOL": "SSL", "DELTAWIRE_BROKER": broker.mutual_bootstrap}


def by_address(broker, tmp_path):
    return {"DELTAWIRE_BROKER": broker.bootstrap.replace("localhost", "127.0.0.1")}


REFUSED = [
    ("password", lambda *_: {"DELTAWIRE_SASL_PASSWORD": WRONG}, "Authentication"),
    ("no-authority", lambda *_: {"DELTAWIRE_SSL_CAFILE": None}, "CERTIFICATE"),
    ("other-authority", stranger, "CERTIFICATE"),
    ("other-name", by_address, "CERTIFICATE"),
    ("no-certificate", without_certificate, "DELTAWIRE_SSL_CERTFILE"),
    ("plaintext", lambda *_: {"DELTAWIRE_SECURITY_PROTOCOL": "PLAINTEXT"}, "speak PLAINTEXT at"),
    (
        "no-tls",
        lambda *_: {"DELTAWIRE_SECURITY_PROTOCOL": "SASL_PLAINTEXT"},
        "speak SASL_PLAINTEXT at",
    ),
]


@pytest.mark.parametrize(("change", "words"), [x[1:] for x in REFUSED], ids=[x[0] for x in REFUSED])
@pytest.mark.parametrize("command", [("topics", "list"), ("tail", "controls.v1", "--until-end")])
def test_a_connection_that_is_refused_is_one_clear_line(made, tmp_path, change, words, command):
    variables = {**made.variables("reader"), "DELTAWIRE_LOG_LEVEL": "debug"}
    variables |= change(made, tmp_path)
    address = variables.pop("DELTAWIRE_BROKER")
    variables = {name: value for name, value in variables.items() if value is not None}
    with pipeline(address, tmp_path, **variables) as line:
        begun = time.monotonic()
        done = line.run(*command, check=False)
    assert time.monotonic() - begun < 20
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
    assert address in done.stderr
    assert WRONG not in done.stdout + done.stderr
    assert_no_secret(made, done.stdout, done.stderr)


@pytest.mark.parametrize(("change", "words"), [x[1:] for x in REFUSED[:3]])
def test_a_worker_that_is_not_let_in_does_not_try_for_a_minute(made, tmp_path, change, words):
    variables = {**made.variables("worker"), **change(made, tmp_path)}
    variables = {name: value for name, value in variables.items() if value is not None}
    with pipeline(made.bootstrap, tmp_path, **variables) as line:
        assert line.worker().wait(20) == 4
        assert words in line.logs()
        assert WRONG not in line.logs()
        assert_no_secret(made, line.logs())


async def test_a_client_may_show_a_certificate_instead(made, tmp_path):
    """The producer's and the worker's connection, which are made by two libraries."""
    for role in ("producer", "worker"):
        await made.grant("User:client", acls(role, GROUP))
    variables = {
        "DELTAWIRE_SECURITY_PROTOCOL": "SSL",
        "DELTAWIRE_SSL_CAFILE": str(made.cafile),
        "DELTAWIRE_SSL_CERTFILE": str(made.certfile),
        "DELTAWIRE_SSL_KEYFILE": str(made.keyfile),
    }
    (tmp_path / "one.txt").write_text("A road opened\nIt leads to Norvia.")
    mutual = {"DELTAWIRE_BROKER": made.mutual_bootstrap, **variables}
    fields = {name.removeprefix("DELTAWIRE_").lower(): value for name, value in variables.items()}
    with (
        pipeline(made.mutual_bootstrap, tmp_path, fields, **mutual) as line,
        as_user(made, tmp_path, "admin") as look,
    ):
        worker = line.worker()
        line.run("produce", str(tmp_path / "one.txt"))
        await look.settled(records=1)
        articles = View.of(await look.archive()).articles.values()
        assert "A road opened" in {article.title for article in articles}
        assert line.stop(worker) == 0
