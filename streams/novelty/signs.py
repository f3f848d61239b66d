"""A cheap first look at a text: which of the slower patterns can find anything in it at all.

A pattern may match only where the lower-case text holds one of its signs.
"""

from functools import lru_cache

# Beginnings or parts of words. Every match of the pattern named behind holds one of its signs.
_SIGNS = {
    # disputes: _CLAIM, _DENY, _DENY_CHARGE, _DENY_WHICH
    "claim": """accus alleg blam claim deny deni refut reject dismiss disput rebuff call beschuld
    wirft warf vorgeworf acus bestr dementi zurückgew nieg neg rechaz dément nie""",
    # disputes: _SAID
    "said": "said says insisted sagte dijo",
    # figure_words: DOUBTED, FORMER, LONG_AGO, PART, PART_BEFORE
    # figures: _FORMER_AFTER, _ALONE, _YEARS_AFTER
    "hedge": """could may might would fear expect forecast predict risk könnte podría pourrait year
    anniversary originally previous earlier 18 19 20 since vor hace ans seit desde depuis davon
    ellos dont whom among including darunter incluid alone""",
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
    # revisions: _MEASURES
    "measure": """inflation teuerung inflación unemploy jobless arbeitslos desempleo chômage growth
    wachstum crecimiento croissance interest""",
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
_TWO_WORDS = {"of th": "hedge", "heat wave": "heat"}
_BY_SIGN = [(sign, name) for name, signs in _SIGNS.items() for sign in signs.split()]
# A number in an event's memory stands for one of these: append only.
KINDS = ("flood", "quake", "fire", "unrest", "collapse", "crash", "heat", "outbreak")


@lru_cache(maxsize=512)
def signs(text: str) -> frozenset[str]:
    """The names of the tables above that have a sign in the text.

    >>> sorted(signs("Rescuers said that the storm may last"))
    ['captive', 'flood', 'hedge', 'said']
    """
    lower = text.lower()
    spaced = [name for sign, name in _TWO_WORDS.items() if sign in lower]
    return frozenset(spaced).union(*filter(None, map(_of_word, lower.split())))


@lru_cache(maxsize=100_000)
def _of_word(word: str) -> frozenset[str]:
    return frozenset(name for sign, name in _BY_SIGN if sign in word)
