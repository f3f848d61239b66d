"""What holds of the tagger for any text."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article, Provenance, RawPosition, Source
from streams.knowledge import core
from streams.tagger import default_tagger
from streams.tagging.network import Network, shipped_network
from streams.tagging.tagger import Tagger
from streams.text.vectors import word_vectors

PROVENANCE = Provenance(
    origin="-",
    format="text",
    raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
    sha256="",
)
PIECES = st.sampled_from(
    "Vladimir Putin|Putin's|US|us|WHO|Moscow|and|Pyongyang|deny|.|,|\n|President|Anna Velmar|said"
    "|in|(|)|NATO|“|”|-|’|2024|June|$5 million|of|the|Ministry|😀|é|e\u0301|Å|ŉ|İ|\u200d|Bank"
    "|TORVEL|Russian|president|’s|U.S.|•|St.|J.|\u00a0|한국|Москва".split("|")
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join))
LANGUAGES = st.sampled_from(("en", "und", "de", "fr", "ru", "zh"))


def article(title: str, body: str, language: str, points: tuple[str, ...]) -> Article:
    return Article(
        item_id="item",
        source=Source(name="test"),
        language=language,
        title=title,
        body=body,
        key_points=points,
        provenance=PROVENANCE,
    )


ARTICLES = st.builds(article, TEXTS, TEXTS, LANGUAGES, st.lists(TEXTS, max_size=2).map(tuple))


@settings(max_examples=150, deadline=None)
@given(ARTICLES)
def test_offsets_point_at_the_surface_in_reading_order_without_overlap(item: Article) -> None:
    fields = dict(item.fields())
    order = list(fields)
    mentions = default_tagger().tag(item)
    for mention in mentions:
        assert fields[mention.field][mention.start : mention.end] == mention.surface
        assert mention.surface.strip() == mention.surface != ""
    for left, right in pairwise(mentions):
        if left.field == right.field:
            assert left.end <= right.start
        else:
            assert order.index(left.field) < order.index(right.field)


@settings(max_examples=40, deadline=None)
@given(ARTICLES)
def test_the_same_article_has_the_same_mentions(item: Article) -> None:
    """Also for a tagger built anew: nothing is remembered between articles."""
    assert default_tagger().tag(item) == FRESH.tag(item)


FRESH = Tagger(core(), Network(shipped_network().weights, word_vectors()))
