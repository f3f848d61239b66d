"""What a running pipeline left, as each command shows it: the seeds through a real worker, once."""

import asyncio
import json
import subprocess
import time
from datetime import UTC, datetime
from functools import reduce
from operator import or_

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from pydantic import TypeAdapter
from typer.testing import CliRunner

from schemas.topics import CHANGES, CONTROLS, FATES, LETTERS, MIB, RAW, TOPICS
from streams.burial import dead_headers
from streams.cli import app
from streams.errors import Rejected
from streams.kafka.read import Part, partition_of, records
from streams.kafka.topics import create
from streams.readers.split import MAX_ITEM
from streams.step import EPOCH, Delivered
from tests.kafka.commands import command
from tests.kafka.pipeline import COMMAND, PACT, pipeline

CONTROL = (
    b'{"action":"kill","by":"desk@norvia.example","given_at":"2031-03-03T12:00:00Z",'
    b'"item_ids":[],"space":"world","target":"nothing"}'
)
BROKEN = b'{"id": "broken", "title": "A gate'
WHOLE = ["--from", "start", "--until-end"]


@pytest.fixture(scope="module")
def line(kafka, tmp_path_factory):
    """Seeds, a broken article and one that is too large, worked by a worker that goes on."""
    folder = tmp_path_factory.mktemp("commands")
    broken, large = folder / "broken.json", folder / "large.txt"
    broken.write_bytes(BROKEN)
    large.write_bytes(b"A long road\n" + b"It goes on. " * (MAX_ITEM // 12))
    with pipeline(kafka, folder) as found:
        asyncio.run(fresh(found))
        found.worker()
        command(found, "produce", str(PACT), str(broken), str(large))
        asyncio.run(send(found, CONTROLS.name, (b"nothing", CONTROL)))
        asyncio.run(found.settled(records=4))
        yield found


async def fresh(line):
    """No topics but ours, and those empty."""
    admin = AIOKafkaAdminClient(bootstrap_servers=line.settings.broker)
    await admin.start()
    while old := [name for name in await admin.list_topics() if not name.startswith("__")]:
        await admin.delete_topics(old)
        await asyncio.sleep(0.5)
    await admin.close()
    await create(line.settings)


async def send(line, topic, *records, headers=()):
    """Pairs of key and value in one batch, as a stranger sends them."""
    producer = AIOKafkaProducer(
        bootstrap_servers=line.settings.broker, linger_ms=50, max_request_size=4 * MIB
    )
    await producer.start()
    for key, value in records:
        await producer.send(topic, value, key=key, headers=[*headers])
    await producer.stop()


def rows(line, topic):
    async def read():
        return [row async for row in records(line.settings, [Part(topic)], to_end=True)]

    return asyncio.run(read())


def letters(line, *arguments):
    return json.loads(command(line, "dead", "list", *arguments, "--json").stdout)


def letter_of(line, path):
    (found,) = (each for each in letters(line, "--all") if each["origin"].endswith(path))
    return found


def without_variables(*arguments, **environment):
    """Nothing of ``DELTAWIRE_*`` but what is given."""
    names = ("BROKER", "DATA", "OUT")
    blank = dict.fromkeys([f"DELTAWIRE_{name}" for name in names])
    return CliRunner().invoke(app, arguments, env={**blank, **environment})


@pytest.mark.parametrize("topic", [t for t in TOPICS if t.models], ids=lambda topic: topic.name)
def test_records_of_every_topic_are_shown_in_words_and_given_as_they_are(line, topic):
    if topic is LETTERS:
        name = letter_of(line, "broken.json")["letter"]
        command(line, "dead", "redrive", name, "--by", "ana", "--again")
        asyncio.run(line.settled())
    union = TypeAdapter(reduce(or_, topic.models))
    shown = command(line, "tail", topic.name, *WHOLE).stdout
    assert shown.strip()
    assert "no record of this topic" not in shown
    given = command(line, "tail", topic.name, *WHOLE, "--json").stdout.splitlines()
    assert sorted(given) == sorted(row.value.decode() for row in rows(line, topic.name))
    for value in given:
        union.validate_json(value)


def test_foreign_bytes_and_rows_of_state_are_shown_too(line):
    shown = command(line, "tail", RAW.name, *WHOLE).stdout
    assert "000_pact.txt" in shown
    assert "large.txt 0 bytes" in " ".join(shown.split())
    assert "bad-json" in command(line, "tail", RAW.dead, *WHOLE).stdout
    found = [
        json.loads(row)
        for row in command(line, "tail", RAW.dead, *WHOLE, "--json").stdout.splitlines()
    ]
    assert BROKEN.decode() in [row["value"] for row in found]
    for form in ([], ["--json"]):
        assert command(line, "tail", "deltawire-detect-changelog", *WHOLE, *form).stdout


def test_a_time_without_a_zone_is_utc_and_a_bare_number_is_no_time(line):
    """15 without a unit would else be a quarter of a minute after 1970."""
    whole = ["tail", FATES.name, "--until-end", "--json", "--from"]
    everything = sorted(command(line, *whole, "start").stdout.splitlines())
    now = datetime.now(UTC).replace(tzinfo=None)
    for early in ("2026-01-01", "2026-01-01T00:00:00Z", "1d"):
        assert sorted(command(line, *whole, early).stdout.splitlines()) == everything
    assert command(line, *whole, now.isoformat()).stdout == ""
    for wrong in ("15", "1700000000", "2031-02-30", "-5m"):
        assert "15m" in command(line, *whole, wrong, code=2).stderr


def test_a_reader_that_takes_one_line_ends_the_tail_quietly(line):
    asyncio.run(send(line, CONTROLS.name, *[(b"nothing", CONTROL)] * 2000))
    for form in ("", "--json"):
        words = f"{' '.join(COMMAND)} tail {CONTROLS.name} --from start {form} | head -1"
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", words],
            env=line._environment,
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert len(done.stdout.splitlines()) == 1
        assert (done.returncode, done.stderr) == (0, b"")


def test_what_is_no_record_is_shown_and_the_next_ones_too(line):
    asyncio.run(send(line, CONTROLS.name, (b"k", b"\xff\x00"), (b"k", None), (b"k", CONTROL)))
    shown = command(line, "tail", CONTROLS.name, *WHOLE, "--key", "k").stdout.splitlines()
    assert "no record of this topic" in shown[0]
    assert "(no value) k" in shown[1]
    assert "kill nothing by desk@norvia.example" in shown[2]
    given = command(line, "tail", CONTROLS.name, *WHOLE, "--key", "k", "--json").stdout.split("\n")
    assert json.loads(given[0])["value"] == {"base64": "/wA="}
    assert given[1:] == ["null", CONTROL.decode(), ""]


def test_an_article_that_is_too_large_ends_rejected_without_its_bytes(line):
    (fate,) = json.loads(command(line, "trace", str(line.folder / "large.txt"), "--json").stdout)[
        "fates"
    ]
    assert (fate["fate"], fate["reason"]) == ("rejected", "too-large")
    letter = letter_of(line, "large.txt")
    assert (letter["reason"], letter["bytes"]) == ("too-large", 0)


def test_a_letter_that_is_still_bad_comes_back_as_another(line, tmp_path):
    """Sent again with its bytes, key and headers, but not those of the first burial."""
    path = tmp_path / "again.json"
    path.write_bytes(BROKEN + b" again")
    command(line, "produce", str(path))
    first = until(lambda: letters_from(line, path), 1)[0]
    command(line, "dead", "redrive", first["letter"], "--by", "ana", "--why", "tried")
    first, second = until(lambda: letters_from(line, path), 2)
    assert (first["state"], second["state"]) == ("redriven by ana", "open")
    assert second["reason"] == first["reason"]
    one, other = (row for row in rows(line, RAW.name) if row.value == path.read_bytes())
    assert (one.value, one.key, one.headers) == (other.value, other.key, other.headers)
    command(line, "dead", "discard", second["letter"], "--by", "bo", "--why", "hopeless")
    refused = command(line, "dead", "redrive", second["letter"], code=2).stderr
    assert "discarded by bo" in refused
    assert (
        "was redriven by ana"
        in command(line, "dead", "discard", first["letter"], "--why", "x", code=2).stderr
    )
    audits = [json.loads(row.value) for row in rows(line, LETTERS.name)][-2:]
    assert [(audit["action"], audit["reason"]) for audit in audits] == [
        ("redriven", "tried"),
        ("discarded", "hopeless"),
    ]


def letters_from(line, path):
    return [each for each in letters(line, "--all") if each["origin"] == str(path)]


def until(ask, count, seconds=20):
    """What ``ask`` finds when there are so many."""
    deadline = time.monotonic() + seconds
    while len(found := ask()) < count:
        assert time.monotonic() < deadline, found
        time.sleep(0.3)
    return found


def test_letters_of_one_moment_are_listed_and_sent_in_their_order(line):
    """A batch has one time, and 10 comes after 9. The versions of an item would change places."""
    message = Delivered(RAW.name, 0, 0, b"one key", b"", {}, EPOCH)
    headers = dead_headers("normalize", message, Rejected("in-order"), [])
    batch = [(b"one key", b"%d" % n) for n in range(12)]
    asyncio.run(send(line, RAW.dead, *batch, headers=headers))
    found = letters(line, RAW.dead, "--reason", "in-order")
    assert len({letter["at"] for letter in found}) < 12
    offsets = [int(letter["letter"].rpartition("/")[2]) for letter in found]
    assert offsets == sorted(offsets)
    command(line, "dead", "redrive", "--all", "--reason", "in-order", "--by", "ana")
    sent = [row.value for row in rows(line, RAW.name) if row.key == b"one key"]
    assert sent == [value for _, value in batch]
    asyncio.run(line.settled())


def test_a_letter_that_its_source_does_not_take_is_named_and_stays_open(line):
    """The broker is there: it only takes no more than 2 MiB. What came before it is done."""
    headers = [("__connect.errors.reason", b"by-size")]
    for value in (b"small", b"x" * (RAW.max_bytes + MIB // 8)):
        asyncio.run(send(line, RAW.dead, (b"size", value), headers=headers))
    refused = command(line, "dead", "redrive", "--all", "--reason", "by-size", code=2).stderr
    assert "MessageSizeTooLarge" in refused
    assert "letters redriven before it: 1" in refused
    small, large = letters(line, "--all", "--reason", "by-size")
    assert large["letter"] in refused
    assert small["state"].startswith("redriven")
    assert large["state"] == "open"


def test_a_choice_of_letters_that_says_too_little_or_too_much_is_refused(line):
    name = letter_of(line, "large.txt")["letter"]
    for words in (
        [],
        ["--all", name],
        ["--topic", RAW.dead, name],
        ["--reason", "too-large", name],
        ["--all", "--again"],
        ["--all", "--topic", RAW.name],
        ["--all", "--reason", "nonsense"],
        [name, f"{RAW.dead}/0/999"],
        [f"{RAW.dead}/x/y"],
        ["elsewhere.v1.dead/0/0"],
    ):
        command(line, "dead", "redrive", *words, code=2)
    assert letter_of(line, "large.txt")["state"] == "open"


def test_broker_and_folder_are_named_by_flag_or_variable(line, tmp_path):
    """--broker needs no variable; a folder that is named goes before DELTAWIRE_BROKER."""
    broker = line.settings.broker
    change = json.loads(rows(line, CHANGES.name)[0].value)
    event_id, item = change["event_id"], change["item_id"]
    for words in (["trace", item], ["event", event_id], ["doctor"]):
        flag = without_variables(*words, "--json", "--broker", broker)
        variable = without_variables(*words, "--json", DELTAWIRE_BROKER=broker)
        assert flag.exit_code == variable.exit_code == 0, (flag.output, variable.output)
        assert json.loads(flag.stdout) == json.loads(variable.stdout)
        nowhere = without_variables(*words, "--out", str(tmp_path), DELTAWIRE_BROKER=broker)
        assert nowhere.exit_code == 2
        assert f"no run in '{tmp_path}'" in nowhere.stderr


def test_all_items_of_an_origin_are_found_wherever_they_lie(line, tmp_path):
    """A file that was changed holds another item. One of the two lies in the partition where the
    origin would lie if it were an id: finding it must not end the search."""
    path = tmp_path / "changed.json"
    here = partition_of(str(path).encode(), FATES.partitions)
    names = {}
    for n in range(99):
        place = partition_of(b"item-%d" % n, FATES.partitions)
        names.setdefault(place == here, f"item-{n}")
    for name in names.values():
        path.write_text(json.dumps({"id": name, "title": f"About {name}", "body": "It is here."}))
        command(line, "produce", str(path))
    asyncio.run(line.settled(records=6))
    fates = json.loads(command(line, "trace", str(path), "--json").stdout)["fates"]
    assert {fate["item_id"] for fate in fates} == set(names.values())


def test_an_item_that_is_unknown_is_named_with_the_broker(line):
    refused = command(line, "trace", "nothing-of-this-name", code=2).stderr
    assert "no item 'nothing-of-this-name'" in refused
    assert line.settings.broker in refused


def test_the_doctor_is_content_with_what_the_worker_left(line):
    """In all of the above."""
    asyncio.run(line.settled())
    found = json.loads(command(line, "doctor", "--json").stdout)
    assert [finding for finding in found if finding["level"] == "fault"] == []
    assert "not decided yet" not in [finding["check"] for finding in found]
