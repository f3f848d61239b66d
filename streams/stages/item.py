"""What admission remembers of one item, and the rules that it decides by.

The rules, in order: a kill is final, whatever its version and even before its target. Else the
newest version counts, older ones are superseded. It is held while an operator holds the item,
while its publisher withholds it, while an embargo could not be read or has not passed; expired
from its expiry on; else live. Between two orders about the same version the later one counts.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal

from schemas.article import Article

WORLD = "world"
REMEMBERED_VERSIONS = 5
"""A version older than these is superseded unseen; nothing else depends on it."""
MAX_ROW = 300
"""Bytes of an item's row: there is one for every item that ever came."""
_SHA, _TERMS, _REASON = 12, 8, 30  # characters that tell versions of one item apart; of a reason


@dataclass(frozen=True, slots=True)
class Seen:
    """One version that arrived: hashes of its text and its terms, the raw message that brought it.

    The terms of nearly every version, usable without embargo and expiry, are empty. An order
    without text (a kill, a hold) has no hash and is at odds with no text.
    """

    version: int
    sha: str
    terms: str
    raw: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item's row. ``live`` is the version that detection holds, if it holds one."""

    decision: int = 0
    space: str = WORLD
    live: int | None = None
    killed: str | None = None
    hold: str | None = None
    due: float | None = None  # POSIX seconds, UTC
    seen: tuple[Seen, ...] = ()

    @classmethod
    def read(cls, row: dict[str, Any] | None) -> "Item":
        """From its row; a row that is not there is an item never heard of."""
        if row is None:
            return cls()
        return cls(**{**row, "seen": tuple(_entry(*entry) for entry in row.get("seen", ()))})

    def row(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        row = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        for name in ("killed", "hold"):
            if name in row:
                row[name] = row[name][:_REASON]
        if self.space == WORLD:
            del row["space"]
        if self.seen:
            row["seen"] = [[s.version, s.sha, s.terms, s.raw] for s in self.seen]
        return row

    @property
    def newest(self) -> int | None:
        """The highest version that arrived."""
        return max((seen.version for seen in self.seen), default=None)

    def version(self, number: int) -> Seen | None:
        """What is remembered of one version."""
        return next((seen for seen in self.seen if seen.version == number), None)

    def with_seen(self, seen: Seen) -> "Item":
        """Remember a version, or its new terms; the oldest fall out."""
        others = tuple(s for s in self.seen if s.version != seen.version)
        kept = sorted((*others, seen), key=lambda s: s.version)[-REMEMBERED_VERSIONS:]
        return replace(self, seen=tuple(kept))


def seen_of(article: Article, version: int) -> Seen:
    """What to remember of an arriving version."""
    raw = article.provenance.raw
    return Seen(version, _sha(article), terms_of(article), f"{raw.partition}:{raw.offset}")


def terms_of(article: Article) -> str:
    """What the publisher allows, as one comparable word."""
    embargo = "unreadable" if article.embargo_unreadable else _stamp(article.embargoed_until)
    return _short(f"{article.status}/{embargo}/{_stamp(article.expires)}")


def number_of(article: Article, item: Item) -> int:
    """The version's number: as stated, else the one with the same text, else the next.

    An order without text that names no version means the newest.
    """
    if article.version is not None:
        return article.version
    newest, sha = item.newest, _sha(article)
    if not sha:
        return newest or 0
    known = next((seen.version for seen in item.seen if seen.sha == sha), None)
    return known if known is not None else (newest or 0) + 1


Verdict = Literal["live", "held", "killed", "expired"]


def verdict(article: Article, item: Item, at: datetime) -> tuple[Verdict, str | None]:
    """What the rules say of the newest version at log time ``at``, and the reason's slug."""
    if item.killed:
        return "killed", item.killed
    if item.hold:
        return "held", item.hold
    if article.status == "withheld":
        return "held", "withheld"
    if article.embargo_unreadable:
        return "held", "embargo-unreadable"
    if article.embargoed_until and at < article.embargoed_until:
        return "held", "embargo"
    if article.expires and at >= article.expires:
        return "expired", "expired"
    return "live", None


def next_due(article: Article, at: datetime) -> float | None:
    """The next time at which the verdict may change by itself, in POSIX seconds."""
    times = [t for t in (article.embargoed_until, article.expires) if t and t > at]
    return min(times).timestamp() if times else None


def _sha(article: Article) -> str:
    return article.provenance.sha256[:_SHA] if article.fields() else ""


def _entry(version: int, sha: str, terms: str, raw: str) -> Seen:
    """A version as rows have it; those of release 0.2 spelled more of it out."""
    return Seen(version, sha[:_SHA], _short(terms) if "/" in terms else terms, raw)


def _short(terms: str) -> str:
    return "" if terms == "usable//" else sha256(terms.encode()).hexdigest()[:_TERMS]


def _stamp(time: datetime | None) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z") if time else ""
