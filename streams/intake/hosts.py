"""Turns: so many requests to one host at a time, and so many seconds from one to the next."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MANY = 1000


@dataclass(slots=True)
class _Host:
    room: asyncio.Semaphore
    users: int = 0
    next: float = 0.0
    order: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """Args: at_once: requests to one host at a time; gap: seconds between their beginnings."""

    def __init__(self, at_once: int = 1, gap: float = 1.0) -> None:
        self._at_once, self._gap = at_once, gap
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Entered for each request, when its turn has come."""
        loop = asyncio.get_running_loop()
        self._forget(loop.time())
        mine = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self._at_once)))
        mine.users += 1
        try:
            async with mine.room:
                async with mine.order:
                    await asyncio.sleep(mine.next - loop.time())
                    mine.next = loop.time() + self._gap
                yield
        finally:
            mine.users -= 1

    def _forget(self, now: float) -> None:
        """A host that redirects to ever new names would fill the memory."""
        if len(self._hosts) > MANY:
            free = [name for name, host in self._hosts.items() if not host.users]
            for name in free:
                if self._hosts[name].next < now:
                    del self._hosts[name]
