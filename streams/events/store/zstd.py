"""Bytes and JSON values as short strings: Zstandard with a preset dictionary, in base64.

How long a string is decides what freezes, so it must be the same on every machine: the wheels of
``zstandard`` carry their own libzstd, its version is locked, and nothing is left to its choice.
"""

from base64 import b64decode, b64encode
from functools import lru_cache
from importlib import resources
from typing import Any

import orjson
import zstandard
from zstandard import ZstdCompressionParameters, ZstdCompressor, ZstdDecompressor

# Two hash tables and no chains: against a chain of eight, digests of long articles take 5 % more
# in 40 % of the time. A lazy strategy with a wider window would be searched in another way where
# the processor has no vector instructions.
_PARAMETERS = ZstdCompressionParameters(
    format=zstandard.FORMAT_ZSTD1_MAGICLESS,
    window_log=14,
    hash_log=14,
    chain_log=14,
    search_log=1,
    min_match=4,
    target_length=0,
    strategy=zstandard.STRATEGY_DFAST,
    write_content_size=True,
    write_checksum=False,
    write_dict_id=False,
)
_SIZE = 3  # bytes of the length of the first of two parts


def compress(value: Any) -> str:
    """Any JSON value as a short string."""
    return b64encode(_compressor().compress(orjson.dumps(value))).decode()


def decompress(packed: str) -> Any:
    """What ``compress`` took."""
    return orjson.loads(_decompressor().decompress(b64decode(packed)))


def joined(prose: bytes, counts: bytes) -> str:
    """Text, and numbers that have nothing in common with it, as one string."""
    # Apart: letters of prose and numbers do not share a code.
    first = _compressor().compress(prose)
    size = len(first).to_bytes(_SIZE, "little")
    return b64encode(size + first + _plain_compressor().compress(counts)).decode()


def parted(packed: str) -> tuple[bytes, bytes]:
    """What ``joined`` took."""
    data = b64decode(packed)
    end = _SIZE + int.from_bytes(data[:_SIZE], "little")
    return (
        _decompressor().decompress(data[_SIZE:end]),
        _plain_decompressor().decompress(data[end:]),
    )


@lru_cache(maxsize=1)
def _dictionary() -> zstandard.ZstdCompressionDict:
    """Made by streams.events.store.preset."""
    text = (resources.files("streams") / "models" / "digest.dict").read_bytes()
    return zstandard.ZstdCompressionDict(text, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


@lru_cache(maxsize=1)
def _compressor() -> ZstdCompressor:
    return ZstdCompressor(dict_data=_dictionary(), compression_params=_PARAMETERS)


@lru_cache(maxsize=1)
def _plain_compressor() -> ZstdCompressor:
    return ZstdCompressor(compression_params=_PARAMETERS)


@lru_cache(maxsize=1)
def _decompressor() -> ZstdDecompressor:
    return ZstdDecompressor(dict_data=_dictionary(), format=zstandard.FORMAT_ZSTD1_MAGICLESS)


@lru_cache(maxsize=1)
def _plain_decompressor() -> ZstdDecompressor:
    return ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
