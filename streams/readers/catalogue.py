"""Codes of subjects in one spelling, with the version of the vocabulary where it is stated.

A QCode is an alias and a code; a catalogue says which vocabulary an alias means. The aliases of
the IPTC standard catalogue are bundled; an item may bring its own. Nothing is fetched.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

MAX_SUBJECTS = 100
MAX_SUBJECT = 200
_STANDARD = re.compile(r"catalog\.IPTC-G2-Standards_(\d{1,4})\.xml$")
_QCODE = re.compile(r"([A-Za-z][\w.-]*):(\S+)")


def subject_code(
    code: str, schemes: Mapping[str, str] | None = None, version: str | None = None
) -> str:
    """``alias:code`` for a vocabulary of the bundled catalogue, else the address or code as given.

    Args:
        code: a QCode or an address.
        schemes: the item's own aliases; they go before the bundled ones.
        version: of the catalogue that the item names, added after ``@`` to a code of IPTC.

    Example: ``http://cv.iptc.org/newscodes/mediatopic/20000148`` with version ``iptc-41`` gives
    ``medtop:20000148@iptc-41``.
    """
    code = code.strip()
    address = _address(code, schemes or {})
    scheme, _, term = address.rpartition("/")
    alias = _aliases().get(f"{scheme}/") or _aliases().get(f"{scheme}/".replace("https:", "http:"))
    if alias is None or not term:
        return address
    of_iptc = version and scheme.partition("//")[2].startswith("cv.iptc.org")
    return f"{alias}:{term}@{version}" if of_iptc else f"{alias}:{term}"


def standard_version(href: str) -> str | None:
    """``iptc-41`` of the address of a version of the IPTC standard catalogue."""
    match = _STANDARD.search(href.strip())
    return f"iptc-{match[1]}" if match else None


def distinct(subjects: Iterable[str]) -> tuple[str, ...]:
    """Each once, in their order, bounded."""
    clean = (" ".join(subject.split())[:MAX_SUBJECT] for subject in subjects)
    return tuple(dict.fromkeys(subject for subject in clean if subject))[:MAX_SUBJECTS]


def _address(code: str, schemes: Mapping[str, str]) -> str:
    match = _QCODE.fullmatch(code)
    if not match or match[2].startswith("//"):
        return code
    scheme = schemes.get(match[1]) or _bundled().get(match[1])
    return scheme + match[2] if scheme else code


@lru_cache(maxsize=1)
def _bundled() -> Mapping[str, str]:
    text = (files("streams.readers") / "catalogue.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if line and line[0] != "#")
    return {alias: address for alias, _, address in rows}


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, str]:
    return {address: alias for alias, address in _bundled().items()}
