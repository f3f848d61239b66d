"""The statements of one article as a small JSON value: all that novelty needs of it later."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from schemas.tagged import Mention
from streams.novelty.vocabulary import function_words, same_meaning
from streams.text.sentences import Sentence
from streams.text.words import Word

MAX_STATEMENTS = 40
MAX_TEXT = 400
MAX_STEMS = 40
# Lines that speak of the article, not of the event.
_CREDIT = re.compile(
    r"\W*(?:(?:additional |compiled |further )?(?:reporting|writing|editing|report|text) by\b"
    r"|©|copyright\b|all rights reserved|sources?:|photos?:|images?:|video:|read more|see also"
    r"|click here|sign up|subscribe|follow us|this (?:article|story|report) (?:was|has been)\b"
    r"|this summary\b|original (?:video|article|story)\b|official website|\W*$"
    r"|with (?:files|reporting) from\b|(?-i:By [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}$))",
    re.IGNORECASE,
)
_CREDIT_INSIDE = ("http://", "https://", "www.", "contributed to this report", "(Reporting by")
_VERB_ENDING = re.compile(r"(?:[a-z]{3}ed|[a-z]{3}ing)$")
_PAST = frozenset(
    """became began broke brought built bought caught chose cut dealt drew drove fell felt fought
    found gave grew held hit kept knew laid led left lent lost met paid put ran read rose sank saw
    sent set shot shut sold spent spoke stole stood struck swept swore taught threw thought took
    won wore withdrew wrote""".split()
)


def statement(sentence: Sentence, rank: int, mentions: Iterable[Mention], language: str) -> Any:
    """One sentence as JSON; ``rank`` counts sentences inside the field's part, from 0."""
    skip, same = function_words(language), same_meaning() if language in ("en", "und") else {}
    kept = [w for w in sentence.words if w.text.casefold() not in skip][:MAX_STEMS]
    stems = {same.get(word.stem, word.stem): None for word in kept}
    value: dict[str, Any] = {
        "field": sentence.field,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text[:MAX_TEXT],
        "stems": list(stems),
        "rank": rank,
    }
    extras = {
        "numbers": list(dict.fromkeys(s for s in stems if s[:1].isdigit())),
        "verbs": list(dict.fromkeys(same.get(w.stem, w.stem) for w in kept if is_verb(w))),
        "entities": _entities(kept, _inside(mentions, sentence), same),
        "skip": is_credit(sentence.text),
    }
    return value | {name: extra for name, extra in extras.items() if extra}


def is_credit(text: str) -> bool:
    """Whether a line speaks of the article, not of the event."""
    return bool(_CREDIT.match(text)) or any(mark in text for mark in _CREDIT_INSIDE)


def is_verb(word: Word) -> bool:
    """A guess by form, for lower-case English words: past tense or -ing."""
    text = word.text
    return text.islower() and (text in _PAST or bool(_VERB_ENDING.search(text)))


def actor(mention: Mention) -> str | None:
    """The id of who acts: a capital that stands for its government gives the country's."""
    return mention.metonym_of or mention.entity_id


def _inside(mentions: Iterable[Mention], sentence: Sentence) -> Iterable[Mention]:
    return (each for each in mentions if sentence.start <= each.start < sentence.end)


def _entities(
    kept: Sequence[Word], mentions: Iterable[Mention], same: dict[str, str]
) -> list[list[str]]:
    """[id, stem, stem ...] of each linked mention, one row per id."""
    rows: dict[str, dict[str, None]] = {}
    for mention in mentions:
        identity = actor(mention)
        if identity:
            row = rows.setdefault(identity, {})
            for word in kept:
                if mention.start <= word.start < mention.end:
                    row[same.get(word.stem, word.stem)] = None
    return [[identity, *row] for identity, row in rows.items()]
