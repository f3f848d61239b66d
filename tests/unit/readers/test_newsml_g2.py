"""NewsML-G2: states, codes, contents, messages with many items, packages."""

import pytest

from schemas.article import Article, ItemControl
from streams.readers import read
from tests.unit.readers.reading import article, outcome, records, slug

NS = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
HTML = (
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
    "<body><p>It blows.</p></body></html></inlineXML>"
)


def item(meta="", about="<headline>Storm</headline>", content=HTML, before=""):
    return (
        f'<newsItem {NS} guid="urn:g2:7" version="2">{before}'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    ).encode()


def test_the_version_of_an_item_that_states_none_is_one():
    assert article(item().replace(b' version="2"', b"")).version == 1


@pytest.mark.parametrize(
    "status",
    ['qcode="stat:canceled"', 'uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"'],
)
def test_a_kill_is_keyed_on_the_status_alone(status):
    meta = f'<pubStatus {status}/><signal qcode="sig:update"/>'
    assert article(item(meta)).status == "canceled"
    assert article(item('<pubStatus qcode="stat:usable"/><signal qcode="sig:kill"/>')).status == (
        "usable"
    )


def test_a_status_without_a_code_is_refused():
    assert slug(item("<pubStatus/>")) == "bad-status"


def test_an_empty_embargo_has_no_end():
    assert article(item("<embargoed/>")).embargo_unreadable
    assert article(item("<embargoed>2031-03-03T10:00:00Z</embargoed>")).embargoed_until.hour == 10


def test_links_order_only_where_they_say_so():
    def meta(relation):
        return (
            f'<pubStatus qcode="stat:canceled"/><link rel="irel:{relation}" residref="urn:g2:6"/>'
        )

    assert article(item(meta("seeAlso"))).item_id == "urn:g2:7"
    assert article(item(meta("replaces"))).item_id == "urn:g2:7"
    order, own = records(item(meta("kills")))
    assert isinstance(order, ItemControl)
    assert isinstance(own, Article)
    assert (order.action, order.item_id, own.status) == ("kill", "urn:g2:6", "canceled")


def test_a_usable_item_may_correct_another():
    found = article(item('<link rel="irel:corrects" residref="urn:g2:6"/>'))
    assert (found.status, found.refers_to) == ("usable", "urn:g2:6")


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ('qcode="medtop:20000148"', "medtop:20000148@iptc-38"),
        ('uri="http://cv.iptc.org/newscodes/mediatopic/20000148"', "medtop:20000148@iptc-38"),
        ('qcode="mt:20000148"', "medtop:20000148@iptc-38"),
        ('qcode="house:17"', "http://house.example/topics/17"),
        ('qcode="nobody:17"', "nobody:17"),
        ('literal="weather"', "weather"),
    ],
)
def test_codes_are_resolved_by_catalogues_that_came_along(subject, code):
    catalogues = (
        '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>'
        '<catalog><scheme alias="mt" uri="http://cv.iptc.org/newscodes/mediatopic/"/>'
        '<scheme alias="house" uri="http://house.example/topics/"/></catalog>'
    )
    found = article(
        item(about=f"<headline>Storm</headline><subject {subject}/>", before=catalogues)
    )
    assert found.subjects == (code,)


def test_without_a_catalogue_no_version_is_claimed():
    about = '<headline>Storm</headline><subject qcode="medtop:1"><name>weather</name></subject>'
    assert article(item(about=about)).subjects == ("medtop:1",)


def test_the_main_headline_is_chosen_by_role():
    about = (
        '<headline role="hlrole:sub">Ships wait</headline><headline role="x:main">Storm</headline>'
    )
    assert article(item(about=about)).title == "Storm"


@pytest.mark.parametrize(
    "content",
    [
        HTML,
        "<inlineData>It blows.</inlineData>",
        '<inlineData contenttype="text/html">&lt;p&gt;It blows.&lt;/p&gt;</inlineData>',
        "<inlineXML><nitf><body><body.content><p>It <em>blows</em>.</p></body.content></body>"
        "</nitf></inlineXML>",
        f"<remoteContent href='http://x.example/a.jpg'/>{HTML}",
    ],
)
def test_contents_in_four_dresses(content):
    assert article(item(content=content)).body == "It blows."


def test_nothing_remote_is_opened_and_it_is_named_as_ignored():
    content = "<remoteContent href='http://127.0.0.1:1/a.xml'/>"
    (draft,) = read("", item(content=content))
    assert (draft.text, draft.ignored) == ("", ("contentSet/remoteContent",))


def test_a_picture_is_no_story():
    assert slug(item('<itemClass qcode="ninat:picture"/>', content="")) == "not-a-story"


def test_parts_of_the_text_in_order():
    body = (
        "<h2>On land</h2><p>One &amp;\n two.</p><ul><li>First</li><li><p>Second</p></li></ul>"
        "<p>Left<br/>right</p><script>no()</script><figure><figcaption>A pier</figcaption></figure>"
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )
    (draft,) = read("", item(content=HTML.replace("<p>It blows.</p>", body)))
    assert draft.text == "On land\n\nOne & two.\n\n• First\n• Second\n\nLeft\nright\n\na b"
    assert draft.ignored == ("text/script", "text/figcaption")


def message(*items):
    joined = b"".join(items).decode()
    return (f"<newsMessage {NS}><header/><itemSet>{joined}</itemSet></newsMessage>").encode()


def test_one_bad_item_of_a_message_stops_none():
    good = item().replace(b"urn:g2:7", b"urn:g2:1")
    bad = item('<pubStatus qcode="stat:what"/>')
    concept = f'<conceptItem {NS} guid="urn:c:1"/>'.encode()
    found = outcome(message(good, bad, concept, good.replace(b"urn:g2:1", b"urn:g2:2")))
    assert [record.item_id for record in found.outputs] == ["urn:g2:1", "urn:g2:2"]
    reasons = [(refusal.reason, refusal.item_id, refusal.version) for refusal in found.refusals]
    assert reasons == [("bad-status", "urn:g2:7", 2), ("not-a-story", "urn:c:1", 0)]


def test_a_message_without_items_is_refused():
    assert slug(message()) == "no-item"
    assert slug(f'<conceptItem {NS} guid="urn:c:1"/>'.encode()) == "not-a-story"


def test_of_very_many_refused_items_not_each_gets_a_letter():
    bad = item('<pubStatus qcode="stat:what"/>')
    found = outcome(message(*[bad] * 300))
    assert len(found.refusals) == 21
    assert found.refusals[-1].detail.endswith("and 279 more items of this message")
    assert slug(message(*[b"<a/>"] * 1001)) == "too-many-items"


def test_a_withdrawn_package_withdraws_nothing_that_it_lists():
    package = item('<pubStatus qcode="stat:canceled"/>', content="").replace(
        b"newsItem", b"packageItem"
    )
    group = b'<groupSet><group><itemRef residref="urn:g2:1"/></group></groupSet></packageItem>'
    package = package.replace(b"</packageItem>", group)
    found = article(package)
    assert (found.item_id, found.status, found.refers_to) == ("urn:g2:7", "canceled", None)
    assert "groupSet" in read("", package)[0].ignored
