"""Bytes to text, times, addresses, languages, identities."""

from datetime import UTC, datetime

import pytest

from streams.cleaning.charset import decode
from streams.cleaning.dates import latest_date, plausible, stated_time
from streams.cleaning.identity import MAX_ID, bounded_id, identity
from streams.cleaning.language import guess_language, stated_language
from streams.cleaning.urls import canonical_url
from streams.errors import Rejected

ENCODED = [
    ("Die Bundesregierung hat am Dienstag über höhere Zölle beraten.", "cp1252"),
    ("El presidente anunció el martes una reforma para los próximos años. ¿Cuándo?", "cp1252"),
    ("Le président a annoncé mardi une réforme à l’Élysée.", "cp1252"),
    ("Prezydent zapowiedział w środę nową ustawę o żegludze śródlądowej.", "cp1250"),
    ("Правительство заявило, что договор будет подписан в ближайшее время.", "cp1251"),
    ("Правительство заявило, что договор будет подписан в ближайшее время.", "koi8-r"),
    ("政府は火曜日、新しい経済政策を発表した。専門家は影響を注視している。", "shift_jis"),
    ("Tōkyō and Zürich", "utf-8-sig"),
    ("Tōkyō and Zürich", "utf-16"),
    ("Tōkyō and Zürich", "utf-16-le"),
    ("Tōkyō and Zürich", "utf-16-be"),
    ("Tōkyō and Zürich", "utf-32"),
]


@pytest.mark.parametrize(("text", "name"), ENCODED, ids=[f"{n}-{t[:8]}" for t, n in ENCODED])
def test_text_is_read_in_its_encoding(text, name):
    assert decode(text.encode(name)) == text


def test_a_few_damaged_bytes_do_not_change_the_encoding():
    assert decode("Zürich, Genève, Köln, São Paulo".encode() + b"\xff") == (
        "Zürich, Genève, Köln, São Paulo\ufffd"
    )


def test_one_damaged_byte_in_a_long_text_does_not_change_the_encoding():
    text = "Genève has a long plain text. " + "The river rose again. " * 20
    assert decode(text.encode() + b"\xff") == text + "\ufffd"
    latin = "Nearly all is plain, but for one café. " * 2
    assert decode(latin.encode("cp1252")) == latin


@pytest.mark.parametrize(
    "value",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"PK\x03\x04" + b"abc",
        b"%PDF-1.7\n",
        b"\x1f\x8b\x08",
        b"{\\rtf1 text}",
        bytes(range(256)) * 8,
        b"\0" * 100,
    ],
)
def test_what_is_no_text_is_refused(value):
    with pytest.raises(Rejected, match="not-text"):
        decode(value)


DAY = datetime(2031, 3, 3, tzinfo=UTC)
TIMES = [
    ("2031-03-03T10:00:00+02:00", datetime(2031, 3, 3, 8, tzinfo=UTC), "exact"),
    ("2031-03-03T10:00:00Z", datetime(2031, 3, 3, 10, tzinfo=UTC), "exact"),
    ("20310303T101112Z", datetime(2031, 3, 3, 10, 11, 12, tzinfo=UTC), "exact"),
    ("Mon, 03 Mar 2031 10:00:00 GMT", datetime(2031, 3, 3, 10, tzinfo=UTC), "exact"),
    ("2031-03-03T10:00:00", datetime(2031, 3, 3, 10, tzinfo=UTC), "day"),
    ("2031-03-03", DAY, "day"),
    ("March 3, 2031", DAY, "day"),
    ("3. März 2031", DAY, "day"),
    (1930298400, datetime(2031, 3, 3, 10, tzinfo=UTC), "exact"),
    (1930298400000, datetime(2031, 3, 3, 10, tzinfo=UTC), "exact"),
    ("1930298400", datetime(2031, 3, 3, 10, tzinfo=UTC), "exact"),
]


@pytest.mark.parametrize(("stated", "at", "precision"), TIMES)
def test_a_stated_time_is_read_with_its_precision(stated, at, precision):
    assert stated_time(stated) == (at, precision)


@pytest.mark.parametrize(
    "stated",
    [
        *(
            "soon",
            "",
            "2031",
            "31/31/2031",
            "9999-12-31T23:59:59-10:00",
            "0001-01-01T00:00:00+10:00",
        ),
        *("3 March 2031, 10 pm local time", "not before March 3, 2031"),
        *(None, True, 7, -1, float("nan"), float("inf"), 10**400, 1e300, [], {}),
    ],
)
def test_an_unreadable_time_is_unknown(stated):
    assert stated_time(stated) == (None, "unknown")


@pytest.mark.parametrize("stated", ["0001-01-01T00:00:00Z", "1899-12-31", "2201-01-01", "soon"])
def test_a_year_that_can_only_be_a_fault_is_unknown(stated):
    assert plausible(stated_time(stated)).precision == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "It was signed on March 3, 2031.",
        "On Mar. 3, 2031 and on 2 March 2031",
        "the 3rd of March, 2031",
        "am 3. März 2031",
        "am 03.03.2031",
        "el 3 de marzo de 2031",
        "le 3 mars 2031",
        "le 3 mars 2031 et le 1er mars 2031",
        "Stand 2031-03-03, March 9 without a year",
        "On March 3, 2031, they met; the talks will go on until March 9, 2031.",
        "On March 3, 2031 the house voted. It is due to meet on April 5, 2031",
        "Born on 5 May 1931, he died on 3 March 2031",
    ],
)
def test_the_latest_day_that_is_no_plan_dates_a_text(text):
    assert latest_date(text) == (DAY, "inferred")


@pytest.mark.parametrize(
    "text",
    [
        "on March 3",
        "31 June 2031",
        "scheduled for March 3, 2031",
        "in March 2031",
        "the vote will be held on March 3, 2031",
        "in 2031",
        "room 3 March 20311",
        "May 2031 be kind",
    ],
)
def test_no_day_is_made_up(text):
    assert latest_date(text) == (None, "unknown")


URLS = {
    "HTTP://www.Example.org:80/a/../b/./c?utm_source=x&b=2&a=1#top": (
        "http://www.example.org/b/c?a=1&b=2"
    ),
    "https://example.org": "https://example.org/",
    "https://user:secret@example.org/x": "https://example.org/x",
    "https://xn--bcher-kva.example/ä": "https://bücher.example/%C3%A4",
    "https://example.org/news?12345": "https://example.org/news?12345",
    "https://example.org/a?cid=4&fbclid=Z": "https://example.org/a?cid=4",
    "https://example.org/a?empty=&b=1": "https://example.org/a?b=1&empty=",
    " https://example.org/a ": "https://example.org/a",
    "javascript:alert(1)": None,
    "ftp://example.org/a": None,
    "//example.org/a": None,
    "https://exa mple.org/": None,
    "https://example.org:99999/": None,
    "http://[bad/": None,
    "": None,
    "https://example.org/" + "a" * 3000: None,
    "https://example.org/\x00": None,
}


@pytest.mark.parametrize("url", URLS, ids=lambda url: url[:40])
def test_an_address_has_one_spelling(url):
    assert canonical_url(url) == URLS[url]
    assert canonical_url(URLS[url]) == URLS[url]


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"),
        ("de", "de"),
        ("DEU", "de"),
        ("zh-Hant-TW", "zh"),
        ("nb", "no"),
        ("en_GB", "en"),
    ],
)
def test_a_language_tag_becomes_two_letters(tag, code):
    assert stated_language(tag) == code


@pytest.mark.parametrize("tag", ["", None, "und", "English please", "x", "qqq", "12"])
def test_an_unreadable_tag_is_no_language(tag):
    assert stated_language(tag) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The ministers of both countries met on Monday to discuss the border.", "en"),
        ("Die Minister beider Länder trafen sich am Montag zu Gesprächen.", "de"),
        ("Los ministros de ambos países se reunieron el lunes en la capital.", "es"),
        ("政府は火曜日、新しい経済政策を発表した。", "ja"),
        ("Torvel", "und"),
        ("12 345 678", "und"),
    ],
)
def test_a_language_is_guessed_only_where_the_text_shows_it(text, code):
    assert guess_language(text) == code


def test_identity_takes_the_first_thing_known():
    url, name = "https://n.example/a", "day/3.txt"
    assert identity(" a1 ", url, name, "The Daily Note", b"x") == "a1"
    assert identity(" ", url, name, None, b"x") == "url:https://n.example/a"
    assert identity(None, None, name, "The Daily Note", b"x") == "file:the-daily-note:day/3.txt"
    assert identity(None, None, name, None, b"x") == "file:-:day/3.txt"
    assert identity(None, None, None, None, b"x") == "sha256:2d711642b726b044"


@pytest.mark.parametrize("stated", ["a" * (MAX_ID + 1), "a\nb", "a\x00", "a\ud800"])
def test_an_id_that_no_log_should_hold_is_hashed(stated):
    assert bounded_id(stated).startswith("sha256:")
    assert bounded_id(stated) == bounded_id(stated) != bounded_id(stated + "c")
