"""One field as tokens, with what the rules ask about each: its case, its line, its sentence."""

import re
from dataclasses import dataclass

from streams.tagging.lexicon import section

# An elided article (l'Ukraine, d'Anna) is a token of its own, so that the name behind it is one.
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+|U\. ?S\.(?: ?A\.)?(?!\w)|(?:[A-Z]\.){2,}"
    r"|(?:\b[ldnsjcmt]|\bqu|\bdell|\bdall|\bnell|\bL)['’](?=[^\W\d_a-z])"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*|\n|[^\w\s]|_"
)
_SPLIT = re.compile(r"\b[a-z]+ - [a-z]+\b")
_WHOLE = re.compile(r"(?<![\w/-])[a-z]+-[a-z]+(?![\w/-])")
POSSESSIVE = ("'s", "’s", "'S", "’S")
_ENDS = frozenset(".!?:\n•;…")
_OPENS = frozenset("\"“”'‘’«»([-–—*>")
_ABBREVIATIONS = frozenset(
    "Mr Mrs Ms Dr Prof Rev Gen Col Lt Sgt Capt Maj Gov Sen Rep Hon St Mt Jr Sr vs No Jan Feb Mar "
    "Apr Jun Jul Aug Sep Sept Oct Nov Dec Cmdr Adm Pres Amb Fr Bros Ft v".split()
)
DASHES = frozenset("-–—")
NORMAL, TITLED, SHOUTED = 0, 1, 2
_LONG_LINE = 40
_FEWEST_LONG = 3
_SMALL_SHARE = 8  # a headline may have one small word among so many
_FUNCTION = section("function_words")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists, one entry a token; ``ends`` leaves out a possessive 's."""

    field: str
    text: str
    words: list[str]  # straight apostrophes, no possessive
    starts: list[int]
    ends: list[int]
    stops: list[int]  # as ends, but with the possessive
    first: list[bool]  # opens a sentence, a line or a quotation
    style: list[int]  # NORMAL, TITLED (Headline Case) or SHOUTED (ALL CAPITALS), by line
    loose: bool  # tokens were spaced out by a machine: "Kim Jong - un’ s visit"

    def __len__(self) -> int:
        return len(self.words)

    def joined(self, left: int, right: int) -> bool:
        """One space or nothing stands between two neighbours, so no possessive either."""
        return self.starts[right] - self.ends[left] <= 1

    def surface(self, first: int, last: int) -> str:
        """The text from one token to another, both included."""
        return self.text[self.starts[first] : self.ends[last]]


def tokenize(field: str, text: str) -> Tokens:
    """Cut one field. Offsets are code points of ``text``."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    stops: list[int] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        start, end = match.span()
        starts.append(start)
        stops.append(end)
        if len(word) > 2:
            if word.endswith(POSSESSIVE):
                word, end = word[:-2], end - 2
            word = word.replace("’", "'")
        words.append(word)
        ends.append(end)
    first = _openings(words)
    loose = _is_loose(text)
    return Tokens(field, text, words, starts, ends, stops, first, _styles(words), loose)


def _is_loose(text: str) -> bool:
    """Machine-spaced text has split possessives, or split compounds and no whole ones."""
    if " - " not in text:
        return False
    if "’ s " in text or "' s " in text:
        return True
    return len(_SPLIT.findall(text)) > 1 and not _WHOLE.search(text)


def _openings(words: list[str]) -> list[bool]:
    found: list[bool] = []
    fresh = True
    for index, word in enumerate(words):
        found.append(fresh)
        if word in _ENDS:
            before = words[index - 1] if index else ""
            short = word == "." and (before in _ABBREVIATIONS or len(before) == 1)
            fresh = fresh or not short
        elif word not in _OPENS:
            fresh = False
        elif word in '"“‘«':
            fresh = True
    return found


def _styles(words: list[str]) -> list[int]:
    found: list[int] = []
    line: list[str] = []
    for word in words:
        line.append(word)
        if word == "\n":
            found.extend([_style(line)] * len(line))
            line = []
    found.extend([_style(line)] * len(line))
    return found


def _loud(word: str) -> bool:
    return word.isupper() or not word[0].isalpha()


def _style(line: list[str]) -> int:
    """A line whose every longer word is capitalised says nothing by its capitals."""
    words = line[:-1] if line and line[-1] == "\n" else line
    if not words or len(words) > _LONG_LINE:
        return NORMAL
    if not any(word[0].islower() or word in ".!?" for word in words):
        return SHOUTED if all(map(_loud, words)) else TITLED
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    if len(long) < _FEWEST_LONG:
        return NORMAL
    if all(word.isupper() for word in long):
        return SHOUTED
    small = sum(word[0].islower() and word.capitalize() not in _FUNCTION for word in long)
    return TITLED if words[-1] != "." and small * _SMALL_SHARE < len(long) else NORMAL
