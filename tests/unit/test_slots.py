"""Slots: who a worker is, over restarts and beside others."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from streams.errors import DeltawireError
from streams.worker.slots import at_work, claim


@pytest.fixture
def take(tmp_path):
    """Claims slots and frees them at the end of the test."""
    taken = []

    def claim_some(count=1, data=tmp_path / "data"):
        taken.extend(found := claim(data, count))
        return found

    yield claim_some
    for slot in taken:
        slot.lock.release()


def test_slots_are_numbered_and_have_a_folder_and_an_instance_id_each(take, tmp_path):
    first, second = take(2)
    node = (tmp_path / "data" / "node.id").read_text()
    assert (first.number, second.number) == (0, 1)
    assert (first.instance_id, second.instance_id) == (f"{node}-0", f"{node}-1")
    assert first.folder.is_dir()
    assert first.folder != second.folder


def test_the_next_claimant_gets_the_next_free_slots(take):
    take(2)
    assert [slot.number for slot in take(2)] == [2, 3]


def test_a_freed_slot_is_the_same_to_the_next(tmp_path):
    first, second = claim(tmp_path, 2)
    first.lock.release()
    (again,) = claim(tmp_path, 1)
    assert (again.number, again.instance_id) == (first.number, first.instance_id)
    for slot in (again, second):
        slot.lock.release()


def test_two_folders_have_two_identities(take, tmp_path):
    (one,), (other,) = take(data=tmp_path / "a"), take(data=tmp_path / "b")
    assert one.instance_id != other.instance_id


def test_racing_starters_agree_on_the_node_and_share_no_slot(take):
    with ThreadPoolExecutor(8) as pool:
        slots = [slot for (slot,) in pool.map(lambda _: take(), range(16))]
    assert sorted(slot.number for slot in slots) == list(range(16))
    assert len({slot.instance_id.split("-")[0] for slot in slots}) == 1


def test_a_node_id_cut_by_a_crash_is_written_anew(take, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "node.id").touch()
    (slot,) = take()
    assert len(slot.instance_id) == len("0123abcd-0")


def test_only_held_slots_are_at_work(tmp_path):
    assert at_work(tmp_path) == []
    first, second = claim(tmp_path, 2)
    assert at_work(tmp_path) == [first.folder, second.folder]
    first.lock.release()
    assert at_work(tmp_path) == [second.folder]
    second.lock.release()


def test_a_folder_that_takes_no_files_is_a_clear_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DeltawireError, match="DELTAWIRE_DATA"):
        claim(tmp_path / "file", 1)
