"""Lines to title, lead, paragraphs and bullets."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from streams.cleaning.characters import squeeze

MAX_TITLE = 200
_BULLET = re.compile(r"[•‣▪●◦⁃∙■►▸➤✔]\s*(?=\S)")
_DASH = re.compile(r"[-*–—·+]\s+(?=\S)")  # a bullet only beside another one
_NUMBER = re.compile(r"\(?(\d{1,2})[.)]\s+(?=\S)")
_RULE = re.compile(r"[-=_*~#•\s]{3,}")
_HEADING = re.compile(r"#{1,6}\s+|(?:title|headline)\s*:\s+(?=\S)", re.IGNORECASE)
_LIST_HEADING = re.compile(
    r"(?:the )?(?:key|main) (?:points?|takeaways|facts)|highlights|at a glance|in brief|takeaways"
    r"|bullet points|the essentials",
    re.IGNORECASE,
)
_SENTENCE_END = (".", "!", "?", ":", "…", '"', "”", "’", "»", ")")
_WRAPPED = range(45, 101)  # characters of a line in text wrapped for a terminal or an e-mail
_DATELINE = re.compile(
    r"(?P<line>(?:[A-ZÀ-Ý]{3}|[A-ZÀ-Ý][\w’'-]+(?=[^—–]{0,60}\())[\w .’'/-]{0,40}"
    r"(?:, [\w .’'-]{2,30}){0,3}(?: ?\([^()]{2,40}\))?)\s*(?:—|–|--|-)\s"
)


class Unit(NamedTuple):
    """One paragraph or one bullet, a single line."""

    text: str
    bullet: bool


class Layout(NamedTuple):
    """The parts of a text; each is one line, ``lead`` may be empty."""

    title: str
    lead: str
    body: tuple[str, ...]
    key_points: tuple[str, ...]


def split_units(text: str) -> list[Unit]:
    """Paragraphs and bullets in their order; wrapped lines are joined."""
    units: list[Unit] = []
    for block in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text):
        lines = [line for raw in block.split("\n") if (line := squeeze(raw))]
        units.extend(_block(_unwrap([line for line in lines if not _RULE.fullmatch(line)])))
    return units


def arrange(units: Sequence[Unit], title: str | None) -> Layout:
    """Title, lead, body and bullets. ``title`` None: find one in the first line.

    A lead is the only paragraph before the bullets; what follows them is body.
    """
    rest = list(units)
    if title is None:
        title = _HEADING.sub("", rest.pop(0).text) if _has_title(rest) else ""
    rest = [unit for n, unit in enumerate(rest) if not _is_list_heading(rest, n)]
    first = next((n for n, unit in enumerate(rest) if unit.bullet), 0)
    lead = rest.pop(0).text if first == 1 else ""
    body = tuple(unit.text for unit in rest if not unit.bullet)
    return Layout(title, lead, body, tuple(unit.text for unit in rest if unit.bullet))


def dateline(paragraph: str) -> str | None:
    """``TORVEL, March 3 (Agency)`` of a paragraph that begins so; the text stays as it is."""
    match = _DATELINE.match(paragraph[:160])
    return match["line"].strip() if match else None


def strip_mark(text: str) -> str:
    """A bullet without its mark."""
    return _BULLET.sub("", text, count=1) if _BULLET.match(text) else _DASH.sub("", text, count=1)


def _block(lines: list[str]) -> list[Unit]:
    marks = _marks(lines)
    units: list[Unit] = []
    for line, mark in zip(lines, marks, strict=True):
        if mark:
            units.append(Unit(line[mark:], True))
        elif units and units[-1].bullet and line[0].islower():
            units[-1] = Unit(f"{units[-1].text} {line}", True)
        else:
            units.append(Unit(line, False))
    return units


def _marks(lines: list[str]) -> list[int]:
    """The length of each line's bullet mark, 0 where it has none."""
    dashes = [_DASH.match(line) for line in lines]
    numbers = [_NUMBER.match(line) for line in lines]
    listed = [int(match[1]) for match in numbers if match]
    if sum(map(bool, dashes)) < 2:
        dashes = [None] * len(lines)
    if len(listed) < 2 or listed != list(range(1, len(listed) + 1)):
        numbers = [None] * len(lines)
    bullets = [_BULLET.match(line) for line in lines]
    found = (a or b or c for a, b, c in zip(bullets, dashes, numbers, strict=True))
    return [match.end() if match else 0 for match in found]


def _unwrap(lines: list[str]) -> list[str]:
    """Join the lines of a paragraph that was wrapped at a fixed width."""
    if len(lines) < 2 or any(_BULLET.match(line) or _DASH.match(line) for line in lines):
        return lines
    full = all(len(line) in _WRAPPED for line in lines[:-1]) and len(lines[-1]) <= 100
    breaks = [line for line in lines[:-1] if not line.endswith(_SENTENCE_END)]
    goes_on = any(line[0].islower() for line in lines[1:])
    return [" ".join(lines)] if full and breaks and goes_on else lines


def _has_title(units: Sequence[Unit]) -> bool:
    if len(units) < 2 or units[0].bullet:
        return False
    text = units[0].text
    sentences = len(re.findall(r"[.!?]\s+[A-ZÀ-Ý]", text))
    ended = text.endswith(".") and sentences > 0
    return len(text) <= MAX_TITLE and not ended and dateline(text) is None


def _is_list_heading(units: Sequence[Unit], n: int) -> bool:
    if units[n].bullet or n + 1 >= len(units) or not units[n + 1].bullet:
        return False
    return _LIST_HEADING.fullmatch(units[n].text.rstrip(" :.").lstrip("#* ")) is not None
