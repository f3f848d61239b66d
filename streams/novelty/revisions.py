"""Which figure of an article replaces which earlier one of its event."""

import re
from collections.abc import Sequence
from typing import Any

from schemas.enriched import FigureChange
from streams.novelty.figures import figures
from streams.novelty.memory import EventMemory, Held, position
from streams.text.sentences import Sentence

Json = dict[str, Any]

ABOUT = 1000  # characters at the head of an article that name its incident
MAX_FIGURES = 24  # of one article

_KINDS = (
    r"flood|storm|typhoon|hurricane|cyclone|rain|landslide|mudslide|monsoon|tornado|blizzard|snow"
    r"|hochwasser|sturm|inundaci",
    r"quake|tsunami|erdbeben|terremoto|séisme",
    r"fire|blaze|explosion|blast",
    r"bomb|shooting|attack|gunm|fighting|unrest|clash|explosion|blast|protest",
    r"collapse",
    r"crash|derail|collision|overturn|plunge|capsiz|sinking|ferry|ship|boat|flight",
    r"heat ?wave",
    r"outbreak|virus|cholera|ebola|infection",
)
_KIND_RES = tuple(re.compile(words, re.I) for words in _KINDS)
_NAMED = re.compile(r"\b(?i:typhoon|hurricane|cyclone|storm|flight) ([A-Z][\w-]+)(?: (\d+))?")
_CORRECTING = re.compile(
    r"\b(?:lower\w*|revis\w+|correct\w*|reduc\w+|down|counted twice|nach unten|korrigiert)\b", re.I
)
_SHRINKS = frozenset(
    (
        "missing",
        "trapped",
        "rate",
        "price",
        "turnout",
        "magnitude",
        "aboard",
        "profit",
        "revenue",
        "displaced",
        "arrested",
        "evacuated",
    )
)
_AFTERSHOCK = re.compile(r"aftershock|nachbeben|réplica", re.I)


def context(text: str) -> Json:
    """What a sentence says of the incident that its figures belong to."""
    value = {
        "kinds": [n for n, kind in enumerate(_KIND_RES) if kind.search(text)],
        "named": sorted({"".join(m.groups("")).lower() for m in _NAMED.finditer(text)}),
        "correcting": bool(_CORRECTING.search(text)),
        "aftershock": bool(_AFTERSHOCK.search(text)),
    }
    return {name: extra for name, extra in value.items() if extra}


def article_figures(sentences: Sequence[Sentence], language: str) -> list[Json]:
    """The figures of one article as JSON rows with their incident; "at" is the sentence."""
    found = [(at, s.text, figures(s.text, language)) for at, s in enumerate(sentences)]
    found = [(at, text, rows) for at, text, rows in found if rows]
    if not found:
        return []
    # A sentence that does not name the incident speaks of the one that the article is about.
    whole = context(" ".join(sentence.text for sentence in sentences)[:ABOUT])
    rows = [
        {"at": at, **whole, **context(text), **figure}
        for at, text, each in found
        for figure in each
    ]
    return rows[:MAX_FIGURES]


def changes(
    item_id: str, extract: Json, memory: EventMemory
) -> list[tuple[set[int], FigureChange]]:
    """(numbers of the sentences that state it, change) for each figure new to the event."""
    slots = {row["slot"] for row in extract["figures"]}
    held = ((item, row) for item, row in memory.rows("figures") if row["slot"] in slots)
    earlier = [{**row, "item": item} for item, row in held] if slots else []
    known = {_key(row) for row in earlier}
    stated: dict[tuple[str, float, str], list[Json]] = {}
    for row in leading(extract["figures"]):
        if _key(row) not in known:
            stated.setdefault(_key(row), []).append(row)
    return [
        ({row["at"] for row in rows}, _change(item_id, rows, revised(rows[0], earlier), extract))
        for rows in stated.values()
    ]


def _key(row: Json) -> tuple[str, float, str]:
    return row["slot"], row["value"], row.get("unit", "")


def _change(item_id: str, rows: Sequence[Json], old: Json | None, extract: Json) -> FigureChange:
    """From all rows that state one figure; the text is a better source than the headline."""
    in_text = [row for row in rows if extract["statements"][row["at"]]["field"] != "title"]
    row = (in_text or rows)[0]
    return FigureChange(
        slot=row["slot"],
        old=old["value"] if old else None,
        new=row["value"],
        bound=row.get("bound"),
        unit=row.get("unit"),
        source=position(Held(item_id, extract["statements"][row["at"]])),
    )


def revised(new: Json, earlier: Sequence[Json]) -> Json | None:
    """The earlier figure that ``new`` replaces, or None if it is known, unrelated or the first.

    Args:
        new: a figure with its context merged in.
        earlier: figures of the event, oldest first.
    """
    rivals = [old for old in earlier if same_slot(new, old) and not conflicting(new, old)]
    if not rivals or any(old["value"] == new["value"] for old in rivals):
        return None
    exact = [old for old in rivals if set(old.get("places", ())) & set(new.get("places", ()))]
    choice = exact or rivals
    last = [old for old in choice if old.get("item") == choice[-1].get("item")]
    return max(last, key=lambda old: old["value"])


def same_slot(new: Json, old: Json) -> bool:
    """Whether both count the same thing in the same unit."""
    return bool(new["slot"] == old["slot"] and new.get("unit") == old.get("unit"))


def conflicting(new: Json, old: Json) -> bool:
    """Whether the two figures cannot speak of one count."""
    return (
        _apart(new, old, "named")
        or _apart(new, old, "kinds")
        or _apart(new, old, "places")
        or new.get("group") != old.get("group")
        or bool(new.get("aftershock")) != bool(old.get("aftershock"))
        or _shrinks(new, old)
    )


def _apart(new: Json, old: Json, name: str) -> bool:
    one, two = set(new.get(name, ())), set(old.get(name, ()))
    return bool(one and two and not one & two)


def _shrinks(new: Json, old: Json) -> bool:
    """A toll does not fall unless the text says that it was corrected."""
    if new["slot"] in _SHRINKS or new.get("correcting"):
        return False
    return bool(new["value"] < old["value"])


def leading(figures: Sequence[Json]) -> list[Json]:
    """The figures of one article without those that are parts of a larger one beside them."""
    return [
        figure
        for figure in figures
        if not any(
            other["value"] > figure["value"] and same_slot(figure, other) and _beside(figure, other)
            for other in figures
        )
    ]


def _beside(figure: Json, other: Json) -> bool:
    return not _apart(figure, other, "places") and not _apart(figure, other, "named")
