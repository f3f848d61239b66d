"""Packed strings: they give back what they took, and are the same on every machine."""

import random

import pytest
import zstandard

from streams.events.store.zstd import compress, decompress, joined, parted

VALUE = {"title": "Quake shakes Torvel valley", "dead": [12, 31], "open": True, "at": None}


def test_the_same_value_is_the_same_string_everywhere() -> None:
    """Lengths decide what freezes: another libzstd, or other parameters, would show here."""
    assert zstandard.ZSTD_VERSION == (1, 5, 7)
    assert compress(VALUE) == (
        "IEvtAQCUAiJRdWFrZSBzaGFrZXMgVG9ydmVsIHZ5IiwiIjpbMTIsMzFdLG51bGx9BQDyRAAuikNPgUHc0oWuKRYQ"
    )
    text = b"The quake in Torvel killed 12 people, officials in Ruzna said. " * 40
    assert len(joined(text, bytes(range(200)))) == 364


@pytest.mark.parametrize("size", [0, 1, 100, 20_000, 300_000])
@pytest.mark.parametrize("kind", ["prose", "noise"])
def test_both_parts_come_back(kind: str, size: int) -> None:
    """Also those longer than the window that is searched."""
    prose = b"Houses in Ruzna collapsed, the office of Torvel said on Monday. " * (size // 60 + 1)
    noise = random.Random(size).randbytes(size)
    first = prose[:size] if kind == "prose" else noise
    assert parted(joined(first, noise[: size // 3])) == (first, noise[: size // 3])


def test_a_value_comes_back() -> None:
    assert decompress(compress(VALUE)) == VALUE
