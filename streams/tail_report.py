"""One record of any topic, the way a person reads it in a terminal."""

from base64 import b64encode
from collections.abc import Callable, Iterator

import orjson
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from schemas import topics
from schemas.article import NORMALIZED as NORMALIZED_UNION
from schemas.base import ValidationError
from schemas.control import Control
from schemas.enriched import EnrichedArticle
from schemas.events import EventChange, EventState, Spread
from schemas.fate import ItemFate
from schemas.letter import LetterAudit
from schemas.tagged import TAGGED as TAGGED_UNION
from streams.archive import envelope
from streams.burial import PREFIX
from streams.report import MARK_COLOURS, article_lines
from streams.step import Delivered
from streams.wording import MARKS, coverage, coverage_of, figure, happening, number, sides

FACTS_SHOWN = 4
_KINDS = {
    "opened": "cyan",
    "updated": "green",
    "confirmed": "blue",
    "corrected": "yellow",
    "retracted": "red",
    "dormant": "dim",
    "closed": "dim",
}
_FATES = {"enriched": "green", "rejected": "red", "buried": "red", "killed": "red"}


def json_line(message: Delivered) -> bytes:
    """The record itself; foreign bytes in their envelope. A tombstone is ``null``."""
    foreign = message.topic == topics.RAW.name or message.topic.endswith(".dead")
    if foreign or not _is_json_line(message.value):
        return envelope(message)
    return message.value or b"null"


def view(message: Delivered) -> RenderableType:
    """Some lines for a person. What is no record of its topic is shown as it is."""
    show = _VIEWS.get(message.topic, _dead if message.topic.endswith(".dead") else _foreign)
    if message.value is None and show is not _dead:
        return Text(f"{_place(message)} (no value) {_text(message.key)}", "dim")
    try:
        return show(message)
    except ValidationError:
        return Text(
            f"{_place(message)} no record of this topic: {_text(message.value)[:200]}", "red"
        )


def _enriched(message: Delivered) -> RenderableType:
    article = EnrichedArticle.from_bytes(message.value or b"")
    if article.event is None:
        return Text(f"  {article.at:%Y-%m-%d %H:%M}  {article.status}: {article.item_id}", "red")
    return Group(*article_lines(article), Text(f"        {article.event.event_id}", "dim"))


def _change(message: Delivered) -> RenderableType:
    change = EventChange.from_bytes(message.value or b"")
    title = change.delta.title.text if change.delta.title else change.item_id or change.event_id
    told = next((r for r in change.delta.timeline_put if r.source.item_id == change.item_id), None)
    head = Text.assemble(
        (f"{change.at:%Y-%m-%d %H:%M}  ", "dim"),
        (f"{change.kind:<10}", _KINDS.get(change.kind, "")),
        told.text if told else title,
        (f"  of {told.happened}" if told and told.happened else "", "dim"),
        (f"  {change.event_id} revision {change.revision}", "dim"),
    )
    return Group(head, *(Padding(line, (0, 0, 0, 8)) for line in _delta(change)))


def _delta(change: EventChange) -> Iterator[Text]:
    """What the change added, from ``delta``; only rows that stand in it."""
    delta = change.delta
    names = {row.entity_id: row.name for row in delta.entities_put}
    if change.kind != "opened":
        yield from _figures(change)
    for dispute in delta.disputes_put:
        yield Text.assemble(("! ", "red"), dispute.claim)
        yield Text(f"  {', '.join(sides(dispute, names))}", "red")
    claims = [dispute.claim for dispute in delta.disputes_put]
    facts = [
        fact
        for fact in delta.facts_put
        if fact.source.field != "title" and not any(claim in fact.text for claim in claims)
    ]
    for fact in facts[:FACTS_SHOWN]:
        mark = MARKS[fact.label]
        yield Text.assemble((f"{mark} ", MARK_COLOURS[mark]), fact.text)
    if len(facts) > FACTS_SHOWN:
        yield Text(f"… {len(facts) - FACTS_SHOWN} more", "dim")
    for item_id in delta.members_dropped:
        yield Text(f"- {item_id} left", "red")
    for line in coverage(delta.first_reported, (), delta.spread or Spread()):
        yield Text(line, "dim")
    if change.lineage.merged_into:
        yield Text(f"merged into {change.lineage.merged_into}")


def _figures(change: EventChange) -> Iterator[Text]:
    """``12 → 15 dead`` for each figure that the article of the change states anew."""
    for row in change.delta.figures_put:
        values = [number(value.value, value.bound) for value in row.values[-2:]]
        if len(set(values)) > 1 and row.values[-1].source.item_id == change.item_id:
            yield Text(figure(row.slot, row.values[-1].unit, values), "yellow")


def _state(message: Delivered) -> RenderableType:
    state = EventState.from_bytes(message.value or b"")
    title = state.title.text if state.title else "(no title)"
    facts = f"{state.member_count} articles, revision {state.revision}"
    head = Text.assemble(
        (f"{state.status:<10}", "dim"), (title, "bold"), (f"  {state.event_id} · {facts}", "dim")
    )
    rows = [Text(line, "dim") for line in coverage_of(state)]
    rows += [
        Text.assemble((f"{happening(row.happened, row.at):<18}", "dim"), row.text)
        for row in state.timeline
    ]
    return Group(head, *(Padding(row, (0, 0, 0, 10)) for row in rows))


def _fate(message: Delivered) -> RenderableType:
    fate = ItemFate.from_bytes(message.value or b"")
    why = " — ".join(part for part in (fate.reason, fate.detail) if part)
    return Text.assemble(
        (f"{fate.at:%Y-%m-%d %H:%M}  ", "dim"),
        (f"{fate.fate:<11}", _FATES.get(fate.fate, "yellow")),
        f"{fate.item_id} v{fate.version}",
        (f"  {fate.stage} {why}", "dim"),
    )


def _normalized(message: Delivered) -> RenderableType:
    record = NORMALIZED_UNION.validate_json(message.value or b"")
    title = record.title if record.kind == "article" else getattr(record, "action", "")
    if record.kind == "control" and record.named:
        title = f"{title} of {'; '.join(map(str, record.named))}, which waits"
    return Text.assemble((f"{record.kind:<10}", "cyan"), f"{record.item_id}  ", (title, "bold"))


def _tagged(message: Delivered) -> RenderableType:
    record = TAGGED_UNION.validate_json(message.value or b"")
    if record.kind == "tagged":
        article = record.article
        names = dict.fromkeys(m.name or m.surface for m in record.entities)
        listed = ", ".join([*names][:8])
        return Text.assemble(
            (f"{'tagged':<11}", "cyan"), (article.title, "bold"), (f"  {listed}", "dim")
        )
    about = record.item_id if record.kind == "retraction" else record.event_id
    return Text.assemble((f"{record.kind:<11}", "red"), about)


def _control(message: Delivered) -> RenderableType:
    order = Control.from_bytes(message.value or b"")
    meant = f", meant by {order.confirms}," if order.confirms else ""
    return Text(f"{order.action} {order.target}{meant} by {order.by}: {order.reason or ''}")


def _audit(message: Delivered) -> RenderableType:
    audit = LetterAudit.from_bytes(message.value or b"")
    return Text(
        f"{audit.at:%Y-%m-%d %H:%M}  {audit.action} {audit.letter} by {audit.by} "
        f"{audit.reason or ''}"
    )


def _dead(message: Delivered) -> RenderableType:
    why = _text(message.headers.get(f"{PREFIX}exception.message"))
    origin = _text(message.headers.get("origin"))
    return Text.assemble(
        (f"{_place(message)}  ", "dim"), (why, "red"), (f"  {origin} {_size(message)}", "dim")
    )


def _foreign(message: Delivered) -> RenderableType:
    origin = _text(message.headers.get("origin"))
    first = _text(message.value)[:100].replace("\n", " ")
    return Text.assemble((f"{_place(message)}  {origin} {_size(message)}  ", "dim"), first)


_VIEWS: dict[str, Callable[[Delivered], RenderableType]] = {
    topics.ENRICHED.name: _enriched,
    topics.CHANGES.name: _change,
    topics.STATE.name: _state,
    topics.FATES.name: _fate,
    topics.NORMALIZED.name: _normalized,
    topics.TAGGED.name: _tagged,
    topics.CONTROLS.name: _control,
    topics.LETTERS.name: _audit,
}


def _place(message: Delivered) -> str:
    return f"{message.at:%Y-%m-%d %H:%M:%S} {message.topic}/{message.partition}/{message.offset}"


def _size(message: Delivered) -> str:
    return f"{len(message.value or b'')} bytes"


def readable(value: bytes | None) -> str:
    """Foreign bytes for a terminal: text with its control characters escaped, else base64."""
    try:
        text = (value or b"").decode()
    except UnicodeDecodeError:
        return b64encode(value or b"").decode()
    # An article must not move the cursor of whoever looks at it.
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def _text(value: bytes | None) -> str:
    return readable((value or b"").decode(errors="replace").encode())


def _is_json_line(value: bytes | None) -> bool:
    try:
        orjson.loads(value or b"null")
    except orjson.JSONDecodeError:
        return False
    return b"\n" not in (value or b"")
