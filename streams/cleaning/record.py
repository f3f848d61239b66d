"""From a draft to the record that travels: an article version, or orders about others."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.article import Article, BiasRating, ItemControl, Provenance, RawPosition, Source
from schemas.base import canonical_json
from streams.cleaning.compose import Composed, clean_line, compose
from streams.cleaning.dates import SourceTime, latest_date, plausible, stated_time
from streams.cleaning.identity import bounded_id, identity
from streams.cleaning.language import guess_language, stated_language
from streams.cleaning.layout import Layout, dateline
from streams.cleaning.urls import canonical_url
from streams.errors import Rejected
from streams.readers.draft import Draft

MAX_SPACE = 64


@dataclass(frozen=True, slots=True)
class Arrival:
    """The raw message that drafts came from, its headers decoded."""

    value: bytes
    headers: Mapping[str, str]
    position: RawPosition

    @property
    def origin(self) -> str:
        """As the sender gave it, else the place in the log."""
        place = self.position
        return self.headers.get("origin") or f"{place.topic}/{place.partition}/{place.offset}"


def records_of(draft: Draft, arrival: Arrival) -> tuple[Article | ItemControl, ...]:
    """Clean, identify and complete one draft; one that orders about other items gives orders.

    Raises:
        Rejected: ``no-text``, ``no-target``, ``bad-field``; with item id and version.
    """
    composed = compose(draft)
    url = canonical_url(draft.url) or canonical_url(composed.facts.get("url"))
    name, publisher = arrival.headers.get("name"), composed.facts.get("publisher")
    item_id = identity(draft.item_id, url, name, publisher, arrival.value)
    try:
        _refuse(draft, composed.layout, named=bool(draft.item_id or url or name))
    except Rejected as refusal:
        refusal.item_id, refusal.version = item_id, draft.version or 0
        raise
    targets = [bounded_id(name) for name in draft.refers_to]
    orders = [_order(draft, name, item_id, arrival) for name in targets if name != item_id]
    if draft.named:
        orders.append(_order(draft, item_id, item_id, arrival))
    if draft.status == "usable" or not orders:
        return (_article(draft, composed, item_id, url, arrival),)
    if item_id in targets:  # it withdraws itself too
        return (*orders, _article(draft, composed, item_id, url, arrival))
    return tuple(orders)


def _refuse(draft: Draft, layout: Layout, *, named: bool) -> None:
    words = _text(layout)
    if draft.status == "usable" and not any(char.isalnum() for char in words):
        raise Rejected("no-text", "neither a title nor a body")
    if not words and not named and not draft.refers_to and not draft.named:
        raise Rejected("no-target", f"{draft.status}, but of which item?")
    space = draft.space or ""
    if len(space) > MAX_SPACE or not space.isprintable():
        raise Rejected("bad-field", f"space must be printable, at most {MAX_SPACE} characters")


def _text(layout: Layout) -> str:
    return "\n".join((layout.title, layout.lead, *layout.body, *layout.key_points)).strip()


def _order(draft: Draft, target: str, item_id: str, arrival: Arrival) -> ItemControl:
    """A notice that withdraws or withholds another item, addressed to that item.

    Addressed to the notice itself it waits: its target is named without an id.
    """
    return ItemControl(
        action="hold" if draft.status == "withheld" else "kill",
        item_id=target,
        named=draft.named if target == item_id else None,
        notice_id=item_id,
        notice_version=draft.version or 0,
        reason=draft.status,
        published_at=plausible(stated_time(draft.published_at)).at,
        origin=arrival.origin,
    )


def _article(
    draft: Draft, composed: Composed, item_id: str, url: str | None, arrival: Arrival
) -> Article:
    layout, facts = composed
    text = _text(layout)
    published = _published(draft, facts.get("published"), text)
    embargo, expires = stated_time(draft.embargoed_until).at, stated_time(draft.expires).at
    language = stated_language(draft.language) or stated_language(facts.get("language"))
    return Article(
        item_id=item_id,
        version=draft.version,
        status=draft.status,
        space=(draft.space or "").strip() or arrival.headers.get("space") or "world",
        source=_source(draft, composed, arrival),
        url=url,
        language=language or guess_language(text),
        published_at=published.at,
        published_precision=published.precision,
        embargoed_until=embargo,
        embargo_unreadable=draft.embargoed_until is not None and embargo is None,
        expires=expires,
        refers_to=_other(draft.refers_to, item_id),
        urgency=draft.urgency,
        byline=clean_line(draft.byline) or facts.get("byline"),
        dateline=clean_line(draft.dateline) or _dateline(layout),
        credit=clean_line(draft.credit) or None,
        usage_terms=clean_line(draft.usage_terms) or None,
        subjects=tuple(filter(None, map(clean_line, draft.subjects))),
        correction_note=clean_line(draft.correction_note) or None,
        title=layout.title,
        lead=layout.lead or None,
        body="\n\n".join(layout.body),
        key_points=layout.key_points,
        media=tuple(filter(None, [canonical_url(facts.get("media"))])),
        provenance=_provenance(draft, layout, published, arrival),
    )


def _dateline(layout: Layout) -> str | None:
    """Of the lead, else of a paragraph below it: a teaser may stand before the report."""
    places = (layout.lead, *layout.body[:2])
    return next(filter(None, map(dateline, places)), None)


def _other(names: Sequence[str], item_id: str) -> str | None:
    """The first item named beside the item itself, else the first."""
    ids = [bounded_id(name) for name in names]
    return next((name for name in ids if name != item_id), next(iter(ids), None))


def _published(draft: Draft, printed: str | None, text: str) -> SourceTime:
    """As stated, else as printed beside the text, else as the text lets one infer."""
    if draft.published_at not in (None, ""):
        return plausible(stated_time(draft.published_at))
    beside = plausible(stated_time(printed))
    return beside if beside.at else latest_date(f"{printed}\n{text}" if printed else text)


def _source(draft: Draft, composed: Composed, arrival: Arrival) -> Source:
    facts = composed.facts
    rating, website = facts.get("rating"), facts.get("website") or ""
    stated = clean_line(draft.source) or arrival.headers.get("source")
    return Source(
        name=stated or facts.get("source") or facts.get("publisher") or "unknown",
        publisher=facts.get("publisher"),
        website=canonical_url(website if "://" in website else f"https://{website}"),
        blurb=facts.get("blurb"),
        bias_rating=BiasRating(rating=rating, scheme=facts["scheme"]) if rating else None,
        ai_generated=True if facts.get("ai_generated") else None,
    )


def _provenance(
    draft: Draft, layout: Layout, published: SourceTime, arrival: Arrival
) -> Provenance:
    understood = {
        "published_at": (draft.published_at, published.at),
        "expires": (draft.expires, stated_time(draft.expires).at),
        "url": (draft.url, canonical_url(draft.url)),
        "language": (draft.language, stated_language(draft.language)),
    }
    unread = [name for name, (stated, read) in understood.items() if stated and read is None]
    return Provenance(
        origin=arrival.origin,
        format=draft.format,
        raw=arrival.position,
        sha256=hashlib.sha256(canonical_json(layout._asdict())).hexdigest(),
        unread=(*draft.unread, *unread),
    )
