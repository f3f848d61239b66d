"""What a source takes back itself: a correction or a retraction, no dispute of two parties."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from streams.novelty.parties import identity, names_party
from streams.novelty.signs import signs
from streams.novelty.statements import MAX_TEXT, NOTE

Json = dict[str, Any]

ALIKE = 0.6  # share of a note's words that a notice in the text has as well
# Of the article itself.
_NOTICE = re.compile(
    r"\b(?:earlier|previous|prior|original|initial|first) (?:version|edition|headline)s? of"
    r" (?:this|the|our) (?:story|article|report|dispatch|item|piece|headline|text)\b"
    r"|\bthis (?:story|article|report|item)\b[^.;]{0,40}\b(?:corrected|amended|to correct)\b"
    r"|^\W*(?:correction|clarification|berichtigung|korrektur|correcci[óo]n|fe de erratas"
    r"|rectificatif|erratum|correctif)\b\W*[:.—–-]"
    r"|\bin einer (?:früheren|ersten) (?:version|fassung) (?:dieses|des) "
    r"|\buna versi[óo]n anterior de (?:est[ea]|la) |\bune version (?:précédente|antérieure) de cet",
    re.I,
)
# Of a party: what it said itself.
_OWN = (
    r"(?:(?:its|their|his|her|an?|own|the|earlier|previous|original|initial|first|false|wrong|su|sus"
    r"|ihren?|ihre[mr]?|seinen?|seine[mr]?|einen|früheren?|une?|una|son|sa|leur|ses) ){1,4}"
)
_SAID = (
    r"(?:reports?|story|stories|claims?|statements?|articles?|figures?|accounts?|accusations?"
    r"|allegations?|remarks?|comments?|tall(?:y|ies)|tolls?|counts?|estimates?|assertions?|charges?"
    r"|bericht|meldung|behauptung|aussage|vorwurf|vorwürfe|zahl|informe|informaci[óo]n|acusaci[óo]n"
    r"|declaraci[óo]n|cifra|balance|article|déclaration|accusation|chiffre|bilan)"
)
_TAKES_BACK = re.compile(
    r"\b(?:correct(?:s|ed)|retract(?:s|ed)|withdrew|withdraws|withdrawn|took back|takes back"
    r"|recant(?:s|ed)|rescind(?:s|ed)|apologi[sz]ed for|korrigierte?|widerrief|berichtigte|zog|nahm"
    r"|corrigió|rectificó|retiró|se retractó de|(?:a|ont) (?:corrigé|rectifié|retiré|démenti))"
    rf" {_OWN}(?:[\w’'-]+ )?{_SAID}\b",
    re.I,
)
_MINE = re.compile(r"\b(?:its|their|his|her|own|earlier|previous|original|initial|first)\b", re.I)
_GERMAN_END = re.compile(r"\b(?:zog|nahm)\b", re.I)
_CLAUSE = re.compile(r"[;:]\s|\b(?:but|while|after|when|and)\s")


@lru_cache(maxsize=512)
def takes_back(text: str) -> bool:
    """Whether a sentence corrects or retracts what its own source said.

    >>> takes_back("The Herald corrected an earlier report that the mayor had resigned.")
    True
    >>> takes_back("The ministry corrected the Herald.")
    False
    """
    if "retraction" not in signs(text):
        return False
    return bool(_NOTICE.search(text) or _own(text))


def _own(text: str) -> re.Match[str] | None:
    found = _TAKES_BACK.search(text)
    if found is None or (_GERMAN_END.match(found[0]) and "zurück" not in text[found.end() :]):
        return None
    english = found[0].isascii() and re.match(r"[a-z]+ (?:back |for )?(?:an?|the) ", found[0], re.I)
    return found if not english or _MINE.search(found[0]) else None


def retractions(statements: Sequence[Json]) -> list[Json]:
    """Corrections and retractions as rows of ``disputes``, of the kind "correction".

    The one side is the party that takes it back, nobody where that is the publisher. A note that
    came as a field of the article is one whatever it says, unless the text has a notice like it.
    """
    rows: list[Json] = []
    for at, statement in enumerate(statements):
        text, noted = statement["text"], statement["field"] == NOTE
        if noted and any(_alike(statement, row) for row in rows):
            continue
        if noted or takes_back(text):
            verb = None if noted or _NOTICE.search(text) else _own(text)
            who = _CLAUSE.split(text[: verb.start()])[-1] if verb else ""
            own = [identity(who, statement)] if names_party(who) else []
            rows.append(
                {
                    "kind": "correction",
                    "claim": text[:MAX_TEXT],
                    "claimants": own,
                    "denied_by": own,
                    "stems": statement["stems"],
                    "at": [at],
                }
            )
    return rows


def _alike(note: Json, row: Json) -> bool:
    stems = set(note["stems"])
    return len(stems & set(row["stems"])) >= ALIKE * len(stems)
