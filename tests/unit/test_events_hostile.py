"""Bad input: time and memory stay bounded, and no event swallows the rest."""

import random
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.events_scale import word
from schemas.base import Message
from streams.events.background import background
from streams.events.compare import Comparer
from streams.events.decide import decide, subject
from streams.events.index import NEWEST, OLDEST, READ, STANDINGS, Index
from streams.events.scorer import scorer
from streams.events.settings import DEFAULTS
from streams.step import Delivered, Outcome
from streams.text.sentences import sentences
from tests.detecting import QUAKE, START, TOLL, Desk, tagged

MANY = 10_000
ORDINARY = sorted(term for term in background().counts if term.isalpha() and len(term) > 3)
SECONDS = 0.02  # an article on average: some twenty times what it takes


class Line:
    """Detection without novelty and rows: decide, then put; an event's oldest articles freeze."""

    def __init__(self) -> None:
        self.index = Index()
        self.sizes: Counter[str] = Counter()
        self.seconds: list[float] = []
        self._comparer = Comparer()

    def add(self, item_id: str, title: str, body: str) -> str:
        """The event of one article; all come in the same second."""
        begun = time.thread_time()
        article, index, seq = tagged(item_id, title, body), self.index, len(self.seconds)
        new = subject(article, sentences(article.article), index, background())
        choice = decide(new, index, self._comparer, scorer(), without=item_id, old=None)
        event_id = choice.event_id or f"ev-{seq}"
        members = index.members(event_id)
        if len(members) >= DEFAULTS.live_digests:
            for oldest in members[: DEFAULTS.live_digests // 8 + 1]:
                index.drop(oldest)
        index.put(item_id, event_id, seq, new.vector, new.day, new.language)
        self.sizes[event_id] += 1
        self.seconds.append(time.thread_time() - begun)
        return event_id

    def bounded(self) -> None:
        """No article costs more for those before it; caches keep their caps."""
        count = len(self.seconds)
        assert sum(self.seconds) < SECONDS * count
        early, late = self.seconds[count // 4 : count // 2], self.seconds[-count // 4 :]
        assert sorted(late)[len(late) // 2] < 4 * sorted(early)[len(early) // 2]
        assert len(self.index._standings) <= STANDINGS


def text(chance: random.Random, count: int, extra: list[str] | None = None) -> str:
    found = [*chance.choices(ORDINARY, k=count), *(extra or [])]
    chance.shuffle(found)
    return " ".join(found)


def test_ten_thousand_copies_are_one_event_of_bounded_size():
    line = Line()
    for number in range(MANY):
        line.add(f"copy-{number}", *QUAKE)
    line.bounded()
    assert line.sizes == {"ev-0": MANY}
    assert len(line.index.entries) <= DEFAULTS.live_digests
    assert len(line.index.vocabulary) < 100
    postings = [len(slots) for slots in line.index._postings.values()]
    assert max(postings) <= OLDEST + NEWEST


def test_ten_thousand_different_articles_in_one_second_stay_apart():
    line, chance = Line(), random.Random(1)
    for number in range(MANY):
        line.add(f"item-{number}", text(chance, 7), text(chance, 20))
    line.bounded()
    assert max(line.sizes.values()) <= 5
    assert len(line.index.entries) == MANY


@pytest.mark.parametrize("shared", [8, 16, 32])
def test_rare_words_that_all_share_join_few(shared: int):
    """The stream makes a word common, so that the trick works for the first few only."""
    line, chance = Line(), random.Random(shared)
    rare = [word(number) for number in range(shared)]
    for number in range(1000):
        line.add(f"trap-{number}", text(chance, 5, rare[:1]), text(chance, 60, rare))
    line.bounded()
    assert max(line.sizes.values()) <= 60


def test_articles_that_drift_do_not_swallow_others():
    """Each keeps four in five words of the one before: one event, and strangers stay out."""
    line, chance = Line(), random.Random(1)
    words = chance.choices(ORDINARY, k=60)
    strangers = set()
    for number in range(1000):
        for _ in range(12):
            words[chance.randrange(60)] = chance.choice(ORDINARY)
        line.add(f"drift-{number}", " ".join(words[:7]), " ".join(words))
        if number % 10 == 0:
            strangers.add(line.add(f"other-{number}", text(chance, 7), text(chance, 60)))
    line.bounded()
    assert len(strangers) == 100
    assert max(line.sizes[event] for event in strangers) == 1
    assert len(line.index.entries) <= DEFAULTS.live_digests + 100


def test_a_word_in_every_article_is_read_as_far_as_the_cap():
    line, chance = Line(), random.Random(2)
    for number in range(500):
        line.add(f"item-{number}", "zarquon", text(chance, 30, ["zarquon"]))
    number = line.index.vocabulary.numbers(["zarquon"])[0]
    assert len(line.index._postings[number]) > READ
    slots, _ = line.index._read(subject_of(line, "zarquon").vector)
    assert len(slots) <= READ


def subject_of(line: Line, title: str):
    article = tagged("asked", title, "")
    return subject(article, sentences(article.article), line.index, background())


def test_articles_without_text_are_events_of_their_own():
    desk = Desk()
    desk.deliver(tagged("quake", *QUAKE))
    for number in range(50):
        desk.deliver(tagged(f"empty-{number}", "", ""))
    desk.deliver(tagged("dots", "...", "— . —"))
    desk.deliver(tagged("toll", *TOLL, hours=1))
    assert desk.event_of("toll") == desk.event_of("quake")
    events = {desk.event_of(item) for item in desk.enriched()}
    assert len(events) == 52


def test_no_time_is_neutral():
    desk = Desk()
    desk.deliver(tagged("quake", *QUAKE, published_at=None))
    desk.deliver(tagged("toll", *TOLL, hours=1, published_at=None))
    assert desk.event_of("toll") == desk.event_of("quake")
    features = {row.feature for row in desk.enriched()["toll"].event.evidence}
    assert "days_apart" not in features


@pytest.mark.parametrize("year", [1601, 9999])
def test_times_far_away_move_nothing_but_their_article(year: int):
    """The event lives by log time: it neither closes early nor stays open for ever."""
    desk = Desk()
    desk.deliver(tagged("quake", *QUAKE))
    far = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    desk.deliver(tagged("far", *QUAKE, hours=1, published_at=far))
    desk.deliver(tagged("toll", *TOLL, hours=2))
    event_id = desk.event_of("quake")
    assert desk.event_of("toll") == event_id
    assert desk.states()[event_id].status == "active"
    assert desk.states()[event_id].last_at.year == START.year
    desk.deliver(tagged("stranger", "Rovers win cup", "The Rovers won the cup.", hours=15 * 24))
    assert desk.states()[event_id].status == "closed"
    desk.restart()
    desk.deliver(tagged("late", *TOLL, hours=16 * 24))
    assert desk.event_of("late") == event_id


class Kept(Desk):
    """Rows as the table in memory keeps them: the objects that were put."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Any] = {}

    def decide(self, record: Message, offset: int | None = None) -> Outcome:
        offset, self.offset = self.offset, self.offset + 1
        value = record.to_bytes()
        message = Delivered("articles.tagged.v1", 0, offset, record.key, value, {}, START)
        return self.step(self.kept, message)

    def put(self, outcome: Outcome, count: int) -> None:
        super().put(outcome, count)
        for key, value in outcome.puts:
            self.kept[key] = value
            if value is None:
                del self.kept[key]


def test_a_thousand_copies_through_the_whole_stage():
    """Rows, novelty and the fold included: an article costs no more at the end."""
    desk, seconds = Kept(), []
    for number in range(1000):
        begun = time.thread_time()
        desk.deliver(tagged(f"copy-{number}", *QUAKE, hours=number / 60))
        seconds.append(time.thread_time() - begun)
    event_id = desk.event_of("copy-0")
    assert desk.states()[event_id].member_count == 1000
    early, late = sorted(seconds[300:500]), sorted(seconds[-200:])
    assert late[100] < 4 * early[100]
    assert len(desk.rows[f"event:{event_id}"]) < 30_000
    assert len(desk.states()[event_id].to_bytes()) < 20_000
    assert sum(key.startswith("digest:") for key in desk.kept) <= DEFAULTS.live_digests
