"""Bytes to text where a format may declare its encoding. The declaration may lie."""

import codecs
import re
from typing import NamedTuple

from streams.cleaning.charset import decode, is_damaged

_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z][\w.:-]{1,30})""")
_HEAD = 2048
# Declarations that are believed. UTF-7 and the escapes can hide markup from every check.
_PLAIN = re.compile(
    r"iso8859-\d+|cp\d+|koi8-[rtu]|gb\w+|big5\w*|euc_\w+|shift_ji\w+|mac-\w+|johab|tis-620"
)


class Decoded(NamedTuple):
    """The text, and whether bytes had to be replaced."""

    text: str
    damaged: bool


def decode_declared(value: bytes) -> Decoded:
    """What is sound UTF-8 is UTF-8, whatever is declared; else the declaration, else a guess.

    Raises:
        Rejected: ``not-text``.
    """
    if not value.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"\0" not in value:
        try:
            return Decoded(value.decode("utf-8-sig"), damaged=False)
        except UnicodeDecodeError:
            if (text := _as_declared(value)) is not None:
                return Decoded(text, damaged=False)
    text = decode(value)
    return Decoded(text, is_damaged(value, text))


def _as_declared(value: bytes) -> str | None:
    match = _DECLARED.search(value, 0, _HEAD)
    if not match:
        return None
    try:
        codec = codecs.lookup(match[1].decode()).name
        if codec == "iso8859-1":
            codec = "cp1252"  # as browsers do: the bytes between are letters of nobody
        return value.decode(codec) if _PLAIN.fullmatch(codec) else None
    except (LookupError, UnicodeDecodeError):
        return None
