"""Dead letters: what was buried is seen, sent again byte for byte, or given up; all on record."""

import asyncio
import json
from unittest.mock import Mock

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas.topics import LETTERS, NORMALIZED, RAW
from streams.burial import dead_headers
from streams.errors import Rejected
from streams.kafka.letters import letters
from streams.kafka.read import Part, records
from streams.step import EPOCH, Delivered
from tests.kafka.commands import command
from tests.kafka.pipeline import Pipeline

BYTES = b"caf\xe9 \x1b[2J \x00"
HEADERS = (("origin", b"wire#1"), ("tag", b"one"), ("tag", b"two"), ("none", None))


@pytest.fixture
async def line(clean_kafka, tmp_path):
    return await Pipeline(clean_kafka, tmp_path).prepare()


def bury(line, value=BYTES, reason="bad-json", topic=RAW, key=b"key"):
    """As an agent does. Returns the letter's name."""

    async def send():
        message = Delivered(topic.name, 3, 7, key, value, {}, EPOCH)
        headers = dead_headers("normalize", message, Rejected(reason, "[bold]why[/]"), HEADERS)
        producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker)
        await producer.start()
        done = await producer.send_and_wait(topic.dead, value, key=key, headers=[*headers])
        await producer.stop()
        return f"{done.topic}/{done.partition}/{done.offset}"

    return asyncio.run(send())


def found(line, *arguments):
    return json.loads(command(line, "dead", "list", "--json", *arguments).stdout)


def rows(line, topic):
    """As they lie there, with every header."""

    async def read():
        return [row async for row in records(line.settings, [Part(topic.name)], to_end=True)]

    return asyncio.run(read())


def test_a_letter_is_listed_with_its_reason_and_shown_with_its_bytes(line):
    name, other = bury(line), bury(line, b"{}", "no-text", NORMALIZED)
    assert [letter["letter"] for letter in found(line)] == [name, other]
    assert [letter["letter"] for letter in found(line, NORMALIZED.dead)] == [other]
    (letter,) = found(line, "--reason", "bad-json")
    assert (letter["stage"], letter["origin"], letter["state"]) == ("normalize", "wire#1", "open")
    shown = command(line, "dead", "list").stdout
    assert name in shown
    assert "[bold]why[/]" in shown
    shown = command(line, "dead", "show", name).stdout
    assert "exception.message: bad-json: [bold]why[/]" in shown
    assert "Y2Fm6SAbWzJKIAA=" in shown  # bytes that are no text
    assert "{}" in command(line, "dead", "show", other).stdout
    as_json = json.loads(command(line, "dead", "show", name, "--json").stdout)
    assert as_json["value"] == {"base64": "Y2Fm6SAbWzJKIAA="}
    assert as_json["audits"] == []


def test_the_bytes_alone_can_be_written_to_a_file(line):
    name = bury(line)
    assert command(line, "dead", "show", name, "--raw").stdout_bytes == BYTES


def test_what_is_driven_again_is_the_message_as_it_was(line):
    """Bytes, key and all headers, also two of one name and one without a value, but not those
    of the burial; then an audit record, which takes the letter off the list."""
    name = bury(line)
    done = command(line, "dead", "redrive", name, "--by", "ana", "--why", "mended", "--json")
    (audit,) = json.loads(done.stdout)
    (row,) = rows(line, RAW)
    assert (row.value, row.key, tuple(row.headers)) == (BYTES, b"key", HEADERS)
    assert audit["redriven_to"] == {"topic": RAW.name, "partition": row.partition, "offset": 0}
    (kept,) = rows(line, LETTERS)
    assert json.loads(kept.value) == audit
    assert kept.key == name.encode()
    assert (audit["action"], audit["by"], audit["reason"]) == ("redriven", "ana", "mended")
    assert found(line) == []
    assert [letter["state"] for letter in found(line, "--all")] == ["redriven by ana"]
    assert "redriven by ana" in command(line, "dead", "show", name).stdout


def test_a_settled_letter_is_not_sent_twice_by_mistake(line):
    name = bury(line)
    command(line, "dead", "redrive", name, "--by", "ana")
    again = command(line, "dead", "redrive", name, code=2)
    assert "redriven by ana" in again.stderr
    assert "--again" in again.stderr
    assert "letters redriven: 0" in command(line, "dead", "redrive", "--all").stdout
    assert len(rows(line, RAW)) == 1
    command(line, "dead", "redrive", name, "--again")
    assert len(rows(line, RAW)) == 2


def test_a_discarded_letter_stays_where_it_lies(line):
    name, other = bury(line), bury(line, b"other", "no-text")
    command(line, "dead", "discard", name, code=2)
    command(line, "dead", "discard", name, "--why", " ", code=2)
    command(
        line, "dead", "discard", "--all", "--reason", "bad-json", "--why", "noise", "--by", "bo"
    )
    assert [letter["letter"] for letter in found(line)] == [other]
    assert [letter["state"] for letter in found(line, "--all")] == ["discarded by bo", "open"]
    assert rows(line, RAW) == []
    assert len(asyncio.run(letters(line.settings))) == 2


def test_all_of_a_topic_go_again(line):
    mine = [bury(line, b"%d" % n) for n in range(3)]
    bury(line, topic=NORMALIZED)
    done = command(line, "dead", "redrive", "--all", "--topic", RAW.dead, "--json")
    assert sorted(map(place, json.loads(done.stdout))) == sorted(mine)
    assert sorted(row.value for row in rows(line, RAW)) == [b"0", b"1", b"2"]
    assert rows(line, NORMALIZED) == []


def place(audit):
    return "{topic}/{partition}/{offset}".format(**audit["letter"])


def test_somebody_must_stand_for_a_decision(line, monkeypatch):
    """A container's user may have no name."""
    name = bury(line)
    monkeypatch.setattr("getpass.getuser", Mock(side_effect=KeyError("uid not found")))
    assert "--by" in command(line, "dead", "redrive", name, code=2).stderr
    assert rows(line, RAW) == []
    command(line, "dead", "redrive", name, "--by", "ana")


def test_a_message_of_nothing_can_be_driven_again(line):
    """aiokafka refuses one without key and value."""
    command(line, "dead", "redrive", bury(line, None, "empty", key=b""))
    (row,) = rows(line, RAW)
    assert row.value is None


def test_a_strangers_audit_record_locks_nothing(line):
    async def send():
        producer = AIOKafkaProducer(bootstrap_servers=line.settings.broker)
        await producer.start()
        await producer.send_and_wait(LETTERS.name, b"not ours")
        await producer.stop()

    asyncio.run(send())
    bury(line)
    assert len(found(line)) == 1


def test_looking_at_letters_commits_nothing_and_moves_nothing(line):
    bury(line)
    found(line)

    async def end():
        consumer = AIOKafkaConsumer(bootstrap_servers=line.settings.broker)
        await consumer.start()
        tps = [TopicPartition(t.name, 0) for t in (LETTERS, RAW)]
        ends = await consumer.end_offsets(tps)
        await consumer.stop()
        return sum(ends.values())

    assert asyncio.run(end()) == 0


def test_a_wrong_call_says_what_to_mend(line):
    bury(line)
    for arguments, words in (
        ("list articles.raw.v1", "articles.raw.v1.dead"),
        ("list --reason nonsense", "bad-json"),
        ("show articles.raw.v1.dead/0/99", "dead list --all"),
        ("redrive x", "dead list --all"),
    ):
        assert words in command(line, "dead", *arguments.split(), code=2).stderr
