"""Assessing is a function of the article and the articles held, in their order."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.novelty.assess import assess, extract_sentences
from streams.novelty.evaluate import as_sentences
from streams.novelty.memory import MAX_ARTICLES, EventMemory, Json

WORDS = st.sampled_from(
    "quake ferry minister killed 12 30 people injured Varn Pell denied claim signed pact treaty "
    "fire dam police arrested captain school closed at least the of and said".split()
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), max_size=6)
ARTICLES = st.lists(SENTENCES, min_size=1, max_size=6)


def made(texts: list[str]) -> Json:
    return extract_sentences(as_sentences(texts), (), "en")


def filled(extracts: list[Json]) -> EventMemory:
    memory = EventMemory()
    for number, each in enumerate(extracts):
        memory.add(str(number), each)
    return memory


def idf(stem: str) -> float:
    return 1.0 + len(stem) / 2


@settings(max_examples=40, deadline=None)
@given(ARTICLES, SENTENCES)
def test_assessing_twice_gives_the_same_and_changes_nothing(
    earlier: list[list[str]], texts: list[str]
) -> None:
    memory = filled([made(each) for each in earlier])
    first = assess("new", made(texts), memory, idf)
    assert assess("new", made(texts), memory, idf) == first
    assert 0 <= first.novelty.score <= 1


@settings(max_examples=40, deadline=None)
@given(ARTICLES, SENTENCES, SENTENCES)
def test_removing_an_article_is_as_if_it_had_never_been_added(
    earlier: list[list[str]], gone: list[str], texts: list[str]
) -> None:
    extracts = [made(each) for each in earlier]
    memory = filled(extracts[:1])
    memory.add("gone", made(gone))
    for number, each in enumerate(extracts[1:], start=1):
        memory.add(str(number), each)
    memory.remove("gone")
    new = made(texts)
    assert len(memory) == len(extracts)
    assert assess("new", new, memory, idf) == assess("new", new, filled(extracts), idf)


@settings(max_examples=40, deadline=None)
@given(ARTICLES, SENTENCES)
def test_a_memory_built_from_stored_extracts_answers_the_same(
    earlier: list[list[str]], texts: list[str]
) -> None:
    extracts = [made(each) for each in earlier]
    stored = [orjson.loads(orjson.dumps(each)) for each in extracts]
    new = made(texts)
    assert assess("new", new, filled(stored), idf) == assess("new", new, filled(extracts), idf)


@settings(max_examples=40, deadline=None)
@given(SENTENCES)
def test_the_same_text_again_adds_nothing(texts: list[str]) -> None:
    extract = made(texts)
    found = assess("again", extract, filled([extract]), idf)
    assert found.novelty.score == 0
    assert found.relation in ("repeats", "confirms")


def test_a_memory_is_bounded() -> None:
    extracts = [made([f"Item {number} speaks of topic{number}."]) for number in range(50)]
    memory = EventMemory()
    for number in range(MAX_ARTICLES + 50):
        memory.add(str(number), extracts[number % 50])
    assert len(memory) == MAX_ARTICLES
    assert "0" not in memory
