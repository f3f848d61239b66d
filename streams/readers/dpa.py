"""dpa digitalwires: one entry, or a reply of the API with many under ``entries``."""

from collections.abc import Iterator

from streams.errors import Rejected
from streams.readers.catalogue import distinct, subject_code
from streams.readers.draft import Draft, Reading, naming
from streams.readers.json_object import Document, Fields, Stated
from streams.readers.limits import bounded
from streams.readers.values import bare_byline, lead_beside, status_of, version_of

_EDITORS_ONLY = ("signal", "notepad", "autopublishnotice")
_MARKS = ("article_html", "entry_id", "infobox_html")


def claims(fields: Fields) -> bool:
    """True for an entry, or for a list of entries."""
    name = fields.get("format")
    if isinstance(name, str) and name.startswith("digitalwires"):
        return True
    if isinstance(listed := fields.get("entries"), list):
        return any(isinstance(each, dict) and claims(each) for each in listed[:3])
    return "urn" in fields and any(name in fields for name in _MARKS)


def read(document: Document) -> Reading:
    """A draft for each entry; one that is none does not stop the others.

    Raises:
        Rejected: ``too-many-items``; for a single entry ``bad-field``, ``bad-version``,
            ``bad-status``.
    """
    listed = document.fields.get("entries")
    if not isinstance(listed, list):
        return (_entry(document.fields, damaged=document.damaged),)
    return tuple(_tried(each, damaged=document.damaged) for each in bounded(listed))


def _tried(entry: object, *, damaged: bool) -> Draft | Rejected:
    try:
        if not isinstance(entry, dict):
            raise Rejected("bad-field", "an entry must be an object")
        return _entry(entry, damaged=damaged)
    except Rejected as refusal:
        return refusal


def _entry(fields: Fields, *, damaged: bool) -> Draft:
    stated = Stated(fields)
    item_id, entry_id = stated.name("urn"), stated.name("entry_id")
    with naming(item_id or entry_id):
        version = version_of(stated.take("version"))
    with naming(item_id or entry_id, version):
        return _draft(stated, item_id or entry_id, version, damaged=damaged)


def _draft(stated: Stated, item_id: str | None, version: int | None, *, damaged: bool) -> Draft:
    stated.take("format", "type")
    status = status_of(stated.take("pubstatus"))
    stated.lenient = status != "usable"
    html = "\n".join(filter(None, (stated.text("article_html"), stated.text("infobox_html"))))
    categories = stated.objects("categories")
    internal = stated.internal(*_EDITORS_ONLY)
    notes = stated.objects("ednotes")
    return Draft(
        format="dpa",
        text=html,
        title=stated.text("headline"),
        lead=lead_beside(stated.text("teaser"), html),
        item_id=item_id,
        version=version,
        status=status,
        source=_provider(categories),
        language=stated.note("language"),
        published_at=stated.take("version_created", "content_created", "updated"),
        embargoed_until=stated.take("embargoed"),
        expires=stated.take("expires"),
        urgency=stated.urgency("urgency"),
        byline=bare_byline(stated.note("byline")),
        dateline=(stated.note("dateline") or "").strip(" -–—") or None,
        credit=stated.note("creditline"),
        usage_terms=stated.note("usageterms"),
        subjects=distinct(_subjects(categories)),
        correction_note=_public_correction(notes),
        internal=(*internal, "ednotes") if notes else internal,
        unread=(*stated.unread, "charset") if damaged else tuple(stated.unread),
        ignored=stated.ignored(),
    )


def _provider(categories: list[Fields]) -> str:
    names = (c.get("name") for c in categories if c.get("type") == "dnltype:provider")
    return next((name for name in names if isinstance(name, str) and name), "dpa")


def _subjects(categories: list[Fields]) -> Iterator[str]:
    for each in categories:
        kind, code, name = each.get("type"), each.get("qcode"), each.get("name")
        if isinstance(kind, str) and "subject" in kind:
            if isinstance(code, str) and code:
                yield subject_code(code)
            elif isinstance(name, str):
                yield name


def _public_correction(notes: list[Fields]) -> str | None:
    """A note on a correction that the agency itself marks as fit to print; no other note is."""
    public = (note for note in notes if note.get("is_publishable") is True)
    texts = (note.get("ednote") for note in public if "correction" in str(note.get("role")).lower())
    return next((text for text in texts if isinstance(text, str)), None)
