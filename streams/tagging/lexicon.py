"""The word lists of the rules, read once from ``lexicon.txt``."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _sections() -> dict[str, frozenset[str]]:
    text = files("streams.tagging").joinpath("lexicon.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            words.extend(line.split())
    return {name: frozenset(words) for name, words in found.items()}


def section(name: str) -> frozenset[str]:
    """The words of one list.

    Raises:
        KeyError: no such list.
    """
    return _sections()[name]


def names() -> tuple[str, ...]:
    """The lists there are, sorted."""
    return tuple(sorted(_sections()))
