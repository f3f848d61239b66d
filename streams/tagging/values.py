"""DATE and MONEY by pattern. Relative days ("last week") are no names and stay out."""

import re
from collections.abc import Iterator

from schemas.tagged import EntityType
from streams.tagging.tokens import Tokens

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1[5-9]|20)\d\d"
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
    rf"\b(?:{_WEEKDAY},? )?(?:the )?{_DAY}(?: ?[-–] ?{_DAY})?(?: of)? {_MONTH}(?:,? {_YEAR})?\b"
    rf"|\b(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?: ?[-–] ?{_DAY})?(?:,? {_YEAR})?\b(?![.,]\d)"
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
        last = _last_token(tokens, index, match.end())
        if last is not None:
            free = match.end()
            yield index, last, kind


def _date(text: str, start: int) -> re.Match[str] | None:
    """A date that is no part of a path such as /2024/07/."""
    match = _DATE.match(text, start)
    if match and "/" in (text[start - 1 : start], text[match.end() : match.end() + 1]):
        return None
    return match


def _last_token(tokens: Tokens, index: int, end: int) -> int | None:
    """The token that ends exactly there, if one does."""
    while index < len(tokens) and tokens.ends[index] < end:
        index += 1
    fits = index < len(tokens) and tokens.ends[index] == end
    return index if fits else None
