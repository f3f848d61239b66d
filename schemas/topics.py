"""Every topic in the order of flow: name, key, partitions, cleanup, retention, size."""

from dataclasses import dataclass
from typing import Literal

from schemas.article import Article, Due, ItemControl
from schemas.base import Message
from schemas.control import Control
from schemas.enriched import EnrichedArticle
from schemas.events import EventChange, EventState
from schemas.fate import ItemFate
from schemas.letter import LetterAudit
from schemas.tagged import EventControl, Retraction, TaggedArticle

MANY = 8
FEW = 1
MIB = 1 << 20
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Topic:
    """One row of the table. ``models`` is empty where the value is the original bytes.

    ``max_bytes`` bounds one record with key and headers; a step whose output is larger has its
    message buried, so that no record waits for ever for a broker that will not take it.
    ``tombstone_days``: of a compacted topic, after so many days of log time without an article a
    key's last record is followed by a tombstone, and compaction takes both.
    """

    name: str
    models: tuple[type[Message], ...]
    key: str
    partitions: int
    cleanup: Literal["delete", "compact"] = "delete"
    retention_days: int | None = None  # None: kept
    tombstone_days: int | None = None  # None: none
    max_bytes: int = MIB

    @property
    def dead(self) -> str:
        """Where records of this topic are buried."""
        return f"{self.name}.dead"

    @property
    def config(self) -> dict[str, str]:
        """Kafka's settings of the topic.

        The broker stamps the time of appending: log time is never a sender's clock, and no article
        dated 1970 is deleted by retention.
        """
        kept = self.retention_days is None
        retention = {"retention.ms": "-1" if kept else str(self.retention_days * DAY_MS)}  # type: ignore[operator]
        return {
            "cleanup.policy": self.cleanup,
            **({} if self.cleanup == "compact" else retention),
            "max.message.bytes": str(self.max_bytes),
            "message.timestamp.type": "LogAppendTime",
        }


RAW = Topic("articles.raw.v1", (), "hash of the bytes", MANY, retention_days=7, max_bytes=2 * MIB)
NORMALIZED = Topic(
    "articles.normalized.v1",
    (Article, ItemControl, Due),
    "item id",
    MANY,
    retention_days=7,
    max_bytes=8 * MIB,
)
TAGGED = Topic(
    "articles.tagged.v1",
    (TaggedArticle, Retraction, EventControl),
    "story space",
    FEW,
    retention_days=14,
    max_bytes=16 * MIB,
)
ENRICHED = Topic(
    "articles.enriched.v1",
    (EnrichedArticle,),
    "item id",
    MANY,
    retention_days=30,
    max_bytes=16 * MIB,
)
CHANGES = Topic(
    "events.changes.v1", (EventChange,), "event id", MANY, retention_days=30, max_bytes=8 * MIB
)
STATE = Topic(
    "events.state.v1",
    (EventState,),
    "event id",
    MANY,
    cleanup="compact",
    tombstone_days=365,
    max_bytes=8 * MIB,
)
FATES = Topic("items.fates.v1", (ItemFate,), "item id", MANY, retention_days=30)
CONTROLS = Topic("controls.v1", (Control,), "target id", 1)
LETTERS = Topic("letters.audit.v1", (LetterAudit,), "place of the dead letter", 1)

TOPICS = (RAW, NORMALIZED, TAGGED, ENRICHED, CHANGES, STATE, FATES, CONTROLS, LETTERS)
_BY_MODEL = {model: topic for topic in TOPICS for model in topic.models}


def topic_of(record: Message) -> Topic:
    """The one topic that carries this kind of record.

    Raises:
        KeyError: no topic carries it.
    """
    return _BY_MODEL[type(record)]


def dead_topic(source: Topic) -> Topic:
    """The topic that holds what was buried out of ``source``: the original bytes, kept."""
    room = source.max_bytes + MIB // 4  # for the headers that say why
    return Topic(source.dead, (), source.key, source.partitions, max_bytes=room)
