"""One event as an editor reads it: the same in the text and on the page, and harmless in both."""

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import orjson
import pytest
from rich.console import Console

from schemas.article import BiasRating, Source
from schemas.enriched import (
    EnrichedArticle,
    EventLink,
    FigureChange,
    Novelty,
    Position,
    SentenceNovelty,
)
from schemas.events import (
    Count,
    EventChange,
    EventDispute,
    EventEntity,
    EventFigure,
    EventState,
    Fact,
    FigureValue,
    FirstReport,
    Lineage,
    Member,
    Spread,
    Text,
    TimelineEntry,
)
from streams.dossier.gather import dossier
from streams.dossier.markup import Html, element
from streams.dossier.page import page
from streams.dossier.text import text
from streams.view import View
from streams.wording import sides

AT = datetime(2031, 3, 3, 5, 40, tzinfo=UTC)
EVENT = "ev-1"
HEADINGS = ["Summary", "Timeline", "Figures", "Disputes", "Key facts", "Sources"]


def place(item_id, start=0, field="body"):
    return Position(item_id=item_id, field=field, start=start, end=start + 9)


def article(item_id, minutes=0, relation="updates", **given):
    title, novelty = given.pop("title", f"Title of {item_id}"), given.pop("novelty", None)
    sent = given.pop("source", Source(name="Agency"))
    link = EventLink(
        event_id=given.pop("event", EVENT), relation=relation, score=1, threshold=0.5, model="m"
    )
    facts = {"version": 1, "decision": 1, "status": "usable", "space": "world", "language": "en"}
    times = {"published_at": AT + timedelta(minutes=minutes), "published_precision": "exact"}
    return EnrichedArticle(
        item_id=item_id, at=AT + timedelta(minutes=minutes), title=title, source=sent, event=link,
        novelty=novelty, **(facts | times | given),
    )  # fmt: skip


def member(found):
    source = found.source
    return Member(
        item_id=found.item_id, version=found.version, decision=1, relation=found.event.relation,
        source=source.name, publisher=source.publisher, ai_generated=source.ai_generated,
        bias_rating=source.bias_rating.rating if source.bias_rating else None,
        published_at=found.published_at, joined_at=found.at,
    )  # fmt: skip


def state(articles, **given):
    facts = {
        "title": Text(text="A quake shakes the valley", source=place("a", field="title")),
        "opened_at": AT,
        "last_at": AT,
        "member_count": len(articles),
        "members": tuple(map(member, articles)),
        "revision": max(1, len(articles)),
    }
    return EventState(event_id=EVENT, **(facts | given))


def view(articles, found, changes=(), others=()):
    return View(
        articles={each.item_id: each for each in articles},
        events={each.event_id: each for each in (found, *others)},
        changes={EVENT: tuple(changes)},
        fates=(),
        current_fates={},
    )


def told(articles, found=None, **given):
    found = found or state(articles)
    return dossier(view(articles, found, **given), found)


def shown(record, width=200):
    console = Console(width=width)
    with console.capture() as capture:
        console.print(text(record))
    return capture.get()


class Outline(HTMLParser):
    """Elements and attributes of a page, its words, and whether it is well nested."""

    def __init__(self):
        super().__init__()
        self.open, self.elements, self.words = [], [], []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def said(self):
        return " ".join("".join(self.words).split())


def outline(record):
    found = Outline()
    found.feed(page(record).decode())
    assert found.open == []
    return found


@pytest.fixture
def quake():
    """Two sources, a figure that rose, a dispute, a merge."""
    wire = Source(
        name="Agency",
        publisher="Meridian Wire",
        bias_rating=BiasRating(rating="Center", scheme="AllSides"),
        ai_generated=False,
    )
    machine = Source(name="Agency", publisher="Robo Post", ai_generated=True)
    first = article("a", 0, "opens", source=wire, url="https://wire.example/a")
    new = SentenceNovelty(field="body", start=0, end=9, text="A dam broke.", label="NEW", novelty=1)
    novelty = Novelty(
        score=1, sentences=(new,), figures=(FigureChange(slot="dead", old=12, new=15),)
    )
    second = article("b", 90, source=machine, novelty=novelty, version=2)
    dead = EventFigure(
        slot="dead",
        values=(
            FigureValue(value=12, bound="at least", source=place("a")),
            FigureValue(value=15, as_of="2031-03-03T06:00Z", source=place("b")),
        ),
    )
    dispute = EventDispute(
        claim="The owner ignored a warning.",
        claimants=("local:person:velt",),
        denied_by=("Q7",),
        source=place("b", 20),
    )
    found = state(
        [first, second],
        summary=(Text(text="A quake struck the valley.", source=place("a")),),
        figures=(dead,),
        disputes=(dispute,),
        entities=(EventEntity(entity_id="Q7", name="Sealine Ltd", type="ORG", articles=1),),
        facts=(
            Fact(text="A quake struck the valley.", label="NEW", source=place("a")),
            Fact(text="A dam broke.", label="REVISES", source=place("b")),
        ),
        lineage=Lineage(merged_from=("ev-0",)),
    )
    change = EventChange(event_id=EVENT, revision=2, kind="merged", at=AT)
    return told([first, second], found, changes=[change])


def test_all_sections_stand_in_one_order_in_the_text_and_on_the_page(quake):
    headings = [*HEADINGS, "Members (2)", "Lineage"]
    assert re.findall("<h2>(.*?)</h2>", page(quake).decode()) == headings
    lines = shown(quake).splitlines()
    assert [line for line in lines if line in headings] == headings


WORDS = [
    "A quake shakes the valley",
    "2 articles, 2 sources",
    "Meridian Wire, 2031-03-03 05:40",
    "≥ 12 → 15 dead",
    "as of 2031-03-03 06:00",
    "claimed by velt",
    "denied by Sealine Ltd",
    "The owner ignored a warning.",
    "2031-03-03 05:40 (first)",
    "Center (AllSides)",
    "AI-generated: 1 of 2 (50%)",
    "Bias ratings by article: Center (AllSides) 1, not known 1",
    "Title of b (version 2)",
    "merged from ev-0",
    "2031-03-03 05:40 revision 2: merged",
]


@pytest.mark.parametrize("words", WORDS)
def test_the_text_and_the_page_use_the_same_words(quake, words):
    assert words in outline(quake).said
    assert words in " ".join(shown(quake).split())


def test_each_addition_is_marked_and_leads_to_its_article(quake):
    assert "+ A dam broke." in shown(quake)
    assert "~ A dam broke.  Robo Post" in shown(quake)
    found = outline(quake)
    assert {row["title"] for row in found.all("abbr")} == {"new", "revised", "disputed"}
    ids = {row["id"] for row in found.all("li") if "id" in row}
    links = {row["href"][1:] for row in found.all("a") if row["href"].startswith("#")}
    assert links == ids == {"a1", "a2"}


def test_the_page_needs_nothing_and_allows_nothing(quake):
    found = outline(quake)
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "link", "img", "iframe", "form", "object", "base"}
    policy = next(r["content"] for r in found.all("meta") if "http-equiv" in r)
    assert policy.startswith("default-src 'none'")
    assert not any(name.startswith("on") for _, given in found.elements for name in given)
    style = page(quake).decode().partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    for part in ("prefers-color-scheme: dark", "@media print", "max-width: 36rem"):
        assert part in style
    assert page(quake) == page(quake)


HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "&lt;b&gt; &amp;",
    "[red]not markup[/red]",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(words, quake):
    """Everywhere where a publisher can put words: ids, titles, names, statements, slots."""
    sentence = SentenceNovelty(field="body", start=0, end=9, text=words, label="NEW", novelty=1)
    rating = BiasRating(rating=words, scheme=words)
    given = article(
        words, 0, "opens", title=words, url="javascript:alert(1)", language='en" onload="x',
        source=Source(name=words, publisher=words, bias_rating=rating),
        novelty=Novelty(score=1, sentences=(sentence,)),
    )  # fmt: skip
    found = state(
        [given],
        title=Text(text=words, source=place(words)),
        summary=(Text(text=words, source=place(words)),),
        facts=(Fact(text=words, label="NEW", source=place("unknown" + words)),),
        figures=(
            EventFigure(
                slot=words,
                values=(FigureValue(value=1, unit=words, as_of=words, source=place(words)),),
            ),
        ),
        disputes=(
            EventDispute(claim=words, claimants=(words,), denied_by=(words,), source=place(words)),
        ),
        lineage=Lineage(merged_into=words, split_from=words),
    )
    record = told([given], found)
    page_of_it = outline(record)
    assert {t for t, _ in page_of_it.elements} <= {t for t, _ in outline(quake).elements}
    assert page_of_it.said.count(words) > 8
    assert not any(name.startswith("on") for _, row in page_of_it.elements for name in row)
    assert all(row["href"].startswith("#") for row in page_of_it.all("a"))
    assert not any("lang" in row for row in page_of_it.all("bdi"))
    assert words in shown(record, 400)


def test_marks_of_direction_and_controls_are_left_out():
    """An unclosed override would turn the rest of the line around; an escape moves the cursor."""
    bad = "safe\u202eevil\u2066 \x1b[2J\x07 a\u0000b\ud800 عربي"
    given = article("a", 0, "opens", title=bad, source=Source(name=bad))
    record = told([given], state([given], title=Text(text=bad, source=place("a"))))
    for whole in (page(record).decode(), shown(record), orjson.dumps(record).decode()):
        assert not set(whole) & set("\u202e\u2066\x1b\x07\x00\ud800")
        assert "عربي" in whole
    assert "<h1><bdi" in page(record).decode()


def test_an_event_with_one_article_has_no_empty_section():
    given = article("a", 0, "opens")
    record = told([given], state([given]))
    assert re.findall("<h2>(.*?)</h2>", page(record).decode()) == [
        "Timeline", "Sources", "Members (1)",
    ]  # fmt: skip
    assert "1 article, 1 source" in shown(record)
    assert "AI-generated: not stated" in shown(record)


def test_a_killed_event_says_so_and_holds_no_text():
    gone = article("a").model_copy(update={"status": "canceled", "event": None, "title": ""})
    found = state([], title=None, status="retracted")
    kill = EventChange(event_id=EVENT, revision=2, kind="retracted", item_id="a", at=AT)
    record = told([gone], found, changes=[kill])
    for whole in (outline(record).said, " ".join(shown(record).split())):
        assert "(no title: its articles were withdrawn)" in whole
        assert "retracted: all its articles were withdrawn" in whole
        assert "revision 2: retracted a" in whole
        assert "Members" not in whole


@pytest.mark.parametrize("status", ["dormant", "closed"])
def test_an_event_at_rest_says_so(status: str):
    record = told([article("a")], state([article("a")], status=status))
    assert f"{status}: no article came" in shown(record)


def test_pauses_are_no_history():
    """A story of months has many: they would push out its corrections."""
    kinds = ("corrected", "dormant", "closed", "reopened")
    changes = [
        EventChange(event_id=EVENT, revision=number, kind=kind, at=AT)
        for number, kind in enumerate(kinds, 2)
    ]
    lines = told([article("a")], state([article("a")]), changes=changes).lineage
    assert [line.rpartition(": ")[2] for line in lines] == ["corrected", "closed", "reopened"]


def test_a_withdrawn_figure_is_not_shown_by_those_who_replaced_it():
    """The later article's record still holds it: it was compared before the kill."""
    changed = (FigureChange(slot="dead", old=500, new=15),)
    given = article("b", novelty=Novelty(score=1, figures=changed))
    dead = EventFigure(slot="dead", values=(FigureValue(value=15, source=place("b")),))
    record = told([given], state([given], figures=(dead,)))
    assert "500" not in shown(record)
    assert record.figures[0].text == "15 dead"


def test_a_value_stated_beside_another_is_no_change():
    """A shock of 6.1 and an aftershock of 4.6."""
    beside = Novelty(score=1, figures=(FigureChange(slot="magnitude", new=4.6),))
    given = [article("a", 0, "opens"), article("b", 9, novelty=beside)]
    values = (
        FigureValue(value=6.1, source=place("a")),
        FigureValue(value=4.6, source=place("b")),
    )
    figure = EventFigure(slot="magnitude", values=values)
    record = told(given, state(given, figures=(figure,)))
    assert record.figures[0].text == "6.1; 4.6 magnitude"
    assert record.timeline[1].figures == ()


def test_500_articles_are_bounded_and_counted():
    given = [article(f"i{n:03}", n) for n in range(500)]
    record = told(given, state(given, members=tuple(map(member, given[-32:]))))
    assert (len(record.timeline), record.timeline_left_out) == (60, 440)
    assert (len(record.members), record.members_left_out) == (60, 440)
    assert [record.timeline[n].item_id for n in (0, 19, 20, 59)] == ["i000", "i019", "i460", "i499"]
    assert "Members (500)" in shown(record)
    assert "… 440 more articles" in outline(record).said
    assert record.sources.publishers[0].articles == 500
    assert len(page(record)) < 100_000


def entry(item_id, day, minutes=0):
    at = AT + timedelta(minutes=minutes)
    return TimelineEntry(happened=day, at=at, text="A quake", source=place(item_id, field="title"))


def test_what_happened_earlier_stands_earlier_with_the_time_of_its_report():
    """The page shows both times; a day that is also that of the report gives its finer time."""
    given = [article("a", 0, "opens"), article("b", 90), article("c", 3000)]
    rows = (entry("a", AT.date()), entry("c", date(2031, 3, 1), 3000))
    record = told(given, state(given, timeline=rows))
    assert [e.item_id for e in record.timeline] == ["c", "a", "b"]
    assert [e.happened and e.happened.text for e in record.timeline] == [
        "2031-03-01", "2031-03-03", None,
    ]  # fmt: skip
    for whole in (outline(record).said, shown(record)):
        assert "Agency, reported 2031-03-05 07:40" in whole
        assert whole.count("reported 2031") == 1
    assert {"datetime": "2031-03-01"} in outline(record).all("time")
    assert dict(record.head)["First"] == "Agency, 2031-03-03 05:40"
    assert dict(record.head)["Latest"] == "Agency, 2031-03-05 07:40"


def test_where_records_are_gone_the_state_says_who_reports():
    """It counts all articles, also those whose records retention has deleted."""
    given = [article("z", 900, source=Source(name="Robo Post", ai_generated=True))]
    first = FirstReport(item_id="a", source="Wire", publisher="Orlen Post", at=AT, joined_at=AT)
    spread = Spread(
        others=2, ai_generated=1, ai_not=3, ai_unknown=1, ai_share=0.2, bias_unknown=3,
        bias_ratings=(Count(name="Center", articles=2),),
    )  # fmt: skip
    counts = (Count(name="Orlen Post", articles=2), Count(name="Robo Post", articles=1))
    facts = {"first_reported": first, "spread": spread, "publishers": counts, "member_count": 5}
    record = told(given, state(given, **facts))
    for whole in (outline(record).said, " ".join(shown(record).split())):
        assert "First: Orlen Post, 2031-03-03 05:40" in whole
        assert "Bias ratings by article: Center 2, not known 3" in whole
        assert "AI-generated: 1 of 5 (20%), 1 not stated" in whole
        assert "5 articles, 2 sources" in whole
    assert [(r.name, r.articles, r.was_first) for r in record.sources.publishers] == [
        ("Robo Post", 1, False), ("Orlen Post", 2, True),
    ]  # fmt: skip


def test_the_timeline_goes_by_event_time_and_a_mere_date_is_never_first():
    given = [
        article("late", 60),
        article("day", -340, published_precision="day"),
        article("none", 0, published_at=None),
        article("guess", -2000, published_precision="inferred"),
        article("first", 0, "opens"),
    ]
    record = told(given, state(given))
    assert [e.item_id for e in record.timeline] == ["guess", "first", "late", "day", "none"]
    assert [e.published.text for e in record.timeline] == [
        "~2031-03-01", "2031-03-03 05:40", "2031-03-03 06:40", "2031-03-03", "no time",
    ]  # fmt: skip
    assert record.members[0].item_id == "guess"


def test_without_any_time_the_log_says_who_was_first():
    given = [
        article("b", 0, source=Source(name="unknown"), published_at=None),
        article("a", 9, published_at=None),
    ]
    record = told(given, state(given))
    words = "First: source not named, first in the log; no exact time is stated"
    assert record.sources.lines[0] == words
    assert [row.was_first for row in record.sources.publishers] == [True, False]


def test_articles_follow_a_merge_and_stay_out_after_a_split():
    """Their records name the event that they joined first."""
    merged = EventState(event_id="ev-0", status="merged", lineage=Lineage(merged_into=EVENT))
    moved = article("moved", 5, event=EVENT)
    part = EventState(event_id="ev-2", members=(member(moved),), lineage=Lineage(split_from=EVENT))
    given = [article("a"), article("from-merge", 3, event="ev-0"), moved]
    found = state(given[:1], member_count=2)
    record = told(given, found, others=[merged, part])
    assert [e.item_id for e in record.timeline] == ["a", "from-merge"]
    assert "split off: ev-2" in record.lineage


def test_a_member_whose_record_is_gone_is_told_from_the_state():
    """Retention has deleted it."""
    row = member(article("a", 0, "opens"))
    entry = TimelineEntry(at=AT, text="A quake", source=place("a", field="title"))
    fact = Fact(text="It struck at dawn.", label="NEW", source=place("a"))
    record = told([], state([], members=(row,), timeline=(entry,), facts=(fact,), member_count=1))
    assert record.timeline[0].title == "A quake"
    assert record.timeline[0].sentences == (("+", "It struck at dawn."),)


def test_only_elements_are_taken_as_markup():
    made = element("p", "<b>", element("i", "&"), None, ["x", Html("<br>")], class_='"', id=None)
    assert made == '<p class="&quot;">&lt;b&gt;<i>&amp;</i>x<br></p>'


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("denial", ("claimed by Sealine Ltd", "denied by velt")),
        ("odds", ("stated by Sealine Ltd", "stated otherwise by velt")),
        ("correction", ("stated by Sealine Ltd", "taken back by velt")),
    ],
)
def test_both_sides_are_named_by_what_they_do(kind, words):
    """Whoever corrects a figure denies nothing."""
    row = EventDispute(
        claim="x", claimants=("Q7",), denied_by=("local:person:velt",), source=place("a"), kind=kind
    )
    assert sides(row, {"Q7": "Sealine Ltd"}) == words
