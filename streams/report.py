"""A run or an item, the way a person reads it at a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from schemas.enriched import EnrichedArticle, FigureChange, SentenceNovelty
from schemas.events import EventState
from schemas.fate import ItemFate
from schemas.tagged import Mention
from streams.doctor import Finding
from streams.view import View
from streams.wording import MARKS, NO_TITLE, coverage_of, figure, number, plural, sides, when

MARK_COLOURS = {"+": "green", "~": "yellow", "!": "red"}
RELATION_COLOURS = {"opens": "cyan", "updates": "green", "confirms": "blue", "repeats": "dim"}
STATUS_COLOURS = {"active": "green", "closed": "dim", "retracted": "red"}
_LEVELS = {"ok": "green", "note": "yellow", "fault": "bold red"}
SENTENCES_SHOWN = 4
ARTICLES_SHOWN = 12  # of one event in the report of a run: the first ones and the latest


def run_report(view: View, *, events: int = 20) -> RenderableType:
    """The events with the most articles first, then what did not pass, then the totals."""
    ranked = sorted(
        (state for state in view.events.values() if state.member_count),
        key=lambda state: (-state.member_count, state.opened_at, state.event_id),
    )
    parts: list[RenderableType] = [event_report(view, s) for s in ranked[:events]]
    if len(ranked) > events:
        parts.append(Text(f"… and {len(ranked) - events} more events (--events N)\n", "dim"))
    return Group(*parts, *_refused(view), totals_line(view, len(ranked)))


def event_report(view: View, state: EventState) -> RenderableType:
    """One event of a run in brief: what it is, and article by article what was new."""
    title = state.title.text if state.title else NO_TITLE
    colour = STATUS_COLOURS.get(state.status, "yellow")
    head = Text.assemble(("● ", colour), (title, "bold"), ("  " + _count(state), "dim"))
    sub = Text(f"  {state.event_id} · {state.status} · revision {state.revision}", "dim")
    about = [Text(f"  {line}", "dim") for line in coverage_of(state)]
    articles = view.members(state.event_id)
    half = ARTICLES_SHOWN // 2
    shown = [*articles[:half], *articles[-half:]] if len(articles) > ARTICLES_SHOWN else articles
    cut = state.member_count - len(shown)
    names = _names(articles)
    days = {row.source.item_id: row.happened for row in state.timeline}
    rows = [list(article_lines(each, names, days.get(each.item_id))) for each in shown]
    if cut > 0:
        more = f"  … {plural(cut, 'article')} between (deltawire event {state.event_id})"
        rows.insert(half, [Text(more, "dim")])
    parts: list[RenderableType] = [head, sub, *about, *(line for row in rows for line in row)]
    return Group(*parts, Text(""))


def trace_report(
    item_id: str, fates: Iterable[ItemFate], article: EnrichedArticle | None
) -> RenderableType:
    """The way of one item: each decision about it, then its current record."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("log time", "stage", "decision", "version", "fate", "reason", "origin"):
        table.add_column(column, overflow="fold")
    for fate in fates:
        reason = " — ".join(part for part in (fate.reason, fate.detail) if part)
        cells = (f"{fate.at:%Y-%m-%d %H:%M}", fate.stage, str(fate.decision), str(fate.version))
        table.add_row(*cells, fate.fate, escape(reason), escape(fate.origin or ""))
    parts: list[RenderableType] = [Text(item_id, "bold"), table]
    if article is not None:
        parts.append(Text(f"current record: {article.status}, version {article.version}", "dim"))
        if article.event:
            parts += [*_decision(article)]
    return Group(*parts)


def tag_report(mentions: Iterable[Mention]) -> RenderableType:
    """The mentions of one text."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("field", "place", "surface", "type", "entity", "name", "stands for", "conf."):
        table.add_column(column)
    for m in mentions:
        place = f"{m.start}-{m.end}"
        ids = (m.entity_id or "", escape(m.name or ""), m.metonym_of or "")
        table.add_row(m.field, place, escape(m.surface), m.type, *ids, f"{m.confidence:.2f}")
    return table


def findings_report(findings: Iterable[Finding]) -> RenderableType:
    """The doctor's lines."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        level = Text(finding.level, _LEVELS[finding.level])
        table.add_row(level, finding.check, escape(finding.detail))
    return table


def totals_line(view: View, events: int) -> Text:
    """In = sum of fates, as one line; then the arrivals that changed no fate."""
    totals = view.totals()
    parts = " + ".join(f"{count} {fate}" for fate, count in totals.items())
    notes = Counter(fate.reason for fate in _notes(view))
    noted = "".join(f"; {count} {reason} besides" for reason, count in sorted(notes.items()))
    count = plural(sum(totals.values()), "item version")
    return Text(f"{count} = {parts}; {plural(events, 'event')}{noted}", "bold")


def _notes(view: View) -> list[ItemFate]:
    """Arrivals that left the fate of their version as it was."""
    standing = set(view.current_fates.values())
    return [fate for fate in view.fates if fate.decision == 0 and fate not in standing]


def _count(state: EventState) -> str:
    sources = {member.publisher or member.source for member in state.members}
    return f"{plural(state.member_count, 'article')}, {plural(len(sources), 'source')}"


def article_lines(
    article: EnrichedArticle,
    names: Mapping[str, str] | None = None,
    happened: date | None = None,
) -> Iterator[RenderableType]:
    """One line for the article, one for each thing that it adds.

    Args:
        names: of entities, by id; default: those in the article itself.
        happened: the day of what the article tells, if it is known.
    """
    names = _names([article]) if names is None else names
    if article.event is None:
        return
    relation = article.event.relation
    source = article.source.publisher or article.source.name if article.source else ""
    version = f" (version {article.version})" if article.version > 1 else ""
    published = article.published_at
    late = f", of {happened}" if happened and published and published.date() != happened else ""
    copies = f", copies {article.event.copy_of}" if article.event.copy_of else ""
    yield Text.assemble(
        "  ", (f"{when(article.published_at, article.published_precision):<18}", "dim"),
        (f"{relation:<9}", RELATION_COLOURS[relation]),
        f"{article.title or '(no title)'}{version}", (f"  {source}{late}{copies}", "dim"),
    )  # fmt: skip
    if relation == "opens" or article.novelty is None:
        return
    for change in article.novelty.figures:
        if change.old is not None:
            yield Padding(Text(figure_line(change), "yellow"), (0, 0, 0, 8))
    for dispute in article.novelty.disputes:
        said = ", ".join(sides(dispute, names))
        yield Padding(Text(f"! {said}", "red"), (0, 0, 0, 8))
    new = [s for s in article.novelty.sentences if s.label != "KNOWN" and s.field != "title"]
    yield from (_sentence(s) for s in new[:SENTENCES_SHOWN])
    if len(new) > SENTENCES_SHOWN:
        yield Padding(Text(f"… {len(new) - SENTENCES_SHOWN} more", "dim"), (0, 0, 0, 8))


def figure_line(change: FigureChange) -> str:
    """For example ``12 → ≥ 15 dead``."""
    old = [] if change.old is None else [number(change.old)]
    return figure(change.slot, change.unit, [*old, number(change.new, change.bound)])


def _sentence(sentence: SentenceNovelty) -> RenderableType:
    mark = MARKS[sentence.label]
    return Padding(Text.assemble((f"{mark} ", MARK_COLOURS[mark]), sentence.text), (0, 0, 0, 8))


def _names(articles: Iterable[EnrichedArticle]) -> dict[str, str]:
    return {
        mention.entity_id: mention.name or mention.surface
        for article in articles
        for mention in article.entities
        if mention.entity_id
    }


def _decision(article: EnrichedArticle) -> Iterator[RenderableType]:
    event = article.event
    assert event is not None
    yield Text(
        f"{event.relation} {event.event_id}: score {event.score:.3f}, "
        f"threshold {event.threshold:.3f}, model {event.model}"
    )
    if event.copy_of:
        yield Text(f"  copies {event.copy_of}")
    for evidence in event.evidence:
        yield Text(f"  {evidence.feature:<24}{evidence.value:>8.3f}{evidence.weight:>+9.3f}", "dim")
    if event.runner_up:
        yield Text(f"  runner-up {event.runner_up.event_id}: {event.runner_up.score:.3f}", "dim")
    flags = (*event.flags, *(article.novelty.flags if article.novelty else ()))
    if flags:
        yield Text(f"  flags: {', '.join(flags)}", "yellow")


def _refused(view: View, refused: int = 100) -> Iterator[RenderableType]:
    """Every version that does not stand as enriched, with its reason."""
    rest = [f for f in view.current_fates.values() if f.fate != "enriched"] + _notes(view)
    if not rest:
        return
    table = Table(box=None, header_style="dim", pad_edge=False, title_justify="left")
    for column in ("not enriched", "item", "version", "reason", "origin"):
        table.add_column(column, overflow="fold")
    for fate in rest[:refused]:
        reason = " — ".join(part for part in (fate.reason, fate.detail) if part)
        cells = (fate.fate, escape(fate.item_id), str(fate.version), escape(reason))
        table.add_row(*cells, escape(fate.origin or ""))
    yield table
    if len(rest) > refused:
        yield Text(f"… and {len(rest) - refused} more (items.fates.v1.jsonl has all)", "dim")
    yield Text("")
