"""What a run's topics say now: current articles, events and fates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas import topics
from schemas.enriched import EnrichedArticle
from schemas.events import EventChange, EventState
from schemas.fate import Fate, ItemFate
from streams.archive import Archive


@dataclass(frozen=True, slots=True)
class View:
    """The current records of a run, each by its key, in order of first appearance."""

    articles: Mapping[str, EnrichedArticle]
    events: Mapping[str, EventState]
    changes: Mapping[str, tuple[EventChange, ...]]
    fates: tuple[ItemFate, ...]
    current_fates: Mapping[tuple[str, int], ItemFate]

    @classmethod
    def of(cls, archive: Archive) -> "View":
        """From the files or logs of a run."""
        changes: defaultdict[str, list[EventChange]] = defaultdict(list)
        # Kafka delivers at least once: a change that comes again, byte for byte, is the same one.
        for change in dict.fromkeys(archive.records(topics.CHANGES, EventChange)):
            changes[change.event_id].append(change)
        fates = tuple(archive.records(topics.FATES, ItemFate))
        return cls(
            articles=_current(archive.records(topics.ENRICHED, EnrichedArticle)),
            events=archive.current(topics.STATE, EventState),
            changes={event_id: tuple(made) for event_id, made in changes.items()},
            fates=fates,
            current_fates=current_fates(fates),
        )

    def members(self, event_id: str) -> list[EnrichedArticle]:
        """The event's current articles in the order in which they joined."""
        state = self.events[event_id]
        found = (self.articles.get(member.item_id) for member in state.members)
        return [article for article in found if article is not None]

    def items_at(self, fate: Fate) -> set[str]:
        """Items of which a version stands at this fate."""
        return {item for (item, _), line in self.current_fates.items() if line.fate == fate}

    def totals(self) -> dict[str, int]:
        """How many (item, version) pairs stand at each fate."""
        return dict(sorted(Counter(fate.fate for fate in self.current_fates.values()).items()))


def current_fates(fates: Iterable[ItemFate]) -> dict[tuple[str, int], ItemFate]:
    """The last line among those with the highest decision, for each (item, version)."""
    current: dict[tuple[str, int], ItemFate] = {}
    for fate in fates:
        key = (fate.item_id, fate.version)
        if key not in current or fate.decision >= current[key].decision:
            current[key] = fate
    return current


def _current(records: Iterable[EnrichedArticle]) -> dict[str, EnrichedArticle]:
    current: dict[str, EnrichedArticle] = {}
    for record in records:
        known = current.get(record.item_id)
        if known is None or record.decision >= known.decision:
            current[record.item_id] = record
    return current
