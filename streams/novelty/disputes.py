"""Claims and denials: who accuses, and who denies it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from schemas.tagged import Mention
from streams.novelty.retractions import takes_back
from streams.novelty.signs import signs
from streams.novelty.statements import MAX_TEXT, actor, dateline
from streams.text.sentences import Sentence

_ACTORS = frozenset(("PERSON", "ORG", "GPE", "LOC", "NORP"))
_NOUN_BEFORE = r"(?<!\ba )(?<!\bthe )(?<!\bthis )(?<!\bthat )(?<!\bany )(?<!\bsuch )(?<!\bthese )"
_CLAIM = re.compile(
    rf"\b(?:accus(?:e[sd]?|ing)|alleg(?:e[sd]?|ing)|blam(?:e[sd]?|ing)"
    rf"|{_NOUN_BEFORE}claim(?:s|ed|ing)?"
    r"|beschuldigt\w*|wirft|warf|vorgeworfen|acus(?:a|ó|an|aron|ado)|accus(?:ent|é)\b)\b",
    re.I,
)
_CHARGE = (
    r"(?:claims?|accusations?|allegations?|charges?|assertions?|suggestions?|reports?|blame"
    r"|idea|responsibility|wrongdoing|involvement|vorwürfe?|acusaci\w+|accusations?)"
)
_COUNT = r"(?:numbers?(?! of)|figures?|tolls?|counts?|accounts?|versions?|findings?)"
_DENY = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)(?! (?:\w+ )?(?:bail|entry|access|visas?|permission|parole|motion"
    r"|request|appeal)\b)|refut(?:e[sd]?|ing)"
    rf"|(?:reject|dismiss|disput|rebuff)\w*"
    rf"(?= (?:[\w’'-]+ ){{0,3}}(?:{_CHARGE}|{_COUNT})\b| as \w+| it\b| them\b| by\b"
    r"| (?:this|that|these)(?:[.;,]|$))"
    r"|call(?:s|ed|ing)? (?:[\w’'-]+ ){0,4}[\"“‘']?(?:pure |complete |total |an? |utter )?"
    r"(?:false|baseless|untrue|unfounded|fabricat(?:ed|ion)|groundless|lies?|nonsense"
    r"|invent(?:ed|ion)|fiction|absurd)"
    r"|bestreite[tn]|bestritt|dementiert\w*|zurückgewiesen|niega|negó|rechaz(?:a|ó)|dément|nie)\b",
    re.I,
)
# "... an accusation that both A and B reject": the charge stands before the verb.
_DENY_CHARGE = re.compile(
    rf"\b{_CHARGE},? (?:that |which )?[^.;]{{1,80}}?"
    r"\b(?P<verb>(?:reject|dismiss|disput|rebuff)\w*)",
    re.I,
)
# "A accuses B of theft, which B rejects"
_DENY_WHICH = re.compile(
    r"[,;] (?:but )?(?:something )?(?:which|that|what) [^,.;]{1,80}?"
    r"\b(?P<verb>(?:reject|dismiss|disput|rebuff)\w*)(?=\W*$|[,.;])",
    re.I,
)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|wurden?|fue(?:ron)?)\s+(?:\w+\s+)?$", re.I
)
_NAME_BEFORE = re.compile(
    r"(?:^|[\s\"“])(?!(?:He|She|It|They|We|You|The|This|That|Both|But|And|Who|Officials|Police)\b)"
    r"(?P<name>(?:[A-ZÀ-Þ][\w’'-]+ ){1,3})(?:(?:has|have|had) )?(?:\w+ly )?$"
)
_SAID = re.compile(r"\b(?:said|says|insisted|sagte|dijo)\b", re.I)
_CHARGE_BY = re.compile(rf"\b{_CHARGE},? (?:made |levelled |brought )?(?:by|from) ", re.I)
_OWN_CHARGE = re.compile(rf"['’]s? (?:\w+ )?{_CHARGE}\b", re.I)
_BY = re.compile(r"^[^.;]{0,60}?\b(?:by|von|por|par)\s", re.I)
_JOIN = re.compile(r"^[\s,]*(?:(?:and|or|both|the|as well as|und|y|et|&|'s|’s)[\s,]*)*$", re.I)
_START = re.compile(
    rf"[;,](?=\s)|\b(?:but|while|although|which|that|{_CHARGE[3:-1]})\b(?=[^;]*$)", re.I
)
_BACK_REFERENCE = re.compile(
    r"\b(?:he|she|they|it|which|both|the (?:company|firm|government|group|agency|ministry|army|"
    r"military|country|bank|party|regime|suspect|defendant|minister|president|spokes\w+))\b",
    re.I,
)


class Actor(NamedTuple):
    """An acting entity; offsets in the sentence's text."""

    identity: str
    start: int
    end: int


class Verb(NamedTuple):
    """Where a verb of claiming or denying stands in the sentence's text."""

    start: int
    end: int


class Sides(NamedTuple):
    """What one sentence says of a claim."""

    accuses: bool
    denies: bool
    claimants: tuple[str, ...]
    accused: tuple[str, ...]
    deniers: tuple[str, ...]
    claim_end: int  # where the claim's clause ends


def disputes(
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    stems: Sequence[Sequence[str]],
) -> list[dict[str, Any]]:
    """Denied claims as JSON rows: claim, claimants, denied_by, stems, at (sentence numbers).

    A denial joins the accusation of its own sentence, else of the one before it. What a source
    takes back itself is in ``retractions``.

    Args:
        mentions: those that begin in each sentence.
    """
    rows: list[dict[str, Any]] = []
    before: tuple[int, Sides] | None = None
    for number, sentence in enumerate(sentences):
        sides = None if takes_back(sentence.text) else _sides(sentence, mentions[number])
        if sides and sides.denies:
            row = _row(number, sides, before, sentences, stems)
            if row["claimants"] or row["denied_by"]:
                rows.append(row)
        before = (number, sides) if sides and sides.accuses else None
    return rows


def _sides(sentence: Sentence, mentions: Iterable[Mention]) -> Sides | None:
    if signs(sentence.text).isdisjoint(("claim", "denial", "said")):
        return None
    return read(sentence.text, actors(sentence, mentions))


def actors(sentence: Sentence, mentions: Iterable[Mention]) -> list[Actor]:
    """The actors of a sentence, in order of the text; one without a link goes by its name."""
    begin = sentence.start + dateline(sentence.text)
    found = (
        Actor(identity, mention.start - sentence.start, mention.end - sentence.start)
        for mention in mentions
        if mention.type in _ACTORS and begin <= mention.start < sentence.end
        for identity in (actor(mention) or _local(mention),)
    )
    return sorted(found, key=lambda each: each.start)


def _local(mention: Mention) -> str:
    return by_name(mention.name or mention.surface)


def by_name(name: str) -> str:
    """The identity of an actor that goes by its name alone."""
    return "local:name:" + "-".join(name.casefold().split())


def _untagged(before: str) -> tuple[str, ...]:
    """A name right before the verb that the tagger did not mark."""
    found = _NAME_BEFORE.search(before)
    return (by_name(found["name"]),) if found else ()


def read(text: str, present: Sequence[Actor]) -> Sides | None:
    """Who claims and who denies in one sentence; None if it holds neither."""
    found = signs(text)
    claim = _verb(_CLAIM, text) if "claim" in found else None
    deny = _verb(_DENY, text) if "denial" in found else None
    if not deny and "refusal" in found:
        deny = _verb(_DENY_CHARGE, text) or (_verb(_DENY_WHICH, text) if claim else None)
    if not claim and not deny:
        said = _verb(_SAID, text) if "said" in found else None
        return _said(text, said, present) if said else None
    if deny and claim and deny.start < claim.start:
        claim = None  # "X denied claims that ..."
    end = _clause_start(text, deny.start) if deny and claim else len(text)
    claimants, accused = _accusation(text, claim, present, end)
    if not claim:
        claimants = _charged_by(text, present)
    deniers = _doers(text, deny, present, 0 if not claim else claim.end) if deny else ()
    if deny and claim and not deniers and _BACK_REFERENCE.search(text, claim.end, deny.end):
        deniers = accused
    if deny and not deniers:
        deniers = _untagged(text[: deny.start])
    return Sides(bool(claim), bool(deny), claimants, accused, deniers, end)


def _verb(pattern: re.Pattern[str], text: str) -> Verb | None:
    found = pattern.search(text)
    group: str | int = "verb" if "verb" in pattern.groupindex else 0
    return Verb(*found.span(group)) if found else None


def _said(text: str, said: Verb, present: Sequence[Actor]) -> Sides | None:
    """A plain report: a claim only if the next sentence denies it."""
    doers = _doers(text, said, present, 0)
    return Sides(True, False, doers, (), (), len(text)) if doers else None


def _charged_by(text: str, present: Sequence[Actor]) -> tuple[str, ...]:
    """The claimants that a charge names: "claims by A", "A's accusations"."""
    by = _CHARGE_BY.search(text)
    if by:
        return _joined_on(text, by.end(), present)
    return tuple(each.identity for each in present if _OWN_CHARGE.match(text[each.end :]))


def _row(
    number: int,
    sides: Sides,
    before: tuple[int, Sides] | None,
    sentences: Sequence[Sentence],
    stems: Sequence[Sequence[str]],
) -> dict[str, Any]:
    at, claim = number, sides
    if before is not None and _answers(number, sides, before, sentences):
        at, claim = before
    deniers = sides.deniers or claim.accused
    text = sentences[at].text
    return {
        "claim": text[dateline(text) : claim.claim_end].rstrip(" ,;")[:MAX_TEXT],
        "claimants": list(claim.claimants),
        "denied_by": list(deniers),
        "stems": list(stems[at]),
        "at": sorted({at, number}),
    }


def _answers(
    number: int, sides: Sides, before: tuple[int, Sides], sentences: Sequence[Sentence]
) -> bool:
    """Whether a denial without a claimant answers the sentence before."""
    at, claim = before
    same_field = sentences[at].field == sentences[number].field
    itself = set(claim.claimants) & set(sides.deniers)
    return same_field and at == number - 1 and not (sides.accuses or sides.claimants or itself)


def _accusation(
    text: str, claim: Verb | None, present: Sequence[Actor], end: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(claimants, accused)."""
    if claim is None:
        return (), ()
    doers = _doers(text, claim, present, 0)
    after = [each for each in present if claim.end <= each.start < end]
    if _PASSIVE.search(text[: claim.start]):
        return doers, _joined_back(text, claim.start, present, 0)
    return doers, tuple(dict.fromkeys(each.identity for each in after[:1]))


def _doers(text: str, verb: Verb, present: Sequence[Actor], floor: int) -> tuple[str, ...]:
    """Who does it: before the verb, or behind "by" if the verb is passive."""
    by = _BY.match(text[verb.end :])
    if by and _PASSIVE.search(text[: verb.start]):
        return _joined_on(text, verb.end + by.end(), present)
    return _joined_back(text, verb.start, present, floor)


def _joined_back(text: str, end: int, present: Sequence[Actor], floor: int) -> tuple[str, ...]:
    """The actor nearest before ``end`` and those joined to it by commas and "and"."""
    found: list[Actor] = []
    for each in reversed([each for each in present if floor <= each.start and each.end <= end]):
        gap = text[each.end : found[-1].start if found else end]
        if (len(gap.split()) > 8 or ";" in gap) if not found else not _JOIN.match(gap):
            break
        found.append(each)
    return tuple(dict.fromkeys(each.identity for each in reversed(found)))


def _joined_on(text: str, start: int, present: Sequence[Actor]) -> tuple[str, ...]:
    found: list[Actor] = []
    for each in (each for each in present if each.start >= start):
        gap = text[found[-1].end if found else start : each.start]
        if len(gap.split()) > 3 if not found else not _JOIN.match(gap):
            break
        found.append(each)
    return tuple(dict.fromkeys(each.identity for each in found))


def _clause_start(text: str, end: int) -> int:
    """Where the clause before ``end`` begins."""
    starts = [match.start() for match in _START.finditer(text, 0, end)]
    commas = [
        text.rfind(mark, 0, end) for mark in (", a ", ", an ", ", the ", ", which", "; ", ", but")
    ]
    return max((at for at in commas if at > 0), default=starts[-1] if starts else end)
