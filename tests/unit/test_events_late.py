"""Articles that come late: back-filled ones find their event, also one that closed weeks ago."""

from datetime import timedelta

import pytest

from streams.events.record.fold import fold
from tests.detecting import QUAKE, START, TOLL, Desk, tagged

AGAIN = (
    "Earthquake hits Torvel valley again",
    "A magnitude 5.2 earthquake struck the Torvel valley in Sarvania on Monday. "
    "Houses in Ruzna were damaged, the civil protection office said.",
)


def weeks(count: float) -> float:
    """Hours."""
    return count * 7 * 24


def quiet_weeks(desk: Desk, count: int) -> None:
    """Other news, an article a day, so that log time passes and timers run."""
    for day in range(count * 7):
        title = f"Story of day{day}a", f"The day{day}b of place{day}c went by with word{day}d."
        desk.deliver(tagged(f"day-{day}", *title, hours=24.0 * day + 12))


@pytest.mark.parametrize("late", [3, 5, 8])
def test_an_article_weeks_late_finds_its_closed_event(late: int):
    desk = Desk()
    desk.deliver(tagged("quake", *QUAKE))
    quiet_weeks(desk, late)
    event_id = desk.event_of("quake")
    assert desk.states()[event_id].status == "closed"
    stated = START + timedelta(hours=20)
    desk.deliver(tagged("late", *TOLL, hours=weeks(late), published_at=stated))
    assert desk.event_of("late") == event_id
    assert [c.kind for c in desk.changes()[event_id]] == [
        "opened",
        "dormant",
        "closed",
        "reopened",
        "updated",
    ]
    assert fold(desk.changes()[event_id]).to_bytes() == desk.states()[event_id].to_bytes()


def test_a_late_article_finds_its_event_after_a_restart_and_behind_a_later_one():
    """Of two quakes in one valley the stated time decides."""
    desk = Desk()
    desk.deliver(tagged("quake", *QUAKE))
    quiet_weeks(desk, 5)
    desk.deliver(tagged("again", *AGAIN, hours=weeks(5)))
    desk.restart()
    stated = START + timedelta(hours=20)
    desk.deliver(tagged("late", *TOLL, hours=weeks(5) + 5, published_at=stated))
    assert desk.event_of("late") == desk.event_of("quake")


def test_an_archive_that_is_filled_in_backwards_is_one_event():
    """The newest report first: each older one still joins."""
    desk = Desk()
    for number, day in enumerate((3.0, 2.0, 1.0, 0.5, 0.0)):
        stated = START - timedelta(days=30) + timedelta(days=day)
        report = (TOLL, QUAKE)[number % 2]
        desk.deliver(tagged(f"back-{number}", *report, hours=number, published_at=stated))
    assert len({desk.event_of(f"back-{number}") for number in range(5)}) == 1
