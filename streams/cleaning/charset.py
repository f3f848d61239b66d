"""Bytes to text. Any text is read somehow; what is no text is refused."""

import codecs
import re

from charset_normalizer import from_bytes

from streams.errors import Rejected

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\x7fELF",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
)
# Old encodings that news still arrives in; a closed list keeps the guess quick and sober.
_LEGACY = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
_LATIN = {"cp1250", "cp1252", "cp1254"}
_SAMPLE = 32_768
MAX_DAMAGE = 0.01
"""Share of characters that may be damaged in a text that is still UTF-8."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# In cp1252 these signs never follow a letter; in cp1250 the same bytes are letters.
_NOT_WESTERN = re.compile(r"[^\W\d_][¹³¿¼¾£¥¢¯±]")


def decode(value: bytes) -> str:
    """The text of ``value``: by its mark, else UTF-8, else UTF-16 by its zeros, else a guess.

    Raises:
        Rejected: ``not-text`` for pictures, archives and other binary data.
    """
    if value.startswith(_MAGIC):
        raise Rejected("not-text", "the first bytes are those of a binary format")
    for mark, name in _BOMS:
        if value.startswith(mark):
            return value.decode(name, "replace").lstrip("\ufeff")
    if b"\0" in value and (name := _wide(value)):
        return value.decode(name, "replace")
    _refuse_binary(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(value)


def is_damaged(value: bytes, text: str) -> bool:
    """True if ``text``, as decoded from ``value``, had to replace bytes that no encoding reads."""
    return "\ufffd" in text and "\ufffd".encode() not in value


def _wide(value: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte is zero, always on the same side."""
    head = value[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) and even < 0.05 * len(head):
        return "utf-16-le"
    if even > 0.3 * len(head) and odd < 0.05 * len(head):
        return "utf-16-be"
    return ""


def _refuse_binary(value: bytes) -> None:
    head = value[:4096]
    if len(_CONTROL.findall(head)) > 0.03 * len(head):
        raise Rejected("not-text", "too many control bytes")


def _legacy(value: bytes) -> str:
    broken = value.decode("utf-8", "replace")
    foreign = sum(char > "\x7f" for char in broken)
    if _is_utf8(broken.count("\ufffd"), foreign, len(broken)):
        return broken
    best = from_bytes(value[:_SAMPLE], cp_isolation=_LEGACY).best()
    if best is None and foreign > 0.3 * len(broken):
        raise Rejected("not-text", "no known encoding fits")
    if best is None or best.encoding in _LATIN:
        return _latin(value)
    return value.decode(best.encoding, "replace")


def _is_utf8(bad: int, foreign: int, length: int) -> bool:
    """UTF-8 with a few bytes damaged: they are few among the foreign characters or among all.

    A sound sequence of several bytes must stand beside them: pure ASCII with a foreign byte is
    far more often an old encoding.
    """
    return bad * 4 <= foreign or (foreign > bad and bad <= MAX_DAMAGE * length)


def _latin(value: bytes) -> str:
    western = value.decode("cp1252", "replace")
    return value.decode("cp1250", "replace") if _NOT_WESTERN.search(western) else western
