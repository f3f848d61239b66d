"""The supervisor over real processes; what its workers do stands in puppets.py."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from streams.cli import app
from streams.config import Settings
from streams.worker import health, slots
from streams.worker.codes import ExitCode
from streams.worker.deaths import Deaths
from streams.worker.pulse import Pulse, State, read
from streams.worker.supervisor import supervise

PUPPETS = Path(__file__).with_name("puppets.py")
PLACE = "detect articles.tagged.v1/0/7"
SOON = 15.0  # a busy machine may need seconds to start a Python


class Supervisor:
    """A supervisor as a program, in a process group of its own like at a terminal."""

    def __init__(self, data, trick, workers=1, **settings):
        self.data, self.settings = data, settings
        self.errors = data.parent / f"errors-{time.monotonic_ns()}"
        given = json.dumps({"data": str(data), **settings})
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, PUPPETS, trick, str(workers), given],
                stderr=errors,
                start_new_session=True,
            )

    def file(self, name, slot=0):
        return self.data / "slots" / str(slot) / name

    def lines(self, name, slot=0):
        path = self.file(name, slot)
        return path.read_text().split() if path.exists() else []

    def events(self):
        lines = self.errors.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def seen(self, event):
        return [e for e in self.events() if e["event"] == event]

    def ready(self, slot=0):
        reading = read(self.file("pulse", slot))
        return reading is not None and reading.state is State.READY

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(SOON)


def until(happens):
    end = time.monotonic() + SOON
    while not (result := happens()):
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.02)
    return result


def gone(pid):
    """A zombie counts: whoever adopted it may reap late."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def run(data):
    started = []

    def start(trick, workers=1, **settings):
        started.append(Supervisor(data, trick, workers, **settings))
        return started[-1]

    yield start
    for supervisor in started:
        if supervisor.process.poll() is None:
            os.killpg(supervisor.process.pid, signal.SIGKILL)
            supervisor.process.wait()


def test_a_crashed_worker_starts_again_ever_later(run):
    supervisor = run("crashing")
    until(lambda: len(supervisor.lines("starts")) >= 3)
    first, second, third = map(float, supervisor.lines("starts")[:3])
    assert second - first >= 0.5
    assert third - second >= 1.0
    assert [e["restart_in"] for e in supervisor.seen("worker.died")][:2] == [0.5, 1.0]
    assert supervisor.stop() == ExitCode.STOPPED  # asked for while no process runs


@pytest.mark.parametrize(
    ("trick", "code"), [("wrong", ExitCode.WRONG), ("helpless", ExitCode.NEEDS_PERSON)]
)
def test_what_no_restart_would_mend_stops_all(run, trick, code):
    supervisor = run(trick, workers=2)
    assert supervisor.process.wait(SOON) == code
    assert len(supervisor.lines("starts")) == 1
    assert supervisor.file("drained").exists()  # the other slot was asked, not killed
    assert [e["end"] for e in supervisor.seen("worker.refused")] == [code.name]


def test_sigterm_drains_all_workers(run):
    supervisor = run("steady", workers=2)
    until(lambda: supervisor.ready(0) and supervisor.ready(1))
    assert supervisor.stop() == ExitCode.STOPPED
    assert supervisor.file("drained", 0).exists()
    assert supervisor.file("drained", 1).exists()
    assert not supervisor.seen("worker.died")


def test_ctrl_c_at_a_terminal_drains_too(run):
    """It reaches the whole process group; the workers must leave it to their supervisor."""
    supervisor = run("steady")
    until(lambda: supervisor.ready())
    os.killpg(supervisor.process.pid, signal.SIGINT)
    assert supervisor.process.wait(SOON) == ExitCode.STOPPED
    assert supervisor.file("drained").exists()


def test_a_stop_ends_the_wait_for_the_broker(run, data):
    supervisor = run("waiting")
    until((data / "waiting").exists)
    assert supervisor.stop() == ExitCode.STOPPED
    assert not supervisor.lines("starts")


def test_a_worker_that_does_not_drain_is_killed_after_the_grace_time(run, data):
    supervisor = run("stubborn", grace_seconds=0.5, kill_limit=1)
    until(lambda: supervisor.ready())
    asked = time.monotonic()
    assert supervisor.stop() == ExitCode.KILLED
    assert time.monotonic() - asked >= 0.5
    assert Deaths(data).condemned(1) == frozenset()  # our own kill blames no message
    assert not supervisor.file("pulse").exists()  # nor does the next start


def test_a_second_signal_kills_at_once(run):
    supervisor = run("stubborn", grace_seconds=60)
    until(lambda: supervisor.ready())
    supervisor.process.send_signal(signal.SIGTERM)
    assert supervisor.stop(signal.SIGINT) == ExitCode.KILLED


def test_a_message_that_kills_its_workers_is_condemned(run, data):
    supervisor = run("deadly", kill_limit=3)
    until(lambda: supervisor.ready())
    assert len(supervisor.lines("starts")) == 3 + 1
    assert Deaths(data).condemned(3) == {PLACE}
    ends = [(e["end"], e["place"]) for e in supervisor.seen("worker.died")]
    assert ends == [("SIGKILL", PLACE)] * 3
    (condemned,) = supervisor.seen("message.condemned")
    assert condemned["place"] == PLACE
    assert supervisor.stop() == ExitCode.STOPPED


def test_a_death_together_with_the_supervisor_is_noted_too(run, data):
    """A container that runs out of memory takes both, and would do so for ever."""
    supervisor = run("stubborn")
    until(lambda: supervisor.ready())
    pid = read(supervisor.file("pulse")).pid
    os.killpg(supervisor.process.pid, signal.SIGKILL)
    until(lambda: gone(pid))
    run("steady")
    until(lambda: Deaths(data).condemned(1) == {PLACE})


def test_stalled_workers_show_their_stacks_and_are_replaced(run, data):
    supervisor = run("hanging", workers=2, stall_seconds=2.5)
    until(lambda: all(supervisor.lines("starts", n) and supervisor.ready(n) for n in (0, 1)))
    why = {e["slot"]: (e["why"], e["place"]) for e in supervisor.seen("worker.stalled")}
    assert why == {0: ("no sign of life", PLACE), 1: ("work and no progress", "")}
    assert [e["end"] for e in supervisor.seen("worker.died")] == ["SIGKILL"] * 2
    assert supervisor.errors.read_text().count("in hanging") == 2
    assert Deaths(data).condemned(1) == {PLACE}
    assert supervisor.stop() == ExitCode.STOPPED


def test_two_supervisors_share_a_folder_and_a_freed_slot_keeps_its_identity(run):
    """What ``docker compose up --scale`` does: several containers on one volume."""
    first = run("steady")
    until(lambda: first.ready(0))
    second = run("steady")
    until(lambda: second.ready(1))
    assert first.stop() == ExitCode.STOPPED
    third = run("steady")
    until(lambda: third.ready(0))
    old, new = third.lines("starts", 0)
    assert old == new
    assert old != second.lines("starts", 1)[0]


def test_an_orphan_keeps_its_slot_until_it_has_drained(run, data):
    """Else the next supervisor would start a second process with the same instance id."""
    supervisor = run("stubborn", grace_seconds=1.5)
    until(lambda: supervisor.ready())
    pid = read(supervisor.file("pulse")).pid
    supervisor.process.kill()
    supervisor.process.wait()
    (slot,) = slots.claim(data, 1)
    assert slot.number == 1
    until(lambda: gone(pid))
    (freed,) = slots.claim(data, 1)
    assert freed.number == 0
    for mine in (slot, freed):
        mine.lock.release()


def judge(data, *, live=False):
    return health.verdict(health.examine(Settings(data=data)), live=live, data=data)


def test_health_of_a_worker_at_work(run, data):
    assert judge(data) == (False, f"no worker runs here with the data folder {data}")
    supervisor = run("steady")
    until(lambda: judge(data)[0])
    assert judge(data, live=True) == (True, "live: 1 of 1 workers")
    supervisor.stop()
    assert not judge(data, live=True)[0]
    assert not any(supervisor.data.rglob("pulse"))


def test_health_tells_alive_from_ready(data):
    (slot,) = slots.claim(data, 1)
    assert judge(data, live=True)[0]
    assert judge(data) == (False, "not ready: slot 0 has no process at work yet")
    with Pulse.create(slot.pulse) as pulse:
        pulse.state = State.RECOVERING
        assert judge(data, live=True)[0]
        assert judge(data) == (False, "not ready: slot 0 is recovering")
        pulse.state = State.READY
        assert judge(data)[0]
        time.sleep(0.05)
        (stale,) = health.examine(Settings(data=data, stall_seconds=0.01))
        assert (stale.live, stale.ready) == (False, False)
        assert "no sign of life" in stale.problem
    slot.lock.release()


def test_health_does_not_judge_the_slots_of_another_container(data):
    theirs, mine = slots.claim(data, 2)
    theirs.lock.sign("another-container pid:[1]")
    assert [found.slot for found in health.examine(Settings(data=data))] == [mine.number]
    for slot in (theirs, mine):
        slot.lock.release()


def test_the_health_command_says_why_not(data):
    ask = ["health", "--data", str(data)]
    nobody = CliRunner().invoke(app, ask)
    assert (nobody.exit_code, nobody.stderr.count("\n")) == (1, 1)
    (slot,) = slots.claim(data, 1)
    with Pulse.create(slot.pulse) as pulse:
        starting = CliRunner().invoke(app, ask)
        assert (starting.exit_code, starting.stderr) == (1, "not ready: slot 0 is starting\n")
        assert CliRunner().invoke(app, [*ask, "--live"]).exit_code == 0
        pulse.state = State.READY
        ready = CliRunner().invoke(app, [*ask, "--json"])
    assert ready.exit_code == 0
    assert json.loads(ready.stdout)["slots"][0]["state"] == "ready"
    slot.lock.release()


def test_a_worker_without_a_broker_says_so_and_ends(data, capfd):
    settings = Settings(data=data, broker="127.0.0.1:1", wait_seconds=0)
    assert supervise(settings, 1) == ExitCode.BROKER_AWAY
    assert "127.0.0.1:1" in capfd.readouterr().out
    assert slots.at_work(data) == []
