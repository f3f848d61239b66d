"""One article as the rules see it: its tokens, and what its words look like elsewhere in it."""

from dataclasses import dataclass
from functools import cached_property

from schemas.article import Article
from streams.tagging.tokens import NORMAL, Tokens, tokenize

# Languages in whose texts a capital letter inside a sentence marks a name.
_RULED = ("en", "und")
# Here only shapes that hold in every Latin script are used: a given name before a capital.
_LATIN = ("de", "es", "fr", "it", "pt", "nl", "sv", "da", "no")


@dataclass(frozen=True)
class Document:
    """The tokens of each field, in reading order."""

    language: str
    fields: tuple[Tokens, ...]

    @property
    def ruled(self) -> bool:
        """The English rules apply."""
        return self.language in _RULED

    @property
    def table_language(self) -> str:
        """Whose aliases count: an unknown language is read as English, as by the rules."""
        return "en" if self.ruled else self.language

    @property
    def latin(self) -> bool:
        """Given names may tell people."""
        return self.ruled or self.language in _LATIN

    @cached_property
    def lower(self) -> frozenset[str]:
        """Words that the article writes small somewhere: their capitals say little."""
        return frozenset(w for tokens in self.fields for w in tokens.words if w[0].islower())

    @cached_property
    def inner(self) -> frozenset[str]:
        """Words written with a capital inside a sentence of normal case: names, mostly."""
        return frozenset(
            word
            for tokens in self.fields
            for word, opens, style in zip(tokens.words, tokens.first, tokens.style, strict=True)
            if not opens and style == NORMAL and word[0].isupper()
        )


def read(article: Article) -> Document:
    """Cut all fields of an article."""
    return Document(
        article.language, tuple(tokenize(name, text) for name, text in article.fields())
    )
