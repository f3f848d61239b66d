"""What is remembered of each feed across restarts, and when it is asked next."""

import fcntl
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BufferedWriter
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from yarl import URL

from streams.errors import DeltawireError
from streams.intake.fetch import checked_url
from streams.intake.unpack import FetchError
from streams.worker.files import replace

DAY = 86_400.0
MAX_STATE = 1 << 20
Result = Literal["new", "same", "failed"]
log = structlog.get_logger()


class FeedError(DeltawireError):
    """A feed was named wrongly, or nothing can be remembered."""


@dataclass(frozen=True, slots=True)
class Feed:
    """An address as it was given, perhaps with a login, and the name of its source."""

    url: URL
    source: str

    @property
    def name(self) -> str:
        """For logs and as identity: without a login."""
        return str(self.url.with_user(None))


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two requests for one feed: at first the least, then by what came."""

    least: float = 60.0
    most: float = 3600.0

    def after(self, interval: float, result: Result) -> float:
        """Half as long when something new came; longer when nothing did, or no answer."""
        factor = {"new": 0.5, "same": 1.5, "failed": 2.0}[result]
        return min(self.most, max(self.least, interval * factor))


class FeedState(BaseModel):
    """One feed, as it is kept in a file. Times are seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    feed: str
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    entries: tuple[str, ...] = ()
    interval: float = Field(0.0, ge=0, allow_inf_nan=False)
    next_at: float = Field(0.0, allow_inf_nan=False)
    not_before: float = Field(0.0, allow_inf_nan=False)
    asked: int = 0
    failures: int = 0
    gone: bool = False


class FeedStore:
    """A file for each feed in the data folder; one process at a time. Without a folder: nothing.

    Raises:
        FeedError: the folder cannot be used, or another process uses it.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock: BufferedWriter | None = None
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / "lock").open("ab")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            problem = "another 'deltawire poll' remembers its feeds there"
            raise FeedError(f"{folder}: {problem}; name another folder with --data") from None
        except OSError as error:
            raise FeedError(f"cannot remember feeds in {folder}: {error}; see --data") from error

    def close(self) -> None:
        """Let others use the folder."""
        if self._lock is not None:
            self._lock.close()

    def read(self, feed: Feed) -> FeedState:
        """What is remembered; nothing if the file is damaged."""
        path = self._path(feed.name)
        if path is not None and path.exists():
            try:
                return FeedState.model_validate_json(path.read_bytes())
            except (OSError, ValidationError) as error:
                log.warning("feed.forgotten", feed=feed.name, error=str(error)[:200])
        return FeedState(feed=feed.name)

    def write(self, state: FeedState) -> None:
        """Make it last, as a whole.

        Raises:
            FeedError: it cannot be written.
        """
        path = self._path(state.feed)
        try:
            if path is not None:
                replace(path, state.model_dump_json(indent=1).encode())
        except OSError as error:
            raise FeedError(f"cannot remember a feed in {path}: {error}") from error

    def _path(self, name: str) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def feeds_of(arguments: Iterable[str], file: Path | None, source: str | None) -> list[Feed]:
    """The feeds that were named, each once.

    Args:
        file: an address a line, and after a space the name of its source; ``#`` begins a remark.

    Raises:
        FeedError: an address is none, or holds a login where every user of the machine sees it.
    """
    found = [_feed(argument, source, bare=True) for argument in arguments]
    try:
        lines = file.read_text().splitlines() if file else []
    except (OSError, UnicodeDecodeError) as error:
        raise FeedError(f"--feeds {file}: {error}") from error
    for line in lines:
        if (words := line.strip()) and not words.startswith("#"):
            url, _, name = words.partition(" ")
            found.append(_feed(url, name.strip() or source, bare=False))
    if not found:
        raise FeedError("no feed: name addresses, or a file of them with --feeds")
    return list({feed.name: feed for feed in found}.values())


def _feed(text: str, source: str | None, *, bare: bool) -> Feed:
    try:
        url = checked_url(text)
    except FetchError as error:
        raise FeedError(f"FEED {text!r}: {error.detail}") from None
    if bare and url.user is not None:
        hint = "a login in a command is seen by every user of the machine; put it into --feeds FILE"
        raise FeedError(f"FEED {url.with_user(None)}: {hint}")
    return Feed(url, source or (url.host or "").removeprefix("www."))


def spread(name: str, count: int) -> float:
    """From 0.9 to 1.1: keeps feeds from all being asked at once, and is the same in every run."""
    number = int.from_bytes(hashlib.sha256(f"{name} {count}".encode()).digest()[:4])
    return 0.9 + 0.2 * number / 0xFFFFFFFF


def seconds_of(retry_after: str, now: float) -> float:
    """What ``Retry-After`` asks for, in seconds from now, at most a day; 0 if it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(DAY, float(text[:9]))
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(DAY, max(0.0, (at - datetime.fromtimestamp(now, UTC)).total_seconds()))
