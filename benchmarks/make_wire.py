"""A large wire out of the sample wire: copies of its two weeks with other names and figures.

Every copy renames all invented names (people, places, companies) and two in three of its longer
words by a rule of its own, so that its events are other events; figures shift, and times shift by
minutes, so that the copies interleave.

    python -m benchmarks.make_wire --articles 5000 --out out/wire-5000.jsonl
"""

import argparse
import calendar
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

SEEDS = Path("seeds/wire")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\d:.,])\d{2,3}(?![\d:.,])")
_ONSETS = "b br c d dr f fl g gr h j k kl l m n p pr r s st t tr v w z".split()
_VOWELS = "a e i o u ai ei ou".split()
_CODAS = "l m n nd r rk s st t x".split()


def sample() -> list[dict[str, Any]]:
    """The readable lines of the sample wire in arrival order."""
    rows = []
    for path in sorted(SEEDS.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                rows.append(orjson.loads(line))
            except orjson.JSONDecodeError:
                continue  # the broken file
    return rows


def invented(rows: list[dict[str, Any]]) -> frozenset[str]:
    """Words that are never written in lower case, in English texts: the names."""
    words: set[str] = set()
    lower: set[str] = set()
    for row in rows:
        for word in _WORD.findall(f"{row.get('title', '')} {row.get('body', '')}"):
            if not word.isupper() or len(word) == 1:  # headlines in capitals tell nothing
                (words if word[0].isupper() else lower).add(word)
    common = {word.casefold() for word in (*lower, *calendar.day_name, *calendar.month_name)}
    return frozenset(w for w in words if w.casefold() not in common and len(w) > 3)


def rename(word: str, copy: int) -> str:
    """A pronounceable name, the same for the same word and copy on every machine."""
    bits = int.from_bytes(sha256(f"{copy}/{word}".encode()).digest()[:8], "big")
    name = ""
    for parts in (_ONSETS, _VOWELS, _CODAS, _VOWELS, _CODAS):
        bits, n = divmod(bits, len(parts))
        name += parts[n]
    return name.capitalize()


def copies(articles: int) -> Iterator[dict[str, Any]]:
    """Rows of the copies, at least ``articles`` of them, in order of arrival."""
    rows = sample()
    names = invented(rows)
    count = -(-articles // len(rows))
    for row in rows:
        for copy in range(count):
            yield _copied(row, copy, names)


def _copied(row: dict[str, Any], copy: int, names: frozenset[str]) -> dict[str, Any]:
    if copy == 0:
        return row

    def name(match: re.Match[str]) -> str:
        word = match.group()
        if word in names:
            return rename(word, copy)
        if len(word) > 5 and word.islower() and sha256(word.encode()).digest()[0] % 3:
            return rename(word, copy).lower()
        return word

    def number(match: re.Match[str]) -> str:
        return str(int(match.group()) + copy)

    new = dict(row)
    for field in ("title", "body"):
        if field in row:
            new[field] = _NUMBER.sub(number, _WORD.sub(name, row[field]))
    for field in ("id", "refers_to"):
        if field in row:
            new[field] = f"{row[field]}~{copy}"
    if "url" in row:
        new["url"] = f"{row['url'].partition('?')[0]}-{copy}"
    for field in ("published_at", "embargoed_until"):
        if field in row:
            new[field] = (datetime.fromisoformat(row[field]) + timedelta(minutes=copy)).isoformat()
    return new


def write(articles: int, path: Path) -> int:
    """Write the wire; returns the number of its lines."""
    rows = list(copies(articles))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return len(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--out", type=Path, default=Path("out/wire-5000.jsonl"))
    arguments = parser.parse_args()
    print(f"{write(arguments.articles, arguments.out)} lines in {arguments.out}")
