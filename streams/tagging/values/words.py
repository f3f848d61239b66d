"""The words that dates and sums are written with, by language.

Names of months, weekdays and currencies are those of CLDR, by babel. A language without a table
here is read as English.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

from streams.tagging.values.tables import (
    CENTS,
    COMMA,
    HEADS,
    MORE,
    NUMBER_WORDS,
    RUSSIAN,
    SCALES,
    TABLES,
)

_COUNTS = (1, 2, 5, 1.5)  # one of each plural form of any language here
_NAMED_CODES = """USD EUR GBP JPY CNY CHF INR AUD CAD NZD HKD SGD TWD KRW RUB UAH PLN CZK HUF SEK
NOK DKK ISK TRY ILS EGP SAR AED QAR KWD BHD OMR JOD IQD IRR LBP SYP YER TND DZD MAD LYD NGN GHS KES
UGX TZS ETB ZAR NAD ZMW MXN ARS CLP COP PEN UYU DOP CUP PHP THB MYR IDR VND PKR LKR NPR BDT KZT BYN
GEL AZN AMD RSD RON BGN XOF XAF BRL""".split()
_RU_WEEKDAYS = {"среду": 2, "пятницу": 4, "субботу": 5}
# Month names that are words or names too: alone they are no date.
_NOT_ALONE = frozenset("march may mars mei maart".split())
_CAPITAL = frozenset(("en", "de"))  # months and weekdays are written with one


@dataclass(frozen=True, slots=True)
class Words:
    """What one language has. Keys are lower case."""

    language: str
    months: dict[str, int]  # all forms and abbreviations, without a dot
    short: frozenset[str]  # of them the abbreviations
    days: dict[str, int]  # Monday is 0
    alone: frozenset[str]  # as written: a month or a weekday that is a date by itself
    scales: dict[str, int]  # powers of ten
    units: dict[str, str]  # currencies: a code, or "?"
    numbers: frozenset[str]
    comma: bool


@lru_cache(maxsize=32)
def words(language: str) -> Words:
    """The words of a language; English for one without a table."""
    known = language if language in TABLES else "en"
    locale = Locale(known)
    months, short = _months(locale)
    days = _weekdays(locale)
    if known == "ru":
        days |= _RU_WEEKDAYS
    return Words(
        known,
        months,
        short,
        days,
        frozenset(_alone(known, [*(set(months) - short), *days])),
        {word: power for power, names in SCALES[known].items() for word in names.split()},
        _units(locale),
        frozenset(_numbers(known)),
        language in COMMA,
    )


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """ISO 4217 codes of the currencies that are in use somewhere."""
    countries = get_global("territory_currencies").values()
    return frozenset(
        code for uses in countries for code, _, end, tender in uses if tender and end is None
    )


def _months(locale: Locale) -> tuple[dict[str, int], frozenset[str]]:
    names: dict[str, int] = {}
    short: dict[str, int] = {}
    for use in ("format", "stand-alone"):
        names |= {name.lower(): n for n, name in locale.months[use]["wide"].items()}
        short |= {
            name.lower().rstrip("."): n for n, name in locale.months[use]["abbreviated"].items()
        }
    if locale.language == "ru":  # в январе, в марте
        for name, number in list(names.items()):
            if name[-1] in "ьйт":
                names[name[:-1] + "е" if name[-1] in "ьй" else name + "е"] = number
    if locale.language == "de":
        names |= {"jänner": 1, "feber": 2}
        short |= {"dez": 12, "okt": 10, "sep": 9}
    if locale.language == "en":
        short |= {"sept": 9}
    if locale.language == "es":
        names |= {"setiembre": 9}
    return names | short, frozenset(short.keys() - names.keys())


def _weekdays(locale: Locale) -> dict[str, int]:
    names = {name.lower(): n for n, name in locale.days["format"]["wide"].items()}
    if locale.language == "en":
        names |= {f"{name}s": n for name, n in names.items()}
    if locale.language == "de":
        names |= {"sonnabend": 5}
    return names


def _alone(language: str, names: list[str]) -> list[str]:
    if language == "ru":  # среда is a word, мая stands behind a day
        names = [n for n in names if n not in ("среда", "среду") and n[-1] not in "яа"]
    kept = [name for name in names if name not in _NOT_ALONE]
    return [name.capitalize() for name in kept] if language in _CAPITAL else kept


def _units(locale: Locale) -> dict[str, str]:
    """Full names by CLDR ("swiss francs"), then bare ones, then what CLDR does not have."""
    found: dict[str, str] = {}
    for code in _NAMED_CODES:
        names = {locale.currencies.get(code, code)}
        names |= {get_currency_name(code, count, locale) for count in _COUNTS}
        found |= {name.lower(): code for name in names}
    heads = (pair.partition("=") for pair in HEADS[locale.language].split())
    found |= {name: code for name, _, code in heads}
    hundredths = (pair.partition("=") for pair in CENTS[locale.language].split())
    return found | MORE.get(locale.language, {}) | {name: code for name, _, code in hundredths}


def _numbers(language: str) -> Iterable[str]:
    """Words that a number in words may begin with."""
    yield from NUMBER_WORDS[language].split()
    if language == "ru":
        yield from RUSSIAN
    if language == "de":  # fünfundzwanzig, dreihundert
        ones = "ein zwei drei vier fünf sechs sieben acht neun".split()
        tens = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
        yield from (f"{one}und{ten}" for one in ones for ten in tens)
        yield from (one + scale for one in ones for scale in ("hundert", "tausend"))
