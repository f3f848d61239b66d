"""A cheap first look at a text: which of the slower patterns can find anything in it at all.

A pattern may match only where the lower-case text holds one of its signs.
"""

from collections import defaultdict
from functools import lru_cache

from streams.novelty.figure_words import MARKS, SMALL
from streams.text.remembered import Remembered

# Beginnings or parts of words. Every match of the pattern named behind holds one of its signs.
_SIGNS = {
    # disputes: _CLAIM
    "claim": "accus alleg blam claim beschuld wirft warf vorgeworf acus",
    # disputes: _DENY
    "denial": """deny deni refut reject dismiss disput rebuff call bestr dementi zurückgew nieg neg
    rechaz dément nie""",
    # disputes: _DENY_CHARGE, _DENY_WHICH
    "refusal": "reject dismiss disput rebuff",
    # disputes: _SAID
    "said": "said says insisted sagte dijo",
    # figure_words: DOUBTED
    "fear": "could may might would fear expect forecast predict risk könnte podría pourrait",
    # figure_words: FORMER, LONG_AGO; figures: _FORMER_AFTER, _YEARS_AFTER
    "former": """year anniversary originally previous earlier 18 19 20 since vor hace ans seit
    desde depuis""",
    # figure_words: PART, PART_BEFORE, ASIDE
    "part": "davon ellos dont whom among including darunter incluid",
    # figures: _ALONE
    "alone": "alone",
    # figure_words: SPAN
    "span": "year jahr año année",
    # captivity: all but _NONE_LEFT
    "captive": """held hold seized kidnapped inside captiv hostage free releas let rescue saved""",
    # ranges: CAPACITY
    "capacity": """licen certif permit authori allow design meant built room space capac can able
    could""",
    # amounts: VAGUE, DOZEN, A_SCALE
    "scale": "dozen hundred thousand million billion tens",
    # revisions: _CORRECTING
    "correcting": "lower revis correct reduc down counted unten korrigiert",
    # open_slots: _CORRECTS, _FORMERLY
    "correction": "correct berichtig korrektur correcci errat",
    "formerly": "had until first earlier initial previous hatte primer",
    # retractions: _NOTICE, _TAKES_BACK
    "retraction": """version versión edition headline correct amend clarif berichtig korrektur
    correcci errat rectif fassung retract withdr recant rescind apolog korrig widerr zog nahm
    corrig retir démenti""",
    # parties: _GIVES, _ACCORDING
    "gives": """said say claim put count estimat report gave give spoke speak admit acknowledg
    insist announc record confirm maintain believ tallied list accord sprach sprich sprech zähl
    schätz meld gab gib geb nann nenn bericht sagt beziff laut angaben cifr habl estim cont inform
    asegur dij según parle évoqu avanc recens compt fait annonc dénombr selon d'après d’après""",
    # odds: _AGAINST
    "against": """puts put set gave gives place estimate spoke speak count admit acknowledge only
    just more nearer closer far sprach sprich sprech zähl beziff schätz cifr habl estim contabiliz
    parl évoqu compt nur solo seulement figure number toll total saying""",
    # scores: all but two numbers with a dash or colon between
    "contest": """beat defeat win won edg thrash rout hammer stun overc crush lead led vict triumph
    besieg schlug schlag schläg bezw gew sieg füh venc derrot gole gan triunf super bat impos gagn
    vainq domin los trail unterl verl niederl perd pierd incl défai drew draw tie level held down
    advanc ended ends endet finish termin unent remis trenn empat égal nul neutral vot ballot pass
    approv adopt back confirm reject block rul decis split stimm angenommen abgelehnt lehnt aprob
    rechaz voix rejet""",
    # figure_words: AFTER_WORDS, BEFORE_WORDS
    "beside": "hospital krankenhaus bord board claim death",
    # revisions: _MEASURES
    "measure": """inflation teuerung inflación unemploy jobless arbeitslos desempleo chômage growth
    wachstum crecimiento croissance interest""",
    # revisions: _NAMED
    "named": "typhoon hurricane cyclone storm flight",
    # revisions: _MEANS
    "by road": "bus coach lorr truck car van",
    "by rail": "train tram rail locomotive carriage",
    "by air": "plane jet aircraft airliner helicopter flight",
    "by water": "ferr ship boat vessel dinghy",
    # These are read by their signs alone.
    "aftershock": "aftershock nachbeben réplica réplique",
    "flood": """flood storm typhoon hurricane cyclone rain landslide mudslide monsoon tornado
    blizzard snow hochwasser sturm inundaci""",
    "quake": "quake tsunami erdbeben terremoto séisme",
    "fire": "fire blaze explosion blast",
    "unrest": "bomb shooting attack gunm fighting unrest clash explosion blast protest",
    "collapse": "collapse",
    "crash": "crash derail collision overturn plunge capsiz sinking ferry ship boat flight",
    "heat": "heatwave",
    "outbreak": "outbreak virus cholera ebola infection",
}
_TWO_WORDS = {
    "of th": "part",
    "heat wave": "heat",
    "took back": "retraction",
    "takes back": "retraction",
}
_SHORTEST = 2  # letters of a sign
_BY_BEGINNING: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
for _name, _signs in _SIGNS.items():
    for _sign in _signs.split():
        _BY_BEGINNING[_sign[:_SHORTEST]].append((_sign, _name))
# A number in an event's memory stands for one of these: append only.
KINDS = ("flood", "quake", "fire", "unrest", "collapse", "crash", "heat", "outbreak")


@lru_cache(maxsize=512)
def signs(text: str) -> frozenset[str]:
    """The names of the tables above that have a sign in the text; "number" for one in words.

    >>> sorted(signs("Rescuers said that the storm may last two days"))
    ['captive', 'fear', 'flood', 'gives', 'named', 'number', 'said']
    """
    lower = text.lower()
    spaced = [name for sign, name in _TWO_WORDS.items() if sign in lower]
    return frozenset(spaced).union(*filter(None, map(_BY_WORD.__getitem__, lower.split())))


def _of_word(word: str) -> frozenset[str]:
    found = [
        name
        for at in range(len(word) + 1 - _SHORTEST)
        for sign, name in _BY_BEGINNING.get(word[at : at + _SHORTEST], ())
        if word.startswith(sign, at)
    ]
    spelled = not SMALL.isdisjoint(word.translate(MARKS).split())
    return frozenset((*found, "number")) if spelled else frozenset(found)


_BY_WORD = Remembered(_of_word)
