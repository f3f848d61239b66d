"""NITF: management of documents, times, corrections, and what its body sets apart."""

from datetime import UTC, datetime

import pytest

from schemas.article import ItemControl
from streams.readers import read
from tests.unit.readers.reading import article, records, slug


def nitf(docdata="", attributes="", head="<hedline><hl1>Storm</hl1></hedline>", content=""):
    content = content or "<p>It blows.</p>"
    return (
        f'<nitf><head><docdata {attributes}><doc-id id-string="n-7"/>{docdata}</docdata></head>'
        f"<body><body.head>{head}</body.head><body.content>{content}</body.content></body></nitf>"
    ).encode()


@pytest.mark.parametrize(
    ("norm", "time", "precision"),
    [
        ("20310303T101500+0100", datetime(2031, 3, 3, 9, 15, tzinfo=UTC), "exact"),
        ("20310303T101500Z", datetime(2031, 3, 3, 10, 15, tzinfo=UTC), "exact"),
        ("20310303000000-0500", datetime(2031, 3, 3, 5, tzinfo=UTC), "exact"),
        ("2031-03-03T10:15:00Z", datetime(2031, 3, 3, 10, 15, tzinfo=UTC), "exact"),
        ("20310303", datetime(2031, 3, 3, tzinfo=UTC), "day"),
        ("20311399T000000Z", None, "unknown"),
    ],
)
def test_times_of_nitf(norm, time, precision):
    found = article(nitf(f'<date.issue norm="{norm}"/>'))
    assert (found.published_at, found.published_precision) == (time, precision)


def test_an_embargoed_document_waits_for_its_release():
    released = nitf('<date.release norm="20310303T180000Z"/>', 'management-status="embargoed"')
    assert article(released).embargoed_until == datetime(2031, 3, 3, 18, tzinfo=UTC)
    assert article(nitf("", 'management-status="embargoed"')).embargo_unreadable
    assert article(nitf('<date.release norm="soon"/>')).embargo_unreadable


@pytest.mark.parametrize(("status", "action"), [("canceled", "kill"), ("withheld", "hold")])
def test_a_document_gives_an_order_about_another(status, action):
    attributes = f'management-doc-idref="n-5" management-idref-status="{status}"'
    order, own = records(nitf(attributes=attributes))
    assert isinstance(order, ItemControl)
    assert (order.action, order.item_id, order.notice_id) == (action, "n-5", "n-7")
    assert (own.item_id, own.status) == ("n-7", "usable")


def test_an_order_in_words_that_nobody_knows_is_refused():
    attributes = 'management-doc-idref="n-5" management-idref-status="spiked"'
    assert slug(nitf(attributes=attributes)) == "bad-status"
    assert len(records(nitf(attributes='management-doc-idref="n-5"'))) == 1


def test_a_correction_names_its_document_and_says_what_changed():
    correction = '<correction id-string="n-5" info="The western pier."/>'
    found = article(nitf(correction, 'management-status="usable"'))
    assert (found.refers_to, found.correction_note) == ("n-5", "The western pier.")
    withdrawn = article(nitf(correction, 'management-status="canceled"'))
    assert (withdrawn.item_id, withdrawn.status) == ("n-7", "canceled")


def test_notes_for_editors_stay_inside():
    content = '<p>It blows.</p><note noteclass="editorsnote"><p>SECRET</p></note>'
    (draft,) = read("", nitf('<ed-msg info="SECRET"/>', content=content))
    assert "SECRET" not in repr(draft)
    assert draft.internal == ("ed-msg", "note")


def test_captions_are_no_text_and_inline_markup_is():
    content = (
        "<block><p><person>Mara Lindqvist</person>, <org>port authority</org>, "
        "<chron norm='x'>Monday</chron>&nbsp;night</p><media><media-caption>A pier</media-caption>"
        "</media><hl2>Ferries</hl2><ol><li>Ruzna</li></ol></block>"
    )
    value = b'<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">' + nitf(content=content)
    (draft,) = read("", value)
    want = "Mara Lindqvist, port authority, Monday night\n\nFerries\n\n• Ruzna"
    assert draft.text.replace("\xa0", " ") == want
    assert draft.ignored == ("body.content/media",)


def test_the_head_of_the_body():
    head = (
        "<hedline><hl1>Storm <em>closes</em> harbour</hl1><hl2>Ships wait</hl2></hedline>"
        "<byline>By <person>Ada Quill</person>\n<byttl>Reporter</byttl></byline>"
        "<dateline><location>TORVEL</location></dateline><distributor>x</distributor>"
    )
    (draft,) = read("", nitf(head=head))
    assert (draft.title, draft.byline) == ("Storm closes harbour", "Ada Quill Reporter")
    assert draft.dateline == "TORVEL"
    assert draft.ignored == ("body.head/distributor", "hedline/hl2")


def test_subjects_by_number_name_and_keyword():
    data = (
        '<key-list><keyword key="storm"/></key-list>'
        '<identified-content><classifier value="weather"/></identified-content>'
    )
    value = nitf(data).replace(
        b"<head>",
        b'<head><tobject><tobject.subject tobject.subject.refnum="17005000"/>'
        b'<tobject.subject tobject.subject.type="Weather"/></tobject>',
    )
    assert article(value).subjects == ("subj:17005000", "Weather", "storm", "weather")
