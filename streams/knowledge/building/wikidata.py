"""A JSON dump of Wikidata, one item per line, into records for the builder.

Wikidata is in the public domain (CC0). Its data model:
https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from math import log1p
from types import MappingProxyType
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import orjson

from streams.knowledge.base import MAX_NAME, KbName
from streams.knowledge.building.staging import Capital, Code, Moved, Record, Skipped, tidy
from streams.knowledge.building.surnames import straight, surnames
from streams.knowledge.table import LANGUAGES, Entity

LICENCE = "Wikidata: CC0-1.0"
SITELINKS = 10
MOST_SITELINKS = 400  # few items have more; a prior of 1
ALIAS_SHARE, SURNAME_SHARE = 0.8, 0.5  # of the prior of the item
ANY = "mul"  # Wikidata's code for a name that holds in every language
QID = re.compile(r"Q[1-9][0-9]{0,11}")
ISO = re.compile(r"[A-Z]{2}")

INSTANCE, COUNTRY, CITIZENSHIP, CODE = "P31", "P17", "P27", "P297"
CAPITAL, CAPITAL_OF, DEMONYM, WEBSITE, ENDED = "P36", "P1376", "P1549", "P856", "P582"
# Earlier goes before later if an item is of several classes: Monaco is a state and a city.
TYPES = tuple("PERSON GPE ORG EVENT FAC LOC NORP PRODUCT MISC".split())
NO_ENTITY, PUBLISHER = "-", "PUBLISHER"

Json = Mapping[str, Any]


def read_dump(lines: Iterable[bytes | None], sitelinks: int = SITELINKS) -> Iterator[Record]:
    """Records of the items with at least so many site links. A malformed line is skipped."""
    for line in lines:
        if line is None:
            yield Skipped("lines_too_long")
            continue
        line = line.strip().removesuffix(b",")
        if line in (b"", b"[", b"]"):
            continue
        try:
            item = orjson.loads(line)
        except ValueError:
            yield Skipped("malformed")
            continue
        for each in _items(item):
            yield from _records(each, sitelinks)


def prior_of(sitelinks: int) -> float:
    """How well known an item is, from 0 to 1, by the number of wikis that have a page on it."""
    return min(1.0, log1p(sitelinks) / log1p(MOST_SITELINKS))


def _items(item: Any) -> Iterator[Any]:
    """An item; or those of ``{"entities": {"Q1": {...}}}``, where a key may be an old id."""
    if not (isinstance(item, dict) and isinstance(item.get("entities"), dict)):
        yield item
        return
    for key, each in item["entities"].items():
        yield {"title": key} | each if isinstance(each, dict) else each


def _records(item: Any, sitelinks: int) -> Iterator[Record]:
    if not isinstance(item, dict):
        yield Skipped("malformed")
        return
    qid = item.get("id")
    moved = _map(item, "redirects")
    for old, new in ((moved.get("from"), moved.get("to")), (item.get("title"), qid)):
        if _is_qid(old) and _is_qid(new) and old != new:
            yield Moved(old, new)
    if item.get("type", "item") != "item":
        yield Skipped("no_items")
    elif not _is_qid(qid):
        yield Skipped("malformed")
    else:
        yield from _facts_of_others(qid, item)
        links = len(_map(item, "sitelinks"))
        if links < sitelinks:
            yield Skipped("too_few_sitelinks")
        else:
            yield from _kept(qid, item, prior_of(links))


def _facts_of_others(qid: str, item: Json) -> Iterator[Record]:
    """What an item tells even if it is not kept."""
    codes = [code for code in _values(item, CODE) if isinstance(code, str) and ISO.fullmatch(code)]
    if codes:
        yield Code(qid, codes[0])
    yield from (Capital(city, qid) for city in _qids(item, CAPITAL))


def _kept(qid: str, item: Json, prior: float) -> Iterator[Record]:
    classes = set(_qids(item, INSTANCE))
    kinds = {kind for each in classes if (kind := class_types().get(each))}
    labels = dict(_labels(item))
    if NO_ENTITY in kinds:
        yield Skipped("no_entities")
        return
    if not labels:
        yield Skipped("entities_without_id_or_name")
        return
    publisher = PUBLISHER in kinds
    kind = "ORG" if publisher else next((each for each in TYPES if each in kinds), "UNK")
    citizenship = _qids(item, CITIZENSHIP if kind == "PERSON" else COUNTRY)
    country = citizenship[0] if citizenship else None
    turned = straight(labels.get("ru", "")) if kind == "PERSON" else ()
    if turned:
        labels["ru"] = turned[-1]
        yield KbName(qid, turned[0], "ru", "name", prior * ALIAS_SHARE)
    name = next(labels[code] for code in ("en", ANY, *LANGUAGES) if code in labels)
    ways = surnames(name, country) if kind == "PERSON" else ()
    yield Entity(
        id=qid,
        name=name,
        type=kind,
        country=country,
        publisher=publisher,
        prior=prior,
        domains=_domains(item) if publisher else (),
        surname=ways[0] if ways else None,
    )
    yield from _names(qid, item, labels, prior)
    if kind == "PERSON":
        for code, label in labels.items():
            for way in surnames(label, country):
                yield KbName(qid, way, _language(code), "surname", prior * SURNAME_SHARE)
    yield from (Capital(qid, place) for place in _qids(item, CAPITAL_OF))


def _names(qid: str, item: Json, labels: Mapping[str, str], prior: float) -> Iterator[Record]:
    for code, label in labels.items():
        yield KbName(qid, label, _language(code), "name", prior)
    aliases = _map(item, "aliases")
    for code in (*LANGUAGES, ANY):
        for alias in _list(aliases, code):
            if isinstance(alias, dict) and isinstance(alias.get("value"), str):
                yield KbName(qid, alias["value"], _language(code), "name", prior * ALIAS_SHARE)
    for value in _values(item, DEMONYM):
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            language = value.get("language")
            if language in LANGUAGES:
                yield KbName(qid, value["text"], language, "demonym", prior)


def _labels(item: Json) -> Iterator[tuple[str, str]]:
    labels = _map(item, "labels")
    for code in (*LANGUAGES, ANY):
        value = _map(labels, code).get("value")
        if isinstance(value, str) and 0 < len(name := tidy(value)) <= MAX_NAME:
            yield code, name


def _domains(item: Json) -> tuple[str, ...]:
    """Hosts of the official websites."""
    hosts = []
    for url in _values(item, WEBSITE):
        try:
            host = urlsplit(url).hostname if isinstance(url, str) else None
        except ValueError:
            continue
        if host and "." in host:
            hosts.append(host.removeprefix("www."))
    return tuple(dict.fromkeys(hosts))


def _values(item: Json, prop: str) -> list[Any]:
    """Values of a property, preferred ones first; without refuted ones and those that ended."""
    found: list[tuple[bool, Any]] = []
    for claim in _list(_map(item, "claims"), prop):
        if not isinstance(claim, dict) or claim.get("rank") == "deprecated":
            continue
        value = _map(_map(claim, "mainsnak"), "datavalue").get("value")
        if value is not None and ENDED not in _map(claim, "qualifiers"):
            found.append((claim.get("rank") != "preferred", value))
    return [value for _, value in sorted(found, key=lambda each: each[0])]


def _qids(item: Json, prop: str) -> list[str]:
    values = _values(item, prop)
    return [v["id"] for v in values if isinstance(v, dict) and _is_qid(v.get("id"))]


def _is_qid(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and QID.fullmatch(value) is not None


def _map(value: Json, key: str) -> dict[str, Any]:
    """A member that should be an object; the dumps write an empty one as a list."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _list(value: Json, key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []


def _language(code: str) -> str | None:
    return None if code == ANY else code


@lru_cache(maxsize=1)
def class_types() -> Mapping[str, str]:
    """What an instance of a common class is: a type, a publisher, or no entity at all (``-``)."""
    lines = (files(__package__) / "classes.tsv").read_text("utf-8").splitlines()[1:]
    return MappingProxyType({row[0]: row[1] for row in (line.split("\t") for line in lines)})
