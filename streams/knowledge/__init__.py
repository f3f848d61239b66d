"""Facts about the entities that news is about, and a loader for them."""

from streams.knowledge.table import Alias, Entity, Knowledge, Office, core, fold

__all__ = ["Alias", "Entity", "Knowledge", "Office", "core", "fold"]
