"""The index is a function of what it holds; detection rebuilt anywhere goes on alike."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.base import Message
from streams.events.background import background
from streams.events.compare import SCALE, Comparer, pack
from streams.events.features import Terms, Vector, numbers, plain_words, vectorise
from streams.events.index import Index
from streams.events.settings import DEFAULTS
from streams.stages.detect import Detect
from streams.text.sentences import sentence_of
from streams.text.words import spelled, stems_of
from tests.detecting import START, Desk, retraction, tagged

STORIES = (
    "quake torvel valley sarvania ruzna houses collapsed rescuers dogs",
    "rail strike norvia trains drivers union pay walked cancelled",
    "ferry sanna belle sank hollow sound passengers divers wreck",
)
SHORT = replace(
    DEFAULTS,
    dormant_after=timedelta(days=1),
    close_after=timedelta(days=2),
    evict_after=timedelta(days=6),
    forget_after=timedelta(days=12),
    live_digests=3,
    cached_events=2,
)

Put = tuple[int, int, int, int, int, bool]
PUTS = st.lists(
    st.tuples(
        st.integers(0, 11),  # item
        st.integers(0, 4),  # event
        st.integers(0, 5),  # sequence number: some are equal
        st.integers(0, 2),  # story
        st.integers(0, 50),  # seed of its words; 0: the item is dropped
        st.booleans(),  # whether it stands for its event
    ),
    max_size=40,
)


def vector(story: int, seed: int) -> Vector:
    text = " ".join(random.Random(seed).sample(STORIES[story].split(), 6)) + f" extra{seed} 6{seed}"
    pieces = [sentence_of("body", 0, text)]
    return vectorise(pieces, numbers(pieces), background().idfs)


def asked(index: Index) -> list[Any]:
    """What the index answers about everything, numbers of terms apart."""
    found: list[Any] = [index.joining(), index.joining("item-1")]
    for story in range(3):
        query = vector(story, 7)
        names = index.candidates(query)
        found.append((names, index.candidates(query, "item-1")))
        for name in names:
            standing = index.standing(name)
            found.append((standing.bundle, standing.days, standing.languages))
            plain = plain_words(query, "en")
            found.append(Comparer().compare(index.packed(query), [standing.bundle], plain))
    for text in STORIES:
        numbers = index.vocabulary.numbers(stems_of(spelled(text)))
        found.append(list(map(index.vocabulary.count, numbers)))
    found.append([(f"ev-{n}", index.members(f"ev-{n}"), index.last(f"ev-{n}")) for n in range(5)])
    return found


@given(puts=PUTS, shuffle=st.integers(0, 99), questions=st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_the_index_depends_on_what_it_holds_alone(
    puts: list[Put], shuffle: int, questions: int
) -> None:
    """Not on the order, nor on what was there before, nor on what was asked."""
    index, held = Index(), dict[str, tuple[Any, ...]]()
    for at, (item, event, seq, story, seed, stands) in enumerate(puts):
        item_id = f"item-{item}"
        if seed == 0:
            index.drop(item_id)
            held.pop(item_id, None)
        else:
            day = float(seed)
            held[item_id] = (f"ev-{event}", seq, vector(story, seed), day, "en", stands)
            index.put(item_id, *held[item_id])
        if at % questions == 0:
            asked(index)
    fresh, items = Index(), sorted(held)
    random.Random(shuffle).shuffle(items)
    for item_id in items:
        fresh.put(item_id, *held[item_id])
    assert asked(index) == asked(fresh)
    assert len(index.vocabulary) == len(fresh.vocabulary)


Op = tuple[str, int, int, int, int]
OPS = st.lists(
    st.tuples(
        st.sampled_from(["tell", "tell", "tell", "tell", "round up", "kill"]),
        st.integers(0, 7),
        st.integers(0, 2),
        st.integers(1, 50),
        st.integers(-20, 1),  # days between log time and the time that it states
    ),
    max_size=14,
)


def records(ops: list[Op]) -> list[Message]:
    """Twenty hours apart, with the decisions that admission would number."""
    decisions: dict[str, int] = {}
    found: list[Message] = []
    for at, (kind, item, story, seed, days) in enumerate(ops):
        item_id, hours = f"item-{item}", at * 20.0
        decision = decisions[item_id] = decisions.get(item_id, 0) + 1
        if kind == "kill":
            found.append(retraction(item_id, decision=decision, hours=hours))
            continue
        chance = random.Random(seed)
        told = chance.sample(STORIES[story].split(), 7)
        title = "News in brief" if kind == "round up" else " ".join(told[:4]).capitalize()
        body = f"The {' '.join(told)} with {seed}0 dead. The {' '.join(reversed(told))} again."
        stated = START + timedelta(hours=hours, days=days)
        found.append(
            tagged(item_id, title, body, decision=decision, hours=hours, published_at=stated)
        )
    return found


def rebuild(desk: Desk, seed: int) -> None:
    """A new process that reads the rows in any order."""
    desk.step = Detect(desk.settings)
    keys = sorted(desk.rows)
    random.Random(seed).shuffle(keys)
    for key in keys:
        desk.step.observe(key, orjson.loads(desk.rows[key]))


@given(ops=OPS, cuts=st.sets(st.integers(0, 14)), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_cut_anywhere_rebuild_and_continue(ops: list[Op], cuts: set[int], seed: int) -> None:
    """The same bytes, with late news and events that go dormant, close, freeze, are evicted and
    forgotten.
    """
    whole, broken = Desk(SHORT), Desk(SHORT)
    for at, record in enumerate(records(ops)):
        if at in cuts:
            rebuild(broken, seed + at)
        whole.deliver(record)
        broken.deliver(record)
    assert [r.to_bytes() for r in whole.sent] == [r.to_bytes() for r in broken.sent]
    assert whole.rows == broken.rows


def test_every_weight_survives_packing():
    """Weights have four digits: as whole numbers they are the same floats again."""
    weights = [round(number / 10_000, 4) for number in range(10_001)]
    for at in range(0, len(weights), 200):
        terms = Terms([f"t{n}" for n in range(200)], weights[at : at + 200])
        terms = Terms(terms.terms[: len(terms.weights)], terms.weights)
        none = Terms([], [])
        packed = pack(Vector((terms, none, none, none), (1.0, 0.0, 0.0, 0.0), 200))
        kept = np.frombuffer(packed.weights, dtype=np.uint16) / SCALE
        assert kept.tolist() == [0.0, *terms.weights, 0.0, 0.0, 0.0]
