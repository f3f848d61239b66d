"""Titles of what is no story: labels of live blogs, of digests and of market round-ups.

A title is cut at its colons, bars and spaced dashes; a label is a whole segment, or the beginning
or end of one. Patterns are for case-folded segments.
"""

import re
from collections.abc import Callable

from streams.text.phrases import finder

SEPARATOR = re.compile(r"\s*[:|•·»]\s+|\s+[-–—]+\s*|\s*\|\s*")

_PARTS = {
    "DAY": r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|today\b|tonight\b|tomorrow\b"
    r"|this (?:morning|week|weekend|evening|month)\b|the (?:day|week|month)\b"
    r"|(?:january|february|march|april|may|june|july)\b"
    r"|(?:august|september|october|november|december)\b)",
    "WHEN": r"(?:morning|midday|noon|evening|nightly|daily|weekly|weekend|\w+day)",
    "PAPER": r"(?:briefing|briefs?|digest|round-?up|wrap(?:-?up)?|bulletin|rundown|recap"
    r"|headlines)",
    "THINGS": r"(?:things|stories|headlines)",
    "PREP": r"(?: for| from| of| on| at| about)?",
    "NUMBER": r"(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|top|the)",
    "ROUTINE": r"(?:(?:(?:open|close|end|finish|start|trade)(?:e?[sd])? )?(?:slightly |sharply )?"
    r"(?:higher|lower|mixed|flat|little changed)\b)",
    "INDEX": r"(?:ftse(?: 100)?|dow(?: jones)?|nasdaq|s&p 500|nikkei|hang seng|sensex|dax)",
    "END": r"[\s.!?]*$",
}


def _lines(text: str) -> Callable[[str], bool]:
    """Whether a segment has one of the labels, a line each; names in capitals stand for parts.

    A line that starts with ^ is for the beginning only, and spares a search.
    """
    for name, part in _PARTS.items():
        text = text.replace(name, part)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    begins = re.compile("|".join([line for line in lines if line.startswith("^")]))
    inside = re.compile("|".join([line for line in lines if not line.startswith("^")]) or "(?!)")
    return lambda segment: bool(begins.match(segment) or inside.search(segment))


LIVE = _lines(r"""
    \blive[ -]?(?:updates?|blog|ticker)(?:END|,? (?:as|on|from)\b)
    ^live(?: coverage| news| report(?:ing)?)?END|^latest updatesEND
    \w-tickerEND
    \b(?:as it happened|minute by minute|blow by blow|rolling coverage)END
    \blive-?(?:ticker|blog)\b|\bnewsblog\b|\bnews-?ticker\b|entwicklungen im ticker
    ^(?:en direct|direct|suivez .*\bdirect\b.*|minute par minute)END
    (?:^|, )(?:en vivo|en directo|minuto a minuto)(?:END|,)
    ^(?:la diretta|in diretta|diretta(?: live)?|minuto per minuto)END
    , (?:la )?direttaEND
""")
# "Storm Petra live: power cut"; not "Where the rich live: a map", "Saturday Night Live: a host".
_LIVE_OF = re.compile(
    r"(?:\b(?!(?:watch|night|people|rich|poor|they|we|who|to|and|not|still|will|can|go|play)\b)"
    r"\w+(?<!s)|\b(?:news|elections?|results|talks|scores|protests|games)) live:"
)
SEVERAL = _lines(r"""
    ^(?:\S+ ){0,4}(?:news |stories )?in brief(?: from around the world|,? (?:\d+ )?DAY.*)?END
    ^(?:(?:your|the) )?(?:\w+day )?WHEN (?:news )?PAPER(?: (?:for|of|on) .*|,? (?:\d+ )?DAY.*)?END
    ^(?:news|local|sports?|business|police|crime|world|national|city|county) briefsEND
    ^(?:\w+ )?news (?:PAPER|at a glance)(?: (?:for|of|on|from) .*|,? DAY.*)?END
    ^(?:here are )?NUMBER (?:\w+ )?THINGS(?: to (?:know|watch|start))?PREP (?:your )?DAYEND
    ^(?:here are )?NUMBER (?:\w+ )?THINGS you (?:need|have) to knowPREP DAYEND
    ^NUMBER (?:news )?(?:stories|headlines) (?:making news|you (?:may|might) have missed)\b.*
    ^five things(?: to know)?END
    ^(?:here's )?what (?:(?:you|we) (?:need|have) )?to know(?: in the news)?PREP DAYEND
    ^(?:today's |the (?:day|week)'s )?(?:top|main) (?:news )?THINGS(?:,?PREP DAY.*)?END
    ^(?:the )?(?:week|day|month|year) in (?:review|brief|news|headlines)END
    ^(?:today's|the day's|DAY's) (?:headlines|news|papers|front pages)END
    ^(?:news|politics|sports?|world|business)? ?round-?upEND
    nachrichtenüberblick|\bkurzmeldungen\b
    ^kurz (?:gemeldet|notiert)|^der tag im überblick
    ^(?:nachrichten|meldungen) (?:des tages|in kürze)|^das wichtigste (?:am|vom|in kürze|des tages)
    ^was heute (?:wichtig|passiert)|^(?:die )?(?:lage|nachrichten) am (?:morgen|mittag|abend)
    ^(?:der tag|nachrichten) kompaktEND|^die wichtigsten (?:nachrichten|meldungen|themen)\b
    ^(?:l'actualité |les infos |l'info )?en brefEND|^l'essentiel de l'(?:actu|info)
    ^les (?:\w+ )?(?:infos|actualités|titres) (?:à retenir|du jour|de la journée)|^revue de presse
    ^ce qu'il faut (?:savoir|retenir) (?:aujourd'hui|(?:ce|de la|du) \w+)END
    ^(?:noticias |breves |la actualidad )?en breveEND
    ^resumen (?:de noticias|del día|semanal|de la (?:semana|jornada))
    ^(?:lo que (?:debes|hay que) saber|las noticias) (?:hoy|de hoy|del día|de la jornada)
    ^(?:las )?(?:\w+ )?(?:noticias|claves) (?:del día|de hoy|de la (?:semana|jornada))
    ^(?:notizie |le notizie )?in (?:breve|pillole)END|^(?:le )?notizie (?:del giorno|di oggi)
    ^rassegna stampa|^(?:il )?riepilogo (?:del|delle)|^le notizie più importanti
""")
MARKET = _lines(r"""
    ^(?:\S+ ){0,2}market (?:PAPER|report|snapshot|movers|close|summary|talk)(?:,?PREP DAY.*)?END
    ^(?:\w+ ){0,2}(?:stocks|shares|markets|equities|wall street|futures|INDEX) (?:set to )?ROUTINE
    ^(?:dax|die börse|der aktienmarkt|wall street) (?:schliesst|eröffnet|startet|geht)\b
    ^(?:la bourse|le cac 40|wall street)\b.* (?:ouvre|clôture|termine|finit)\b
    ^(?:la bolsa|el ibex)\b.* (?:abre|cierra)\b
    ^(?:piazza affari|la borsa|borsa)\b.* (?:apre|chiude)\b
    ^(?:\S+ ){0,3}stocks (?:to watch|in focus|on the move|making (?:the biggest )?moves)\b
    ^(?:stock market today|(?:opening|closing) bell|(?:before|after) the bell)END
    ^(?:\w+ )?stocks round-?upEND
    ^(?:(?:biggest|top) (?:stock )?(?:movers|gainers)|movers (?:and|&) shakers)END
    ^börse (?:aktuell|heute|am (?:morgen|mittag|abend))|^börsen-?ticker|^marktbericht
    ^aktien (?:im fokus|des tages)|^dax (?:aktuell|heute)
    ^la bourse aujourd'hui|^point (?:bourse|marchés?)|^les valeurs (?:à suivre|en vue)
    ^la bolsa hoy|^valores (?:del día|a seguir)|^cierre de (?:la bolsa|mercados?)
    ^borsa oggi|^titoli (?:del giorno|in evidenza)|^chiusura di borsa
""")
# What a page, not a story, is called; stems.
PAGES = frozenset(
    "break photo video galleri untitl read click updat headlin homepag podcast opinion editori "
    "comment letter quiz horoscop crossword weather forecast correct advertis watch listen "
    "subscrib home pictur imag here more latest".split()
)
_MARKETS = (
    *"stocks stock shares ftse dow nasdaq nikkei s&p bourse cac bolsa ibex borsa".split(),
    *("wall street", "piazza affari"),
)
_has_market_word = finder(_MARKETS)
_MARKET_WORDS = re.compile(rf"\b(?:{'|'.join(_MARKETS)})\b")


def is_live_of(title: str) -> bool:
    """Whether a case-folded title is the name of an event, then "live", then what is new."""
    return " live:" in title and bool(_LIVE_OF.search(title))


def is_about_markets(text: str) -> bool:
    """Whether a case-folded text names stocks or a market."""
    return _has_market_word(text) and bool(_MARKET_WORDS.search(text))
