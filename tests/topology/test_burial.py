"""What is written about a message that cannot pass."""

from datetime import UTC, datetime

from streams.burial import dead_headers, fate_of
from streams.errors import MAX_DETAIL, Rejected
from streams.step import Delivered

MESSAGE = Delivered(
    "t", 1, 2, b"k", b"v", {"origin": b"\xff.xml"}, datetime(2024, 5, 1, tzinfo=UTC)
)
BROKEN = "a lone surrogate \ud800"


def test_broken_text_can_still_be_buried():
    """A burial that fails stops the worker, and the same message would stop it again."""
    refusal = Rejected("bad-text", BROKEN, item_id="x\ud800", version=-1)
    for failure in (refusal, ValueError(BROKEN)):
        fate = fate_of("tag", MESSAGE, failure)
        headers = dict(dead_headers("tag", MESSAGE, failure, ()))
        assert b"a lone surrogate ?" in headers["__connect.errors.exception.message"]
        assert "a lone surrogate" in fate.detail
        assert fate.origin == "\ufffd.xml"
        assert fate.to_bytes()


def test_details_are_bounded():
    fate = fate_of("tag", MESSAGE, ValueError("x" * 10_000))
    headers = dict(dead_headers("tag", MESSAGE, ValueError("x" * 10_000), ()))
    assert len(fate.detail) <= MAX_DETAIL
    assert len(headers["__connect.errors.exception.message"]) <= 2 * MAX_DETAIL
