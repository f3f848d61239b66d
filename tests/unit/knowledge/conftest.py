"""Knowledge bases of a made-up world."""

import json

import pytest

from streams.knowledge.base import KnowledgeBase
from streams.knowledge.building.build import build
from tests.unit.knowledge.dumps import WORLD


@pytest.fixture
def dump(tmp_path):
    """Writes lines as a dump, and returns its path."""

    def write(items=WORLD, extra=(), name="dump.json"):
        rows = [json.dumps(each, ensure_ascii=False).encode() for each in items]
        path = tmp_path / name
        path.write_bytes(b"[\n" + b",\n".join([*rows, *extra]) + b"\n]\n")
        return path

    return write


@pytest.fixture
def make(tmp_path):
    """Builds a knowledge base and opens it."""

    def made(*sources, **options):
        out = tmp_path / "made" / "world.kb"
        build(sources, out, force=True, **options)
        return KnowledgeBase.open(out)

    return made


@pytest.fixture
def world(dump, make):
    return make(dump())
