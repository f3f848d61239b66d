"""The README's examples name things that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_items_and_sources_in_the_examples_exist():
    wire = "".join(path.read_text() for path in (ROOT / "seeds" / "wire").glob("*.jsonl"))
    items = re.findall(r"deltawire trace (\S+)", README)
    assert items
    assert [item for item in items if f'"{item}"' not in wire] == []
    assert (ROOT / "seeds" / "pact").is_dir()


def test_links_lead_somewhere():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_targets_in_the_readme_exist():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make (\w+)`", README)) <= targets
