"""Admission: each rule of the wire as a table of arrivals and what must stand afterwards."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count

import orjson
import pytest

from schemas.article import Article, Due, ItemControl, Provenance, RawPosition, Source
from schemas.fate import ItemFate
from schemas.tagged import Retraction, TaggedArticle
from streams.errors import Rejected
from streams.stages.admit import Admit
from streams.stages.item import MAX_ROW, REMEMBERED_VERSIONS, Item, seen_of
from streams.step import Delivered

NOON = datetime(2031, 3, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class NoTags:
    """A tagger that finds nothing."""

    def tag(self, article):
        return ()

    def label(self, language):
        return "none"


class Desk:
    """Admission with its table, fed one record after another."""

    def __init__(self):
        self.step = Admit(NoTags())
        self.rows = {}
        self.sent = []
        self.refused = []
        self.offset = count()

    def feed(self, record, at=NOON):
        message = Delivered(
            "articles.normalized.v1", 0, next(self.offset), record.key, record.to_bytes(), {}, at
        )
        outcome = self.step(self.rows, message)
        self.sent += outcome.outputs
        self.refused += outcome.refusals
        for key, value in outcome.puts:
            self.rows.pop(key, None) if value is None else self.rows.update({key: value})
            self.step.observe(key, value)
        return outcome

    def fates(self, item_id="a"):
        own = [r for r in self.sent if isinstance(r, ItemFate) and r.item_id == item_id]
        return [(r.version, r.fate) for r in own]

    def live(self, item_id="a"):
        """The version that detection would hold, by the highest decision."""
        orders = [
            r
            for r in self.sent
            if (isinstance(r, TaggedArticle) and r.article.item_id == item_id)
            or (isinstance(r, Retraction) and r.item_id == item_id)
        ]
        last = max(orders, key=lambda r: r.decision, default=None)
        return last.version if isinstance(last, TaggedArticle) else None


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def article():
    offsets = count()

    def make(version=1, text="A text.", item_id="a", **more):
        raw = RawPosition(topic="articles.raw.v1", partition=0, offset=next(offsets))
        sha = sha256(text.encode()).hexdigest()
        return Article(
            item_id=item_id,
            version=version,
            source=Source(name="desk"),
            body=text,
            provenance=Provenance(origin="o", format="text", raw=raw, sha256=sha),
            **more,
        )

    return make


def test_the_newest_version_replaces_the_older(desk, article):
    desk.feed(article(1))
    desk.feed(article(2, "Another."))
    assert desk.live() == 2
    assert [r.decision for r in desk.sent if isinstance(r, TaggedArticle)] == [1, 2]


def test_an_older_version_that_arrives_late_is_superseded(desk, article):
    desk.feed(article(2, "Newer."))
    desk.feed(article(1))
    assert desk.live() == 2
    assert desk.fates() == [(1, "superseded")]


def test_the_same_version_with_the_same_text_is_a_repeat(desk, article):
    desk.feed(article(1))
    desk.feed(article(1))
    assert desk.live() == 1
    assert desk.fates() == [(1, "repeat")]


def test_the_same_message_delivered_again_changes_nothing(desk, article):
    first = article(1)
    desk.feed(first)
    outcome = desk.feed(first)
    assert outcome.outputs == outcome.puts == outcome.refusals == ()


def test_the_same_version_with_other_text_is_an_alarm(desk, article):
    desk.feed(article(1))
    desk.feed(article(1, "Smuggled."))
    assert [r.reason for r in desk.refused] == ["version-conflict"]
    assert desk.live() == 1


def test_a_hold_with_other_text_is_obeyed_and_still_an_alarm(desk, article):
    desk.feed(article(1))
    desk.feed(article(1, "Do not use.", status="withheld"))
    assert [r.reason for r in desk.refused] == ["version-conflict"]
    assert desk.live() is None


def test_without_a_stated_version_changed_text_makes_the_next(desk, article):
    desk.feed(article(None))
    desk.feed(article(None))
    desk.feed(article(None, "Changed."))
    assert desk.live() == 2
    assert desk.fates() == [(1, "repeat")]


def test_withheld_then_usable_is_held_then_live(desk, article):
    desk.feed(article(1, status="withheld"))
    assert desk.live() is None
    assert desk.fates() == [(1, "held")]
    desk.feed(article(1))
    assert desk.live() == 1


def test_a_hold_without_text_is_an_order_and_no_version(desk, article):
    desk.feed(article(None))
    desk.feed(article(None, "", status="withheld"))
    assert desk.live() is None
    assert desk.refused == []
    desk.feed(article(None))
    assert desk.live() == 1


def test_a_hold_without_text_before_its_item(desk, article):
    desk.feed(article(1, "", status="withheld"))
    assert desk.fates() == [(1, "held")]
    desk.feed(article(1))
    assert desk.live() == 1
    assert desk.refused == []


def test_a_hold_without_text_stops_an_embargo_from_lifting(desk, article):
    desk.feed(article(1, embargoed_until=NOON + HOUR))
    desk.feed(article(1, "", status="withheld"))
    assert list(desk.step.due(NOON + 2 * HOUR)) == []
    assert desk.fates() == [(1, "held"), (1, "held")]


def test_a_hold_retracts_what_is_live(desk, article):
    desk.feed(article(1))
    desk.feed(article(2, "Held.", status="withheld"))
    (retraction,) = [r for r in desk.sent if isinstance(r, Retraction)]
    assert (retraction.version, retraction.fate) == (1, "superseded")
    assert desk.fates() == [(2, "held")]


def test_a_kill_takes_the_item_out_for_good(desk, article):
    desk.feed(article(1))
    desk.feed(article(2, "", status="canceled"))
    desk.feed(article(3, "Back again?"))
    assert desk.live() is None
    assert desk.fates() == [(2, "killed"), (3, "killed")]
    (retraction,) = [r for r in desk.sent if isinstance(r, Retraction)]
    assert (retraction.status, retraction.fate) == ("canceled", "killed")


def test_a_kill_without_a_version_means_the_newest(desk, article):
    desk.feed(article(1))
    desk.feed(article(None, "", status="canceled"))
    assert desk.fates() == [(1, "killed")]


def test_a_kill_before_its_target_waits_for_it(desk, article):
    desk.feed(ItemControl(action="kill", item_id="a", notice_id="k", reason="wrong"))
    desk.feed(article(1))
    assert desk.live() is None
    assert desk.fates("k") == [(0, "killed")]
    assert desk.fates() == [(1, "killed")]


def test_a_kill_of_a_held_item(desk, article):
    desk.feed(article(1, status="withheld"))
    desk.feed(ItemControl(action="kill", item_id="a", notice_id="k"))
    assert desk.fates() == [(1, "held"), (1, "killed")]
    assert not [key for key in desk.rows if key.startswith("held:")]


def test_an_embargo_lifts_by_a_due_notice_and_not_before_its_time(desk, article):
    desk.feed(article(1, embargoed_until=NOON + HOUR))
    assert desk.live() is None
    assert list(desk.step.due(NOON)) == []
    (notice,) = desk.step.due(NOON + HOUR)
    desk.feed(notice, NOON)  # an eager worker's clock: the log's time decides
    assert desk.live() is None
    desk.feed(notice, NOON + HOUR)
    assert desk.live() == 1
    assert list(desk.step.due(NOON + 9 * HOUR)) == []
    assert desk.feed(notice, NOON + 2 * HOUR).outputs == ()


def test_an_embargo_that_cannot_be_read_blocks(desk, article):
    desk.feed(article(1, embargo_unreadable=True))
    assert desk.live() is None
    assert list(desk.step.due(NOON + 9999 * HOUR)) == []


def test_a_kill_under_embargo_is_not_lifted(desk, article):
    desk.feed(article(1, embargoed_until=NOON + HOUR))
    desk.feed(ItemControl(action="kill", item_id="a"))
    assert list(desk.step.due(NOON + 2 * HOUR)) == []
    desk.feed(Due(item_id="a", due_at=NOON + HOUR), NOON + 2 * HOUR)
    assert desk.live() is None


def test_expiry_takes_a_live_article_out(desk, article):
    desk.feed(article(1, expires=NOON + HOUR))
    assert desk.live() == 1
    (notice,) = desk.step.due(NOON + HOUR)
    desk.feed(notice, NOON + HOUR)
    (retraction,) = [r for r in desk.sent if isinstance(r, Retraction)]
    assert (retraction.status, retraction.fate) == ("expired", "expired")
    assert desk.live() is None


def test_an_article_that_arrives_expired(desk, article):
    desk.feed(article(1, expires=NOON - HOUR))
    assert desk.fates() == [(1, "expired")]


def test_an_operator_holds_and_releases_what_is_embargoed(desk, article):
    desk.feed(article(1, embargoed_until=NOON + HOUR))
    desk.feed(ItemControl(action="hold", item_id="a", by="ana"))
    (notice,) = desk.step.due(NOON + HOUR)
    desk.feed(notice, NOON + HOUR)
    assert desk.live() is None
    desk.feed(ItemControl(action="release", item_id="a", by="ana"), NOON + HOUR)
    assert desk.live() == 1


def test_an_operator_releases_what_was_live_by_its_next_delivery(desk, article):
    desk.feed(article(1))
    desk.feed(ItemControl(action="hold", item_id="a", by="ana"))
    assert desk.live() is None
    desk.feed(ItemControl(action="release", item_id="a", by="ana"))
    desk.feed(article(1))
    assert desk.live() == 1


def test_an_item_that_changes_its_space_leaves_the_old_one(desk, article):
    desk.feed(article(1))
    desk.feed(article(2, "Moved.", space="sport"))
    retraction, tagged = desk.sent[-2:]
    assert (retraction.space, tagged.article.space) == ("world", "sport")
    assert retraction.decision < tagged.decision


def test_a_record_that_is_none_is_refused(desk):
    message = Delivered("articles.normalized.v1", 0, 0, b"a", b'{"kind":"article"}', {}, NOON)
    with pytest.raises(Rejected) as refusal:
        desk.step({}, message)
    assert refusal.value.reason == "bad-record"
    with pytest.raises(Rejected) as refusal:
        desk.step({}, Delivered("articles.normalized.v1", 0, 0, b"a", None, {}, NOON))
    assert refusal.value.reason == "no-value"


def test_due_times_are_rebuilt_from_rows(desk, article):
    desk.feed(article(1, embargoed_until=NOON + HOUR))
    again = Admit(NoTags())
    for key, value in sorted(desk.rows.items()):
        again.observe(key, value)
    assert list(again.due(NOON + HOUR)) == list(desk.step.due(NOON + HOUR))


def test_what_is_remembered_of_an_item_is_small(desk, article):
    """There is a row for every item that ever came: five versions with terms of their own, a hold
    with a long reason, and the largest numbers still fit."""
    until = NOON + timedelta(days=9)
    desk.feed(ItemControl(action="hold", item_id="a", reason="the lawyers look at it " * 9))
    for n in range(REMEMBERED_VERSIONS * 2):
        one = article(n + 10, f"Text {n}.", embargoed_until=until + timedelta(days=n))
        raw = one.provenance.raw.model_copy(update={"partition": 7, "offset": 1_234_567 + n})
        place = one.provenance.model_copy(update={"raw": raw})
        desk.feed(one.model_copy(update={"provenance": place}))
    row = desk.rows["item:a"]
    assert len(row["seen"]) == REMEMBERED_VERSIONS
    assert len(orjson.dumps(row)) <= MAX_ROW
    del row["hold"]
    first = article(30)
    assert len(orjson.dumps(Item().with_seen(seen_of(first, 1)).row())) < 60


def test_a_row_of_the_release_before_is_understood(desk, article):
    """Its hashes were longer and its terms spelled out: the same text is still a repeat."""
    one = article(1)
    sha = one.provenance.sha256[:16]
    row = {"decision": 1, "space": "world", "live": 1, "seen": [[1, sha, "usable//", "5:99"]]}
    desk.rows["item:a"] = row
    desk.feed(one)
    assert desk.fates() == [(1, "repeat")]
    assert desk.refused == []


def test_a_notice_that_withholds_another_item_has_a_fate(desk):
    desk.feed(ItemControl(action="hold", item_id="a", notice_id="n", notice_version=2))
    assert desk.fates("n") == [(2, "held")]
