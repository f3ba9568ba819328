"""Work that requests wait for: what is asked twice at once is done once, and ended when no one waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from starlette.types import Receive

SECONDS_TO_WATCH: Final = 0.2
"""Time after which it is looked at whether a client is still there: most answers take less."""

Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Work(Generic[Result]):
    task: asyncio.Task[Result]
    waiting: int = 0


class SharedWork(Generic[Result]):
    """Work under way, by what it is; for one event loop."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Work[Result]] = {}

    async def result(
        self, key: Hashable | None, start: Callable[[], Coroutine[None, None, Result]], receive: Receive
    ) -> Result | None:
        """What the work comes to, or None when the client goes away first.

        Args:
            key: What the work is; work without one is not shared.
            start: Begins it, where it is not under way.
            receive: Tells when the client goes away.
        """
        work = None if key is None else self._under_way.get(key)
        if work is None:
            work = _Work(asyncio.create_task(start()))
            if key is not None:
                self._under_way[key] = work
        work.waiting += 1
        try:
            return work.task.result() if await _stays(receive, work.task) else None
        finally:
            work.waiting -= 1
            if work.waiting == 0:
                if key is not None and self._under_way.get(key) is work:
                    del self._under_way[key]
                if not work.task.done():
                    work.task.cancel()
                    await asyncio.gather(work.task, return_exceptions=True)


async def _stays(receive: Receive, task: asyncio.Task[Result]) -> bool:
    """Whether the client stays until the task is done."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    leaving: asyncio.Task[None] | None = None

    def end(_: object) -> None:
        if not ended.done():
            ended.set_result(None)

    def watch() -> None:
        nonlocal leaving
        leaving = loop.create_task(_disconnected(receive))
        leaving.add_done_callback(end)

    task.add_done_callback(end)
    timer = loop.call_later(SECONDS_TO_WATCH, watch)
    try:
        await ended
        return task.done()
    finally:
        timer.cancel()
        if leaving is not None:
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
