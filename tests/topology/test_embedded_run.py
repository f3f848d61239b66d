"""The embedded run: the same logs every time, nothing lost, nothing passed over."""

import asyncio
import hashlib
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

import orjson
import pytest

from schemas.fate import ItemFate
from schemas.tagged import TaggedArticle
from schemas.topics import ENRICHED, FATES, NORMALIZED, RAW, TAGGED
from streams.app import run_embedded
from streams.step import Outcome
from streams.topology import Stage
from streams.transports.broker import MemoryBroker
from streams.transports.memory import Transport

GROUP = "deltawire"
T0 = datetime(2024, 5, 1, tzinfo=UTC)
VOCABULARY = ("flood", "quake", "vote", "strike", "poison", "bug", "!loud", "trial", "")


def texts(seed, count):
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=3)) for _ in range(count)]


def dump(broker):
    return {topic: list(log) for topic, log in broker.logs().items()}


def without_traces(logs):
    """Stack traces name lines of the test's own wrappers, so they are left out."""
    for log in logs.values():
        for message in log:
            message.headers.pop("__connect.errors.exception.stacktrace", None)
    return logs


def committed(broker, topic):
    group = broker.committed.get(GROUP, {})
    return sum(offset for tp, offset in group.items() if tp[0] == topic.name)


async def test_two_runs_give_the_same_bytes_whatever_the_pauses(stages, words, jitter):
    """Replay is proof only if the machine's speed cannot show in any log."""
    chunks = [words(*texts(n, 40)) for n in range(4)]
    plain = without_traces(dump(await run_embedded(stages, chunks)))
    assert len(plain[TAGGED.name]) > 100
    assert plain["deltawire-count-changelog"]
    again = without_traces(dump(await run_embedded(stages, chunks)))
    assert again == plain
    for seed in range(3):
        jitter(seed)
        assert without_traces(dump(await run_embedded(stages, chunks))) == plain


async def test_chunks_do_not_change_what_the_last_stage_saw_of_one_item(stages, words, values):
    """Order by item must not depend on how the feeder cuts its input."""
    rows = words(*texts(7, 60))
    whole = await run_embedded(stages, [rows])
    ones = await run_embedded(stages, [[row] for row in rows])
    records = [map(orjson.loads, values(broker, ENRICHED.name)) for broker in (whole, ones)]
    first, second = (sorted((r["item_id"], r["decision"]) for r in some) for some in records)
    assert first == second


async def test_a_batch_sees_its_own_rows(stages, words, values):
    """All of one chunk is decided before any row is written."""
    broker = await run_embedded(stages, [words("flood flood", "flood", "flood")])
    numbers = [TaggedArticle.from_bytes(v).decision for v in values(broker, TAGGED.name)]
    assert numbers == [1, 2, 3, 4]


async def test_rejected_is_buried_with_its_bytes_key_headers_and_a_fate(stages, words, values):
    broker = await run_embedded(stages, [words("flood", "poison", "quake")])
    (dead,) = broker.log(TAGGED.dead)
    (source,) = [m for m in broker.log(TAGGED.name) if b"poison" in m.value]
    assert (dead.key, dead.value) == (source.key, source.value)
    errors = {k.removeprefix("__connect.errors."): v.decode() for k, v in dead.headers.items()}
    assert errors == {
        "topic": TAGGED.name,
        "partition": "0",
        "offset": str(source.offset),
        "stage": "judge",
        "reason": "poisoned",
        "exception.class.name": "streams.errors.Rejected",
        "exception.message": "poisoned: a bad item",
    }
    (fate,) = map(ItemFate.from_bytes, values(broker, FATES.name))
    assert (fate.item_id, fate.fate, fate.reason) == ("poison", "rejected", "poisoned")
    assert (fate.version, fate.stage, fate.at) == (1, "judge", source.at)
    assert len(values(broker, ENRICHED.name)) == 2


async def test_a_bug_is_buried_with_its_trace_and_neighbours_pass(stages, words, values):
    broker = await run_embedded(stages, [words("flood", "a bug", "quake")])
    (dead,) = broker.log(RAW.dead)
    assert dead.value == b"a bug"
    assert dead.headers["origin"] == b"-"
    assert b"ZeroDivisionError" in dead.headers["__connect.errors.exception.stacktrace"]
    (fate,) = map(ItemFate.from_bytes, values(broker, FATES.name))
    digest = hashlib.sha256(b"a bug").hexdigest()[:16]
    assert (fate.item_id, fate.fate, fate.reason) == (f"sha256:{digest}", "buried", "bug")
    assert fate.origin == "-"
    assert len(values(broker, ENRICHED.name)) == 2


async def test_refused_parts_are_buried_once_with_a_fate_each(stages, words, values):
    """The bytes can be driven again only as a whole; each part still needs its fate."""
    broker = await run_embedded(stages, [words("flood !loud !shrill")])
    assert values(broker, RAW.dead) == [b"flood !loud !shrill"]
    fates = [ItemFate.from_bytes(v) for v in values(broker, FATES.name)]
    assert [(f.item_id, f.reason) for f in fates] == [("loud", "shout"), ("shrill", "shout")]
    assert len(values(broker, ENRICHED.name)) == 1


async def test_a_letter_driven_again_loses_the_marks_of_its_first_burial(stages, words):
    broker = await run_embedded(stages, [words("")])
    (dead,) = broker.log(RAW.dead)
    again = [(dead.key, dead.value, dict(dead.headers), None)]
    broker = await run_embedded(stages, [again], broker=broker)
    _, second = broker.log(RAW.dead)
    assert second.headers.keys() == dead.headers.keys()
    assert second.headers["__connect.errors.offset"] == b"1"


async def test_a_new_app_recovers_rows_and_goes_on_at_the_committed_offset(
    stages, counts, words, values
):
    broker = await run_embedded(stages, [words("flood quake vote", "flood")])
    assert committed(broker, RAW) == 2
    rows = dict(counts[-1].known)
    await run_embedded(stages, [words("flood", "strike")], broker=broker)
    recovered = counts[-1].seen[: len(rows)]
    assert [(key, row["n"]) for key, row in recovered] == sorted(rows.items())
    numbers = [TaggedArticle.from_bytes(v) for v in values(broker, TAGGED.name)]
    assert [t.decision for t in numbers if t.article.item_id == "flood"] == [1, 2, 3]
    assert committed(broker, RAW) == 4
    assert len(values(broker, NORMALIZED.name)) == 6


async def test_a_deleted_row_stays_deleted_after_recovery(stages, counts, words):
    old, new = words("flood"), words("quake", start=words("x")[0][3] + timedelta(days=30))
    broker = await run_embedded(stages, [old, new])
    await run_embedded(stages, [], broker=broker)
    assert counts[-1].known == {"quake": 1}


async def test_a_failing_send_stops_the_run_with_nothing_committed(stages, words, monkeypatch):
    """What was not delivered must be done again, so nothing may be acked past it."""
    plain = MemoryBroker.append

    def append(self, topic, *args, **kwargs):
        if topic == NORMALIZED.name:
            raise ConnectionError("no room")
        return plain(self, topic, *args, **kwargs)

    monkeypatch.setattr(MemoryBroker, "append", append)
    broker = MemoryBroker()
    with pytest.raises(ConnectionError, match="no room"):
        await run_embedded(stages, [words("flood", "quake")], broker=broker)
    assert committed(broker, RAW) == 0
    monkeypatch.undo()
    await run_embedded(stages, [[]], broker=broker)
    assert len(list(broker.log(ENRICHED.name))) == 2


async def test_what_may_not_be_buried_stops_the_run(stages, words):
    """A retraction that fails would leave a killed text standing."""
    broker = MemoryBroker()
    with pytest.raises(Exception, match="unreadable"):
        await run_embedded(stages, [words("bad-retraction")], broker=broker)
    assert list(broker.log(TAGGED.dead)) == []
    assert committed(broker, TAGGED) == 0


async def test_a_row_that_cannot_be_observed_stops_the_start(stages, counts, words, monkeypatch):
    broker = await run_embedded(stages, [words("flood")])
    monkeypatch.setattr(type(counts[-1]), "observe", lambda self, key, value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await run_embedded(stages, [words("quake")], broker=broker)


async def test_cancelled_in_the_middle_of_a_message_it_is_not_acked(stages, words, monkeypatch):
    sending = asyncio.Event()

    async def send(self, *args, **kwargs):
        sending.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Transport.Producer, "send", send)
    broker = MemoryBroker()
    run = asyncio.create_task(run_embedded(stages, [words("flood")], broker=broker))
    await sending.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert committed(broker, RAW) == 0


async def test_what_falls_due_is_published_once_when_the_log_time_is_there(stages, words, values):
    first = words("flood", "quake")
    later = words("vote", start=first[0][3] + timedelta(days=20))
    broker = await run_embedded(stages, [first, later])
    notices = [v for v in values(broker, NORMALIZED.name) if b'"kind":"due"' in v]
    assert [orjson.loads(v)["item_id"] for v in notices] == ["flood", "quake"]


async def test_stop_finishes_the_chunk_at_work(stages, words, values):
    stop, fed = asyncio.Event(), []

    def progress(count):
        fed.append(count)
        stop.set()

    chunks = [words("flood"), words("quake"), words("vote")]
    broker = await run_embedded(stages, chunks, on_progress=progress, stop=stop)
    assert fed == [1]
    assert len(values(broker, ENRICHED.name)) == 1


async def test_chunks_may_come_over_time(stages, words, values):
    async def feed():
        for text in ("flood", "quake"):
            await asyncio.sleep(0)
            yield words(text)

    broker = await run_embedded(stages, feed())
    assert len(values(broker, ENRICHED.name)) == 2


async def test_two_stages_may_not_share_a_source(stages):
    with pytest.raises(ValueError, match="source of its own"):
        await run_embedded((stages[0], stages[0]), [])


class Watch:
    """Notes what it sees; passes it on as a fate, and keeps one row per message if asked."""

    def __init__(self, name, seen, rows=False):
        self.name, self.seen, self.rows = name, seen, rows

    def __call__(self, state, message):
        self.seen.append((self.name, message.partition, message.offset))
        fate = ItemFate(item_id=message.key.decode(), version=1, fate="held", stage="w", at=T0)
        puts = ((f"row of {message.key.decode()}", {}),) if self.rows else ()
        return Outcome((fate,) if self.name == "first" else (), puts)

    def observe(self, key, value):
        self.seen.append(("row", key, value))


def watching(seen, rows=False):
    return (
        Stage("first", RAW, lambda: Watch("first", seen, rows), table=rows),
        Stage("second", FATES, lambda: Watch("second", seen)),
    )


async def test_changes_lie_in_the_partition_of_the_message_that_caused_them(words):
    """Else a worker that takes over a partition would not find its rows."""
    broker = await run_embedded(watching([], rows=True), [words(*texts(3, 12))])
    home = {b"row of " + m.key: m.partition for m in broker.log(RAW.name)}
    rows = {m.key: m.partition for m in broker.log("deltawire-first-changelog")}
    assert rows == home
    assert len(set(rows.values())) > 1


async def test_the_deepest_stage_works_first(words):
    """So that little lies between the stages, however much is fed."""
    seen = []
    await run_embedded(watching(seen), [words(*["one key"] * 100)])
    runs = [(name, len(list(group))) for name, group in groupby(name for name, *_ in seen)]
    assert runs == [("first", 32), ("second", 32)] * 3 + [("first", 4), ("second", 4)]


async def test_a_delivery_keeps_the_order_of_the_log_over_partitions(words):
    seen = []
    broker = await run_embedded(watching(seen), [words(*map(str, range(30)))])
    log = [("first", m.partition, m.offset) for m in broker.log(RAW.name)]
    assert [place for place in seen if place[0] == "first"] == log
    assert len({partition for _, partition, _ in log}) > 1


async def test_what_waits_at_a_restart_is_seen_once_and_after_all_rows(words):
    """Faust resumes the sources a moment before it seeks them to the committed offsets."""
    seen = []
    broker = await run_embedded(watching(seen, rows=True), [words(*map(str, range(90)))])
    for key, value, _, time in words(*map(str, range(90, 120))):
        broker.append(RAW.name, key, value, timestamp=time)
    seen.clear()
    await run_embedded(watching(seen, rows=True), [[]], broker=broker)
    recovered, rest = seen[:90], [place for place in seen[90:] if place[0] == "first"]
    assert [key for _, key, _ in recovered] == sorted(f"row of {n}" for n in range(90))
    assert rest == [("first", m.partition, m.offset) for m in broker.log(RAW.name)][90:]


async def test_a_notice_that_nobody_obeys_is_published_once_a_chunk(words, values):
    notice = ItemFate(item_id="n", version=1, fate="held", stage="due", at=T0)
    first, second = watching([])

    class Nagging(Watch):
        def due(self, now):
            return [notice]

    stages = (replace(first, step=lambda: Nagging("first", [])), second)
    broker = await run_embedded(stages, [words("a"), words("b")])
    assert values(broker, FATES.name).count(notice.to_bytes()) == 2


def test_a_run_is_silent_and_leaves_the_root_logger_alone():
    program = (
        "import asyncio, logging\n"
        "from streams.app import run_embedded\n"
        "from streams.topology import Stage\n"
        "from streams.step import Outcome\n"
        "from schemas.topics import RAW\n"
        "class Nothing:\n"
        "    def __call__(self, state, message): return Outcome()\n"
        "    def observe(self, key, value): ...\n"
        "before = logging.getLogger().handlers[:], logging.getLogger().level\n"
        "asyncio.run(run_embedded((Stage('a', RAW, Nothing),), [[(b'k', b'v', {}, None)]]))\n"
        "assert before == (logging.getLogger().handlers, logging.getLogger().level)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
