"""What stands under an article: trailers, a blurb between them, and labels that nobody knows.

A trailer that a pattern knows is taken wherever it stands. Where one of them is sure, the block
around it is read as a whole: paragraphs that describe an outlet are its blurb, short labels and
link sentences go to no text, and whatever reads like news stays in the body.
"""

import re
from collections.abc import Sequence

from streams.cleaning.blurb import (
    MAX_PARAGRAPHS,
    goes_on,
    is_header,
    publisher_of,
    reads_like_news,
    take_blurb,
)
from streams.cleaning.facts import Facts
from streams.cleaning.layout import Unit
from streams.cleaning.trailers import trailer, value_for

_SURE = {"website", "rating", "ai_generated", "media"}
_LABEL = re.compile(r"[A-Z][\w/&()'’™®. -]{1,40}[:：](?: \S+){0,6}")
_LINK = re.compile(
    r"(?:Read|Watch|Listen|See|View|Visit|Follow|Subscribe|Sign up|Join|Download|Share|Click|Find"
    r"|Learn|Support|Get)\b(?: \S+){0,8} (?:here|below|us|our|more|link|newsletter|app|https?://)"
    r"(?: \S+){0,5}|(?!The |He |She |They |It |We )[A-Z]\S*(?: \S+){0,4} here\.?"
)
MAX_SCRAP = 6
"""Words of an unknown line, no sentence, that does not end the block before it."""


def take_tail(units: Sequence[Unit], head: int) -> tuple[list[Unit], Facts]:
    """(the units that are text, the facts of the others). The first ``head`` units are text."""
    read, facts = _read(units, head)
    kept = [unit for unit, found in zip(units, read, strict=True) if found is None]
    if not _SURE & facts.keys():
        return _take_blurb(kept, facts)
    texts = [unit.text for unit in units]
    about = _abouts(units, read)
    start, digest = _block(units, read, about, head)
    if not any(_SURE & (found or {}).keys() for found in read[start:]):
        return _take_blurb(kept, facts)
    blurb = [n for n in range(start, len(units)) if about[n]]
    gone = _labels(texts, read, about, start, digest=digest) | set(blurb)
    kept = [unit for n, unit in enumerate(units) if read[n] is None and n not in gone]
    if not blurb:
        return _take_blurb(kept, facts)
    name = publisher_of(texts[blurb[0]]) or ""
    return kept, {"publisher": name, "blurb": "\n\n".join(texts[n] for n in blurb), **facts}


def _read(units: Sequence[Unit], head: int) -> tuple[list[Facts | None], dict[str, str]]:
    """(what each unit says beside the news, all of it together)."""
    read: list[Facts | None] = [None] * min(head, len(units))
    facts: dict[str, str] = {}
    waiting: Facts | None = None  # named on one line, its value perhaps on the next
    for unit in units[head:]:
        more = value_for(waiting, unit.text) if waiting else None
        found = more or trailer(unit.text)
        read.append(found)
        if found is not None:
            facts |= {name: value for name, value in found.items() if not facts.get(name)}
        waiting = None if more else found
    return read, facts


def _abouts(units: Sequence[Unit], read: Sequence[Facts | None]) -> list[int]:
    """For each unit its number among the paragraphs of a blurb, 0 where it is none."""
    about: list[int] = []
    for unit, found in zip(units, read, strict=True):
        before = about[-1] if about else 0
        number = 0
        if found is None and not unit.bullet:
            if publisher_of(unit.text):
                number = 1
            elif 0 < before < MAX_PARAGRAPHS and goes_on(unit.text):
                number = before + 1
        about.append(number)
    return about


def _block(
    units: Sequence[Unit], read: Sequence[Facts | None], about: Sequence[int], head: int
) -> tuple[int, bool]:
    """(the first unit of the block under the text, whether the text is a digest with bullets).

    Under the bullets of a digest everything belongs to the block; elsewhere news ends it.
    """
    bullets = [n for n, unit in enumerate(units) if unit.bullet and read[n] is None]
    lead_in = bool(bullets) and units[bullets[0] - 1].text.endswith(":")  # "Key points:"
    if bullets and bullets[0] - lead_in <= head + 1:
        return bullets[-1] + 1, True
    start, floor = len(units), max(head, 1)
    while start > floor and _passes(units[start - 1], read[start - 1], about[start - 1]):
        start -= 1
    return start, False


def _passes(unit: Unit, found: Facts | None, about: int) -> bool:
    if found is not None or about:
        return True
    return not unit.bullet and (_is_aside(unit.text) or _is_scrap(unit.text))


def _is_scrap(text: str) -> bool:
    return len(text.split()) <= MAX_SCRAP and not text.endswith(".")


def _is_aside(text: str) -> bool:
    """A header of a blurb, a short label with its value, or a single sentence with a link."""
    if is_header(text):
        return True
    label = _LABEL.fullmatch(text) and not text.endswith((".", "?", "!"))
    return bool(label or _LINK.fullmatch(text)) and not reads_like_news(text)


def _labels(
    texts: Sequence[str],
    read: Sequence[Facts | None],
    about: Sequence[int],
    start: int,
    *,
    digest: bool,
) -> set[int]:
    """Asides of the block; outside of a digest one goes only if a trailer stands before it."""
    found: set[int] = set()
    for n in range(start, len(texts)):
        among = digest or any(read[k] is not None or about[k] for k in range(start, n))
        leads_in = is_header(texts[n]) and n + 1 < len(texts) and about[n + 1] == 1
        if leads_in or (among and read[n] is None and not about[n] and _is_aside(texts[n])):
            found.add(n)
    return found


def _take_blurb(units: list[Unit], facts: Facts) -> tuple[list[Unit], Facts]:
    last_bullet = max((n for n, unit in enumerate(units) if unit.bullet), default=-1)
    texts = [unit.text for unit in units if not unit.bullet]
    count, about = take_blurb(texts, among_trailers=bool(facts))
    if count and len(units) - count > last_bullet:
        return units[:-count], {**about, **facts}
    return units, facts
