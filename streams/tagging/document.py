"""One article as the tagger sees it: the tokens of its fields, and how its language is read."""

from dataclasses import dataclass
from functools import cached_property

from schemas.article import Article
from streams.tagging.tokens import NORMAL, Tokens, tokenize

# What the network reads; a language that nobody could tell is tried as English.
_ENGLISH = ("en", "und")
# Here only shapes that hold in every Latin script are used: a given name before a capital.
_LATIN = ("de", "es", "fr", "it", "pt", "nl", "sv", "da", "no")

MOST_LETTERS = 100_000
"""Of an article that are searched for names: some 40 pages."""
_NEAR = 100


@dataclass(frozen=True)
class Document:
    """The tokens of each field, in reading order."""

    language: str
    fields: tuple[Tokens, ...]

    @property
    def english(self) -> bool:
        """The network and the rules around it apply."""
        return self.language in _ENGLISH

    @property
    def table_language(self) -> str:
        """Whose aliases count."""
        return "en" if self.english else self.language

    @property
    def latin(self) -> bool:
        """Given names may tell people."""
        return self.english or self.language in _LATIN

    @cached_property
    def plain(self) -> frozenset[str]:
        """The words on lines of normal case."""
        return frozenset(
            word
            for tokens in self.fields
            for word, style in zip(tokens.words, tokens.style, strict=True)
            if style == NORMAL
        )


def read(article: Article) -> Document:
    """Cut the fields of an article, up to ``MOST_LETTERS`` of all of them together."""
    left = MOST_LETTERS
    fields: list[Tokens] = []
    for name, text in article.fields():
        fields.append(tokenize(name, text if len(text) <= left else _cut(text, left)))
        left -= min(left, len(text))
    return Document(article.language, tuple(fields))


def is_capped(article: Article) -> bool:
    """Its end is not read."""
    return sum(len(text) for _, text in article.fields()) > MOST_LETTERS


def _cut(text: str, most: int) -> str:
    """The beginning of a text, at a space if one is near."""
    space = text.rfind(" ", max(0, most - _NEAR), most)
    return text[: most if space < 0 else space]
