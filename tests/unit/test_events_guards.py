"""Junk guards: what is flagged, what nearly is, and that junk draws nothing to its event."""

from typing import Any

import pytest

from schemas.enriched import Flag
from streams.events.background import background
from streams.events.junk.guards import comparable, flags
from streams.text.sentences import sentences
from tests.detecting import Desk, retraction, tagged

QUAKE = "An earthquake struck the Torvel valley on Monday. Houses collapsed in Ruzna."
STRIKE = "Train drivers of Norvia walked out on Monday. Their union asks for shorter shifts."
WALLS = {
    "en": "Subscribe to continue reading this article. Already a subscriber? Log in to your"
    " account. Cancel anytime.",
    "de": "Weiterlesen mit dem Probeabo. Sie sind bereits Abonnent? Bitte melden Sie sich an.",
    "fr": "La suite est réservée aux abonnés. Déjà abonné ? Connectez-vous à votre compte.",
    "es": "Contenido exclusivo para suscriptores. ¿Ya eres suscriptor? Inicia sesión para seguir"
    " leyendo con tu suscripción.",
    "it": "Contenuto riservato agli abbonati. Sei già abbonato? Accedi per continuare a leggere.",
}
NOTICES = {
    "en": "We use cookies to improve your experience. You can manage preferences at any time.",
    "de": "Diese Seite verwendet Cookies. Bitte aktivieren Sie JavaScript in Ihrem Browser.",
    "fr": "Ce site utilise des cookies. Vous pouvez retirer votre consentement.",
    "es": "Utilizamos cookies propias. Puedes aceptar todas las cookies o rechazar las cookies.",
    "it": "Questo sito utilizza i cookie. Puoi gestire il tuo consenso ai cookie.",
}
STORIES = (
    "A dam above Kelmar cracked overnight and engineers are draining the reservoir in haste.",
    "Tolm Rovers lost their goalkeeper to a knee injury two days before the derby.",
    "Prosecutors charged a dentist in Skarn with poisoning the coffee of his partner.",
    "Snow leopards were born at the zoo of Tessin, the first twins in its history.",
    "Parliament in Lindal taxed empty flats after a debate that lasted nine hours.",
    "The probe Wren sent pictures of boulders and dust from the asteroid Ilmar.",
)


def found(title: str, body: str = "", **fields: Any) -> tuple[Flag, ...]:
    article = tagged("x", title, body, **fields)
    return flags(article, sentences(article.article), background())


def compared(title: str, body: str) -> list[str]:
    article = tagged("x", title, body)
    pieces = sentences(article.article)
    return [each.text for each in comparable(pieces, flags(article, pieces, background()))]


@pytest.mark.parametrize("language", WALLS)
def test_a_page_that_asks_for_a_subscription_is_a_paywall(language: str) -> None:
    """Also under a title in another language, and after a sentence of the story."""
    assert found("Quake shakes Torvel valley", WALLS[language], language=language) == ("paywall",)
    teaser = f"An earthquake struck Torvel. {WALLS[language]}"
    assert found("Quake shakes Torvel valley", teaser, language=language) == ("paywall",)


@pytest.mark.parametrize("language", NOTICES)
def test_a_page_about_cookies_or_the_browser_is_a_notice(language: str) -> None:
    """Nothing of it is the story."""
    assert found("Quake shakes Torvel valley", NOTICES[language], language=language) == ("notice",)


@pytest.mark.parametrize(
    "body",
    [
        "Access denied. You are not allowed to view this page.",
        "Please enable JavaScript to view this page.",
        "404 not found.",
        "Our systems have detected unusual traffic. Please verify you are a human.",
    ],
)
def test_a_page_for_a_reader_who_is_kept_out_is_a_notice(body: str) -> None:
    """What crawlers get instead of articles."""
    assert "notice" in found("Quake shakes Torvel valley", body)


@pytest.mark.parametrize(
    "body",
    [
        f"{QUAKE} Rescuers dug through the night. Dogs were flown in from Lindal. The governor "
        "asked for tents and blankets. Subscribe to our newsletter.",
        "The paper Norvia Press said it had won 40,000 subscribers since it hid its articles "
        "behind a pay-wall. Advertising fell by a tenth. The publisher, Runa Solheim, called the "
        "year a success. Other houses are expected to follow.",
        "The privacy watchdog of Lindal fined a search firm for setting cookies without consent. "
        "The firm said that it would appeal. The fine of 60 million crowns is the highest so far.",
        "A baker in Tolm sold ten thousand cookies in a day. Members of her family helped her. "
        "The money goes to the hospital where her son was treated.",
        "A robot carried a bomb out of the station. Police had closed the square. Nobody was hurt.",
    ],
)
def test_a_story_with_words_of_such_pages_is_a_story(body: str) -> None:
    """One mention is no page."""
    assert found("Norvia hears of it on a Monday in May", body) == ()


@pytest.mark.parametrize("title", ["Judge", "Torvel", "More of the news", "More news:", "Update"])
def test_a_title_that_names_nothing_is_vague(title: str) -> None:
    """And nothing says what it is about: an event of its own."""
    assert found(title) == ("vague-title",)
    assert compared(title, "") == []


def test_a_title_of_one_word_above_a_text_counts_for_nothing():
    """Two articles that are called the same are not one event; their texts may be."""
    assert found("Judge", QUAKE) == ("vague-title",)
    assert compared("Judge", QUAKE) == QUAKE.replace(". H", ".|H").split("|")


@pytest.mark.parametrize(
    "title", ["Quake shakes Torvel", "Rovers win cup", "Tannenberg buys Holdt", "托尔维尔发生地震"]
)
def test_a_short_headline_is_no_vague_title(title: str) -> None:
    """Whole wires are headlines. A script without spaces has one word a sentence."""
    assert found(title) == ()


def test_a_text_without_a_title_is_its_own_headline():
    """Feeds of facts have no titles."""
    assert found("", "Kofi Lindahl fails a drug test.") == ()


@pytest.mark.parametrize(
    "title",
    [
        "Torvel quake: live updates",
        "Torvel quake – live",
        "Election night in Lindal – as it happened",
        "Live updates: Torvel quake",
        "Liveticker: Erdbeben in Torvel",
        "EN DIRECT. Séisme à Torvel".replace(".", " :"),
        "Terremoto in Torvel, la diretta",
    ],
)
def test_a_title_may_say_live_blog(title: str) -> None:
    """As publishers label them."""
    assert found(title, QUAKE) == ("live-blog",)


def test_entries_with_times_make_a_live_blog():
    """Whatever its title."""
    entries = "\n\n".join(f"{9 + n}:{n}5 {story}" for n, story in enumerate(STORIES[:4]))
    assert "live-blog" in found("Torvel quake shakes the whole valley", entries)


@pytest.mark.parametrize(
    "title",
    [
        "Where the rich of Norvia live",
        "Singer to play live in Torvel",
        "Broadcaster ends live coverage of the trial",
        "Saturday Night Live: host named",
    ],
)
def test_live_in_a_title_is_no_live_blog(title: str) -> None:
    """A common word."""
    assert found(title, f"{QUAKE} At 9:15 the ground shook. At 9:40 it shook again.") == ()


@pytest.mark.parametrize(
    "title",
    [
        "News in brief",
        "World news in brief: Monday",
        "Morning briefing",
        "Your Monday briefing",
        "Five things to know today",
        "What you need to know today",
        "10 things to know for Monday",
        "Top stories of the day",
        "The week in review",
        "Kurzmeldungen",
        "Das Wichtigste am Montag",
        "L'actualité en bref",
        "Noticias en breve",
        "Le notizie di oggi",
    ],
)
def test_a_title_may_say_digest(title: str) -> None:
    """As publishers label them."""
    assert "digest" in found(title, QUAKE)


@pytest.mark.parametrize(
    "title",
    [
        "Five takeaways from the Lindal debate",
        "What to know about the Torvel quake",
        "Ten things the minister said on rail pay",
        "President skips daily briefing",
        "Governor holds morning briefing on quake",
        "Police round up thieves in Tolm",
        "A brief truce in Torvel ends",
        "Top story writer wins prize",
    ],
)
def test_a_title_about_one_event_is_no_digest(title: str) -> None:
    """Lists and briefings have one subject as a rule."""
    assert found(title, QUAKE) == ()


def test_paragraphs_that_share_nothing_are_a_digest():
    """Each tells another story, under whatever title."""
    assert found("The world looks back on Monday's turns", "\n\n".join(STORIES)) == ("digest",)


def test_paragraphs_of_one_story_are_no_digest():
    """They name its people and places again."""
    body = "\n\n".join(
        (
            "An earthquake struck the Torvel valley before dawn on Monday and woke half of Norvia.",
            "Forty houses collapsed in Ruzna, the largest town of the valley, the mayor said.",
            "Rescuers from Lindal brought dogs and cranes to Ruzna and dug through the night.",
            "The quake was the strongest that Norvia has felt for thirty years, experts said.",
            "Schools in the valley stay closed until engineers have looked at their walls.",
            "The mayor asked for tents, since nobody in Ruzna wants to sleep below a roof.",
        )
    )
    assert found("Quake shakes Torvel valley", body) == ()


@pytest.mark.parametrize(
    "title", ["Market wrap: miners lead", "Stocks to watch: Holdt, Medira", "Borsa oggi"]
)
def test_a_title_may_say_market_roundup(title: str) -> None:
    """As publishers label them."""
    assert found(title, QUAKE) == ("market-roundup",)


def test_many_firms_that_moved_are_a_market_roundup():
    """Each in a sentence of its own. With a table of names: the tagger's are not the point here."""
    firms = ("Holdt", "Medira", "Ostrel", "Quillon", "Kringel", "Tannenberg")
    body = "Shares in Brenn closed higher. " + " ".join(
        f"{firm} rose {n + 1}.5 percent." for n, firm in enumerate(firms)
    )
    article = tagged("x", "Stocks end the week higher", body, names=firms)
    firms_tagged = tuple(m.model_copy(update={"type": "ORG"}) for m in article.entities)
    article = article.model_copy(update={"entities": firms_tagged})
    assert flags(article, sentences(article.article), background()) == ("market-roundup",)


def test_one_firms_results_are_no_market_roundup():
    """Many figures, one subject."""
    body = (
        "Shares of Medira fell 5 percent. Sales of Medira rose 2 percent. Profit fell 9 percent. "
        "Medira cut its dividend by 30 percent. Costs rose 11 percent. Medira owes 4 percent more."
    )
    assert found("Medira shares fall after results", body) == ()


# --- what a flag does -------------------------------------------------------------------------


def test_a_round_up_draws_no_later_article():
    """It opens the stream and names both stories; they neither meet in it nor join it."""
    desk = Desk()
    desk.deliver(tagged("brief", "News in brief", f"{QUAKE}\n\n{STRIKE}"))
    desk.deliver(tagged("quake-1", "Quake shakes Torvel valley", QUAKE, hours=1))
    desk.deliver(tagged("strike-1", "Norvia train drivers walk out", STRIKE, hours=2))
    desk.deliver(tagged("quake-2", "Torvel valley quake: houses collapsed", QUAKE, hours=3))
    events = {name: desk.event_of(name) for name in ("brief", "quake-1", "strike-1", "quake-2")}
    assert len(set(events.values())) == 3
    assert events["quake-1"] == events["quake-2"]
    link = desk.enriched()["brief"].event
    assert link is not None
    assert link.flags == ("digest",)


def test_a_round_up_inside_an_event_does_not_speak_for_it():
    """It may join where it fits; the other stories that it tells stay outside, after a restart as
    well.
    """
    desk = Desk()
    desk.deliver(tagged("quake-1", "Quake shakes Torvel valley", QUAKE))
    title = "Quake shakes Torvel valley: live updates"
    desk.deliver(tagged("live", title, f"{QUAKE} {STRIKE}", hours=1))
    assert desk.event_of("live") == desk.event_of("quake-1")
    desk.restart()
    desk.deliver(tagged("strike-1", "Norvia train drivers walk out", STRIKE, hours=2))
    assert desk.event_of("strike-1") != desk.event_of("quake-1")


def test_a_round_up_that_is_left_alone_draws_nothing_either():
    """The kill of the only report leaves the live blog; it does not begin to speak."""
    desk = Desk()
    desk.deliver(tagged("quake-1", "Quake shakes Torvel valley", QUAKE))
    desk.deliver(tagged("live", "Quake shakes Torvel valley: live updates", QUAKE, hours=1))
    home = desk.event_of("live")
    desk.deliver(retraction("quake-1", decision=2, hours=2))
    desk.deliver(tagged("quake-2", "Torvel quake: houses collapsed", QUAKE, hours=3))
    assert desk.event_of("quake-2") != home


def test_a_new_version_of_a_live_blog_keeps_its_event():
    """It is compared with its own past where nothing else stands for the event."""
    desk = Desk()
    title = "Quake shakes Torvel valley: live updates"
    desk.deliver(tagged("live", title, QUAKE))
    home = desk.event_of("live")
    desk.deliver(tagged("live", title, f"{QUAKE} Dogs arrived.", decision=2, hours=1))
    assert desk.event_of("live") == home


def test_paywalls_meet_by_their_titles_alone():
    """Equal walls do not make one event, and a good title still finds its story."""
    desk = Desk()
    desk.deliver(tagged("quake-1", "Quake shakes Torvel valley", QUAKE))
    desk.deliver(tagged("wall-1", "Quake shakes Torvel valley, houses fall", WALLS["en"], hours=1))
    desk.deliver(tagged("wall-2", "Rovers win cup on penalties", WALLS["en"], hours=2))
    desk.deliver(tagged("wall-3", "Subscribe to continue reading", WALLS["en"], hours=3))
    desk.deliver(tagged("wall-4", "Subscribe to continue reading", WALLS["en"], hours=4))
    assert desk.event_of("wall-1") == desk.event_of("quake-1")
    events = {desk.event_of(f"wall-{n}") for n in (1, 2, 3, 4)}
    assert len(events) == 4


def test_a_wall_tells_its_event_nothing():
    """Its sentences are no facts."""
    desk = Desk()
    desk.deliver(tagged("wall-1", "Quake shakes Torvel valley", WALLS["en"]))
    (state,) = desk.states().values()
    assert "ubscri" not in state.model_dump_json()
