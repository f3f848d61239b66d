"""Header names that are not UTF-8: such a record is read, and every other as aiokafka reads it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from streams.burial import HEADER_NAMES, dead_headers
from streams.errors import Rejected
from streams.step import EPOCH, Delivered
from streams.transports import names
from streams.transports.names import Batch, Fetched
from tests.misnamed import GZIP, NONE, batch

PLACE = TopicPartition("articles.raw.v1", 0)
BAD = b"na\xefme"
GOOD = (b"k", b"v", [(b"origin", b"wire#1"), (b"none", None)])
STRANGE = (b"k2", b"caf\xe9", [(b"origin", b"wire#2"), (BAD, b"\xff"), (b"stra\xdfe", None)])
OTHER = (None, None, [])


def read(data: bytes, records: type = Fetched, begin: int = 0):
    """As aiokafka's fetcher does."""
    found = fetcher.PartitionRecords(
        PLACE, records(data), None, begin, None, None, True, fetcher.READ_UNCOMMITTED
    )
    return [(r.offset, r.timestamp, r.key, r.value, tuple(r.headers)) for r in found]


def test_aiokafka_itself_cannot_read_it():
    """When this fails the mend can go."""
    with pytest.raises((UnicodeDecodeError, CorruptRecordException)):
        read(batch([GOOD, STRANGE]), MemoryRecords)


@pytest.mark.parametrize("codec", [NONE, GZIP])
def test_it_is_read_with_its_neighbours_and_its_names_are_kept_as_bytes(codec: int):
    """A mark for the bytes that are no text, in place; the bytes in a header of their own."""
    data = batch([GOOD, STRANGE, OTHER, GOOD], codec, 40) + batch([STRANGE, GOOD], codec, 44)
    good = (("origin", b"wire#1"), ("none", None))
    strange = (
        ("origin", b"wire#2"),
        ("na?me", b"\xff"),
        ("stra?e", None),
        (HEADER_NAMES, BAD + b"\nstra\xdfe"),
    )
    assert read(data) == [
        (40, 1000, b"k", b"v", good),
        (41, 1001, b"k2", b"caf\xe9", strange),
        (42, 1002, None, None, ()),
        (43, 1003, b"k", b"v", good),
        (44, 1000, b"k2", b"caf\xe9", strange),
        (45, 1001, b"k", b"v", good),
    ]
    assert [row[0] for row in read(data, begin=42)] == [42, 43, 44, 45]


NAMES = st.one_of(st.binary(max_size=6), st.sampled_from([b"origin", BAD]))
VALUES = st.none() | st.binary(max_size=6)
ROWS = st.lists(
    st.tuples(VALUES, VALUES, st.lists(st.tuples(NAMES, VALUES), max_size=3)), min_size=1
)


@given(before=ROWS, after=ROWS, codec=st.sampled_from([NONE, GZIP]))
def test_nothing_of_any_record_is_lost(before, after, codec):
    """Whatever the names are, and a name that is UTF-8 is itself."""
    data = batch(before, codec) + batch(after, codec, len(before))
    found = read(data)
    assert [row[0] for row in found] == [*range(len(before) + len(after))]
    for (key, value, headers), row in zip([*before, *after], found, strict=True):
        assert (row[2], row[3]) == (key, value)
        bad = [name for name, _ in headers if not is_text(name)]
        assert dict(row[4]).get(HEADER_NAMES) == (b"\n".join(bad) if bad else None)
        given = row[4][: len(headers)]
        assert [v for _, v in given] == [v for _, v in headers]
        for (name, _), (shown, _) in zip(headers, given, strict=True):
            assert shown.encode() == name or (name in bad and len(shown.encode()) <= len(name))


def is_text(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_batch_without_such_a_name_is_read_by_the_compiled_reader_alone(monkeypatch):
    """The slow one is for what the other cannot do."""
    monkeypatch.setattr(names, "_Patient", None)
    assert len(read(batch([GOOD, OTHER]))) == 2


def test_what_is_corrupt_is_still_refused():
    """By its check sum; behind that, a record that does not end where it says."""
    whole = bytearray(batch([STRANGE]))
    whole[61] ^= 4  # the length of the first record, behind the header of the batch
    with pytest.raises(CorruptRecordException, match="CRC"):
        read(bytes(whole))
    rows = Batch(MemoryRecords(bytes(whole)).next_batch(), bytes(whole))
    with pytest.raises(CorruptRecordException):
        list(rows)


def test_the_names_that_are_kept_have_a_bound():
    """The letter has to fit its topic."""
    found = read(batch([(b"k", b"v", [(b"\xff" * 100_000, b"")])]))
    assert len(dict(found[0][4])[HEADER_NAMES]) == names.MAX_NAMES


def test_it_refuses_another_version(monkeypatch):
    monkeypatch.setattr(names, "AIOKAFKA", "9.9.9")
    with pytest.raises(names.DriverVersionError):
        names.mend()


def test_without_compiled_parts_it_is_the_same():
    """aiokafka has two readers that fail in two ways."""
    here = str(Path(__file__))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", here]
    wanted = "neighbours or itself or corrupt"
    done = subprocess.run(
        [*command, "-k", wanted],
        env={**os.environ, "AIOKAFKA_NO_EXTENSIONS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_letter_keeps_the_names_and_a_second_burial_the_same_once():
    given = Delivered("articles.raw.v1", 0, 7, b"k", b"v", {}, EPOCH)
    original = [("na?me", b"1"), (HEADER_NAMES, BAD), ("__connect.errors.reason", b"old")]
    headers = dead_headers("normalize", given, Rejected("header-name"), original)
    assert headers[:2] == (("na?me", b"1"), (HEADER_NAMES, BAD))
    assert dict(headers)["__connect.errors.reason"] == b"header-name"
