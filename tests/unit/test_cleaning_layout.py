"""Titles, leads, paragraphs and bullets, as texts of many makers set them."""

import pytest

from streams.cleaning.compose import compose
from streams.cleaning.layout import dateline
from streams.readers.draft import Draft


def lay(text, **stated):
    return compose(Draft("text", text=text, **stated)).layout


def test_paragraphs_may_be_divided_by_single_line_breaks():
    layout = lay("Flood in Torvel\n The river rose.\nTen streets are closed. \n")
    assert layout == ("Flood in Torvel", "", ("The river rose.", "Ten streets are closed."), ())


@pytest.mark.parametrize("mark", ["•", "‣", "*", "-", "–", "▪", "·", "◦"])
def test_the_only_paragraph_before_bullets_is_the_lead(mark):
    layout = lay(f"Flood in Torvel\n\nThe river rose.\n  {mark} One.\n  {mark} Two.\n")
    assert layout == ("Flood in Torvel", "The river rose.", (), ("One.", "Two."))


def test_what_follows_the_bullets_is_body():
    layout = lay("Flood\n\nThe river rose.\n\n1. One.\n2. Two.\n\nIt rained for days.")
    assert layout.lead == "The river rose."
    assert layout.body == ("It rained for days.",)
    assert layout.key_points == ("One.", "Two.")


def test_two_paragraphs_before_bullets_are_body():
    layout = lay("Flood\n\nThe river rose.\n\nIt rained.\n\n• One.\n• Two.")
    assert (layout.lead, layout.body) == ("", ("The river rose.", "It rained."))


def test_a_heading_of_the_list_is_no_lead():
    layout = lay("Flood\n\nThe river rose.\n\nKey points:\n• One.\n• Two.")
    assert (layout.lead, layout.key_points) == ("The river rose.", ("One.", "Two."))


def test_a_bullet_goes_on_in_the_next_line():
    layout = lay("Flood\n\nLead.\n• One that\n  goes on.\n• Two.")
    assert layout.key_points == ("One that goes on.", "Two.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Flood in Torvel\n\nThe river rose.", "Flood in Torvel"),
        ("# Flood in Torvel\n\nThe river rose.", "Flood in Torvel"),
        ("Title: Flood in Torvel\nThe river rose.", "Flood in Torvel"),
        ("Flood in Torvel\n===============\n\nThe river rose.", "Flood in Torvel"),
        ("Just one line about a flood.", ""),
        ("TORVEL, March 3 (Delta) — The river rose.\n\nIt rained.", ""),
        ("The river rose. It had rained for days.\n\nTen streets are closed.", ""),
        ("word " * 50 + "\n\nThe river rose.", ""),
        ("• One.\n• Two.", ""),
    ],
)
def test_a_title_is_a_short_first_line(text, title):
    assert lay(text).title == title


def test_wrapped_lines_are_joined():
    text = (
        "Flood in Torvel\n\n"
        "The river rose by two metres on Monday after three days of\n"
        "rain in the hills, and the city closed ten streets near the\n"
        "harbour.\n\n"
        "Nobody was hurt."
    )
    layout = lay(text)
    assert len(layout.body) == 2
    assert "three days of rain in the hills" in layout.body[0]


def test_a_dash_that_begins_speech_is_no_bullet():
    assert lay("Entretien\n\n– Oui, dit-elle.\n\nElle part.").key_points == ()


def test_what_the_format_states_goes_first():
    layout = lay("Body one.\n\nBody two.", title="<b>Title</b>", lead="Lead.", key_points=("• A",))
    assert layout == ("Title", "Lead.", ("Body one.", "Body two."), ("A",))


def test_a_title_repeated_in_the_body_is_said_once():
    assert lay("Flood\n\nThe river rose.", title="Flood").body == ("The river rose.",)


@pytest.mark.parametrize("line", ["By Ada Quill", "By Ada Quill and Tom de Marsh"])
def test_a_byline_of_its_own_line_is_taken(line):
    layout, facts = compose(Draft("text", text=f"Flood\n{line}\n\nThe river rose."))
    assert facts == {"byline": line[3:]}
    assert layout.body == ("The river rose.",)


def test_a_paragraph_that_begins_with_by_stays():
    assert "By Monday" in lay("Flood\n\nBy Monday the river had risen.\n\nIt rained.").body[0]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("TORVEL, March 3 (Delta) — The river rose.", "TORVEL, March 3 (Delta)"),
        ("TORVEL (DW) - The river rose.", "TORVEL (DW)"),
        ("NEW HARBOUR, Norland – The river rose.", "NEW HARBOUR, Norland"),
        ("Torvel, 3 March (Delta) -- The river rose.", "Torvel, 3 March (Delta)"),
        ("The river rose - and fell.", None),
        ("Torvel said on Monday — as before — that it rained.", None),
    ],
)
def test_a_dateline_is_read_and_left_in_the_text(paragraph, expected):
    assert dateline(paragraph) == expected


HTML = """<html><head><title>Flood in Torvel | Delta</title><style>p{}</style></head><body>
<nav><a href="/">Home</a></nav><h1>Flood in Torvel</h1><p>The river <b>rose</b> &amp;
fell.</p><script>var a = "<p>x</p>";</script><ul><li>One.</li><li>Two &lt; three.</li></ul>
<p>It rained.<br>For days.</p><p>Original video <a href="https://v.example/9">here</a>.</p>
</body></html>"""


def test_a_page_becomes_text():
    layout, facts = compose(Draft("text", text=HTML))
    assert layout == (
        "Flood in Torvel",
        "The river rose & fell.",
        ("It rained.", "For days."),
        ("One.", "Two < three."),
    )
    assert facts == {"media": "https://v.example/9"}


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "We <3 Torvel",
        "if a <b and c> d",
        "x << 2 >> 1",
        "R&D, AT&T; Q&A",
        "<<>>",
    ],
)
def test_what_only_looks_like_markup_is_left_alone(text):
    assert lay(f"Title here\n\n{text}.").body == (f"{text}.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT&amp;T &quot;won&quot;", 'AT&T "won"'),
        ("&lt;p&gt;The river rose.&lt;/p&gt;", "The river rose."),
        ("Itâ€™s fine in ZÃ¼rich", "It’s fine in Zürich"),
        ("non\u00a0breaking\u2009and\u200bzero\u00adwidth", "non breaking andzerowidth"),
        ("Cafe\u0301", "Café"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("\ud83d\ude00 whole", "😀 whole"),
        ("bell\x07 and\x00 nul", "bell and nul"),
        ("\x1b[31mRed\x1b[0m and \x1b[1;38;5;9mbold\x1b[m", "Red and bold"),
        ("\x1b]0;window\x07Named \x1b(Bset", "Named set"),
        ("a lone \x1b escape [31m", "a lone escape [31m"),
        ("« Déjà vu », dit-il à l’été", "« Déjà vu », dit-il à l’été"),
    ],
)
def test_characters_are_made_sound(text, expected):
    assert lay("", title=text).title == expected


def test_deep_nesting_is_read_in_good_time():
    assert lay("<div>" * 100_000 + "deep" + "</div>" * 100_000).body == ("deep",)
