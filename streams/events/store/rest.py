"""What froze of an event: one bounded value in place of the digests of its oldest articles.

Its rows can still be struck out by article. Of the words no text is left: a table of hashes says
how well each is known. The latest figures and the disputes stay comparable.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from schemas.events import EventState
from streams.events.record.tally import Tally
from streams.events.store.zstd import compress, decompress
from streams.novelty.memory import Faded
from streams.novelty.statement_index import HASH_BYTES, UNIT, keys, token, weight

Json = dict[str, Any]

WORDS = 512  # best known ones that are kept
STEP = UNIT // 32  # a known word's weight is a number of such steps,
STEPS = 255  # up to so many: then its chance to be unknown is below 1/1000
FADING = 16  # each time something freezes, words lose one part in so many
NAMING = 3  # articles that are remembered by entity; of more only the count is known
ARTICLE_BYTES = 4_000  # of all figures and disputes
MAX_ROWS = 8  # figures of one article
_ROW = ("publisher", "published", "language", "named")
_STATEMENT = ("text", "stems", "names", "entities", "field", "start", "end")


class Rest:
    """Read from a row, changed, and written again."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._words: dict[int, int] = {}  # hash -> steps
        self._naming: dict[str, list[int]] = {}  # entity -> hashes of the articles that name it
        self._articles: list[Json] = []  # what is comparable of them, in joining order
        self._languages: set[str] = set()

    @property
    def faded(self) -> Faded:
        """What novelty knows of it."""
        known = {word: steps * STEP for word, steps in self._words.items()}
        return Faded(known, tuple(self._articles), frozenset(self._languages))

    def freeze(self, digests: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Take in the next articles, oldest first."""
        gained: dict[int, int] = {}
        for item_id, digest in digests:
            self.tally.add(digest)
            extract = digest["extract"]
            self._languages.add(extract["language"])
            for each in extract["statements"]:
                amount = weight(each)
                for word in map(token, keys(each)):
                    gained[word] = gained.get(word, 0) + amount
            for key, *_ in digest["entities"]:
                self._naming.setdefault(key, []).append(token(item_id))
            if article := _comparable(item_id, extract):
                self._articles.append(article)
        self._remember(gained)
        self._bound()

    def join(self, other: "Rest") -> None:
        """Take in what froze of another event."""
        self.tally.join(other.tally)
        for key, marks in other._naming.items():
            self._naming.setdefault(key, []).extend(marks)
        words = dict(self._words)
        for word, steps in other._words.items():
            words[word] = min(STEPS, words.get(word, 0) + steps)
        self._keep(words)
        self._articles += other._articles
        self._languages |= other._languages
        self._bound()

    def strip(self, item_id: str, counted: Sequence[Any] | None) -> None:
        """Take out an article that froze; ``counted`` is what its event counted of it."""
        mark = token(item_id)
        left = [key for key, marks in self._naming.items() if mark in marks]
        most = self.tally.count - 1
        # Of an entity that many named it is not known who did: no more than there are members.
        left += [k for k, (_, _, n) in self.tally.entities.items() if n > most and k not in left]
        self.tally.strip(item_id, {"entities": left, "counted": counted})
        self._naming = {
            key: [each for each in marks if each != mark] for key, marks in self._naming.items()
        }
        self._articles = [each for each in self._articles if each["item"] != item_id]
        self._bound()

    def _remember(self, gained: Mapping[int, int]) -> None:
        words = {word: steps - -(-steps // FADING) for word, steps in self._words.items()}
        for word, amount in gained.items():
            words[word] = min(STEPS, words.get(word, 0) + round(amount / STEP))
        self._keep(words)

    def _keep(self, words: Mapping[int, int]) -> None:
        known = sorted((-steps, word) for word, steps in words.items() if steps > 0)
        self._words = {word: -steps for steps, word in known[:WORDS]}

    def _bound(self) -> None:
        entities = self.tally.entities
        self._naming = {
            key: marks
            for key, marks in self._naming.items()
            if key in entities and len(marks) <= NAMING and len(marks) >= entities[key][2]
        }
        size, kept = 0, list[Json]()
        for article in reversed(self._articles):
            size += len(orjson.dumps(article))
            if size > ARTICLE_BYTES:
                break
            kept.append(article)
        self._articles = kept[::-1]

    # --- as a string in the event's row ------------------------------------------------------

    def row(self) -> str:
        """The whole as one short string."""
        words = sorted(self._words.items())
        hashes = [word.to_bytes(HASH_BYTES, "little") for word, _ in words]
        table = b"".join(hashes) + bytes([steps for _, steps in words])
        return compress(
            {
                "tally": self.tally.row(),
                "words": b64encode(table).decode(),
                "naming": self._naming,
                "articles": self._articles,
                "languages": sorted(self._languages),
            }
        )

    @classmethod
    def read(cls, row: str, state: EventState) -> "Rest":
        """The rest of an event's row.

        Args:
            state: the event's record, which holds the rows that the tally only names.
        """
        value, rest = decompress(row), cls()
        rest.tally = Tally.read(value["tally"], state)
        table = b64decode(value["words"])
        count = len(table) // (HASH_BYTES + 1)
        rest._words = {
            int.from_bytes(table[at * HASH_BYTES : (at + 1) * HASH_BYTES], "little"): steps
            for at, steps in enumerate(table[count * HASH_BYTES :])
        }
        rest._naming = value["naming"]
        rest._articles = value["articles"]
        rest._languages = set(value["languages"])
        return rest


def _comparable(item_id: str, extract: Mapping[str, Any]) -> Json | None:
    """The figures and disputes of an article, with the statements that they stand in."""
    figures, disputes = extract["figures"][:MAX_ROWS], extract["disputes"]
    if not figures and not disputes:
        return None
    stated = list(dict.fromkeys([row["at"] for row in figures]))
    statements = [extract["statements"][at] for at in stated]
    return {
        "item": item_id,
        **{name: extract[name] for name in _ROW},
        "statements": [
            {name: each[name] for name in _STATEMENT if name in each} for each in statements
        ],
        "figures": [{**row, "at": stated.index(row["at"])} for row in figures],
        "disputes": [
            {name: row[name] for name in ("claimants", "denied_by", "stems")} for row in disputes
        ],
    }
