"""Lines of files that may be huge, compressed or hostile: one at a time, each of bounded length."""

import bz2
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from streams.errors import DeltawireError

MAX_LINE = 64 << 20  # bytes; the longest items of Wikidata have a few megabytes
COMPRESSED = {".gz", ".bz2"}
BOM = b"\xef\xbb\xbf"
EVERY = 1 << 20  # bytes of the file between two reports of progress

Progress = Callable[[int], None]


def kind(path: Path) -> str:
    """The suffix that tells what a file holds: ``.tsv`` for ``names.tsv.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def lines(
    path: Path, progress: Progress | None = None, limit: int = MAX_LINE
) -> Iterator[bytes | None]:
    """Each line of a file without its end, or None for one that is too long.

    Args:
        progress: told from time to time how many bytes of the file were read since the last time.

    Raises:
        DeltawireError: the file cannot be read, or a compressed one is damaged or ends early.
    """
    told = 0
    try:
        with path.open("rb") as raw, _unpacked(path, raw) as file:
            first = True
            while line := file.readline(limit + 1):
                done = raw.tell()
                if progress and done - told >= EVERY:
                    progress(done - told)
                    told = done
                if len(line) > limit:
                    while not line.endswith(b"\n") and (line := file.readline(EVERY)):
                        pass
                    yield None
                else:
                    yield line.removeprefix(BOM if first else b"").rstrip(b"\r\n")
                first = False
            if progress:
                progress(raw.tell() - told)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DeltawireError(f"{path} is damaged, fetch it again: {error}") from error
    except OSError as error:
        raise DeltawireError(f"{path} cannot be read: {error}") from error


def _unpacked(path: Path, raw: IO[bytes]) -> IO[bytes]:
    match path.suffix.lower():
        case ".gz":
            return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
        case ".bz2":
            return cast(IO[bytes], bz2.BZ2File(raw))
        case _:
            return raw
