"""JSON Schema snapshots of every record: written by ``schemas export``, guarded by ``check``.

Inside one topic version readers and writers of any release must understand each other (Schema
Registry's FULL_TRANSITIVE): only optional fields are added, none is removed, none changes.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from schemas.base import Message
from schemas.topics import TOPICS, Topic

SNAPSHOTS = Path(str(files("schemas"))) / "json"
_INDENTED = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def schema_of(topic: Topic) -> dict[str, Any]:
    """JSON Schema (2020-12) of a topic's value; a union where the topic carries several."""
    union: Any = topic.models[0]
    for model in topic.models[1:]:
        union = union | model
    adapter: TypeAdapter[Message] = TypeAdapter(union)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": topic.name,
        **adapter.json_schema(mode="serialization"),
    }


def current() -> dict[str, dict[str, Any]]:
    """The schema of every topic that carries records, by topic name."""
    return {topic.name: schema_of(topic) for topic in TOPICS if topic.models}


def export(folder: Path) -> list[Path]:
    """Write one ``<topic>.json`` each; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in current().items():
        path = folder / f"{name}.json"
        path.write_bytes(orjson.dumps(schema, option=_INDENTED))
        paths.append(path)
    return paths


def snapshots(folder: Path) -> dict[str, dict[str, Any]]:
    """What ``export`` wrote."""
    return {path.stem: orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}


def breaks(old: Mapping[str, Any], new: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Each way in which records of ``old`` and ``new`` would not understand each other."""
    if old.get("type") != new.get("type") or old.get("$ref") != new.get("$ref"):
        yield f"{place or '/'}: type changed"
    before, after = old.get("properties", {}), new.get("properties", {})
    yield from (f"{place}/{name}: removed" for name in sorted(before.keys() - after.keys()))
    required = set(new.get("required", ())) - set(old.get("required", ()))
    yield from (f"{place}/{name}: now required" for name in sorted(required))
    for name in sorted(before.keys() & after.keys()):
        yield from breaks(before[name], after[name], f"{place}/{name}")
    for name in sorted(old.get("$defs", {}).keys() & new.get("$defs", {}).keys()):
        yield from breaks(old["$defs"][name], new["$defs"][name], f"{place}/{name}")
    gone = [value for value in old.get("enum", ()) if value not in new.get("enum", ())]
    yield from (f"{place}: value {value!r} removed" for value in gone)


def check(folder: Path) -> tuple[list[str], list[str]]:
    """(breaking changes, topics whose snapshot is merely out of date)."""
    known = snapshots(folder)
    now = current()
    broken = [
        f"{name}{line}"
        for name, schema in now.items()
        if name in known
        for line in breaks(known[name], schema)
    ]
    broken += [f"{name}: topic removed" for name in known if name not in now]
    stale = [name for name, schema in now.items() if known.get(name) != schema]
    return broken, stale
