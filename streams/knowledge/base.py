"""A knowledge base on disk: many entities and their names, mapped into memory and never changed.

README.md describes the files. All processes that open one share its pages.
"""

import struct
from functools import lru_cache
from hashlib import file_digest
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

import marisa_trie
import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from streams.errors import DeltawireError
from streams.knowledge.redirects import resolve
from streams.knowledge.table import Entity, fold

FORMAT = 1
META = "meta.json"
MAX_NAME = 100  # characters of a name, folded or not
KINDS = ("name", "surname", "demonym")
REMEMBERED = 8192  # decoded rows of each table that a process keeps
OFFSET = struct.Struct("<Q")
# What reading a line of a damaged file can raise.
DAMAGE = (ValueError, TypeError, AttributeError, OverflowError, struct.error)


class KbName(NamedTuple):
    """One thing that a name may mean.

    Attributes:
        name: the name as it is written.
        language: a code of ``LANGUAGES``, or None if several languages write it so.
        kind: ``name``, ``surname`` of a person, or ``demonym`` of a place.
        prior: 0 to 1, how often the news means this entity by this name.
    """

    entity_id: str
    name: str
    language: str | None
    kind: str
    prior: float


class Source(BaseModel):
    """A file the knowledge base was built from."""

    model_config = ConfigDict(frozen=True)

    file: str
    size: int


class Part(BaseModel):
    """A file of the knowledge base."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(ge=0)
    sha256: str


class KbMeta(BaseModel):
    """What ``meta.json`` tells about a knowledge base."""

    model_config = ConfigDict(frozen=True)

    format: int
    name: str
    built_from: tuple[Source, ...]
    licences: tuple[str, ...]
    languages: tuple[str, ...]
    counts: dict[str, int]
    left_out: dict[str, int]
    parts: dict[str, Part]


class LineTable:
    """A read-only table from a key to one line of JSON.

    ``STEM.marisa`` numbers the keys, ``STEM.offsets`` says where the line of each number begins
    in ``STEM.jsonl``.
    """

    SUFFIXES = (".marisa", ".offsets", ".jsonl")

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder = folder
        keys, offsets, lines = (folder / f"{stem}{suffix}" for suffix in self.SUFFIXES)
        self.trie = marisa_trie.Trie()
        self.trie.mmap(str(keys))
        self._offsets = _mapped(offsets)
        self._lines = _mapped(lines)
        if len(self._offsets) != len(self.trie) * OFFSET.size:
            raise damaged(folder, f"{offsets.name} does not fit {keys.name}")

    def get(self, key: str) -> Any:
        """The value of a key, or None."""
        try:
            number = self.trie.get(key)
        except UnicodeEncodeError:  # half a surrogate pair: no key has one
            return None
        if number is None:
            return None
        start = OFFSET.unpack_from(self._offsets, number * OFFSET.size)[0]
        return orjson.loads(self._lines[start : self._lines.find(b"\n", start)])


class KnowledgeBase:
    """Who and what the names of a knowledge base mean. Nothing changes after opening."""

    def __init__(self, path: Path, meta: KbMeta) -> None:
        self.path = path
        self.meta = meta
        self._entities = LineTable(path, "entities")
        self._names = LineTable(path, "names")
        self._beginnings = self._names.trie.prefixes
        self._entity = lru_cache(REMEMBERED)(self._read_entity)
        self._named = lru_cache(REMEMBERED)(self._read_names)

    @classmethod
    def open(cls, path: Path, *, verify: bool = False) -> "KnowledgeBase":
        """Open a knowledge base. The sizes of all files are checked, and the sums of the tries.

        A damaged trie could end the process; damage elsewhere is an error when it is read.

        Args:
            verify: check the sum of every file, which reads them whole.

        Raises:
            DeltawireError: there is none, it is of another version, or it is damaged.
        """
        meta = read_meta(path)
        expected = {f"{stem}{s}" for stem in ("entities", "names") for s in LineTable.SUFFIXES}
        if meta.parts.keys() != expected:
            raise damaged(path, f"{META} does not list {', '.join(sorted(expected))}")
        for name, part in meta.parts.items():
            _check(path / name, part, whole=verify or name.endswith(".marisa"))
        try:
            return cls(path, meta)
        except (OSError, RuntimeError, ValueError) as error:
            raise damaged(path, str(error)) from error

    def __len__(self) -> int:
        return self.meta.counts.get("entities", 0)

    def entity(self, entity_id: str) -> Entity | None:
        """The entity of an id, also of one that it had before."""
        return self._entity(entity_id) or self._entity(resolve(entity_id))

    def names(self, text: str) -> tuple[KbName, ...]:
        """Everything that an exact name may mean, best first. Marks, hyphens and case are free."""
        return self._named(text)

    def prefixes(self, folded: str) -> list[str]:
        """All folded names that a folded text begins with, longest first.

        A name ends where a word of the text ends: "niger" is no beginning of "nigeria".
        """
        try:
            found: list[str] = self._beginnings(folded[:MAX_NAME])
        except UnicodeEncodeError:
            return []
        return [name for name in reversed(found) if _ends_a_word(folded, len(name))]

    def _read_entity(self, entity_id: str) -> Entity | None:
        try:
            found = self._entities.get(entity_id)
            if isinstance(found, str):  # moved
                entity_id, found = found, self._entities.get(found)
            if found is None:
                return None
            domains = tuple(found.pop("domains", ()))
            return Entity(id=entity_id, domains=domains, **found)
        except DAMAGE as error:
            raise damaged(self.path, f"entity {entity_id}: {error}") from error

    def _read_names(self, text: str) -> tuple[KbName, ...]:
        try:
            return tuple(KbName(*row) for row in self._names.get(fold(text)) or ())
        except DAMAGE as error:
            raise damaged(self.path, f"name {text!r}: {error}") from error


def read_meta(path: Path) -> KbMeta:
    """Read what a knowledge base tells about itself.

    Raises:
        DeltawireError: there is none, or it is of another version.
    """
    try:
        told = orjson.loads((path / META).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise DeltawireError(
            f"{path} is no knowledge base: it has no {META}; 'deltawire kb build' makes one"
        ) from None
    except OSError as error:
        raise DeltawireError(f"{path}: {error}") from error
    except ValueError as error:
        raise damaged(path, f"{META}: {error}") from error
    version = told.get("format") if isinstance(told, dict) else None
    if version != FORMAT:
        raise DeltawireError(
            f"{path} has format {version!r}, this program reads {FORMAT}: build it again"
        )
    try:
        return KbMeta.model_validate(told)
    except ValidationError as error:
        raise damaged(path, f"{META}: {error.errors()[0]['msg']}") from error


def damaged(path: Path, detail: str) -> DeltawireError:
    """An error that says what to do."""
    return DeltawireError(f"{path} is damaged ({detail}): build or copy it again")


def sha256(path: Path) -> str:
    """The sum of a file, read in pieces."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _check(file: Path, part: Part, *, whole: bool) -> None:
    try:
        size = file.stat().st_size
        if size != part.size:
            raise damaged(file.parent, f"{file.name} has {size} bytes instead of {part.size}")
        if whole and sha256(file) != part.sha256:
            raise damaged(file.parent, f"{file.name} is not what was built")
    except OSError as error:
        raise damaged(file.parent, str(error)) from error


def _mapped(path: Path) -> mmap:
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def _ends_a_word(text: str, end: int) -> bool:
    return end >= len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
