"""What a written sum amounts to, by language, country and the words before it."""

import time

import pytest

from streams.tagging.values.money import money_value


def worth(text: str, language: str = "en", country: str = "", **around: str) -> str:
    """``3500000 USD``; a range with two numbers; the bound if there is one."""
    found = money_value(text, language, country, **around)
    if found is None:
        return "-"
    upto = f"..{found.amount_to}" if found.amount_to else ""
    bound = "" if found.bound == "none" else f" {found.bound}"
    return f"{found.amount}{upto} {found.currency or '?'}{bound}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$3.5 million", "3500000 USD"),
        ("$5m", "5000000 USD"),
        ("$1.65 m", "1650000 USD"),
        ("€3bn", "3000000000 EUR"),
        ("£20k", "20000 GBP"),
        ("US$1.2 trillion", "1200000000000 USD"),
        ("US $10", "10 USD"),
        ("A$3bn", "3000000000 AUD"),
        ("C$2.50", "2.5 CAD"),
        ("HK$40", "40 HKD"),
        ("NT $1,500", "1500 TWD"),
        ("$5 pesos", "5 ?"),
        ("$300 million US Dollars", "300000000 USD"),
        ("200 million euros", "200000000 EUR"),
        ("12,34,567 rupees", "1234567 ?"),
        ("₹5 lakh", "500000 INR"),
        ("₹ 21 crore", "210000000 INR"),
        ("₹1 lakh crore", "1000000000000 INR"),
        ("half a million dollars", "500000 USD"),
        ("three million euros", "3000000 EUR"),
        ("two and a half billion euros", "2500000000 EUR"),
        ("twenty-five thousand dollars", "25000 USD"),
        ("two hundred million yen", "200000000 JPY"),
        ("one million two hundred thousand dollars", "1200000 USD"),
        ("a hundred dollars", "100 USD"),
        ("tens of millions of dollars", "-"),
        ("three-and-out", "-"),
        ("several million dollars", "-"),
        ("30-million-dollar", "30000000 USD"),
        ("$3-5 million", "3000000..5000000 USD"),
        ("$5-$6 million", "5000000..6000000 USD"),
        ("$900-$1.2 million", "900..1200000 USD"),
        ("60 cents", "0.6 ?"),
        ("40 pence", "0.4 GBP"),
        ("20 Mexican pesos", "20 MXN"),
        ("150,000 Egyptian pounds", "150000 EGP"),
        ("100 pesos", "100 ?"),
        ("500 Swiss francs", "500 CHF"),
        ("149 million U. S. dollars", "149000000 USD"),
        ("ZAR 1,7 million", "1700000 ZAR"),
        ("QR 8,944,593", "8944593 QAR"),
        ("SAR 50,000", "50000 SAR"),
        ("12 CUP", "12 CUP"),
        ("CHF 1’234.50", "1234.5 CHF"),
        ("USD 1'234'567", "1234567 USD"),
        ("$0.05", "0.05 USD"),
        ("$0", "0 USD"),
        ("$1.234", "1.234 USD"),
        ("12345678901234567890 dollars", "12345678901234567890 USD"),
        ("$123456789012345678901234.01 trillion", f"{12345678901234567890123401}0000000000 USD"),
    ],
)
def test_english_sums(text: str, expected: str) -> None:
    assert worth(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "1.234,56 €", "1234.56 EUR"),
        ("de", "€ 1.234", "1234 EUR"),
        ("de", "3 Millionen Euro", "3000000 EUR"),
        ("de", "3,5 Mrd. Euro", "3500000000 EUR"),
        ("de", "5 Mio. US-Dollar", "5000000 USD"),
        ("de", "1 Billion Euro", "1000000000000 EUR"),
        ("de", "eine halbe Million Euro", "500000 EUR"),
        ("de", "fünfundzwanzig Millionen Franken", "25000000 CHF"),
        ("de", "20 Cent", "0.2 ?"),
        ("es", "3.500 millones de euros", "3500000000 EUR"),
        ("es", "2 mil millones de dólares", "2000000000 USD"),
        ("es", "medio millón de dólares", "500000 USD"),
        ("es", "300 pesos mexicanos", "300 MXN"),
        ("es", "US$ 5 millones", "5000000 USD"),
        ("fr", "1 234,56 €", "1234.56 EUR"),
        ("fr", "1\u202f234,56\u00a0€", "1234.56 EUR"),
        ("fr", "3,5 milliards d’euros", "3500000000 EUR"),
        ("fr", "un demi-million d'euros", "500000 EUR"),
        ("fr", "5 M€", "5000000 EUR"),
        ("fr", "10 $US", "10 USD"),
        ("fr", "trois cents euros", "300 EUR"),
        ("ru", "3,5 млрд рублей", "3500000000 RUB"),
        ("ru", "20 тыс. рублей", "20000 RUB"),
        ("ru", "3 миллиона долларов США", "3000000 USD"),
        ("ru", "двадцать пять миллионов рублей", "25000000 RUB"),
        ("ru", "полмиллиона долларов", "500000 USD"),
        ("ru", "1 234,56 ₽", "1234.56 RUB"),
        ("it", "3 milioni di euro", "3000000 EUR"),
        ("it", "un miliardo e mezzo di dollari", "1500000000 USD"),
        ("es", "dos millones y medio de euros", "2500000 EUR"),
        ("pt", "R$ 1.234,56", "1234.56 BRL"),
        ("pt", "2 mil milhões de euros", "2000000000 EUR"),
        ("nl", "drie miljoen euro", "3000000 EUR"),
    ],
)
def test_sums_in_other_languages(language: str, text: str, expected: str) -> None:
    assert worth(text, language) == expected


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("$5", "au", "AUD"),
        ("$5", "ca", "CAD"),
        ("$5", "de", "USD"),
        ("US$5", "au", "USD"),
        ("5 dollars", "nz", "NZD"),
        ("5 rupees", "pk", "PKR"),
        ("Rs 500", "in", "INR"),
        ("5 pesos", "ar", "ARS"),
        ("¥500", "cn", "CNY"),
        ("¥500", "", "?"),
        ("5 cents", "au", "AUD"),
        ("5 kroner", "dk", "DKK"),
        ("5 kroner", "", "?"),
    ],
)
def test_the_country_tells_equal_names_apart(text: str, country: str, expected: str) -> None:
    assert worth(text, country=country).split()[1] == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("at least ", "", "at_least"),
        ("more than ", "", "at_least"),
        ("no more than ", "", "at_most"),
        ("no less than ", "", "at_least"),
        ("up to ", "", "at_most"),
        ("about ", "", "about"),
        ("an estimated ", "", "about"),
        ("", " or more", "at_least"),
        ("It cost ", " in all", "none"),
        ("mehr als ", "", "at_least"),
        ("hasta ", "", "at_most"),
        ("environ ", "", "about"),
        ("не менее ", "", "at_least"),
    ],
)
def test_words_around_a_sum_bound_it(before: str, after: str, expected: str) -> None:
    found = money_value("$5", "en", before=before, after=after)
    assert found
    assert found.bound == expected


def test_a_comma_divides_thousands_in_spanish_of_mexico() -> None:
    assert worth("$1,234", "es", "mx") == "1234 MXN"
    assert worth("1,234 €", "es", "es") == "1.234 EUR"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$",
        "$ -5",
        "dollars",
        "5",
        "$5 or so",
        "1.2.3,4.5 dollars",
        "1,2,3 dollars",
        "TOP 100",
        "ALL 3000",
        "ABC 500",
        "COP 26",
        "SDG 2030",
        "2 won",
        "٥ dollars",
        "$٥",
        "²$",
        "half dollars of",
        "and million dollars",
        "1" * 1_000_000 + " dollars",
        "$" + "1," * 500_000,
        "111 " * 250_000 + "dollars",
        "a " * 500_000,
        "million " * 100_000,
    ],
)
def test_what_is_no_sum_has_no_value(text: str) -> None:
    begun = time.process_time()
    assert worth(text) == "-"
    assert time.process_time() - begun < 1
