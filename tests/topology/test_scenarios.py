"""Every scenario in memory: as written, in each other order of arrival, with restarts anywhere."""

import hashlib
from pathlib import Path

import pytest

from schemas.topics import CONTROLS
from streams.app import run_embedded
from streams.archive import Archive, archive_of
from streams.sources import read_sources
from streams.topology import TOPOLOGY
from streams.transports.memory import MemoryBroker
from tests.scenes import QUIET, Clock, differences, lines_of, scenarios

ROOT = Path(__file__).parents[2]
ALL = scenarios()
NAMES = [scenario.stem for scenario in ALL]
END = 30
"""The minute at which everything that was going to fall due has."""


@pytest.mark.parametrize("scenario", ALL, ids=NAMES)
async def test_it_ends_as_the_file_says(scenario):
    assert differences(scenario, await played(scenario, scenario.moves, restarts="none")) == []


@pytest.mark.parametrize("scenario", ALL, ids=NAMES)
async def test_a_restart_between_any_two_steps_goes_unnoticed(scenario):
    """The marked points are among them."""
    calm = await played(scenario, scenario.moves, restarts="none")
    again = await played(scenario, scenario.moves, restarts="all")
    assert differences(scenario, again) == []
    public = {name: lines for name, lines in calm.lines.items() if not name.startswith("deltawire")}
    assert {name: again.lines[name] for name in public} == public


LISTED = [(s, n) for s in ALL for n in range(1, len(s.orders))]


@pytest.mark.parametrize(
    ("scenario", "number"), LISTED, ids=[f"{scenario.stem}-{number}" for scenario, number in LISTED]
)
async def test_another_order_of_arrival_ends_alike(scenario, number):
    archive = await played(scenario, scenario.orders[number], restarts="none")
    assert differences(scenario, archive) == []


def test_the_files_are_sound():
    """Numbers are unique, every file says why, and nothing comes while Kafka's worker is away."""
    assert len(ALL) >= 40
    assert len({scenario.prefix for scenario in ALL}) == len(ALL)
    for scenario in ALL:
        assert len(scenario.why) > 20, scenario.stem
        minutes = [move.at for move in scenario.moves if move.kind != "restart"]
        assert minutes == sorted(minutes), scenario.stem
        assert not set(minutes) & set(QUIET), scenario.stem
        assert max(minutes) < END, scenario.stem


async def test_little_is_kept_of_each_item_of_a_wire():
    """The sample wire, with its versions, holds and kills: the figure in docs/wire.md."""
    items = read_sources([str(ROOT / "seeds" / "wire")])
    feed = [[(i.key, i.value, dict(i.headers), None)] for i in items]
    broker = await run_embedded(TOPOLOGY, feed)
    rows = {m.key: m.value for m in broker.log("deltawire-admit-changelog")}
    sizes = [len(k) + len(v) for k, v in rows.items() if v and k.startswith(b"item:")]
    assert len(sizes) == 80
    assert sum(sizes) / len(sizes) < 100
    assert max(sizes) < 160


async def played(scenario, moves, *, restarts):
    """The archive of a run, with the rows that are left."""
    broker, clock = MemoryBroker(), Clock()
    chunks = [_chunk(scenario, move, clock, broker) for move in moves if move.kind != "restart"]
    chunks.append(_tick(broker, clock))
    if restarts == "none":
        await run_embedded(TOPOLOGY, _each(chunks), broker=broker)
    else:
        for chunk in chunks:
            await run_embedded(TOPOLOGY, _each([chunk]), broker=broker)
    logs = {name: list(log) for name, log in broker.logs().items()}
    archive = archive_of(logs)
    rows = [line for n, log in logs.items() if n.endswith("-changelog") for line in lines_of(log)]
    return Archive({**archive.lines, "rows": tuple(rows)})


def _each(chunks):
    for chunk in chunks:
        yield chunk()


def _chunk(scenario, move, clock, broker):
    def deliver():
        value = move.value(scenario, clock)
        if move.kind == "control":
            key = scenario.spelled(move.given["target"], clock).encode()
            broker.append(CONTROLS.name, key, value, timestamp=clock.at(move.at))
            return []
        key = hashlib.sha256(value).digest()
        return [(key, value, move.headers(scenario), clock.at(move.at))]

    return deliver


def _tick(broker, clock):
    """Time goes on: an order about nothing, long after."""

    def deliver():
        order = b'{"action":"release","target":"nothing","by":"clock"}'
        broker.append(CONTROLS.name, b"nothing", order, timestamp=clock.at(END))
        return []

    return deliver
