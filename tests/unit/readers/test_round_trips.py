"""What a writer of a format puts in comes out, whatever the words are."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.make_items import FORMATS, Story
from streams.readers import read

LETTERS = "abcdefghij ÄÖßéñ漢字кирил 0123456789.,-–’"
words = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split()))
named = words.filter(lambda text: any(char.isalpha() for char in text))
WIRES = ("ninjs 1", "ninjs 2", "ninjs 3", "dpa", "JSON lines", "NITF", "NewsML-G2, NITF")


@pytest.mark.parametrize("name", WIRES)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_wire_item_comes_out_as_it_went_in(name, data):
    story = replace(
        Story(),
        item_id="urn:x:" + data.draw(st.text("abc:/-019", min_size=1, max_size=30)),
        version=data.draw(st.integers(0 if name != "NewsML-G2, NITF" else 1, 10**9)),
        status=data.draw(st.sampled_from(("usable", "withheld", "canceled"))),
        title=data.draw(named) + " & <b>",
        paragraphs=tuple(data.draw(st.lists(named, min_size=1, max_size=4))),
        urgency=data.draw(st.integers(1, 9)),
    )
    (draft,) = read("", FORMATS[name](story))
    assert (draft.item_id, draft.version) == (story.item_id.strip(), story.version)
    assert (draft.status, draft.urgency) == (story.status, story.urgency)
    assert draft.title == story.title
    text = draft.text.replace("</p><p>", "\n\n").replace("<p>", "").replace("</p>", "")
    text = text.replace('<section class="main">', "").replace("</section>", "")
    assert text == "\n\n".join(story.paragraphs)


@pytest.mark.parametrize("name", ["RSS", "Atom", "JSON Feed"])
@settings(deadline=None, max_examples=15)
@given(title=named, number=st.integers(1, 12))
def test_a_feed_gives_as_many_items_as_it_has_entries(name, title, number):
    found = read("", FORMATS[name](replace(Story(), title=title), number))  # type: ignore[call-arg]
    assert [draft.title.strip() for draft in found] == [title] * number
    assert len({draft.item_id for draft in found}) == number
