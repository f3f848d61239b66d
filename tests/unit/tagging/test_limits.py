"""Text that nobody writes: bounded time, valid offsets, no crash."""

from time import process_time

import pytest

from schemas.article import Article, Provenance, RawPosition, Source
from streams.tagger import default_tagger
from streams.tagging.document import MOST_LETTERS, is_capped

PROVENANCE = Provenance(
    origin="-",
    format="text",
    raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
    sha256="",
)
PAGE = "President Anna Velmar of Sarvania met Jan Kolb in Torvel on 5 March 2031. "
HOSTILE = {
    "five megabytes": PAGE * 70_000,
    "a million one-letter tokens": "a " * 1_000_000,
    "a million capitals": "A " * 1_000_000,
    "one endless word": "A" * 3_000_000,
    "one endless number": "9" * 3_000_000,
    "one endless line of names": "Anna Velmar and " * 100_000,
    "brackets": "(" * 500_000,
    "quotes": '"' * 500_000,
    "line breaks": "\n" * 500_000,
    "ever new words": " ".join(f"Name{n}x" for n in range(60_000)),
    "short lines": "RAIN\n" * 100_000,
    "shouted words": "WHO TELLS US WHY\n" * 40_000,
    "hyphens": "Ana-" * 200_000,
    "dots": "J. " * 200_000,
    "right to left": "\u202eمحمد عباس\u202c " * 20_000,
    "emoji": "👩‍👩‍👧‍👦 Anna 🇫🇷 " * 20_000,
    "control characters": "\u2066Anna\u2069\u200b\u0000Velmar\x07 " * 20_000,
    "mixed scripts": "Anna Вельмар 安娜 " * 20_000,
    "combining marks": "Z̸̢̛a̵l̷g̶o̸ " * 20_000,
    "half a surrogate pair": "Anna \ud800 Velmar " * 1000,
}


def article(body, language="en"):
    return Article.model_construct(
        item_id="item",
        source=Source(name="test"),
        language=language,
        title="",
        lead=None,
        body=body,
        key_points=(),
        url=None,
        published_at=None,
        published_precision="unknown",
        provenance=PROVENANCE,
    )


@pytest.mark.parametrize(
    ("name", "language"),
    [*((name, "en") for name in HOSTILE), ("dots", "de"), ("five megabytes", "de")],
)
def test_hostile_text_costs_seconds_at_most(name, language):
    made = article(HOSTILE[name], language)
    begin = process_time()
    mentions = default_tagger().tag(made)
    assert process_time() - begin < 20
    assert all(made.body[m.start : m.end] == m.surface for m in mentions)
    assert all(m.end <= MOST_LETTERS for m in mentions)


def test_twice_the_text_costs_twice_the_time():
    def cost(pages):
        begin = process_time()
        default_tagger().tag(article(PAGE * pages))
        return process_time() - begin

    cost(100)
    assert cost(1000) < 5 * cost(500) + 0.1


def test_the_end_of_an_endless_text_is_not_read_and_that_is_said():
    long = article("x " * MOST_LETTERS + " Anna Velmar")
    assert is_capped(long)
    assert default_tagger().tag(long) == ()
    assert not is_capped(article(PAGE))


def test_all_fields_together_are_capped():
    made = article("Anna Velmar spoke.").model_copy(update={"title": "A " * MOST_LETTERS})
    assert is_capped(made)
    assert {m.field for m in default_tagger().tag(made)} <= {"title"}


def test_nothing_to_read():
    assert default_tagger().tag(article("")) == ()
