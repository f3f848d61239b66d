"""A folder that others write into: what lies there, opened safely, moved away without overwriting.

Whoever may write into the folder is not trusted: a symbolic link is never followed, on any step of
a path, and nothing but a regular file is opened.
"""

import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Literal

from streams.errors import DeltawireError, Rejected

DONE, REJECTED = "done", "rejected"
LOCK = ".deltawire-watch.lock"
MAX_SEEN = 10_000
"""Files that are looked at together; what lies beyond has its turn when these are gone."""
MAX_DEPTH, MAX_NAME, MAX_PATH = 30, 200, 3800
"""Folders in each other, and bytes of names, that leave room for what is added to them."""
TEMPORARY_ENDS = tuple(
    ".part .partial .tmp .temp .filepart .crdownload .download .upload .uploading .incomplete "
    ".inprogress .in-progress .writing .swp .lock ~".split()
)
TEMPORARY_STARTS = (".", "~", "#")
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
Outcome = Literal["done", "rejected"]


class FolderError(DeltawireError):
    """The folder cannot be watched: not there, not writable, or watched already."""


@dataclass(frozen=True, slots=True)
class Print:
    """What changes when a file grows or is replaced."""

    size: int
    changed: int
    inode: int
    kind: int

    @classmethod
    def of(cls, state: os.stat_result) -> "Print":
        """From what ``stat`` says."""
        return cls(state.st_size, state.st_mtime_ns, state.st_ino, stat.S_IFMT(state.st_mode))


def is_temporary(name: str) -> bool:
    """Whether a name says that its sender has not finished."""
    return name.startswith(TEMPORARY_STARTS) or name.lower().endswith(TEMPORARY_ENDS)


class Folder:
    """The folder, with ``done/`` and ``rejected/`` in it.

    Raises:
        FolderError: it is none, or one of the two is a link or a file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock: BufferedWriter | None = None
        self.closed: dict[str, str] = {}
        """Folders inside that could not be read at the last look, and why."""
        if not root.is_dir():
            raise FolderError(f"{root} is no folder")

    def prepare(self) -> None:
        """Make both folders, and be the only one who watches, until it is closed.

        Raises:
            FolderError: they cannot be made or written, or somebody else watches.
        """
        try:
            for name in (DONE, REJECTED):
                place = self.root / name
                if place.is_symlink():
                    raise FolderError(f"{place} is a link: files would leave the folder by it")
                place.mkdir(exist_ok=True)
                trial = place / ".deltawire-trial"
                trial.touch()
                trial.unlink()
            self._lock = (self.root / LOCK).open("ab")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderError(f"{self.root} is watched already by another process") from None
        except OSError as error:
            raise FolderError(f"{self.root} cannot be watched: {error}") from error

    def close(self) -> None:
        """Let others watch."""
        if self._lock is not None:
            self._lock.close()

    def look(self) -> dict[str, Print]:
        """The files that wait, by their path in the folder; at most ``MAX_SEEN``."""
        found: dict[str, Print] = {}
        self.closed = {}
        try:
            for name in self._names(""):
                try:
                    found[name] = Print.of(os.lstat(self.root / name))
                except FileNotFoundError:
                    continue
                if len(found) >= MAX_SEEN:
                    break
        except OSError as error:
            raise FolderError(f"{self.root} cannot be read: {error}") from error
        return found

    def _names(self, inside: str) -> Iterator[str]:
        if inside.count("/") > MAX_DEPTH:
            raise OSError(errno.ELOOP, "too many folders in each other")
        with os.scandir(self.root / inside) as entries:
            for entry in entries:
                name = f"{inside}{entry.name}"
                if is_temporary(entry.name) or name in (DONE, REJECTED):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield name
                    continue
                try:
                    yield from self._names(f"{name}/")
                except FileNotFoundError:
                    continue  # taken away meanwhile
                except OSError as error:
                    self.closed[name] = error.strerror or str(error)

    def open(self, name: str) -> BufferedReader:
        """The file, opened without following a link anywhere below the folder.

        Raises:
            Rejected: ``symlink``, ``not-a-file``, ``unreadable``.
            FileNotFoundError: it is gone.
        """
        with self._parent(name) as (parent, last):
            try:
                if stat.S_ISLNK(os.stat(last, dir_fd=parent, follow_symlinks=False).st_mode):
                    raise Rejected("symlink", "links are not followed")
                # Not to wait for ever should it become a pipe just now.
                file = os.open(last, _FLAGS | os.O_NONBLOCK, dir_fd=parent)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise Rejected("unreadable", error.strerror or str(error)) from error
        stream = os.fdopen(file, "rb")
        if not stat.S_ISREG(os.fstat(file).st_mode):
            stream.close()
            raise Rejected("not-a-file", "a folder, a pipe, a socket or a device")
        return stream

    def look_at(self, name: str) -> Print | None:
        """As it is now; None if it is gone."""
        try:
            return Print.of(os.lstat(self.root / name))
        except OSError:
            return None

    def move(self, name: str, outcome: Outcome, mark: Print | None, reason: bytes = b"") -> Path:
        """Out of the way, under its own path, with a number if that is taken.

        The reason lies beside it before the file does, as ``NAME.reason.json``. A file that took
        its place after ``mark`` comes back: it has not been sent.

        Raises:
            FileNotFoundError: it is gone.
            FolderError: it cannot be moved; it would be taken again and again.
        """
        top = self.root / outcome
        try:
            with self._parent(name) as (parent, last):
                os.stat(last, dir_fd=parent, follow_symlinks=False)
                if top.is_symlink():
                    raise FolderError(f"{top} is a link: files would leave the folder by it")
                target = _free(self._wanted(top, name))
                if reason:
                    with _beside(target).open("xb") as file:
                        file.write(reason)
                os.rename(last, target, src_dir_fd=parent)
            if mark is not None and Print.of(os.lstat(target)) != mark:
                os.rename(target, _free(self.root / name))
        except FileNotFoundError:
            raise
        except OSError as error:
            problem = error.strerror or error
            raise FolderError(f"{self.root / name} cannot be moved to {top}: {problem}") from error
        return target

    def _wanted(self, top: Path, name: str) -> Path:
        """Its own path in ``top``; flat where that is too long, or led by a file or a link."""
        *folders, last = Path(name).parts
        wanted = top.joinpath(*folders, _short(last))
        with suppress(OSError):
            if len(os.fsencode(wanted)) <= MAX_PATH:
                wanted.parent.mkdir(parents=True, exist_ok=True)
                if wanted.parent.resolve() == self.root.resolve().joinpath(top.name, *folders):
                    return wanted
        return top / _short("__".join((*folders, last)))

    @contextmanager
    def _parent(self, name: str) -> Iterator[tuple[int, str]]:
        """The folder that holds the file, reached without a link, and the last part of its name.

        Raises:
            FileNotFoundError: it is gone, or a link has taken its place.
            FolderError: the folder itself cannot be opened.
        """
        *folders, last = Path(name).parts
        try:
            here = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise FolderError(f"{self.root} cannot be read: {error}") from error
        try:
            for part in folders:
                try:
                    inner = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=here)
                except OSError:
                    raise FileNotFoundError(name) from None
                os.close(here)
                here = inner
            yield here, last
        finally:
            os.close(here)


def shown(name: str) -> str:
    """A file's name for people and logs: what cannot be printed is replaced."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _short(name: str) -> str:
    """The name, or its beginning, a hash and its suffix."""
    raw = os.fsencode(name)
    if len(raw) <= MAX_NAME:
        return name
    mark = f"~{hashlib.sha256(raw).hexdigest()[:16]}"
    suffix = os.path.splitext(name)[1]
    suffix = suffix if len(os.fsencode(suffix)) <= 20 else ""
    return os.fsdecode(raw[: MAX_NAME - len(mark) - len(os.fsencode(suffix))]) + mark + suffix


def _free(wanted: Path) -> Path:
    """A path that nobody has, found in few looks: a name may come every minute for a year.

    We are the only one to give such names, by the lock.
    """

    def numbered(number: int) -> Path:
        return wanted.with_name(f"{wanted.stem}.{number}{wanted.suffix}") if number else wanted

    def is_taken(number: int) -> bool:
        path = numbered(number)
        return os.path.lexists(path) or os.path.lexists(_beside(path))

    taken, free = -1, 0
    while is_taken(free):
        taken, free = free, 2 * free + 1
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if is_taken(middle) else (taken, middle)
    return numbered(free)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.reason.json")
