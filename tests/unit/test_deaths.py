"""The ledger of messages over which workers died."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from streams.worker import deaths
from streams.worker.deaths import Deaths

PLACE, OTHER = "detect articles.tagged.v1/0/7", "admit articles.normalized.v1/3/9"


def test_a_message_is_condemned_at_the_limit(tmp_path):
    ledger = Deaths(tmp_path)
    assert [ledger.note(PLACE), ledger.note(OTHER), ledger.note(PLACE)] == [1, 1, 2]
    assert ledger.condemned(3) == frozenset()
    assert ledger.note(PLACE) == 3
    assert ledger.condemned(3) == {PLACE}


def test_another_process_reads_the_same(tmp_path):
    Deaths(tmp_path).note(PLACE)
    assert Deaths(tmp_path).condemned(1) == {PLACE}


def test_before_the_first_death_there_is_no_ledger(tmp_path):
    assert Deaths(tmp_path / "missing").condemned(1) == frozenset()


@pytest.mark.parametrize("content", [b"", b"{", b"[]"])
def test_a_damaged_ledger_is_begun_anew(tmp_path, content):
    (tmp_path / "deaths.json").write_bytes(content)
    assert Deaths(tmp_path).condemned(1) == frozenset()
    assert Deaths(tmp_path).note(PLACE) == 1


def test_the_entries_with_the_oldest_deaths_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr(deaths, "ENTRIES", 2)
    ledger = Deaths(tmp_path)
    for place in ("a", "b", "a", "c"):
        ledger.note(place)
    assert ledger.condemned(1) == {"a", "c"}


def test_no_death_is_lost_when_supervisors_note_at_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: Deaths(tmp_path).note(PLACE), range(40)))
    assert sorted(counts) == list(range(1, 41))
