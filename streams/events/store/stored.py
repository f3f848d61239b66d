"""A digest as its row holds it: a few plain fields, what it told, and the rest packed."""

from collections.abc import Mapping, Sequence
from typing import Any

from streams.events.store.packing import pack, unpack, unpack_vector

Json = dict[str, Any]

PLAIN = ("event", "seq", "guarded", "day", "language", "packed")
TOLD = ("facts", "figures", "disputes")
RECENT = 512  # digests that are remembered unpacked, about 30 kB each

_recent: dict[str, Json] = {}  # by packed string, the latest last


def packed(digest: Mapping[str, Any]) -> str:
    """The part of a digest that no other article changes; the digest is to hold it as "packed"."""
    body = {name: value for name, value in digest.items() if name not in PLAIN}
    found = pack(body)
    _remember(found, body)
    return found


def closed(digest: Mapping[str, Any]) -> Json:
    """The row of a whole digest."""
    row = {name: digest[name] for name in PLAIN if name in digest}
    statements = digest["extract"]["statements"]
    numbers = {_place(each): number for number, each in enumerate(statements)}
    short = {
        name: [_short(each, numbers, statements) for each in digest["told"][name]] for name in TOLD
    }
    return {**row, "told": {**digest["told"], **short}}


def opened(row: Mapping[str, Any]) -> Json:
    """The digest of a row."""
    body = _recent.get(row["packed"])
    if body is None:
        body = unpack(row["packed"])
        _remember(row["packed"], body)
    plain = {name: row[name] for name in PLAIN if name in row}
    statements, item_id = body["extract"]["statements"], body["member"]["item_id"]
    told = {name: [_full(each, statements, item_id) for each in row["told"][name]] for name in TOLD}
    return {**body, **plain, "told": {**row["told"], **told}}


def vector_of(row: Mapping[str, Any]) -> Json:
    """The vector of a row's digest: all that is needed of most rows after a start."""
    body = _recent.get(row["packed"])
    return unpack_vector(row["packed"]) if body is None else body["vector"]


def _remember(string: str, body: Json) -> None:
    _recent[string] = body
    if len(_recent) > RECENT:
        del _recent[next(iter(_recent))]


# --- rows of what was told, without the places and texts that the statements have --------------


def _place(row: Mapping[str, Any]) -> tuple[str, int, int]:
    return row["field"], row["start"], row["end"]


def _short(
    row: Json, numbers: Mapping[tuple[str, int, int], int], statements: Sequence[Json]
) -> Json | list[Any]:
    """With "of", the number of its statement; texts as [start, length] in that, a fact as
    [number, label].
    """
    of = numbers.get(_place(row["source"]))
    if of is None:
        return row
    text = statements[of]["text"]
    if row.keys() == {"text", "label", "source"} and row["text"] == text:
        return [of, row["label"]]
    short = {**row, "of": of}
    del short["source"]
    for name in ("text", "claim"):
        if name in row and (start := text.find(row[name])) >= 0:
            short[name] = [start, len(row[name])]
    return short


def _full(row: Json | list[Any], statements: Sequence[Json], item_id: str) -> Json:
    if isinstance(row, list):
        of, label = row
        return {
            "text": statements[of]["text"],
            "label": label,
            "source": _source(statements[of], item_id),
        }
    if "of" not in row:
        return row
    statement = statements[row["of"]]
    full = {**row, "source": _source(statement, item_id)}
    del full["of"]
    for name in ("text", "claim"):
        if isinstance(at := row.get(name), list):
            full[name] = statement["text"][at[0] : at[0] + at[1]]
    return full


def _source(statement: Json, item_id: str) -> Json:
    field, start, end = _place(statement)
    return {"item_id": item_id, "field": field, "start": start, "end": end}
