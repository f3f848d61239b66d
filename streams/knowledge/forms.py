"""Spells out the inflected forms that a ``*`` in a table cell stands for.

The rules are small on purpose. They may make a form nobody writes, which matches nothing and does
no harm. Names with other forms are written out in the table.
"""

from collections.abc import Callable

GERMAN_ENDINGS = ("", "e", "er", "en", "es", "em")
RUSSIAN_ADJECTIVE_ENDINGS = (
    "ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими",
)  # fmt: skip
SPANISH_FINALS = {"és": "es", "án": "an", "ón": "on", "ín": "in"}


def inflect(language: str, stem: str) -> tuple[str, ...]:
    """List the forms of a starred table entry, the entry itself first."""
    rule = RULES.get(language)
    return rule(stem) if rule else (stem,)


def _german(word: str) -> tuple[str, ...]:
    if word[0].isupper() and not word.endswith("isch"):
        return word, word + "s"
    return tuple(word + ending for ending in GERMAN_ENDINGS)


def _spanish(word: str) -> tuple[str, ...]:
    if word.endswith("o"):
        return tuple(word[:-1] + ending for ending in ("o", "a", "os", "as"))
    if word[-2:] in SPANISH_FINALS:
        bare = word[:-2] + SPANISH_FINALS[word[-2:]]
        return word, bare + "a", bare + "es", bare + "as"
    if word.endswith(("í", "ú")):
        return word, word + "es", word + "s"
    if word.endswith(("a", "e")):
        return word, word + "s"
    return word, word + "a", word + "es", word + "as"


def _french(word: str) -> tuple[str, ...]:
    if word.endswith(("ien", "éen")):
        return word, word + "ne", word + "s", word + "nes"
    if word.endswith("e"):
        return word, word + "s"
    if word.endswith("s"):
        return word, word + "e", word + "es"
    return word, word + "e", word + "s", word + "es"


def _russian(name: str) -> tuple[str, ...]:
    if name[0].islower():
        return tuple(name[:-2] + ending for ending in RUSSIAN_ADJECTIVE_ENDINGS)
    cases = zip(*(_russian_cases(word) for word in name.split()), strict=True)
    return tuple(dict.fromkeys(" ".join(words) for words in cases))


def _russian_cases(word: str) -> tuple[str, str, str, str, str, str]:
    """Nominative, genitive, dative, accusative, instrumental, prepositional of a noun."""
    stem, last = word[:-1], word[-1]
    if word.endswith("ия"):
        return word, stem + "и", stem + "и", stem + "ю", stem + "ей", stem + "и"
    if last in "ая":
        soft = last == "я" or stem[-1] in "гкхжшчщ"
        oblique = stem + ("и" if soft else "ы")
        tool = stem + ("ей" if last == "я" or stem[-1] in "жшчщц" else "ой")
        return word, oblique, stem + "е", stem + ("ю" if last == "я" else "у"), tool, stem + "е"
    if last in "йь":
        place = stem + ("и" if word.endswith("ий") else "е")
        return word, stem + "я", stem + "ю", stem + "я", stem + "ем", place
    if last in "оуеиыэю":
        return word, word, word, word, word, word
    tool = word + ("ым" if word.endswith(("ов", "ев", "ин")) else "ом")
    return word, word + "а", word + "у", word + "а", tool, word + "е"


RULES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "de": _german,
    "es": _spanish,
    "fr": _french,
    "ru": _russian,
}
