"""Does a run keep its promises? Each check names what it found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from schemas import topics
from schemas.article import ItemControl
from schemas.events import EventChange, EventDispute, Fact, Text, TimelineEntry
from schemas.fate import ItemFate
from schemas.letter import LetterAudit
from streams.archive import Archive
from streams.burial import PREFIX
from streams.events.record.fold import fold
from streams.kills import NO_TARGET, kills, unresolved
from streams.stages.waiting import UNRESOLVED
from streams.view import View

Level = Literal["ok", "note", "fault"]
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: a check, how it went, and what it saw; ``facts`` for machines."""

    check: str
    level: Level
    detail: str
    facts: Mapping[str, Any] | None = None


def examine(archive: Archive) -> list[Finding]:
    """All checks over a run, faults and notes included."""
    view = View.of(archive)
    return [
        _conservation(archive, view),
        _revisions(archive, view),
        _folds(archive, view),
        _currents(archive, view),
        _killed_text(view),
        *_attention(archive, view),
    ]


def _result(check: str, faults: list[str], fine: str) -> Finding:
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        return Finding(check, "fault", "; ".join(faults[:3]) + more)
    return Finding(check, "ok", fine)


def _conservation(archive: Archive, view: View) -> Finding:
    """Every version that was normalized, and every message that was not, has a fate."""
    missing = []
    fates = view.current_fates
    items = {item for item, _ in fates}
    for record in archive.normalized():
        if record.kind == "article":
            key = (record.item_id, record.version)
            if record.item_id not in items or (
                key[1] is not None and key not in view.current_fates
            ):
                missing.append(f"{record.item_id} v{record.version}")
    raw = len(archive.lines.get(topics.RAW.name, ()))
    totals = ", ".join(f"{n} {fate}" for fate, n in view.totals().items())
    return _result("nothing vanished", missing, f"{raw} messages in; current fates: {totals}")


def _revisions(archive: Archive, view: View) -> Finding:
    gaps = []
    ended = archive.ended(topics.STATE)  # forgotten; the same opener may have begun it once more
    for event_id, changes in view.changes.items():
        first = changes[0].revision if topics.CHANGES.name in archive.cut else 1
        if not _follow_on(changes, first) and event_id not in ended:
            gaps.append(event_id)
    count = sum(len(changes) for changes in view.changes.values())
    return _result("revisions without gaps", gaps, f"{count} changes of {len(view.changes)} events")


def _folds(archive: Archive, view: View) -> Finding:
    """Only whole chains can be folded; what has ended has no state to compare."""
    ended = archive.ended(topics.STATE)
    whole = {
        event_id: changes
        for event_id, changes in view.changes.items()
        if _follow_on(changes, 1) and event_id not in ended
    }
    wrong = [
        event_id
        for event_id, changes in whole.items()
        if (state := view.events.get(event_id)) is None
        or fold(changes).to_bytes() != state.to_bytes()
    ]
    return _result("state is the fold of its changes", wrong, f"{len(whole)} events")


def _follow_on(changes: Sequence[EventChange], first: int) -> bool:
    return [change.revision for change in changes] == [*range(first, first + len(changes))]


def _currents(archive: Archive, view: View) -> Finding:
    """An article stands as usable exactly if one of its versions stands as enriched."""
    enriched = view.items_at("enriched")
    usable = {item for item, article in view.articles.items() if article.status == "usable"}
    wrong = enriched ^ usable
    if topics.ENRICHED.name in archive.cut:
        wrong &= view.articles.keys()
    if topics.FATES.name in archive.cut:
        wrong &= {item for item, _ in view.current_fates}
    return _result("current records agree with fates", sorted(wrong), f"{len(usable)} articles")


def _killed_text(view: View) -> Finding:
    """No title of a killed item in a current record of another or of an event."""
    killed = view.items_at("killed")
    found = []
    for event_id, state in view.events.items():
        rows: tuple[Fact | TimelineEntry | Text | EventDispute, ...] = (
            *state.facts,
            *state.timeline,
            *state.summary,
            *state.disputes,
        )
        sources = {row.source.item_id for row in rows}
        sources |= {member.item_id for member in state.members}
        sources |= {member.copy_of for member in state.members if member.copy_of}
        sources |= {state.first_reported.item_id} if state.first_reported else set()
        found += [f"{item} in {event_id}" for item in sorted(sources & killed)]
    found += [item for item in sorted(killed) if (a := view.articles.get(item)) and a.title]
    return _result("killed items left every current record", found, f"{len(killed)} killed")


def _attention(archive: Archive, view: View) -> Iterator[Finding]:
    """What a person may want to look at: kills, alarms, held items, orders that wait, buried."""
    yield from _waiting(archive, view)
    yield from _kills(archive)
    yield from _unresolved(archive, view)
    if archive.cut:
        gone = f"{', '.join(sorted(archive.cut))}: what they would show was not checked"
        yield Finding("oldest records are gone", "note", gone)
    alarms = [f for f in view.fates if f.reason == "version-conflict"]
    if alarms:
        names = ", ".join(f"{f.item_id} v{f.version}" for f in alarms)
        yield Finding("same version, other bytes", "note", names, {"alarms": _facts(alarms)})
    for fate in view.current_fates.values():
        if fate.fate == "held" and not (fate.reason or "").endswith(UNRESOLVED):
            detail = f"{fate.item_id} v{fate.version}: {fate.reason}"
            yield Finding("held", "note", detail, _facts([fate])[0])
    arrived = {item for item, _ in view.current_fates}
    for record in archive.normalized():
        if isinstance(record, ItemControl) and record.item_id not in arrived:
            yield Finding(f"{record.action} without its target", "note", record.item_id)
    yield from _compared_with_killed(view)
    settled = {str(audit.letter) for audit in archive.records(topics.LETTERS, LetterAudit)}
    for name in archive.dead_topics:
        for letter in archive.envelopes(name):
            headers, place = letter["headers"], f"{name}/{letter['partition']}/{letter['offset']}"
            why = f"{headers.get(PREFIX + 'reason')} from {headers.get('origin') or letter['key']}"
            if place not in settled:
                yield Finding("dead letter", "note", f"{place}: {why}")


def _kills(archive: Archive) -> Iterator[Finding]:
    """How fast, then each of them; those without a target are listed with the other orders."""
    found = kills(archive)
    took = sorted(kill.seconds for kill in found if kill.seconds is not None)
    if took:
        spread = f"median {median(took):.3f} s, slowest {took[-1]:.3f} s"
        detail = f"{len(took)} from arrival to the last derived record: {spread}"
        facts = {"count": len(took), "median": median(took), "slowest": took[-1]}
        yield Finding("kills carried out", "ok", detail, facts)
    for kill in found:
        if kill.state != NO_TARGET:
            yield Finding("kill", "ok" if kill.state == "done" else "note", str(kill), kill.facts())


def _unresolved(archive: Archive, view: View) -> Iterator[Finding]:
    """Orders that name no id. What fits the headline they name is offered, never taken."""
    named = {
        record.item_id: [target.headline.casefold() for target in record.named if target.headline]
        for record in archive.normalized()
        if isinstance(record, ItemControl) and record.named
    }
    for fate in unresolved(archive):
        wanted = named.get(fate.item_id, ())
        near = [item for item, a in view.articles.items() if (a.title or "").casefold() in wanted]
        item = near[0] if len(near) == 1 else "ITEM"
        settle = f"deltawire control confirm {fate.item_id} --item {item} --by WHO --reason TEXT"
        detail = f"{fate.item_id} {fate.detail}; settle it with '{settle}'"
        facts = {**_facts([fate])[0], "detail": fate.detail, "candidates": near[:CANDIDATES]}
        yield Finding("order that waits for a confirmation", "note", detail, facts)


def _facts(fates: Sequence[ItemFate]) -> list[dict[str, Any]]:
    return [
        {"item_id": f.item_id, "version": f.version, "reason": f.reason, "since": f.at}
        for f in fates
    ]


def _waiting(archive: Archive, view: View) -> Iterator[Finding]:
    """On Kafka the workers may be behind."""
    decided = {fate.origin for fate in view.fates}
    origins = (raw["headers"].get("origin") for raw in archive.envelopes(topics.RAW.name))
    waiting = [origin for origin in origins if isinstance(origin, str) and origin not in decided]
    if waiting:
        detail = f"{len(waiting)} messages, first {waiting[0]}"
        yield Finding("not decided yet", "note", detail)


def _compared_with_killed(view: View) -> Iterator[Finding]:
    """An article is not enriched again when what it was compared with is killed afterwards."""
    killed = view.items_at("killed")
    for item_id, article in view.articles.items():
        near = (s.nearest for s in article.novelty.sentences) if article.novelty else ()
        copies = article.event is not None and article.event.copy_of in killed
        if copies or any(place and place.item_id in killed for place in near):
            yield Finding("compared with a killed item", "note", item_id)
