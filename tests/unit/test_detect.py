"""What detection does with one record after another."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schemas.enriched import EnrichedArticle
from schemas.fate import ItemFate
from streams.errors import Rejected
from streams.events.record.fold import fold
from streams.events.scorer import scorer
from streams.events.settings import DEFAULTS
from tests.detecting import QUAKE, START, TOLL, Desk, order, retraction, tagged

OTHER_QUAKE = (
    "Three dead in earthquake on Mirent island",
    "An earthquake struck the island of Mirent in Quessara, killing three people. "
    "A hotel in Olmedra lost its roof, the ministry of the interior said.",
)
STRIKE = (
    "Train drivers in Norvia strike",
    "Train drivers in Norvia walked out for two days over pay, the rail union said. "
    "Nine in ten trains were cancelled.",
)


def kinds(desk: Desk, event_id: str) -> list[str]:
    return [change.kind for change in desk.changes()[event_id]]


def sound(desk: Desk) -> None:
    """Every event is the fold of its changes."""
    states = desk.states()
    for event_id, changes in desk.changes().items():
        assert fold(changes).to_bytes() == states[event_id].to_bytes()


def opened(*articles: tuple[str, str]) -> Desk:
    desk = Desk()
    for number, (title, body) in enumerate(articles):
        desk.deliver(tagged(f"item-{number}", title, body, hours=number))
    return desk


def test_two_reports_of_one_event_meet():
    desk = opened(QUAKE, TOLL)
    event_id = desk.event_of("item-0")
    assert desk.event_of("item-1") == event_id
    assert kinds(desk, event_id) == ["opened", "updated"]
    assert desk.states()[event_id].member_count == 2


def test_look_alikes_and_strangers_stay_apart():
    desk = opened(QUAKE, OTHER_QUAKE, STRIKE)
    assert len({desk.event_of(f"item-{n}") for n in range(3)}) == 3


def test_stories_of_one_town_are_not_one_story():
    """A rare name weighs more than all other words of a short text."""
    desk = Desk()
    for number, (title, body) in enumerate(
        (
            (
                "Orsted bridge opens in Quellmar",
                "The new bridge in Quellmar is for trams, bicycles and people on foot.",
            ),
            (
                "Quellmar choir wins prize",
                "The choir of Quellmar won the first prize at a contest of singers.",
            ),
            (
                "Dog bites postman in Quellmar",
                "A dog bit a postman in Quellmar and ran off towards the station.",
            ),
            (
                "Quellmar library closes",
                "The library of Quellmar closes until its leaking roof is repaired.",
            ),
        )
    ):
        desk.deliver(tagged(f"item-{number}", title, body, names=["Quellmar"], hours=number))
    assert len({desk.event_of(f"item-{number}") for number in range(4)}) == 4


def test_a_copy_repeats():
    desk = opened(QUAKE, QUAKE)
    assert kinds(desk, desk.event_of("item-0")) == ["opened", "repeated"]


def test_outputs_come_in_order_with_a_fate_last():
    desk = Desk()
    outcome = desk.deliver(tagged("a", *QUAKE))
    names = [type(record).__name__ for record in outcome.outputs]
    assert names == ["EnrichedArticle", "EventChange", "EventState", "ItemFate"]
    fate = outcome.outputs[-1]
    assert isinstance(fate, ItemFate)
    assert (fate.fate, fate.version, fate.origin) == ("enriched", 1, "a.txt")
    assert outcome.puts[-1][0] == "item:world:a"


def test_the_decision_comes_with_its_evidence():
    desk = opened(STRIKE, QUAKE, TOLL)
    link = desk.enriched()["item-2"].event
    assert link is not None
    assert link.score >= link.threshold
    assert {"base", "words_best", "names_best", "days_apart"} <= {e.feature for e in link.evidence}
    assert link.model == scorer().name


def test_the_event_id_is_the_hash_of_its_opener():
    desk = opened(QUAKE)
    assert desk.event_of("item-0") == opened(QUAKE).event_of("item-0")
    assert desk.event_of("item-0").startswith("ev-")
    assert len(desk.event_of("item-0")) == 3 + 16


def test_a_stale_decision_is_ignored():
    """A kill that overtook an article keeps it out."""
    desk = Desk()
    desk.deliver(retraction("a", decision=2))
    late = desk.deliver(tagged("a", *QUAKE, decision=1))
    assert late.outputs == ()
    assert late.puts == ()


def test_a_correction_stays_and_shows_the_difference():
    desk = opened(QUAKE, TOLL)
    event_id = desk.event_of("item-0")
    body = QUAKE[1].replace("at least 12", "at least 13")
    desk.deliver(tagged("item-0", QUAKE[0], body, decision=2, hours=3))
    assert kinds(desk, event_id)[-1] == "corrected"
    facts = " ".join(fact.text for fact in desk.states()[event_id].facts)
    assert "at least 13" in facts
    assert "at least 12" not in facts
    fates = [r for r in desk.sent if isinstance(r, ItemFate) and r.item_id == "item-0"]
    assert [(f.version, f.fate) for f in fates] == [
        (1, "enriched"),
        (1, "superseded"),
        (2, "enriched"),
    ]
    sound(desk)


def test_a_correction_that_tells_another_story_moves():
    desk = opened(QUAKE, TOLL, STRIKE)
    old, new = desk.event_of("item-0"), desk.event_of("item-2")
    desk.deliver(tagged("item-1", *STRIKE, decision=2, hours=3))
    assert kinds(desk, old)[-1] == "retracted"
    assert desk.event_of("item-1") == new
    assert desk.states()[old].member_count == 1
    sound(desk)


def test_the_kill_of_the_only_article_leaves_nothing():
    desk = opened(QUAKE)
    event_id = desk.event_of("item-0")
    outcome = desk.deliver(retraction("item-0", decision=2, hours=1))
    state = desk.states()[event_id]
    assert (state.status, state.member_count, state.title) == ("retracted", 0, None)
    assert (state.facts, state.entities, state.summary, state.timeline) == ((), (), (), ())
    gone = outcome.outputs[0]
    assert isinstance(gone, EnrichedArticle)
    assert (gone.status, gone.title, gone.body, gone.event) == ("canceled", "", "", None)
    sound(desk)


def test_the_event_survives_its_opener():
    """The next article becomes the one that opened it."""
    desk = opened(QUAKE, TOLL)
    event_id = desk.event_of("item-0")
    desk.deliver(retraction("item-0", decision=2, hours=2))
    state = desk.states()[event_id]
    assert [m.relation for m in state.members] == ["opens"]
    assert state.title is not None
    assert state.title.text == TOLL[0]
    sound(desk)


def test_a_released_item_opens_an_event_with_another_id():
    desk = opened(QUAKE)
    first = desk.event_of("item-0")
    desk.deliver(retraction("item-0", decision=2, hours=1))
    desk.deliver(tagged("item-0", *QUAKE, decision=3, hours=2))
    assert desk.event_of("item-0") != first
    sound(desk)


def test_events_close_by_log_time_and_open_again():
    desk = opened(QUAKE)
    event_id = desk.event_of("item-0")
    desk.deliver(tagged("x", *STRIKE, hours=15 * 24))
    assert desk.states()[event_id].status == "closed"
    late = tagged("late", *TOLL, hours=16 * 24, published_at=START + timedelta(hours=20))
    desk.deliver(late)
    assert kinds(desk, event_id) == ["opened", "closed", "reopened", "updated"]
    assert desk.states()[event_id].status == "active"
    sound(desk)


def test_an_evicted_event_is_found_no_more_but_still_obeys_a_kill():
    desk = opened(QUAKE)
    event_id = desk.event_of("item-0")
    desk.deliver(tagged("x", *STRIKE, hours=15 * 24))
    desk.deliver(tagged("y", *OTHER_QUAKE, hours=61 * 24))
    desk.deliver(tagged("z", *TOLL, hours=62 * 24))
    assert desk.event_of("z") != event_id
    desk.deliver(retraction("item-0", decision=2, hours=63 * 24))
    assert desk.states()[event_id].status == "retracted"
    assert desk.states()[event_id].facts == ()
    sound(desk)


def test_what_is_forgotten_leaves_no_row():
    settings = replace(DEFAULTS, forget_after=timedelta(days=90))
    desk = Desk(settings)
    desk.deliver(tagged("a", *QUAKE))
    desk.deliver(retraction("b", decision=1))
    for day in (15, 61, 91):
        desk.deliver(tagged(f"d{day}", f"Story {day}", f"Words of day{day}.", hours=day * 24))
    assert not [key for key in desk.rows if key.endswith((":a", ":b"))]
    assert f"event:{desk.event_of('a')}" not in desk.rows


def test_frozen_members_count_until_they_are_killed():
    desk = Desk(replace(DEFAULTS, live_digests=2))
    for number in range(5):
        desk.deliver(tagged(f"item-{number}", *QUAKE, hours=number, names=["Sarvania"]))
    event_id = desk.event_of("item-0")
    assert desk.states()[event_id].member_count == 5
    assert desk.states()[event_id].entities[0].articles == 5
    desk.deliver(retraction("item-0", decision=2, hours=6))
    state = desk.states()[event_id]
    assert (state.member_count, state.entities[0].articles) == (4, 4)
    assert b'"item-0"' not in state.to_bytes()
    sound(desk)


def test_other_languages_meet_by_names_and_numbers():
    desk = opened(QUAKE)
    body = (
        "Ein Erdbeben der Stärke 6,1 hat das Tal Torvel in Sarvania getroffen, mindestens 12 "
        "Menschen starben. In Ruzna stürzten Häuser ein."
    )
    names = ["Torvel", "Sarvania", "Ruzna"]
    desk = Desk()
    desk.deliver(tagged("en", *QUAKE, names=names))
    desk.deliver(tagged("de", "Erdbeben in Torvel", body, hours=1, language="de", names=names))
    assert desk.event_of("de") == desk.event_of("en")


def test_spaces_never_meet():
    desk = Desk()
    desk.deliver(tagged("a", *QUAKE))
    desk.deliver(tagged("b", *QUAKE, space="desk:two"))
    assert desk.event_of("a") != desk.event_of("b")


def test_merge_writes_under_both_ids():
    desk = opened(QUAKE, STRIKE)
    first, second = desk.event_of("item-0"), desk.event_of("item-1")
    control = order("merge", second, into=first)
    desk.deliver(control, 7)
    states = desk.states()
    assert states[first].member_count == 2
    assert states[first].lineage.merged_from == (second,)
    assert (states[second].status, states[second].member_count) == ("merged", 0)
    assert states[second].lineage.merged_into == first
    assert desk.deliver(control, 7).outputs == ()
    sound(desk)
    desk.deliver(retraction("item-1", decision=2, hours=30))
    assert desk.states()[first].member_count == 1
    sound(desk)


def test_split_parts_named_members():
    desk = opened(QUAKE, TOLL)
    old = desk.event_of("item-0")
    control = order("split", old, item_ids=("item-0",))
    desk.deliver(control, 7)
    changes = desk.changes()
    (new,) = (event for event in changes if event != old)
    assert changes[new][0].lineage.split_from == old
    assert [m.item_id for m in desk.states()[new].members] == ["item-0"]
    assert [m.item_id for m in desk.states()[old].members] == ["item-1"]
    assert desk.deliver(control, 7).outputs == ()
    sound(desk)


@pytest.mark.parametrize(
    ("action", "fields", "reason"),
    [
        ("merge", {"into": "ev-none"}, "no-such-event"),
        ("merge", {"into": "self"}, "same-event"),
        ("split", {"item_ids": ("item-0", "item-1")}, "bad-split"),
        ("split", {"item_ids": ("stranger",)}, "bad-split"),
    ],
)
def test_orders_that_cannot_be_carried_out(action, fields, reason):
    desk = opened(QUAKE, TOLL)
    event_id = desk.event_of("item-0")
    if fields.get("into") == "self":
        fields = {"into": event_id}
    with pytest.raises(Rejected) as refusal:
        desk.deliver(order(action, event_id, **fields))
    assert refusal.value.reason == reason


def test_no_order_for_an_unknown_event():
    with pytest.raises(Rejected) as refusal:
        Desk().deliver(order("split", "ev-none", item_ids=("a",)))
    assert refusal.value.reason == "no-such-event"


def test_a_row_stays_small():
    """A long article's digest is bounded."""
    body = " ".join(f"Sentence {n} names place{n} and person{n} in town{n}." for n in range(400))
    desk = Desk()
    desk.deliver(tagged("a", QUAKE[0], body))
    assert len(desk.rows["digest:world:a"]) < 12_000


@pytest.mark.parametrize("puts", range(3))
@pytest.mark.parametrize("first", [QUAKE, STRIKE], ids=["joins", "opens"])
def test_a_second_attempt_decides_by_the_same_evidence(first, puts):
    """What the first attempt wrote before it was cut short does not count."""
    desk = opened(first)
    record = tagged("late", *TOLL, hours=20)
    cut = desk.decide(record, 7)
    desk.put(cut, puts)
    desk.restart()
    again = desk.decide(record, 7)
    said = [r.to_bytes() for r in cut.outputs if isinstance(r, EnrichedArticle)]
    assert said
    assert said == [r.to_bytes() for r in again.outputs if isinstance(r, EnrichedArticle)]
