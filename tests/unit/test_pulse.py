"""What a worker tells its supervisor, and what a reader makes of a damaged file."""

import multiprocessing
import os
import signal
import time

import pytest

from streams.worker.pulse import ROOM, Pulse, State, read

PLACE = "detect articles.tagged.v1/0/7"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "pulse"


def test_a_reader_sees_what_was_written(path):
    before = time.monotonic()
    with Pulse.create(path) as pulse:
        assert read(path).state is State.STARTING
        pulse.state = State.READY
        pulse.progress(32)
        pulse.progress(1)
        pulse.lag = 7
        pulse.deciding(PLACE)
        pulse.beat()
    reading = read(path)
    assert reading.pid == os.getpid()
    assert before <= reading.beat <= time.monotonic()
    assert (reading.state, reading.progress, reading.lag) == (State.READY, 33, 7)
    assert reading.place == PLACE


def test_between_decisions_no_message_is_to_blame(path):
    with Pulse.create(path) as pulse:
        pulse.deciding(PLACE)
        pulse.deciding("")
    assert read(path).place == ""


def test_a_place_longer_than_the_page_is_cut(path):
    with Pulse.create(path) as pulse:
        pulse.deciding("ä" * ROOM)
    assert len(read(path).place) == ROOM // 2


def test_a_new_process_begins_anew(path):
    with Pulse.create(path) as pulse:
        pulse.progress(5)
        pulse.deciding(PLACE)
    with Pulse.create(path):
        assert (read(path).progress, read(path).place) == (0, "")


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"\xff" * 4096, b"{}"])
def test_what_is_no_pulse_reads_as_none(path, content):
    assert read(path) is None
    path.write_bytes(content)
    assert read(path) is None


def test_half_of_a_write_reads_as_none(path):
    with Pulse.create(path) as pulse:
        pulse.deciding(PLACE)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"/0/7", b"/0/8"))
    assert read(path) is None
    path.write_bytes(whole[:40])
    assert read(path) is None


def _die_deciding(path):
    pulse = Pulse.create(path)
    pulse.deciding(PLACE)
    os.kill(os.getpid(), signal.SIGKILL)


def test_it_survives_kill_9(path):
    child = multiprocessing.get_context("fork").Process(target=_die_deciding, args=(path,))
    child.start()
    child.join(10)
    assert child.exitcode == -signal.SIGKILL
    assert read(path).place == PLACE


def _write_for_a_while(path, seconds):
    end = time.monotonic() + seconds
    with Pulse.create(path) as pulse:
        number = 0
        while time.monotonic() < end:
            number += 1
            pulse.deciding(f"detect {number} {'x' * (number % 50)} {number}")


def test_a_reader_beside_a_busy_writer_never_sees_a_mixture(path):
    child = multiprocessing.get_context("fork").Process(target=_write_for_a_while, args=(path, 0.5))
    child.start()
    seen = set()
    while child.is_alive():
        reading = read(path)
        if reading is not None and reading.place:
            _, first, filler, last = reading.place.split(" ")
            assert first == last
            assert len(filler) == int(first) % 50
            seen.add(first)
    child.join()
    assert len(seen) > 10
