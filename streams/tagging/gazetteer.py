"""Table names in running text: the longest one that starts at a token, by two dictionary looks."""

from functools import lru_cache
from typing import NamedTuple

from streams.knowledge import Alias, Entity, Knowledge, fold
from streams.tagging.lexicon import section
from streams.tagging.tokens import NORMAL, POSSESSIVE, SHOUTED, Tokens, tokenize

_LONG_ACRONYM = 4


class Match(NamedTuple):
    """A table name in the text. ``entities``: what it may mean, likeliest first."""

    last: int
    entities: tuple[Entity, ...]
    ambiguous: bool


class Gazetteer:
    """An index over the names of a table. Built once; a lookup changes nothing."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._names: dict[str, tuple[Alias, ...]] = {}
        lengths: dict[str, set[int]] = {}
        for folded, aliases in knowledge.aliases.items():
            for key, rows in _keys(folded, aliases):
                self._names[key] = self._names.get(key, ()) + rows
                words = key.split()
                lengths.setdefault(words[0], set()).add(len(words))
        self._lengths = {word: tuple(sorted(n, reverse=True)) for word, n in lengths.items()}
        self._begins = lru_cache(50_000)(lambda word: _folded(word) in self._lengths)
        # A shouted "TOLD US" is no country.
        self._words = frozenset(word.casefold() for word in section("function_words")) | {
            "us", "who", "it", "am", "un", "aid", "eu", "mali",
        }  # fmt: skip

    def all(self, tokens: Tokens, language: str) -> dict[int, Match]:
        """The table names of a text by their first token, the longest first, apart."""
        found: dict[int, Match] = {}
        free = 0
        for index, word in enumerate(tokens.words):
            if index >= free and self._begins(word):
                match = self.longest(tokens, index, language)
                if match:
                    found[index] = match
                    free = match.last + 1
        return found

    def longest(self, tokens: Tokens, index: int, language: str) -> Match | None:
        """The longest table name that starts at a token, in a case that the table allows."""
        key = _folded(tokens.words[index])
        lengths = self._lengths.get(key)
        if lengths is None:
            return None
        words, ends = ahead(tokens, index, lengths[0])
        for length in lengths:
            if length <= len(words):
                rows = self._names.get(" ".join(words[:length]))
                found = rows and self._match(tokens, index, ends[length - 1], rows, language)
                if found:
                    return found
        return None

    def _match(
        self, tokens: Tokens, first: int, last: int, rows: tuple[Alias, ...], language: str
    ) -> Match | None:
        surface = tokens.surface(first, last)
        if tokens.style[first] == SHOUTED and surface.casefold() in self._words:
            return None
        fits = [
            row
            for row in rows
            if row.language in (None, language)
            and (_cased(row, surface) or _dateline(row, surface, tokens.style[first]))
            and (tokens.stops[last] > tokens.ends[last] or not row.alias.endswith(POSSESSIVE))
        ]
        known = dict.fromkeys(self.knowledge.entities[row.entity_id] for row in fits)
        kept = [entity for entity in known if not _part_of_a_name(entity, surface)]
        if not kept:
            return None
        kept.sort(key=lambda entity: (-entity.prior, entity.id))
        return Match(last, tuple(kept), any(row.ambiguous for row in fits))


def _keys(folded: str, aliases: tuple[Alias, ...]) -> list[tuple[str, tuple[Alias, ...]]]:
    """The key in the words of ``tokenize``; plain names are their own."""
    if folded.isalpha() or folded.replace(" ", "").isalnum():
        return [(folded, aliases)]
    grouped: dict[str, tuple[Alias, ...]] = {}
    for alias in aliases:
        words = [_folded(word) for word in tokenize("", alias.alias).words if word != "-"]
        key = " ".join(words)
        if key:
            grouped[key] = (*grouped.get(key, ()), alias)
    return list(grouped.items())


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    return fold(_undotted(word)) or word


def _undotted(text: str) -> str:
    """U.S. and U. S. are written US."""
    return text.replace(".", "").replace("U S", "US") if "." in text else text


def ahead(tokens: Tokens, index: int, most: int) -> tuple[list[str], list[int]]:
    """Up to ``most`` folded words from a token on, hyphens left out, and where each one stands."""
    words: list[str] = []
    places: list[int] = []
    for at in range(index, min(index + 2 * most, len(tokens))):
        word = tokens.words[at]
        if at > index and tokens.starts[at] - tokens.ends[at - 1] > 1:
            break
        if word != "-":
            words.append(_folded(word))
            places.append(at)
            if len(words) == most:
                break
    return words, places


def _cased(row: Alias, surface: str) -> bool:
    """The text may be louder than the table, never quieter."""
    if row.case_sensitive:
        return _undotted(row.alias) == _undotted(surface.replace("’", "'"))
    return surface[0].isupper() or row.alias[0] == surface[0] or not row.alias[0].isupper()


def _dateline(row: Alias, surface: str, style: int) -> bool:
    """``BERLIN, March 3``: capitals on a line of normal case; a short one may be an acronym."""
    return style == NORMAL and len(surface) > _LONG_ACRONYM and row.alias.upper() == surface


def _part_of_a_name(entity: Entity, surface: str) -> bool:
    """One word of a person's longer name: it links only through the full name in the article."""
    parts = entity.name.split()
    return entity.type == "PERSON" and len(parts) > 1 and surface in (parts[0], parts[-1])
