"""DATE and MONEY in a text, and what each amounts to. Relative days ("last week") stay out."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from schemas.article import Article, Precision
from schemas.tagged import DateValue, EntityType, MoneyValue
from streams.tagging.tokens import Tokens
from streams.tagging.values.date_patterns import date_pattern, names_of_dates
from streams.tagging.values.dates import date_value
from streams.tagging.values.money import money_value
from streams.tagging.values.money_reader import read_money
from streams.tagging.values.tables import SIGNS
from streams.tagging.values.words import codes, words

# Characters around a value that may say more of it.
_BEFORE, _AFTER_DATE, _AFTER_SUM = 80, 40, 24
_MONTH_FIRST = frozenset(("us", "ph"))
_NO_COUNTRY = frozenset("com org net int info biz eu io co me tv news".split())

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_FOUR = re.compile(r"\b\d{4}\b")
_DAYS = re.compile(r"\b\d{1,2}(?=\D|$)")
_TITLE = re.compile(r"\b(?:Act|Bill|Rules|Vision)(?: No\.? ?\d{1,4})?(?: of)? \Z")
_WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
_LEAP = 2000


@dataclass(frozen=True, slots=True)
class Setting:
    """What an article tells about the dates and sums in it."""

    language: str = "en"
    published: date | None = None
    precision: Precision = "unknown"
    country: str = ""

    @classmethod
    def of(cls, article: Article) -> "Setting":
        """Its language, its day, and the country of its web address."""
        published = article.published_at.date() if article.published_at else None
        country = country_of(article.url) or country_of(article.source.website)
        return cls(article.language, published, article.published_precision, country)


def country_of(url: str | None) -> str:
    """The country that a web address ends with, as two letters; empty if it names none."""
    try:
        host = urlsplit(url if url and "//" in url else f"//{url or ''}").hostname or ""
    except ValueError:  # a bracket that nothing closes
        return ""
    last = host.rpartition(".")[2]
    return last if len(last) == 2 and last not in _NO_COUNTRY else ""


def value_of(
    kind: EntityType, text: str, start: int, end: int, setting: Setting
) -> DateValue | MoneyValue | None:
    """The value of a DATE or MONEY that stands there; ``None`` for other types."""
    if kind not in ("DATE", "MONEY"):
        return None
    surface = text[start:end]
    before = text[max(0, start - _BEFORE) : start]
    if kind == "MONEY":
        after = text[end : end + _AFTER_SUM]
        return money_value(surface, setting.language, setting.country, before=before, after=after)
    return date_value(
        surface,
        setting.language,
        setting.published,
        setting.precision,
        before=before,
        after=text[end : end + _AFTER_DATE],
        month_first=setting.country in _MONTH_FIRST,
    )


def find_values(tokens: Tokens, language: str = "en") -> Iterator[tuple[int, int, EntityType]]:
    """(first token, last token, DATE or MONEY), in order and apart from one another.

    Patterns are tried only where a token can begin one: a digit, a sign, a month, a weekday.
    """
    text, starts, free = tokens.text, tokens.starts, 0
    money, dates = _openings(language)
    pattern = date_pattern(language)
    for index, word in enumerate(tokens.words):
        number = word[0] in "0123456789"
        if not (number or word in dates or word in money) or starts[index] < free:
            continue
        start = starts[index]
        if number or word in money:
            found = read_money(text, start, language)
            last = _last_token(tokens, index, found.end) if found else None
            if found and last is not None:
                free = found.end
                yield index, last, "MONEY"
                continue
        if not (number or word in dates):
            continue
        match = _date(text, start, pattern)
        if match is None:
            continue
        end = match.end()
        if not _exists(match.group(), language):
            free = end  # no part of it either, but for the day of the week
            end = start + len(word) if word.lower() in words(language).days else start
        last = _last_token(tokens, index, end) if end > start else None
        if last is not None:
            free = max(free, end)
            yield index, last, "DATE"


@lru_cache(maxsize=32)
def _openings(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """(first tokens of sums, first tokens of dates), but for digits."""
    known = words(language)
    signs = {sign for sign in SIGNS if sign.isalpha()} | {sign[0] for sign in SIGNS}
    signs |= {re.sub(r"[^A-Z].*", "", sign) for sign in SIGNS} | {"U.S.", "U. S.", "US", "COP"}
    numbers = {form for word in known.numbers for form in (word, word.capitalize())}
    return frozenset(signs | codes() | numbers) - {""}, names_of_dates(language)


def _date(text: str, start: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """A date that is no part of a path such as /2024/07/."""
    match = pattern.match(text, start)
    if match and match.end() - start == 4 and _TITLE.search(text, max(0, start - 24), start):
        return None  # the Companies Act 2006
    if match and "/" in (text[start - 1 : start], text[match.end() : match.end() + 1]):
        return None
    return match


def _exists(text: str, language: str) -> bool:
    """The calendar has that day; without a year, in some year. 30 February is no date."""
    iso = _ISO.fullmatch(text)
    months = words(language).months
    if iso:
        year, month, days = int(iso[1]), int(iso[2]), [int(iso[3])]
    else:
        named = [months[name] for name in map(str.lower, _WORD.findall(text)) if name in months]
        if not named:
            return True
        found = _FOUR.search(text)
        year, month = int(found[0]) if found else _LEAP, named[0]
        days = [int(day) for day in _DAYS.findall(text)]
    return 1 <= month <= 12 and all(1 <= day <= monthrange(year, month)[1] for day in days)


def _last_token(tokens: Tokens, index: int, end: int) -> int | None:
    """The token that ends exactly there, if one does."""
    while index < len(tokens) and tokens.ends[index] < end:
        index += 1
    fits = index < len(tokens) and tokens.ends[index] == end
    return index if fits else None
