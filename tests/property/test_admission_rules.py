"""Whatever the order of versions, holds, kills and lifts: the end depends on the rules alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article, ItemControl, Provenance, RawPosition, Source
from schemas.fate import ItemFate
from schemas.tagged import Retraction, TaggedArticle
from streams.stages.admit import Admit
from streams.step import Delivered
from streams.view import current_fates

START = datetime(2031, 3, 3, tzinfo=UTC)
END = START + timedelta(days=30)


class NoTags:
    def tag(self, article):
        return ()

    def label(self, language):
        return "none"


@dataclass(frozen=True)
class Version:
    """One version with the terms that its publisher states."""

    number: int
    withheld: bool = False
    embargo_days: int | None = None  # over 30: still standing at the end
    unreadable: bool = False
    expires_days: int | None = None
    canceled: bool = False

    def expected(self) -> str:
        if self.withheld or self.unreadable or (self.embargo_days or 0) > 30:
            return "held"
        return "expired" if self.expires_days is not None and self.expires_days <= 30 else "live"

    def article(self, offset: int) -> Article:
        def days(n):
            return None if n is None else START + timedelta(days=n)

        return Article(
            item_id="a",
            version=self.number,
            status="canceled" if self.canceled else "withheld" if self.withheld else "usable",
            embargoed_until=days(self.embargo_days),
            embargo_unreadable=self.unreadable,
            expires=days(self.expires_days),
            source=Source(name="desk"),
            body=f"Text {self.number}.",
            provenance=Provenance(
                origin="o",
                format="text",
                raw=RawPosition(topic="articles.raw.v1", partition=0, offset=offset),
                sha256=f"{self.number:064d}",
            ),
        )


versions = st.lists(
    st.builds(
        Version,
        number=st.integers(1, 6),
        withheld=st.booleans(),
        embargo_days=st.sampled_from([None, None, 3, 20, 40]),
        unreadable=st.sampled_from([False, False, False, True]),
        expires_days=st.sampled_from([None, None, 5, 40]),
        canceled=st.sampled_from([False, False, False, False, False, True]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda v: v.number,
)


def run(arrivals):
    """Feed the arrivals a day apart, with due notices between; what stands at the end?"""
    step, rows, sent = Admit(NoTags()), {}, []
    offset, at = 0, START

    def feed(record):
        nonlocal offset
        message = Delivered(
            "articles.normalized.v1", 0, offset, record.key, record.to_bytes(), {}, at
        )
        outcome = step(rows, message)
        offset += 1
        sent.extend(outcome.outputs)
        for key, value in outcome.puts:
            rows.pop(key, None) if value is None else rows.update({key: value})
            step.observe(key, value)

    for n, arrival in enumerate(arrivals):
        feed(arrival if isinstance(arrival, ItemControl) else arrival.article(n))
        at += timedelta(days=1)
        for notice in step.due(at):
            feed(notice)
    while at < END:
        at += timedelta(days=1)
        for notice in step.due(at):
            feed(notice)
    return sent


def standing(sent):
    """(live version, fates by version) as a reader of the topics would conclude."""
    orders = [r for r in sent if isinstance(r, TaggedArticle | Retraction)]
    for earlier, later in pairwise(orders):
        if isinstance(earlier, TaggedArticle) and isinstance(later, TaggedArticle):
            sent = [*sent, fate("a", earlier.version, "superseded", later)]
    last = max(orders, key=lambda r: r.decision, default=None)
    live = last.version if isinstance(last, TaggedArticle) else None
    fates = current_fates(fate for r in sent for fate in fates_of(r) if fate.item_id == "a")
    return live, {version: fate.fate for (_, version), fate in fates.items()}


def fates_of(record):
    """Detection writes the fates of what it is sent; here its part is played from the records."""
    if isinstance(record, ItemFate):
        yield record
    elif isinstance(record, Retraction):
        yield fate(record.item_id, record.version, record.fate, record)
    elif isinstance(record, TaggedArticle):
        yield fate(record.article.item_id, record.version, "enriched", record)


def fate(item_id, version, name, record):
    return ItemFate(
        item_id=item_id,
        version=version,
        fate=name,
        stage="detect",
        decision=record.decision,
        at=record.at,
    )


@settings(max_examples=300, deadline=None)
@given(known=versions, kill=st.booleans(), repeats=st.booleans(), data=st.data())
def test_the_end_depends_on_the_rules_alone(known, kill, repeats, data):
    arrivals = list(known) + (list(known) if repeats else [])
    if kill:
        arrivals.append(ItemControl(action="kill", item_id="a", notice_id="k"))
    live, fates = standing(run(data.draw(st.permutations(arrivals))))

    newest = max(known, key=lambda v: v.number)
    if kill or any(v.canceled for v in known):
        assert live is None
        assert "enriched" not in fates.values()
    elif newest.expected() == "live":
        assert live == newest.number
        assert fates[newest.number] == "enriched"
    else:
        assert live is None
        assert fates[newest.number] == newest.expected()
    if not kill and not any(v.canceled for v in known):
        older = {v.number for v in known} - {newest.number}
        assert all(fates[number] == "superseded" for number in older)
    assert set(fates) >= {v.number for v in known}


@settings(max_examples=100, deadline=None)
@given(known=versions, data=st.data())
def test_decisions_sent_to_detection_only_grow(known, data):
    sent = run(data.draw(st.permutations(known)))
    numbers = [r.decision for r in sent if isinstance(r, TaggedArticle | Retraction)]
    assert numbers == sorted(set(numbers))
