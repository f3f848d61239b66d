"""DATE and MONEY by pattern. Relative days ("last week") are no names and stay out."""

import re
from calendar import monthrange
from collections.abc import Iterator

from schemas.tagged import EntityType
from streams.tagging.tokens import Tokens

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[5-9]|20)\d\d"
# Any year may follow a day and a month, if it counts no people or tonnes.
_ANY_YEAR = r"[1-9]\d{3}(?! (?:million|percent|per cent|km|[a-z]{3,}s\b))"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_BEHIND = (
    "(?:"
    + "|".join(
        rf"(?<=\b{w} )"
        for w in (
            "[Ii]n [Bb]y [Ll]ast [Ss]ince [Nn]ext [Ll]ate [Ee]arly [Ff]rom [Uu]ntil [Oo]f".split()
        )
    )
    + ")"
)
_DATE = re.compile(
    rf"\b(?:{_WEEKDAY},? )?(?:the )?{_DAY}(?: ?[-–] ?{_DAY})?(?: of)? {_MONTH}(?:,? {_ANY_YEAR})?\b"
    rf"|\b(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?: ?[-–] ?{_DAY})?(?:,? {_ANY_YEAR})?\b(?![.,]\d)"
    rf"|\b{_MONTH},? {_YEAR}\b"
    rf"|\b{_YEAR}-\d\d-\d\d\b"
    rf"|\b{_YEAR}[/–-](?:{_YEAR}|\d\d)\b"
    rf"|\b{_YEAR}s?\b(?! ?(?:people|million|%|percent|per cent|km|metres|meters|tonnes))(?![.,]?\d)"
    rf"|\b{_WEEKDAY}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th) century\b"
    r"|\b(?:January|February|April|June|July|August|September|October|November|December)\b"
    # March and May are words too: only behind a word that a month follows.
    rf"|{_BEHIND}(?:March|May)\b"
)
_SCALE = (
    r"(?:hundred|thousand|million|billion|trillion|crore|lakh"
    r"|mln|bln|bn|tn|m|b|k)"
)
_UNIT = (
    r"(?:(?:US|U\.S\.|Australian|Canadian|Hong Kong|Singapore|New Zealand) )?(?:dollars?|cents?)"
    r"|euros?|(?:British )?pounds?(?: sterling)?|pence|yen|yuan|renminbi|(?:Korean )?won|rupees?"
    r"|roubles?|rubles?|(?:[A-Z][a-z]+ )?pesos?|(?:[A-Z][a-z]+ )?francs?|kron(?:er|or)|reais|rand"
    r"|dirhams?|riyals?|rials?|dinars?|shillings?|naira|baht|ringgit|rupiah|dong|hryvnias?|zloty"
    r"|lira|shekels?|colones|bolivars?|soles|kwacha|USD|EUR|GBP|JPY|CNY|CHF|INR|AUD|CAD"
)
_NUMBER = r"\d+(?:[.,  ]\d{3})*(?:[.,]\d+)?"
_SIGN = (
    r"(?:(?:US|A|C|HK|S|NZ|NT|AU|CA|N|R) ?)?\$|[€£¥₹₽₩₺₦₡₱₪฿]"
    r"|\b(?:Rs\.?|Tk|Dh|USD|EUR|GBP|CHF|Sh|Ksh|R(?= ?\d))"
)
_MONEY = re.compile(
    rf"(?:{_SIGN}) ?{_NUMBER}(?: ?[-–] ?{_NUMBER})?(?:[ -]?{_SCALE}\b)?(?: (?:US )?dollars\b)?"
    rf"|\b{_NUMBER} ?(?:{_SCALE}\b )?(?:{_UNIT})\b"
    rf"|\b{_NUMBER} ?(?:(?:{_SCALE})\b ?)?[€£]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|a|half a|several|hundreds of)"
    rf" (?:million|billion|trillion) (?:{_UNIT})\b"
)
_NAMED = frozenset(
    "January February March April May June July August September October November December Jan Feb "
    "Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday "
    "Sunday".split()
)
_MONEY_FIRST = frozenset(
    "$ € £ ¥ ₹ ₽ ₩ ₺ ₦ ₡ ₱ ₪ ฿ US A C HK S NZ NT AU CA N R Rs Tk Dh USD EUR GBP CHF Sh Ksh one two "
    "three four five six seven eight nine ten a half several hundreds".split()
)


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_NAMED_MONTH = re.compile("|".join(_MONTHS))
_FOUR = re.compile(r"\b\d{4}\b")
_DAYS = re.compile(r"\b\d{1,2}(?=\D|$)")
_LEAP = 2000
_DAY_NAME = re.compile(rf"{_WEEKDAY}\b")


def values(tokens: Tokens) -> Iterator[tuple[int, int, EntityType]]:
    """(first token, last token, DATE or MONEY), in order and apart from one another.

    Patterns are tried only where a token can begin one: a digit, a sign, a month, a weekday.
    """
    text, starts, free = tokens.text, tokens.starts, 0
    for index, word in enumerate(tokens.words):
        number = word[0].isdigit()
        if not (number or word in _NAMED or word in _MONEY_FIRST) or starts[index] < free:
            continue
        match = None
        kind: EntityType = "MONEY"
        if number or word in _MONEY_FIRST:
            match = _MONEY.match(text, starts[index])
        if match is None and (number or word in _NAMED):
            kind, match = "DATE", _date(text, starts[index])
        if match is None:
            continue
        if kind == "DATE" and not _exists(match.group()):
            free = match.end()  # no part of it either, but for the day of the week
            match = _DAY_NAME.match(text, starts[index])
        last = _last_token(tokens, index, match.end()) if match else None
        if match and last is not None:
            free = max(free, match.end())
            yield index, last, kind


def _date(text: str, start: int) -> re.Match[str] | None:
    """A date that is no part of a path such as /2024/07/."""
    match = _DATE.match(text, start)
    if match and "/" in (text[start - 1 : start], text[match.end() : match.end() + 1]):
        return None
    return match


def _exists(text: str) -> bool:
    """The calendar has that day; without a year, in some year. 30 February is no date."""
    iso = _ISO.fullmatch(text)
    named = _NAMED_MONTH.search(text)
    if iso:
        year, month, days = int(iso[1]), int(iso[2]), [int(iso[3])]
    elif named:
        found = _FOUR.search(text)
        year, month = int(found[0]) if found else _LEAP, _MONTHS.index(named[0]) + 1
        days = [int(day) for day in _DAYS.findall(text)]
    else:
        return True
    return 1 <= month <= 12 and all(1 <= day <= monthrange(year, month)[1] for day in days)


def _last_token(tokens: Tokens, index: int, end: int) -> int | None:
    """The token that ends exactly there, if one does."""
    while index < len(tokens) and tokens.ends[index] < end:
        index += 1
    fits = index < len(tokens) and tokens.ends[index] == end
    return index if fits else None
