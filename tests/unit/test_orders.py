"""Orders that wait for an operator, kills with their times, and what an order would do."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from schemas.article import ItemControl, NamedTarget
from schemas.control import Control
from schemas.events import EventState
from schemas.fate import ItemFate
from schemas.tagged import Retraction
from schemas.topics import CONTROLS, FATES, RAW, STATE
from streams.archive import Archive, archive_of
from streams.controls import foreseen
from streams.doctor import examine
from streams.events.settings import DEFAULTS
from streams.kills import kills, unresolved
from streams.replay import replay
from streams.stages.route import Route
from streams.step import Delivered
from streams.view import View
from tests.detecting import Desk, retraction, tagged
from tests.unit.test_admit import Desk as AdmitDesk

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
WAITS = ItemControl(
    action="kill",
    item_id="k",
    notice_id="k",
    notice_version=1,
    named=(NamedTarget(slug="dam", number="7"),),
    origin="wire.jsonl#1",
)


def route(order):
    message = Delivered(CONTROLS.name, 0, 0, order.key, order.to_bytes(), {}, NOON)
    (record,) = Route()({}, message).outputs
    return record


def confirmation(target="a", order="k"):
    return route(Control(action="kill", target=target, confirms=order, by="ana", reason="it is"))


def test_a_confirmation_goes_to_the_order_and_not_to_the_target():
    record = confirmation()
    assert (record.item_id, record.confirmed_target, record.by) == ("k", "a", "ana")
    assert record.key == b"k"


def test_an_order_without_an_id_waits_in_a_row_of_its_own():
    desk = AdmitDesk()
    desk.feed(WAITS)
    (fate,) = desk.sent
    assert (fate.item_id, fate.version, fate.fate, fate.reason) == (
        "k", 1, "held", "kill-unresolved",
    )  # fmt: skip
    assert fate.detail == "names number '7' and slug 'dam'"
    assert [*desk.rows] == ["order:k"]


def test_confirmed_it_is_an_order_about_that_item():
    desk = AdmitDesk()
    desk.feed(WAITS)
    outcome = desk.feed(confirmation())
    kill, fate = outcome.outputs
    assert (kill.action, kill.item_id, kill.by, kill.reason) == ("kill", "a", "ana", "it is")
    assert kill.key == b"a"
    assert (fate.fate, fate.reason) == ("killed", "kill of a")


def test_confirmed_and_delivered_twice_it_says_the_same_again():
    desk = AdmitDesk()
    desk.feed(WAITS)
    first, second = desk.feed(confirmation()), desk.feed(confirmation())
    assert first == second
    again = desk.feed(WAITS)
    assert [fate.reason for fate in again.outputs] == ["kill of a"]
    assert again.puts == first.puts


def test_an_old_reader_takes_an_order_without_an_id_for_one_about_the_notice():
    """As it was before: the notice withdraws its own item only."""
    fields = json.loads(WAITS.to_bytes())
    del fields["named"]
    desk = AdmitDesk()
    desk.feed(ItemControl.model_validate(fields))
    assert not [r for r in desk.sent if isinstance(r, Retraction)]


@pytest.fixture
def archive(tmp_path):
    """A wire: two articles of one event, a kill of one, a kill that waits."""

    def run(*more):
        lines = [
            {"id": "a", "title": "Ferry sinks in Hollow Sound", "body": "The ferry Sanna Belle "
             "sank in Hollow Sound with 61 people on board.", "published_at": "2031-03-03T08:00Z"},
            {"id": "b", "title": "Ferry sinks in Hollow Sound", "body": "The Sanna Belle sank in "
             "Hollow Sound. Nine are missing.", "published_at": "2031-03-03T09:00Z"},
            *more,
        ]  # fmt: skip
        path = tmp_path / "wire.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in lines))
        return asyncio.run(replay([str(path)]))

    return run


NOTICE = {"id": "n", "version": 1, "pub_status": "canceled", "refers_to": "b"}
BY_HEADLINE = {
    "id": "w",
    "version": 1,
    "pub_status": "canceled",
    "refers_to": [{"headline": "Ferry sinks in Hollow Sound", "slug": "ferry"}],
}


def test_the_doctor_names_orders_that_wait_and_what_they_could_mean(archive):
    found = {f.check: f for f in examine(archive(BY_HEADLINE))}
    finding = found["order that waits for a confirmation"]
    assert finding.level == "note"
    assert "slug 'ferry'" in finding.detail
    assert "deltawire control confirm w --item" in finding.detail
    assert finding.facts["candidates"] == ["a", "b"]
    assert "held" not in found


def test_the_doctor_lists_kills_held_items_and_alarms(archive):
    held = {"id": "h", "version": 1, "pub_status": "withheld", "title": "A title", "body": "Text."}
    other = {"id": "c", "version": 1, "title": "Zoo shows lynx", "body": "A zoo shows a lynx."}
    gone = {"id": "m", "version": 1, "pub_status": "canceled", "refers_to": "nobody"}
    done = archive(NOTICE, held, other, {**other, "body": "Another text."}, gone)
    found = {f.check: f for f in examine(done)}
    assert found["kill"].detail == "b by wire, notice n: done after 0.000 s"
    assert found["kill"].facts["state"] == "done"
    assert found["kills carried out"].facts["count"] == 1
    assert found["kill without its target"].detail == "nobody"
    assert found["held"].facts["item_id"] == "h"
    assert found["same version, other bytes"].facts["alarms"][0]["item_id"] == "c"
    assert not [f for f in found.values() if f.level == "fault"]


def test_the_time_of_a_kill_runs_to_the_last_record_derived_from_it(archive):
    """Later versions that find their item killed take nothing out, and do not count."""
    later = {"id": "b", "version": 2, "title": "Ferry", "body": "Again.",
             "published_at": "2031-03-04T09:00Z"}  # fmt: skip
    done = archive(NOTICE, later)
    times = {name: tuple(NOON for _ in lines) for name, lines in done.lines.items()}
    fates = [json.loads(line) for line in done.lines[FATES.name]]
    moments = [NOON + timedelta(seconds=5 if f["decision"] < 3 else 900) for f in fates]
    raw = tuple(
        json.dumps({**json.loads(line), "at": "2031-03-03T11:59:58Z"}).encode()
        for line in done.lines[RAW.name]
    )
    timed = Archive({**done.lines, RAW.name: raw}, times={**times, FATES.name: tuple(moments)})
    (kill,) = [kill for kill in kills(timed) if kill.item_id == "b"]
    assert [f["decision"] for f in fates if f["item_id"] == "b"] == [1, 2, 3]
    assert kill.seconds == 7.0


def test_a_settled_order_waits_no_more(archive):
    done = archive(BY_HEADLINE)
    assert [fate.item_id for fate in unresolved(done)] == ["w"]
    order = Control(action="kill", target="b", confirms="w", by="ana")
    found = asyncio.run(foreseen(done, [order]))
    lines = {**done.lines, FATES.name: done.lines[FATES.name] + tuple(
        m.value for m in found if m.topic == FATES.name
    )}  # fmt: skip
    assert list(unresolved(Archive(lines))) == []


def test_an_order_is_tried_without_touching_the_run(archive):
    done = archive()
    found = asyncio.run(foreseen(done, [Control(action="kill", target="b", by="ana")]))
    fates = [ItemFate.from_bytes(m.value) for m in found if m.topic == FATES.name]
    assert [(f.item_id, f.fate) for f in fates] == [("b", "killed")]
    assert {m.topic for m in found} >= {"events.changes.v1", "events.state.v1"}
    assert asyncio.run(foreseen(done, [Control(action="release", target="x", by="ana")])) != []


# --- the end of a compacted record -----------------------------------------------------------


def test_a_forgotten_event_gets_a_tombstone_after_the_tables_retention():
    """A day before that there is none. What falls due is done with the next record."""
    days = STATE.tombstone_days
    assert timedelta(days=days) == DEFAULTS.forget_after
    desk = Desk()
    desk.deliver(tagged("a", "Dam cracks above Kelmar", "A dam cracked above Kelmar."))
    event_id = desk.event_of("a")
    desk.deliver(retraction("a", decision=2, hours=1))
    ends = []
    for n, day in enumerate((days - 200, days - 100, days - 1, days + 2)):
        text = f"Number {n} was drawn in the lottery of Svenhavn."
        outcome = desk.deliver(tagged(f"t{n}", f"Lottery draw {n}", text, hours=24 * day))
        ends.append([(end.topic, end.key.decode()) for end in outcome.tombstones])
    assert (STATE.name, event_id) not in [end for some in ends[:3] for end in some]
    assert (STATE.name, event_id) in ends[3]
    assert f"event:{event_id}" not in desk.rows


def test_what_has_ended_is_no_current_record_and_no_fault(archive):
    done = archive()
    view = View.of(done)
    (event_id,) = view.events
    line = json.dumps({"tombstone": event_id}, separators=(",", ":")).encode()
    lines = {**done.lines, STATE.name: (*done.lines[STATE.name], line)}
    ended = Archive(lines)
    assert View.of(ended).events == {}
    assert ended.ended(STATE) == {event_id}
    assert not [f for f in examine(ended) if f.level == "fault"]


def test_a_tombstone_keeps_its_key_in_a_folder(tmp_path):
    state = EventState(event_id="ev-1", revision=1)
    messages = [
        Delivered(STATE.name, 0, 0, b"ev-1", state.to_bytes(), {}, NOON),
        Delivered(STATE.name, 0, 1, b"ev-1", None, {}, NOON),
    ]
    archive_of({STATE.name: messages}).write(tmp_path)
    again = Archive.read(tmp_path)
    assert again.lines[STATE.name][1] == b'{"tombstone":"ev-1"}'
    assert again.current(STATE, EventState) == {}
    assert list(again.records(STATE, EventState)) == [state]


def test_a_wire_of_two_years_ends_its_oldest_event_on_the_topic(tmp_path):
    """Through the agents: a record without a value, after which no reader has the event."""
    start = datetime(2031, 1, 1, tzinfo=UTC)
    lines = [{"id": "a", "title": "Dam cracks above Kelmar", "body": "A dam cracked above Kelmar.",
              "published_at": start.isoformat()}]  # fmt: skip
    lines += [
        {"id": f"t{n}", "title": f"Lottery draw {n}", "body": f"Number {n} was drawn in Svenhavn.",
         "published_at": (start + timedelta(days=90 * n)).isoformat()}
        for n in range(1, 9)
    ]  # fmt: skip
    path = tmp_path / "wire.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    done = asyncio.run(replay([str(path)]))
    opened = View.of(done).articles["a"].event.event_id
    assert opened in done.ended(STATE)
    assert opened not in View.of(done).events
    assert not [f for f in examine(done) if f.level == "fault"]
