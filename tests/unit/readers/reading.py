"""Raw bytes through normalize, for the tests of readers."""

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from streams.errors import Rejected
from streams.stages.normalize import Normalize
from streams.step import Delivered

AT = datetime(2031, 3, 4, tzinfo=UTC)
NORMALIZE = Normalize()


def outcome(value, **headers):
    encoded = {name: text.encode() for name, text in headers.items()}
    return NORMALIZE({}, Delivered("articles.raw.v1", 0, 7, b"k", value, encoded, AT))


def records(value, **headers):
    return outcome(value, **headers).outputs


def article(value, **headers):
    (record,) = records(value, **headers)
    assert isinstance(record, Article)
    return record


def slug(value, **headers):
    """The reason why the whole message is refused."""
    with pytest.raises(Rejected) as caught:
        outcome(value, **headers)
    return caught.value.reason


def reason(value, **headers):
    """The reason of a refusal, None where there is none."""
    try:
        outcome(value, **headers)
    except Rejected as refusal:
        return refusal.reason
    return None
