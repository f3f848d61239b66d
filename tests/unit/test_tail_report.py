"""One record of each topic as a person or a program sees it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from rich.console import Console

import schemas
from schemas.enriched import Position
from schemas.events import (
    Count,
    EventChange,
    EventDelta,
    EventDispute,
    EventEntity,
    EventFigure,
    EventState,
    Fact,
    FigureValue,
    FirstReport,
    Spread,
    TimelineEntry,
)
from schemas.topics import CHANGES, FATES, RAW, STATE, TOPICS
from streams.burial import dead_headers
from streams.errors import Rejected
from streams.step import Delivered
from streams.tail_report import json_line, readable, view

EXAMPLES = Path(schemas.__file__).parent / "examples"
AT = datetime(2031, 3, 3, 12, tzinfo=UTC)


def place(start, field="body"):
    return Position(item_id="b", field=field, start=start, end=start + 9)


CLAIM = "The owner ignored a warning."
DELTA = EventChange(
    event_id="ev-1",
    revision=2,
    kind="updated",
    item_id="b",
    at=AT,
    delta=EventDelta(
        timeline_put=(TimelineEntry(text="Toll climbs", source=place(0, "title")),),
        figures_put=(
            EventFigure(
                slot="dead",
                values=(
                    FigureValue(value=12, source=place(0)),
                    FigureValue(value=15, bound="at least", source=place(0)),
                ),
            ),
        ),
        disputes_put=(
            EventDispute(
                claim=CLAIM, claimants=("local:person:velt",), denied_by=("Q7",), source=place(40)
            ),
        ),
        entities_put=(EventEntity(entity_id="Q7", name="Sealine Ltd", type="ORG", articles=1),),
        facts_put=(
            Fact(text="Toll climbs", label="NEW", source=place(0, "title")),
            Fact(text="A dam broke.", label="NEW", source=place(0)),
            Fact(text="Fifteen are dead.", label="REVISES", source=place(20)),
            Fact(text=CLAIM, label="DISPUTES", source=place(40)),
        ),
    ),
)


def message(topic, value, headers=(), key=b"key"):
    return Delivered(topic, 2, 7, key, value, dict(headers), AT)


def shown(given):
    console = Console(width=200)
    with console.capture() as capture:
        console.print(view(given))
    return capture.get()


def examples(topic):
    return (EXAMPLES / f"{topic.name}.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("topic", [t for t in TOPICS if t.models], ids=lambda topic: topic.name)
def test_a_record_is_shown_in_words_and_given_to_programs_as_it_is(topic):
    for value in examples(topic):
        text = shown(message(topic.name, value))
        assert "no record of this topic" not in text
        assert "{" not in text
        assert json_line(message(topic.name, value)) == value


def test_an_article_says_what_is_new_and_a_change_what_it_did():
    article = next(v for v in examples(TOPICS[3]) if b'"relation":"updates"' in v)
    assert orjson.loads(article)["title"] in shown(message(TOPICS[3].name, article))
    assert "+ " in shown(message(TOPICS[3].name, article))
    change = examples(CHANGES)[0]
    text = shown(message(CHANGES.name, change))
    assert orjson.loads(change)["kind"] in text
    assert "revision" in text


def test_a_change_shows_what_an_editor_wants_to_see():
    """New and revised sentences, the figure with the value it replaces, both sides of a dispute."""
    text = shown(message(CHANGES.name, DELTA.to_bytes()))
    lines = [line.strip() for line in text.splitlines()]
    assert re.search("updated +Toll climbs  ev-1 revision 2$", lines[0])
    assert lines[1:] == [
        "12 → ≥ 15 dead",
        "! The owner ignored a warning.",
        "claimed by velt, denied by Sealine Ltd",
        "+ A dam broke.",
        "~ Fifteen are dead.",
    ]


def test_a_state_and_a_change_say_when_it_happened_and_who_reports():
    """The timeline by event time, the first report, publishers, ratings, machines."""
    row = TimelineEntry(happened="2031-03-01", at=AT, text="A dam broke", source=place(0, "title"))
    late = TimelineEntry(at=AT, text="Toll climbs", source=place(0, "title"))
    facts = {
        "first_reported": FirstReport(item_id="a", source="Orlen Post", at=AT, joined_at=AT),
        "spread": Spread(
            others=1, bias_ratings=(Count(name="Center", articles=2),), bias_unknown=1, ai_not=3,
        ),
    }  # fmt: skip
    state = EventState(
        event_id="ev-1", timeline=(row, late), publishers=(Count(name="Wire", articles=2),), **facts
    )
    lines = [line.strip() for line in shown(message(STATE.name, state.to_bytes())).splitlines()]
    assert lines[1:] == [
        "First: Orlen Post, 2031-03-03 12:00",
        "Articles by publisher: Wire 2, others 1",
        "Bias ratings by article: Center 2, not known 1",
        "AI-generated: 0 of 3 (0%)",
        "2031-03-01        A dam broke",
        "2031-03-03 12:00  Toll climbs",
    ]
    delta = EventDelta(timeline_put=(row,), **facts)
    change = EventChange(
        event_id="ev-1", revision=3, kind="updated", item_id="b", at=AT, delta=delta
    )
    text = shown(message(CHANGES.name, change.to_bytes()))
    assert "A dam broke  of 2031-03-01  ev-1 revision 3" in text
    assert "First: Orlen Post, 2031-03-03 12:00" in text
    assert "AI-generated: 0 of 3 (0%)" in text


def test_foreign_bytes_show_place_origin_and_size():
    text = shown(message(RAW.name, b"A bridge\nfell", {"origin": b"wire#1"}))
    assert f"{RAW.name}/2/7  wire#1 13 bytes  A bridge fell" in text


def test_a_dead_letter_shows_its_reason():
    given = message(RAW.name, b"x")
    headers = dead_headers("normalize", given, Rejected("bad-json", "cut off"), [])
    text = shown(message(RAW.dead, b"x", headers))
    assert "articles.raw.v1.dead/2/7" in text
    assert "bad-json: cut off" in text


def test_what_is_no_record_is_shown_and_does_not_end_the_tail():
    assert "no record of this topic" in shown(message(FATES.name, b'{"item_id": 1}'))
    assert "no record of this topic" in shown(message(FATES.name, b"\xff"))
    assert "(no value) key" in shown(message(FATES.name, None))
    assert orjson.loads(json_line(message(FATES.name, b"\xff")))["value"] == {"base64": "/w=="}
    assert json_line(message(FATES.name, None)) == b"null"


def test_one_record_is_one_line():
    assert json_line(message(FATES.name, b'{"a":\n1}')).count(b"\n") == 0


def test_foreign_text_cannot_steer_the_terminal():
    """An article may hold the bytes that clear a screen or rename a window."""
    assert readable("ä\tb\n\x1b[2J\x07\u202e".encode()) == "ä\tb\n\\x1b[2J\\x07\\u202e"
    assert readable(b"\xff\x00") == "/wA="
    assert readable(None) == ""
    given = message(RAW.name, b"\x1b]0;x\x07", {"origin": b"\x1b[31m"})
    for topic in (RAW.name, RAW.dead, FATES.name):
        assert "\x1b" not in shown(message(topic, given.value, given.headers))
