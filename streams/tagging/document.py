"""One article as the tagger sees it: the tokens of its fields, and how its language is read."""

from dataclasses import dataclass

from schemas.article import Article
from streams.tagging.tokens import Tokens, tokenize

# Languages in whose texts a capital letter inside a sentence marks a name.
_RULED = ("en", "und")
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
