"""The words that figures are read by: cues of slots, units, bounds, and what is no figure."""

import re
from functools import lru_cache
from typing import NamedTuple

from streams.text.remembered import Remembered

# slot: words that may stand on both sides; "toll" nouns reach far to the right of themselves.
BOTH = {
    "dead": r"dead|killed|died|dies?|deaths?|fatalit(?:y|ies)|perished|bodies|drown(?:ed|s)?|slain"
    r"|tot|tote[nr]?|todesopfern?|getötet|sterben|starben|gestorben|leichen"
    r"|muert[oa]s?|muertes|fallecid[oa]s|morte?s?|tuée?s|décès|décédée?s|ums|morti|vittime|mortos|doden",
    "injured": r"injured|wounded|hurt|injur(?:y|ies)|verletzte?[nr]?|herid[oa]s|lesionad[oa]s"
    r"|blessée?s|feriti|feridos|gewonden",
    "missing": r"missing|unaccounted|vermisste?[nr]?|vermisst|desaparecid[oa]s|disparue?s|dispersi",
    "trapped": r"trapped|buried|eingeschlossen|verschüttet",
    "rescued": r"rescued|saved|gerettet|retteten?|rescatad[oa]s|survivors?",
    "evacuated": r"evacuated|evacuees|evakuiert|evacuad[oa]s|évacuée?s",
    "displaced": r"displaced|homeless|notunterkünften|obdachlos|desplazad[oa]s|damnificad[oa]s",
    "arrested": r"arrested|detained|arrests|festgenommen|verhaftet|detenid[oa]s|arrêtée?s",
    "hospitalised": r"hospital(?:ised|ized)?|krankenhaus|hospitalizad[oa]s",
    "cases": r"cases|infections|infected|fälle|infektionen|infizierte|casos|contagios|cas",
    "held": r"hostages?|captives?|geiseln?|rehenes|otages|ostaggi",
    "aboard": r"aboard|board|bord|bordo",
    "crowd": r"crowds?|attendance|affluence|asistencia",
    "magnitude": r"magnitude|richter|stärke|magnitud",
    "turnout": r"turnout|wahlbeteiligung|participación|participation",
    "damage": r"damages?|losses|schaden|schäden|daños|dégâts",
    "fine": r"fined?|penalty|settlement|geldstrafe|multa|amende",
    "price": r"prices?|bids?|offer|deal|takeover|acquisition|contract|preise?|gebot|precios?|prix",
    "revenue": r"revenues?|sales|umsatz|ingresos",
    "profit": r"profits?|earnings|gewinn|beneficios?|bénéfice",
    "rate": r"inflation|teuerung|inflación|unemployment|jobless|arbeitslosenquote|desempleo|chômage"
    r"|growth|wachstum|crecimiento|croissance|interest|rates?|taux",
}
# Words that stand behind their number; another word near it decides first.
AFTER = {
    "aboard": r"passengers",
    "crowd": r"attended|marched|rallied|marchers|demonstrators|protest[eo]rs|spectators|fans"
    r"|demonstrierten|demonstranten|zuschauern?|manifestantes|asistentes|espectadores"
    r"|manifestants|spectateurs",
}
BEFORE = {
    "dead": r"kill(?:s|ing)?|claim(?:s|ed|ing)?|tötet|töten|mata|mató|mataron|tue|tué|töteten?",
    "injured": r"injur(?:es|ing)|wound(?:s|ing)|hurting|hiere|hirió|hirieron|blessé",
    "displaced": r"displac(?:es|ing)",
    "evacuated": r"evacuat(?:es|ing)",
    "arrested": r"arrest(?:s|ing)?|detain(?:s|ing)?|detuvo|detuvieron|arrêté",
    "rescued": r"rescu(?:es|ing)",
    "trapped": r"trap(?:s|ping)",
}
TOLL = re.compile(
    r"tolls?|number|count|total|cifra|número|numero|anzahl|zahl|opferzahl|bilan|balance|bilancio",
    re.I,
)
AFTER_TOLL = re.compile(
    r"ris(?:es?|en|ing)|rose|reach(?:es|ed|ing)?|climb(?:s|ed|ing)?|pass(?:es|ed)?|exceed(?:s|ed)?"
    r"|stands?|stood|to|at|taking|bringing|now|is|was|jumps?|grows?|steigt|stieg|auf|bei|liegt"
    r"|asciende|sube|a|de",
    re.I,
)
GROUPS = re.compile(
    r"police|officers?|soldiers?|troops|firefighters?|children|students?|women|civilians?|militants?"
    r"|rebels?|journalists?|policemen|personnel|polizisten|soldaten|kinder",
    re.I,
)
COSTS = {
    **dict.fromkeys((",", ":", "–", "—"), 3.0),
    ";": 6.0,
    **dict.fromkeys(("said", "says", "told", "sagte", "dijo"), 4.0),
    **dict.fromkeys(("and", "while", "with", "but", "und", "y", "et"), 2.0),
}
SCALE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "tausend": 1e3,
    "mil": 1e3,
    **dict.fromkeys(("million", "millions", "millionen", "mio", "millón", "millones", "m"), 1e6),
    **dict.fromkeys(("billion", "bn", "milliarden", "mrd", "milliards"), 1e9),
    **dict.fromkeys(("trillion", "billionen"), 1e12),
}
_CURRENCIES = """baht crown dinar dirham dong florin forint franc krona krone kroner kronor leu lev
lira naira peso rand ringgit riyal rouble ruble rupee rupiah shekel shilling thaler
yuan zloty""".split()
MONEY = {
    **dict.fromkeys(("$", "dollar", "dollars", "usd"), "USD"),
    **dict.fromkeys(("€", "euro", "euros", "eur", "d'euros", "d’euros"), "EUR"),
    **dict.fromkeys(("£", "pounds", "gbp"), "GBP"),
    **dict.fromkeys(("¥", "yen"), "JPY"),
    **{name + plural: name for name in _CURRENCIES for plural in ("", "s")},
}
PERCENT = frozenset(("%", "percent", "pct", "prozent"))
BOUNDS = (
    (
        "at least",
        r"at least|more than|over|exceed\w*|pass\w*|mindestens|mehr als|über|al menos"
        r"|más de|au moins|plus de|\+",
    ),
    (
        "at most",
        r"at most|(?<!gone )(?<!went )(?<!goes )(?<!going )(?<!risen )(?<!rose )up to|as many as"
        r"|less than|fewer than|under|höchstens|bis zu|hasta",
    ),
    (
        "about",
        r"about|around|nearly|almost|some|approximately|roughly|an estimated|estimated"
        r"|etwa|rund|fast|knapp|unos|unas|casi|cerca de|environ|près de",
    ),
)
# A cheap first look: what is before a number ends with one of these, or holds one of the others.
BOUND_ENDS = tuple(
    """least than over mindestens als über menos de moins + most to as under höchstens zu hasta
    about around nearly almost some approximately roughly estimated etwa rund fast knapp unos unas
    casi environ""".split()
)
BOUND_STEMS = ("exceed", "pass")
BOUND_RES = tuple((name, re.compile(rf"(?:{words})\s*$", re.I)) for name, words in BOUNDS)
NOT_COUNTED = re.compile(
    r"years?(?:-olds?)?|months?(?:-olds?)?|weeks?|days?|hours?|minutes?|seconds?|jahren?|monaten?|wochen?|tagen?|stunden?"
    r"|minuten|años?|meses|días|horas|minutos|ans|mois|jours|heures|old|jährige[nr]?|th|st|nd|rd"
    r"|storey|story|stories|storeys|feet|km|miles?|mph|kilomet(?:er|re)s?|met(?:er|re)s|am|pm|uhr",
    re.I,
)
MONTHS = re.compile(
    r"jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|enero|febrero"
    r"|marzo|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|category|(?:mon|tues|wednes|thurs|fri|satur|sun)day|flight|no"
    r"|page|article|chapter|day|phase|section|age|aged|since",
    re.I,
)
DOUBTED = re.compile(
    r"\b(?:could|may|might|would|fear(?:s|ed)?|expect(?:s|ed)?|forecast|predict\w*|risk|könnte"
    r"|podría|pourrait)\b",
    re.I,
)
FORMER = re.compile(
    r"\b(?:years? (?:after|ago|earlier|before)|anniversary|originally|previous(?:ly)?|last year"
    r"|in (?:1[89]|20)\d\d|since (?:1[89]|20)\d\d|vor \w+ jahren|hace \w+ años"
    r"|il y a \w+ ans)\b",
    re.I,
)
# "since 1974, when 85 died", "Ten years ago, a fire had killed 21": behind the comma as well.
LONG_AGO = re.compile(
    r"\b(?:(?:since|in|seit|desde|depuis|en) (?:1[89]|20)\d\d,? (?:when|als|cuando|quand)\b"
    r"|(?:\w+ years ago|vor \w+ jahren|hace \w+ años|il y a \w+ ans),)[^;.,]*$",
    re.I,
)
SPAN = re.compile(r"\b(?:this year|(?:in )?diese[ms] jahr|este año|cette année)\b", re.I)
PART = re.compile(
    r"^\W*(?:of (?:the|those|these)\b|(?:\w+\W+){0,2}(?:of (?:them|whom)|davon|de ellos|dont)\b)",
    re.I,
)
PART_BEFORE = re.compile(
    r"(?:including|among them|of them|darunter|incluid[oa]s)\W+(?:\w+\W+)?$", re.I
)
CLAUSE_BEFORE = re.compile(r"[;:,](?=\s)|\b(?:while|and|but)\b")
DOZEN = re.compile(r"\b(?:(?P<n>a|one|two|three|four|five|six|half a) )?dozen\b(?! of)", re.I)
DOZENS = {"half a": 6, "two": 24, "three": 36, "four": 48, "five": 60, "six": 72}
VAGUE = re.compile(
    r"(?<!\d )\b(?:tens|hundreds|thousands|dozens|millions)(?: of (?:thousands|millions))?\b", re.I
)
_SCALED = r"(?:hundred|thousand|tausend|mil\b|mi[lo]\w+|bi\w+|mrd|bn|trillion)"
WRITTEN = re.compile(rf"(\d[\d.,]*(?: {_SCALED})?)", re.I)
# What ``WRITTEN`` may cut a word into: behind a scale, and around digits.
SCALED_HEAD, DIGITS = re.compile(f"^{_SCALED}", re.I), re.compile(r"\d[\d.,]*")
A_SCALE = re.compile(r"\b(?:a|one) (hundred|thousand|million|billion)\b", re.I)
TOKEN = re.compile(
    r"(?:[A-Za-z]++[^\W\d_]*+|[^\W\d_]++)(?:['’-][^\W\d_]++)*+|[$€£¥%;:,–—/+-]"
    r"|(?P<number>(?<![\w.,-])\d{1,3}(?:(?:[.,]\d{3})+|(?:[\u202f\u00a0 ]\d{3})+)(?![\d.,]\d)(?!\d)"
    r"|(?<![\w.,])\d+(?:[.,]\d+)?)(?P<suffix>(?i:[a-z]*))"
)
LANGUAGES = frozenset(("en", "de", "es", "fr", "pt", "it", "nl"))
SMALL = frozenset(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand dozen one zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dos tres cuatro
    cinco seis siete ocho nueve diez once doce quince veinte deux trois quatre cinq sept huit neuf
    dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent mille
    trece catorce treinta cuarenta cincuenta sesenta setenta cien mil hundert tausend due
    quattro cinque sei sette otto nove dieci""".split()
)
LONG = re.compile(r"\w(?:zehn|zig|hundert|tausend)\b", re.I)
MARKS = str.maketrans(".,;:!?()-–—", " " * 11)

# Slots that count people: no sums, no shares, none of the THINGS below.
OF_PEOPLE = frozenset(
    """dead injured missing trapped rescued evacuated displaced arrested hospitalised cases held
    freed aboard crowd""".split()
)
# Slots of sums and shares: a bare number before a noun counts that noun.
OF_SUMS = frozenset(("damage", "fine", "price", "revenue", "profit", "rate", "turnout"))
OF_MONEY = OF_SUMS - {"rate", "turnout"}
THINGS = re.compile(
    r"tonn?es?|tons?|kilos?|kilograms?|kilogramos|toneladas|tonnen|lit(?:er|re)s?|barrels?|acres?"
    r"|hectares?|hektar|hectáreas|lanes?|roads?|rescuers|lorr(?:y|ies)|trucks?|cars?|vehicles?|buses"
    r"|bus|trains?|planes?|aircraft|drones?|missiles?|rockets?|shells?|boats?|ships?|vessels?|bridges?"
    r"|houses?|homes?|buildings?|flats?|apartments?|rooms?|beds?|shops?|schools?|hospitals?|villages?|towns?"
    r"|cit(?:y|ies)|hamlets?|provinces?|districts?|countries|states?|jobs?|posts?|counts?|charges?"
    r"|times?|points?|animals?|cattle|cows?|sheep|horses?|dogs?|fish|trees?|phones?|weapons?|guns?"
    r"|bullets?|shots?|documents?|pages?|häusern?|wohnungen|gebäuden?|fahrzeugen?|autos?|dörfern?|casas"
    r"|viviendas|edificios|vehículos|maisons|logements|bâtiments|véhicules|voitures",
    re.I,
)
# A cue that stands for its slot only behind, or before, one of these words.
AFTER_WORDS = {
    **dict.fromkeys(("hospital", "krankenhaus"), frozenset("in to into at im ins".split())),
    **dict.fromkeys(("board", "bord", "bordo"), frozenset(("on", "an", "à", "a"))),
}
BEFORE_WORDS = {
    form: frozenset("life lives victim victims".split())
    for form in ("claim", "claims", "claimed", "claiming")
}
AFTERSHOCK = re.compile(
    r"(?:after|fore)shocks?|(?:vor|nach)beben|réplicas?|répliques?|premonitor", re.I
)
QUAKE = re.compile(
    r"(?:earth|sea|main)?quakes?|tremors?|temblors?|mainshocks?|erdbeben|hauptbeben|beben|terremotos?"
    r"|sismos?|séismes?",
    re.I,
)

AFTER_YEAR = frozenset("and in to when as by after with the for at on is was were".split())

ASIDE = frozenset("among including darunter incluidos incluidas dont".split())
SENTENCED = frozenset("sentenced sentences sentence condemned".split())
SEGMENT = frozenset((";", ":", "while"))
IN = frozenset(("in", "at", "near", "off", "en", "bei", "nahe", "à"))
INSIDE_NAME = frozenset("the of - , northern southern eastern western central and de la".split())


def _cues(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {slot: re.compile(words, re.I) for slot, words in table.items()}


BOTH_RES, BEFORE_RES, AFTER_RES = _cues(BOTH), _cues(BEFORE), _cues(AFTER)


@lru_cache(maxsize=20_000)
def cue(word: str, language: str) -> tuple[str | None, str | None, str | None]:
    """The slot a word stands for: on either side, for numbers to its right, to its left."""
    if word == "die" and language == "de":
        return None, None, None
    both, before, after = (
        next((slot for slot, cue in table.items() if cue.fullmatch(word)), None)
        for table in (BOTH_RES, BEFORE_RES, AFTER_RES)
    )
    return both, before, after


_ELISION = re.compile(r"^(?:l|d|all|dell)['’]")


class Role(NamedTuple):
    """What one token tells of the numbers around it."""

    word: str  # lower case
    both: str | None  # as ``cue``
    before: str | None
    after: str | None
    toll: bool  # a noun like "toll" that reaches far to its right
    leads: bool  # may stand between such a noun and its number
    group: bool  # people that a number is limited to
    cost: float  # how far apart the token sets a number and its cue


@lru_cache(maxsize=16)
def roles(language: str) -> Remembered[Role]:
    """The roles of tokens."""
    return Remembered(lambda token: _role(token.lower(), language))


def _role(word: str, language: str) -> Role:
    bare = _ELISION.sub("", word) if language in ("fr", "it") else word
    both, before, after = cue(bare, language)
    toll, leads, group = (bool(words.fullmatch(word)) for words in (TOLL, AFTER_TOLL, GROUPS))
    cost = 6.0 if word[:1].isdecimal() else COSTS.get(word, 1.0)
    return Role(word, both, before, after, toll, leads, group, cost)
