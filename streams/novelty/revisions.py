"""Which figure of an article replaces which earlier one of its event."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas.enriched import FigureChange
from streams.novelty.earlier import Earlier
from streams.novelty.figure_words import OF_MONEY
from streams.novelty.figures import figures, overfull
from streams.novelty.memory import EventMemory, position
from streams.novelty.open_slots import look_back, match
from streams.novelty.rivals import leading, revised
from streams.novelty.scores import as_before
from streams.novelty.signs import KINDS, signs
from streams.novelty.statement_index import Held
from streams.novelty.vocabulary import NAMES
from streams.text.sentences import Sentence
from streams.text.words import opens

Json = dict[str, Any]

ABOUT = 1000  # characters at the head of an article that name its incident
MAX_FIGURES = 24  # of one article
MAX_NAMES = 32

_CRASH = KINDS.index("crash")
_NAMED = re.compile(r"\b(?i:typhoon|hurricane|cyclone|storm|flight) ([A-Z][\w-]+)(?: (\d+))?")
# What crashed: a bus crash is no train crash. A number in an event's memory stands for one.
_MEANS = tuple(
    (sign, re.compile(rf"\b(?:{words})\b", re.I))
    for sign, words in (
        ("by road", "bus(?:es)?|minibus(?:es)?|coach(?:es)?|lorry|lorries|trucks?|cars?|vans?"),
        ("by rail", "trains?|trams?|rail|railway|derail(?:ed|ment|s)?|locomotives?|carriages?"),
        ("by air", "planes?|jets?|aircraft|airliners?|helicopters?|flight"),
        ("by water", "ferry|ferries|ships?|boats?|vessels?|dinghy"),
    )
)
# What a rate is of.
_MEASURES = tuple(
    re.compile(words, re.I)
    for words in (
        "inflation|teuerung|inflación",
        "unemploy|jobless|arbeitslos|desempleo|chômage",
        "growth|wachstum|crecimiento|croissance",
        "interest",
    )
)
_CORRECTING = re.compile(
    r"\b(?:lower\w*|revis\w+|correct\w*|reduc\w+|down|counted twice|nach unten|korrigiert)\b", re.I
)


def incident(text: str) -> Json:
    """The kinds of incident and the named storm or flight that a text speaks of."""
    found = signs(text)
    kinds = [n for n, kind in enumerate(KINDS) if kind in found]
    if not kinds:
        return {}
    named = _NAMED.finditer(text) if "named" in found else ()
    value = {
        "kinds": kinds,
        "named": sorted({"".join(m.groups("")).lower() for m in named}),
        "means": [
            n
            for n, (sign, means) in enumerate(_MEANS)
            if _CRASH in kinds and sign in found and means.search(text)
        ],
    }
    return {name: extra for name, extra in value.items() if extra}


def context(text: str) -> Json:
    """What a sentence says of the incident that its figures belong to."""
    found = signs(text)
    value = {
        "correcting": "correcting" in found and bool(_CORRECTING.search(text)),
        "aftershock": "aftershock" in found,
        "measures": [
            n for n, words in enumerate(_MEASURES) if "measure" in found and words.search(text)
        ],
    }
    return incident(text) | {name: extra for name, extra in value.items() if extra}


def names(sentences: Sequence[Sentence]) -> list[str]:
    """Lower-case words with a capital inside the sentences at the head of an article."""
    found: dict[str, None] = {}
    for sentence in sentences:
        if sentence.start < ABOUT and not sentence.text.isupper():
            inner = sentence.words[opens(sentence.text, sentence.words) :]
            found |= dict.fromkeys(filter(None, map(NAMES.__getitem__, inner)))
    return list(found)[:MAX_NAMES]


def article_figures(sentences: Sequence[Sentence], language: str) -> tuple[list[Json], bool]:
    """(figures of one article as JSON rows with their incident, whether there are more of them).

    In a row "at" is the number of the sentence. At most MAX_FIGURES rows.
    """
    found = [(at, s.text, figures(s.text, language)) for at, s in enumerate(sentences)]
    found = [(at, text, rows) for at, text, rows in found if rows]
    more = any(overfull(sentence.text, language) for sentence in sentences)
    if not found:
        return [], more
    # A sentence that does not name the incident speaks of the one that the article is about.
    whole = incident(" ".join(sentence.text for sentence in sentences)[:ABOUT])
    rows = [
        {"at": at, **incidental, **figure}
        for at, text, each in look_back(found)
        for incidental in ({**whole, **context(text)},)
        for figure in each
    ]
    ranked = sorted(_with_units(rows), key=lambda row: "open" in row)
    return ranked[:MAX_FIGURES], more or len(ranked) > MAX_FIGURES


def _with_units(rows: Iterable[Json]) -> Iterator[Json]:
    """A sum that a headline gives without its currency has that of the text."""
    rows = list(rows)
    units = {(row["slot"], row["value"]): row["unit"] for row in rows if "unit" in row}
    for row in rows:
        unit = row["slot"] in OF_MONEY and units.get((row["slot"], row["value"]))
        yield {**row, "unit": unit} if unit and "unit" not in row else row


def changes(
    item_id: str, extract: Json, memory: EventMemory
) -> list[tuple[set[int], FigureChange]]:
    """(numbers of the sentences that state it, change) for each figure new to the event.

    A figure with an open slot is a change only where it replaces another.
    """
    earlier = Earlier(extract["figures"], memory)
    rows = _same_games(extract["figures"], earlier)
    stated: dict[tuple[str, float, str], list[Json]] = {}
    for row in leading(rows):
        stated.setdefault(_key(row), []).append(row)
    found: dict[tuple[float, str], list[tuple[set[int], FigureChange]]] = {}
    for (_, value, unit), same in stated.items():
        if earlier.holds(same[0]):
            continue
        told = ({**row, "of": extract} for row in same)
        old = next((old for row in told if (old := _old(row, earlier)) is not None), None)
        if old is not None or "open" not in same[0]:
            change = {row["at"] for row in same}, _change(item_id, same, old, extract)
            _join(found.setdefault((value, unit), []), change, opened="open" in same[0])
    return [change for each in found.values() for change in each]


def _same_games(rows: Sequence[Json], earlier: Earlier) -> list[Json]:
    """Scores under the slot that the event, else the article, has for the side of the game."""
    played: list[Json] = []
    found: list[Json] = []
    for row in rows:
        if "score" in row:
            before = (*earlier.scored(row["score"]), *played)
            old = next((old for old in before if as_before(row, old)), row)
            row = {**row, "slot": old["slot"]}
            played.append(row)
        found.append(row)
    return found


def _join(
    found: list[tuple[set[int], FigureChange]], new: tuple[set[int], FigureChange], *, opened: bool
) -> None:
    """An open figure of the same value is the same figure in other words."""
    if not (opened and found):
        found.append(new)
        return
    ats, change = found[0]
    if change.old is None:
        change = change.model_copy(update={"old": new[1].old})
    found[0] = (ats | new[0], change)


def _old(row: Json, earlier: Earlier) -> float | None:
    """The value that ``row`` replaces: as the text says, else as the event held it last."""
    if "odds" in row:
        return None
    if "former" in row:
        unit = row.get("unit")
        if earlier.holds_value(row["value"], unit):
            return None
        if row.get("corrects") or earlier.holds_value(row["former"], unit):
            return float(row["former"])
    opened = "open" in row
    found = match(row, earlier.alike(row)) if opened else revised(row, earlier.rivals(row))
    return None if found is None or _older(row, found) else float(found["value"])


def _older(new: Json, old: Json) -> bool:
    """A late report does not take back what a later one said."""
    one, two = new["of"].get("published"), old["of"].get("published")
    return one is not None and two is not None and bool(one < two)


def _key(row: Json) -> tuple[str, float, str]:
    return row["slot"], row["value"], row.get("unit", "")


def _change(item_id: str, rows: Sequence[Json], old: float | None, extract: Json) -> FigureChange:
    """From all rows that state one figure; the text is a better source than the headline."""
    in_text = [row for row in rows if extract["statements"][row["at"]]["field"] != "title"]
    row = (in_text or rows)[0]
    return FigureChange(
        slot=row["slot"],
        old=old,
        new=row["value"],
        bound=row.get("bound"),
        unit=row.get("unit"),
        as_of=_as_of(extract),
        source=position(Held(item_id, extract["statements"][row["at"]])),
    )


def _as_of(extract: Json) -> str | None:
    """The minute that the article was published, where it is known."""
    published = extract.get("published")
    if published is None:
        return None
    return f"{datetime.fromtimestamp(published, UTC):%Y-%m-%dT%H:%M}Z"
