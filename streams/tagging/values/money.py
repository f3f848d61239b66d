"""What a sum of money amounts to."""

import re

from schemas.tagged import MoneyValue
from streams.tagging.values.money_reader import read_money
from streams.tagging.values.numerals import plain, scaled
from streams.tagging.values.tables import AT_HOME, BOUNDS, FAMILY_OF, HUNDREDTHS, Bound

_PESOS = {"mx": "MXN", "ar": "ARS", "cl": "CLP", "uy": "UYU"}  # who write $ for them
_WINDOW = 24  # characters
_BOUNDS = tuple(
    (name, re.compile(rf"(?<!\w)(?:{known})(?: (?:the|a|las?|los|der|die|das))?\s*$", re.I))
    for name, known in BOUNDS.items()
)
_OPEN_END = re.compile(r"(?: or more| or above|\+|[ -]{1,3}plus\b| und mehr| o más| ou plus)")


def money_value(
    text: str, language: str, country: str = "", *, before: str = "", after: str = ""
) -> MoneyValue | None:
    """What a sum amounts to.

    Args:
        text: the mention and nothing else.
        country: where the article comes from, as in a domain (``au``); tells dollars apart.
        before, after: the words around it; they may say "more than".
    """
    found = read_money(text, 0, language, country) if text else None
    if found is None or found.end != len(text) or found.low is None:
        return None
    low, high = found.low, found.high
    if found.unit in HUNDREDTHS:
        low, high = scaled(low, -2), high and scaled(high, -2)
    if high is not None and high <= low:
        high = None
    return MoneyValue(
        amount=plain(low),
        amount_to=None if high is None else plain(high),
        currency=currency(found.unit, country),
        bound=_bound(before, after),
    )


def currency(unit: str, country: str = "") -> str | None:
    """The code that a sign or a name means in an article from that country."""
    if len(unit) == 3 and unit.isupper() and unit.isascii():
        return unit
    if unit == "$":
        return _PESOS.get(country) or AT_HOME["dollar"].get(country, "USD")
    if unit == "£":
        return AT_HOME["pound"].get(country, "GBP")
    if unit == "¥":
        return AT_HOME["yen"].get(country)
    if HUNDREDTHS.get(unit, "?") != "?":
        return HUNDREDTHS[unit]
    family = FAMILY_OF.get(unit, unit)
    given = AT_HOME.get(family, {}).get(country)
    if given is None and family in ("dollar", "pound"):
        return {"dollar": "USD", "pound": "GBP"}[family]
    return given


def _bound(before: str, after: str) -> Bound:
    """The longest words decide: "no more than" holds "more than"."""
    window = before[-_WINDOW:]
    found = [(match.start(), name) for name, words in _BOUNDS if (match := words.search(window))]
    if found:
        return min(found)[1]
    return "at_least" if _OPEN_END.match(after) else "none"
