"""Two sources at odds over one figure: a dispute, and no revision."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from streams.novelty.figure_words import OF_PEOPLE
from streams.novelty.memory import EventMemory
from streams.novelty.parties import Given, given
from streams.novelty.rivals import SHRINKS, conflicting, leading
from streams.novelty.signs import signs

Json = dict[str, Any]

NEAR = 2  # sentences from one figure to the one at odds with it
SAME_TIME = 2 * 3600  # seconds between two publishers' reports of one hour
HORIZON = 30  # earlier articles whose figures are looked at
# The second clause speaks of the figure of the first, and sets its own against it.
_AGAINST = re.compile(
    r"\b(?:put|puts|set|gave|gives|places?|placed|estimate[sd]?)\b(?: [\w’'-]+){1,6}?"
    r" (?:at|as|to be)\b"
    r"|\b(?:sp(?:oke|eaks?) of|counted|admits?|admitted|acknowledge[sd]?)\b"
    r"|\b(?:only|just|no more than|nearer|closer to|far (?:fewer|more|less))\b"
    r"|\bthe (?:figure|number|toll|total|count) (?:is|was|stands at|stood at)\b"
    r"|\bsaying it (?:is|was)\b"
    r"|\bsp(?:rach|rachen|richt|rechen) von\b|\bzählten?\b|\bbeziffer\w+|\bschätz\w+|\bcifr\w+"
    r"|\bhabl\w+ de\b|\bestim\w+|\bcontabiliz\w+|\bparl\w+ de\b|\bévoqu\w+|\bcompt\w+|\bnur\b"
    r"|\bsolo\b|\bseulement\b",
    re.I,
)
_EACH = re.compile(r",? (?:according to|laut|nach angaben|según|selon|d['’]après)\b", re.I)
_CONTRAST = re.compile(
    r"\b(?:but|while|whereas|although|however|contradict\w*|disput\w+|aber|während|dagegen|hingegen"
    r"|pero|mientras|en cambio|mais|tandis que|alors que|contre)\b",
    re.I,
)
# A later count, or a count of something else.
_UPDATE = re.compile(
    r"\b(?:later|earlier|initial(?:ly)?|first|previous(?:ly)?|ro?se|risen|raised|climb\w+|updat\w+"
    r"|revis\w+|correct\w+|since|so far|until|preliminary|by (?:evening|night|midday|noon)"
    r"|had (?:said|put|given|reported|counted)"
    r"|its|their|own|treat\w*|admitted to|received|brought|among|critical|später|zunächst"
    r"|inzwischen|zuvor|erhöh\w+|gestiegen|más tarde|primero|aument\w+|subió|elevó|plus tard"
    r"|d['’]abord|désormais|ya)\b",
    re.I,
)
_ROUND = 0.1  # share by which two "about" figures may differ


def odds(
    figures: Sequence[Json], statements: Sequence[Json], language: str
) -> tuple[list[Json], list[Json]]:
    """(figures, disputes) of one article: figures that two parties give differently are marked.

    A marked figure ("odds") replaces none. Both stand in the same slot, in one statement or in
    statements that are close, and a party is named for each. One that only counts further ("at
    least 12", then 14) is at odds where the text sets it against the first.

    Args:
        figures: rows of ``article_figures``; "at" numbers the statements.
    """
    rows = list(figures)
    disputes: list[Json] = []
    told: dict[int, list[Given]] = {}
    order = sorted(range(len(rows)), key=lambda n: rows[n]["at"])
    for one, two in _near(order, rows):
        pair = rows[one], rows[two]
        if not _may_differ(*pair, statements):
            continue
        for at in (pair[0]["at"], pair[1]["at"]):
            told[at] = told.get(at) or list(given(statements[at], language))
        sides = _sides(*pair, told)
        if sides and _at_odds(*pair, *sides):
            rows[one], rows[two] = _marked(pair)
            ats = {row["at"] for row in pair}
            disputes.append(_row(statements[min(ats)], ats, sides[0].party, sides[1].party))
    return rows, disputes


def _near(order: Sequence[int], rows: Sequence[Json]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that stand close."""
    for at, one in enumerate(order):
        for two in order[at + 1 :]:
            if rows[two]["at"] - rows[one]["at"] > NEAR:
                break
            yield one, two


def _may_differ(one: Json, two: Json, statements: Sequence[Json]) -> bool:
    """Whether two figures of an article may count one thing; the cheap part."""
    if one["value"] == two["value"] or one.get("unit") != two.get("unit"):
        return False
    if "score" in one or "score" in two:
        return False
    if "odds" in one or "odds" in two or "former" in one or "former" in two:
        return False
    if statements[one["at"]]["field"] != statements[two["at"]]["field"]:
        return False
    text = statements[two["at"]]["text"]
    if "gives" not in signs(text):
        return False
    if one["slot"] != two["slot"] or "open" in one:
        same = ("open" in one or "open" in two) and _sets_against(text)
    else:
        same = "gives" in signs(statements[one["at"]]["text"])
    if not same:
        return False
    if "group" not in one or "group" not in two:  # "50 soldiers were killed", "only nine dead"
        one, two = ({**row, "group": None} for row in (one, two))
    return not conflicting(one, two)


@lru_cache(maxsize=512)
def _sets_against(text: str) -> bool:
    return "against" in signs(text) and _AGAINST.search(text) is not None


def _sides(one: Json, two: Json, told: dict[int, list[Given]]) -> tuple[Given, Given] | None:
    """Who gives the two figures, in the order of the text; None if one party, or unknown."""
    first = next((each for each in told[one["at"]] if each.value == one["value"]), None)
    second = next((each for each in told[two["at"]] if each.value == two["value"]), None)
    if not (first and second) or first.party == second.party:
        return None
    if one["at"] == two["at"] and told[one["at"]].index(first) > told[one["at"]].index(second):
        first, second = second, first
    return first, second


def _at_odds(one: Json, two: Json, first: Given, second: Given) -> bool:
    if _UPDATE.search(second.clause + second.after.split(";")[0]):
        return False
    against = bool(_AGAINST.search(second.clause) or _EACH.match(second.after))
    if one.get("group") != two.get("group") and not against:
        return False
    if one["slot"] != two["slot"] or "open" in one:
        return against and ("open" in two or "open" in one)
    if against or _CONTRAST.search(second.before):
        return True
    return one["slot"] in OF_PEOPLE and not _agree(one, two)


def _agree(one: Json, two: Json) -> bool:
    """Whether both may be true of one count."""
    low, high = sorted((one, two), key=lambda row: row["value"])
    if low.get("bound") == "at least" or high.get("bound") == "at most":
        return True
    about = "about" in (low.get("bound"), high.get("bound"))
    return about and bool(high["value"] - low["value"] <= _ROUND * high["value"])


def _marked(pair: tuple[Json, Json]) -> tuple[Json, Json]:
    """Two figures at odds: of one slot, the closed one if any, and of the same places."""
    slot = next((row["slot"] for row in pair if "open" not in row), pair[0]["slot"])
    places = next(({"places": row["places"]} for row in pair if "places" in row), {})
    one, two = (
        {**places, **{name: value for name, value in row.items() if name != "open"}} for row in pair
    )
    return {**one, "slot": slot, "odds": True}, {**two, "slot": slot, "odds": True}


def _row(statement: Json, ats: Iterable[int], claimant: str, denier: str) -> Json:
    return {
        "kind": "odds",
        "claim": statement["text"],
        "claimants": [claimant],
        "denied_by": [denier],
        "stems": statement["stems"],
        "at": sorted(ats),
    }


def against_others(extract: Json, memory: EventMemory) -> list[Json]:
    """Disputes with what another publisher reported within the hours before.

    A count that cannot fall is lower than the one held, no bound explains it, no article gave it
    before, and both texts name a party, not the same: a late copy of an old count has none of it.
    """
    rows = [row for row in leading(extract["figures"]) if _firm(row)]
    if not rows or extract.get("published") is None:
        return []
    since = memory.since(HORIZON)
    found: list[Json] = []
    for row in rows:
        held = memory.figures_of(row["slot"], since)
        same = [old for old in held if "open" not in old and not conflicting(row, old)]
        if any(old["value"] == row["value"] for old in same):
            continue
        rivals = [old for old in same if _rival(row, old, extract)]
        rival = next((old for old in rivals if old["of"] is rivals[-1]["of"]), None)
        ours, theirs = (_party(row, extract), _party(rival, rival["of"])) if rival else ("", "")
        if ours and theirs and ours != theirs:
            found.append(_row(extract["statements"][row["at"]], [row["at"]], ours, theirs))
    return found


def _firm(row: Json) -> bool:
    """Whether a figure may not be below an earlier one."""
    counts = row["slot"] in OF_PEOPLE - SHRINKS and "open" not in row and "odds" not in row
    return counts and row.get("bound") in (None, "at most") and not row.get("correcting")


def _rival(new: Json, old: Json, extract: Json) -> bool:
    theirs, published = old["of"], old["of"].get("published")
    return (
        published is not None
        and 0 <= extract["published"] - published <= SAME_TIME
        and theirs.get("publisher") != extract.get("publisher")
        and old.get("bound") in (None, "at least")
        and bool(new["value"] < old["value"])
    )


def _party(row: Json, extract: Json) -> str:
    """Who gives a figure; empty if unknown, as for an article whose text is forgotten."""
    statements = extract.get("statements", ())
    if row["at"] >= len(statements) or "text" not in statements[row["at"]]:
        return ""
    numbers = given(statements[row["at"]], extract["language"])
    return next((each.party for each in numbers if each.value == row["value"]), "")
