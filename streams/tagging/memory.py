"""What one article remembers: full names, and what stands short for them later on."""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from schemas.tagged import EntityType
from streams.tagging.document import Document
from streams.tagging.lexicon import section
from streams.tagging.spans import LIKELY, WEAK, Span

Place = tuple[int, int]  # field number, token

_LINKED: frozenset[str] = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT"})
_PLACES: frozenset[str] = frozenset({"GPE", "LOC"})
_LEGAL_FORMS = frozenset("inc ltd limited plc corp corporation co llc ag gmbh sa".split())
_PLACES_BEFORE = section("places_before")
_COMMON = section("common_words") | section("not_names") | section("org_prefixes")
_SUFFIXES = frozenset({"Jr", "Sr", "II", "III", "."})
_LONG_ACRONYM = 4


@dataclass(frozen=True, slots=True)
class Known:
    """One thing of the article: its type, id and canonical name."""

    type: EntityType
    entity_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Memory:
    """What the whole article tells: full names, and what stands short for them."""

    full: dict[str, Known]
    people: dict[str, list[tuple[Place, Known]]]
    acronyms: dict[str, Known]
    firms: dict[str, Known]

    def person(self, word: str, place: Place) -> Known | None:
        """Whom a surname or given name means: the last one named in full before it, else the
        first one behind.
        """
        named = self.people.get(word)
        if not named:
            return None
        at = bisect_left(named, place, key=lambda one: one[0])
        return named[max(0, at - 1)][1]

    def named_before(self, word: str, place: Place) -> bool:
        """Somebody of that surname was named in full before this place, or a headline holds it."""
        named = self.people.get(word, [])
        return bool(named) and (named[0][0] < place or named[0][0][0] > place[0])


def local_id(kind: EntityType, name: str) -> str | None:
    """A stable id from a canonical name, equal in every article; None for types without one.

    ``local:person:anna-velmar``; cities, states and landscapes share ``local:place:...``, so that
    an article which does not tell them apart meets the others. Marks, case, a leading "the" and
    a legal form at the end (plc, Inc) do not matter.
    """
    if kind not in _LINKED:
        return None
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    while len(words) > 1 and words[-1] in _LEGAL_FORMS and kind == "ORG":
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words.pop(0)
    family = "place" if kind in _PLACES else kind.lower()
    return f"local:{family}:{'-'.join(words)}" if words else None


def key_of(doc: Document, span: Span) -> str:
    """The name's words, by which its occurrences meet: ``BIDEN`` in a headline is Biden."""
    return _quiet(" ".join(doc.fields[span.field].words[span.first : span.last + 1]))


def _quiet(name: str) -> str:
    return name.title() if len(name) > _LONG_ACRONYM and name.isupper() else name


def refer(doc: Document, spans: list[Span]) -> list[Span]:
    """Give every name its id; a surname, a first word or an acronym that of its full form."""
    full = _full_names(doc, spans)
    people, acronyms = _people(doc, spans, full), _acronyms(doc, spans, full)
    memory = Memory(full, people, acronyms, _firms(full))
    return [_resolved(doc, span, memory) for span in spans]


def _full_names(doc: Document, spans: list[Span]) -> dict[str, Known]:
    """What each name means; where some mentions have a known thing, the others have it too."""
    found: dict[str, Known] = {}
    for span in sorted(spans, key=lambda span: not span.candidates):
        key = key_of(doc, span)
        if key in found:
            continue
        surface = _quiet(doc.fields[span.field].surface(span.first, span.last))
        if span.candidates:
            found[key] = Known(span.type, span.entity_id, span.name or surface)
        elif span.type != "PERSON" or " " in surface:
            found[key] = Known(span.type, local_id(span.type, surface), surface)
    return found


def _people(
    doc: Document, spans: list[Span], full: dict[str, Known]
) -> dict[str, list[tuple[Place, Known]]]:
    """Surname or given name -> where which person was named in full, in reading order."""
    found: dict[str, list[tuple[Place, Known]]] = {}
    for span in sorted(spans, key=lambda span: (span.field, span.first)):
        key = key_of(doc, span)
        known = full.get(key)
        if known and known.type == "PERSON" and span.type == "PERSON":
            for word in _name_parts(key):
                found.setdefault(word, []).append(((span.field, span.first), known))
    return found


def _firms(full: dict[str, Known]) -> dict[str, Known]:
    """First word of a longer organisation's name, where only one begins with it."""
    found: dict[str, list[Known]] = {}
    for key, known in full.items():
        first, _, rest = key.partition(" ")
        if known.type == "ORG" and rest and len(first) > 3 and first not in _COMMON:
            found.setdefault(first, []).append(known)
    return {word: firms[0] for word, firms in found.items() if len(firms) == 1}


def _name_parts(key: str) -> list[str]:
    words = [word for word in key.split() if word not in _SUFFIXES]
    parts: list[str] = []
    if len(words) > 1:
        hyphen = words.index("-") if "-" in words else len(words)
        parts = [words[-1], words[0]]
        if hyphen > 1:
            parts.append(" ".join(words[hyphen - 1 :]))
        parts.extend(" ".join(words[start:]) for start in range(1, len(words) - 1))
    return [part for part in parts if len(part) > 1 and part[0].isupper()]


def _acronyms(doc: Document, spans: list[Span], full: dict[str, Known]) -> dict[str, Known]:
    """``Torvel Defence Board (TDB)`` and ``TDB (Torvel Defence Board)``."""
    found: dict[str, Known] = {}
    for span in spans:
        tokens = doc.fields[span.field]
        words, at = tokens.words, span.last + 1
        closed = at + 2 < len(words) and words[at] == "(" and words[at + 2] in (")", ",", ";")
        known = full.get(key_of(doc, span))
        if known and closed and _abbreviates(words[at + 1], words[span.first : span.last + 1]):
            found.setdefault(_quiet(words[at + 1]), known)
    return found


def _abbreviates(short: str, words: list[str]) -> bool:
    """Capitals that begin words of the name, the first of them its first."""
    if not (2 <= len(short) <= 10 and short[0].isupper()) or len(words) < 2:
        return False
    initials = "".join(word[0] for word in words if word[0].isalpha()).casefold()
    letters = iter(initials)
    capitals = "".join(c for c in short if c.isupper()).casefold()
    if all(letter in letters for letter in capitals):
        return len(capitals) > 1
    return short[0].casefold() == initials[:1] and sum(map(str.isupper, short)) > 1


def _resolved(doc: Document, span: Span, memory: Memory) -> Span:
    key = key_of(doc, span)
    place = span.field, span.first
    if span.candidates:
        # "Jordan said no. Michael Jordan retired.": the country, for the man comes in only later.
        early = not memory.named_before(key, place)
        person = None if early or not _may_be_person(doc, span) else memory.person(key, place)
        surname = person is not None and person.name.split()[-1] == key
        return _as(span, person, LIKELY) if person and surname else span
    short = memory.acronyms.get(key) or memory.person(key, place)
    here = memory.full.get(key)
    if short and (here is None or short.entity_id or short.type == here.type):
        return _as(span, short, LIKELY if short.type == "PERSON" else WEAK)
    if here:
        return span.known(here.entity_id, here.name)
    firm = memory.firms.get(key)
    if firm and span.type == "ORG":
        return _as(span, firm, WEAK)
    return span.known(None, doc.fields[span.field].surface(span.first, span.last))


def _as(span: Span, known: Known, confidence: float) -> Span:
    sure = max(span.confidence, confidence)
    return Span(
        span.field, span.first, span.last, known.type, sure, (), known.entity_id, known.name
    )


def _may_be_person(doc: Document, span: Span) -> bool:
    """A place's name that is also a surname of the article, and not used as a place."""
    words = doc.fields[span.field].words
    before = words[span.first - 1].lower() if span.first else ""
    return span.type == "GPE" and span.first == span.last and before not in _PLACES_BEFORE
