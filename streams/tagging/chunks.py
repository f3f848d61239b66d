"""Runs of capitalised words: where a name may stand, whoever it names."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from streams.tagging.lexicon import section
from streams.tagging.tokens import NORMAL, Tokens

_FUNCTION = section("function_words")
_CONNECTORS = section("connectors")
_PERSONAL = section("person_connectors")
_OF_HEADS = (
    section("org_prefixes")
    | section("org_heads")
    | section("loc_prefixes_of")
    | section("event_prefixes")
    | section("event_heads")
    | section("misc_heads")
)
_AND_HEADS = section("org_prefixes")
_ON_HEADS = frozenset("Convention Commission Committee Treaty Conference Council Law Panel".split())
_FOR_HEADS = section("org_heads") | section("org_prefixes") | section("misc_heads")
_HEADS = {
    "of": _OF_HEADS,
    "for": _FOR_HEADS,
    "and": _AND_HEADS,
    "on": _ON_HEADS,
    "against": _ON_HEADS,
}
_SHORTENED = frozenset(
    "St Mt Ft Jr Sr Dr Mr Mrs Ms Gen Col Lt Sgt Capt Maj Gov Sen Rep Hon Prof Rev".split()
)
_LONGEST_RUN = 25  # tokens; a longer one is a list or noise
_AFTER_HYPHEN = frozenset(
    "based led backed born made held style owned run funded controlled wide mediated brokered "
    "friendly like type era speaking only free style bound linked ruled occupied affiliated "
    "educated trained built sponsored allied aligned dominated level sized day year month".split()
)


def capital_runs(
    tokens: Tokens, taken: bytearray, names: Mapping[int, int] = MappingProxyType({})
) -> Iterator[tuple[int, int]]:
    """(first, last) token of each run on lines of normal case.

    ``taken`` tokens stay out. ``names`` (first token -> last) are known: they may begin with a
    word that looks like an ordinary one (To Lam) and hold small ones.
    """
    index, size = 0, len(tokens)
    words, style = tokens.words, tokens.style
    while index < size:
        if (
            words[index][0].isupper()
            and style[index] == NORMAL
            and _opens(tokens, index, taken, names)
        ):
            last = _extend(tokens, index, taken, names)
            yield index, last
            index = last
        index += 1


def _opens(tokens: Tokens, index: int, taken: bytearray, names: Mapping[int, int]) -> bool:
    if taken[index] or index in names:
        return not taken[index]
    word = tokens.words[index]
    return word not in _FUNCTION and ("'" not in word or word.split("'")[0] not in _FUNCTION)


def _extend(tokens: Tokens, first: int, taken: bytearray, names: Mapping[int, int]) -> int:
    last = names.get(first, first)
    while last - first < _LONGEST_RUN:
        following = _next(tokens, first, last, names)
        if following is None or taken[following] or tokens.style[following] != NORMAL:
            return last
        last = max(last, names.get(following, following))
    return last


def _next(tokens: Tokens, first: int, last: int, names: Mapping[int, int]) -> int | None:
    """The next token of the run, over a hyphen, an initial's dot, or of, and, de."""
    words, at, size = tokens.words, last + 1, len(tokens)
    if at >= size or not tokens.joined(last, at):
        return None
    word = words[at]
    if word == "plc":
        return at
    if word[0].isupper():
        return at if word not in _FUNCTION or at in names else None
    if word == "-":
        return _over_hyphen(tokens, first, last, at)
    if word == ".":
        short = len(words[last]) == 1 or words[last] in _SHORTENED
        return at + 1 if short and _capital(tokens, at, at + 1) else None
    if word in _CONNECTORS and first <= last:
        return _over_connector(tokens, first, last, at)
    return None


def _capital(tokens: Tokens, left: int, at: int) -> bool:
    return at < len(tokens) and tokens.words[at][0].isupper() and tokens.joined(left, at)


def _over_hyphen(tokens: Tokens, first: int, last: int, at: int) -> int | None:
    after = at + 1
    if after >= len(tokens) or not tokens.words[after][0].isalnum():
        return None
    tight = tokens.starts[at] == tokens.ends[last] and tokens.starts[after] == tokens.ends[at]
    if not tight and not (tokens.loose and tokens.joined(at, after)):
        return None
    word = tokens.words[after]
    if word.capitalize() in _FUNCTION:
        return None
    if word[0].islower() and (word in _AFTER_HYPHEN or first == last or len(word) > 6):
        return None
    return after


def _over_connector(tokens: Tokens, first: int, last: int, at: int) -> int | None:
    """``Bank of the North``, ``Ministry of Health and Care``, ``Ana de la Vega``."""
    words = tokens.words
    end = at
    while end + 1 < len(tokens) and end - at < 2 and words[end + 1] in _CONNECTORS:
        end += 1
    if not _capital(tokens, end, end + 1) or words[end + 1] in _FUNCTION:
        return None
    left = words[first : last + 1]
    word = words[at]
    if word in _PERSONAL or word == "&":
        return end + 1
    heads = {
        "of": _OF_HEADS,
        "for": _FOR_HEADS,
        "and": _AND_HEADS,
        "on": _ON_HEADS,
        "against": _ON_HEADS,
    }.get(word)
    if heads is None or not any(part in heads for part in left):
        return None
    if word == "and" and "of" not in left and "for" not in left:
        return None
    return end + 1
