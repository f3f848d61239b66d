"""RSS and Atom: identity of entries, what is text and what is lead, broken feeds."""

from datetime import UTC, datetime

import pytest

from streams.readers import read
from streams.readers.entries import entry_id
from tests.unit.readers.reading import article, outcome, records, slug


def rss(items, channel="<title>Courier</title><link>https://courier.example/</link>"):
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("guid", "item_id"),
    [
        ("<guid>https://courier.example/a/1</guid>", "https://courier.example/a/1"),
        ('<guid isPermaLink="false">17</guid>', "courier.example:17"),
        ('<guid isPermaLink="false">urn:x:17</guid>', "urn:x:17"),
        ("<link>https://courier.example/a?utm_source=f</link>", "url:https://courier.example/a"),
    ],
)
def test_the_identity_of_an_entry(guid, item_id):
    assert article(rss(f"<item><title>Storm</title>{guid}</item>")).item_id == item_id


def test_two_feeds_number_their_entries_alike():
    assert entry_id("17", "https://a.example/") != entry_id("17", "https://b.example/")
    assert entry_id("17", "") == "17"
    assert entry_id(None, "https://a.example/") is None


def test_entries_without_any_name_are_told_apart_by_their_text():
    items = "<item><title>Storm</title></item><item><title>Calm</title></item>"
    first, second = records(rss(items), name="feed.xml")
    assert first.item_id != second.item_id
    assert records(rss(items), name="other.xml")[0].item_id == first.item_id


def test_an_entry_has_no_version():
    assert article(rss("<item><title>Storm</title><guid>a:1</guid></item>")).version is None


def test_a_cut_beginning_is_no_lead():
    content = (
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "A storm has closed the harbour of Torvel, the largest port of Norland. Ships wait."
        "</content:encoded>"
    )
    cut = "<description>A storm has closed the harbour of Torvel, the largest ...</description>"
    own = "<description>Nobody was hurt, and ferries sail again from Wednesday on.</description>"
    head = "<title>Storm</title><guid>a:1</guid>"
    assert article(rss(f"<item>{head}{content}{cut}</item>")).lead is None
    assert article(rss(f"<item>{head}{content}{own}</item>")).lead.startswith("Nobody")
    assert article(rss(f"<item>{head}{own}</item>")).body.startswith("Nobody")


def test_the_day_of_publication_goes_before_the_day_of_an_update():
    entry = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>f:1</id><entry><id>a:1</id>'
        "<title>Storm</title><updated>2031-03-05T00:00:00Z</updated>"
        "<published>2031-03-03T09:00:00Z</published></entry></feed>"
    )
    assert article(entry.encode()).published_at == datetime(2031, 3, 3, 9, tzinfo=UTC)
    bare = entry.replace("<published>2031-03-03T09:00:00Z</published>", "")
    assert article(bare.encode()).published_at == datetime(2031, 3, 5, tzinfo=UTC)


def test_a_broken_feed_gives_what_can_be_read_and_says_so():
    value = rss("<item><title>Storm & ferries</title><guid>a:1</guid></item>")
    (draft,) = read("", value)
    assert draft.title == "Storm & ferries"
    assert "xml" in draft.unread


def test_one_empty_entry_stops_no_other():
    found = outcome(rss("<item/><item><title>Storm</title><guid>a:1</guid></item>"))
    assert [record.title for record in found.outputs] == ["Storm"]
    assert [refusal.reason for refusal in found.refusals] == ["no-text"]


def test_an_empty_feed_is_refused():
    assert slug(rss("")) == "no-item"
    assert slug(b"<rss><channel><item><title>") in ("no-text", "bad-xml")


def test_entries_say_whose_they_are_and_under_what_terms():
    item = (
        '<item xmlns:dc="http://purl.org/dc/elements/1.1/"><title>Storm</title>'
        "<dc:creator>By Ada Quill</dc:creator><dc:rights>No archive.</dc:rights>"
        '<category domain="http://cv.iptc.org/newscodes/mediatopic/">20000148</category>'
        "<category>Weather</category><comments>x</comments></item>"
    )
    found = article(rss(item))
    assert (found.byline, found.usage_terms) == ("Ada Quill", "No archive.")
    assert found.subjects == ("medtop:20000148", "Weather")
    assert read("", rss(item))[0].ignored == ("comments",)
