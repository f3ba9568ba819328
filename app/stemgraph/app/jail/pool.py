"""Warm workers of one kind: taken, given back, and replaced when they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stemgraph.app.errors import UnavailableError
from stemgraph.app.jail.process import WorkerEndedError, WorkerProcess, WorkerSetup
from stemgraph.graph.errors import StemgraphError

logger = logging.getLogger("stemgraph.jail")

LONGEST_LIFE: Final = 2000
"""Requests after which a worker is replaced, so that no fragmentation of its memory lasts."""
SECONDS_BETWEEN_STARTS: Final = 1.0


class WorkerStartError(StemgraphError):
    """No worker could be started."""


@dataclass(slots=True)
class _Waiting:
    taken: asyncio.Future[WorkerProcess]
    store: Path | None


class Pool:
    """Workers of one kind; for one event loop.

    Args:
        setup: What each worker is started with.
        size: Number of workers that run at once.
        spares: Idle workers beyond these, which make a replacement instant.
        waiting: Number of requests that may wait.
    """

    def __init__(self, setup: WorkerSetup, *, size: int, spares: int = 0, waiting: int = 64) -> None:
        self.setup = setup
        self.size = size
        self._spares = spares
        self._most_waiting = waiting
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._busy = 0
        self._waiting: list[_Waiting] = []
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = False

    @property
    def process_ids(self) -> list[int]:
        """The process ids of all workers."""
        return [each.process_id for each in self._all]

    def renew(self, setup: WorkerSetup) -> None:
        """Start workers otherwise from now on, and replace those that there are."""
        self.setup = setup
        idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()
        self._fill()

    async def start(self) -> None:
        """Start the workers, and wait for the first one.

        Raises:
            WorkerStartError: It does not start.
        """
        self._open = True
        try:
            await self._start_worker()
        except (WorkerEndedError, OSError) as error:
            await self.stop()
            raise WorkerStartError(
                f"a worker process cannot be started: {error}", mend="see `stemgraph doctor`"
            ) from error
        self._fill()

    async def stop(self) -> None:
        """Kill every worker, whatever it is doing."""
        self._open = False
        for task in self._tasks:
            task.cancel()
        for waiting in self._waiting:
            waiting.taken.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(each.close() for each in self._all))
        self._all.clear()
        self._idle.clear()

    async def take(self, store: Path | None = None) -> WorkerProcess:
        """A worker, as soon as one is free; give it back, or discard it.

        Raises:
            UnavailableError: Too many are waiting, or the workers do not run.
        """
        if not self._open:
            raise UnavailableError(
                "the worker processes do not run", mend="wait; where stemgraph is embedded, run its lifespan"
            )
        if self._busy < self.size and not self._waiting and (worker := self._choose(store)) is not None:
            self._busy += 1
            return worker
        if len(self._waiting) >= self._most_waiting:
            raise self.busy()
        waiting = _Waiting(asyncio.get_running_loop().create_future(), store)
        self._waiting.append(waiting)
        try:
            return await waiting.taken
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif waiting.taken.done() and not waiting.taken.cancelled():  # given at the very moment
                self.give_back(waiting.taken.result())
            raise

    def busy(self) -> UnavailableError:
        """What is said to whom no worker became free."""
        return UnavailableError(
            "every worker is busy", mend=f"try again; at most {self.size} requests run at once"
        )

    def give_back(self, worker: WorkerProcess) -> None:
        """It has answered and may be asked again."""
        if worker.answered >= LONGEST_LIFE or not worker.alive or worker.setup is not self.setup:
            self.discard(worker)
            return
        self._busy -= 1
        self._idle.append(worker)
        self._serve()

    def discard(self, worker: WorkerProcess) -> None:
        """It has not answered, or too often: kill it, and start another."""
        self._busy -= 1
        worker.kill()
        self._serve()
        self._fill()

    def _choose(self, store: Path | None) -> WorkerProcess | None:
        """An idle worker, if there is one: rather one that has the store open, and has worked last."""
        idle = self._idle
        for index in range(len(idle) - 1, -1, -1):
            if idle[index].store == store:
                return idle.pop(index)
        return idle.pop(0) if idle else None

    def _serve(self) -> None:
        while self._waiting and self._busy < self.size and self._idle:
            waiting = self._waiting.pop(0)
            worker = self._choose(waiting.store)
            if worker is not None and not waiting.taken.done():
                self._busy += 1
                waiting.taken.set_result(worker)

    def _fill(self) -> None:
        """Start as many as are missing."""
        if not self._open:
            return
        missing = self.size - self._busy + self._spares - len(self._idle) - self._starting
        for _ in range(missing):
            self._starting += 1
            self._in_background(self._keep_starting())

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_starting(self) -> None:
        try:
            while True:
                try:
                    await self._start_worker()
                except (WorkerEndedError, OSError) as error:
                    logger.error("no worker could be started: %s", error)  # noqa: TRY400  # one line
                    await asyncio.sleep(SECONDS_BETWEEN_STARTS)
                else:
                    return
        finally:
            self._starting -= 1

    async def _start_worker(self) -> None:
        worker = WorkerProcess(self.setup)
        self._all.add(worker)
        try:
            await worker.open()
        except BaseException:  # cancelled, too
            worker.kill()
            self._in_background(self._close(worker))
            raise
        worker.answered = 0
        worker.on_end = self._ended
        if worker.setup is not self.setup:  # it was started for what no longer holds
            worker.kill()
            await self._start_worker()
            return
        self._idle.append(worker)
        self._serve()

    def _ended(self, worker: WorkerProcess) -> None:
        """A worker has ended: by a kill, or by itself, even while it was idle."""
        if not self._open:
            return
        self._in_background(self._close(worker))
        if worker in self._idle:
            self._idle.remove(worker)
            self._fill()

    async def _close(self, worker: WorkerProcess) -> None:
        await worker.close()
        self._all.discard(worker)
