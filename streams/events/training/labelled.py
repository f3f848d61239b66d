"""Articles with gold events, tagged and cut into sentences, to fit and to score a model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import TaggedArticle
from streams.evaluate import read_rows
from streams.tagger import default_tagger
from streams.text.sentences import Sentence, sentences

# Sets whose licence allows a model; the others in DIR only measure.
TRAINING = (
    "basil",
    "ecb_plus_t1_35",
    "gedikli",
    "newswcl50",
    "uci_a",
    "wcep_fsd_2002_2023",
    "wikitimes_sep2015",
)
LONG = ("basil", "ecb_plus_t1_35", "gedikli", "newswcl50")  # also seen as titles and leads
BODY = 3000  # characters


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article with its gold event."""

    tagged: TaggedArticle
    pieces: tuple[Sentence, ...]
    event_id: str


def read(path: Path) -> Iterator[Labelled]:
    """The rows of one file that have a gold event."""
    for number, row in enumerate(read_rows(path)):
        if row["event_id"]:
            yield _labelled(row, number)


def views(rows: Sequence[Labelled]) -> list[list[Labelled]]:
    """The set as it is, as titles only, and as titles with two sentences."""
    return [list(rows), [_cut(row, 0) for row in rows], [_cut(row, 2) for row in rows]]


def timeless(row: Labelled) -> Labelled:
    """The article as if its time were not known."""
    unknown = {"published_at": None, "published_precision": "unknown"}
    article = row.tagged.article.model_copy(update=unknown)
    tagged = row.tagged.model_copy(update={"article": article})
    return Labelled(tagged, row.pieces, row.event_id)


def _cut(row: Labelled, keep: int) -> Labelled:
    title = [piece for piece in row.pieces if piece.field == "title"]
    text = [piece for piece in row.pieces if piece.field != "title"]
    pieces = tuple([*title, *text[:keep]] if title else text[: max(keep, 1)])
    inside = tuple(
        mention
        for mention in row.tagged.entities
        if any(p.field == mention.field and p.start <= mention.start < p.end for p in pieces)
    )
    return Labelled(row.tagged.model_copy(update={"entities": inside}), pieces, row.event_id)


def _labelled(row: dict[str, Any], number: int) -> Labelled:
    raw = RawPosition(topic="data", partition=0, offset=number)
    article = Article(
        item_id=f"{number}",
        source=Source(name=row["source"] or "unknown"),
        language=row["language"],
        published_at=row["published_at"],
        published_precision="day" if row["published_at"] else "unknown",
        title=row["title"] or "",
        body=(row["body"] or "")[:BODY],
        provenance=Provenance(origin="data", format="data", raw=raw, sha256=""),
    )
    tagger = default_tagger()
    tagged = TaggedArticle(
        article=article,
        version=1,
        decision=1,
        at="2000-01-01T00:00:00Z",
        entities=tagger.tag(article),
        tagger=tagger.name,
    )
    return Labelled(tagged, sentences(article), row["event_id"])
