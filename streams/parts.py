"""The pure steps run by hand, without topics: for commands that want one part only."""

from collections.abc import Iterable, Iterator

from schemas import topics
from schemas.article import Article
from schemas.tagged import TaggedArticle
from streams.errors import Rejected
from streams.sources import RawItem, read_sources
from streams.stages.normalize import Normalize
from streams.step import EPOCH, Delivered
from streams.tagger import default_tagger
from streams.tagging.document import is_capped
from streams.tagging.tagger import EntityTagger


def articles(items: Iterable[RawItem]) -> Iterator[Article | Rejected]:
    """Each raw message as articles, or as the reason why it is none."""
    normalize = Normalize()
    for offset, item in enumerate(items):
        message = Delivered(topics.RAW.name, 0, offset, item.key, item.value, item.headers, EPOCH)
        try:
            outcome = normalize({}, message)
        except Rejected as refusal:
            yield refusal
            continue
        yield from outcome.refusals
        yield from (record for record in outcome.outputs if isinstance(record, Article))


def tag(article: Article, tagger: EntityTagger) -> TaggedArticle:
    """As admission would pass it on, as the first decision about its item."""
    return TaggedArticle(
        article=article,
        version=article.version or 1,
        decision=1,
        at=article.published_at or EPOCH,
        entities=tagger.tag(article),
        tagger=tagger.label(article.language),
        entities_capped=is_capped(article),
    )


def tagged(sources: list[str]) -> Iterator[TaggedArticle | Rejected]:
    """Articles of the sources with their entities."""
    tagger = default_tagger()
    for result in articles(read_sources(sources)):
        yield result if isinstance(result, Rejected) else tag(result, tagger)
