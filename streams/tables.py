"""The rows of a stage: a Faust table whose changelog is plain bytes, and a view for one batch."""

from collections.abc import Iterator
from typing import Any

import faust
import orjson
from faust.stores.memory import Store as MemoryStore
from faust.types import TP

from streams.step import State


class RowStore(MemoryStore):  # type: ignore[misc]
    """Rows by key in memory. Knows each row's partition, so that a revoked one leaves."""

    def put(self, partition: int, key: str, value: Any) -> None:
        """Replace a row; None deletes it."""
        if value is None:
            self.data.pop(key, None)
            self._key_partition.pop(key, None)
        else:
            self.data[key] = value
            self._key_partition[key] = partition

    def apply_changelog_batch(self, batch: Any, to_key: Any, to_value: Any) -> None:
        """Recover rows. Faust's own loses an empty row that follows a deletion in one batch.

        A row that cannot be read stops the worker: Faust would log it and go on without it.
        """
        try:
            for event in batch:
                message = event.message
                value = None if message.value is None else orjson.loads(message.value)
                self.put(message.partition, message.key.decode(), value)
        except ValueError as reason:
            self.app.loop.create_task(self.app.crash(reason))
            raise

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Forget the rows of partitions that left, at once: when one of them comes back, rows
        that its owner deleted meanwhile may be in no log any more, and would seem to be there."""
        topic = self.table.changelog_topic_name
        gone = {tp.partition for tp in revoked if tp.topic == topic}
        for key in [k for k, partition in self._key_partition.items() if partition in gone]:
            self.put(-1, key, None)


class RowTable(faust.Table):  # type: ignore[misc]
    """A Faust table over a ``RowStore``; keys and values of its changelog are raw bytes."""

    def _new_store(self) -> RowStore:
        return RowStore(self.app.conf.store, self.app, self, table_name=self.name, loop=self.loop)


def add_table(app: Any, name: str, partitions: int) -> Any:
    """Declare a table with as many partitions as its source."""
    return app.tables.add(
        RowTable(app, name=name, partitions=partitions, key_type=bytes, value_type=bytes)
    )


class Overlay(State):
    """The rows as the next message must see them: those put in this batch lie over the table.

    Iterates in order of keys, so that nothing depends on the order in which rows were written.
    """

    def __init__(self, rows: State) -> None:
        self._rows = rows
        self._pending: dict[str, Any] = {}

    def put(self, key: str, value: Any) -> None:
        """Lay a row over the table; None hides it."""
        self._pending[key] = value

    def __getitem__(self, key: str) -> Any:
        if key not in self._pending:
            return self._rows[key]
        value = self._pending[key]
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        keys = self._rows.keys() | self._pending.keys()
        return (key for key in sorted(keys) if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
