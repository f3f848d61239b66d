"""What the sources say, gathered in a file beside the target: merged, cleaned, in order.

A dump is many times larger than memory, so what is kept of it waits in SQLite.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import orjson

from streams.knowledge.base import KINDS, MAX_NAME, KbName
from streams.knowledge.redirects import follow, resolve
from streams.knowledge.table import Entity, fold

TYPES = frozenset("PERSON ORG GPE LOC NORP FAC EVENT PRODUCT MISC UNK".split())
MAX_ID = 200
UNKNOWN = -1.0  # a prior that the source does not tell
DEFAULT_PRIOR = 0.5
DIGITS = 4
DEFAULTS = {
    field.name: field.default for field in fields(Entity) if field.name not in ("id", "name")
}

SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE entities (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID;
CREATE TABLE names (key TEXT, id TEXT, kind TEXT, name TEXT, language TEXT, prior REAL,
    PRIMARY KEY (key, id, kind)) WITHOUT ROWID;
"""
# The same name again: the higher prior, and no language if two write it so.
ADD_NAME = """
INSERT INTO names VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key, id, kind) DO UPDATE SET
    language = iif(language IS excluded.language, language, NULL),
    name = iif(prior = excluded.prior, min(name, excluded.name),
        iif(prior > excluded.prior, name, excluded.name)),
    prior = max(prior, excluded.prior)
"""


class Moved(NamedTuple):
    """An id was replaced by another."""

    old: str
    new: str


class Capital(NamedTuple):
    """A city is the capital of a place."""

    city: str
    of: str


class Code(NamedTuple):
    """The ISO 3166 code of a country."""

    entity_id: str
    iso: str


class Skipped(NamedTuple):
    """A row that nothing was taken from, and why."""

    reason: str


Record = Entity | KbName | Moved | Capital | Code | Skipped


class Staging:
    """Records go in in any order; entities and names come out sorted, merged and consistent.

    Attributes:
        left_out: how many rows, names and references were dropped, by reason.
    """

    def __init__(self, file: Path) -> None:
        self.left_out: Counter[str] = Counter()
        self._moves: dict[str, str] = {}
        self._capitals: dict[str, list[str]] = {}
        self._codes: dict[str, str] = {}
        self._ends: dict[str, str] = {}
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript(SCHEMA + "BEGIN")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(self, record: Record) -> None:
        """Take a record in. A prior of ``UNKNOWN`` is settled at the end."""
        match record:
            case Entity():
                self._add_entity(record)
            case KbName():
                self._add_name(record)
            case Moved(old, new):
                self._moves[old] = new
            case Capital(city, of):
                self._capitals.setdefault(city, []).append(of)
            case Code(entity_id, iso):
                self._codes.setdefault(entity_id, iso)
            case Skipped(reason):
                self.left_out[reason] += 1

    def scale(self) -> None:
        """If a prior is above 1, divide all by the largest: the tables have their own scale."""
        largest = self._db.execute("SELECT max(prior) FROM names").fetchone()[0] or 0.0
        for _, entity in self._entities():
            largest = max(largest, entity.prior)
        if largest <= 1:
            return
        self._db.execute("UPDATE names SET prior = prior / ? WHERE prior > 0", (largest,))
        for entity_id, entity in list(self._entities()):
            if entity.prior > 0:
                self._put(entity_id, replace(entity, prior=entity.prior / largest))

    def settle(self) -> None:
        """Follow ids that moved, and drop what leads nowhere."""
        ends, cyclic = follow(self._moves)
        self.left_out["redirects_in_a_circle"] += len(cyclic)
        if ends:
            self._db.execute("CREATE INDEX names_by_id ON names (id)")
        for old, end in ends.items():
            new = resolve(end)
            if old != new and self._kept(new):
                self._ends[old] = new
                self._move(old, new)
            else:
                self.left_out["redirects_to_nothing"] += 1

    def entities(self) -> Iterator[tuple[str, bytes]]:
        """Ids in order, each with its line: the entity, or the id that replaced it."""
        rows = self._db.execute("SELECT id, body FROM entities ORDER BY id")
        for entity_id, body in rows:
            if body.startswith(b'"'):
                yield entity_id, body
                continue
            entity = self._settled(_loaded(entity_id, body))
            told = {k: v for k, v in asdict(entity).items() if v != DEFAULTS.get(k)}
            del told["id"]
            told |= {"type": entity.type, "prior": entity.prior}
            yield entity_id, orjson.dumps(told, option=orjson.OPT_SORT_KEYS)

    def ids(self) -> Iterator[str]:
        """Every id, also those that were replaced."""
        return (row[0] for row in self._db.execute("SELECT id FROM entities ORDER BY id"))

    def keys(self) -> Iterator[str]:
        """Every folded name."""
        return (key for key, _ in groupby(self._names(), lambda row: row[0]))

    def names(self) -> Iterator[tuple[str, list[KbName]]]:
        """Folded names in order, each with what it may mean, best first."""
        for key, rows in groupby(self._names(), lambda row: row[0]):
            found = []
            for _, entity_id, kind, name, language, prior, body in rows:
                general = _known(orjson.loads(body)["prior"])
                prior = general if prior < 0 else prior
                row = KbName(entity_id, name, language, kind, round(prior, DIGITS))
                found.append(((-prior, -general, entity_id, kind), row))
            yield key, [row for _, row in sorted(found)]

    def languages(self) -> tuple[str, ...]:
        """The languages of the names, as far as one is told."""
        found = self._db.execute("SELECT DISTINCT language FROM names WHERE language IS NOT NULL")
        return tuple(sorted(row[0] for row in found))

    def _names(self) -> sqlite3.Cursor:
        return self._db.execute(
            "SELECT key, id, kind, name, language, prior, body FROM names JOIN entities USING (id) "
            "ORDER BY key, id, kind"
        )

    def _add_entity(self, entity: Entity) -> None:
        entity_id, name = resolve(entity.id), tidy(entity.name)
        if not (0 < len(name) <= MAX_NAME) or not good_id(entity_id):
            self.left_out["entities_without_id_or_name"] += 1
            return
        entity = replace(entity, id=entity_id, name=name)
        if known := self._get(entity_id):
            self.left_out["entities_merged"] += 1
            entity = merged(known, entity)
        self._put(entity_id, entity)

    def _add_name(self, row: KbName) -> None:
        name = tidy(row.name)
        key = fold(name)
        if not name or not key:
            self.left_out["names_empty"] += 1
        elif max(len(name), len(key)) > MAX_NAME:
            self.left_out["names_too_long"] += 1
        elif not any(map(str.isalpha, name)):
            self.left_out["names_without_letters"] += 1
        elif row.kind not in KINDS or not good_id(row.entity_id):
            self.left_out["malformed"] += 1
        else:
            entity_id = resolve(row.entity_id)
            self._db.execute(ADD_NAME, (key, entity_id, row.kind, name, row.language, row.prior))

    def _settled(self, entity: Entity) -> Entity:
        """Its references as they are in the end: only to what is kept."""
        country = entity.country
        if country and not is_code(country):
            country = self._codes.get(country) or self._codes.get(self._end(country))
            self.left_out["references_dropped"] += country is None
        return replace(
            entity,
            country=country,
            capital_of=self._target(entity.capital_of) or self._capital_of(entity.id),
            demonym_of=self._target(entity.demonym_of),
            metonym_of=self._target(entity.metonym_of),
            prior=round(_known(entity.prior), DIGITS),
        )

    def _target(self, entity_id: str | None) -> str | None:
        if entity_id is None:
            return None
        end = self._end(entity_id)
        if self._kept(end):
            return end
        self.left_out["references_dropped"] += 1
        return None

    def _capital_of(self, city: str) -> str | None:
        """A country goes before a region."""
        places = [self._end(place) for place in self._capitals.get(city, ())]
        kept = [(place not in self._codes, place) for place in places if self._kept(place)]
        return min(kept)[1] if kept else None

    def _end(self, entity_id: str) -> str:
        return self._ends.get(resolve(entity_id), resolve(entity_id))

    def _move(self, old: str, new: str) -> None:
        """An id that was replaced lends its names and facts to the new one."""
        if known := self._get(old):
            target = self._get(new)
            self._put(new, merged(target, known) if target else known)
        for row in self._db.execute(
            "SELECT key, ?, kind, name, language, prior FROM names WHERE id = ?", (new, old)
        ).fetchall():
            self._db.execute(ADD_NAME, row)
        self._db.execute("DELETE FROM names WHERE id = ?", (old,))
        self._db.execute("REPLACE INTO entities VALUES (?, ?)", (old, orjson.dumps(new)))

    def _entities(self) -> Iterator[tuple[str, Entity]]:
        for entity_id, body in self._db.execute("SELECT id, body FROM entities ORDER BY id"):
            yield entity_id, _loaded(entity_id, body)

    def _kept(self, entity_id: str) -> bool:
        return self._get(entity_id) is not None

    def _get(self, entity_id: str) -> Entity | None:
        row = self._db.execute("SELECT body FROM entities WHERE id = ?", (entity_id,)).fetchone()
        if row is None or row[0].startswith(b'"'):
            return None
        return _loaded(entity_id, row[0])

    def _put(self, entity_id: str, entity: Entity) -> None:
        body = asdict(entity)
        del body["id"]
        self._db.execute("REPLACE INTO entities VALUES (?, ?)", (entity_id, orjson.dumps(body)))


def merged(first: Entity, second: Entity) -> Entity:
    """Two accounts of one entity: the first one counts, the second fills its gaps."""
    filled = {
        name: getattr(second, name)
        for name, default in DEFAULTS.items()
        if name != "prior" and getattr(first, name) in (default, "UNK")
    }
    return replace(first, **filled, prior=max(first.prior, second.prior))


def tidy(name: str) -> str:
    """Single spaces, and only characters that print."""
    name = " ".join(name.split())
    return name if name.isprintable() else "".join(filter(str.isprintable, name)).strip()


def good_id(entity_id: str) -> bool:
    """Say whether an id can be one: printable, without spaces, of bounded length."""
    return 0 < len(entity_id) <= MAX_ID and entity_id.isprintable() and " " not in entity_id


def is_code(country: str) -> bool:
    """Say whether this is an ISO 3166 alpha-2 code rather than an id."""
    return len(country) == 2 and country.isascii() and country.isalpha()


def _loaded(entity_id: str, body: bytes) -> Entity:
    told = orjson.loads(body)
    return Entity(id=entity_id, **told | {"domains": tuple(told["domains"])})


def _known(prior: float) -> float:
    return DEFAULT_PRIOR if prior < 0 else min(prior, 1.0)
