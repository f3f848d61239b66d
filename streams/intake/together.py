"""Several jobs at once, with the error of the first that fails, as itself."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Each = TypeVar("Each")


async def together(
    job: Callable[[Each], Awaitable[None]], each: Iterable[Each], at_once: int | None = None
) -> None:
    """Do the job for each; they begin in order.

    Args:
        at_once: how many run at the same time; None: all.

    Raises:
        Exception: what the first one raised; the others are cancelled.
    """
    todo = list(each)
    room = asyncio.Semaphore(at_once or max(1, len(todo)))

    async def run(one: Each) -> None:
        async with room:
            await job(one)

    try:
        async with asyncio.TaskGroup() as group:
            for one in todo:
                group.create_task(run(one))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
