"""The three ways in, up to a real broker: what it has, and what if it is away."""

import asyncio
import http.client
import json
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from schemas.topics import RAW
from streams.kafka.read import partition_of, read_topics
from streams.kafka.topics import create
from tests.kafka.commands import command
from tests.kafka.pipeline import COMMAND, Pipeline

TEXT = b"A gate opens\nIt is open in Norvia."
LINES = b'{"id": "a", "title": "t", "body": "b"}\n{"id": "b", "title": "t", "body": "b"}\n'
FEED = b"<rss><channel><item><title>A gate opens</title></item></channel></rss>"
TOKEN = "a-token-for-the-tests"


@pytest.fixture
async def line(clean_kafka, tmp_path):
    return await Pipeline(clean_kafka, tmp_path).prepare()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "in"
    path.mkdir()
    return path


def sent(line):
    return asyncio.run(read_topics(line.settings, [RAW.name]))[RAW.name]


def report(line, *arguments):
    return json.loads(command(line, *arguments, "--json").stdout)


@contextmanager
def service(line, *arguments, **environment):
    """A command that runs until it is stopped; its log is read while it runs."""
    words = [*COMMAND, *arguments, "--json"]
    environment = {**line._environment, **environment}
    process = subprocess.Popen(words, env=environment, stdout=-1, stderr=-1, text=True)
    process.events = []

    def read():
        for text in process.stderr:
            process.events.append(json.loads(text) if text.startswith("{") else {"event": text})

    reading = threading.Thread(target=read)
    reading.start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        reading.join()
        process.stdout.close()
        process.stderr.close()


def event(process, name, count=1, seconds=25):
    """The count-th event of that name, when it has come."""
    deadline = time.monotonic() + seconds
    while len(found := [e for e in process.events if e["event"] == name]) < count:
        assert time.monotonic() < deadline, process.events
        time.sleep(0.05)
    return found[count - 1]


def stopped(process):
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0, process.events
    return json.loads(process.stdout.read())


def post(process, body, kind, token=TOKEN):
    place = event(process, "intake.listening")["address"].removeprefix("http://")
    connection = http.client.HTTPConnection(place.partition("/")[0], timeout=30)
    headers = {"Content-Type": kind, "Authorization": f"Bearer {token}"}
    connection.request("POST", "/v1/items", body, headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read()), answer.headers
    connection.close()
    return found


def test_a_dropped_file_lies_at_the_broker_and_in_done(line, folder):
    (folder / "a.txt").write_bytes(TEXT)
    (folder / "b.jsonl").write_bytes(LINES)
    (folder / "c.txt").touch()
    words = ["watch", str(folder), "--settle", "0.1", "--interval", "0.1", "--once"]
    done = report(line, *words, "--source", "agency")
    assert (done["done"], done["items"], done["reasons"]) == (2, 3, {"empty": 1})
    assert sorted(path.name for path in (folder / "done").iterdir()) == ["a.txt", "b.jsonl"]
    records = sent(line)
    assert len(records) == 3
    (text,) = [record for record in records if record.value == TEXT]
    assert text.headers["name"] == b"a.txt"
    assert text.headers["source"] == b"agency"
    assert text.partition == partition_of(text.key, RAW.partitions)


def test_a_watch_runs_until_it_is_stopped(line, folder):
    words = ["watch", str(folder), "--settle", "0.2", "--interval", "0.1"]
    with service(line, *words) as process:
        for number in range(2):
            (folder / "a.txt").write_bytes(TEXT)
            event(process, "file.done", number + 1)
        assert stopped(process) | {"reasons": None} == {
            "done": 2, "rejected": 0, "items": 2, "reasons": None, "stopped": True
        }  # fmt: skip
    assert [record.value for record in sent(line)] == [TEXT, TEXT]


@contextmanager
def feed_host():
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(dict(self.headers))
            known = self.headers.get("If-None-Match") == '"1"'
            self.send_response(304 if known else 200)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            if not known:
                self.wfile.write(FEED)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_feed_lies_at_the_broker_and_is_remembered(line):
    with feed_host() as (url, asked):
        dry = report(line, "poll", url, "--allow", "127.0.0.1", "--dry-run")
        assert (dry["sent"], len(sent(line))) == (1, 0)
        first = report(line, "poll", url, "--allow", "127.0.0.1", "--once")
        again = report(line, "poll", url, "--allow", "127.0.0.1", "--once")
        refused = report(line, "poll", url, "--once")
    assert (first["sent"], again["sent"], again["unchanged"]) == (1, 0, 1)
    assert refused["reasons"] == {"address": 1}
    assert ["If-None-Match" in headers for headers in asked] == [False, False, True]
    (record,) = sent(line)
    assert record.value == FEED
    assert record.headers == {
        "space": b"world", "source": b"127.0.0.1", "origin": url.encode(), "format": b"xml"
    }  # fmt: skip


def test_what_was_answered_by_202_lies_where_the_answer_says(line, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    environment = {"DELTAWIRE_INTAKE_TOKEN_FILE": str(tmp_path / "token")}
    with service(line, "intake", "--listen", "127.0.0.1:0", **environment) as process:
        status, one, _ = post(process, TEXT, "text/plain")
        assert status == 202
        status, many, _ = post(process, LINES, "application/x-ndjson")
        assert (status, many["accepted"]) == (202, 2)
        assert post(process, TEXT, "text/plain", "a-wrong-token-is-this")[0] == 401
        assert stopped(process)["accepted"] == 3
        assert TOKEN not in json.dumps(process.events)
    found = {(record.partition, record.offset): record for record in sent(line)}
    assert len(found) == 3
    assert found[one["partition"], one["offset"]].value == TEXT
    for place, value in zip(many["items"], LINES.splitlines(), strict=True):
        record = found[place["partition"], place["offset"]]
        assert (record.value, record.headers["origin"].decode()) == (value, place["origin"])


def test_while_the_broker_is_away_it_is_503_and_then_202_again(own_broker, tmp_path):
    line = Pipeline(own_broker.bootstrap, tmp_path)
    asyncio.run(create(line.settings))
    environment = {"DELTAWIRE_INTAKE_TOKEN": TOKEN, "DELTAWIRE_WAIT_SECONDS": "10"}
    words = ["intake", "--listen", "127.0.0.1:0", "--ack-seconds", "1"]
    with service(line, *words, **environment) as process:
        assert post(process, TEXT, "text/plain")[0] == 202
        own_broker.kill()
        for _ in range(3):
            status, answer, headers = post(process, TEXT + b" It is 1.", "text/plain")
            assert (status, answer["error"]) == (503, "broker-away")
            assert int(headers["Retry-After"]) > 0
        own_broker.start()
        deadline = time.monotonic() + 60
        while post(process, TEXT + b" It is 2.", "text/plain")[0] != 202:
            assert time.monotonic() < deadline, process.events
            time.sleep(0.5)
        stopped(process)
    values = {record.value for record in sent(line)}
    assert {TEXT, TEXT + b" It is 2."} <= values  # the refused one may have arrived too


@pytest.mark.parametrize("name", ["watch", "poll", "intake"])
def test_no_broker_is_code_4_and_a_missing_topic_code_2(
    clean_kafka, tmp_path, folder, name, monkeypatch
):
    monkeypatch.setenv("DELTAWIRE_WAIT_SECONDS", "0")
    (folder / "a.txt").write_bytes(TEXT)
    words = {
        "watch": ["watch", str(folder), "--settle", "0"],
        "poll": ["poll", "http://127.0.0.1:1/"],
        "intake": ["intake", "--listen", "127.0.0.1:0"],
    }[name]
    assert "localhost:1" in command(Pipeline("localhost:1", tmp_path), *words, code=4).stderr
    done = command(Pipeline(clean_kafka, tmp_path), *words, code=2)
    assert "deltawire topics create" in done.stderr
    assert Path(folder / "a.txt").exists()
