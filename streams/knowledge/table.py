"""Who and what the news is about: names, offices, capitals, demonyms, publishers.

The tables lie beside this file; README.md says how they are written. Nothing here changes after
loading, and no answer depends on the order of the rows.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from streams.knowledge.forms import inflect

ENTITY_TABLES = (
    "countries.tsv",
    "demonyms.tsv",
    "places.tsv",
    "organizations.tsv",
    "publishers.tsv",
    "people.tsv",
)
LANGUAGES = ("en", "de", "es", "fr", "ru")
# Letters that Unicode does not take apart into a base and a mark, and typographic look-alikes.
PLAIN: dict[int, int | None] = {
    **str.maketrans("đĐøØłŁıİ’‘‐‑–-", "dDoOlLiI''    "),
    **dict.fromkeys(range(0x0300, 0x0370)),  # combining marks
}


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing the news can be about.

    Attributes:
        id: a Wikidata QID, else a local id such as ``norp:RU`` or ``person:mario-monti``.
        type: PERSON ORG GPE LOC NORP FAC EVENT PRODUCT MISC.
        country: ISO 3166 alpha-2 code it belongs to (``XK`` for Kosovo, ``EU`` for the Union).
        capital_of, demonym_of, metonym_of: id of the country, place or actor it stands for.
        prior: 0 to 1, how often the news means it; decides between equal aliases.
        domains: web domains, for publishers.
        surname: what a person is called after the first mention; never an alias by itself.
    """

    id: str
    name: str
    type: str
    country: str | None = None
    capital_of: str | None = None
    demonym_of: str | None = None
    metonym_of: str | None = None
    publisher: bool = False
    prior: float = 0.5
    domains: tuple[str, ...] = ()
    surname: str | None = None


class Alias(NamedTuple):
    """One way to write an entity.

    Attributes:
        language: a code of ``LANGUAGES``, or None if it holds in every language.
        case_sensitive: only this case counts, because another one is a word: ``US`` and "us".
        ambiguous: it also names something else: another entity here, a first name or a word at
            the start of a sentence. Believe it only with support from the context.
    """

    entity_id: str
    alias: str
    language: str | None
    case_sensitive: bool
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Office:
    """A person held an office from ``since`` up to, not including, ``until`` (None: still)."""

    person: str
    title: str
    country: str
    since: date
    until: date | None

    def held(self, on: date) -> bool:
        """Say whether the person was in office on that day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The facts, ready to ask.

    Attributes:
        aliases: keyed by ``fold(alias)``, each value best first.
        titles: keyed by ``fold(word)``, the title it means: "premier" -> "prime minister".
        domains: publisher id by web domain.
        offices: every office of a title and a country or organization, oldest first.
        surnames: keyed by ``fold(surname)``, person ids by prior.
    """

    entities: Mapping[str, Entity]
    aliases: Mapping[str, tuple[Alias, ...]]
    titles: Mapping[str, str]
    domains: Mapping[str, str]
    offices: Mapping[tuple[str, str], tuple[Office, ...]]
    surnames: Mapping[str, tuple[str, ...]]

    def lookup(self, alias: str, language: str | None = None) -> tuple[Alias, ...]:
        """Find what an exact alias may mean: one answer per entity, best first.

        With a language, aliases of other languages are left out. Marks, hyphens and, unless the
        alias is case-sensitive, case are ignored.
        """
        exact = _plain(alias)
        found: dict[str, Alias] = {}
        for candidate in self.aliases.get(exact.casefold(), ()):
            fits = language is None or candidate.language in (None, language)
            if fits and (not candidate.case_sensitive or _plain(candidate.alias) == exact):
                found.setdefault(candidate.entity_id, candidate)
        return tuple(found.values())

    def holder(self, title: str, country: str, on: date | None) -> str | None:
        """Name the person who held an office on a day, or the only one who ever did.

        Returns None if nobody is known, or if several are and nothing decides.
        """
        known = self.offices.get((self.titles.get(fold(title), title), country), ())
        people = {office.person for office in known if on is None or office.held(on)}
        return people.pop() if len(people) == 1 else None

    def persons_named(self, surname: str) -> tuple[str, ...]:
        """List the people with a surname, the most newsworthy first."""
        return self.surnames.get(fold(surname), ())


@lru_cache(maxsize=1)
def core() -> Knowledge:
    """Load the packaged tables, once per process."""
    entities: dict[str, Entity] = {}
    aliases: dict[tuple[str, str, str | None], Alias] = {}
    for table in ENTITY_TABLES:
        for row in _rows(table):
            entity = _entity(row)
            if entity.id in entities:
                raise ValueError(f"{table}: {entity.id} is there twice")
            entities[entity.id] = entity
            for alias in _spellings(row):
                aliases.setdefault(alias[:3], alias)
    return Knowledge(
        entities=MappingProxyType(entities),
        aliases=MappingProxyType(_index(entities, aliases.values())),
        titles=MappingProxyType(_titles()),
        domains=MappingProxyType({d: e.id for e in entities.values() for d in e.domains}),
        offices=MappingProxyType(_offices()),
        surnames=MappingProxyType(_surnames(entities)),
    )


def fold(text: str) -> str:
    """Give the key under which an alias is filed.

    Marks are stripped, hyphens become spaces, spaces are squeezed and case is folded:
    "Kim Jong-un" and "Kim Jong Un" meet, and so do "Tô Lâm" and "To Lam".
    """
    return _plain(text).casefold()


def _plain(text: str) -> str:
    if text.isascii():
        text = text.replace("-", " ")
    else:
        text = unicodedata.normalize("NFKD", text).translate(PLAIN)
    return " ".join(text.split())


def _rows(table: str) -> Iterator[dict[str, str]]:
    """Read a table: tab-separated, the first line names the columns, no quoting."""
    lines = (files(__package__) / table).read_text("utf-8").splitlines()
    columns = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(columns, line.split("\t"), strict=True))


def _cells(row: Mapping[str, str], column: str) -> list[str]:
    cell = row.get(column)
    return cell.split(";") if cell else []


def _entity(row: Mapping[str, str]) -> Entity:
    return Entity(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        country=row.get("country") or None,
        capital_of=row.get("capital_of") or None,
        demonym_of=row.get("demonym_of") or None,
        metonym_of=row.get("metonym_of") or None,
        publisher="domains" in row,
        prior=float(row["prior"]),
        domains=tuple(_cells(row, "domains")),
        surname=row.get("surname") or None,
    )


def _spellings(row: Mapping[str, str]) -> Iterator[Alias]:
    """Yield every alias of a row: ``=`` marks a case-sensitive one, ``~`` an ambiguous one."""
    for column in ("any", *LANGUAGES):
        language = None if column == "any" else column
        for cell in _cells(row, column):
            text = cell.lstrip("=~")
            marks = cell[: len(cell) - len(text)]
            for form in inflect(column, text[:-1]) if text.endswith("*") else (text,):
                yield Alias(row["id"], form, language, "=" in marks, "~" in marks)


def _index(
    entities: Mapping[str, Entity], aliases: Iterable[Alias]
) -> dict[str, tuple[Alias, ...]]:
    """File every alias under its key, best first, and mark those that two entities share.

    A country and its people are no rivals: Spanish "china" and "China" lead to the same place.
    """
    meant = {entity.id: entity.demonym_of or entity.id for entity in entities.values()}
    ranked = sorted(entities.values(), key=lambda entity: (-entity.prior, entity.id))
    rank = {entity.id: place for place, entity in enumerate(ranked)}
    filed: dict[str, list[Alias]] = {}
    for alias in aliases:
        filed.setdefault(fold(alias.alias), []).append(alias)
    for key, found in filed.items():
        if len(found) > 1:
            found.sort(key=lambda a: (rank[a.entity_id], a.language or "", a.alias))
            if len({meant[alias.entity_id] for alias in found}) > 1:
                filed[key] = [alias._replace(ambiguous=True) for alias in found]
    return {key: tuple(found) for key, found in filed.items()}


def _titles() -> dict[str, str]:
    return {
        fold(word): row["title"]
        for row in _rows("titles.tsv")
        for column in ("title", *LANGUAGES)
        for word in _cells(row, column)
    }


def _offices() -> dict[tuple[str, str], tuple[Office, ...]]:
    filed: dict[tuple[str, str], list[Office]] = {}
    for row in _rows("offices.tsv"):
        until = date.fromisoformat(row["until"]) if row["until"] else None
        since = date.fromisoformat(row["since"])
        office = Office(row["person"], row["title"], row["country"], since, until)
        filed.setdefault((office.title, office.country), []).append(office)
    return {
        key: tuple(sorted(offices, key=lambda office: (office.since, office.person)))
        for key, offices in filed.items()
    }


def _surnames(entities: Mapping[str, Entity]) -> dict[str, tuple[str, ...]]:
    filed: dict[str, list[Entity]] = {}
    for entity in entities.values():
        if entity.surname:
            filed.setdefault(fold(entity.surname), []).append(entity)
    return {
        surname: tuple(e.id for e in sorted(people, key=lambda e: (-e.prior, e.id)))
        for surname, people in filed.items()
    }
