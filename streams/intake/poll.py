"""Feeds as a way in: asked with validators, at an interval that follows what they bring.

A document is sent as it came, when it has entries that were not seen before. It is remembered only
when the broker has it, so that a crash sends it again and loses nothing.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import time

import structlog

from streams.intake.entries import entries_of, remembered
from streams.intake.feeds import DAY, Feed, FeedState, FeedStore, Pace, Result, seconds_of, spread
from streams.intake.fetch import Document, Fetcher, checked_url
from streams.intake.formats import hint_for
from streams.intake.together import together
from streams.intake.unpack import FetchError
from streams.kafka.publish import Outlet, deliver
from streams.sources import raw_item

AT_ONCE = 16
"""Feeds that are asked at the same time; with the limit of a document this bounds the memory."""
log = structlog.get_logger()


@dataclass(slots=True)
class PollTally:
    """What a run did."""

    asked: int = 0
    sent: int = 0
    bytes: int = 0
    unchanged: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    stopped: bool = False


class Poll:
    """Asks feeds.

    Args:
        clock: seconds since 1970, since what is remembered outlives this process.
        again: ask also the feeds that were gone.
        per_host: feeds of one host that are asked at the same time.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        store: FeedStore,
        outlet: Outlet,
        *,
        pace: Pace | None = None,
        space: str = "world",
        again: bool = False,
        per_host: int = 1,
        clock: Callable[[], float] = time,
        stop: asyncio.Event | None = None,
        tally: PollTally | None = None,
    ) -> None:
        self.tally = tally or PollTally()
        self._fetcher, self._store, self._outlet = fetcher, store, outlet
        self._pace, self._space, self._again, self._clock = pace or Pace(), space, again, clock
        self._stop = stop or asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        # Feeds of one host wait for each other out here, not where they would fill the room.
        self._per_host = per_host
        self._queues: dict[str, asyncio.Semaphore] = {}

    async def run(self, feeds: Sequence[Feed], *, once: bool = False) -> None:
        """Until it is stopped or all feeds are gone; with ``once`` each is asked once, now.

        Raises:
            FeedError: nothing can be remembered.
            ProduceError, BrokerAwayError: as of ``deliver``; the document is fetched again later.
        """
        await together(self._once if once else self._keep, feeds)
        self.tally.stopped = self._stop.is_set()

    async def _once(self, feed: Feed) -> None:
        state = self._recall(feed)
        if not state.gone and state.not_before <= self._clock():
            await self.ask(feed, state)

    async def _keep(self, feed: Feed) -> None:
        state = self._recall(feed)
        while not state.gone and not self._stop.is_set():
            # A clock that was set back must not silence a feed for longer than an interval.
            most = DAY if state.not_before else self._pace.most * 1.1
            wait = min(most, state.next_at - self._clock())
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), max(0.0, wait))
            if not self._stop.is_set():
                state = await self.ask(feed, state)

    def _recall(self, feed: Feed) -> FeedState:
        state = self._store.read(feed)
        if state.gone and self._again:
            return state.model_copy(update={"gone": False, "moved_to": ""})
        if state.gone:
            log.warning("feed.gone", feed=feed.name, hint="--again asks it once more")
            self.tally.reasons["gone"] += 1
        return state

    async def ask(self, feed: Feed, state: FeedState) -> FeedState:
        """One request, and what is remembered after it."""
        queue = self._queues.setdefault(feed.url.host or "", asyncio.Semaphore(self._per_host))
        async with queue, self._room:
            if self._stop.is_set():
                return state
            self.tally.asked += 1
            try:
                document = await self._fetch(feed, state)
                if document is None:
                    return state
                after = await self._take(feed, state, document)
            except FetchError as error:
                after = self._failed(feed, state, error)
        self._store.write(after)
        return after

    async def _fetch(self, feed: Feed, state: FeedState) -> Document | None:
        """None if the run is stopped meanwhile: what comes then is asked for next time."""
        url = checked_url(state.moved_to) if state.moved_to else feed.url
        asking = asyncio.create_task(
            self._fetcher.fetch(url, etag=state.etag, last_modified=state.last_modified)
        )
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            for task in (asking, stopping):
                task.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)

    async def _take(self, feed: Feed, state: FeedState, document: Document) -> FeedState:
        body, changes = document.body, self._moved(feed, state, document)
        if body is None:
            return self._after(state, "same", changes)
        if not body.strip():
            raise FetchError("empty", "no bytes")
        digest, entries = hashlib.sha256(body).hexdigest(), entries_of(body)
        known = bool(entries) and set(entries) <= set(state.entries)
        changes |= {"etag": document.etag, "last_modified": document.last_modified}
        if digest == state.digest or known:
            return self._after(state, "same", changes | {"digest": digest})
        headers = {"space": self._space, "source": feed.source, "origin": str(document.url)}
        if hint := hint_for(document.content_type, body):
            headers["format"] = hint
        (receipt,) = await deliver(self._outlet, [raw_item(body, headers)])
        new = len(set(entries) - set(state.entries))
        self.tally.sent += 1
        self.tally.bytes += len(body)
        place = f"{receipt.partition}/{receipt.offset}"
        log.info("feed.sent", feed=feed.name, bytes=len(body), entries_new=new, place=place)
        kept = tuple(remembered(entries, state.entries))
        return self._after(state, "new", changes | {"digest": digest, "entries": kept})

    def _moved(self, feed: Feed, state: FeedState, document: Document) -> dict[str, object]:
        """A feed with a login stays: the login is not for another host."""
        if document.moved is None or feed.url.user is not None:
            return {}
        log.warning("feed.moved", feed=feed.name, to=str(document.moved))
        return {"moved_to": str(document.moved)}

    def _failed(self, feed: Feed, state: FeedState, error: FetchError) -> FeedState:
        self.tally.failed += 1
        self.tally.reasons[error.reason] += 1
        failures = state.failures + 1
        what = {"feed": feed.name, "reason": error.reason, "detail": error.detail}
        log.warning("feed.failed", **what, in_a_row=failures)
        hold = seconds_of(error.retry_after, self._clock())
        # An address that a feed has moved to and that fails for long: ask the first one again.
        lost = {"moved_to": ""} if state.moved_to and failures % 5 == 0 else {}
        changes = {"failures": failures, "gone": error.reason == "gone", **lost}
        return self._after(state, "failed", changes, hold)

    def _after(
        self, state: FeedState, result: Result, changes: dict[str, object], hold: float = 0.0
    ) -> FeedState:
        if result == "same":
            self.tally.unchanged += 1
        now, interval = self._clock(), self._pace.after(state.interval or self._pace.least, result)
        wait = interval * spread(state.feed, state.asked)
        times = {
            "interval": interval,
            "next_at": now + max(wait, hold),
            "not_before": now + hold if hold else 0.0,
            "asked": state.asked + 1,
        }
        return state.model_copy(update={"failures": 0, **times, **changes})
