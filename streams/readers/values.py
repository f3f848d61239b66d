"""Values that mean the same in every format: version, status, urgency, embargo, relations."""

import re
from collections.abc import Iterable, Sequence
from typing import get_args

from schemas.article import NamedTarget, PubStatus
from streams.cleaning.characters import squeeze, tidy
from streams.cleaning.dates import stated_time
from streams.errors import Rejected

MAX_VERSION = 2**63 - 1
MAX_NAMED = 50
"""Ignored names that are kept of one item; more would only be noise."""
WITHOUT_END = ""
"""An embargo that was stated and cannot be read: it blocks until somebody lifts it."""
WITHDRAWS = frozenset(("cancels", "kills", "withdraws", "retracts"))
MENDS = frozenset(("corrects", "replaces"))
_STATUSES: dict[str, PubStatus] = {status: status for status in get_args(PubStatus)} | {
    "cancelled": "canceled"
}


def version_of(value: object) -> int | None:
    """A whole number from 0, also as a string.

    Raises:
        Rejected: ``bad-version``.
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_VERSION:
        raise Rejected("bad-version", f"version must be a whole number from 0: {value!r:.60}")
    return value


def status_of(value: object) -> PubStatus:
    """``usable``, ``withheld`` or ``canceled``; a word, a QCode or the term's address.

    Raises:
        Rejected: ``bad-status``: what cannot be told from a kill is not published.
    """
    if value is None:
        return "usable"
    word = re.split(r"[:/#]", value.strip().lower())[-1] if isinstance(value, str) else ""
    if word not in _STATUSES:
        raise Rejected("bad-status", f"usable, withheld or canceled, not {value!r:.60}")
    return _STATUSES[word]


def urgency_of(value: object) -> int | None:
    """IPTC 1 to 9, also as a string; None for anything else."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 4:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 9:
        return None
    return value


def strictest(embargoes: Iterable[object]) -> object:
    """Of several stated embargoes the last to lift; ``WITHOUT_END`` if one cannot be read."""
    stated = [each for each in embargoes if each is not None]
    if len(stated) < 2:
        return stated[0] if stated else None
    times = [stated_time(each).at for each in stated]
    known = [time for time in times if time is not None]
    return max(known).isoformat() if len(known) == len(times) else WITHOUT_END


def targets(
    status: PubStatus,
    item_id: str | None,
    relations: Iterable[tuple[str, str]],
    named: Sequence[NamedTarget] = (),
) -> tuple[str, ...]:
    """The other items that (relation, id) pairs make this item speak about.

    An item that is withdrawn withdraws itself, and others only where the relation says so:
    a package, a picture or an earlier story beside it stays. A usable one may mend others.
    ``named``: those that it withdraws and states no id of.
    """
    wanted = MENDS if status == "usable" else WITHDRAWS
    found = [name for relation, name in relations if relation.lower() in wanted and name]
    own = [item_id] if (found or named) and item_id and status != "usable" else []
    return tuple(dict.fromkeys((*own, *found)))


MAX_NAMED_TARGETS = 20
"""Targets without an id that one notice may name; the rest would be a list that nobody confirms."""
_MAX_WORDS = 300


def named_target(number: object, slug: object, headline: object) -> NamedTarget | None:
    """What an order calls a target that it states no id of; None if it says nothing readable."""
    stated = {"number": number, "slug": slug, "headline": headline}
    words = {name: _words(value) for name, value in stated.items()}
    return NamedTarget(**words) if any(words.values()) else None


def _words(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return (squeeze(tidy(value))[:_MAX_WORDS] or None) if isinstance(value, str) else None


def lead_beside(lead: str | None, text: str) -> str | None:
    """The lead, unless the text holds it too: a sentence stated twice is no news."""
    return lead if lead and lead.strip() and lead.strip() not in text else None


def bare_byline(text: str | None) -> str | None:
    """``By Ada Quill`` -> ``Ada Quill``."""
    words = " ".join((text or "").split())
    return (words[3:] if words[:3].lower() == "by " else words) or None
