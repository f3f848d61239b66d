"""The tagger that the pipeline uses: what ships, and the knowledge base that a setting names."""

from functools import lru_cache

from streams.config import Settings
from streams.knowledge import core
from streams.knowledge.base import KnowledgeBase
from streams.tagging.network import shipped_network
from streams.tagging.tagger import Tagger


@lru_cache(maxsize=1)
def default_tagger() -> Tagger:
    """Built once per process.

    Raises:
        DeltawireError: what ``DELTAWIRE_KB`` names is no knowledge base.
    """
    folder = Settings().kb
    return Tagger(core(), shipped_network(), KnowledgeBase.open(folder) if folder else None)
