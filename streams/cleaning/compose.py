"""From a draft to clean parts of text and what stood beside the news."""

from typing import NamedTuple

from streams.cleaning.characters import squeeze, tidy
from streams.cleaning.facts import Facts
from streams.cleaning.layout import Layout, Unit, arrange, split_units, strip_mark
from streams.cleaning.markup import to_text
from streams.cleaning.tail import take_tail
from streams.cleaning.trailers import byline
from streams.readers.draft import Draft


class Composed(NamedTuple):
    """The laid-out text and the facts taken out of it."""

    layout: Layout
    facts: Facts


def compose(draft: Draft) -> Composed:
    """Clean and lay out a draft's text; trailers and a blurb become facts."""
    title = clean_line(draft.title) or None
    units = split_units(clean(draft.text))
    if units and title == units[0].text:
        units = units[1:]
    head = 1 if title is None else 0  # a title is never a trailer
    units, facts = take_tail(units, head)
    units, by = _take_byline(units, head)
    found = arrange(units, title)
    return Composed(_with_stated(found, draft), {**by, **facts})


def clean(text: str) -> str:
    """Sound characters, no markup; lines are kept."""
    sound = tidy(text)
    plain = to_text(sound)
    return sound if plain is sound else tidy(plain)


def clean_line(text: str | None) -> str:
    """``clean`` on one line; empty for None."""
    return squeeze(clean(text)) if text else ""


def _take_byline(units: list[Unit], head: int) -> tuple[list[Unit], Facts]:
    if len(units) > head + 1 and (facts := byline(units[head].text)):
        return units[:head] + units[head + 1 :], facts
    return units, {}


def _with_stated(found: Layout, draft: Draft) -> Layout:
    """What the format sets apart goes before what the layout showed."""
    lead = clean_line(draft.lead)
    points = tuple(strip_mark(line) for point in draft.key_points if (line := clean_line(point)))
    if lead and found.lead and lead != found.lead:
        found = found._replace(body=(found.lead, *found.body))
    return found._replace(lead=lead or found.lead, key_points=points + found.key_points)
