"""The commands as a user types them."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.cli import app

ROOT = Path(__file__).parents[2]
PACT = str(ROOT / "seeds" / "pact")

COMMANDS = [
    *"replay trace event doctor read tag evaluate produce worker health tail".split(),
    *["schemas", "topics", "dead", "kb", "watch", "poll", "intake", "control"],
]


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, list(arguments), input=stdin)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    result = run("replay", PACT, "--out", str(folder))
    assert result.exit_code == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(command):
    assert run(command, "--help").exit_code == 0
    assert f"`{command}`" in (ROOT / "README.md").read_text()


def test_no_command_is_missing_from_that_list():
    names = {c.name or c.callback.__name__ for c in app.registered_commands}
    assert names | {group.name for group in app.registered_groups} == set(COMMANDS)


def test_the_report_shows_the_event_and_what_was_added():
    text = run("replay", PACT).stdout
    assert "2 articles" in text
    assert "updates" in text
    assert "+ No Russian head of state" in text
    assert "denied by" in text


def test_replay_reads_standard_input_and_speaks_json():
    wire = json.dumps({"id": "a", "title": "A bridge fell", "body": "A bridge fell in Norvia."})
    result = run("replay", "-", "--json", stdin=wire)
    assert json.loads(result.stdout)["fates"] == {"enriched": 1}


def test_one_bad_file_does_not_stop_the_rest(tmp_path):
    (tmp_path / "a.txt").write_text("A bridge fell\nIt fell in Norvia on Monday.")
    (tmp_path / "b.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (tmp_path / "c.jsonl").write_text('{"id": ')
    result = run("replay", str(tmp_path), "--json")
    assert json.loads(result.stdout)["fates"] == {"enriched": 1, "rejected": 2}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replay", "/no/such/folder"], "/no/such/folder"),
        (["trace", "x", "--out", "/no/such/run"], "deltawire replay"),
        (["evaluate", "nonsense", "x.jsonl"], "events"),
        (["evaluate", "events", "/no/such.jsonl"], "/no/such.jsonl"),
        (["replay", PACT, "--speed", "fast"], "max"),
        (["produce", "/no/such/folder"], "/no/such/folder"),
        (["produce", PACT, "--rate", "0"], "above 0"),
        (["produce", PACT, "--broker", "localhost:abc"], "HOST:PORT"),
        (["topics", "acls", "nobody"], "operator"),
        (["topics", "create", "--group", "a b"], "DELTAWIRE_GROUP"),
        (["tail", "articles.raw.v1", "--from", "yesterday"], "15m"),
        (["event", "ev-", "--html", "-", "--json"], "name a file"),
        (["dead", "redrive"], "--all"),
        (["dead", "redrive", "x", "--all"], "--all"),
        (["dead", "redrive", "x", "--reason", "y"], "--all"),
        (["dead", "redrive", "--all", "--again"], "--again"),
        (["dead", "discard", "x"], "--why"),
    ],
)
def test_a_wrong_call_says_what_to_mend(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output.replace("\n", "")
    assert "Traceback" not in result.output


def test_a_dry_run_reads_everything_and_connects_nowhere(tmp_path):
    (tmp_path / "a.txt").write_text("A bridge fell\nIt fell in Norvia.")
    (tmp_path / "b.jsonl").write_text("x" * 1_100_000)
    broker = ["--broker", "localhost:1"]
    result = run("produce", str(tmp_path), "--dry-run", "--json", *broker)
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["read"], report["unreadable"], report["acknowledged"]) == (2, 1, 0)
    assert "too-large" in result.stderr
    assert "b.jsonl#1" in result.stderr.replace("\n", "")
    assert "nothing was sent" in run("produce", str(tmp_path), "--dry-run", *broker).stdout


def test_acls_are_printed_for_the_tool_and_for_machines():
    lines = run("topics", "acls", "producer").stdout.splitlines()
    assert lines == [
        "--add --allow-principal User:producer --operation Write --topic articles.raw.v1"
    ]
    every = json.loads(run("topics", "acls", "--group", "desk", "--json").stdout)
    assert list(every) == ["worker", "producer", "reader", "operator"]
    rows = [acl for acl in every["worker"] if acl["pattern"] == "prefixed"]
    assert [row["name"] for row in rows] == ["desk-"]


@pytest.mark.parametrize("variable", ["DELTAWIRE_GROUP", "DELTAWIRE_SASL_PASSWORD"])
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(variable):
    environment = {variable: "s e c r e t", "DELTAWIRE_SECURITY_PROTOCOL": "SASL_SSL"}
    result = CliRunner().invoke(app, ["topics", "list"], env=environment)
    assert result.exit_code == 2
    assert "DELTAWIRE_" in result.stderr
    assert "s e c r e t" not in result.output


def test_trace_shows_the_way_of_an_item(out):
    result = run("trace", "file:-:000_pact.txt", "--out", str(out))
    assert result.exit_code == 0
    assert "enriched" in result.stdout
    rows = json.loads(run("trace", "file:-:000_pact.txt", "--out", str(out), "--json").stdout)
    assert [fate["fate"] for fate in rows["fates"]] == ["enriched"]
    assert rows["current"]["event"]["relation"] == "opens"


def test_trace_offers_ids_that_are_near(out):
    result = run("trace", "000_pact", "--out", str(out))
    assert result.exit_code == 2
    assert "file:-:000_pact.txt" in result.output.replace("\n", "")


def test_event_takes_the_beginning_of_an_id(out):
    text = run("event", "ev-", "--out", str(out)).stdout
    assert "Summary" in text
    both = json.loads(run("event", "ev-", "--out", str(out), "--json").stdout)
    assert both["state"]["revision"] == len(both["changes"]) == 2


def test_event_writes_one_page_to_a_file_or_to_standard_output(out, tmp_path):
    """Whole or not at all: no draft stays beside it."""
    target = tmp_path / "event.html"
    result = run("event", "ev-", "--out", str(out), "--html", str(target))
    assert result.exit_code == 0
    assert "wrote" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["event.html"]
    assert target.read_text().startswith("<!DOCTYPE html>")
    assert run("event", "ev-", "--out", str(out), "--html", "-").stdout == target.read_text()
    both = run("event", "ev-", "--out", str(out), "--html", str(target), "--json")
    assert json.loads(both.stdout)["record"]["sources"]["publishers"]


def test_event_says_what_to_do_about_an_id_that_it_does_not_know(out):
    item = json.loads((out / "articles.enriched.v1.jsonl").read_text().splitlines()[0])
    result = run("event", item["item_id"], "--out", str(out))
    assert result.exit_code == 2
    assert f"deltawire event {item['event']['event_id']}" in result.output.replace("\n", "")
    result = run("event", "nothing", "--out", str(out))
    assert result.exit_code == 2
    assert "deltawire trace ITEM" in result.output.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--html", "/"], "name a file"), (["--html", "/no/such/x.html"], "folder is missing")],
)
def test_a_page_that_cannot_be_written_says_why(out, arguments, words):
    result = run("event", "ev-", "--out", str(out), *arguments)
    assert result.exit_code == 2
    assert words in result.output.replace("\n", "")


def test_doctor_is_content(out):
    findings = json.loads(run("doctor", "--out", str(out), "--json").stdout)
    assert {finding["level"] for finding in findings} == {"ok"}


def test_doctor_finds_a_tampered_run(out, tmp_path):
    for path in out.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    state = tmp_path / "events.state.v1.jsonl"
    state.write_text(state.read_text().replace('"member_count":2', '"member_count":3'))
    result = run("doctor", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "fault" in result.stdout


def test_tag_lists_mentions():
    result = run("tag", str(Path(PACT) / "000_pact.txt"), "--json")
    mentions = json.loads(result.stdout)["entities"]
    assert {"Vladimir Putin", "Hanoi"} <= {mention.get("name") for mention in mentions}
    assert "Hanoi" in run("tag", str(Path(PACT) / "000_pact.txt")).stdout


def test_evaluate_scores_rows_with_gold_and_predicts_the_rest(tmp_path):
    body = "The ferry Marigold sank off Port Lorne in a storm. Twelve people are missing."
    rows = [
        {"id": "1", "title": "Ferry Marigold sinks", "body": body, "event_id": "a"},
        {"id": "2", "title": "Ferry Marigold sank", "body": body, "event_id": "a"},
        {"id": "3", "title": "Lornia wins cup", "body": "Lornia beat Norvia 2-1 on Sunday."},
    ]
    data, predictions = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)))
    result = run("evaluate", "events", str(data), "--predictions", str(predictions), "--json")
    assert json.loads(result.stdout)["rows.jsonl"]["BCubed F1"] == 1.0
    found = [json.loads(line) for line in predictions.read_text().splitlines()]
    assert [row["is_new"] for row in found] == [True, False, True]
    assert found[0]["event_id"] == found[1]["event_id"] != found[2]["event_id"]


def test_schemas_are_exported_and_checked(tmp_path):
    assert run("schemas", "export", str(tmp_path)).exit_code == 0
    assert run("schemas", "check", str(tmp_path)).exit_code == 0
    path = tmp_path / "items.fates.v1.json"
    path.write_text(path.read_text().replace('"origin"', '"whence"'))
    result = run("schemas", "check", str(tmp_path))
    assert result.exit_code == 1
    assert "breaking" in result.output


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_cleanly_with_what_had_been_read(tmp_path, sent):
    wire = str(ROOT / "seeds" / "wire" / "*.jsonl")
    command = [sys.executable, "-m", "streams.cli", "replay", wire, "--out", str(tmp_path)]
    process = subprocess.Popen(
        [*command, "--speed", "3000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(6)  # the second article comes a wire hour after the first: about a second here
    process.send_signal(sent)
    stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped" in stderr
    assert "Traceback" not in stderr
    assert "item versions" in stdout
    assert (tmp_path / "articles.enriched.v1.jsonl").stat().st_size > 0


def test_an_order_is_tried_on_a_run_and_sent_nowhere(out):
    before = {path.name: path.read_bytes() for path in Path(out).iterdir()}
    item = json.loads((out / "articles.enriched.v1.jsonl").read_text().splitlines()[1])["item_id"]
    order = ["control", "kill", item, "--by", "ana", "--reason", "wrong name", "--out", str(out)]
    text = run(*order).stdout
    assert "retracted" in text
    assert "nothing was sent" in text
    found = json.loads(run(*order, "--json").stdout)
    assert found["order"] | {"action": "kill", "target": item, "by": "ana"} == found["order"]
    fates = [w["record"] for w in found["would_write"] if w["topic"] == "items.fates.v1"]
    assert [(f["item_id"], f["fate"], f["reason"]) for f in fates] == [
        (item, "killed", "wrong name")
    ]
    assert {path.name: path.read_bytes() for path in Path(out).iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["kill", "x"], "--reason"),
        (["kill", "x", "--reason", " "], "say why"),
        (["kill", "x", "--reason", "y", "--out", "/no/such/run"], "deltawire replay"),
        (["kill", "x", "--reason", "y", "--out", "z", "--broker", "a:1"], "--broker"),
        (["confirm", "x", "--reason", "y"], "--item"),
    ],
)
def test_an_order_that_lacks_a_part_says_which(arguments, words):
    result = run("control", *arguments)
    assert result.exit_code == 2
    assert words in result.output
