"""A folder as a way in: what is taken and when, what is refused, and that nothing is lost."""

import asyncio
import json
import os

import pytest

from streams.intake.folder import Folder, FolderError, is_temporary
from streams.intake.watch import Marks, Watch, foresee
from streams.kafka.publish import ProduceError
from streams.readers.split import MAX_ITEM

TEXT = b"A gate opens\nIt is open in Norvia."


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def watch(root, basket, clock):
    folder = Folder(root)
    folder.prepare()
    return Watch(folder, basket, Marks(source="agency"), settle=5, clock=clock)


async def settled(watch, clock):
    await watch.round()
    clock.now += 5
    await watch.round()


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


def reason(root, name):
    return json.loads((root / "rejected" / f"{name}.reason.json").read_bytes())


async def test_a_file_is_sent_with_its_headers_and_moved(root, watch, basket, clock):
    (root / "a.txt").write_bytes(TEXT)
    await settled(watch, clock)
    (item,) = basket.items
    assert item.value == TEXT
    assert item.headers == {
        "space": b"world", "source": b"agency", "origin": str(root / "a.txt").encode(),
        "name": b"a.txt", "format": b"text",
    }  # fmt: skip
    assert names(root / "done") == ["a.txt"]
    assert (watch.tally.done, watch.tally.items, watch.tally.rejected) == (1, 1, 0)


async def test_a_file_that_grows_is_waited_for(root, watch, basket, clock):
    """Size and time must both stay, seen by our clock: that of a network folder may differ."""
    with (root / "a.txt").open("wb") as file:
        for _ in range(5):
            file.write(b"line\n")
            file.flush()
            await watch.round()
            clock.now += 4
        assert basket.items == []
    os.utime(root / "a.txt", ns=(0, 0))
    await watch.round()
    clock.now += 4.9
    await watch.round()
    assert basket.items == []
    clock.now += 0.1
    await watch.round()
    assert basket.values == [b"line\n" * 5]


async def test_a_file_that_changes_while_it_is_sent_stays_and_is_sent_again(
    root, watch, basket, clock
):
    (root / "a.txt").write_bytes(TEXT)
    basket.holding = True
    await watch.round()
    clock.now += 5
    sending = asyncio.create_task(watch.round())
    await asyncio.sleep(0.02)
    with (root / "a.txt").open("ab") as file:
        file.write(b" More.")
    basket.release()
    await sending
    assert names(root / "done") == []
    assert watch.tally.reasons == {"grew": 1}
    await settled(watch, clock)
    assert basket.values == [TEXT, TEXT + b" More."]


async def test_it_is_moved_only_when_the_broker_has_it(root, watch, basket, clock):
    (root / "a.txt").write_bytes(TEXT)
    basket.refusing = True
    with pytest.raises(ProduceError):
        await settled(watch, clock)
    assert (root / "a.txt").exists()
    basket.refusing = False
    await settled(watch, clock)
    assert names(root / "done") == ["a.txt"]


@pytest.mark.parametrize(
    "name", [".a.txt", "a.txt.part", "a.PART", "a.filepart", "a.txt~", "~a.tmp"]
)
async def test_names_of_unfinished_files_are_left_alone(root, watch, basket, clock, name):
    assert is_temporary(name)
    (root / name).write_bytes(TEXT)
    await settled(watch, clock)
    assert basket.items == []
    assert (root / name).exists()
    (root / name).rename(root / "final.txt")
    await settled(watch, clock)
    assert basket.values == [TEXT]


async def test_two_files_of_one_name_both_lie_in_done(root, watch, basket, clock):
    for content in (b"one", b"two", b"three"):
        (root / "a.txt").write_bytes(content)
        await settled(watch, clock)
    assert names(root / "done") == ["a.1.txt", "a.2.txt", "a.txt"]
    assert {(root / "done" / n).read_bytes() for n in names(root / "done")} == set(basket.values)


async def test_what_is_refused_lies_in_rejected_with_a_reason(root, watch, basket, clock):
    (root / "large.txt").write_bytes(b"x" * 20_000_000)
    (root / "empty.txt").touch()
    (root / "blank.jsonl").write_bytes(b"\n\n")
    os.mkfifo(root / "pipe.txt")
    await settled(watch, clock)
    found = {name: reason(root, name)["reason"] for name in ("large.txt", "empty.txt", "pipe.txt")}
    assert found == {"large.txt": "too-large", "empty.txt": "empty", "pipe.txt": "not-a-file"}
    assert reason(root, "blank.jsonl")["detail"] == "no item in it"
    assert reason(root, "large.txt")["size"] == 20_000_000
    assert basket.items == []
    assert watch.tally.rejected == sum(watch.tally.reasons.values()) == 4


async def test_a_refused_name_that_is_taken_keeps_both_reasons(root, watch, clock):
    for _ in range(2):
        (root / "a.txt").touch()
        await settled(watch, clock)
    assert names(root / "rejected") == [
        "a.1.txt", "a.1.txt.reason.json", "a.txt", "a.txt.reason.json"
    ]  # fmt: skip


async def test_a_file_that_cannot_be_read_is_refused(root, watch, clock, monkeypatch):
    (root / "a.txt").write_bytes(TEXT)
    real = os.open

    def refuse(path, flags, *more, **named):
        if path == "a.txt":
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", refuse)
    await settled(watch, clock)
    assert reason(root, "a.txt")["reason"] == "unreadable"
    assert reason(root, "a.txt")["detail"] == "Permission denied"


async def test_links_are_not_followed(root, watch, basket, clock, tmp_path):
    """Neither to a file, nor to a folder; what they point to stays where it is."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_bytes(b"a secret")
    (root / "file.txt").symlink_to(secret / "key.txt")
    (root / "folder").symlink_to(secret)
    (root / "loose.txt").symlink_to(tmp_path / "nowhere")
    await settled(watch, clock)
    assert basket.items == []
    for name in ("file.txt", "folder", "loose.txt"):
        assert reason(root, name)["reason"] == "symlink"
        assert (root / "rejected" / name).is_symlink()
    assert (secret / "key.txt").read_bytes() == b"a secret"


async def test_a_folder_that_becomes_a_link_leads_nowhere(root, watch, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_bytes(b"a secret")
    (root / "sub").symlink_to(secret)
    for deed in (watch._folder.open, lambda name: watch._folder.move(name, "done", None)):
        with pytest.raises(FileNotFoundError):
            deed("sub/key.txt")
    assert (secret / "key.txt").exists()


def test_done_must_not_be_a_link(root, tmp_path):
    (root / "done").symlink_to(tmp_path)
    with pytest.raises(FolderError, match="link"):
        Folder(root).prepare()


async def test_files_in_folders_keep_their_path(root, watch, basket, clock):
    (root / "desk" / "sport").mkdir(parents=True)
    (root / "desk" / "sport" / "a.txt").write_bytes(TEXT)
    await settled(watch, clock)
    assert basket.header("name") == ["desk/sport/a.txt"]
    assert names(root / "done") == ["desk/sport/a.txt"]


async def test_a_line_that_is_too_large_does_not_hold_up_the_others(root, watch, basket, clock):
    lines = [b'{"id":"a"}', b'{"id":"' + b"x" * MAX_ITEM + b'"}', b'{"id":"c"}']
    (root / "a.jsonl").write_bytes(b"\n".join(lines))
    await settled(watch, clock)
    assert basket.values == [lines[0], b"", lines[2]]
    assert basket.header("unreadable") == ["", "too-large", ""]
    assert names(root / "done") == ["a.jsonl"]


async def test_names_that_are_no_text_go_their_way(root, watch, basket, clock):
    path = root / os.fsdecode(b"\xff\xfe.txt")
    for content in (TEXT, b""):
        path.write_bytes(content)
        await settled(watch, clock)
    assert basket.values == [TEXT]
    assert watch.tally.rejected == 1


async def test_names_as_long_as_names_can_be_go_their_way(root, watch, basket, clock):
    """A name that cannot be moved would stop the watch for good."""
    long = "n" * 245 + ".txt"
    deep = "/".join(["d" * 250] * 14)
    (root / long).touch()
    (root / "é").mkdir()
    (root / "é" / ("é" * 120 + ".jsonl")).write_bytes(b'{"id":"a"}')
    here = os.open(root, os.O_RDONLY)
    for part in deep.split("/"):
        os.mkdir(part, dir_fd=here)
        inner = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    await settled(watch, clock)
    assert (watch.tally.rejected, watch.tally.done) == (2, 1)
    told = [json.loads(p.read_bytes()) for p in (root / "rejected").rglob("*.reason.json")]
    assert {each["file"] for each in told} == {long, f"{deep}/a.txt"}


async def test_folders_without_end_are_closed(root, watch, basket, clock):
    place = root
    for _ in range(40):
        place = place / "d"
        place.mkdir()
    (place / "a.txt").write_bytes(TEXT)
    await settled(watch, clock)
    assert (basket.items, watch.tally.reasons) == ([], {"closed-folder": 1})


async def test_a_folder_by_the_name_of_a_file_before_it(root, watch, basket, clock, tmp_path):
    """Or of a link that somebody made in done/."""
    (root / "a").write_bytes(TEXT)
    await settled(watch, clock)
    (root / "a").mkdir()
    (root / "a" / "b.txt").write_bytes(TEXT)
    (root / "done" / "c").symlink_to(tmp_path)
    (root / "c").mkdir()
    (root / "c" / "b.txt").write_bytes(TEXT)
    await settled(watch, clock)
    assert names(root / "done") == ["a", "a__b.txt", "c__b.txt"]
    assert not (tmp_path / "b.txt").exists()


async def test_a_file_that_is_taken_away_is_no_trouble(root, watch, basket, clock, monkeypatch):
    (root / "a.txt").write_bytes(TEXT)
    await watch.round()
    clock.now += 5
    look = watch._folder.look

    def vanish():
        found = look()
        (root / "a.txt").unlink()
        return found

    monkeypatch.setattr(watch._folder, "look", vanish)
    await watch.round()
    assert watch.tally.reasons == {"vanished": 1}


async def test_a_file_that_cannot_be_moved_ends_the_watch(root, watch, basket, clock):
    """It would be sent again every round."""
    (root / "done").rmdir()
    (root / "done").touch()
    (root / "a.txt").write_bytes(TEXT)
    with pytest.raises(FolderError, match="cannot be moved"):
        await settled(watch, clock)


async def test_a_folder_that_cannot_be_read_is_named_once_and_stops_nobody(
    root, watch, basket, clock, monkeypatch
):
    (root / "a.txt").write_bytes(TEXT)
    (root / "shut").mkdir()
    real = os.scandir

    def refuse(path):
        if str(path).rstrip("/").endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    await settled(watch, clock)
    assert basket.values == [TEXT]
    assert watch.tally.reasons == {"closed-folder": 1}


async def test_a_folder_that_goes_away_is_a_clear_error(root, watch, clock):
    root.rename(root.with_name("elsewhere"))
    with pytest.raises(FolderError, match="cannot be read"):
        await settled(watch, clock)


def test_one_folder_is_watched_once(root, watch):
    with pytest.raises(FolderError, match="already"):
        Folder(root).prepare()


async def test_the_oldest_is_taken_first(root, watch, basket, clock):
    for name, age in (("b", 3), ("a", 1), ("c", 2)):
        (root / name).write_bytes(name.encode())
        os.utime(root / name, (1000 - age, 1000 - age))
    await settled(watch, clock)
    assert basket.values == [b"b", b"c", b"a"]


async def test_a_stop_between_items_leaves_the_file_for_the_next_run(root, watch, basket, clock):
    lines = b"".join(b'{"id":"%d"}\n' % number for number in range(1000))
    (root / "a.jsonl").write_bytes(lines)
    send = basket.send

    async def stopping(item):
        if len(basket.items) == 150:
            watch._stop.set()
        return await send(item)

    basket.send = stopping
    await settled(watch, clock)
    assert len(basket.items) == 200
    assert (root / "a.jsonl").exists()


async def test_once_ends_when_all_is_done(root, basket):
    (root / "a.txt").write_bytes(TEXT)
    (root / "b.part").write_bytes(TEXT)
    folder = Folder(root)
    folder.prepare()
    watch = Watch(folder, basket, settle=0.05)
    await asyncio.wait_for(watch.run(0.01, once=True), 5)
    assert names(root / "done") == ["a.txt"]
    assert not watch.tally.stopped


async def test_a_look_ahead_moves_and_sends_nothing(root):
    (root / "a.jsonl").write_bytes(b'{"id":"a"}\n{"id":"b"}\n')
    (root / "empty.txt").touch()
    assert sorted(foresee(Folder(root), Marks())) == [("a.jsonl", 2, ""), ("empty.txt", 0, "empty")]
    assert names(root) == ["a.jsonl", "empty.txt"]
