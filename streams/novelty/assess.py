"""What one article adds to its event: labels, figures, disputes, and the relation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from schemas.enriched import (
    Dispute,
    Label,
    Novelty,
    Relation,
    SentenceNovelty,
)
from schemas.events import Fact
from schemas.tagged import Mention, TaggedArticle
from streams.novelty.contrast import Told, differing
from streams.novelty.copies import copying, within
from streams.novelty.disputes import by_name, disputes
from streams.novelty.memory import EventMemory, Json, Origin, place, position
from streams.novelty.odds import against_others, odds
from streams.novelty.reading import ranks, reading
from streams.novelty.relation import Judged, copied_whole, counted, extended, relation, shares_of
from streams.novelty.retractions import retractions
from streams.novelty.revisions import article_figures, changes, names
from streams.novelty.scoring import Model, Scene, chance, features, masses, model, often
from streams.novelty.solid import MOSTLY, Ground, solid, takes_step, unheard
from streams.novelty.statement_index import Held, Index
from streams.novelty.statements import MAX_TEXT, NOTE, actor, by_sentence, statement
from streams.text.sentences import Sentence

SAID = 0.9  # share of a statement inside one earlier statement: it is known
AGAIN = (0.8, 0.6)  # (covered, both) by a statement of the same article: said twice
UNSURE = 0.15  # below it a figure that the event has not is new only in ...
SAME = 0.6  # ... a statement that shares so many of its words with the nearest, numbers apart
LIKELY = 0.2  # least chance of the statement that makes an article an update, if none is NEW
MAX_ENTITIES = 200
MAX_PUBLISHER = 200  # letters
CLOSE = 0.2  # a nearest statement that covers less is not worth naming
_SENTENCES = TypeAdapter(tuple[SentenceNovelty, ...])  # one by one they cost three times as much


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the event gains from the article. ``copy_of`` is what it is a near-duplicate of."""

    relation: Relation
    novelty: Novelty
    facts: tuple[Fact, ...]
    copy_of: Origin | None = None


def extract(tagged: TaggedArticle, sentences: tuple[Sentence, ...]) -> Json:
    """The article's statements as a bounded JSON value: all that assessing ever needs of it."""
    article = tagged.article
    exact = article.published_at if article.published_precision == "exact" else None
    return {
        "publisher": (article.source.publisher or article.source.name)[:MAX_PUBLISHER],
        "published": int(exact.timestamp()) if exact else None,
        **extract_sentences(sentences, tagged.entities, article.language, article.correction_note),
    }


def extract_sentences(
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    language: str,
    note: str | None = None,
) -> Json:
    """As ``extract``, from sentences in reading order and the article's note of correction."""
    read = reading(sentences, language, note)
    inside = by_sentence(read.sentences, mentions)
    statements = [
        statement(sentence, rank, found, language)
        for sentence, rank, found in zip(read.sentences, ranks(read.sentences), inside, strict=True)
    ]
    identities = (actor(mention) for mention in mentions)
    stated, more = article_figures(read.told, language)
    figures, at_odds = odds(stated, statements, language)
    denied = disputes(read.told, inside, [each["stems"] for each in statements])
    beside = {at for row in denied for at in row["at"]}
    flags = [*read.flags, *(["figures-capped"] if more else [])]
    return {
        "language": language,
        "statements": statements,
        "entities": list(dict.fromkeys(each for each in identities if each))[:MAX_ENTITIES],
        "figures": figures,
        "named": names(read.told) if figures else [],
        "disputes": [
            *denied,
            *(row for row in (*at_odds, *retractions(statements)) if beside.isdisjoint(row["at"])),
        ],
        **({"flags": flags} if flags else {}),
    }


def shortened(extract: Json, count: int) -> Json:
    """An extract with its first statements alone, or a note in place of the last; flagged.

    Args:
        count: how many it keeps, less than it has.
    """
    statements = extract["statements"]
    last = len(statements) - 1
    kept = list(range(count))
    if kept and statements[last]["field"] == NOTE:
        kept[-1] = last
    new = {old: at for at, old in enumerate(kept)}
    flags = dict.fromkeys(["statements-capped", *extract.get("flags", ())])
    return {
        **extract,
        "statements": [statements[at] for at in kept],
        "figures": [
            {**row, "at": new[row["at"]]} for row in extract["figures"] if row["at"] in new
        ],
        "disputes": [
            {**row, "at": [new[at] for at in row["at"]]}
            for row in extract["disputes"]
            if new.keys() >= set(row["at"])
        ],
        "flags": list(flags),
    }


def assess(
    item_id: str,
    extract: Json,
    memory: EventMemory,
    idf: Callable[[str], float],
    fitted: Model | None = None,
) -> Assessment:
    """Compare one article with its event, which does not hold it yet; nothing is changed.

    Args:
        idf: rarity of a stem, natural logarithm, about 1 (everywhere) to 10 (unseen).
        fitted: the model that ships if not given.
    """
    revisions = changes(item_id, extract, memory)
    fresh = [row for row in extract["disputes"] if not _known_dispute(row, memory)]
    fresh += against_others(extract, memory)
    taken_back = [row for row in fresh if row.get("kind") == "correction"]
    disputed = [row for row in fresh if row.get("kind") != "correction"]
    ground = Ground.of(memory, extract["language"])
    fitted = fitted or model()
    judged = _judge(item_id, extract, ground, idf, fitted)
    revising = {at for stated, change in revisions if change.old is not None for at in stated}
    revising |= {at for row in taken_back for at in row["at"]}
    told = [
        Told(at, each.statement, None if each.repeated(item_id) else each.nearest)
        for at, each in enumerate(judged)
        if each.label == "KNOWN" and not each.statement.get("skip") and not each.said_twice(item_id)
    ]
    contrary = {} if ground.empty else differing(extract, told, revisions, memory)
    judged = _raised(judged, contrary, fitted.threshold)
    judged = _with_labels(judged, revising, disputed, fitted.threshold)
    shares = shares_of(judged, memory)
    parent = copied_whole(shares)
    judged, related = _related(judged, ground, fitted.threshold, is_copy=parent is not None)
    if related == "updates":
        parent = parent or extended(shares, judged, memory)
    if related in ("confirms", "repeats"):
        judged = [_labelled(each, "KNOWN") for each in judged]
    novelty = Novelty(
        score=_score(judged, memory),
        sentences=_SENTENCES.validate_python([_sentence(each) for each in judged]),
        entities_new=tuple(e for e in extract["entities"] if "@" + e not in memory.index),
        figures=tuple(change for _, change in revisions),
        disputes=tuple(_dispute(item_id, row, extract) for row in fresh),
        flags=tuple(extract.get("flags", ())),
    )
    if parent is not None and parent.item_id == item_id:
        parent = None  # a new version of what its copies copy
    return Assessment(related, novelty, tuple(_facts(item_id, judged)), parent)


def _known_dispute(row: Json, memory: EventMemory) -> bool:
    """The same sides over much the same claim, or the same claim with no new denier."""
    stems = set(row["stems"])
    for old in memory.disputes():
        shared = len(stems & set(old["stems"])) / (len(stems) or 1)
        deniers = set(row["denied_by"]) <= set(old["denied_by"])
        claimants = set(row["claimants"]) <= set(old["claimants"])
        if deniers and (shared >= 0.6 or (claimants and bool(row["denied_by"]) and shared >= 0.3)):
            return True
    return False


def _judge(
    item_id: str, extract: Json, ground: Ground, idf: Callable[[str], float], fitted: Model
) -> list[Judged]:
    own = Index()
    scene = Scene(ground.words, own, often(extract["statements"]))
    judged: list[Judged] = []
    for serial, each in enumerate(extract["statements"]):
        judged.append(_judge_one(each, masses(each, idf), ground, scene, fitted))
        if not each.get("skip"):
            own.add(serial, Held(item_id, each))
    return judged


def _judge_one(
    each: Json, mass: dict[str, float], ground: Ground, scene: Scene, fitted: Model
) -> Judged:
    if each.get("skip") or not mass:
        return Judged(each, mass, "KNOWN", 0.0, None)
    near, twice = ground.words.nearest(mass, CLOSE), scene.own.nearest(mass, AGAIN[0])
    value = chance(features(each, mass, scene, near.covered if near else 0.0), fitted)
    copied = copying(each, near)
    if twice and within(twice, AGAIN):
        return Judged(each, mass, "KNOWN", min(value, fitted.threshold - 0.01), twice.held, copied)
    held = near.held if near and near.covered >= CLOSE else None
    if ground.empty:
        return Judged(each, mass, "NEW", max(value, fitted.threshold), None)
    if near and near.covered >= SAID:
        return Judged(each, mass, "KNOWN", min(value, 0.1), held, copied)
    if value < fitted.threshold and (
        takes_step(each, ground)
        or ((near is None or near.covered <= 1 - MOSTLY) and unheard(each, mass, ground))
    ):
        value = fitted.threshold
    label: Label = "NEW" if value >= fitted.threshold else "KNOWN"
    return Judged(each, mass, label, value, held, copied)


def _raised(
    judged: Sequence[Judged], contrary: Mapping[int, bool], threshold: float
) -> list[Judged]:
    """Statements that are new for a figure, or say in much the same words something different."""
    return [
        replace(each, label="NEW", contrary=True, novelty=max(each.novelty, threshold))
        if (contrary.get(at) and each.novelty >= UNSURE) or (at in contrary and _same_words(each))
        else each
        for at, each in enumerate(judged)
    ]


def _same_words(each: Judged) -> bool:
    """Whether it is the nearest statement but for a few words."""
    if each.nearest is None:
        return False
    new, old = (
        {stem for stem in statement["stems"] if not stem.isdigit()}
        for statement in (each.statement, each.nearest.statement)
    )
    return len(new & old) >= SAME * len(new | old)


def _related(
    judged: list[Judged], ground: Ground, threshold: float, *, is_copy: bool
) -> tuple[list[Judged], Relation]:
    """The relation. Before an article adds nothing, its likeliest solid statement is new."""
    related = relation(judged, ground, is_copy=is_copy)
    if related not in ("confirms", "repeats"):
        return judged, related
    likely = [
        at
        for at, each in enumerate(judged)
        if LIKELY <= each.novelty < threshold
        and each.statement["field"] != "title"
        and solid(each.statement, each.mass, each.novelty, ground)
    ]
    best = max(likely, key=lambda at: judged[at].novelty, default=None)
    if best is None:
        return judged, related
    raised = replace(judged[best], label="NEW", novelty=threshold)
    return [raised if at == best else each for at, each in enumerate(judged)], "updates"


def _with_labels(
    judged: Sequence[Judged], revising: set[int], fresh: Sequence[Json], threshold: float
) -> list[Judged]:
    disputing = {at for row in fresh for at in row["at"]}
    known = disputing - {row["at"][-1] for row in fresh}
    result: list[Judged] = []
    for at, each in enumerate(judged):
        label = each.label
        if at in disputing and not (at in known and label == "KNOWN"):
            label = "DISPUTES"
        elif at in revising:
            label = "REVISES"
        raised = (
            each if label == each.label else replace(each, novelty=max(each.novelty, threshold))
        )
        result.append(_labelled(raised, label))
    return result


def _labelled(each: Judged, label: Label) -> Judged:
    return each if each.label == label else replace(each, label=label)


def _score(judged: Sequence[Judged], memory: EventMemory) -> float:
    """Idf mass of words that are new to the event and stand in a statement that adds something,
    over the mass of all words of the article; each word once.
    """
    whole: dict[str, float] = {}
    new: dict[str, float] = {}
    for each in judged:
        whole |= each.mass
        if each.label != "KNOWN":
            new |= {stem: each.mass[stem] for stem in memory.index.unheard(each.mass)}
    return round(min(1.0, sum(new.values()) / (sum(whole.values()) or 1.0)), 6)


def _sentence(each: Judged) -> Json:
    start = each.statement["start"]
    return {
        "field": each.statement["field"],
        "start": start,
        "end": min(each.statement["end"], start + MAX_TEXT),
        "text": each.statement["text"],
        "label": each.label,
        "novelty": each.novelty,
        "nearest": each.nearest and place(each.nearest),
    }


def _dispute(item_id: str, row: Json, extract: Json) -> Dispute:
    own: tuple[str, ...] = ()
    if row.get("kind") == "correction" and "publisher" in extract:
        own = (by_name(extract["publisher"]),)
    return Dispute(
        claim=row["claim"],
        claimants=tuple(row["claimants"]) or own,
        denied_by=tuple(row["denied_by"]) or own,
        kind=row.get("kind", "denial"),
        source=position(Held(item_id, extract["statements"][row["at"][0]])),
    )


def _facts(item_id: str, judged: Sequence[Judged]) -> Iterable[Fact]:
    for each in counted(judged):
        if each.label != "KNOWN":
            yield Fact(
                text=each.statement["text"],
                label=each.label,
                source=position(Held(item_id, each.statement)),
            )
