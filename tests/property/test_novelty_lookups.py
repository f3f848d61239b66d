"""What novelty finds by a key is what reading everything finds."""

import random
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from streams.novelty.amounts import _spelled, with_digits
from streams.novelty.earlier import HORIZON, RECENT, Earlier
from streams.novelty.figure_words import WRITTEN
from streams.novelty.memory import EventMemory, Faded, Json
from streams.novelty.signs import signs
from streams.novelty.statements import _places, form
from streams.text.words import _WORD, spelled

TEXTS = st.lists(
    st.sampled_from(
        """two twenty-one one, hundred hundred-two 5 3.5 million-two $5bn two2three of the (Nine)
        neun zwei zweihundert tausendzwei mil dos vingt-deux x_y 12th über-alles ½ -""".split()
    ),
    max_size=9,
).map(" ".join)


@given(TEXTS, st.sampled_from(["en", "de", "es", "fr"]))
@example("3 mil-dos", "es")
@example("3 tausendzwei", "de")
def test_a_text_without_a_number_in_words_stays_as_it_is(text: str, language: str) -> None:
    assume("scale" not in signs(text))  # "a dozen": read before
    parts = enumerate(WRITTEN.split(text))
    plain = "".join(part if n % 2 else _spelled(part, language) for n, part in parts)
    assert with_digits(text, language) == plain


@given(st.one_of(TEXTS, st.text(max_size=60)), st.integers(0, 70), st.integers(20, 60))
def test_words_of_a_statement_stand_where_the_text_has_them(text: str, end: int, cut: int) -> None:
    """Also in a sentence that was cut inside a word."""
    words = spelled(text)
    whole = [found for found in _WORD.finditer(text) if found.start() < cut]
    expected = [found.start() for found in whole if found.start() < end and form(found[0], "en")]
    assert _places(text[:cut], 0, end, words, "en") == expected


def made(chance: random.Random, *, dated: bool) -> Json:
    """An extract with a few figures."""
    figures: list[Json] = []
    for _ in range(chance.choice((0, 0, 1, 2, 5))):
        row: Json = {"at": 0, "slot": chance.choice("abc"), "value": float(chance.randint(2, 5))}
        if chance.random() < 0.3:
            row["unit"] = chance.choice(("USD", "%"))
        if chance.random() < 0.4:
            row |= {"open": True, "words": chance.sample("pqrst", 3)}
            row |= {"head": chance.choice("pqrst")} if chance.random() < 0.8 else {}
        elif chance.random() < 0.2:
            row["score"] = "score"
        figures.append(row)
    published = chance.choice((1, 2, 3)) if dated else None
    return {"language": "en", "statements": [], "figures": figures, "published": published}


def filled(chance: random.Random, *, dated: bool) -> EventMemory:
    """An event in which some articles faded, and some left."""
    faded = [made(chance, dated=dated) | {"item": f"old{n}", "disputes": []} for n in range(40)]
    memory = EventMemory(Faded({}, tuple(faded), frozenset(["en"])))
    for n in range(chance.choice((0, 20, 90, 150))):
        memory.add(f"new{n}", made(chance, dated=dated or n % 2 == 0))
        if chance.random() < 0.2:
            memory.remove(f"new{chance.randint(0, n)}")
    return memory


def told(rows: list[Json], memory: EventMemory) -> list[Json]:
    """The figures that may count the same things, by reading all."""
    slots = {row["slot"] for row in rows}
    found: list[list[Json]] = []
    for n, article in enumerate(memory.figures(HORIZON)):
        kept = [row for row in article if row["slot"] in slots and "open" not in row]
        if n < RECENT:
            kept = list(article)
        if kept:
            found.insert(0, kept)
    if all(each[0]["of"]["published"] is not None for each in found):
        found.sort(key=lambda each: each[0]["of"]["published"])
    return [row for each in found for row in each]


def beside(new: Json, old: Json) -> bool:
    """Whether what one of two figures counts stands beside the other."""
    heads = (new.get("head") in old["words"], old.get("head") in new["words"])
    return "unit" in new or any(heads)


@pytest.mark.parametrize("seed", range(30))
def test_figures_are_found_as_if_all_were_read(seed: int) -> None:
    chance = random.Random(seed)
    memory = filled(chance, dated=seed % 2 == 0)
    rows = made(chance, dated=True)["figures"] + made(chance, dated=True)["figures"]
    earlier, everything = Earlier(rows, memory), told(rows, memory)

    def unit(row: Json) -> Any:
        return row.get("unit")

    for row in rows:
        same = [old for old in everything if old["slot"] == row["slot"] and unit(old) == unit(row)]
        assert earlier.rivals(row) == same
        assert earlier.holds(row) == any(old["value"] == row["value"] for old in same)
        values = [old for old in everything if old["value"] == row["value"]]
        may_be = any(unit(o) == unit(row) or not (unit(o) and unit(row)) for o in values)
        assert earlier.holds_value(row["value"], unit(row)) == may_be
        if "open" in row:
            opened = [old for old in everything if "open" in old and unit(old) == unit(row)]
            assert earlier.alike(row) == [old for old in opened if beside(row, old)]
    assert earlier.scored("score") == [old for old in everything if "score" in old]


def test_the_lines_of_an_article_that_is_replaced_are_those_of_the_new_one() -> None:
    memory = EventMemory()
    for stems in (["old", "word"], ["new"]):
        statement = {"stems": stems, "rank": 0, "field": "body", "start": 0, "end": 1}
        memory.add("a", {"language": "en", "statements": [statement]})
        assert memory.lines("a") == {tuple(stems)}
