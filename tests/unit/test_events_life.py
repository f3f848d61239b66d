"""The life of an event by log time: opened, active, dormant, closed, reopened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from schemas.tagged import TaggedArticle
from streams.events.record.fold import fold
from streams.events.settings import DEFAULTS
from tests.detecting import QUAKE, START, TOLL, Desk, order, retraction, tagged


def days(count: float) -> float:
    """Hours."""
    return 24 * count


def pass_by(desk: Desk, day: float) -> None:
    """Other news, which moves log time and nothing else."""
    desk.deliver(other(day))


def other(day: float) -> TaggedArticle:
    """A report that has no word in common with any other."""
    name = f"{day:.2f}".translate(str.maketrans("0123456789.", "bcdfghjklmz"))
    words = [f"{vowel}{name}{vowel}" for vowel in "aeiouy"]
    title, body = f"{words[0]} {words[1]}", f"{words[2]} {words[3]} {words[4]} {words[5]}."
    return tagged(f"other-{name}", title, body, hours=days(day))


def told(day: float, item_id: str = "late", **fields: Any) -> TaggedArticle:
    """A later report of the quake; it states the time of the quake's day."""
    stated = START + timedelta(hours=20)
    return tagged(item_id, *TOLL, hours=days(day), published_at=stated, **fields)


def quiet(*days_by: float, limits=DEFAULTS) -> tuple[Desk, str]:
    """A desk with the quake, and other news on these days."""
    desk = Desk(limits)
    desk.deliver(tagged("quake", *QUAKE))
    for day in days_by:
        pass_by(desk, day)
    return desk, desk.event_of("quake")


def life(desk: Desk, event_id: str) -> tuple[list[str], str]:
    """Kinds of the changes, and the status; the fold is checked by the way."""
    changes, state = desk.changes()[event_id], desk.states()[event_id]
    assert fold(changes).to_bytes() == state.to_bytes()
    return [change.kind for change in changes], state.status


@pytest.mark.parametrize(
    ("by", "kinds"),
    [
        ((2.99,), ["opened"]),
        ((3,), ["opened", "dormant"]),
        ((4, 13.99), ["opened", "dormant"]),
        ((4, 14), ["opened", "dormant", "closed"]),
        ((4, 5, 6, 20, 30), ["opened", "dormant", "closed"]),
        ((14,), ["opened", "closed"]),
    ],
)
def test_an_event_goes_dormant_and_then_closes(by: tuple[float, ...], kinds: list[str]):
    """One change each; log time that leaps over both closes at once."""
    desk, event_id = quiet(*by)
    status = "active" if kinds[-1] == "opened" else kinds[-1]
    assert life(desk, event_id) == (kinds, status)


def test_a_dormant_change_carries_its_status_and_nothing_else():
    desk, event_id = quiet(4)
    change = desk.changes()[event_id][-1]
    assert change.item_id is None
    assert change.at == START + timedelta(days=4)
    assert change.delta.model_dump(exclude_defaults=True) == {"status": "dormant"}


def test_the_next_article_wakes_a_dormant_event_by_its_own_change():
    """``reopened`` is of closed events."""
    desk, event_id = quiet(4)
    desk.deliver(told(5))
    assert desk.event_of("late") == event_id
    assert life(desk, event_id) == (["opened", "dormant", "updated"], "active")
    assert desk.changes()[event_id][-1].delta.status == "active"
    pass_by(desk, 7.9)
    assert desk.states()[event_id].status == "active"
    pass_by(desk, 8)
    assert desk.states()[event_id].status == "dormant"


def test_its_own_article_comes_before_the_timer():
    """An event that the record itself touches is not put to sleep by it."""
    desk, event_id = quiet()
    desk.deliver(told(10))
    assert life(desk, event_id) == (["opened", "updated"], "active")


def test_a_correction_and_a_kill_leave_it_dormant():
    """Neither is a report that something goes on; both must still be obeyed."""
    desk, event_id = quiet()
    desk.deliver(told(0.1))
    pass_by(desk, 4)
    desk.deliver(told(5, decision=2))
    assert desk.states()[event_id].status == "dormant"
    desk.deliver(retraction("late", decision=3, hours=days(6)))
    assert life(desk, event_id) == (
        ["opened", "updated", "dormant", "corrected", "retracted"],
        "dormant",
    )
    desk.deliver(retraction("quake", decision=2, hours=days(7)))
    assert desk.states()[event_id].status == "retracted"


def test_where_nothing_is_dormant_before_it_closes_there_is_no_such_change():
    desk, event_id = quiet(4, 15, limits=replace(DEFAULTS, dormant_after=timedelta(days=14)))
    assert life(desk, event_id) == (["opened", "closed"], "closed")


def test_many_fall_due_together_and_a_record_does_a_few():
    """A quiet week-end: what one record leaves undone the next ones do, the earliest first."""
    desk = Desk(replace(DEFAULTS, timers=3))
    for number in range(8):
        pass_by(desk, number / 100)
    done = []
    for number in range(4):
        before = len(desk.sent)
        pass_by(desk, 5 + number / 100)
        kinds = [record.kind for record in desk.sent[before:] if hasattr(record, "delta")]
        done.append(kinds.count("dormant"))
    assert done == [3, 3, 2, 0]


@pytest.mark.parametrize("puts", range(6))
def test_an_attempt_cut_short_puts_it_to_sleep_once(puts: int):
    """Also where its row was written and the record's own row was not."""
    desk, event_id = quiet()
    calm, _ = quiet(4, 5)
    cut = desk.decide(other(4), 1)
    desk.put(cut, min(puts, len(cut.puts) - 1))
    desk.restart()
    again = desk.decide(other(4), 1)
    sent = {message.to_bytes(): message for message in (*cut.outputs, *again.outputs)}
    desk.sent += sent.values()
    desk.put(again, len(again.puts))
    desk.offset = 2
    pass_by(desk, 5)
    assert life(desk, event_id) == (["opened", "dormant"], "dormant")
    assert desk.rows == calm.rows


def test_a_restart_knows_when_to_wake_and_when_to_close():
    desk, event_id = quiet(4)
    desk.restart()
    pass_by(desk, 14)
    assert life(desk, event_id) == (["opened", "dormant", "closed"], "closed")


OTHER = (
    "Three dead in earthquake on Mirent island",
    "An earthquake struck the island of Mirent in Quessara, killing three people. "
    "A hotel in Olmedra lost its roof, the ministry of the interior said.",
)


@pytest.mark.parametrize("day", [4, 20, 70])
def test_an_event_that_takes_up_a_livelier_one_is_as_alive(day: float):
    """Dormant, closed or even gone from the index: what it takes up still goes on."""
    desk, old = quiet(3.5, 15, 61) if day > 60 else quiet(3.5, 15) if day > 14 else quiet(3.5)
    desk.deliver(tagged("other", *OTHER, hours=days(day - 1)))
    new = desk.event_of("other")
    assert new != old
    desk.deliver(order("merge", new, into=old))
    assert life(desk, old)[1] == "active"
    assert "evicted" not in orjson.loads(desk.rows[f"event:{old}"])
    for later in (2, 13):
        pass_by(desk, day + later)
    assert life(desk, old)[1] == "closed"


def test_a_part_of_a_dormant_event_is_dormant():
    desk, old = quiet()
    desk.deliver(told(0.1))
    pass_by(desk, 4)
    desk.deliver(order("split", old, item_ids=("late",)))
    new = next(e for e, changes in desk.changes().items() if changes[0].lineage.split_from == old)
    assert life(desk, new) == (["opened"], "dormant")
    assert life(desk, old) == (["opened", "updated", "dormant", "split"], "dormant")
