"""Junk that must not glue events together: what an article is, if it is not the story of one event.

Signs are words that such pages and titles share in de, en, es, fr, it, and the shape of the text.
Each is set so that a story is hardly ever flagged: a page that is missed costs less.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from schemas.enriched import Flag
from schemas.tagged import Mention, TaggedArticle
from streams.events.background import Background
from streams.events.junk.labels import (
    LIVE,
    MARKET,
    PAGES,
    SEPARATOR,
    SEVERAL,
    is_about_markets,
    is_live_of,
)
from streams.events.junk.walls import has_cue, is_about_access, sign, speaks_to_reader
from streams.text.remembered import Remembered
from streams.text.sentences import Sentence
from streams.text.words import stems_of

FOREIGN_BODIES: frozenset[Flag] = frozenset({"paywall", "notice"})
SEVERAL_STORIES: frozenset[Flag] = frozenset({"market-roundup", "live-blog", "digest"})
WALL_SHARE = 0.5  # of the words of a text's first sentences
SURE_SHARE = 0.2  # where one of them stands in no story, or the whole speaks to the reader
SPOKEN_SHARE, APPEAL_SHARE = 0.4, 0.6
WALL_SENTENCES, WALL_LETTERS = 12, 2500  # that are looked at: what comes later is not compared
TINY = 8  # words of a body that tells nothing
TITLE_RARITY = 4.0  # a title whose every word is more common names nothing
BLOCKS = (5, 8)  # paragraphs: fewest for a digest; most that are looked at
BLOCK_WORDS = 8
COHESION = 0.055  # stories of BASIL have .07 to .46, paragraphs of different stories .04
COMMON = 2.5  # a word of less rarity joins no paragraphs
STAMPS, STAMPED = 4, 0.4  # entries with a time, and their share of the lines
MOVES, COMPANIES = 5, 5
NAME_RARITY = 5.0  # of a word that is a name even at a sentence's beginning
CAPITAL_NOUNS = ("de",)
_STAMP = re.compile(
    r"^[ \t]*[\[(•*-]?[ \t]*\d{1,2}[:.h]\d\d(?!\.?\d)[ \t]*(?:[ap]\.?m|uhr|gmt|bst|c?e[sd]?t)?\b",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE_STAMP = " \t[(•*-"
_MOVE = re.compile(r"\d\s?(?:%|per ?cent|points?|punkte?|prozent|puntos|punti)", re.IGNORECASE)
# Scripts that put no space between words: there one "word" is a sentence.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def flags(tagged: TaggedArticle, pieces: Sequence[Sentence], table: Background) -> tuple[Flag, ...]:
    """What is wrong with an article as the story of one event; mostly nothing.

    Args:
        pieces: all sentences of the article.
    """
    article = tagged.article
    wall = _wall(article.body, pieces)
    if wall:
        pieces = _before_wall(pieces)
    found: list[Flag] = [wall] if wall else []
    title = [piece for piece in pieces if piece.field == "title"]
    text = [piece for piece in pieces if piece.field != "title"]
    if _is_vague(title, text, table, article.language):
        found.append("vague-title")
    headline = article.title.casefold()
    segments = SEPARATOR.split(headline)
    if _is_market(segments, text, table, article.language):
        found.append("market-roundup")
    if any(map(LIVE, segments)) or is_live_of(headline) or _is_stamped(article.body):
        found.append("live-blog")
    if any(map(SEVERAL, segments)) or _is_scattered(tagged, text, table):
        found.append("digest")
    return tuple(found)


def readable(pieces: Sequence[Sentence], found: Collection[Flag]) -> tuple[Sentence, ...]:
    """The sentences without the page that stands in for a text."""
    return tuple(_before_wall(pieces) if FOREIGN_BODIES & set(found) else pieces)


def comparable(pieces: Sequence[Sentence], found: Collection[Flag]) -> tuple[Sentence, ...]:
    """The sentences that tell which event it is: readable ones, and no vague title."""
    pieces = readable(pieces, found)
    if "vague-title" in found:
        pieces = [piece for piece in pieces if piece.field != "title"]
        if _length(pieces) < TINY:
            return ()
    return tuple(pieces)


def inside(mentions: Sequence[Mention], pieces: Sequence[Sentence]) -> tuple[Mention, ...]:
    """The mentions that stand in one of the sentences."""
    places = [(piece.field, piece.start, piece.end) for piece in pieces]
    return tuple(
        mention
        for mention in mentions
        if any(f == mention.field and s <= mention.start < e for f, s, e in places)
    )


def stands(found: Collection[Flag]) -> bool:
    """Whether an article may draw others to its event: one of several stories may not."""
    return not SEVERAL_STORIES & set(found)


# --- pages that stand in for a text ----------------------------------------------------------


def _wall(body: str, pieces: Sequence[Sentence]) -> Flag | None:
    """Which kind of page takes up the text, if one does."""
    if not has_cue(body[:WALL_LETTERS]):
        return None
    text = [piece for piece in pieces if piece.field == "body"][:WALL_SENTENCES]
    signs = [(found, len(piece.words)) for piece in text if (found := sign(piece.text))]
    told = sum(length for _, length in signs)
    if not signs:
        return None
    sure = any(found.is_sure for found, _ in signs)
    share = SURE_SHARE if sure or _is_appeal(text) else WALL_SHARE
    if told < share * _length(text):
        return None
    walls = sum(length for found, length in signs if found.kind == "paywall")
    return "paywall" if 2 * walls > told else "notice"


def _is_appeal(text: Sequence[Sentence]) -> bool:
    """Most of it speaks to the reader or is about access, and it does both."""
    spoken = [piece for piece in text if speaks_to_reader(piece.text)]
    access = [piece for piece in text if is_about_access(piece.text)]
    either = [piece for piece in text if piece in spoken or piece in access]
    whole = _length(text)
    return (
        len(access) > 1
        and _length(spoken) >= SPOKEN_SHARE * whole
        and _length(either) >= APPEAL_SHARE * whole
    )


def _before_wall(pieces: Sequence[Sentence]) -> list[Sentence]:
    """The title, if it is one, and the text up to the first sentence of such a page."""
    kept: list[Sentence] = []
    for piece in pieces:
        if not sign(piece.text):
            kept.append(piece)
        elif piece.field == "body":
            break
    return kept


# --- titles ----------------------------------------------------------------------------------


def _is_vague(
    title: Sequence[Sentence], text: Sequence[Sentence], table: Background, language: str
) -> bool:
    """One word; or nothing but common words, where there is no text."""
    is_short = _length(text) < TINY
    head = [*title, *text] if is_short else title
    stems = stems_of([word for piece in head for word in piece.words], language)
    if any(_UNSPACED.search(piece.text) for piece in head):
        return False
    if len(stems) < 2:
        return bool(title) or is_short
    idf = table.idf_of(language)
    return is_short and all(stem in PAGES or idf(stem) < TITLE_RARITY for stem in stems)


# --- several stories in one ------------------------------------------------------------------


def _is_market(
    segments: Sequence[str], text: Sequence[Sentence], table: Background, language: str
) -> bool:
    """By its label; or it is about markets, and many companies moved, each for itself."""
    if any(map(MARKET, segments)):
        return True
    opening = " ".join([*segments, *(piece.text.casefold() for piece in text[:2])])
    if language in CAPITAL_NOUNS or not is_about_markets(opening):
        return False
    moves = [piece for piece in text if _MOVE.search(piece.text)]
    if len(moves) < max(MOVES, len(text) / 2):
        return False
    idf = table.idf_of(language)
    counts = Counter(name for piece in moves for name in _names(piece, idf, language))
    apart = sum(1 for n in counts.values() if n <= 2)
    return apart >= COMPANIES and max(counts.values()) <= len(text) / 3


def _names(piece: Sentence, idf: Callable[[str], float], language: str) -> set[str]:
    """Words with a capital; the first word has one anyway, unless it is a name."""
    stems = stems_of(piece.words, language)
    return {
        found
        for at, (word, found) in enumerate(zip(piece.words, stems, strict=True))
        if word[0].isupper() and (at or idf(found) >= NAME_RARITY)
    }


def _is_stamped(body: str) -> bool:
    """Entries that begin with the time of day."""
    if body.count("\n") < STAMPS - 1:
        return False
    lines = [line for line in body.split("\n") if line.strip()]
    least = max(STAMPS, STAMPED * len(lines))
    if sum(1 for line in lines if line.lstrip(_BEFORE_STAMP)[:1].isdecimal()) < least:
        return False
    return len(_STAMP.findall(body)) >= least


def _is_scattered(tagged: TaggedArticle, text: Sequence[Sentence], table: Background) -> bool:
    """Paragraphs that share next to no words with each other."""
    language = tagged.article.language
    found = _blocks(tagged.article.body, text)
    if len(found) < BLOCKS[0]:
        return False
    blocks = [stems_of(block, language) for block in found]
    total = 0.0
    for cosine in nearest(blocks, table, language):
        total += cosine
        if total >= COHESION * len(blocks):  # a story is through after a few paragraphs
            return False
    return True


def _blocks(body: str, text: Sequence[Sentence]) -> list[list[str]]:
    """Words of the first paragraphs of some length."""
    found: list[list[str]] = []
    if body.count("\n") < BLOCKS[0] - 1:
        return found
    block: list[str] = []
    end = 0
    for piece in (piece for piece in text if piece.field == "body"):
        if "\n" in body[end : piece.start]:
            found += [block] if len(block) >= BLOCK_WORDS else []
            block = []
            if len(found) == BLOCKS[1]:
                return found
        block += piece.words
        end = piece.end
    return [*found, block] if len(block) >= BLOCK_WORDS else found


def nearest(blocks: Sequence[Sequence[str]], table: Background, language: str) -> Iterator[float]:
    """Of each paragraph, the cosine with the one that it shares most with, 0..1.

    Args:
        blocks: stems of each; two or more. Common ones count for nothing.
    """
    squares = _squares(table, language)
    known = [{stem for stem in block if squares[stem]} for block in blocks]
    norms = [math.sqrt(math.fsum(map(squares.__getitem__, block))) for block in known]
    for at, block in enumerate(known):
        shared = [
            math.fsum(map(squares.__getitem__, common)) / (norms[at] * norms[other])
            for other, theirs in enumerate(known)
            if other != at and (common := block & theirs)
        ]
        yield round(max(shared, default=0.0), 6)


@lru_cache(maxsize=16)
def _squares(table: Background, language: str) -> Remembered[float]:
    """Squared rarity by stem; 0 for a common one."""
    idf = table.idf_of(language)
    return Remembered(lambda stem: idf(stem) ** 2 if idf(stem) >= COMMON else 0.0)


def _length(pieces: Sequence[Sentence]) -> int:
    return sum(len(piece.words) for piece in pieces)
