"""Which way imports point, and what the distribution may own."""

import ast
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules(folder):
    return sorted((ROOT / folder).rglob("*.py"))


ROOMS = "stages", "events", "novelty", "tagging", "cleaning", "readers", "knowledge", "text"
BY_HAND = "train.py", "evaluate.py"  # commands, no part of the pipeline
PURE = [
    path
    for room in ROOMS
    for path in modules(f"streams/{room}")
    if path.name not in BY_HAND and path.parent.name != "training"
]
IMPURE = ("faust", "aiokafka", "mode", "structlog", "asyncio", "time", "random", "os", "logging")


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_pure_core_knows_no_kafka_clock_or_environment(path):
    found = [name for name in imports(path) if name.split(".")[0] in IMPURE]
    assert found == []


@pytest.mark.parametrize("path", modules("schemas"), ids=lambda p: p.name)
def test_schemas_import_only_themselves(path):
    allowed = {"schemas", "pydantic", "orjson", "datetime", "typing", "dataclasses"}
    assert {name.split(".")[0] for name in imports(path)} <= allowed


def test_only_this_distribution_owns_the_import_names():
    owners = packages_distributions()
    for name in ("streams", "schemas"):
        assert set(owners.get(name, [])) <= {"deltawire"}


def test_the_driver_runs_on_the_versions_it_was_measured_with():
    assert version("faust-streaming") == "0.15.3"
    assert version("aiokafka") == "0.14.0"
