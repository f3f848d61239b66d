"""Records: canonical bytes, tolerant reading, snapshots, the table of topics."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

import schemas
from schemas.base import Message, UtcTime
from schemas.control import Control
from schemas.fate import ItemFate
from schemas.topics import TOPICS, topic_of
from streams.schema_files import SNAPSHOTS, breaks, check, schema_of

FATE = {
    "item_id": "a",
    "version": 1,
    "fate": "enriched",
    "stage": "detect",
    "at": "2031-03-03T00:00:00Z",
}


def test_equal_records_give_equal_bytes_whatever_the_zone():
    class Note(Message):
        at: UtcTime

    one = Note.model_validate({"at": "2031-03-03T13:00:00+01:00"})
    two = Note(at=datetime(2031, 3, 3, 12, tzinfo=UTC))
    assert one.to_bytes() == two.to_bytes() == b'{"at":"2031-03-03T12:00:00Z"}'


def test_readers_ignore_fields_they_do_not_know():
    assert ItemFate.model_validate({**FATE, "later": 1}).fate == "enriched"


@pytest.mark.parametrize(
    "change", [{"at": "2031-03-03T00:00:00"}, {"fate": "lost"}, {"version": -1}]
)
def test_what_does_not_fit_is_refused(change):
    with pytest.raises(ValidationError):
        ItemFate.model_validate({**FATE, **change})


def test_records_are_frozen():
    with pytest.raises(ValidationError):
        ItemFate.model_validate(FATE).version = 2


def test_each_record_has_one_topic_and_a_key():
    fate = ItemFate.model_validate(FATE)
    assert topic_of(fate).name == "items.fates.v1"
    assert fate.key == b"a"
    assert topic_of(Control(action="kill", target="a", by="ana")).name == "controls.v1"


def test_topic_names_are_things_state_version():
    assert all(len(topic.name.split(".")) in (2, 3) and topic.name[-2] == "v" for topic in TOPICS)


def test_the_records_match_their_snapshots():
    assert check(SNAPSHOTS) == ([], [])


def test_a_removed_field_a_changed_type_and_a_new_duty_break():
    old = schema_of(topic_of(ItemFate.model_validate(FATE)))
    properties = dict(old["properties"])
    del properties["origin"]
    properties["stage"] = {"type": "integer"}
    new = {**old, "properties": properties, "required": [*old["required"], "reason"]}
    assert list(breaks(old, new)) == [
        "/origin: removed",
        "/reason: now required",
        "/stage: type changed",
    ]
    assert list(breaks(old, old)) == []


def test_a_value_that_goes_breaks():
    old = schema_of(topic_of(ItemFate.model_validate(FATE)))
    fates = old["properties"]["fate"]
    fewer = {**fates, "enum": [value for value in fates["enum"] if value != "held"]}
    new = {**old, "properties": {**old["properties"], "fate": fewer}}
    assert list(breaks(old, new)) == ["/fate: value 'held' removed"]


EXAMPLES = sorted((Path(schemas.__file__).parent / "examples").glob("*.jsonl"))


def test_every_topic_of_records_has_an_example():
    assert {path.stem for path in EXAMPLES} == {topic.name for topic in TOPICS if topic.models}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_records_in_canonical_bytes(path):
    (topic,) = [topic for topic in TOPICS if topic.name == path.stem]
    lines = path.read_bytes().splitlines()
    assert lines
    for line in lines:
        kind = json.loads(line).get("kind")
        models = [m for m in topic.models if len(topic.models) == 1 or kind == kind_of(m)]
        (model,) = models
        assert model.from_bytes(line).to_bytes() == line


def kind_of(model):
    return model.model_fields["kind"].default
