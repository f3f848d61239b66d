"""Every topic in the order of flow: name, key, partitions, cleanup, retention."""

from dataclasses import dataclass
from typing import Literal

from schemas.article import Article, Due, ItemControl
from schemas.base import Message
from schemas.control import Control
from schemas.enriched import EnrichedArticle
from schemas.events import EventChange, EventState
from schemas.fate import ItemFate
from schemas.tagged import EventControl, Retraction, TaggedArticle

MANY = 8
FEW = 1


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of the table. ``models`` is empty where the value is the original bytes."""

    name: str
    models: tuple[type[Message], ...]
    key: str
    partitions: int
    cleanup: Literal["delete", "compact"] = "delete"
    retention_days: int | None = None  # None: kept

    @property
    def dead(self) -> str:
        """Where records of this topic are buried."""
        return f"{self.name}.dead"


RAW = Topic("articles.raw.v1", (), "hash of the bytes", MANY, retention_days=7)
NORMALIZED = Topic(
    "articles.normalized.v1", (Article, ItemControl, Due), "item id", MANY, retention_days=7
)
TAGGED = Topic(
    "articles.tagged.v1",
    (TaggedArticle, Retraction, EventControl),
    "story space",
    FEW,
    retention_days=14,
)
ENRICHED = Topic("articles.enriched.v1", (EnrichedArticle,), "item id", MANY, retention_days=30)
CHANGES = Topic("events.changes.v1", (EventChange,), "event id", MANY, retention_days=30)
STATE = Topic("events.state.v1", (EventState,), "event id", MANY, cleanup="compact")
FATES = Topic("items.fates.v1", (ItemFate,), "item id", MANY, retention_days=30)
CONTROLS = Topic("controls.v1", (Control,), "target id", 1)

TOPICS = (RAW, NORMALIZED, TAGGED, ENRICHED, CHANGES, STATE, FATES, CONTROLS)
_BY_MODEL = {model: topic for topic in TOPICS for model in topic.models}


def topic_of(record: Message) -> Topic:
    """The one topic that carries this kind of record.

    Raises:
        KeyError: no topic carries it.
    """
    return _BY_MODEL[type(record)]
