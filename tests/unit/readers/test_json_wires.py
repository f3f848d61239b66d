"""ninjs, dpa, JSON Feed and schema.org: what each says beyond the common story."""

import json

import pytest

from schemas.article import Article, ItemControl
from streams.readers import read
from tests.unit.readers.reading import article, outcome, records, slug


def ninjs(**fields):
    return json.dumps({"uri": "urn:wire:7", "headline": "Storm closes harbour", **fields}).encode()


def test_version_zero_of_ninjs_is_a_version():
    assert article(ninjs(version="0")).version == 0


@pytest.mark.parametrize("name", ["embargoed", "embargoedUntil"])
def test_ninjs_2_and_3_spell_the_embargo_differently(name):
    assert article(ninjs(**{name: "2031-03-03T12:00:00Z"})).embargoed_until.hour == 12


def test_of_two_embargoes_the_later_holds_and_an_unreadable_one_blocks():
    both = {"embargoed": "2031-03-03T12:00:00Z", "embargoedUntil": "2031-03-04T12:00:00Z"}
    assert article(ninjs(**both)).embargoed_until.day == 4
    assert article(ninjs(**both | {"embargoed": "noon"})).embargo_unreadable


def test_one_name_in_two_spellings_is_refused():
    assert slug(ninjs(pubStatus="usable", pubstatus="canceled")) == "bad-json"


def test_a_null_is_not_stated():
    found = article(ninjs(embargoed=None, pubstatus=None, version=None, urgency=None))
    assert (found.embargo_unreadable, found.status, found.version) == (False, "usable", None)
    assert found.provenance.unread == ()


def test_a_body_in_markup_goes_before_one_without():
    bodies = [
        {"role": "main", "contenttype": "text/plain", "value": "One. Two."},
        {"role": "main", "contenttype": "text/html", "value": "<p>One.</p><p>Two.</p>"},
    ]
    assert article(ninjs(bodies=bodies)).body == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ({"uri": "http://cv.iptc.org/newscodes/mediatopic/20000148"}, "medtop:20000148"),
        ({"uri": "https://cv.iptc.org/newscodes/mediatopic/20000148"}, "medtop:20000148"),
        ({"uri": "medtop:20000148", "name": "x"}, "medtop:20000148"),
        ({"scheme": "http://cv.iptc.org/newscodes/subjectcode/", "code": "0401"}, "subj:0401"),
        ({"scheme": "medtop", "code": "20000148"}, "medtop:20000148"),
        ({"uri": "http://topics.example/storms"}, "http://topics.example/storms"),
        ({"name": "Weather", "literal": "17"}, "17"),
        ({"name": "Wetter  und\nKlima"}, "Wetter und Klima"),
    ],
)
def test_subjects_have_one_spelling(subject, code):
    assert article(ninjs(subject=[subject])).subjects == (code,)


def test_a_killed_story_does_not_take_its_pictures_along():
    pictures = {"main": {"uri": "urn:photo:1"}, "replaces": {"uri": "urn:wire:6"}}
    found = article(ninjs(pubstatus="canceled", associations=pictures))
    assert (found.item_id, found.status) == ("urn:wire:7", "canceled")


def test_a_notice_that_kills_others_by_id_is_an_order():
    kills = [{"rel": "kills", "uri": "urn:wire:5"}, {"rel": "seeAlso", "uri": "urn:wire:4"}]
    order, own = records(ninjs(pubStatus="canceled", associations=kills))
    assert isinstance(order, ItemControl)
    assert isinstance(own, Article)
    assert (order.action, order.item_id, order.notice_id) == ("kill", "urn:wire:5", "urn:wire:7")
    assert (own.item_id, own.status) == ("urn:wire:7", "canceled")


def test_a_corrective_names_what_it_mends():
    mends = [{"name": "corrects", "uri": "urn:wire:5"}]
    note = [{"role": "correction", "value": "The pier was the western one."}]
    found = article(ninjs(associations=mends, descriptions=note))
    assert (found.refers_to, found.status) == ("urn:wire:5", "usable")
    assert found.correction_note == "The pier was the western one."


@pytest.mark.parametrize("kind", ["picture", "video", "planning", "event"])
def test_a_picture_without_a_body_is_no_story(kind):
    assert slug(ninjs(type=kind)) == "not-a-story"
    assert article(ninjs(type=kind, body_text="It blows.")).body == "It blows."
    assert article(ninjs(type=kind, pubstatus="canceled")).status == "canceled"


@pytest.mark.parametrize(
    "fields",
    [{"headline": 5}, {"body_text": ["x"]}, {"uri": {}}, {"description_text": {}}],
)
def test_a_text_of_a_wrong_type_is_refused(fields):
    assert slug(ninjs(**fields), format="ninjs") == "bad-field"


def test_metadata_of_a_wrong_type_is_noted():
    (draft,) = read("", ninjs(language=["en"], usageterms={}, byline=5, urgency="soon"))
    assert draft.unread == ("language", "urgency", "byline", "usageterms")
    assert draft.ignored == ()


@pytest.mark.parametrize("status", ["canceled", "withheld"])
@pytest.mark.parametrize("name", ["ninjs", "dpa", "jsonl"])
def test_a_kill_does_not_fail_by_its_text(name, status):
    wrong = {"headline": 5, "title": 5, "body": {}, "article_html": [], "key_points": 7}
    own = {"ninjs": {"uri": "a"}, "dpa": {"urn": "a", "entry_id": "b"}, "jsonl": {"id": "a"}}
    state = {"pubstatus": status} if name != "jsonl" else {"pub_status": status}
    found = article(json.dumps(wrong | own[name] | state).encode(), format=name)
    assert (found.item_id, found.status) == ("a", status)
    assert found.provenance.unread


def dpa(**fields):
    entry = {"urn": "urn:newsml:dpa.example:1", "entry_id": "Zx", "headline": "Sturm"}
    return json.dumps({**entry, "article_html": "<p>Es weht.</p>", **fields}).encode()


def test_dpa_keeps_notes_inside_and_shows_a_correction_that_may_be_printed():
    notes = [
        {"role": "dpaednoterole:correctionlong", "ednote": "SECRET", "is_publishable": False},
        {"role": "dpaednoterole:correctionshort", "ednote": "Der Pier.", "is_publishable": True},
        {"role": "dpaednoterole:editorialnote", "ednote": "SECRET", "is_publishable": True},
    ]
    (draft,) = read("", dpa(ednotes=notes, notepad={"public_html": "SECRET"}, signal="sig:x"))
    assert draft.correction_note == "Der Pier."
    assert "SECRET" not in repr(draft)
    assert draft.internal == ("signal", "notepad", "ednotes")


def test_dpa_states_place_and_box():
    found = article(dpa(dateline="Torvel (dpa) - ", infobox_html="<p>Kasten.</p>", kicker="W"))
    assert (found.dateline, found.body) == ("Torvel (dpa)", "Es weht.\n\nKasten.")
    assert found.credit is None


def test_a_reply_of_dpa_holds_many_entries_and_one_bad_one_stops_none():
    entries = [json.loads(dpa(urn=f"urn:{n}", version=v)) for n, v in enumerate([1, -1, 2])]
    found = outcome(json.dumps({"entries": [*entries, 7]}).encode())
    assert [(r.item_id, r.version) for r in found.outputs] == [("urn:0", 1), ("urn:2", 2)]
    reasons = [(refusal.reason, refusal.item_id) for refusal in found.refusals]
    assert reasons == [("bad-version", "urn:1"), ("bad-field", "")]


def test_entries_of_a_json_feed():
    items = [
        {"id": "1", "content_text": "It blows.", "title": "Storm", "authors": [{"name": "Ada"}]},
        {"id": 2, "title": "Calm", "external_url": "https://x.example/2", "tags": ["a", 7, "b"]},
        {"id": "3", "content_html": 5},
        "no object",
    ]
    feed = {"version": "https://jsonfeed.org/version/1", "title": "Desk", "items": items}
    found = outcome(json.dumps(feed).encode())
    first, second = found.outputs
    assert (first.item_id, first.byline, first.source.name) == ("desk:1", "Ada", "Desk")
    assert (second.item_id, second.url) == ("desk:2", "https://x.example/2")
    assert second.subjects == ("a", "b")
    assert [refusal.reason for refusal in found.refusals] == ["bad-field", "bad-field"]


SCHEMA = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Storm"}


@pytest.mark.parametrize(
    ("correction", "note"),
    [
        ("The western pier.", "The western pier."),
        ({"@type": "CorrectionComment", "text": "The western pier."}, "The western pier."),
        ([{"text": "One."}, "Two."], "One. Two."),
        (17, None),
    ],
)
def test_a_correction_of_schema_org_is_public(correction, note):
    assert article(json.dumps(SCHEMA | {"correction": correction}).encode()).correction_note == note


def test_the_article_is_found_among_other_nodes():
    graph = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, SCHEMA]}
    assert article(json.dumps(graph).encode()).title == "Storm"
    nothing = {"@context": "https://schema.org", "@type": "Recipe"}
    assert slug(json.dumps(nothing).encode()) == "not-a-story"
