"""What an event's record says of time and sources: when it happened, who was first, who reports."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from schemas.article import BiasRating, Source
from schemas.enriched import Position
from schemas.events import Text
from schemas.tagged import TaggedArticle
from streams.events.record.coverage import PUBLISHERS_SHOWN
from streams.events.record.fold import fold
from streams.events.record.headlines import FIRST, LATEST, Headlines
from streams.events.record.tally import MEMBERS, SUMMARY_LENGTH
from streams.events.settings import DEFAULTS
from streams.parts import tag
from streams.tagger import default_tagger
from tests.detecting import START, Desk, retraction, tagged

FEW = replace(DEFAULTS, live_digests=4)


def told(item_id: str, title: str, body: str, hours: float = 0, **given) -> TaggedArticle:
    """As the pipeline tags it; START is a Monday, 08:00 UTC."""
    made = tagged(item_id, title, body, hours=hours)
    article = made.article.model_copy(update=given)
    return tag(article, default_tagger()).model_copy(
        update={"at": made.at, "decision": 1, "version": 1}
    )


def state_of(*articles: TaggedArticle, desk: Desk | None = None):
    desk = desk or Desk()
    for article in articles:
        desk.deliver(article)
    return desk.states()[desk.event_of(articles[0].article.item_id)]


def day_of(body: str, title: str = "Dam breaks above Orlen", **given) -> str | None:
    row = state_of(told("a", title, body, **given)).timeline[0]
    return row.happened.isoformat() if row.happened else None


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("A dam broke above Orlen on Sunday, the mayor said.", "2031-03-02"),
        ("A dam broke above Orlen on 27 February, the mayor said.", "2031-02-27"),
        ("A dam broke above Orlen. The water came on Saturday night.", "2031-03-01"),
        ("A dam broke above Orlen on Sunday after rain that began on Friday.", "2031-03-02"),
        ("A dam built in 1999 broke above Orlen, the first since 12 May 2010.", None),
        ("A dam broke above Orlen, the mayor said.", None),
        ("The dam above Orlen will be blown up on 5 March, the mayor said.", "2031-03-05"),
        ("ORLEN, March 3 (Agency) - A dam broke above Orlen on Sunday.", "2031-03-02"),
        ("ORLEN, March 3 (Agency) - A dam broke above Orlen.", None),
        ("The dam above Orlen is to be blown up in March 2032, or in May.", None),
    ],
)
def test_an_opener_stands_on_the_day_that_its_text_names(body, day):
    """Not on one of its background, nor on the one of its dateline."""
    assert day_of(body) == day


def test_the_day_is_read_in_other_languages():
    body = "Ein Damm oberhalb von Orlen ist am Sonntag gebrochen, sagte der Bürgermeister."
    assert day_of(body, "Damm bricht oberhalb von Orlen", language="de") == "2031-03-02"


def test_a_weekday_far_back_is_the_next_one_and_places_nothing():
    """A headline that does not say which Wednesday: the strike begins in two days."""
    assert day_of("Drivers announced a stoppage.", "Rail strike Wednesday") is None
    assert day_of("Drivers announced a stoppage.", "Rail strike from Wednesday") == "2031-03-05"
    assert day_of("Drivers will stop on Wednesday.", "Rail strike") == "2031-03-05"


def test_a_day_that_comes_every_week_places_nothing():
    assert day_of("Drivers stop work every Sunday.", "Rail strike") is None


def test_without_a_time_of_publication_no_day_is_near():
    body = "A dam broke above Orlen on 2 March 2031, the mayor said."
    state = state_of(told("a", "Dam breaks", body, published_at=None))
    assert (state.timeline[0].happened, state.timeline[0].at) == (None, None)


BREAK = ("Dam breaks above Orlen", "A dam broke above Orlen on Monday. Two houses were swept away.")
RADIO = (
    "Keeper of Orlen dam had warned",
    "The keeper of the dam above Orlen reported cracks in the wall on Saturday, a log shows. "
    "The ministry did not answer the keeper of the Orlen dam.",
)
TOLL = (
    "Four dead after dam break above Orlen",
    "Four people died in Orlen when the dam broke on Monday, doctors at the hospital said. "
    "Soldiers from Brask carried the dead out of the mud.",
)


def test_the_timeline_goes_by_what_happened_not_by_who_was_told_when():
    rows = state_of(told("a", *BREAK), told("b", *RADIO, hours=22)).timeline
    assert [(row.source.item_id, str(row.happened)) for row in rows] == [
        ("b", "2031-03-01"), ("a", "2031-03-03"),
    ]  # fmt: skip
    assert rows[0].at == START + timedelta(hours=22)


def test_news_that_goes_back_to_the_event_stands_at_its_own_time():
    rows = state_of(told("a", *BREAK), told("b", *TOLL, hours=30)).timeline
    assert [(row.source.item_id, row.happened is not None) for row in rows] == [
        ("a", True), ("b", False),
    ]  # fmt: skip


def dam(number: int, hours: float, **given) -> TaggedArticle:
    """One of many reports of the same."""
    body = f"{BREAK[1]} Witness number{number}x called it a wall of water{number}y."
    made = tagged(f"i{number}", BREAK[0], body, hours=hours)
    return made.model_copy(update={"article": made.article.model_copy(update=given)})


def test_the_first_report_is_the_earliest_exact_time_whoever_joined_first():
    early = START - timedelta(hours=3)
    guess = {"published_at": START - timedelta(days=1), "published_precision": "day"}
    late = dam(2, 5, published_at=early, source=Source(name="Wire", publisher="Orlen Post"))
    desk = Desk()
    state = state_of(dam(0, 0), dam(1, 1, **guess), late, desk=desk)
    first = state.first_reported
    assert first is not None
    assert (first.item_id, first.publisher, first.at) == ("i2", "Orlen Post", early)
    desk.deliver(retraction("i2", decision=2, hours=6))
    first = desk.states()[state.event_id].first_reported
    assert first is not None
    assert (first.item_id, first.at) == ("i0", START)


def test_without_an_exact_time_the_first_to_join_was_first():
    unknown = {"published_at": None, "published_precision": "unknown"}
    first = state_of(dam(0, 0, **unknown), dam(1, 1, **unknown)).first_reported
    assert first is not None
    assert (first.item_id, first.at) == ("i0", None)


def source_of(number: int) -> Source:
    rating = (None, "Center", "Lean Left")[number % 3]
    return Source(
        name="Wire",
        publisher=f"Paper {number % 30}",
        bias_rating=BiasRating(rating=rating, scheme="S") if rating else None,
        ai_generated=(None, True, False, False)[number % 4],
    )


@pytest.mark.parametrize("settings", [DEFAULTS, FEW], ids=["live", "frozen"])
def test_all_members_are_counted_also_those_beyond_the_caps(settings):
    desk = Desk(settings)
    articles = [dam(n, n / 10, source=source_of(n)) for n in range(40)]
    state = state_of(*articles, desk=desk)
    assert (len(state.members), state.member_count) == (sum(MEMBERS), 40)
    assert len(state.publishers) == PUBLISHERS_SHOWN
    assert sum(row.articles for row in state.publishers) + state.spread.others == 40
    assert [row.articles for row in state.publishers[:11]] == [2] * 10 + [1]
    check(state, [article.article.source for article in articles])
    for n in (0, 1, 7, 39):
        desk.deliver(retraction(f"i{n}", decision=2, hours=9))
    state = desk.states()[state.event_id]
    check(state, [a.article.source for n, a in enumerate(articles) if n not in (0, 1, 7, 39)])
    assert state.first_reported is not None
    assert state.first_reported.item_id == "i2"


def check(state, sources: list[Source]) -> None:
    """The counts are those of these sources."""
    ratings = Counter(s.bias_rating.rating for s in sources if s.bias_rating)
    made = Counter(s.ai_generated for s in sources)
    papers = Counter(s.publisher for s in sources)
    spread = state.spread
    assert {row.name: row.articles for row in spread.bias_ratings} == dict(ratings)
    assert spread.bias_unknown == len(sources) - ratings.total()
    assert (spread.ai_generated, spread.ai_not, spread.ai_unknown) == (
        made[True], made[False], made[None],
    )  # fmt: skip
    assert spread.ai_share == round(made[True] / len(sources), 4)
    assert all(papers[row.name] == row.articles for row in state.publishers)


def test_where_nobody_says_what_a_machine_wrote_there_is_no_share():
    assert state_of(dam(0, 0)).spread.ai_share is None


def test_a_very_long_row_of_reports_leaves_a_small_record():
    """Caps hold whatever comes: the row of an event stays within some tens of kilobytes."""
    desk = Desk(FEW)
    for n in range(120):
        at: datetime = START + timedelta(minutes=n)
        body = f"{BREAK[1]} " + " ".join(f"The word{n}x{k} of {k}{n} men fell." for k in range(9))
        source = Source(name="Wire", publisher=f"Paper {n}")
        made = tagged(f"i{n}", f"{BREAK[0]} {n}", body, hours=n / 60)
        article = made.article.model_copy(update={"source": source, "published_at": at})
        desk.deliver(made.model_copy(update={"article": article}))
    (event,) = [row for key, row in desk.rows.items() if key.startswith("event:")]
    assert len(event) < 40_000
    state = desk.states()[desk.event_of("i0")]
    assert fold(desk.changes()[state.event_id]).to_bytes() == state.to_bytes()
    assert sum(len(row.text) for row in state.summary) <= SUMMARY_LENGTH


def test_long_statements_leave_a_summary_within_its_length():
    body = " ".join(f"{'The water rose' + ' and rose' * 30} {n} times." for n in range(5))
    state = state_of(tagged("a", "Water rises", body))
    assert 0 < sum(len(row.text) for row in state.summary) <= SUMMARY_LENGTH


ONE = (["dam", "break", "orlen"], [0.7, 0.5, 0.5])
TWO = (["flood", "orlen", "toll", "dead"], [0.6, 0.4, 0.5, 0.5])


def shown(rows, headlines: Headlines) -> list[str]:
    """The title after each headline."""
    found = []
    for number, stems in enumerate(rows):
        place = Position(item_id=f"i{number}", field="title", start=0, end=9)
        headlines.add(Text(text=f"Headline {number}", source=place), stems)
        found.append(headlines.title.text)
    return found


def test_a_title_gives_way_to_a_clearly_more_central_one_and_does_not_come_back():
    """Runs of confirming headlines, now of the one wording, now of the other."""
    rows = [ONE, *[TWO] * 8, *[ONE] * 8, *[TWO] * 8, *[ONE] * 8]
    titles = shown(rows, Headlines())
    changes = [b for a, b in pairwise(titles) if a != b]
    assert titles[0] == "Headline 0"
    assert changes
    assert len(changes) == len(set(changes))
    assert "Headline 0" not in changes


def test_confirming_headlines_leave_the_title_as_it_is():
    assert set(shown([ONE] * 40, Headlines())) == {"Headline 0"}


def test_a_title_whose_article_left_is_followed_by_a_central_one():
    headlines = Headlines()
    shown([TWO, *[ONE] * (FIRST + LATEST)], headlines)
    headlines.strip("i1")
    headlines.strip("i2")
    again = Headlines.read(headlines.row())
    assert again.title == headlines.title
    assert headlines.title.text not in ("Headline 0", "Headline 1", "Headline 2")
