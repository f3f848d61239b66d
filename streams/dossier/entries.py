"""The articles of an event by event time, each with what it added.

What may have been withdrawn since comes from the event's state alone: figures and disputes. An
article's own record gives its own words and nothing of another article.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from schemas.article import BiasRating, Precision
from schemas.enriched import EnrichedArticle
from schemas.events import EventState, FigureValue, Member, TimelineEntry
from streams.cleaning.characters import squeeze, tidy
from streams.dossier.record import Entry, Moment
from streams.view import View
from streams.wording import MARKS, figure, named, number, sides, when

SENTENCES = 6  # of one article
_LATEST = datetime.max.replace(tzinfo=UTC)


def articles_of(view: View, state: EventState) -> dict[str, EnrichedArticle]:
    """The event's current articles, also those older than the members that its state lists."""
    homes = {m.item_id: s.event_id for s in view.events.values() for m in s.members}
    found: dict[str, EnrichedArticle] = {}
    for item_id, article in view.articles.items():
        if article.event is not None and article.status == "usable":
            home = homes.get(item_id) or _resolved(view, article.event.event_id)
            if home == state.event_id:
                found[item_id] = article
    return found


def _resolved(view: View, event_id: str) -> str:
    """Merges are followed: an article's record names the event that it joined first."""
    seen: set[str] = set()
    while event_id not in seen and event_id in view.events:
        seen.add(event_id)
        event_id = view.events[event_id].lineage.merged_into or event_id
    return event_id


def entries_of(
    state: EventState, articles: Mapping[str, EnrichedArticle], names: Mapping[str, str]
) -> list[Entry]:
    """All articles by the time of their report; those that state none come last."""
    members = {member.item_id: member for member in state.members}
    told = {row.source.item_id: row for row in state.timeline}
    added = _Added(state, names, articles.keys() | members.keys())
    entries = []
    for item_id in {**articles, **members}:
        article, member = articles.get(item_id), members.get(item_id)
        entries.append(_entry(item_id, article, member, told.get(item_id), added))
    return sorted(entries, key=lambda e: (_order(e.published), _order(e.joined), e.item_id))


def by_event_time(entries: Iterable[Entry]) -> list[Entry]:
    """By the day of what happened, as far as it is known; inside a day by the report."""

    def place(entry: Entry) -> tuple[date, datetime]:
        day = (entry.happened or entry.published).at
        return (day.date() if day else date.max, _order(entry.published))

    return sorted(entries, key=place)


def _entry(
    item_id: str,
    article: EnrichedArticle | None,
    member: Member | None,
    told: TimelineEntry | None,
    added: "_Added",
) -> Entry:
    source = article.source if article else None
    known = member or _member(article)
    precision = article.published_precision if article else known.published_precision or "exact"
    sentences = added.sentences(item_id, article)
    return Entry(
        item_id=plain(item_id),
        version=known.version,
        relation=known.relation,
        copy_of=plain(known.copy_of or "") if known.copy_of in added.standing else None,
        source=_source_of(known),
        title=plain((article and article.title) or (told.text if told else "")) or "(no title)",
        url=_web(article.url) if article else None,
        language=_language(article),
        happened=_day(told),
        published=moment(known.published_at, precision),
        joined=moment(known.joined_at),
        bias_rating=_rated(source.bias_rating if source else None, known.bias_rating),
        ai_generated=known.ai_generated,
        figures=added.figures(item_id, article),
        disputes=added.disputes(item_id),
        sentences=sentences[:SENTENCES],
        more=max(0, len(sentences) - SENTENCES),
    )


def _member(article: EnrichedArticle | None) -> Member:
    """As the state lists it."""
    assert article is not None
    assert article.event is not None
    source = article.source
    return Member(
        item_id=article.item_id,
        version=article.version,
        decision=article.decision,
        relation=article.event.relation,
        copy_of=article.event.copy_of,
        source=source.name if source else "unknown",
        publisher=source.publisher if source else None,
        ai_generated=source.ai_generated if source else None,
        published_at=article.published_at,
        joined_at=article.at,
    )


class _Added:
    """What each article added, by the state as it is now; ``standing`` are its articles."""

    def __init__(
        self, state: EventState, names: Mapping[str, str], standing: Container[str]
    ) -> None:
        self._state, self._names, self.standing = state, names, standing
        self._facts: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in state.facts:
            if row.source.field != "title":
                self._facts[row.source.item_id].append((MARKS[row.label], plain(row.text)))

    def figures(self, item_id: str, article: EnrichedArticle | None) -> tuple[str, ...]:
        """``12 → 15 dead`` for each figure that the article changed."""
        found = []
        for row in self._state.figures:
            for place, new in enumerate(row.values):
                if new.source.item_id == item_id and revises(row.slot, new, article):
                    old = _replaced(row.slot, row.values[:place], article)
                    said = [number(v.value, v.bound) for v in (*old, new)]
                    if len(set(said)) > 1:
                        found.append(plain(figure(row.slot, new.unit, said)))
        return tuple(found)

    def disputes(self, item_id: str) -> tuple[str, ...]:
        """``claimed by …, denied by …``."""
        return tuple(
            plain(", ".join(sides(row, self._names)))
            for row in self._state.disputes
            if row.source.item_id == item_id
        )

    def sentences(
        self, item_id: str, article: EnrichedArticle | None
    ) -> tuple[tuple[str, str], ...]:
        """(mark, text) of the article's own statements that were not known."""
        if article is None or article.novelty is None:
            return tuple(self._facts[item_id])
        return tuple(
            (MARKS[s.label], plain(s.text))
            for s in article.novelty.sentences
            if s.label != "KNOWN" and s.field != "title"
        )


def revises(slot: str, value: FigureValue, article: EnrichedArticle | None) -> bool:
    """Whether the value took the place of another; it may also be stated beside it."""
    if article is None or article.novelty is None:
        return True
    return any(
        change.old is not None and change.slot == slot and change.new == value.value
        for change in article.novelty.figures
    )


def _replaced(
    slot: str, before: Sequence[FigureValue], article: EnrichedArticle | None
) -> Sequence[FigureValue]:
    """The value that was replaced, or none; never one that was withdrawn with its article."""
    changes = article.novelty.figures if article and article.novelty else ()
    old = {change.old for change in changes if change.slot == slot}
    return [value for value in before if value.value in old][-1:] or before[-1:]


def moment(at: datetime | None, precision: Precision = "exact") -> Moment:
    """A time as a reader sees it."""
    return Moment(at, precision, when(at, precision))


def _day(told: TimelineEntry | None) -> Moment | None:
    if told is None or told.happened is None:
        return None
    return moment(datetime.combine(told.happened, time(), UTC), "day")


def plain(text: str) -> str:
    """One line that can neither steer a terminal nor turn the text around it."""
    return squeeze(tidy(text))


def _order(moment: Moment) -> datetime:
    """A date without a time of day stands at the end of its day: nobody is first by a guess."""
    if moment.at is None:
        return _LATEST
    if moment.precision == "exact":
        return moment.at
    return moment.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _source_of(member: Member) -> str:
    """The outlet, else who sent it."""
    return plain(named(member.publisher or member.source))


def _rated(full: BiasRating | None, short: str | None) -> str | None:
    if full is not None:
        return plain(f"{full.rating} ({full.scheme})")
    return plain(short) if short else None


def _web(url: str | None) -> str | None:
    """Only an address of the web may become a link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _language(article: EnrichedArticle | None) -> str | None:
    code = article.language if article else ""
    return code if code != "und" and re.fullmatch("[a-z]{2,3}", code) else None
