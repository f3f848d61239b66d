"""The view over a table that one batch works on."""

from types import SimpleNamespace

import orjson
from hypothesis import given
from hypothesis import strategies as st

from streams.tables import Overlay, RowStore

KEYS = st.sampled_from("abcd")
ROWS = st.none() | st.integers(0, 3) | st.just({})


@given(st.dictionaries(KEYS, st.integers()), st.lists(st.tuples(KEYS, ROWS)))
def test_an_overlay_is_the_table_after_the_puts(rows, puts):
    overlay, expected = Overlay(rows), dict(rows)
    for key, value in puts:
        overlay.put(key, value)
        expected.pop(key, None)
        if value is not None:
            expected[key] = value
    assert dict(overlay) == expected
    assert list(overlay) == sorted(expected)
    assert len(overlay) == len(expected)
    assert [overlay.get(k) for k in "abcd"] == [expected.get(k) for k in "abcd"]


@given(st.lists(st.tuples(KEYS, ROWS), min_size=1))
def test_recovery_gives_the_rows_that_were_put(puts):
    """Faust's own store loses an empty row that follows a deletion in one batch."""
    worked, recovered = _store(), _store()
    for key, value in puts:
        worked.put(1, key, value)
    recovered.apply_changelog_batch([_event(*put) for put in puts], None, None)
    assert dict(recovered.data) == dict(worked.data)
    assert recovered._key_partition == worked._key_partition


def _store():
    return RowStore("memory://", SimpleNamespace(), SimpleNamespace(name="t"))


def _event(key, value):
    row = None if value is None else orjson.dumps(value)
    return SimpleNamespace(message=SimpleNamespace(key=key.encode(), value=row, partition=1))
