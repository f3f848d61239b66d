"""Build a knowledge base from dumps of Wikidata and from tables, whatever their size.

The same input gives the same bytes.
"""

import shutil
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from sys import byteorder
from tempfile import mkdtemp

import marisa_trie
import orjson

from streams.errors import DeltawireError
from streams.knowledge.base import (
    FORMAT,
    META,
    KbMeta,
    KnowledgeBase,
    LineTable,
    Part,
    Source,
    read_meta,
    sha256,
)
from streams.knowledge.building import csv_tables, wikidata
from streams.knowledge.building.inputs import Progress, kind, lines
from streams.knowledge.building.staging import Record, Staging

DUMP = ".json"
ACCEPTED = (DUMP, *csv_tables.SUFFIXES)
UNSTATED = "tables: ask where they come from"


def build(
    sources: Sequence[Path],
    out: Path,
    *,
    name: str | None = None,
    sitelinks: int = wikidata.SITELINKS,
    licences: Sequence[str] = (),
    force: bool = False,
    progress: Progress | None = None,
) -> KbMeta:
    """Write a knowledge base to a folder, all or nothing.

    Args:
        sources: dumps (``.json``), tables (``.csv``, ``.tsv``, ``.jsonl``), gzipped or not, and
            folders of them. Where two tell of one entity the first counts, tables before dumps.
        licences: of the tables; that of Wikidata is known.
        force: replace a knowledge base that lies there.
        progress: told how many bytes of the sources were read since the last time.

    Raises:
        DeltawireError: a source cannot be read, nothing was kept, or the target is in the way.
    """
    paths = sorted(expand(sources), key=lambda path: kind(path) == DUMP)
    _check_target(out, force)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(mkdtemp(prefix=f".{out.name}.building-", dir=out.parent))
    except OSError as error:
        raise DeltawireError(f"{out} cannot be written: {error}") from error
    staging = Staging(work / "staging.sqlite")
    try:
        _gather(paths, staging, sitelinks, progress)
        made = work / "kb"
        made.mkdir()
        counts = _write(staging, made)
        meta = _describe(made, name or out.stem, paths, licences, staging, counts)
        KnowledgeBase.open(made)
        _replace(out, made, work)
    except OSError as error:
        raise DeltawireError(f"{out} cannot be written: {error}") from error
    finally:
        staging.close()
        shutil.rmtree(work, ignore_errors=True)
    return meta


def expand(sources: Iterable[Path]) -> list[Path]:
    """Every file of the sources; of a folder, those that can be read here, by name.

    Raises:
        DeltawireError: there is no such file, or it is of no known kind.
    """
    found: list[Path] = []
    for source in sources:
        files = sorted(source.iterdir()) if source.is_dir() else [source]
        fit = [path for path in files if kind(path) in ACCEPTED and path.is_file()]
        if not fit:
            raise DeltawireError(
                f"{source}: needs an existing file or a folder of files that end in "
                f"{', '.join(ACCEPTED)}, each with or without .gz or .bz2"
            )
        found += fit
    return list(dict.fromkeys(found))


def total_bytes(sources: Iterable[Path]) -> int:
    """The size of all files of the sources, as they lie on disk."""
    return sum(path.stat().st_size for path in expand(sources))


def _check_target(out: Path, force: bool) -> None:
    """Only a knowledge base is ever replaced."""
    if not out.exists() and not out.is_symlink():
        return
    if out.is_dir() and not any(out.iterdir()):
        return
    if not force:
        raise DeltawireError(f"{out} exists: name another folder, or replace it with --force")
    if out.is_symlink() or not (out / META).is_file():
        raise DeltawireError(f"{out} is no knowledge base, so --force does not replace it")


def _gather(
    paths: Sequence[Path], staging: Staging, sitelinks: int, progress: Progress | None
) -> None:
    tables = [path for path in paths if kind(path) != DUMP]
    for path in paths:
        if kind(path) == DUMP:
            records: Iterator[Record] = wikidata.read_dump(lines(path, progress), sitelinks)
        else:
            records = csv_tables.read_table(path, lines(path, progress))
        for record in records:
            staging.add(record)
        if tables and path == tables[-1]:
            staging.scale()
    staging.settle()


def _write(staging: Staging, folder: Path) -> Counter[str]:
    """The two tables of a knowledge base; what is in them is counted."""
    counts: Counter[str] = Counter()

    def entities() -> Iterator[tuple[str, bytes]]:
        for entity_id, line in staging.entities():
            counts["redirects" if line.startswith(b'"') else "entities"] += 1
            yield entity_id, line

    def names() -> Iterator[tuple[str, bytes]]:
        for key, rows in staging.names():
            counts["keys"] += 1
            counts.update(f"{row.kind}s" for row in rows)
            yield key, orjson.dumps([tuple(row) for row in rows])

    write_table(folder, "entities", staging.ids, entities)
    write_table(folder, "names", staging.keys, names)
    return counts


def write_table(
    folder: Path,
    stem: str,
    keys: Callable[[], Iterable[str]],
    rows: Callable[[], Iterable[tuple[str, bytes]]],
) -> None:
    """Write a ``LineTable``: the keys are read once for the trie, then the lines one by one.

    Raises:
        DeltawireError: there is not one key.
    """
    trie = marisa_trie.Trie(keys())
    if not len(trie):
        raise DeltawireError(f"nothing to build: the sources gave no {stem} that can be kept")
    marisa, starts, jsonl = (folder / f"{stem}{suffix}" for suffix in LineTable.SUFFIXES)
    trie.save(str(marisa))
    offsets = array("Q", bytes(8 * len(trie)))
    with jsonl.open("wb") as file:
        for key, line in rows():
            offsets[trie[key]] = file.tell()
            file.write(line + b"\n")
    if byteorder == "big":
        offsets.byteswap()
    starts.write_bytes(offsets.tobytes())


def _describe(
    folder: Path,
    name: str,
    paths: Sequence[Path],
    licences: Sequence[str],
    staging: Staging,
    counts: Counter[str],
) -> KbMeta:
    """Write ``meta.json``, last."""
    dumped = any(kind(path) == DUMP for path in paths)
    tabled = any(kind(path) != DUMP for path in paths)
    parts = {
        path.name: Part(size=path.stat().st_size, sha256=sha256(path))
        for path in sorted(folder.iterdir())
    }
    meta = KbMeta(
        format=FORMAT,
        name=name,
        built_from=tuple(Source(file=path.name, size=path.stat().st_size) for path in paths),
        licences=(
            *([wikidata.LICENCE] if dumped else []),
            *(licences or ([UNSTATED] if tabled else [])),
        ),
        languages=staging.languages(),
        counts=dict(sorted(counts.items())),
        left_out={reason: n for reason, n in sorted(staging.left_out.items()) if n},
        parts=parts,
    )
    text = orjson.dumps(meta.model_dump(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    (folder / META).write_bytes(text + b"\n")
    return read_meta(folder)


def _replace(out: Path, made: Path, work: Path) -> None:
    """Put the new folder where the old one is. Who has the old one open keeps reading it."""
    old = work / "old"
    if out.exists():
        out.rename(old)
    try:
        made.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
