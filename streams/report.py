"""A run, an item or an event, the way a person reads it at a terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

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

_MARKS = {"NEW": ("+", "green"), "REVISES": ("~", "yellow"), "DISPUTES": ("!", "red")}
_RELATIONS = {"opens": "cyan", "updates": "green", "confirms": "blue", "repeats": "dim"}
_LEVELS = {"ok": "green", "note": "yellow", "fault": "bold red"}
_BOUNDS = {"at least": "≥ ", "at most": "≤ ", "about": "~ "}
SENTENCES_SHOWN = 4
ARTICLES_SHOWN = 12  # of one event in the report of a run: the first ones and the latest


def run_report(view: View, *, events: int = 20) -> RenderableType:
    """The events with the most articles first, then what did not pass, then the totals."""
    ranked = sorted(
        (state for state in view.events.values() if state.member_count),
        key=lambda state: (-state.member_count, state.opened_at, state.event_id),
    )
    parts: list[RenderableType] = [event_report(view, s, brief=True) for s in ranked[:events]]
    if len(ranked) > events:
        parts.append(Text(f"… and {len(ranked) - events} more events (--events N)\n", "dim"))
    return Group(*parts, *_refused(view), totals_line(view, len(ranked)))


def event_report(view: View, state: EventState, *, brief: bool = False) -> RenderableType:
    """One event: what it is, and article by article what was new."""
    title = state.title.text if state.title else "(no title: its articles were withdrawn)"
    head = Text.assemble(
        ("● ", _status_colour(state.status)), (title, "bold"), ("  " + _count(state), "dim")
    )
    sub = Text(f"  {state.event_id} · {state.status} · revision {state.revision}", "dim")
    articles = view.members(state.event_id)
    cut = len(articles) - ARTICLES_SHOWN if brief else 0
    half = ARTICLES_SHOWN // 2
    shown = [*articles[:half], *articles[-half:]] if cut > 0 else articles
    names = _names(articles)
    rows = [list(article_lines(article, names)) for article in shown]
    if cut > 0:
        more = f"  … {_plural(cut, 'article')} between (deltawire event {state.event_id})"
        rows.insert(half, [Text(more, "dim")])
    parts: list[RenderableType] = [head, sub, *(line for row in rows for line in row)]
    if not brief:
        parts += [*_summary(state), *_figures(state), *_disputes(state, names)]
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
    count = _plural(sum(totals.values()), "item version")
    return Text(f"{count} = {parts}; {_plural(events, 'event')}{noted}", "bold")


def _notes(view: View) -> list[ItemFate]:
    """Arrivals that left the fate of their version as it was."""
    standing = set(view.current_fates.values())
    return [fate for fate in view.fates if fate.decision == 0 and fate not in standing]


def _count(state: EventState) -> str:
    sources = {member.publisher or member.source for member in state.members}
    return f"{_plural(state.member_count, 'article')}, {_plural(len(sources), 'source')}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _status_colour(status: str) -> str:
    return {"active": "green", "closed": "dim", "retracted": "red"}.get(status, "yellow")


def _when(article: EnrichedArticle) -> str:
    """A date inferred from the text is marked; it has no time of day."""
    at = article.published_at
    if at is None:
        return f"{'no time':<18}"
    if article.published_precision == "exact":
        return f"{at:%Y-%m-%d %H:%M}  "
    mark = "~" if article.published_precision == "inferred" else ""
    return f"{mark + at.date().isoformat():<18}"


def article_lines(
    article: EnrichedArticle, names: Mapping[str, str] | None = None
) -> Iterator[RenderableType]:
    """One line for the article, one for each thing that it adds.

    Args:
        names: of entities, by id; default: those in the article itself.
    """
    names = _names([article]) if names is None else names
    if article.event is None:
        return
    relation = article.event.relation
    source = article.source.publisher or article.source.name if article.source else ""
    version = f" (version {article.version})" if article.version > 1 else ""
    yield Text.assemble(
        "  ", (_when(article), "dim"), (f"{relation:<9}", _RELATIONS[relation]),
        f"{article.title or '(no title)'}{version}", (f"  {source}", "dim"),
    )  # fmt: skip
    if relation == "opens" or article.novelty is None:
        return
    for figure in article.novelty.figures:
        if figure.old is not None:
            yield Padding(Text(figure_line(figure), "yellow"), (0, 0, 0, 8))
    for dispute in article.novelty.disputes:
        claimants, deniers = _list(dispute.claimants, names), _list(dispute.denied_by, names)
        yield Padding(Text(f"! claimed by {claimants}, denied by {deniers}", "red"), (0, 0, 0, 8))
    new = [s for s in article.novelty.sentences if s.label != "KNOWN" and s.field != "title"]
    yield from (_sentence(s) for s in new[:SENTENCES_SHOWN])
    if len(new) > SENTENCES_SHOWN:
        yield Padding(Text(f"… {len(new) - SENTENCES_SHOWN} more", "dim"), (0, 0, 0, 8))


def figure_line(figure: FigureChange) -> str:
    """For example ``12 → ≥ 15 dead``."""
    old = "" if figure.old is None else f"{_number(figure.old)} → "
    unit = f" {figure.unit}" if figure.unit and figure.unit != figure.slot else ""
    return f"{old}{_number(figure.new, figure.bound)}{unit} {figure.slot}"


def _number(value: float, bound: str | None = None) -> str:
    """``≥ 2,400,000``: all digits that a reader may care for."""
    return f"{_BOUNDS.get(bound or '', '')}{value:,.12g}"


def _sentence(sentence: SentenceNovelty) -> RenderableType:
    mark, colour = _MARKS[sentence.label]
    return Padding(Text.assemble((f"{mark} ", colour), sentence.text), (0, 0, 0, 8))


def _names(articles: Iterable[EnrichedArticle]) -> dict[str, str]:
    return {
        mention.entity_id: mention.name or mention.surface
        for article in articles
        for mention in article.entities
        if mention.entity_id
    }


def _list(ids: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(i, i.rpartition(":")[2]) for i in ids) or "nobody named"


def _decision(article: EnrichedArticle) -> Iterator[RenderableType]:
    event = article.event
    assert event is not None
    yield Text(
        f"{event.relation} {event.event_id}: score {event.score:.3f}, "
        f"threshold {event.threshold:.3f}, model {event.model}"
    )
    for evidence in event.evidence:
        yield Text(f"  {evidence.feature:<24}{evidence.value:>8.3f}{evidence.weight:>+9.3f}", "dim")
    if event.runner_up:
        yield Text(f"  runner-up {event.runner_up.event_id}: {event.runner_up.score:.3f}", "dim")


def _summary(state: EventState) -> Iterator[RenderableType]:
    if state.summary:
        yield Text("\nSummary", "bold")
        yield Padding(Text(" ".join(text.text for text in state.summary)), (0, 0, 0, 2))


def _figures(state: EventState) -> Iterator[RenderableType]:
    if state.figures:
        yield Text("\nFigures", "bold")
    for figure in state.figures:
        values = " → ".join(_number(value.value, value.bound) for value in figure.values)
        yield Text(f"  {figure.slot}: {values}")


def _disputes(state: EventState, names: Mapping[str, str]) -> Iterator[RenderableType]:
    if state.disputes:
        yield Text("\nDisputes", "bold")
    for dispute in state.disputes:
        yield Padding(Text(dispute.claim), (0, 0, 0, 2))
        sides = f"claimed by {_list(dispute.claimants, names)}"
        yield Text(f"    {sides}; denied by {_list(dispute.denied_by, names)}", "red")


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
