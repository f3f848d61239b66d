"""Dates and sums that are written out come back as the day and the number they were."""

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from schemas.tagged import DateValue, MoneyValue
from streams.tagging.tokens import tokenize
from streams.tagging.values.find import Setting, find_values, value_of

LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl", "ru")
DAYS = st.dates(date(1500, 1, 1), date(2100, 12, 31))
FORMS = {
    "en": (
        "MMMM d, y", "MMM d, y", "d MMMM y", "EEEE, MMMM d, y", "EEEE d MMMM y", "MMMM d y",
        "yyyy-MM-dd", "d'th' 'of' MMMM, y",
    ),
    "de": ("d. MMMM y", "EEEE, d. MMMM y", "EEEE, 'den' d. MMMM y", "dd.MM.y", "d.M.y",
           "yyyy-MM-dd"),
    "es": ("d 'de' MMMM 'de' y", "EEEE, d 'de' MMMM 'de' y", "d MMM y", "dd/MM/y", "yyyy-MM-dd"),
    "fr": ("d MMMM y", "EEEE d MMMM y", "d MMM y", "dd/MM/y", "yyyy-MM-dd"),
    "it": ("d MMMM y", "EEEE d MMMM y", "d MMM y", "dd/MM/y", "yyyy-MM-dd"),
    "pt": ("d 'de' MMMM 'de' y", "EEEE, d 'de' MMMM 'de' y", "dd/MM/y", "yyyy-MM-dd"),
    "nl": ("d MMMM y", "EEEE d MMMM y", "d MMM y", "yyyy-MM-dd"),
    "ru": ("d MMMM y 'года'", "EEEE, d MMMM y 'г.'", "d MMMM y", "dd.MM.y", "yyyy-MM-dd"),
}  # fmt: skip
MONEY = [
    *((f"en_{country}", code) for country in ("US", "GB", "IN")
      for code in ("USD", "EUR", "GBP", "INR", "AUD", "CAD", "HKD", "BRL", "ILS", "CHF", "RUB")),
    *((locale, code) for locale in ("de_DE", "de_AT", "es_ES", "fr_FR", "it_IT",
                                    "pt_BR", "pt_PT", "nl_NL", "ru_RU")
      for code in ("USD", "EUR", "GBP", "CHF", "RUB", "INR")),
    ("fr_CA", "EUR"), ("es_MX", "EUR"), ("ru_RU", "UAH"), ("pt_BR", "BRL"),
]  # fmt: skip
ADDRESS = {"es_MX": "mx"}


def read(text: str, setting: Setting) -> DateValue | MoneyValue | None:
    """The value of the one mention in a sentence, which must be all of it."""
    tokens = tokenize("body", f"({text})")
    [(first, last, kind)] = find_values(tokens, setting.language)
    start, end = tokens.starts[first], tokens.ends[last]
    assert tokens.text[start:end].rstrip(".") == text.rstrip(".")
    return value_of(kind, tokens.text, start, end, setting)


@pytest.mark.parametrize(("language", "form"), [(k, form) for k in LANGUAGES for form in FORMS[k]])
@given(day=DAYS)
def test_a_date_in_any_form_comes_back_as_its_day(language: str, form: str, day: date) -> None:
    text = format_date(day, form, locale=language)
    assert read(text, Setting(language)) == DateValue(start=day, end=day, precision="day")


@pytest.mark.parametrize("mark", ["'", "’"])
@given(cents=st.integers(0, 10**14))
def test_a_swiss_sum_comes_back_as_its_number(mark: str, cents: int) -> None:
    """Written by hand: what libraries take for Swiss grouping changes."""
    amount = Decimal(cents) / 100
    found = read(f"CHF {amount:,.2f}".replace(",", mark), Setting("de"))
    assert isinstance(found, MoneyValue)
    assert Decimal(found.amount) == amount
    assert found.currency == "CHF"


@pytest.mark.parametrize(("locale", "code"), MONEY)
@given(cents=st.integers(0, 10**14))
def test_a_sum_in_any_locale_comes_back_as_its_number(locale: str, code: str, cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    text = format_currency(amount, code, locale=locale)
    found = read(text, Setting(locale[:2], country=ADDRESS.get(locale, "")))
    assert isinstance(found, MoneyValue)
    assert (Decimal(found.amount), found.currency) == (amount, code)


@given(
    text=st.lists(
        st.sampled_from(
            "5|31|2024|1,5|1.234|$|€|US|May|March|Monday|February|to|-|–|/|.|,| |\n|million|a|half|"
            "dollars|of|the|²|٣|Rs|CUP|5. März|Euro|de|'|’|\u00a0|s|and|th|U.S.|XXI".split("|")
        ),
        max_size=30,
    ).map("".join),
    language=st.sampled_from((*LANGUAGES, "und", "zh")),
    published=st.dates(),
)
def test_any_text_gives_ordered_mentions_and_whole_values(
    text: str, language: str, published: date
) -> None:
    tokens = tokenize("body", text)
    free = 0
    for first, last, kind in find_values(tokens, language):
        assert free <= first <= last
        free = last + 1
        start, end = tokens.starts[first], tokens.ends[last]
        value = value_of(kind, text, start, end, Setting(language, published, "day"))
        if isinstance(value, DateValue):
            assert value.start <= value.end
        if isinstance(value, MoneyValue):
            assert Decimal(value.amount) >= 0
