"""Work that requests wait for: what is asked twice at once is done once, and ended when no one waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Final, Generic, TypeVar

from starlette.types import Receive

SECONDS_TO_WATCH: Final = 0.2
"""Time after which it is looked at whether a client is still there: most answers take less."""

Result = TypeVar("Result")


class _Work(Generic[Result]):
    """Work under way, in the task of the request that asked it first: a task of its own would cost more."""

    __slots__ = ("_task", "ended", "outcome", "waiting")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self._task = task
        self.waiting = 1
        """Clients that are there."""
        self.ended = False
        """Whether it was ended, because none was."""
        self.outcome: asyncio.Future[Result] | None = None
        """What it comes to, where others wait for it."""

    def leave(self) -> None:
        """One client has gone."""
        self.waiting -= 1
        if self.waiting == 0:
            self.ended = True
            self._task.cancel()


class SharedWork(Generic[Result]):
    """Work under way, by what it is; for one event loop."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _Work[Result]] = {}

    async def result(
        self, key: Hashable | None, start: Callable[[], Coroutine[None, None, Result]], receive: Receive
    ) -> Result | None:
        """What the work comes to, or None when the client goes away first.

        The request that asked first goes on for the others after its own client has gone.

        Args:
            key: What the work is; work without one is not shared.
            start: Begins it, where it is not under way.
            receive: Tells when the client goes away.
        """
        while key is not None and (work := self._under_way.get(key)) is not None:
            try:
                return await _wait(work, receive)
            except _LeftUndoneError:  # the request that did it was cancelled: it is begun again
                continue
        return await self._do(key, start, receive)

    async def _do(
        self, key: Hashable | None, start: Callable[[], Coroutine[None, None, Result]], receive: Receive
    ) -> Result | None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # every coroutine runs in one
        work: _Work[Result] = _Work(task)
        if key is not None:
            self._under_way[key] = work
        presence = _Presence(receive, work.leave)
        try:
            result = await start()
        except BaseException as error:
            self._forget(key)
            _tell(work, error)
            if isinstance(error, asyncio.CancelledError) and work.ended and task.uncancel() == 0:
                return None
            raise
        else:
            self._forget(key)
            if work.outcome is not None and not work.outcome.done():
                work.outcome.set_result(result)
            return result
        finally:
            presence.end()

    def _forget(self, key: Hashable | None) -> None:
        if key is not None:
            del self._under_way[key]


class _LeftUndoneError(Exception):
    """The request that did the work was cancelled."""


def _tell(work: _Work[Any], error: BaseException) -> None:
    """Tell those who wait that the work failed."""
    if work.outcome is None or work.outcome.done():
        return
    work.outcome.set_exception(error if isinstance(error, Exception) else _LeftUndoneError())
    work.outcome.exception()  # if all of them have gone, no one need look at it


async def _wait(work: _Work[Result], receive: Receive) -> Result | None:
    """What another request's work comes to, or None when the client goes away first."""
    loop = asyncio.get_running_loop()
    if work.outcome is None:
        work.outcome = loop.create_future()
    gone: asyncio.Future[None] = loop.create_future()
    presence = _Presence(receive, gone.cancel)
    work.waiting += 1
    try:
        await asyncio.wait((work.outcome, gone), return_when=asyncio.FIRST_COMPLETED)
        return work.outcome.result() if work.outcome.done() else None
    finally:
        presence.end()
        if not work.outcome.done():
            work.leave()


class _Presence:
    """Looks after a while whether a client is there, and tells when it has gone."""

    __slots__ = ("_leave", "_leaving", "_receive", "_timer")

    def __init__(self, receive: Receive, leave: Callable[[], object]) -> None:
        self._receive = receive
        self._leave = leave
        self._leaving: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(SECONDS_TO_WATCH, self._watch)

    def end(self) -> None:
        """Look no more."""
        self._timer.cancel()
        if self._leaving is not None:
            self._leaving.cancel()

    def _watch(self) -> None:
        self._leaving = asyncio.get_running_loop().create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._leave()
