"""An event keeps at most 64 KB however many articles it has, whatever they hold; packed rows give
back what was packed."""

import random
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.errors import Rejected
from streams.events.background import background
from streams.events.decide import subject
from streams.events.index import Index
from streams.events.record.fold import fold
from streams.events.retell import assessed
from streams.events.settings import DEFAULTS
from streams.events.store import stored
from streams.events.store.digest import MAX_PACKED, digest, told
from streams.events.store.packing import pack, unpack
from streams.novelty.assess import extract
from streams.novelty.memory import EventMemory
from streams.text.sentences import sentences
from tests.detecting import Desk, order, retraction, tagged

BOUND = 65_536
ORDINARY = sorted(term for term in background().counts if term.isalpha() and len(term) > 3)
HEAD = "Quake shakes Torvel valley in Sarvania"
LEAD = (
    "A magnitude 6.1 earthquake struck the Torvel valley in Sarvania, killing at least 12 people. "
    "Houses in Ruzna collapsed, the Torvel civil protection office said in Ruzna. "
)
KINDS = ("plain", "figures", "repeated", "long", "wide", "names", "denials", "control", "short")


def body(kind: str, seed: int) -> str:
    """An article on the quake; but for the plain ones nobody would write so."""
    chance = random.Random(seed)
    rest = {
        "plain": " ".join(
            f"The {' '.join(chance.choices(ORDINARY, k=12))}, officials in Ruzna said."
            for _ in range(25)
        ),
        "figures": " ".join(
            f"The quake killed {n + seed} and hurt {7 * n} men." for n in range(900)
        ),
        "repeated": "The quake in Torvel killed 20 people. " * 2_000,
        "long": "".join(chance.choices("abcdefghij klmnop", k=20_000)),
        "wide": "。".join(
            "".join(chance.choices("震央谷町死傷家屋倒壊余震救助", k=150)) for _ in range(60)
        ),
        "names": " ".join(
            f"Anna Q{chance.random()} met Bo{n} Zil{seed} there." for n in range(300)
        ),
        "denials": " ".join(
            f"Norvia{n} accused Varn{chance.randrange(99)} of theft, which Varn{n} denied."
            for n in range(200)
        ),
        "control": '\u202e\u0301 😀🚒 \u0000 <>&"\\ 12 dead. ' * 600,
        "short": "",
    }[kind]
    return (LEAD if kind == "plain" else LEAD * 6) + rest  # 150 words tell which event it is


def largest(desk: Desk) -> int:
    """Bytes of the rows of the largest event: its own and the digests of its members."""
    sizes: dict[str, int] = {}
    for key, value in desk.rows.items():
        kind, _, name = key.partition(":")
        if kind != "item":
            event_id = name if kind == "event" else orjson.loads(value)["event"]
            sizes[event_id] = sizes.get(event_id, 0) + len(value)
    return max(sizes.values(), default=0)


@given(
    ops=st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(0, 30), st.integers(0, 99)),
        min_size=4,
        max_size=40,
    )
)
@settings(max_examples=15, deadline=None)
def test_no_event_is_larger_than_64_kilobytes(ops: list[tuple[str, int, int]]) -> None:
    """At no moment; an item that comes again is corrected, and may be longer then."""
    desk, decisions = Desk(), dict[str, int]()
    for number, (kind, item, seed) in enumerate(ops):
        name = f"urn:newsml:agency.example:2031:item-{item}"
        decisions[name] = decisions.get(name, 0) + 1
        if seed < 5:
            desk.deliver(retraction(name, decision=decisions[name], hours=number / 60))
        else:
            text = body(kind, seed)
            names = ["Ruzna", "Torvel"]
            desk.deliver(
                tagged(name, HEAD, text, decision=decisions[name], hours=number / 60, names=names)
            )
        assert largest(desk) <= BOUND


@pytest.mark.parametrize("kind", KINDS)
def test_many_articles_of_one_kind_stay_bounded(kind: str) -> None:
    desk = Desk()
    for number in range(60):
        desk.deliver(tagged(f"item-{number}", HEAD, body(kind, number), hours=number / 60))
        assert largest(desk) <= BOUND
    assert len(desk.states()) < 10


def test_a_thousand_long_articles_leave_no_more_than_a_hundred() -> None:
    """And no more rows than one of each item, one of the event, and the live digests."""
    desk, sizes = Desk(), list[int]()
    for number in range(1000):
        text = body("plain", number)
        desk.deliver(tagged(f"item-{number}", HEAD, text, hours=number / 60, names=["Ruzna"]))
        sizes.append(largest(desk))
    assert len(desk.states()) == 1
    assert max(sizes) <= BOUND
    assert max(sizes[500:]) <= 1.1 * max(sizes[50:100])
    rows = [key.partition(":")[0] for key in desk.rows]
    assert (rows.count("event"), rows.count("item")) == (1, 1000)
    assert rows.count("digest") < 40
    assert max(len(value) for key, value in desk.rows.items() if key.startswith("item")) < 200


def test_ids_of_five_hundred_letters_and_long_names_are_bounded_too() -> None:
    """An id stands in every row of an event's record."""
    desk = Desk()
    for number in range(60):
        item_id = f"urn:{random.Random(number).getrandbits(1600):x}:{number}"
        text = body(KINDS[number % len(KINDS)], number)
        source = f"{'The Torvel Valley Gazette ' * 400}{number}"
        desk.deliver(tagged(item_id, HEAD, text, hours=number / 60, source=source))
        assert largest(desk) <= BOUND
    assert len(desk.states()) < 10


def test_an_order_that_joins_two_large_events_keeps_to_the_bound() -> None:
    desk = Desk()
    for number in range(30):
        stories = (
            (HEAD, LEAD),
            ("Rail strike halts Norvian trains", "Norvian train drivers went on strike. "),
        )
        for at, (title, lead) in enumerate(stories):
            told = lead * (160 // len(lead.split()))
            text = told + body("plain", 100 * at + number)[len(LEAD) :]
            desk.deliver(tagged(f"item-{at}-{number}", title, text, hours=number))
    gone, stays = desk.event_of("item-1-0"), desk.event_of("item-0-0")
    assert gone != stays
    assert all("base" in orjson.loads(desk.rows[f"event:{each}"]) for each in (gone, stays))
    control = order("merge", gone, into=stays)
    desk.deliver(control, 99)
    assert desk.states()[stays].member_count == 60
    assert largest(desk) <= BOUND
    assert desk.deliver(control, 99).puts == ()
    for number in (0, 29):
        desk.deliver(retraction(f"item-1-{number}", decision=2, hours=40))
        assert f'"item-1-{number}"' not in desk.states()[stays].to_bytes().decode()
        assert largest(desk) <= BOUND
    assert desk.states()[stays].member_count == 58
    for changes in desk.changes().values():
        assert fold(changes).to_bytes() == desk.states()[changes[0].event_id].to_bytes()


@pytest.mark.parametrize("cut", range(9))
@pytest.mark.parametrize("restarts", [True, False])
def test_an_order_on_frozen_events_may_be_cut_short(cut: int, restarts: bool) -> None:
    """It comes again, and every row is as without the cut."""
    desks = Desk(replace(DEFAULTS, live_digests=3)), Desk(replace(DEFAULTS, live_digests=3))
    for desk in desks:
        for number in range(5):
            desk.deliver(tagged(f"quake-{number}", HEAD, LEAD, hours=number, names=["Ruzna"]))
            title, text = "Rail strike halts Norvian trains", "Train drivers in Norvia walked out."
            desk.deliver(tagged(f"strike-{number}", title, text, hours=number, names=["Norvia"]))
    broken, calm = desks
    gone, stays = calm.event_of("strike-0"), calm.event_of("quake-0")
    control = order("merge", gone, into=stays)
    calm.deliver(control, 99)
    outcome = broken.decide(control, 99)
    broken.put(outcome, min(cut * len(outcome.puts) // 8, len(outcome.puts) - 1))
    if restarts:
        broken.restart()
    broken.deliver(control, 99)
    assert broken.rows == calm.rows
    state = calm.states()[stays]
    assert state.member_count == 10
    assert {row.entity_id: row.articles for row in state.entities} == {
        "local:ruzna": 5,
        "local:norvia": 5,
    }


def test_live_members_can_be_parted_from_frozen_ones() -> None:
    """Those that froze stay: they have no digest to take along."""
    desk = Desk(replace(DEFAULTS, live_digests=2))
    for number in range(5):
        desk.deliver(tagged(f"item-{number}", HEAD, LEAD, hours=number))
    old = desk.event_of("item-0")
    with pytest.raises(Rejected, match="item-0"):
        desk.deliver(order("split", old, item_ids=("item-0",)))
    desk.deliver(order("split", old, item_ids=("item-4",)))
    assert desk.states()[old].member_count == 4
    (new,) = (event_id for event_id in desk.states() if event_id != old)
    assert [member.item_id for member in desk.states()[new].members] == ["item-4"]


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            (
                "Twelve people died in Ruzna's flood on Monday.",
                "KELMAR, March 3 (Agency) - The ministry said 25,000 had fled.",
                "“We've never refused,” Anna Wex said; Norvia denied that.",
                "Die Straße nach Ruzna wurde am Dienstag gesperrt.",
                "La policía halló a 40 personas. ",
                "x" * 900,
                "The Torvel " * 60,
                "Reporting by Bo Lind",
            )
        ),
    ),
    max_size=12,
)


@given(title=st.text(max_size=40), texts=TEXTS, language=st.sampled_from(["en", "de", "es", "xx"]))
@settings(max_examples=150, deadline=None)
def test_a_row_gives_back_the_digest(title: str, texts: list[str], language: str) -> None:
    """Every statement, weight and place: else a rebuilt event would decide otherwise."""
    whole = digest_of(title, " ".join(texts), language)
    row = orjson.loads(orjson.dumps(stored.closed(whole)))
    stored._recent.clear()
    assert stored.opened(row) == orjson.loads(orjson.dumps(whole))
    assert len(row["packed"]) <= MAX_PACKED


def digest_of(title: str, text: str, language: str) -> dict[str, Any]:
    article = tagged("item-1", title, text, language=language)
    pieces = sentences(article.article)
    new = subject(article, pieces, Index(), background())
    found = digest(article, new, extract(article, pieces), "ev-1", 7)
    return {**found, "told": told(assessed("item-1", found, EventMemory(), background()))}


def test_the_same_digest_packs_into_the_same_string() -> None:
    """Also where it was unpacked before, so that a row that is put again stays as it is."""
    whole = digest_of(HEAD, body("plain", 1), "en")
    again = unpack(whole["packed"])
    assert pack(again) == whole["packed"]


def test_a_digest_of_four_hundred_words_is_short() -> None:
    whole = digest_of(HEAD, body("plain", 1), "en")
    assert len(orjson.dumps(stored.closed(whole))) < 5_000
    assert len(orjson.dumps(stored.closed(digest_of(HEAD, LEAD, "en")))) < 1_500


def test_what_froze_stays_known() -> None:
    """An article that tells again what only frozen ones told brings no news."""
    desk = Desk(replace(DEFAULTS, live_digests=2))
    said = "Divers from the harbour of Kelmar searched the flooded Ruzna tunnel for two engineers."
    desk.deliver(tagged("first", HEAD, LEAD + said))
    for number in range(4):
        desk.deliver(tagged(f"item-{number}", HEAD, LEAD, hours=1 + number))
    assert "digest:world:first" not in desk.rows
    desk.deliver(tagged("again", HEAD, LEAD + said, hours=9))
    novelty = desk.enriched()["again"].novelty
    assert {each.text: each.label for each in novelty.sentences}[said] == "KNOWN"
    news = "Engineers opened the tunnel of Ruzna again after Norvian pumps had arrived by ship."
    desk.deliver(tagged("news", HEAD, LEAD + news, hours=10))
    novelty = desk.enriched()["news"].novelty
    assert {each.text: each.label for each in novelty.sentences}[news] == "NEW"


def test_a_figure_of_a_frozen_article_is_still_revised() -> None:
    desk = Desk(replace(DEFAULTS, live_digests=2))
    desk.deliver(tagged("first", HEAD, LEAD + "The quake left 340 people homeless."))
    for number in range(4):
        text = "Roads around the Torvel valley in Sarvania were blocked after the earthquake."
        desk.deliver(tagged(f"item-{number}", HEAD, text, hours=1 + number))
    assert "digest:world:first" not in desk.rows
    desk.deliver(tagged("more", HEAD, "The earthquake in Torvel killed 31 people.", hours=9))
    figures = {each.slot: each for each in desk.enriched()["more"].novelty.figures}
    assert (figures["dead"].old, figures["dead"].new) == (12, 31)


def test_the_kill_of_a_frozen_article_takes_its_text_and_names_out() -> None:
    """Wherever its rows went; others keep theirs."""
    desk = Desk(replace(DEFAULTS, live_digests=2))
    secret = "The quake left 340 homeless in Zorkwell, and Zorkwell denied claims of delay."
    desk.deliver(tagged("first", HEAD, LEAD + secret, names=["Zorkwell", "Ruzna"]))
    for number in range(4):
        desk.deliver(tagged(f"item-{number}", HEAD, LEAD, hours=1 + number, names=["Ruzna"]))
    event_id = desk.event_of("first")
    assert b"orkwell" in desk.states()[event_id].to_bytes()
    desk.deliver(retraction("first", decision=2, hours=9))
    state = desk.states()[event_id]
    assert state.member_count == 4
    assert b"orkwell" not in state.to_bytes()
    assert {row.entity_id: row.articles for row in state.entities} == {"local:ruzna": 4}
    assert not [key for key, row in desk.unpacked().items() if b"orkwell" in row]
