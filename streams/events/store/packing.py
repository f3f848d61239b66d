"""The bulk of a digest as one short string, so that an event keeps many of them.

A text's words lead to its stems: of each word it is noted how many letters to cut off. Terms of
the vector are numbers of stems and words. What the text does not give is JSON beside it.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any

import numpy as np
import orjson

from streams.events.features import CHANNELS
from streams.events.store.zstd import joined, parted
from streams.novelty.statements import MAX_STEMS, MAX_TEXT, dateline, form, marks_names
from streams.text.remembered import Remembered
from streams.text.words import opens, spelled

Json = dict[str, Any]

UNIT = 10_000  # weights have four digits
_CUTS, _VERBS = "0123456", "ABCDEFG"  # letters that are cut off a word; off a verb
_NONE, _OTHER, _OTHER_VERB = ".", "x", "X"  # no stem; one that does not begin the word
_NOT_OF_WORD = (_OTHER, _OTHER_VERB)
_ENDS = {s[cut]: -cut if cut else None for s in (_CUTS, _VERBS) for cut in range(len(_CUTS))}
_OF_VERBS = frozenset(f"{_VERBS}{_OTHER_VERB}")
_WIDE = 255  # stands for a number that takes two bytes
_OF_STATEMENT = ("stems", "verbs", "names")
_OF_VECTOR, _OF_EXTRACT, _OF_BODY = (
    ("norms", "length"),
    ("statements", "entities", "disputes"),
    ("vector", "entities", "extract"),
)


_Terms = dict[str, tuple[str, bool, bool]]
"""By word of an article's texts, function words left out: stem, is a verb, may be a name."""


def pack(body: Mapping[str, Any]) -> str:
    """A digest's vector, statements and the like as one string; ``unpack`` gives them again."""
    extract, vector = body["extract"], body["vector"]
    statements = extract["statements"]
    texts = [each["text"] for each in statements]
    spoken = list(map(spelled, texts))
    words = _each(spoken)
    coded = list(map(_codes(extract["language"]).__getitem__, words))
    codes = "".join([code for code, _ in coded])
    others = [stem for code, stem in coded if code in _NOT_OF_WORD]
    known = _table([stem for _, stem in coded if stem], words)
    table = {term: number for number, term in enumerate(known)}
    numbers = _vector_numbers(vector, table)
    ids = _ids(body)
    is_long = any(len(text) >= MAX_TEXT for text in texts)
    value = [
        texts,
        others,
        list(table)[len(known) :],
        _columns(statements, ids),
        _given(statements, _terms(words, codes, others), extract["language"]) if is_long else {},
        list(ids),
        len(extract["entities"]),
        [[ids[identity], *row] for identity, *row in body["entities"]],
        [_without_stems(row, statements) for row in extract["disputes"]],
        {name: extract[name] for name in extract if name not in _OF_EXTRACT},
        [len(vector[name][1]) for name in CHANNELS],
        [vector[name] for name in _OF_VECTOR],
        {name: body[name] for name in body if name not in _OF_BODY},
    ]
    return joined(orjson.dumps(value), _counted(codes, numbers))


def unpack(packed: str) -> Json:
    """What ``pack`` took."""
    value, spoken, terms, vector = _read_words(packed)
    texts, _, _, columns, given, ids, own, entities, disputes, extract, _, _, rest = value
    statements = _statements(texts, spoken, columns, given, terms, ids, extract["language"])
    return {
        **rest,
        "vector": vector,
        "entities": [[ids[number], *row] for number, *row in entities],
        "extract": {
            **extract,
            "statements": statements,
            "entities": ids[:own],
            "disputes": [_with_stems(row, statements) for row in disputes],
        },
    }


def unpack_vector(packed: str) -> Json:
    """The vector alone of what ``pack`` took, in half of the time."""
    return _read_words(packed)[-1]


def _read_words(packed: str) -> tuple[list[Any], list[list[str]], _Terms, Json]:
    """(all parts, words of each text, terms, vector)."""
    plain, counts = parted(packed)
    value = orjson.loads(plain)
    texts, others, more, *_, sizes, norms, _ = value
    spoken = list(map(spelled, texts))
    words = _each(spoken)
    terms = _terms(words, counts[: len(words)].decode(), others)
    table = [*_table([stem for stem, _, _ in terms.values()], words), *more]
    vector = _vector(_numbers(counts[len(words) :], sizes), table, sizes)
    return value, spoken, terms, vector | dict(zip(_OF_VECTOR, norms, strict=True))


# --- words and their stems -------------------------------------------------------------------


def _each(spoken: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(spoken)))


@lru_cache(maxsize=16)
def _codes(language: str) -> Remembered[tuple[str, str]]:
    return Remembered(lambda word: _code(word, language))


def _code(word: str, language: str) -> tuple[str, str]:
    """A letter for a word, and its stem; a function word has none."""
    found = form(word, language)
    if found is None:
        return _NONE, ""
    lower = word.lower()
    cut = len(lower) - len(found.stem)
    if cut < len(_CUTS) and lower.startswith(found.stem):
        return (_VERBS if found.verb else _CUTS)[cut], found.stem
    return _OTHER_VERB if found.verb else _OTHER, found.stem


def _table(stems: Iterable[str], words: Iterable[str]) -> list[str]:
    """Numbered terms: the stems, then the words in small letters."""
    return list(dict.fromkeys((*stems, *map(str.lower, words))))


def _terms(words: Sequence[str], codes: str, others: Iterable[str]) -> _Terms:
    rest = iter(others)
    return {
        word: (
            word.lower()[: _ENDS[code]] if code in _ENDS else next(rest),
            code in _OF_VERBS,
            word[:1].isupper() and word[1:].islower(),
        )
        for word, code in zip(words, codes, strict=True)
        if code != _NONE
    }


# --- statements, by columns ------------------------------------------------------------------


def _given(statements: Sequence[Json], terms: _Terms, language: str) -> dict[str, Json]:
    """By statement, what its text does not give: more was read of it than is kept."""
    found: dict[str, Json] = {}
    for number, each in enumerate(statements):
        if len(text := each["text"]) >= MAX_TEXT:
            read = _read(text, spelled(text), terms, language)
            if any(read.get(name) != each.get(name) for name in _OF_STATEMENT):
                found[str(number)] = {name: each[name] for name in _OF_STATEMENT if name in each}
    return found


def _columns(
    statements: Sequence[Json], ids: Mapping[str, int]
) -> tuple[list[str], list[list[int]], list[Any]]:
    """(fields, rows of numbers, entities)."""
    fields = list(dict.fromkeys([each["field"] for each in statements]))
    before, end, rank = "", 0, -1
    rows: list[tuple[int, ...]] = []
    entities: list[Any] = []
    for each in statements:
        start, field, text, stems = each["start"], each["field"], each["text"], each["stems"]
        marks = 2 * each.get("places", 0) + each.get("skip", False)
        begin = start - end if field == before else start
        rest = each["end"] - start - len(text)
        rows.append((fields.index(field), begin, rest, each["rank"] - rank - 1, marks))
        before, end, rank = field, each["end"], each["rank"]
        entities.append(
            [[ids[identity], *map(stems.index, row)] for identity, *row in each.get("entities", ())]
        )
    return fields, [list(column) for column in zip(*rows, strict=True)], entities


def _statements(
    texts: Sequence[str],
    spoken: Sequence[list[str]],
    columns: Sequence[Any],
    given: Mapping[str, Json],
    terms: _Terms,
    ids: Sequence[str],
    language: str,
) -> list[Json]:
    fields, rows, mentioned = columns
    before, end, rank = "", 0, -1
    found: list[Json] = []
    for number, (of, begin, rest, step, marks) in enumerate(zip(*rows, strict=True)):
        text, field = texts[number], fields[of]
        start = begin + end if field == before else begin
        before, end, rank = field, start + len(text) + rest, rank + step + 1
        read = given.get(str(number))
        value = read if read is not None else _read(text, spoken[number], terms, language)
        stems = value["stems"]
        whole = {"field": field, "start": start, "end": end, "text": text, "rank": rank, **value}
        if inside := mentioned[number]:
            whole["entities"] = [[ids[n], *map(stems.__getitem__, at)] for n, *at in inside]
        if places := marks // 2:
            whole["places"] = places
        if marks % 2:
            whole["skip"] = True
        found.append(whole)
    return found


def _read(text: str, words: list[str], terms: _Terms, language: str) -> Json:
    """Stems, verbs and names of a statement as ``statement`` finds them in a whole text."""
    if begin := dateline(text):
        words = spelled(text, begin)
    kept = [found for word in words if (found := terms.get(word))][:MAX_STEMS]
    value: Json = {"stems": list(dict.fromkeys([stem for stem, _, _ in kept]))}
    if verbs := [stem for stem, is_verb, _ in kept if is_verb]:
        value["verbs"] = list(dict.fromkeys(verbs))
    if marks_names(language):
        first = opens(text, words, begin) and words[0] in terms
        if named := [stem for stem, _, is_name in kept[first:] if is_name]:
            value["names"] = list(dict.fromkeys(named))
    return value


def _without_stems(row: Json, statements: Sequence[Json]) -> Json:
    """A dispute has the stems of one of its statements."""
    at = next((n for n in row["at"] if statements[n]["stems"] == row["stems"]), None)
    return row if at is None else {**row, "stems": at}


def _with_stems(row: Json, statements: Sequence[Json]) -> Json:
    at = row["stems"]
    return {**row, "stems": statements[at]["stems"]} if isinstance(at, int) else row


def _ids(body: Mapping[str, Any]) -> dict[str, int]:
    """Entity ids, numbered; those of the extract first."""
    extract = body["extract"]
    inside = [row[0] for each in extract["statements"] for row in each.get("entities", ())]
    every = dict.fromkeys((*extract["entities"], *(row[0] for row in body["entities"]), *inside))
    return {identity: number for number, identity in enumerate(every)}


# --- the vector ------------------------------------------------------------------------------


def _vector_numbers(vector: Mapping[str, Any], table: dict[str, int]) -> list[int]:
    """Terms, then how far the weight falls from one to the next, by channel.

    ``table`` gets the terms that it lacks.
    """
    found: list[int] = []
    weights = [weight for name in CHANNELS for weight in (1.0, *vector[name][1])]
    whole = np.rint(np.array(weights) * UNIT).astype(int)
    falls = (whole[:-1] - whole[1:]).tolist()
    at = 0
    for name in CHANNELS:
        terms, own = vector[name]
        if name == "pairs":
            terms = [part for pair in terms for part in pair.split(" ", 1)]
        found += [table.setdefault(term, len(table)) for term in terms]
        found += falls[at : at + len(own)]
        at += len(own) + 1
    return found


def _vector(numbers: Sequence[int], table: Sequence[str], sizes: Iterable[int]) -> Json:
    value: Json = {}
    at = 0
    for name, count in zip(CHANNELS, sizes, strict=True):
        middle = at + count * (1 + (name == "pairs"))
        terms = [table[number] for number in numbers[at:middle]]
        if name == "pairs":
            terms = list(map(" ".join, zip(terms[::2], terms[1::2], strict=True)))
        at = middle + count
        falls = accumulate(numbers[middle:at], int.__sub__, initial=UNIT)
        value[name] = [terms, [weight / UNIT for weight in falls][1:]]
    return value


# --- bytes -----------------------------------------------------------------------------------


def _counted(codes: str, numbers: Sequence[int]) -> bytes:
    """Letters, then numbers: a byte each, and two more for each that is wide."""
    found = np.array(numbers, dtype="<u2")
    narrow = np.minimum(found, _WIDE).astype(np.uint8)
    return b"".join([codes.encode(), narrow.tobytes(), found[found >= _WIDE].tobytes()])


def _numbers(data: bytes, sizes: Sequence[int]) -> list[int]:
    count = 2 * sum(sizes) + sizes[CHANNELS.index("pairs")]
    wide = iter(struct.unpack(f"<{(len(data) - count) // 2}H", data[count:]))
    return [number if number < _WIDE else next(wide) for number in data[:count]]
