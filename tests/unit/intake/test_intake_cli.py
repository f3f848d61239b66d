"""The three commands as a user types them, as far as that needs no broker."""

import json

import pytest
from typer.testing import CliRunner

from streams.cli import app

AWAY = {"DELTAWIRE_BROKER": "localhost:1", "DELTAWIRE_WAIT_SECONDS": "0"}


def run(*arguments, code, **environment):
    done = CliRunner().invoke(app, list(map(str, arguments)), env=AWAY | environment)
    assert done.exit_code == code, (done.output, done.exception)
    return done


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["watch", "/no/such/folder"], "no folder"),
        (["watch", "/tmp", "--settle", "-1"], "--settle"),
        (["poll"], "--feeds"),
        (["poll", "ftp://news.example/"], "only http and https"),
        (["poll", "https://ana:word@news.example/"], "--feeds FILE"),
        (["poll", "https://news.example/", "--allow", "ten"], "--allow"),
        (["poll", "https://news.example/", "--max-bytes", "2000000"], "--max-bytes"),
        (["poll", "http://a.example/", "--min-interval", "9", "--max-interval", "8"], "--max-int"),
        (["intake", "--listen", "8080"], "HOST:PORT"),
        (["intake", "--listen", "0.0.0.0:0"], "DELTAWIRE_INTAKE_TOKEN_FILE"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_mend(words, hint, tmp_path):
    assert hint in run(*words, code=2, DELTAWIRE_DATA=str(tmp_path)).stderr


def test_a_token_that_is_too_short_is_not_shown():
    done = run("intake", code=2, DELTAWIRE_INTAKE_TOKEN="a-word")
    assert "at least 16" in done.stderr
    assert "a-word" not in done.output


def test_a_certificate_needs_its_key():
    done = run("intake", code=2, DELTAWIRE_INTAKE_CERTFILE="cert.pem")
    assert "DELTAWIRE_INTAKE_KEYFILE" in done.stderr


def test_a_dry_watch_says_what_would_become_of_each_file(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"id":"a"}\n{"id":"b"}\n')
    (tmp_path / "[b].txt").touch()
    (tmp_path / "c.part").touch()
    done = run("watch", tmp_path, "--dry-run", code=0)
    assert "a.jsonl: 2 items" in done.stdout
    assert "[b].txt: empty" in done.stdout
    assert "2 files; nothing was sent or moved" in done.stdout
    rows = json.loads(run("watch", tmp_path, "--dry-run", "--json", code=0).stdout)
    assert {row["file"]: row["items"] for row in rows} == {"a.jsonl": 2, "[b].txt": 0}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["[b].txt", "a.jsonl", "c.part"]


def test_a_dry_poll_counts_reasons_and_remembers_nothing(tmp_path):
    words = ["poll", "http://127.0.0.1:1/", "http://10.0.0.1/", "--dry-run", "--gap", "0"]
    done = run(*words, code=0, DELTAWIRE_DATA=str(tmp_path / "data"))
    assert "asked 2, sent 0, bytes 0, unchanged 0, failed 2; address 2" in done.stdout
    assert not (tmp_path / "data").exists()


def test_without_a_broker_it_is_code_4_and_the_counts_are_said(tmp_path):
    done = run("watch", tmp_path, "--json", code=4)
    assert json.loads(done.stdout)["done"] == 0
    assert "localhost:1" in done.stderr
