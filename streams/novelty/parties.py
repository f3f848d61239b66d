"""Who gives a number: the party that a sentence names as its source."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from streams.novelty.amounts import amounts, with_digits
from streams.novelty.vocabulary import function_words
from streams.text.words import spelled, stems_of

Json = dict[str, Any]

# "police said", "the union put it at", "sprach von", "cifró en", "parle de"
_GIVES = re.compile(
    r"\b(?:said|says?|saying|disputed|claim(?:s|ed)?|puts?|counts?|counted|estimate[sd]?|report(?:s|ed)?|gives?|gave"
    r"|sp(?:oke|eaks?) of|admit(?:s|ted)?|acknowledge[sd]?|insist(?:s|ed)?|announce[sd]?"
    r"|record(?:s|ed)?|confirm(?:s|ed)?|maintain(?:s|ed)?|believe[sd]?|tallied|list(?:s|ed)"
    r"|sprach(?:en)? von|spr(?:icht|echen) von|zähl(?:t|ten?)|schätz(?:t|ten?)|melde(?:t|ten?)"
    r"|gab(?:en)?|gibt|geben|nannten?|nennen|nennt|berichte(?:t|ten?)|sagten?|bezifferten?|beziffert"
    r"|cifr(?:ó|a|an|aron)|habl(?:ó|a|an|aron) de|estim(?:ó|a|an|aron)|cont(?:ó|aron)|contabiliz\w+"
    r"|inform(?:ó|a|an|aron)|asegur(?:ó|a|an|aron)|reportó|reportaron|dijo|dijeron"
    r"|parle(?:nt)? de|estim(?:e|ent|ait)|évoqu(?:e|ent|ait)|avanc(?:e|ent|ait)"
    r"|recens(?:e|ent)|compt(?:e|ent|ait)"
    r"|(?:a|ont) (?:compté|recensé|annoncé|dénombré|évoqué|avancé|fait état))\b",
    re.I,
)
_ACCORDING = re.compile(
    r"\b(?:according to|laut|nach angaben (?:der|des|von)|según|selon|d['’]après)"
    r" (?P<who>[^,;.\d]{2,60})",
    re.I,
)
_BEHIND = re.compile(
    rf"^[^;.\d]{{0,70}}?,? (?P<who>(?:[\w’'-]+ ){{1,6}}?)(?P<verb>{_GIVES.pattern})", re.I
)
_START = re.compile(
    r"[;:,.(]\s|\b(?:but|while|whereas|although|though|and|that|aber|während|und|dass|pero|mientras"
    r"|y|que|mais|tandis|alors|et)\b",
    re.I,
)
_PARTY = re.compile(
    r"\b(?:polic(?:e|ía)|polizei|hospitals?|krankenhaus|klinik|hôpital|doctors?|medics|ärzte|médicos"
    r"|médecins|organi[sz]ers?|veranstalter(?:n|in)?|organizador(?:es)?|organisateurs?|unions?"
    r"|gewerkschaft(?:en)?|sindicatos?|syndicats?|governments?|regierung|gobierno|gouvernement"
    r"|ministry|ministerium|\w+ministerium|ministerio|ministère|minister|army|armee|ejército|armée"
    r"|military|militär|rebels?|rebellen|rebeldes|rebelles|insurgents|militants|officials?|behörden"
    r"|autoridades|autorités|authorities|opposition|oposición|witnesses|residents|villagers"
    r"|survivors|company|firm|operator|owner|management|council|mayor|bürgermeister|alcalde|maire"
    r"|governor|gobernador|préfecture|prefect|prefecto|préfet|agency|institute|institut|commission"
    r"|observers|activists|campaigners|charity|coastguard|firefighters|feuerwehr|bomberos|pompiers"
    r"|rescuers|prosecutors?|staatsanwaltschaft|fiscalía|protection|office|protesters|demonstrators"
    r"|agentur|agencia|agence|newspaper|zeitung|periódico|journal|scientists|economists|insurers|bank|department|service|committee|board|party|group)\b",
    re.I,
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*)*")
_POSSESSIVE = re.compile(r"['’]s?$")


class Given(NamedTuple):
    """A number of a sentence: value, identity of the party that gives it, and its clause."""

    value: float
    party: str
    before: str  # from the number before to this one
    clause: str  # the end of it, from the words that name the party
    after: str  # to the next number


def given(statement: Json, language: str) -> Iterator[Given]:
    """The numbers of a statement that someone gives, in order.

    The party is the entity that its words name, else "local:name:" and its noun or name. A number
    without a party of its own has that of the number before.
    """
    text = with_digits(statement["text"], language)
    tokens, read = amounts(text, language)
    spans = [(tokens[n.at].start(), tokens[n.at + n.width].end(), n.value) for n in read]
    party = ""
    for at, (start, end, value) in enumerate(spans):
        before = text[spans[at - 1][1] if at else 0 : start]
        after = text[end : spans[at + 1][0] if at + 1 < len(spans) else len(text)]
        found = _who(before, after)
        party = identity(found, statement) if found else party
        if party:
            clause = before[max(0, before.rfind(found)) :] if found else before
            yield Given(value, party, before, clause, after)


def _who(before: str, after: str) -> str:
    """The words that name the party of a number between two texts."""
    if behind := _ACCORDING.match(after[1:].lstrip(",")):
        return behind["who"]
    verbs = list(_GIVES.finditer(before))
    for verb in reversed(verbs):
        clause = _START.split(before[: verb.start()])[-1]
        if names_party(clause):
            return clause
    according = [*_ACCORDING.finditer(before)][-1:] or [*_ACCORDING.finditer(after)][:1]
    if according:
        return according[0]["who"]
    said = _BEHIND.match(after)
    if said and not verbs:
        who = _START.split(said["who"])[-1]
        return who if names_party(who) else ""
    return ""


def names_party(words: str) -> bool:
    """Whether some words name who may give a number or make a claim."""
    return bool(_PARTY.search(words) or _proper(words))


def _proper(text: str) -> str:
    """The last name in a text, without a capital that only begins the sentence."""
    names = [found[0].split(" ") for found in _NAME.finditer(text)]
    names = [[word for word in name if not _no_name(word)] for name in names]
    return next((" ".join(name) for name in reversed(names) if name), "")


def _no_name(word: str) -> bool:
    """Whether a capital only begins a sentence."""
    return any(word.lower() in function_words(language) for language in ("en", "de", "es", "fr"))


def identity(who: str, statement: Json) -> str:
    """The entity id that some words of a statement name, else "local:name:" and the name."""
    stems = set(stems_of(spelled(who)))
    for identity, *named in statement.get("entities", ()):
        if named and stems.issuperset(named):
            return str(identity)
    nouns = _PARTY.findall(who)
    name = nouns[-1] if nouns else _POSSESSIVE.sub("", _proper(who))
    return "local:name:" + "-".join(name.casefold().split())
