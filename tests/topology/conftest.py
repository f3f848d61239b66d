"""A small pipeline over the real topics: split (fan-out), count (rows), judge (rejections)."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.article import NORMALIZED as NORMALIZED_UNION
from schemas.article import Article, Due, Provenance, RawPosition, Source
from schemas.enriched import EnrichedArticle
from schemas.tagged import TaggedArticle
from schemas.topics import NORMALIZED, RAW, TAGGED
from streams.errors import Rejected
from streams.step import Delivered, Outcome, State
from streams.topology import Stage
from streams.transports.broker import MemoryBroker
from streams.transports.memory import Transport

T0 = datetime(2024, 5, 1, tzinfo=UTC)
Row = tuple[bytes | None, bytes | None, dict[str, bytes], datetime | None]


def article(word: str, message: Delivered) -> Article:
    place = RawPosition(topic=message.topic, partition=message.partition, offset=message.offset)
    origin = Provenance(origin="-", format="words", raw=place, sha256="0")
    time = message.at if message.at.year > 1970 else None
    return Article(
        item_id=word,
        title=word,
        published_at=time,
        source=Source(name="s"),
        provenance=origin,
    )


class Split:
    """One article per word; a word that begins with '!' is refused; 'bug' is our mistake."""

    def __call__(self, state: State, message: Delivered) -> Outcome:
        words = (message.value or b"").decode().split()
        if not words:
            raise Rejected("empty", "no words")
        if "bug" in words:
            raise ZeroDivisionError("a bug")
        good = tuple(article(w, message) for w in words if not w.startswith("!"))
        bad = tuple(Rejected("shout", w, item_id=w[1:]) for w in words if w.startswith("!"))
        return Outcome(outputs=good, refusals=bad)

    def observe(self, key: str, value: Any) -> None:
        raise AssertionError("keeps no rows")


class Count:
    """Numbers the articles of one item; a due notice deletes its row. Keeps a copy of the rows."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []
        self.known: dict[str, int] = {}
        self.times: dict[str, datetime] = {}

    def __call__(self, state: State, message: Delivered) -> Outcome:
        record = NORMALIZED_UNION.validate_json(message.value or b"")
        if isinstance(record, Due):
            return Outcome(puts=((record.item_id, None),))
        assert self.known == {key: state[key]["n"] for key in state}
        count = state.get(record.item_id, {"n": 0})["n"] + 1
        tagged = TaggedArticle(article=record, version=1, decision=count, at=message.at)
        return Outcome((tagged,), ((record.item_id, {"n": count, "at": message.at.isoformat()}),))

    def observe(self, key: str, value: Any) -> None:
        self.seen.append((key, value))
        self.known.pop(key, None)
        self.times.pop(key, None)
        if value is not None:
            self.known[key] = value["n"]
            self.times[key] = datetime.fromisoformat(value["at"]) + timedelta(days=10)

    def due(self, now: datetime) -> list[Due]:
        """Every row is due ten days after it was written."""
        return [Due(item_id=k, due_at=t) for k, t in sorted(self.times.items()) if t <= now]


class Judge:
    """Passes articles on, but 'poison'."""

    def __call__(self, state: State, message: Delivered) -> Outcome:
        tagged = TaggedArticle.from_bytes(message.value or b"")
        item_id = tagged.article.item_id
        if item_id == "poison":
            raise Rejected("poisoned", "a bad item", item_id=item_id, version=tagged.version)
        if item_id == "bad-retraction":
            raise Rejected("unreadable", item_id=item_id)
        fields = {"version": 1, "decision": tagged.decision, "status": "usable"}
        return Outcome((EnrichedArticle(item_id=item_id, at=message.at, space="world", **fields),))

    def observe(self, key: str, value: Any) -> None:
        raise AssertionError("keeps no rows")


@pytest.fixture
def counts() -> list[Count]:
    """Every counting step that a run makes."""
    return []


@pytest.fixture
def stages(counts: list[Count]) -> tuple[Stage, ...]:
    def counting() -> Count:
        counts.append(Count())
        return counts[-1]

    return (
        Stage("split", RAW, Split),
        Stage("count", NORMALIZED, counting, table=True),
        Stage("judge", TAGGED, Judge, never_bury=lambda m: b"bad-retraction" in (m.value or b"")),
    )


@pytest.fixture
def words() -> Callable[..., list[Row]]:
    """A chunk: one raw message per text, an hour apart."""

    def chunk(*texts: str, start: datetime | None = T0) -> list[Row]:
        hours = [None if start is None else start + timedelta(hours=n) for n in range(len(texts))]
        return [
            (text.encode(), text.encode(), {"origin": b"-"}, hour)
            for text, hour in zip(texts, hours, strict=True)
        ]

    return chunk


@pytest.fixture
def values() -> Callable[[MemoryBroker, str], list[bytes | None]]:
    def of(broker: MemoryBroker, topic: str) -> list[bytes | None]:
        return [message.value for message in broker.log(topic)]

    return of


@pytest.fixture
def jitter(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes every send pause a random number of times, before and after it appends."""
    plain = Transport.Producer.send

    def start(seed: int) -> None:
        chance = random.Random(seed)

        async def pauses() -> None:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)

        async def send(self: Any, *args: Any, **kwargs: Any) -> Any:
            await pauses()
            acked = await plain(self, *args, **kwargs)

            async def late() -> Any:
                await pauses()
                return await acked

            return late()

        monkeypatch.setattr(Transport.Producer, "send", send)

    return start
