"""Scenarios in plain files: what comes in, and what must stand at the end.

``tests/scenarios/README.md`` says how a file is written. ``~`` before a name stands for the
scenario's own prefix, so that all of them can be played side by side; ``T+3`` for its third minute.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from schemas.events import EventState
from streams.archive import Archive
from streams.doctor import examine
from streams.events.store.rows import event_ids
from streams.kills import unresolved
from streams.view import View

FOLDER = Path(__file__).parent / "scenarios"
START = datetime(2031, 3, 3, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUIET = range(6, 11)
"""Minutes in which nothing may come: there the run on Kafka kills its worker and starts another."""
EXPECTED = tuple("fates notes events shown gone unpublished hidden retracted waiting".split())
KEYS = {"title", "why", "orders", "step", *EXPECTED}
_NAME = re.compile(r"~(?=\w)")
_EVENT = re.compile(r"event:([\w-]+)")
_TIME = re.compile(r"T\+(\d+)")


@dataclass(frozen=True)
class Clock:
    """What minute 0 is, and how long a minute takes."""

    start: datetime = START
    minute: timedelta = MINUTE

    def at(self, minute: float) -> datetime:
        return self.start + self.minute * minute

    def stamp(self, minute: float) -> str:
        return self.at(minute).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Move:
    """One thing that happens: an item or an order comes, or the process ends and another starts."""

    kind: str
    at: int
    given: Any

    def value(self, scenario: "Scenario", clock: Clock) -> bytes:
        """The bytes that are sent."""
        given = self.given
        if isinstance(given, str):
            return scenario.spelled(given, clock).encode()
        stamp = "given_at" if self.kind == "control" else "published_at"
        given = {stamp: f"T+{self.at}"} | given
        if self.kind == "control" and given["action"] in ("merge", "split"):
            given["space"] = scenario.space
        return scenario.spelled(json.dumps(given, ensure_ascii=False), clock).encode()

    def headers(self, scenario: "Scenario") -> dict[str, bytes]:
        """As a producer would set them."""
        place = scenario.moves.index(self)
        return {"origin": f"{scenario.prefix}{place}".encode(), "space": scenario.space.encode()}


class Scenario:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.stem = path.stem
        self.facts: dict[str, Any] = tomllib.loads(path.read_text())
        assert self.facts.keys() <= KEYS, (path.name, self.facts.keys() - KEYS)
        self.title: str = self.facts["title"]
        self.why: str = self.facts["why"]
        self.prefix = f"s{path.stem[:2]}-"
        self.space = f"space-{path.stem[:2]}"
        self.moves = tuple(map(_move, self.facts["step"]))

    @property
    def orders(self) -> list[list[Move]]:
        """Each order of arrival: as written, and those listed."""
        arrivals = [move for move in self.moves if move.kind != "restart"]
        listed = [[arrivals[n - 1] for n in order] for order in self.facts.get("orders", ())]
        return [list(self.moves), *listed]

    def spelled(self, text: str, clock: Clock) -> str:
        named = _NAME.sub(self.prefix, text)
        named = _EVENT.sub(lambda found: next(event_ids(self.space, found[1])), named)
        return _TIME.sub(lambda found: clock.stamp(int(found[1])), named)

    @cached_property
    def expected(self) -> dict[str, Any]:
        """What must stand at the end, names spelled out."""
        part = {name: self.facts[name] for name in EXPECTED if name in self.facts}
        whole: dict[str, Any] = json.loads(_NAME.sub(self.prefix, json.dumps(part)))
        return whole


def scenarios() -> list[Scenario]:
    return [Scenario(path) for path in sorted(FOLDER.glob("*.toml"))]


def _move(step: Mapping[str, Any]) -> Move:
    (kind,) = step.keys() & {"item", "bytes", "control", "restart"}
    return Move("item" if kind == "bytes" else kind, step.get("at", 0), step[kind])


def differences(scenario: Scenario, archive: Archive) -> list[str]:
    """What does not stand as the file says; nothing if all does."""
    view = View.of(archive)
    own = Own(scenario, view)
    return [
        *_fates(scenario, view, own),
        *_events(scenario, own),
        *_shown(scenario, view),
        *_words(scenario, archive, own),
        *_waiting(scenario, archive),
        *(f"doctor: {f.check}: {f.detail}" for f in examine(archive) if f.level == "fault"),
    ]


class Own:
    """The scenario's part of what stands; others may stand beside it."""

    def __init__(self, scenario: Scenario, view: View) -> None:
        self.fates = {
            f"{item} {version}": fate
            for (item, version), fate in view.current_fates.items()
            if scenario.prefix in item
        }
        self.events = {e: s for e, s in view.events.items() if s.space == scenario.space}
        self.articles = {i: a for i, a in view.articles.items() if a.space == scenario.space}
        self.changes = {e: view.changes.get(e, ()) for e in self.events}


def _fates(scenario: Scenario, view: View, own: Own) -> Iterator[str]:
    wanted = scenario.expected["fates"]
    for name in sorted(wanted.keys() | own.fates.keys()):
        found = own.fates.get(name)
        line = f"{found.fate} {found.reason}".removesuffix(" None") if found else "nothing"
        expected = wanted.get(name, "nothing")
        if not {line, line.partition(" ")[0]} & set(expected.split(" or ")):
            yield f"fate of {name}: {line}, not {expected}"
    lines = {f"{f.item_id} {f.version} {f.fate} {f.reason}" for f in view.fates}
    for note in scenario.expected.get("notes", ()):
        if note not in lines:
            yield f"no line {note!r}"


def _events(scenario: Scenario, own: Own) -> Iterator[str]:
    living = {e: s for e, s in own.events.items() if s.member_count}
    matched = set()
    for wanted in scenario.expected.get("events", ()):
        of = next(iter(wanted["members"]))
        found = [s for s in living.values() if any(m.item_id == of for m in s.members)]
        if len(found) != 1:
            yield f"{len(found)} events with {of}"
            continue
        matched.add(found[0].event_id)
        yield from _event(wanted, found[0], own)
    for event_id in living.keys() - matched:
        yield f"an event nobody expects: {[m.item_id for m in living[event_id].members]}"
    empty = sum(1 for state in own.events.values() if state.status == "retracted")
    if "retracted" in scenario.expected and empty != scenario.expected["retracted"]:
        yield f"{empty} retracted events, not {scenario.expected['retracted']}"


def _event(wanted: Mapping[str, Any], state: EventState, own: Own) -> Iterator[str]:
    named, figures = wanted["members"], wanted.get("figures", {})
    members = {
        m.item_id: "any" if named.get(m.item_id) == "any" else m.relation for m in state.members
    }
    facts: dict[str, Any] = {
        "members": members,
        "count": state.member_count,
        "status": state.status,
        "title": state.title.text if state.title else "",
        "figures": {f.slot: f.values[-1].value for f in state.figures if f.slot in figures},
        "versions": {m.item_id: m.version for m in state.members},
        "sources": sorted({m.source for m in state.members}),
        "changes": [change.kind for change in own.changes[state.event_id]],
    }
    facts["kinds"] = [kind for kind in wanted.get("kinds", ()) if kind in facts["changes"]]
    for name, value in {"count": len(wanted["members"]), **wanted}.items():
        if facts[name] != value:
            yield f"event of {next(iter(wanted['members']))}: {name} is {facts[name]}, not {value}"
    rows = (*state.facts, *state.timeline, *state.summary, *state.disputes)
    values = (value for figure in state.figures for value in figure.values)
    title = (state.title,) if state.title else ()
    spoken = {row.source.item_id for row in (*rows, *values, *title)}
    spoken |= {state.first_reported.item_id} if state.first_reported else set()
    for source in spoken - members.keys():
        yield f"the event of {next(iter(members))} still speaks of {source}"


def _shown(scenario: Scenario, view: View) -> Iterator[str]:
    for item, wanted in scenario.expected.get("shown", {}).items():
        article = view.articles.get(item)
        facts = article.model_dump(mode="json", exclude_none=True) if article else {}
        for name, value in wanted.items():
            if facts.get(name) != value:
                yield f"{item}: {name} is {facts.get(name)!r}, not {value!r}"


def _waiting(scenario: Scenario, archive: Archive) -> Iterator[str]:
    """Orders that the doctor lists until an operator settles them."""
    found = [f.item_id for f in unresolved(archive) if f.item_id.startswith(scenario.prefix)]
    if found != scenario.expected.get("waiting", []):
        yield f"orders that wait: {found}"


def _words(scenario: Scenario, archive: Archive, own: Own) -> Iterator[str]:
    """Words that no current record may hold, and words that no record at all may hold."""
    current = b"".join(r.to_bytes() for r in (*own.events.values(), *own.articles.values()))
    mine = (scenario.prefix.encode(), scenario.space.encode())
    kept = [row for row in archive.lines.get("rows", ()) if any(name in row for name in mine)]
    rows = b"".join(kept)
    gone, unpublished = (scenario.expected.get(name, ()) for name in ("gone", "unpublished"))
    for word in (*gone, *unpublished):
        if word.encode() in current:
            yield f"{word!r} stands in a current record"
    for word in gone:
        if word.encode() in rows:
            yield f"{word!r} stands in a row"
    derived = [n for n in archive.lines if not n.startswith(("articles.raw", "rows", "controls"))]
    for word in scenario.expected.get("hidden", ()):
        names = [n for n in derived if any(word.encode() in line for line in archive.lines[n])]
        if names:
            yield f"{word!r} stands in {names}"


def lines_of(messages: Sequence[Any]) -> tuple[bytes, ...]:
    """The last row of each key."""
    last = {message.key: message.value for message in messages}
    return tuple(
        orjson.dumps(key.decode()) + b" " + value
        for key, value in last.items()
        if key is not None and value is not None
    )
