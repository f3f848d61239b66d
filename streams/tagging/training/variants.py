"""Other forms of an annotated text, so that its layout is not what the network learns.

The largest set is spaced by a machine (``Moscow - based``, ``the bank’ s``) and has few headlines;
wires have neither habit.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

Entity = Mapping[str, Any]

_HYPHEN = re.compile(r"(?<=\w) - (?=(\w))")
_CLITIC = re.compile(r"(?<=\w['’]) (?=(?:s|t|re|ve|ll|d|m)\b)")
_DOTTED = re.compile(r"(?<=\bU\.) (?=[SKN]\b)")
_QUOTE = re.compile(r"(?<=[\s(]['‘“]) (?=\w)")
_SENTENCE = re.compile(r"(\n|(?<=[.!?]) )")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SMALL = frozenset("a an the of in on at to for and or but by with from as is are be".split())
_HEADLINE = range(3, 26)  # words
_RECASED, _SHOUTED, _ALL_CAPITALISED = 0.3, 0.35, 0.8


def variants(
    text: str, entities: Sequence[Entity], *, seed: int
) -> Iterator[tuple[str, Sequence[Entity]]]:
    """The text itself; with its spacing mended; some lines in headline case or capitals.

    A form that is equal to an earlier one is left out. Offsets follow the text.
    """
    yield text, entities
    tight, moved = tighten(text, entities)
    if tight != text:
        yield tight, moved
    recased = recase(tight, Random(seed))
    if recased != tight:
        yield recased, moved


def tighten(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Take out the spaces that a machine put around hyphens, into contractions, behind quotes."""
    inside = {at for entity in entities for at in range(entity["start"], entity["end"])}
    spaces: set[int] = set()
    for match in _HYPHEN.finditer(text):
        if match[1].islower() or match.start() in inside:  # else it may be a dash
            spaces |= {match.start(), match.end() - 1}
    for pattern in (_CLITIC, _DOTTED, _QUOTE):
        spaces.update(match.start() for match in pattern.finditer(text))
    gone = sorted(spaces)
    kept = "".join(letter for at, letter in enumerate(text) if at not in spaces)
    return kept, [
        {**e, "start": _moved(gone, e["start"]), "end": _moved(gone, e["end"])} for e in entities
    ]


def _moved(gone: list[int], at: int) -> int:
    return at - bisect_left(gone, at)


def recase(text: str, random: Random) -> str:
    """Some short sentences and lines as headlines write them; every length stays."""
    return "".join(
        _headline(part, random.random())
        if part.count(" ") + 1 in _HEADLINE and random.random() < _RECASED
        else part
        for part in _SENTENCE.split(text)
    )


def _headline(line: str, how: float) -> str:
    if how < _SHOUTED:
        return line.upper() if len(line.upper()) == len(line) else line

    def capital(word: re.Match[str]) -> str:
        small = how < _ALL_CAPITALISED and word.start() and word[0].lower() in _SMALL
        return word[0] if small else word[0][0].upper() + word[0][1:]

    found = _WORD.sub(capital, line)
    return found if len(found) == len(line) else line
