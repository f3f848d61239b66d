"""The statements of one article as a small JSON value: all that novelty needs of it later."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from schemas.tagged import Mention
from streams.novelty.vocabulary import digits, function_words, same_meaning
from streams.text.remembered import Remembered
from streams.text.sentences import Sentence
from streams.text.words import opens, spelled, stem

NOTE = "correction_note"  # the field of an article that says what a correction changed
MAX_STATEMENTS = 40
MAX_TEXT = 400
MAX_STEMS = 40
MAX_STEM = 40  # characters; longer runs are no words
MAX_READ = 1500  # characters of a sentence that patterns read
# Lines that speak of the article, not of the event.
_CREDIT = re.compile(
    r"(?:(?:additional |compiled |further )?(?:reporting|writing|editing|report|text) by\b"
    r"|©|copyright\b|all rights reserved|sources?:|photos?:|images?:|video:|read more|see also"
    r"|click here|sign up|subscribe|follow us"
    r"|this (?:article|story|report) (?:was|has been|(?:first |originally )?(?:appeared|ran))\b"
    r"|this summary\b|original (?:video|article|story)\b|official website"
    r"|with (?:files|reporting) from\b|(?-i:By [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}$))",
    re.IGNORECASE,
)
_WORD_CHARACTER = re.compile(r"[\w©]")
_CREDIT_HEAD = 200  # characters that tell a credit
# "KELMAR, March 3 (Agency) - ": where and by whom, not what.
_DATELINE = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,30}(?:, \w[\w. ]{1,25}){0,2}(?: \([^)]{2,30}\))? ?[-–—]{1,2} "
    r"|(?:[A-ZÀ-Þ][\w.'’-]+[, ]{1,2}){1,4}\([^)]{2,30}\) ?[-–—]{1,2} "
)
_DASHES = ("- ", "– ", "— ")  # one of them ends every dateline
_CREDIT_INSIDE = ("http://", "https://", "www.", "contributed to this report", "(Reporting by")
_NOUNS_IN_CAPITALS = ("de",)
_VERB_ENDING = re.compile(r"(?:[a-z]{3}ed|[a-z]{3}ing)$")
_PAST = frozenset(
    """became began broke brought built bought caught chose cut dealt drew drove fell felt fought
    found gave grew held hit kept knew laid led left lent lost met paid put ran read rose sank saw
    sent set shot shut sold spent spoke stole stood struck swept swore taught threw thought took
    won wore withdrew wrote""".split()
)


class Form(NamedTuple):
    """``stem`` is one for all words of a meaning, and for a number in words or digits."""

    stem: str
    verb: bool
    capital: bool


def statement(sentence: Sentence, rank: int, mentions: Iterable[Mention], language: str) -> Any:
    """One sentence as JSON; ``rank`` counts sentences inside the field's part, from 0.

    Args:
        mentions: those that begin in the sentence.
    """
    begin = dateline(sentence.text)
    words = spelled(sentence.text, begin) if begin else sentence.words
    forms = _forms(language)
    kept = list(filter(None, map(forms.__getitem__, words)))[:MAX_STEMS]
    stems = [stem for stem, _, _ in kept]
    first = opens(sentence.text, words, begin) and forms[words[0]] is not None
    value: dict[str, Any] = {
        "field": sentence.field,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text[:MAX_TEXT],
        "stems": list(dict.fromkeys(stems)),
        "rank": rank,
    }
    inside = list(mentions)
    linked = [
        (identity, each.start - sentence.start, each.end - sentence.start)
        for each in inside
        if (identity := actor(each))
    ]
    extras = {
        "verbs": list(dict.fromkeys([stem for stem, is_verb, _ in kept if is_verb])),
        "names": marks_names(language)
        and list(dict.fromkeys([stem for stem, _, capital in kept[first:] if capital])),
        "entities": linked
        and _entities(
            linked,
            stems,
            _places(sentence.text, begin, max(end for *_, end in linked), words, language),
        ),
        "places": sum(mention.type == "GPE" for mention in inside),
        "skip": is_credit(sentence.text),
    }
    return value | {name: extra for name, extra in extras.items() if extra}


def form(word: str, language: str) -> Form | None:
    """What a statement keeps of a word; None for a function word or a run that is no word."""
    return _forms(language)[word]


@lru_cache(maxsize=16)
def _forms(language: str) -> Remembered[Form | None]:
    return Remembered(lambda word: _form(word, language))


def _form(word: str, language: str) -> Form | None:
    if len(word) > MAX_STEM or word.casefold() in function_words(language):
        return None
    same = same_meaning() if language in ("en", "und") else {}
    stemmed = stem(word, language)
    capital = word[:1].isupper() and word[1:].islower()
    return Form(digits(word) or same.get(stemmed, stemmed), is_verb(word), capital)


def marks_names(language: str) -> bool:
    """Whether a capital inside a sentence marks a name."""
    return language not in _NOUNS_IN_CAPITALS


def dateline(text: str) -> int:
    """Length of the place, date and agency before the first words of a report."""
    if not any(map(text.__contains__, _DASHES)):
        return 0
    found = _DATELINE.match(text)
    return found.end() if found else 0


def is_credit(text: str) -> bool:
    """Whether a line speaks of the article, not of the event."""
    first = _WORD_CHARACTER.search(text)
    if first is None:
        return True
    head = text[first.start() : first.start() + _CREDIT_HEAD].rstrip()
    return bool(_CREDIT.match(head)) or any(map(text.__contains__, _CREDIT_INSIDE))


def is_verb(text: str) -> bool:
    """A guess by form, for lower-case English words: past tense or -ing."""
    return text.islower() and (text in _PAST or bool(_VERB_ENDING.search(text)))


def actor(mention: Mention) -> str | None:
    """The id of who acts: a capital that stands for its government gives the country's."""
    return mention.metonym_of or mention.entity_id


def by_sentence(sentences: Sequence[Sentence], mentions: Iterable[Mention]) -> list[list[Mention]]:
    """The mentions that begin in each sentence, in their order."""
    starts: dict[str, list[tuple[int, int, int]]] = {}
    for at, sentence in enumerate(sentences):
        starts.setdefault(sentence.field, []).append((sentence.start, sentence.end, at))
    found: list[list[Mention]] = [[] for _ in sentences]
    for mention in mentions:
        places = starts.get(mention.field, ())
        place = bisect_right(places, (mention.start, math.inf, 0)) - 1
        if place >= 0 and mention.start < places[place][1]:
            found[places[place][2]].append(mention)
    return found


def _places(text: str, begin: int, end: int, words: Iterable[str], language: str) -> list[int]:
    """Where the words with a stem begin, as far as ``end``.

    Between two words is nothing that a word may begin with: so each begins with the next letter
    that is its first. Words behind the end of a text that was cut have no place.
    """
    at, forms = begin, _forms(language)
    found: list[int] = []
    for word in words:
        at = text.find(word[0], at)
        if at < 0 or at >= end:
            break
        if forms[word]:
            found.append(at)
        at += len(word)
    return found


def _entities(
    linked: Iterable[tuple[str, int, int]], stems: Sequence[str], places: Sequence[int]
) -> list[list[str]]:
    """[id, stem, stem ...] of each linked mention, one row per id.

    Args:
        linked: id, start, end of each.
        places: where the stems begin.
    """
    rows: dict[str, dict[str, None]] = {}
    for identity, start, end in linked:
        inside = stems[bisect_left(places, start) : bisect_left(places, end)]
        rows.setdefault(identity, {}).update(dict.fromkeys(inside))
    return [[identity, *row] for identity, row in rows.items()]
