"""Score entities and links against annotated texts; rows as ``deltawire evaluate`` reads them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import Mention
from streams.tagger import default_tagger
from streams.tagging.tagger import EntityTagger

Row = Mapping[str, Any]
Scores = dict[str, float]
_PROVENANCE = Provenance(
    origin="-",
    format="text",
    raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
    sha256="",
)
# How types are named and folded where a set has fewer of them.
_RENAMED = {"PER": "PERSON", "GPE": "LOC", "EVENT": "MISC"}
_FOLDED = {"NORP": "MISC", "PRODUCT": "MISC", "EVENT": "MISC", "FAC": "LOC"}
_VALUES = ("DATE", "MONEY")


def evaluate_entities(
    rows: Sequence[Row], tagger: EntityTagger | None = None
) -> tuple[Scores, list[dict[str, Any]]]:
    """Micro ``precision``, ``recall`` and ``f1``, then ``f1_PERSON`` and so on; predictions.

    Scores are empty if no row has gold.
    """
    made = predict(tagger or default_tagger(), rows)
    if not any(_gold(row) for row in rows):
        return {}, made
    table = score_entities(rows, made)
    by_type = {f"f1_{kind}": row["f1"] for kind, row in table.items() if kind != "micro"}
    return {**table["micro"], **by_type}, made


def evaluate_linking(
    rows: Sequence[Row], tagger: EntityTagger | None = None
) -> tuple[Scores, list[dict[str, Any]]]:
    """Micro ``precision``, ``recall`` and ``f1`` of links, and the predictions."""
    made = predict(tagger or default_tagger(), rows)
    return (score_links(rows, made) if any(_gold(row) for row in rows) else {}), made


def predict(tagger: EntityTagger, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Tag each row's ``text`` as the body of an article; offsets are those of ``text``."""
    return [{"id": row["id"], "entities": _entities(tagger, row)} for row in rows]


def score_entities(rows: Iterable[Row], predictions: Iterable[Row]) -> dict[str, Scores]:
    """Strict span and type: ``precision``, ``recall``, ``f1`` and ``gold`` by type and ``micro``.

    Rows without ``entities`` have no score. GPE counts as LOC and EVENT as MISC, more in sets of
    four types; predictions of DATE and MONEY do not count where the set has none of them.
    """
    annotated = [(row, made) for row, made in zip(rows, predictions, strict=True) if _gold(row)]
    types = {_renamed(e["type"], {}) for row, _ in annotated for e in row["entities"]}
    fold = _FOLDED if types <= {"PERSON", "ORG", "LOC", "MISC"} else {}
    valued = set(_VALUES) - types
    hits: Counter[str] = Counter()
    made_by: Counter[str] = Counter()
    gold_by: Counter[str] = Counter()
    for row, made in annotated:
        gold = {(e["start"], e["end"], _renamed(e["type"], fold)) for e in row["entities"]}
        found = {
            (e["start"], e["end"], _renamed(e["type"], fold))
            for e in made["entities"]
            if e["type"] not in valued
        }
        hits.update(kind for _, _, kind in gold & found)
        made_by.update(kind for _, _, kind in found)
        gold_by.update(kind for _, _, kind in gold)
    return _table(hits, made_by, gold_by)


def score_links(rows: Iterable[Row], predictions: Iterable[Row]) -> Scores:
    """Micro precision, recall and F1 over (start, end, QID) of mentions that start in
    ``evaluate``; ids that are no QID count on neither side.
    """
    hits = made = gold = 0
    for row, prediction in zip(rows, predictions, strict=True):
        if not _gold(row):
            continue
        begin, end = row.get("evaluate") or (0, len(row["text"]))
        true = {link for e in row["entities"] for link in _link(e, begin, end)}
        found = {link for e in prediction["entities"] for link in _link(e, begin, end)}
        hits += len(true & found)
        made += len(found)
        gold += len(true)
    return _prf(hits, made, gold)


def _entities(tagger: EntityTagger, row: Row) -> list[dict[str, Any]]:
    return [entity_of(mention) for mention in tagger.tag(article_of(row)) if _named(mention)]


def article_of(row: Row) -> Article:
    """A row's text as the body of an article."""
    return Article(
        item_id=str(row["id"]),
        source=Source(name="evaluation"),
        language=row.get("language") or "en",
        body=row["text"],
        provenance=_PROVENANCE,
    )


def _named(mention: Mention) -> bool:
    """Sets hold names only: "the president" is none."""
    return mention.type != "PERSON" or not mention.surface[:1].islower()


def entity_of(mention: Mention) -> dict[str, Any]:
    """A mention as a row's prediction has it."""
    fields = {"start", "end", "type", "entity_id", "confidence"}
    found = mention.model_dump(include=fields)
    # Gold links "German" to Germany; our id of a people is no QID.
    if mention.demonym_of and not _is_qid(mention.entity_id or ""):
        found["entity_id"] = mention.demonym_of
    return found


def _gold(row: Row) -> bool:
    return row.get("entities") is not None


def _renamed(kind: str, fold: Mapping[str, str]) -> str:
    return fold.get(kind) or _RENAMED.get(kind, kind)


def _link(entity: Row, begin: int, end: int) -> list[tuple[int, int, str]]:
    identity = entity.get("entity_id") or ""
    inside = begin <= entity["start"] < end
    return [(entity["start"], entity["end"], identity)] if inside and _is_qid(identity) else []


def _is_qid(identity: str) -> bool:
    return identity[:1] == "Q" and identity[1:].isdigit()


def _table(hits: Counter[str], made: Counter[str], gold: Counter[str]) -> dict[str, Scores]:
    kinds = sorted(set(made) | set(gold))
    table = {kind: _prf(hits[kind], made[kind], gold[kind]) for kind in kinds}
    return {"micro": _prf(hits.total(), made.total(), gold.total()), **table}


def _prf(hits: int, made: int, gold: int) -> Scores:
    precision = hits / made if made else 0.0
    recall = hits / gold if gold else 0.0
    f1 = 2 * hits / (made + gold) if made + gold else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "gold": float(gold),
    }
