"""An outlet that leads nowhere: for a dry run."""

import asyncio

from schemas.topics import RAW
from streams.kafka.publish import Receipt
from streams.sources import RawItem


class DryOutlet:
    """Takes everything and keeps nothing."""

    name, patience = "nowhere", 1.0

    async def send(self, item: RawItem) -> "asyncio.Future[Receipt]":
        """A receipt with no place."""
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        receipt.set_result(Receipt(RAW.name, -1, -1))
        return receipt
