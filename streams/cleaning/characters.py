"""Characters: mojibake mended, controls dropped, one kind of line end, NFC, single spaces."""

import re
import unicodedata

import ftfy

# A UTF-8 lead byte read as a Latin letter, then a continuation byte read as cp1252 or Latin-1.
_SUSPECT = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, soft hyphen, zero width space, marks of direction, byte order mark, non-characters.
# The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)
# A terminal's control sequences (ECMA-48): colours, cursor moves, window titles, character sets.
_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,2048}(?:\x07|\x1b\\)|[()][0-9A-B])"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def tidy(text: str) -> str:
    """The same text in sound characters; lines and their indentation are kept."""
    if _SURROGATE.search(text):  # JSON may escape half a pair
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _SUSPECT.search(text):
        text = "\n".join(_mend(line) for line in text.split("\n"))
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """One line: every run of white space is one space, none at the ends."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _mend(line: str) -> str:
    return ftfy.fix_encoding(line) if _SUSPECT.search(line) else line
