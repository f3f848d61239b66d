"""Which texts are DATE and MONEY, and what the tagger writes to a mention."""

import time
from datetime import UTC, date, datetime

import pytest

from schemas.article import Article, Provenance, RawPosition, Source
from schemas.tagged import DateValue, Mention, MoneyValue
from streams.tagger import default_tagger
from streams.tagging.tokens import tokenize
from streams.tagging.values.find import country_of, find_values


def found(text: str, language: str = "en") -> list[str]:
    tokens = tokenize("body", text)
    return [tokens.surface(first, last) for first, last, _ in find_values(tokens, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "From July 6 to 16 or July 6 to August 9.", ["July 6 to 16", "July 6", "August 9"]),
        ("en", "It closed in November of 2020.", ["November of 2020"]),
        ("en", "The Torvel Act 2006, Act No. 4 of 2007, in 2008.", ["2008"]),
        ("en", "Under R2P the R20 toll rose.", ["R20"]),
        ("it", "R2P e N. 00834980153.", []),
        ("fr", "En janvier\u00a02011 et le 5\u00a0mars\u00a02012.",
         ["janvier\u00a02011", "5\u00a0mars\u00a02012"]),
        ("en", "Closed on Mondays and Fridays.", ["Mondays", "Fridays"]),
        ("en", "Written in 1532-3, born in 1470.", ["1532-3", "1470"]),
        ("en", "He spent 1470 hours on it.", []),
        ("en", "Heard on 27.08.2022.", ["27.08.2022"]),
        ("en", "See /2024/07/ or version 1.2.2024.1 there.", []),
        ("en", "Last week, yesterday and today it rained.", []),
        ("en", "He may march. In May they march.", ["May"]),
        ("en", "It cost A$3bn or HK $20 million.", ["A$3bn", "HK $20 million"]),
        ("en", "Paid $5-$6 million, then $5 - $6.", ["$5-$6 million", "$5", "$6"]),
        ("en", "They won 2 won games, and COP 26 met.", []),
        ("en", "The US 300 people left.", []),
        ("en", "The U.S. 300 people left.", []),
        ("en", "A trillion-dollar firm; tens of millions of dollars.",
         ["A trillion-dollar", "tens of millions of dollars"]),
        ("de", "Am Montag, den 4. März, und am 5. März 2024.",
         ["Montag, den 4. März", "5. März 2024"]),
        ("de", "Seit 2019 sind 2000 Menschen da.", ["2019"]),
        ("de", "Das kostet 3,5 Mrd. Euro, mithin 1.234,56 €.", ["3,5 Mrd. Euro", "1.234,56 €"]),
        ("de", "Es kostete 3 Mio. Das war viel.", []),
        ("es", "El lunes 4 de marzo y en marzo de 2023.", ["lunes 4 de marzo", "marzo de 2023"]),
        ("es", "Costó 3.500 millones de euros en 1998.", ["3.500 millones de euros", "1998"]),
        ("fr", "Le 1er mai, sur Mars et en mars 2024.", ["1er mai", "mars 2024"]),
        ("fr", "Il a 3 millions d'euros et trois cents euros.",
         ["3 millions d'euros", "trois cents euros"]),
        ("ru", "В среду, 5 марта 2024 года, среда.", ["среду, 5 марта 2024 года"]),
        ("ru", "Это 3,5 млрд рублей и 2000 человек.", ["3,5 млрд рублей"]),
        ("it", "Il 5 marzo 2024 costò 3 milioni di euro.", ["5 marzo 2024", "3 milioni di euro"]),
        ("pt", "Na segunda-feira, R$ 5 milhões.", ["segunda-feira", "R$ 5 milhões"]),
        ("nl", "Op maandag 5 maart 2024.", ["maandag 5 maart 2024"]),
        ("zh", "在 2024-03-05 付 $5 了", ["2024-03-05", "$5"]),
    ],
)  # fmt: skip
def test_what_counts_as_a_date_or_a_sum(language: str, text: str, expected: list[str]) -> None:
    assert found(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 31. Februar 2024 geschah nichts."),
        ("es", "El 31 de abril de 2024 no pasó nada."),
        ("fr", "Le 31 février il ne se passa rien."),
        ("ru", "31 июня 2024 года ничего не было."),
    ],
)
def test_a_day_that_no_calendar_has_is_no_date(language: str, text: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(
    "part", ["1", "1 ", "111 ", "1,111 ", "$", "$1-", "March ", "5 March to ", "May 5 to ",
             "a million ", "hundred ", "2024-", "2024/", "US ", "A$", "one and ", "5 to 6 ", "٣",
             "Monday, ", "1.1."]
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_time_grows_with_the_text_and_not_with_its_square(part: str, language: str) -> None:
    tokens = tokenize("body", part * (200_000 // len(part)))
    begun = time.process_time()
    list(find_values(tokens, language))
    assert time.process_time() - begun < 4  # seconds; a square would take minutes


def mentions(body: str, url: str | None = None, language: str = "en") -> dict[str, Mention]:
    article = Article(
        item_id="item",
        source=Source(name="test"),
        url=url,
        language=language,
        published_at=datetime(2024, 3, 6, 12, tzinfo=UTC),
        published_precision="exact",
        body=body,
        provenance=Provenance(
            origin="-",
            format="text",
            raw=RawPosition(topic="articles.raw.v1", partition=0, offset=0),
            sha256="",
        ),
    )
    return {mention.surface: mention for mention in default_tagger().tag(article)}


def test_a_mention_carries_its_value() -> None:
    seen = mentions("The board said on Monday it lost more than $5 million.")
    monday = date(2024, 3, 4)
    assert seen["Monday"].value == DateValue(
        start=monday, end=monday, precision="day", relative=True
    )
    assert seen["$5 million"].value == MoneyValue(
        amount="5000000", currency="USD", bound="at_least"
    )
    assert Mention.model_validate_json(seen["Monday"].model_dump_json()) == seen["Monday"]


def test_the_web_address_tells_whose_dollars() -> None:
    body = "It cost $5 million."
    home = mentions(body, "https://news.example.com.au/a")["$5 million"].value
    assert isinstance(home, MoneyValue)
    assert home.currency == "AUD"


def test_other_mentions_have_no_value() -> None:
    assert mentions("Vladimir Putin spoke in Moscow.")["Moscow"].value is None


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://example.com.au/a", "au"),
        ("example.ca", "ca"),
        ("https://example.com/au", ""),
        ("https://example.io/", ""),
        (None, ""),
        ("", ""),
        ("https://[", ""),
    ],
)
def test_the_country_is_the_end_of_the_host(url: str | None, country: str) -> None:
    assert country_of(url) == country
