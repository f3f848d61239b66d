"""Whether any of many phrases stands in a text: one pass for all (Aho and Corasick 1975)."""

from collections.abc import Callable, Iterable

from ahocorasick_rs import AhoCorasick, Implementation


def finder(phrases: Iterable[str]) -> Callable[[str], bool]:
    """A function that tells whether a text holds one of ``phrases``, also inside a word.

    >>> finder(["cookie", "log in"])("Please log  in. Please log in.")
    True
    """
    find = AhoCorasick(list(phrases), implementation=Implementation.DFA).find_matches_as_indexes
    return lambda text: bool(find(text))
