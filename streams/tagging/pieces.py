"""Cut a run of capitalised words into names, and type those whose own words tell the type."""

from collections.abc import Iterator

from schemas.tagged import EntityType
from streams.tagging.document import Document
from streams.tagging.gazetteer import Match
from streams.tagging.lexicon import section
from streams.tagging.spans import CUED, GUESS, LIKELY, SURE, WEAK, Span
from streams.tagging.tokens import DASHES, Tokens

_TITLES = section("titles")
_TITLE_PARTS = section("title_parts")
_CONNECTORS = section("connectors") | {"-", ".", "&"}
_GIVEN = section("given_names")
_WEAK_FIRST = section("not_names") | section("function_words")
_HEADS: tuple[tuple[frozenset[str], EntityType], ...] = (
    (section("event_heads"), "EVENT"),
    (section("org_heads"), "ORG"),
    (section("fac_heads"), "FAC"),
    (section("loc_heads"), "LOC"),
    (section("misc_heads"), "MISC"),
)
_LAST = {word: kind for words, kind in reversed(_HEADS) for word in words}
_PREFIXES: tuple[tuple[frozenset[str], EntityType], ...] = (
    (section("event_prefixes"), "EVENT"),
    (section("loc_prefixes_of"), "LOC"),
    (section("org_prefixes"), "ORG"),
)
_BEFORE_OF = {word: kind for words, kind in _PREFIXES for word in words}
_LONGEST_WIDER = 5
_DIRECTIONS = frozenset(
    "North South East West Northern Southern Eastern Western Central Greater Upper Lower Inner "
    "Northeastern Northwestern Southeastern Southwestern".split()
)
_LOC_FIRST = frozenset("Mount Mt Lake Cape Río Rio".split())
_SINGULAR = ("ss", "us", "is", "as", "os")
_EVENT_FIRST = frozenset("Hurricane Cyclone Typhoon Storm Operation".split())
_SINGLE: dict[str, EntityType] = {
    **dict.fromkeys(section("party_words"), "NORP"),
    **dict.fromkeys(section("misc_words"), "MISC"),
    **dict.fromkeys(section("places"), "LOC"),
    **dict.fromkeys(section("org_words"), "ORG"),
    **dict.fromkeys(section("product_heads"), "PRODUCT"),
}


class Cutter:
    """Cuts the runs of one field of one article."""

    def __init__(self, doc: Document, field: int, matches: dict[int, Match]) -> None:
        self._doc = doc
        self._field = field
        self._tokens: Tokens = doc.fields[field]
        self._matches = matches

    def cut(self, first: int, last: int, *, titled: bool = False) -> Iterator[Span]:
        """The names in a run. ``titled``: a title stands right before it."""
        first, last = self._trimmed(first, last)
        if first > last:
            return
        match = self._matches.get(first)
        if match and match.last == last:
            yield self.known(first, match)
            return
        if self._drops_first(first, last):
            yield from self.cut(first + 1, last)
            return
        words = self._tokens.words[first : last + 1]
        kind = None if titled else head_type(words)
        if kind:
            yield from self._headed(first, last, kind)
            return
        title = self._title(first, last)
        if title:
            yield from self.cut(first, title[0] - 1)
            yield from self.cut(title[1] + 1, last, titled=True)
            return
        yield from self._plain(first, last, titled)

    def _plain(self, first: int, last: int, titled: bool) -> Iterator[Span]:
        """No head word, no title: a person, a table name with company, or an unknown name."""
        words = self._tokens.words[first : last + 1]
        inner = self._inner(first, last)
        if inner and not titled and self._wider(first, last, *inner):
            kind: EntityType = "LOC" if words[0] in _DIRECTIONS else "ORG"
            yield Span(self._field, first, last, kind, WEAK)
        elif inner and not (titled or _given_first(words)):
            at, match = inner
            yield from self.cut(first, at - 1)
            yield self.known(at, match)
            yield from self.cut(match.last + 1, last)
        elif inner and inner[1].entities[0].type in ("PERSON", "NORP"):
            at, match = inner
            yield from self.cut(first, at - 1)
            yield self.known(at, match)
            yield from self.cut(match.last + 1, last, titled=match.entities[0].type == "NORP")
        elif titled:
            yield Span(self._field, first, last, "PERSON", CUED)
        elif last > first and _given_first(words) and len(words) <= 6:
            yield Span(self._field, first, last, "PERSON", LIKELY)
        elif last == first and words[0] in _SINGLE:
            yield Span(self._field, first, last, _SINGLE[words[0]], LIKELY)
        elif last > first and words[0] in _SINGLE:
            yield from self.cut(first, first)
            yield from self.cut(first + 1, last)
        else:
            yield Span(self._field, first, last, None, GUESS)

    def _headed(self, first: int, last: int, kind: EntityType) -> Iterator[Span]:
        """A whole name by its head word, without a title or a lone head."""
        words = self._tokens.words
        if first == last:
            known = _SINGLE.get(words[first])
            if known:
                yield Span(self._field, first, last, known, WEAK)
            return
        span = Span(self._field, first, last, kind, CUED)
        yield span

    def known(self, first: int, match: Match) -> Span:
        """A table name as a span."""
        entity = match.entities[0]
        kind: EntityType = entity.type  # type: ignore[assignment]
        sure = WEAK if match.ambiguous else SURE
        return Span(self._field, first, match.last, kind, sure, match.entities)

    def _inner(self, first: int, last: int) -> tuple[int, Match] | None:
        """The first table name that lies inside the run."""
        for at in range(first, last + 1):
            match = self._matches.get(at)
            if match and match.last <= last:
                return at, match
        return None

    def _wider(self, first: int, last: int, at: int, match: Match) -> bool:
        """A place or organisation with more capitals around it is part of a longer name."""
        if match.entities[0].type not in ("GPE", "LOC", "ORG"):
            return False
        words = self._tokens.words[first : last + 1]
        if "-" in (words[max(0, at - first - 1)], words[min(match.last + 1, last) - first]):
            return False
        rest = [*range(first, at), *range(match.last + 1, last + 1)]
        if any(n in self._matches or words[n - first] in _SINGLE for n in rest):
            return False
        if _given_first(words[match.last + 1 - first :]):  # "In the US Jan Kolb"
            return False
        return not _given_first(words) and len(words) <= _LONGEST_WIDER

    def _trimmed(self, first: int, last: int) -> tuple[int, int]:
        words = self._tokens.words
        while first <= last and words[first] in _CONNECTORS:
            first += 1
        while last >= first and words[last] in _CONNECTORS:
            last -= 1
        return first, last

    def _drops_first(self, first: int, last: int) -> bool:
        """The run begins a sentence with an ordinary word: ``Yesterday Anna Velmar``."""
        word = self._tokens.words[first]
        if not self._opens(first) or first in self._matches:
            return False
        if first == last:
            weak = word in _WEAK_FIRST or word.lower() in self._doc.lower or self._plural(word)
            return weak and word not in _SINGLE
        if word in _TITLES or word in _TITLE_PARTS or self._tokens.words[first + 1] in ("-", "."):
            return False
        common = word in _WEAK_FIRST or word.lower() in self._doc.lower
        return common and word not in self._doc.inner

    def _opens(self, first: int) -> bool:
        """A sentence begins here, or the text behind a dateline's dash."""
        dashed = first > 1 and self._tokens.words[first - 1] in DASHES
        return self._tokens.first[first] or (dashed and not self._tokens.tight(first - 1))

    def _plural(self, word: str) -> bool:
        """``Prosecutors said``: a capital at the start only, and no given name."""
        plain = word.endswith("s") and not word.endswith(_SINGULAR) and word[1:].islower()
        return plain and word not in _GIVEN and word not in self._doc.inner

    def _title(self, first: int, last: int) -> tuple[int, int] | None:
        """(first, last) token of a run of title words: ``Deputy Prime Minister``."""
        words = self._tokens.words
        for at in range(first, last + 1):
            if words[at] in _TITLES and (at not in self._matches or at == last):
                left = right = at
                while left > first and words[left - 1] in _TITLE_PARTS | {"-"}:
                    left -= 1
                while right < last and (
                    words[right + 1] in _TITLES
                    or words[right + 1] in _CONNECTORS
                    or words[right + 1] in _TITLE_PARTS
                ):
                    right += 1
                return left, right
        return None


def head_type(words: list[str]) -> EntityType | None:
    """The type that a name's own words tell: ``Bank of X``, ``X University``, ``Lake X``."""
    if len(words) > 1:
        if words[0] in _EVENT_FIRST:
            return "EVENT"
        if words[0] in _LOC_FIRST:
            return "LOC"
    if len(words) > 2 and ("of" in words[1:-1] or "for" in words[1:-1]):
        at = next(n for n, word in enumerate(words) if word in ("of", "for"))
        for word in reversed(words[:at]):
            kind = _BEFORE_OF.get(word) or _LAST.get(word)
            if kind:
                return kind
    return _LAST.get(words[-1])


def _given_first(words: list[str]) -> bool:
    """A given name, or initials, then at least one word more."""
    if len(words) < 2:
        return False
    first = words[0]
    if len(words) == 3 and words[1] == "-" and words[2] not in _GIVEN:  # Mercedes-Benz
        return False
    initial = len(first) == 1 and words[1] == "." and len(words) > 2
    return initial or (first in _GIVEN and words[1] not in ("of", "for", "and", "&"))
