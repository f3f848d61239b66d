"""Versions, kills, holds, lifts and expiries of a few items in any order, through both stages that
decide: what stands at the end follows from the rules, and a killed text stands nowhere."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article, ItemControl, NamedTarget, Provenance, RawPosition, Source
from schemas.base import Message
from schemas.fate import ItemFate
from schemas.tagged import Retraction, TaggedArticle
from streams.events.record.fold import fold
from streams.stages.admit import Admit
from streams.step import Delivered
from streams.view import current_fates
from tests.detecting import Desk
from tests.property.test_admission_rules import NoTags

START = datetime(2031, 3, 3, tzinfo=UTC)
DAY = timedelta(days=1)
END = 60
"""Days after which the last embargo and expiry that ends at all has ended."""
TEXTS = (
    ("Quake shakes Torvel valley", "A magnitude 6.1 earthquake struck the Torvel valley."),
    ("Rail strike halts Norvian trains", "Train drivers in Norvia walked out at noon."),
    ("Quake shakes Torvel valley", "The earthquake in the Torvel valley killed 12 people."),
)


@dataclass(frozen=True)
class Version:
    """One version of one item, with the terms that its publisher states. Times in days."""

    item: int
    number: int
    status: str = "usable"
    embargo: int | None = None
    unreadable: bool = False
    expires: int | None = None

    @property
    def secret(self) -> str:
        return f"zq{self.item}x{self.number}word"

    def standing(self) -> str:
        """Where the publisher's terms alone leave it at the end."""
        if self.status == "withheld" or self.unreadable or (self.embargo or 0) > END:
            return "held"
        return "expired" if self.expires is not None and self.expires <= END else "enriched"

    def record(self, offset: int) -> Article:
        def day(n: int | None) -> datetime | None:
            return None if n is None else START + n * DAY

        title, body = TEXTS[self.item]
        return Article(
            item_id=f"item-{self.item}",
            version=self.number,
            status=self.status,
            embargoed_until=day(self.embargo),
            embargo_unreadable=self.unreadable,
            expires=day(self.expires),
            source=Source(name=f"desk {self.item}"),
            language="en",
            title=title,
            body=f"{body} The {self.secret} was named by officials.",
            provenance=Provenance(
                origin="o",
                format="text",
                raw=RawPosition(topic="articles.raw.v1", partition=0, offset=offset),
                sha256=f"{self.item:032d}{self.number:032d}",
            ),
        )


@dataclass(frozen=True)
class Order:
    """An operator's order, or a notice; ``waits``: it names its item by slug, then is confirmed."""

    item: int
    action: str
    waits: bool = False

    def records(self) -> list[ItemControl]:
        item_id, notice = f"item-{self.item}", f"notice-{self.item}"
        if not self.waits:
            return [ItemControl(action=self.action, item_id=item_id, by="ana")]
        named = (NamedTarget(slug="quake"),)
        return [
            ItemControl(action=self.action, item_id=notice, notice_id=notice, named=named),
            ItemControl(action="kill", item_id=notice, confirmed_target=item_id, by="ana"),
        ]


VERSIONS = st.lists(
    st.builds(
        Version,
        item=st.integers(0, 2),
        number=st.integers(1, 4),
        status=st.sampled_from(["usable", "usable", "usable", "usable", "withheld", "canceled"]),
        embargo=st.sampled_from([None, None, None, 4, 90]),
        unreadable=st.sampled_from([False, False, False, False, True]),
        expires=st.sampled_from([None, None, None, 6, 90]),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda v: (v.item, v.number),
)
ORDERS = st.lists(
    st.one_of(
        st.builds(Order, item=st.integers(0, 2), action=st.sampled_from(["hold", "release"])),
        st.builds(Order, item=st.integers(0, 2), action=st.just("kill"), waits=st.booleans()),
    ),
    max_size=4,
)


class Line:
    """Admission and detection, one record after another; what admission sends itself comes back."""

    def __init__(self) -> None:
        self.admit, self.rows = Admit(NoTags()), dict[str, bytes]()
        self.desk, self.fates = Desk(), list[ItemFate]()
        self.at, self.offset = START, 0

    def feed(self, record: Message) -> None:
        value = record.to_bytes()
        given = Delivered("articles.normalized.v1", 0, self.offset, record.key, value, {}, self.at)
        self.offset += 1
        rows = {key: orjson.loads(row) for key, row in self.rows.items()}
        outcome = self.admit(rows, given)
        for key, row in outcome.puts:
            self.rows.pop(key, None) if row is None else self.rows.update({key: orjson.dumps(row)})
            self.admit.observe(key, row)
        for sent in outcome.outputs:
            if isinstance(sent, TaggedArticle | Retraction):
                told = self.desk.deliver(sent).outputs
                self.fates += [each for each in told if isinstance(each, ItemFate)]
            elif isinstance(sent, ItemFate):
                self.fates.append(sent)
            else:
                self.feed(sent)

    def wait(self) -> None:
        """A day passes."""
        self.at += DAY
        for notice in self.admit.due(self.at):
            self.feed(notice)

    def current(self) -> bytes:
        """Every current record, and all that the stages keep."""
        records = (*self.desk.states().values(), *self.desk.enriched().values())
        rows = (*self.rows.values(), *self.desk.rows.values())
        return b"\n".join((*(r.to_bytes() for r in records), *rows))


def play(arrivals: list[Any], again: list[Version]) -> Line:
    """All arrivals, half a day's worth at a time; then the newest versions once more."""
    line = Line()
    for n, arrival in enumerate([*arrivals, *again]):
        records = [arrival.record(n)] if isinstance(arrival, Version) else arrival.records()
        for record in records:
            line.feed(record)
        if n % 2:
            line.wait()
    while line.at < START + (END + 1) * DAY:
        line.wait()
    return line


def expected(versions: list[Version], arrivals: list[Any]) -> dict[int, tuple[int, str]]:
    """By item: the newest version and where the rules leave it."""
    found = {}
    for item in {v.item for v in versions}:
        own = [v for v in versions if v.item == item]
        orders = [o.action for o in arrivals if isinstance(o, Order) and o.item == item]
        holds = [action for action in orders if action != "kill"]
        newest = max(own, key=lambda v: v.number)
        killed = "kill" in orders or any(v.status == "canceled" for v in own)
        held = holds[-1:] == ["hold"]  # between two orders of an operator the later one counts
        standing = "killed" if killed else "held" if held else newest.standing()
        found[item] = newest.number, standing
    return found


@settings(max_examples=120, deadline=None)
@given(versions=VERSIONS, orders=ORDERS, data=st.data())
def test_the_end_follows_from_the_rules_and_a_killed_text_is_gone(versions, orders, data):
    arrivals = data.draw(st.permutations([*versions, *orders]))
    wanted = expected(versions, arrivals)
    newest = [v for v in versions if wanted[v.item][0] == v.number]
    line = play(arrivals, newest)
    fates = current_fates(line.fates)
    for item, (number, standing) in wanted.items():
        assert fates[f"item-{item}", number].fate == standing
    live = {f"item-{i}": n for i, (n, standing) in wanted.items() if standing == "enriched"}
    states = line.desk.states().values()
    assert {m.item_id: m.version for state in states for m in state.members} == live
    assert sum(state.member_count for state in states) == len(live)
    texts = {i: a.version for i, a in line.desk.enriched().items() if a.status == "usable"}
    assert texts == live
    current = line.current()
    for version in versions:
        number, standing = wanted[version.item]
        if standing == "killed" or number != version.number:
            assert version.secret.encode() not in current
        elif standing == "enriched":
            assert version.secret.encode() in current


@settings(max_examples=60, deadline=None)
@given(versions=VERSIONS, orders=ORDERS, data=st.data())
def test_changes_fold_to_the_states_whatever_comes(versions, orders, data):
    line = play(data.draw(st.permutations([*versions, *orders])), [])
    states = line.desk.states()
    for event_id, changes in line.desk.changes().items():
        assert fold(changes).to_bytes() == states[event_id].to_bytes()
