"""What the words around an unknown name say about its type."""

from schemas.tagged import EntityType
from streams.tagging.lexicon import section
from streams.tagging.spans import CUED, GUESS, LIKELY, WEAK, Span
from streams.tagging.tokens import DASHES, Tokens

Told = tuple[EntityType | None, float]

_ROLES = section("role_nouns")
_SAID = section("said")
_PERSON_VERBS = section("person_verbs")
_RULERS = frozenset("president premier governor mayor king queen prince emir sultan".split())
_PRONOUNS = frozenset({"who", "whose"})
_PLACES_BEFORE = section("places_before")
_PLACE_VERBS = section("place_verbs")
_PLACE_NOUNS = section("place_nouns")
_LANDSCAPE = section("landscape_nouns")
_ARTICLES = frozenset({"the", "a", "an", "his", "her", "their", "its", "our", "former", "then"})
_PLACE_FIRST = section("loc_prefixes")
_FAC_NOUNS = section("fac_nouns")
_LOUD = section("loud_words")
_COMMON = section("common_words") | section("not_names")
_MONTHS = frozenset(
    "January February March April May June July August September October November December Jan Feb "
    "Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split()
)
_DATELINE_ENDS = DASHES | {"("}
_PARTICLES = frozenset("Al El Bin Ben Abu Ibn Ul".split())
_GIVEN = section("given_names")
_FIRM_NOUNS = frozenset(
    "shares stock shareholders sales profits customers vehicles cars products dealers".split()
)
_BODIES = frozenset("parliament government army people citizens".split())
_MAX_PERSON = 5
_LONGEST_ACRONYM = 7


def told(tokens: Tokens, span: Span) -> Told:
    """The type by context, and how sure; (None, 0) if nothing speaks."""
    around = _Around(tokens, span)
    for rule in _RULES:
        kind, confidence = rule(around)
        if kind:
            return kind, confidence
    return None, 0.0


class _Around:
    """The name's words and its neighbours; an empty string where there is none."""

    __slots__ = ("after", "after2", "before", "before2", "count", "later", "words")

    def __init__(self, tokens: Tokens, span: Span) -> None:
        words, last = tokens.words, span.last
        self.words = words[span.first : last + 1]
        self.count = len([word for word in self.words if word not in (".", "-")])
        self.before = words[span.first - 1] if span.first else ""
        self.before2 = words[span.first - 2] if span.first > 1 else ""
        self.after = words[last + 1] if last + 1 < len(words) else ""
        self.after2 = words[last + 2] if last + 2 < len(words) else ""
        self.later = words[last + 2 : last + 7]


def _dateline(around: _Around) -> Told:
    """``TORVEL, March 3 -`` and ``TORVEL (Agency) -`` at the start of a line."""
    opens = around.before in ("", "\n")
    if opens and around.count <= 3 and all(word.isupper() or word == "." for word in around.words):
        if around.after == "(" or (around.after == "," and around.after2 in _MONTHS):
            return "GPE", CUED
        if around.after in DASHES and len(around.words[0]) > 3:
            return "GPE", LIKELY
        if around.after == "," and _DATELINE_ENDS.intersection(around.later[1:4]):
            return "GPE", CUED
    ends = around.after == "(" or around.after in DASHES
    if around.before == "," and around.before2.isupper() and len(around.before2) > 3 and ends:
        return "GPE", LIKELY
    agency = around.before == "(" and around.after == ")" and around.after2 in DASHES
    return ("ORG", CUED) if agency else (None, 0.0)


def _acronym(around: _Around) -> Told:
    word = around.words[0]
    if around.count == 1 and word.isupper() and len(word) > 1 and word not in _LOUD:
        return ("ORG", WEAK) if len(word) <= _LONGEST_ACRONYM else (None, 0.0)
    if around.count == 1 and _mixed(word):
        return "ORG", WEAK
    return None, 0.0


def _compound(around: _Around) -> Told:
    """``S&P``; ``Velmar-Tesk said``: two surnames alone are a firm, if nobody is so called."""
    if "&" in around.words:
        return "ORG", WEAK
    first, *rest = around.words
    lone = len(rest) == 2 and rest[0] == "-" and rest[1][0].isupper() and first not in _PARTICLES
    if lone and around.after in _FIRM_NOUNS:
        return "ORG", LIKELY
    placed = around.before.lower() in _PLACES_BEFORE
    given = first in _GIVEN and around.words[-1] in _GIVEN
    return ("ORG", GUESS) if lone and not placed and not given else (None, 0.0)


def _mixed(word: str) -> bool:
    """``UNSCo``: mostly capitals; no plural such as ``MPs``."""
    capitals = sum(map(str.isupper, word))
    plural = word.endswith("s") and word[:-1].isupper()
    return 1 < capitals < len(word) < capitals * 2 and not plural


def _person(around: _Around) -> Told:
    """A role before or behind, an age, a relative clause."""
    if around.count > _MAX_PERSON or not _wordy(around):
        return None, 0.0
    if around.before in _ROLES and around.before2 not in _PLACES_BEFORE:
        return "PERSON", CUED if around.count > 1 else LIKELY
    if around.after == "," and around.later:
        near = around.later[:1] + [w for w in around.later[1:] if w[0].islower()]
        if around.later[0].isdigit() and len(around.later[0]) == 2 and not _placed(around):
            return "PERSON", CUED
        if around.later[0] in _PRONOUNS:
            return "PERSON", LIKELY
        if around.later[0] in _ARTICLES | _ROLES and any(word in _ROLES for word in near):
            return "PERSON", LIKELY
    if around.after in _PRONOUNS:
        return "PERSON", LIKELY
    return None, 0.0


def _place(around: _Around) -> Told:
    """``the city of X``, ``X province``."""
    if around.before == "of" and around.before2.lower() in _PLACE_NOUNS:
        return "GPE", CUED
    if around.before == "of" and around.before2.lower() in _RULERS | _BODIES and around.count <= 3:
        return "GPE", LIKELY
    if around.after in _PLACE_NOUNS and around.count <= 3:
        return ("LOC" if around.after in _LANDSCAPE else "GPE"), LIKELY
    if around.after in _FAC_NOUNS:
        return "FAC", LIKELY
    return None, 0.0


def _placed(around: _Around) -> bool:
    """``off Port Lorne, 12 missing``: what follows is no age."""
    return around.before.lower() in _PLACES_BEFORE or around.words[0] in _PLACE_FIRST


def _speaker(around: _Around) -> Told:
    """``X said``; ``said X``; but ``the coast guard of X said`` names where it belongs."""
    if around.count > _MAX_PERSON or not _wordy(around):
        return None, 0.0
    if around.before == "of" and around.before2[:1].islower() and around.after in _SAID:
        return "GPE", WEAK
    if around.after in _SAID or (around.before in _SAID and around.before2 in ("”", '"', ",", "’")):
        return "PERSON", LIKELY
    if around.after in _PERSON_VERBS:
        return "PERSON", WEAK
    return None, 0.0


def _preposition(around: _Around) -> Told:
    if around.count > 3 or not _wordy(around):
        return None, 0.0
    before = around.before.lower()
    if before in _PLACES_BEFORE:
        sure = WEAK if before in ("in", "near", "outside", "across") else GUESS
        if before in ("to", "from", "at") and around.count > 1:
            return None, 0.0
        return "GPE", sure
    if around.before in _PLACE_VERBS:
        return "GPE", GUESS
    return None, 0.0


def _place_name(around: _Around) -> Told:
    """``La Verada``, ``San Ostro``: places and papers begin so."""
    opens = around.words[0] in _PLACE_FIRST and around.words[0] not in _COMMON
    return ("GPE", GUESS) if opens and 2 <= around.count <= 4 and _wordy(around) else (None, 0.0)


def _shape(around: _Around) -> Told:
    """Two or three plain words are most often a person; ordinary ones an organisation."""
    if around.count < 2 or around.count > _MAX_PERSON:
        return None, 0.0
    if any(word in _COMMON for word in around.words) or not _wordy(around):
        return "ORG", GUESS
    return ("PERSON", GUESS) if around.count <= 3 else (None, 0.0)


def _wordy(around: _Around) -> bool:
    """Words with small letters behind the first, as people and places are written."""
    return all(not word.isupper() or len(word) == 1 for word in around.words) and not (
        around.count > 1 and any(word in _COMMON for word in around.words)
    )


_RULES = (
    _dateline,
    _acronym,
    _person,
    _place,
    _compound,
    _speaker,
    _preposition,
    _place_name,
    _shape,
)
