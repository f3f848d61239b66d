"""Copies name what they copy, and count as no further source, whatever happens to that."""

from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from schemas.article import Source
from schemas.events import EventChange, EventState, Member
from schemas.tagged import TaggedArticle
from streams.dossier.gather import dossier
from streams.dossier.page import page
from streams.dossier.text import text
from streams.events.record.coverage import PUBLISHERS_COUNTED, Coverage
from streams.events.settings import DEFAULTS
from streams.report import event_report, trace_report
from streams.view import View
from tests.detecting import START, Desk, order, retraction, tagged

FEW = replace(DEFAULTS, live_digests=4)
TITLE = "Dam breaks above Orlen"
WIRE = (
    "A dam broke above Orlen on Sunday, the mayor said. Twelve houses in the lower town were swept "
    "away by the water. Firemen with boats searched the streets for people who had fled to the "
    "roofs. The road to Marn was closed until Tuesday evening."
)
OTHER_WIRE = (
    "Water poured into the streets of Orlen after the dam above the town gave way. A wall of mud "
    "took a dozen homes near the mill, and boats carried families from their attics. Officials in "
    "Marn kept the road shut."
)
EDITED = WIRE.replace("Firemen", "Rescue crews")
OWN = "Orlen lost its dam, and people wait for boats while the mud in the lower town dries slowly."
SHELTER = " Two schools opened their gyms as shelters, a teacher named Olga Brandt said."


def sent(item_id: str, body: str, publisher: str, hours: float, version: int = 1) -> TaggedArticle:
    made = tagged(item_id, TITLE, body, hours=hours, decision=version)
    article = made.article.model_copy(update={"source": Source(name=publisher)})
    return made.model_copy(update={"article": article})


def desk_of(*articles: tuple[str, str, str], settings=DEFAULTS) -> Desk:
    """(item id, body, publisher), an hour apart."""
    desk = Desk(settings)
    for hours, (item_id, body, publisher) in enumerate(articles):
        desk.deliver(sent(item_id, body, publisher, hours))
    return desk


def state(desk: Desk) -> EventState:
    """The event that has members."""
    (found,) = [each for each in desk.states().values() if each.member_count]
    return found


def parents(found: EventState) -> dict[str, str | None]:
    return {row.item_id: row.copy_of for row in found.members}


def sources(found: EventState) -> tuple[int, int]:
    return found.spread.independent, found.spread.copies


def test_copies_of_one_wire_count_once_and_name_it():
    desk = desk_of(("a", WIRE, "Wire"), ("b", WIRE, "Post"), ("c", WIRE, "Herald"))
    link = desk.enriched()["c"].event
    assert link is not None
    assert (link.relation, link.copy_of) == ("repeats", "a")
    found = state(desk)
    assert parents(found) == {"a": None, "b": "a", "c": "a"}
    assert sources(found) == (1, 2)
    assert {row.name: row.copies for row in found.publishers} == {"Wire": 0, "Post": 1, "Herald": 1}


def test_a_copy_of_an_edited_copy_names_the_root():
    """Its sentences stand partly in the one, partly in the other."""
    desk = desk_of(("a", WIRE, "Wire"), ("b", EDITED, "Post"), ("c", EDITED, "Herald"))
    assert parents(state(desk)) == {"a": None, "b": "a", "c": "a"}
    assert sources(state(desk)) == (1, 2)


def test_a_copy_of_a_text_that_is_no_copy_itself_names_that_text():
    """Half of the second text is the first one's; what copies it whole copies it alone."""
    half = WIRE[: WIRE.index("Firemen")] + OWN
    desk = desk_of(("a", WIRE, "Wire"), ("b", half, "Post"), ("c", half, "Herald"))
    assert parents(state(desk)) == {"a": None, "b": None, "c": "b"}
    assert sources(state(desk)) == (2, 1)


def test_two_wires_are_two_sources_however_often_they_are_copied():
    desk = desk_of(
        ("a", WIRE, "Wire"), ("x", OTHER_WIRE, "Agency"), ("b", WIRE, "Post"),
        ("y", OTHER_WIRE, "Herald"), ("c", EDITED, "Echo"),
    )  # fmt: skip
    assert parents(state(desk)) == {"a": None, "b": "a", "c": "a", "x": None, "y": "x"}
    assert sources(state(desk)) == (2, 3)


def test_a_publisher_with_a_report_of_its_own_is_independent_and_its_own_text_no_source():
    """Post copies the wire and writes itself; the wire sends its text again."""
    desk = desk_of(
        ("a", WIRE, "Wire"), ("b", WIRE, "Post"), ("c", OTHER_WIRE, "Post"), ("d", WIRE, "Wire")
    )
    found = state(desk)
    assert parents(found)["d"] == "a"
    assert {row.name: row.copies for row in found.publishers} == {"Wire": 0, "Post": 1}
    assert sources(found) == (2, 1)


def test_a_copy_with_a_paragraph_added_updates_and_names_what_it_copies():
    desk = desk_of(("a", WIRE, "Wire"), ("b", WIRE + SHELTER, "Post"))
    link = desk.enriched()["b"].event
    assert link is not None
    assert (link.relation, link.copy_of) == ("updates", "a")
    assert sources(state(desk)) == (1, 1)


@pytest.mark.parametrize("body", [OTHER_WIRE, OWN, WIRE[: WIRE.index("Twelve")] + OWN])
def test_a_text_of_ones_own_names_nothing(body: str):
    desk = desk_of(("a", WIRE, "Wire"), ("b", body, "Post"))
    assert parents(state(desk)) == {"a": None, "b": None}
    assert sources(state(desk)) == (2, 0)


ARTICLES = (
    ("a", WIRE, "Wire"), ("b", WIRE, "Post"), ("c", EDITED, "Herald"), ("d", WIRE, "Echo"),
    ("e", WIRE, "Star"),
)  # fmt: skip


def test_when_the_parent_is_killed_the_next_copy_takes_its_place():
    desk = desk_of(*ARTICLES)
    desk.deliver(retraction("a", decision=2, hours=9))
    assert parents(state(desk)) == {"b": None, "c": "b", "d": "b", "e": "b"}
    assert sources(state(desk)) == (1, 3)


def test_where_the_parent_froze_the_next_copy_takes_its_place_too():
    desk = desk_of(*ARTICLES, settings=FEW)
    assert "frozen" in desk.rows["item:world:a"].decode()
    desk.deliver(retraction("a", decision=2, hours=9))
    live = [item for item in "bcde" if f"digest:world:{item}" in desk.rows]
    frozen = {item: None for item in "bcde" if item not in live}
    assert len(live) > 1
    assert parents(state(desk)) == frozen | dict.fromkeys(live, live[0]) | {live[0]: None}
    assert not any(b'"copy_of":"a"' in row for row in desk.unpacked().values())


def records(outputs) -> set[bytes]:
    """Of events."""
    return {each.to_bytes() for each in outputs if isinstance(each, EventChange | EventState)}


STRIKE = tagged("a", "Strike ends", "Miners in Tarn ended a strike.", decision=2, hours=9)


@pytest.mark.parametrize(
    "record",
    [
        retraction("a", decision=2, hours=9),
        retraction("d", decision=2, hours=9),
        sent("a", WIRE + SHELTER, "Wire", 9, version=2),
        STRIKE,
        sent("d", OWN, "Echo", 9, version=2),
    ],
    ids=["killed", "copy-killed", "rejoins", "moves", "copy-rewritten"],
)
@pytest.mark.parametrize("settings", [DEFAULTS, FEW], ids=["live", "frozen"])
def test_what_is_cut_short_after_any_row_comes_to_the_same(settings, record):
    whole = desk_of(*ARTICLES, settings=settings)
    outcome = whole.deliver(record, 99)
    for cut in range(len(outcome.puts)):
        desk = desk_of(*ARTICLES, settings=settings)
        desk.put(desk.decide(record, 99), cut)
        desk.restart()
        again = desk.deliver(record, 99)
        assert records(again.outputs) <= records(outcome.outputs)
        assert desk.rows == whole.rows


def test_a_new_version_of_what_froze_stays_the_parent_of_its_copies():
    desk = desk_of(*ARTICLES, settings=FEW)
    desk.deliver(sent("a", WIRE + SHELTER, "Wire", 8, version=2))
    assert parents(state(desk)) == {"a": None, "b": "a", "c": "a", "d": "a", "e": "a"}
    assert sources(state(desk)) == (1, 4)
    desk.restart()
    desk.deliver(sent("f", OWN, "Sun", 9))
    assert parents(state(desk))["e"] == "a"


@pytest.mark.parametrize("settings", [DEFAULTS, FEW], ids=["live", "frozen"])
def test_a_version_that_tells_another_story_leaves_its_copies_to_the_next_one(settings):
    desk = desk_of(*ARTICLES, settings=settings)
    event_id = desk.event_of("b")
    desk.deliver(STRIKE)
    assert desk.event_of("a") != event_id
    assert "a" not in parents(desk.states()[event_id]).values()


def test_events_that_join_and_part_count_their_sources_anew():
    desk = desk_of(*ARTICLES[:3])
    event_id = desk.event_of("a")
    desk.deliver(order("split", event_id, item_ids=("a",)))
    assert parents(desk.states()[event_id]) == {"b": None, "c": "b"}
    (part,) = [key for key, found in desk.states().items() if found.lineage.split_from]
    desk.deliver(order("merge", part, into=event_id))
    assert parents(desk.states()[event_id]) == {"a": None, "b": "a", "c": "a"}
    assert sources(desk.states()[event_id]) == (1, 2)


def test_part_of_a_frozen_event_takes_no_parent_along():
    desk = desk_of(("x", OTHER_WIRE, "Agency"), ("y", OWN, "Sun"), *ARTICLES[:3], settings=FEW)
    event_id = desk.event_of("a")
    assert "digest:world:a" in desk.rows
    assert "frozen" in desk.rows["item:world:x"].decode()
    desk.deliver(order("split", event_id, item_ids=("a",)))
    found = parents(desk.states()[event_id])
    assert (found["b"], found["c"]) == (None, "b")


def member(number: int) -> Member:
    return Member(
        item_id=f"i{number}", version=1, decision=1, relation="confirms",
        source=f"Paper {number}", joined_at=START + timedelta(hours=number),
    )  # fmt: skip


def test_rows_of_an_earlier_release_have_no_copies():
    coverage = Coverage()
    coverage.add(member(0), ["Paper 0", None, None])
    coverage.add(member(1), ["Paper 1", None, None, True])
    row = coverage.row()
    del row["copies"]
    assert Coverage.read(row).independent() == 2
    assert (coverage.independent(), coverage.copies) == (1, {"Paper 1": 1})
    coverage.strip("i1", ["Paper 1", None, None])
    assert coverage.copies == {}


def test_copies_are_bounded_as_publishers_are():
    coverage = Coverage()
    for number in range(PUBLISHERS_COUNTED + 9):
        coverage.add(member(number), [f"Paper {number}", None, None, number > 0])
    assert len(coverage.copies) == PUBLISHERS_COUNTED - 1
    other = coverage.copy()
    other.join(coverage)
    assert other.independent() == 1
    for number in range(PUBLISHERS_COUNTED + 9):
        coverage.strip(f"i{number}", [f"Paper {number}", None, None, number > 0])
    assert (coverage.publishers, coverage.copies, coverage.independent()) == ({}, {}, 0)


def view_of(desk: Desk) -> View:
    return View(
        articles=desk.enriched(),
        events=desk.states(),
        changes={},
        fates=(),
        current_fates={},
    )


def shown(part) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(part)
    return capture.get()


def test_reports_say_what_an_article_copies_and_how_many_sources_there_are():
    desk = desk_of(*ARTICLES[:2])
    view, found = view_of(desk), state(desk)
    run = shown(event_report(view, found))
    assert "1 independent source, 1 copy" in run
    assert "Post, copies a" in run
    assert "  copies a" in shown(trace_report("b", (), view.articles["b"]))
    record = dossier(view, found)
    for said in (shown(text(record)), page(record).decode()):
        assert "1 independent source, 1 copy" in said
        assert "copies a" in said


def test_a_dossier_names_no_parent_that_was_killed():
    """The record of an article names what it was when it came; the event knows better."""
    desk = desk_of(*ARTICLES[:3])
    desk.deliver(retraction("a", decision=2, hours=9))
    assert "copies a" not in shown(text(dossier(view_of(desk), state(desk))))
