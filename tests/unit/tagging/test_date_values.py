"""What a written date means, by language, and when nothing can be said."""

from datetime import date

import pytest

from streams.tagging.values.dates import date_value

WEDNESDAY = date(2024, 3, 6)


def days(
    text: str, language: str = "en", published: date | None = WEDNESDAY, **more: object
) -> str:
    """``2024-03-05 day``; two days where they differ; a tilde where publication decided."""
    found = date_value(text, language, published, **more)  # type: ignore[arg-type]
    if found is None:
        return "-"
    span = f"{found.start}" if found.start == found.end else f"{found.start}..{found.end}"
    return f"{'~' * found.relative}{span} {found.precision}"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "June 19, 2024", "2024-06-19 day"),
        ("en", "19th of June 2024", "2024-06-19 day"),
        ("en", "Wednesday, June 19, 2024", "2024-06-19 day"),
        ("en", "the 3rd of May, 1848", "1848-05-03 day"),
        ("en", "Sept. 5, 2001", "2001-09-05 day"),
        ("en", "2024-06-19", "2024-06-19 day"),
        ("en", "27/08/2022", "2022-08-27 day"),
        ("en", "4/6/2022", "-"),
        ("en", "June 2024", "2024-06-01..2024-06-30 month"),
        ("en", "November of 2020", "2020-11-01..2020-11-30 month"),
        ("en", "2024", "2024-01-01..2024-12-31 year"),
        ("en", "1990s", "1990-01-01..1999-12-31 decade"),
        ("en", "2000s", "2000-01-01..2009-12-31 decade"),
        ("en", "1800s", "1800-01-01..1899-12-31 century"),
        ("en", "21st century", "2001-01-01..2100-12-31 century"),
        ("en", "2022-23", "2022-01-01..2023-12-31 range"),
        ("en", "2022/2024", "2022-01-01..2024-12-31 range"),
        ("en", "1543-4", "1543-01-01..1544-12-31 range"),
        ("en", "July 6 to 16, 2022", "2022-07-06..2022-07-16 range"),
        ("en", "28-31 July 2022", "2022-07-28..2022-07-31 range"),
        ("de", "5. März 2024", "2024-03-05 day"),
        ("de", "Dienstag, den 5. März 2024", "2024-03-05 day"),
        ("de", "5.3.2024", "2024-03-05 day"),
        ("de", "28. Dezember bis zum 3. Januar 2024", "2023-12-28..2024-01-03 range"),
        ("de", "1990er Jahren", "1990-01-01..1999-12-31 decade"),
        ("de", "19. Jahrhundert", "1801-01-01..1900-12-31 century"),
        ("es", "5 de marzo de 2024", "2024-03-05 day"),
        ("es", "28 al 31 de julio de 2022", "2022-07-28..2022-07-31 range"),
        ("es", "marzo de 2024", "2024-03-01..2024-03-31 month"),
        ("es", "años 1990", "1990-01-01..1999-12-31 decade"),
        ("es", "siglo XXI", "2001-01-01..2100-12-31 century"),
        ("fr", "5 mars 2024", "2024-03-05 day"),
        ("fr", "5\u00a0mars\u202f2024", "2024-03-05 day"),
        ("fr", "1er mai 2023", "2023-05-01 day"),
        ("fr", "3 au 5 juillet 2022", "2022-07-03..2022-07-05 range"),
        ("fr", "XXe siècle", "1901-01-01..2000-12-31 century"),
        ("ru", "5 марта 2024 года", "2024-03-05 day"),
        ("ru", "3 по 5 июля 2022 года", "2022-07-03..2022-07-05 range"),
        ("ru", "марте 2023 года", "2023-03-01..2023-03-31 month"),
        ("ru", "1990-х годах", "1990-01-01..1999-12-31 decade"),
        ("ru", "XIX века", "1801-01-01..1900-12-31 century"),
        ("it", "5 marzo 2024", "2024-03-05 day"),
        ("pt", "5 de março de 2024", "2024-03-05 day"),
        ("nl", "5 maart 2024", "2024-03-05 day"),
    ],
)
def test_a_date_with_its_year_needs_no_publication(language: str, text: str, expected: str) -> None:
    assert days(text, language, None) == expected
    assert days(text, language) == expected


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("Monday", "He said on ", "~2024-03-04 day"),
        ("Wednesday", "It rained on ", "~2024-03-06 day"),
        ("Wednesday", "It rained last ", "~2024-02-28 day"),
        ("Monday", "They meet next ", "~2024-03-11 day"),
        ("Wednesday", "They meet next ", "~2024-03-13 day"),
        ("Saturday", "He comes this coming ", "~2024-03-09 day"),
        ("Saturday", "The court will sit on ", "~2024-03-09 day"),
        ("Saturday", "The court, which will sit, said on ", "~2024-03-02 day"),
        ("Saturday", "It will rain. It snowed on ", "~2024-03-02 day"),
        ("March 5", "It rained on ", "~2024-03-05 day"),
        ("March 20", "Tickets are sold from ", "~2024-03-20 day"),
        ("September 20", "It began on ", "~2023-09-20 day"),
        ("September 20", "It will end on ", "~2024-09-20 day"),
        ("29 February", "It was on ", "~2024-02-29 day"),
        ("Monday, March 4", "", "~2024-03-04 day"),
        ("March", "It rained in ", "~2024-03-01..2024-03-31 month"),
        ("March", "It rained last ", "~2023-03-01..2023-03-31 month"),
        ("December", "It was sold in ", "~2023-12-01..2023-12-31 month"),
        ("December", "It will be sold in ", "~2024-12-01..2024-12-31 month"),
        ("December 28 to January 3", "", "~2023-12-28..2024-01-03 range"),
        ("Mondays", "It is closed on ", "-"),
        ("Sunday", "It is closed every ", "-"),
        ("Sunday", "They meet every other ", "-"),
        ("March 3", "They meet each ", "-"),
        ("Friday", "Trams stop from ", "~2024-03-08 day"),
        ("Friday", "The union will strike from ", "~2024-03-08 day"),
        ("Friday", "The shop was closed from ", "~2024-03-01 day"),
        ("Friday", "Footage from ", "~2024-03-01 day"),
        ("Friday", "Prices are up from ", "~2024-03-01 day"),
        ("Friday", "The king is to visit on ", "~2024-03-08 day"),
        ("Friday", "She plans to resign on ", "~2024-03-08 day"),
        ("Friday", "The verdict is due on ", "~2024-03-08 day"),
        ("Friday", "The film, due to open on ", "~2024-03-08 day"),
        ("Friday", "It was closed due to snow on ", "~2024-03-01 day"),
        ("Friday", "The list will be announced on ", "~2024-03-08 day"),
        ("Friday", "The firm could not be reached on ", "~2024-03-01 day"),
        ("Friday", "He could have come on ", "~2024-03-01 day"),
        ("Wednesday", "The court will sit on ", "~2024-03-06 day"),
    ],
)
def test_what_the_text_leaves_open_publication_decides(
    text: str, before: str, expected: str
) -> None:
    assert days(text, before=before) == expected


@pytest.mark.parametrize(
    ("language", "text", "before", "after", "expected"),
    [
        ("de", "Montag", "am nächsten ", "", "~2024-03-11 day"),
        ("de", "Freitag", "Das Gericht wird am ", " tagen", "~2024-03-08 day"),
        ("es", "viernes", "el próximo ", "", "~2024-03-08 day"),
        ("es", "miércoles", "el ", " pasado", "~2024-02-28 day"),
        ("fr", "mardi", "", " dernier", "~2024-03-05 day"),
        ("fr", "mardi", "", " prochain", "~2024-03-12 day"),
        ("ru", "пятницу", "в следующую ", "", "~2024-03-08 day"),
        ("ru", "4 марта", "", "", "~2024-03-04 day"),
        ("en", "Friday", "On ", " the union will strike", "~2024-03-08 day"),
        ("en", "Friday", "Late on ", " police arrested a man, who will", "~2024-03-01 day"),
        ("en", "Friday", "The mayor tweeted ", " that he will resign", "~2024-03-01 day"),
        (
            "en",
            "Friday",
            "The attack on the U.S. Capitol on ",
            " will be filmed",
            "~2024-03-01 day",
        ),
        ("en", "Friday", "A fire broke out on ", " and the hall will close", "~2024-03-01 day"),
        ("en", "Sunday", "It opens ", " mornings", "-"),
        ("en", "Friday", "It sank from ", "'s high", "~2024-03-01 day"),
        ("de", "Sonntag", "Er kommt jeden ", "", "-"),
        ("de", "Freitag", "Die Bahn streikt ab ", "", "~2024-03-08 day"),
        ("de", "Freitag", "Am ", " wird gestreikt", "~2024-03-08 day"),
        ("de", "Freitag", "Am ", " hat der Rat gesagt, er werde", "~2024-03-01 day"),
        ("es", "viernes", "Se reúnen todos los ", "", "-"),
        ("es", "viernes", "Abre los ", "", "-"),
        ("es", "viernes", "El sindicato hará huelga el ", "", "~2024-03-08 day"),
        ("es", "viernes", "Hay huelga a partir del ", "", "~2024-03-08 day"),
        ("es", "viernes", "El fuego destruyó la casa el ", "", "~2024-03-01 day"),
        ("fr", "vendredi", "Ils se voient chaque ", "", "-"),
        ("fr", "vendredi", "Les cheminots feront grève ", "", "~2024-03-08 day"),
        ("fr", "vendredi", "Grève à partir de ", "", "~2024-03-08 day"),
        ("fr", "vendredi", "Le navire va partir, a indiqué ", "", "~2024-03-01 day"),
        ("fr", "vendredi", "Le toit s'est effondré ", "", "~2024-03-01 day"),
    ],
)
def test_words_beside_and_other_languages_say_next_and_last_too(
    language: str, text: str, before: str, after: str, expected: str
) -> None:
    assert days(text, language, before=before, after=after) == expected


@pytest.mark.parametrize("text", ["Monday", "March 5", "March", "29 February", "July 6 to 16"])
def test_without_a_known_day_of_publication_nothing_is_guessed(text: str) -> None:
    assert days(text, published=None) == "-"
    assert days(text, precision="unknown") == "-"
    assert days(text, precision="inferred") != "-"


def test_a_weekday_beside_the_day_tells_the_year() -> None:
    """5 March was a Sunday in 2023, a Tuesday in 2024 and is a Wednesday in 2025."""
    assert days("Sunday, March 5", published=date(2023, 12, 30)) == "~2023-03-05 day"
    assert days("Wednesday, March 5", published=date(2024, 11, 30)) == "~2025-03-05 day"
    assert days("Monday, March 4", before="It will open from ") == "~2024-03-04 day"


def test_the_order_of_day_and_month_is_that_of_the_country() -> None:
    assert days("4/6/2022", month_first=True) == "2022-04-06 day"
    assert days("4/6/2022", "fr") == "2022-06-04 day"


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2024",
        "February 29, 2023",
        "2024-02-31",
        "2024-13-01",
        "0000-01-01",
        "5 March 0",
        "31.02.2024",
        "99/99/2024",
        "0",
        "0th century",
        "00 March 2024",
        "100th century",
        "IIII century",
        "٥ March 2024",
        "5 March ٢٠٢٤",
        "5 6 7 March 2024",
        "March March 2024",
        "to 2024",
        "2024 to",
        "-",
        "",
        "nonsense",
        "9" * 1_000_000,
        "January " * 100_000,
    ],
)
def test_what_is_no_date_has_no_value(text: str) -> None:
    assert days(text) == "-"


def test_the_ends_of_the_calendar_hold() -> None:
    assert days("31 December 9999") == "9999-12-31 day"
    assert days("December 31", published=date(9999, 12, 31)) == "~9999-12-31 day"
    assert days("January 1", published=date(1, 1, 1)) == "~0001-01-01 day"
    assert days("Sunday", published=date(1, 1, 1)) == "-"
    assert days("Monday", published=date(9999, 12, 31), before="next ") == "-"
