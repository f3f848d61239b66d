"""Headings, columns and notes, the same in the text and on the page."""

from streams.dossier.record import Dossier, Entry, Moment, SourceRow
from streams.wording import plural

SUMMARY = "Summary"
TIMELINE = "Timeline"
FIGURES = "Figures"
DISPUTES = "Disputes"
FACTS = "Key facts"
SOURCES = "Sources"
MEMBERS = "Members"
LINEAGE = "Lineage"
LEGEND = (
    "+ new, ~ revised, ! disputed. By the day on which it happened, if the text names it. "
    "Times are UTC; a date with ~ was inferred from the text."
)
SOURCE_COLUMNS = ("source", "articles", "first report", "bias rating", "AI-generated")
MEMBER_COLUMNS = ("item", "version", "relation", "source", "published", "joined")


def source_cells(row: SourceRow) -> tuple[str, ...]:
    """One line of the table of sources."""
    first = f"{row.first.text} (first)" if row.was_first else row.first.text
    return (row.name, str(row.articles), first, row.bias_rating, row.ai_generated)


def member_cells(entry: Entry) -> tuple[str, ...]:
    """One line of the table of members."""
    places = (entry.item_id, str(entry.version), entry.relation, entry.source)
    return (*places, entry.published.text, entry.joined.text)


def titled(entry: Entry) -> str:
    """The headline, with the version where there was more than one."""
    return f"{entry.title} (version {entry.version})" if entry.version > 1 else entry.title


def dated(entry: Entry) -> Moment:
    """When it happened: another day than that of the report, else the report's finer time."""
    return entry.happened if entry.happened and reported(entry) else entry.published


def reported(entry: Entry) -> str | None:
    """The time of the report, where what happened was on another day."""
    at, happened = entry.published.at, entry.happened
    if happened is None or at is None or happened.at is None or happened.at.date() == at.date():
        return None
    return f"reported {entry.published.text}"


def about(entry: Entry) -> tuple[str, ...]:
    """What stands behind the source: the time of the report, and what the article copies."""
    copies = f"copies {entry.copy_of}" if entry.copy_of else None
    return tuple(filter(None, (reported(entry), copies)))


def left_out(count: int, word: str) -> str:
    """What the bounds cut."""
    return f"… {plural(count, f'more {word}')}"


def counted(heading: str, dossier: Dossier) -> str:
    """A heading with the number of articles under it."""
    shown = len(dossier.members) + dossier.members_left_out
    return f"{heading} ({shown})" if heading == MEMBERS else heading
