"""One story in every format gives one article: readers differ in what they read, not in the end."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.make_items import FORMATS, PARAGRAPHS, SECRET, Story
from schemas.article import Article
from streams.readers import READERS, read
from tests.unit.readers.reading import article, outcome, records, slug

STORY = Story()
SINGLE = {name: make for name, make in FORMATS.items() if len(read("", make(STORY))) == 1}
MANY = {name: make for name, make in FORMATS.items() if name not in SINGLE}
WIRES = ("ninjs 1", "ninjs 2", "ninjs 3", "dpa", "JSON lines", "NITF", "NewsML-G2, XHTML")
G2 = ("NewsML-G2, NITF", "NewsML-G2, XHTML")
LATER = datetime(2031, 3, 3, 17, tzinfo=UTC)


@pytest.mark.parametrize("name", FORMATS)
def test_the_text_is_the_same_from_every_format(name):
    found = records(FORMATS[name](STORY))[0]
    assert found.title == STORY.title
    teased = f"{STORY.lead}\n\n" if name == "HTML page" else ""  # a page sets no lead apart
    assert found.body == teased + "\n\n".join(PARAGRAPHS)
    assert found.lead in (None, STORY.lead)
    assert found.language == "en"
    assert found.dateline == "TORVEL, Norland (Delta Wire)"


@pytest.mark.parametrize("name", [*WIRES, *G2])
def test_a_wire_states_identity_time_urgency_byline_terms_and_subjects(name):
    found = article(FORMATS[name](STORY))
    assert (found.item_id, found.version, found.status) == (STORY.item_id, 3, "usable")
    assert found.published_at == datetime(2031, 3, 3, 9, 15, tzinfo=UTC)
    assert found.published_precision == "exact"
    assert found.expires == datetime(2031, 4, 1, tzinfo=UTC)
    assert (found.urgency, found.byline) == (4, "Ada Quill")
    assert found.usage_terms == "No archive after 30 days."
    assert found.subjects[0].partition("@")[0] in ("medtop:20000148", "subj:04015000")
    assert found.credit == (None if name == "NITF" else "Delta Wire")
    assert found.source.name in ("Delta Wire", "dpa")
    assert (found.embargoed_until, found.embargo_unreadable) == (None, False)


@pytest.mark.parametrize("name", MANY)
def test_items_of_one_message_have_identities_of_their_own(name):
    found = records(FORMATS[name](STORY), name="all.xml", format="")
    assert len({record.item_id for record in found}) == len(found) >= 20
    assert all(record.source.name == "Delta Wire" for record in found)


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_for_editors_is_in_no_record(name):
    found = records(FORMATS[name](STORY))
    drafts = read("", FORMATS[name](STORY))
    assert all(SECRET not in record.model_dump_json() for record in found)
    assert all(SECRET not in repr(draft) for draft in drafts)
    assert all("sig:" not in record.model_dump_json() for record in found)


@pytest.mark.parametrize("name", WIRES)
def test_an_embargo_is_read(name):
    story = replace(STORY, embargo="2031-03-03T18:00:00+01:00")
    found = article(FORMATS[name](story))
    assert (found.embargoed_until, found.embargo_unreadable) == (LATER, False)


@pytest.mark.parametrize("name", [n for n in WIRES if n != "NITF"])
@pytest.mark.parametrize("stated", ["", "tonight", "2031-13-01T00:00:00Z", "03/04/31"])
def test_an_embargo_that_cannot_be_read_blocks(name, stated):
    found = article(FORMATS[name](replace(STORY, embargo=stated)))
    assert (found.embargoed_until, found.embargo_unreadable) == (None, True)


@pytest.mark.parametrize("name", [*WIRES, *G2])
@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_an_item_withdraws_itself(name, status):
    found = article(FORMATS[name](replace(STORY, status=status)))
    assert (found.item_id, found.status) == (STORY.item_id, status)


@pytest.mark.parametrize("name", [*WIRES, *G2])
def test_a_status_that_nobody_knows_is_refused(name):
    assert slug(FORMATS[name](replace(STORY, status="spiked"))) == "bad-status"


@pytest.mark.parametrize("name", [*WIRES, *G2, "schema.org JSON"])
@pytest.mark.parametrize("version", [-1, "1.5", "new", 10**20])
def test_a_version_that_is_no_whole_number_is_refused(name, version):
    assert slug(FORMATS[name](replace(STORY, version=version))) == "bad-version"


@pytest.mark.parametrize("name", [n for n in WIRES if n != "JSON lines"])
def test_an_urgency_out_of_range_is_left_out_and_noted(name):
    found = article(FORMATS[name](replace(STORY, urgency=12)))
    assert found.urgency is None
    assert "urgency" in found.provenance.unread


@pytest.mark.parametrize("name", SINGLE)
def test_invalid_dates_are_noted_or_unknown(name):
    found = records(FORMATS[name](replace(STORY, published="2031-02-30", expires="9999-99-99")))[0]
    assert isinstance(found, Article)
    assert found.published_precision in ("unknown", "inferred")
    assert found.expires is None


@pytest.mark.parametrize("name", FORMATS)
def test_reading_twice_gives_the_same(name):
    value = FORMATS[name](STORY)
    assert read("", value) == read("", value)
    assert outcome(value) == outcome(value)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_of_the_encoding_changes_nothing(name, encoding):
    value = FORMATS[name](STORY)
    plain, marked = read("", value), read("", value.decode().encode(encoding))
    assert [d.title for d in plain] == [d.title for d in marked]
    assert [d.text for d in plain] == [d.text for d in marked]


def test_every_reader_has_a_format_here():
    formats = {read("", make(STORY))[0].format for make in FORMATS.values()}
    names = {name.partition("-1")[0].partition("-2")[0].partition("-3")[0] for name in formats}
    assert {name.partition("-rss")[0].partition("-atom")[0] for name in names} == set(READERS)
