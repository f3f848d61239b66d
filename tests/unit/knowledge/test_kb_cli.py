"""The commands as a user types them."""

import json
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from streams.cli import app
from streams.knowledge.base import KnowledgeBase
from tests.unit.knowledge.dumps import item


@pytest.fixture
def run(monkeypatch):
    monkeypatch.delenv("DELTAWIRE_KB", raising=False)
    return lambda *arguments, **env: CliRunner().invoke(app, ["kb", *map(str, arguments)], env=env)


def test_build_info_lookup(run, dump, tmp_path):
    out = tmp_path / "w.kb"
    built = run("build", dump(), "--out", out, "--json", "--name", "made-up")
    assert built.exit_code == 0
    assert json.loads(built.stdout)["counts"]["entities"] == 6
    told = run("info", out)
    assert "made-up" in told.stdout
    assert "CC0" in told.stdout
    assert json.loads(run("info", "--json", DELTAWIRE_KB=str(out)).stdout)["name"] == "made-up"
    (row,) = json.loads(run("lookup", "torvel", "--kb", out, "--json").stdout)
    assert row["id"] == "Q1002"
    assert row["source"] == "made-up"
    assert "Torvel" in run("lookup", "torvel", DELTAWIRE_KB=str(out)).stdout


def test_lookup_keeps_to_a_language(run, world):
    assert run("lookup", "Norwien", "--language", "de", "--kb", world.path).exit_code == 0
    assert run("lookup", "Norwien", "--language", "fr", "--kb", world.path).exit_code == 1


def test_lookup_knows_the_table_of_the_project_without_a_knowledge_base(run):
    found = json.loads(run("lookup", "Russian", "--json").stdout)
    assert [(row["source"], row["id"], row["kind"]) for row in found] == [
        ("core", "norp:RU", "demonym")
    ]
    assert json.loads(run("lookup", "Putin", "--json").stdout)[0]["kind"] == "surname"


def test_nothing_found_is_exit_code_1(run):
    result = run("lookup", "Nobody At All")
    assert result.exit_code == 1
    assert "DELTAWIRE_KB is not set" in result.stderr
    assert json.loads(run("lookup", "Nobody At All", "--json").stdout) == []


def test_sitelinks_decide_what_is_kept(run, dump, tmp_path):
    run("build", dump(), "--out", tmp_path / "w.kb", "--sitelinks", 100)
    assert len(KnowledgeBase.open(tmp_path / "w.kb")) == 1


def test_only_a_knowledge_base_is_replaced_and_only_by_force(run, dump, tmp_path):
    source, out = dump(), tmp_path / "w.kb"
    assert run("build", source, "--out", out).exit_code == 0
    again = run("build", source, "--out", out)
    assert again.exit_code == 2
    assert "--force" in again.stderr
    assert run("build", source, "--out", out, "--force").exit_code == 0
    refused = run("build", source, "--out", tmp_path, "--force")
    assert refused.exit_code == 2
    assert source.exists()
    assert "is no knowledge base" in refused.stderr


@pytest.mark.parametrize(
    "arguments", [["info"], ["info", "nowhere"], ["build", "no", "--out", "x"]]
)
def test_what_the_user_can_mend_is_one_line(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("error:")


def test_a_failed_build_leaves_the_old_one(run, dump, tmp_path):
    out = tmp_path / "w.kb"
    run("build", dump(), "--out", out)
    empty = dump([], name="empty.json")
    assert run("build", empty, "--out", out, "--force").exit_code == 2
    assert len(KnowledgeBase.open(out, verify=True)) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dump.json", "empty.json", "w.kb"]


def test_a_killed_build_leaves_nothing_half_made(dump, tmp_path):
    """Killed in its middle, and the next build is not disturbed by what lies about."""
    out = tmp_path / "target" / "w.kb"
    source = dump([item(f"Q{n}", f"Thing {n}") for n in range(1, 20_001)])
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "kb", "build", str(source), "--out", str(out)]
    )
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("target/.w.kb.building-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=30) == -signal.SIGKILL
    assert not out.exists()
    result = CliRunner().invoke(app, ["kb", "build", str(source), "--out", str(out)])
    assert result.exit_code == 0
