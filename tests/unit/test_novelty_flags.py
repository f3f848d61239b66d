"""What of an article was not read stands in its record; notes of correction are read."""

import time
from typing import Any

import pytest
from rich.console import Console

from schemas.enriched import EnrichedArticle, Novelty, ReadFlag
from schemas.events import EventState
from streams.novelty.assess import extract_sentences, shortened
from streams.novelty.evaluate import as_sentences
from streams.novelty.reading import reading
from streams.novelty.revisions import MAX_FIGURES
from streams.novelty.statements import MAX_READ, MAX_STATEMENTS, MAX_TEXT, NOTE
from streams.report import trace_report
from tests.detecting import Desk, retraction, tagged

SECONDS = 2.0  # one article; ten times what the longest takes
BLAST = ("Blast at mill in Varn", "A blast at the mill in Varn killed 19 people on Monday.")
PIER = (
    "Pier collapses in Port Lorne",
    "A pier collapsed in Port Lorne on Monday and 12 people fell into the harbour. Divers searched "
    "the water until nightfall, the fire brigade said.",
)
NOTICE = "It was the western pier that collapsed, not the eastern one as reported at first."


def enriched(desk: Desk, item_id: str) -> EnrichedArticle:
    found = [r for r in desk.sent if isinstance(r, EnrichedArticle) and r.item_id == item_id]
    return found[-1]


def novelty(body: str, language: str = "en", title: str = "Blast in Varn", **more: Any) -> Novelty:
    """Of an article that comes second to a plain report, with all places checked."""
    desk = Desk()
    desk.deliver(tagged("plain", *BLAST))
    began = time.process_time()
    desk.deliver(tagged("new", title, body, language=language, hours=1, **more))
    assert time.process_time() - began < SECONDS
    article = enriched(desk, "new")
    assert article.novelty is not None
    assert 0 < len(article.novelty.sentences) <= MAX_STATEMENTS
    for each in article.novelty.sentences:
        assert getattr(article, each.field)[each.start : each.end] == each.text
        assert 0 <= each.novelty <= 1
    return article.novelty


HOSTILE: list[tuple[str, str, tuple[ReadFlag, ...]]] = [
    (
        "The blast in Varn killed 20 people. " * 10_000,
        "en",
        ("statements-capped", "figures-capped"),
    ),
    ("12 4,500 3.1415 1999 7/8 -3 +44 99% $5 " * 2_000, "en", ("sentence-cut", "figures-capped")),
    (
        " ".join(f"The blast killed {n} people and injured {n + 7}." for n in range(20, 2_520)),
        "en",
        ("statements-capped", "figures-capped"),
    ),
    (
        "Qapla batlh je tlhIngan maH vam DaHjaj loS wej cha pagh yIn nI. " * 3,
        "tlh",
        ("no-language",),
    ),
    ("เกิดเหตุระเบิดในเมืองวาร์น มีผู้เสียชีวิต " * 60, "th", ("sentence-cut", "no-language")),
]


@pytest.mark.parametrize(
    ("body", "language", "flags"),
    HOSTILE,
    ids=["repeated", "numbers alone", "5,000 figures", "no support", "no spaces"],
)
def test_a_hostile_article_is_bounded_flagged_and_keeps_its_places(
    body: str, language: str, flags: tuple[ReadFlag, ...]
) -> None:
    assert novelty(body, language).flags == flags


def test_an_ordinary_article_has_no_flag() -> None:
    assert novelty("A blast in Varn killed 20 people, police said on Tuesday.").flags == ()


def test_each_flag_begins_where_its_bound_ends() -> None:
    """At the bound everything is read; one more, and something is not."""

    def flags(texts: list[str], language: str = "en", note: str | None = None) -> list[ReadFlag]:
        return reading(as_sentences(texts), language, note).flags

    assert flags(["a"] * MAX_STATEMENTS) == []
    assert flags(["a"] * (MAX_STATEMENTS + 1)) == ["statements-capped"]
    assert flags(["a"] * MAX_STATEMENTS, note="b") == ["statements-capped"]
    assert flags(["a" * MAX_TEXT]) == []
    assert flags(["a" * (MAX_TEXT + 1)]) == ["sentence-cut"]
    assert flags(["a"], "tlh") == flags(["a"], "und") == ["no-language"]
    assert len(reading(as_sentences(["a" * 5_000]), "en").sentences[0].text) == MAX_READ


def test_more_figures_than_are_kept_are_flagged() -> None:
    """Of the article, and of one sentence."""
    rows = [f"The blast killed {n} people." for n in range(20, 20 + MAX_FIGURES + 1)]
    for texts, capped in (
        (rows[:-1], False),
        (rows, True),
        ([f"Dead by town: {', '.join(f'{n} people' for n in range(20, 40))}."], True),
    ):
        extract = extract_sentences(as_sentences(texts), (), "en")
        assert len(extract["figures"]) <= MAX_FIGURES
        assert ("figures-capped" in extract.get("flags", ())) == capped


def test_what_does_not_fit_into_a_digest_is_flagged_too() -> None:
    extract = extract_sentences(as_sentences(["One fell.", "Two rose."]), (), "en")
    assert "flags" not in extract
    assert shortened(extract, 1)["flags"] == ["statements-capped"]


def test_a_trace_shows_the_flags() -> None:
    desk = Desk()
    desk.deliver(tagged("new", "Market wrap: shares", "Le mot. " * 60, language="tlh"))
    console = Console(width=120, record=True, file=None)
    with console.capture() as shown:
        console.print(trace_report("new", [], enriched(desk, "new")))
    assert "flags: " in shown.get()
    assert "statements-capped, no-language" in shown.get()


# --- notes that travel as a field -------------------------------------------------------------


def corrected(desk: Desk, note: str | None = NOTICE) -> EnrichedArticle:
    """The pier's report by two papers; then the second corrects it."""
    desk.deliver(tagged("other", *PIER, source="Courier"))
    desk.deliver(tagged("pier", *PIER, source="Herald", hours=1))
    again = tagged("pier", *PIER, source="Herald", hours=2, decision=2, correction_note=note)
    desk.deliver(again)
    return enriched(desk, "pier")


def test_a_note_in_a_field_is_a_correction_by_the_publisher() -> None:
    """NITF, NewsML-G2 and ninjs carry it beside the text; it says what the text alone does not."""
    article = corrected(Desk())
    assert article.novelty is not None
    (dispute,) = article.novelty.disputes
    assert (dispute.kind, dispute.claim) == ("correction", NOTICE)
    assert dispute.claimants == dispute.denied_by == ("local:name:herald",)
    assert dispute.source is not None
    assert (dispute.source.field, dispute.source.start, dispute.source.end) == (
        NOTE,
        0,
        len(NOTICE),
    )
    (told,) = (each for each in article.novelty.sentences if each.field == NOTE)
    assert (told.label, told.text) == ("REVISES", article.correction_note)


def test_a_note_makes_a_copy_an_update_once() -> None:
    """The second paper that prints the text with the same note adds nothing."""
    desk = Desk()
    article = corrected(desk)
    assert article.event is not None
    assert article.event.relation == "updates"
    desk.deliver(tagged("third", *PIER, source="Echo", hours=3, correction_note=NOTICE))
    third = enriched(desk, "third")
    assert third.event is not None
    assert third.event.relation in ("repeats", "confirms")
    assert third.novelty is not None
    assert third.novelty.disputes == ()


def test_a_note_states_no_figure_and_accuses_nobody() -> None:
    """It names the wrong figure and the right one; the text has the right one."""
    note = "The number of people was 12, not 15; the mayor denied that he accused the port."
    article = corrected(Desk(), note)
    assert article.novelty is not None
    assert {change.new for change in article.novelty.figures} <= {12}
    assert [each.kind for each in article.novelty.disputes] == ["correction"]


def test_a_notice_in_the_text_and_the_same_one_in_a_field_are_one() -> None:
    texts = ["A pier fell.", f"Correction: {NOTICE}"]
    extract = extract_sentences(as_sentences(texts), (), "en", NOTICE)
    assert [row["at"] for row in extract["disputes"]] == [[1]]
    other = extract_sentences(as_sentences(texts), (), "en", "The photograph was of 1987.")
    assert [row["at"] for row in other["disputes"]] == [[1], [2]]


def test_a_long_article_keeps_its_note() -> None:
    """The bound of statements and that of a digest leave out the text's end, not the note."""
    texts = [f"Line {n} of the report on the harbour." for n in range(60)]
    extract = extract_sentences(as_sentences(texts), (), "en", NOTICE)
    assert len(extract["statements"]) == MAX_STATEMENTS
    for count in (20, 2, 1):
        extract = shortened(extract, count)
        assert len(extract["statements"]) == count
        assert extract["statements"][-1]["field"] == NOTE
        assert [row["at"] for row in extract["disputes"]] == [[count - 1]]
    assert shortened(extract, 0)["statements"] == shortened(extract, 0)["disputes"] == []


def test_a_killed_article_takes_its_note_along() -> None:
    desk = Desk()
    corrected(desk)
    state = [r for r in desk.sent if isinstance(r, EventState)][-1]
    assert NOTICE in state.to_bytes().decode()
    desk.deliver(retraction("pier", decision=3, hours=4))
    state = [r for r in desk.sent if isinstance(r, EventState)][-1]
    assert NOTICE not in state.to_bytes().decode()
    assert not [key for key, row in desk.unpacked().items() if NOTICE.encode() in row]
