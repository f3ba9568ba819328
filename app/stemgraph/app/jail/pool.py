"""Warm workers of one kind: taken, given back, and replaced when they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stemgraph.app.errors import TooManyRequestsError, UnavailableError
from stemgraph.app.jail.accounts import Account
from stemgraph.app.jail.process import WorkerEndedError, WorkerProcess, WorkerSetup
from stemgraph.graph.errors import StemgraphError

logger = logging.getLogger("stemgraph.jail")

LONGEST_LIFE: Final = 100_000
"""Requests after which a worker is replaced, so that no fragmentation of its memory lasts."""
SECONDS_BETWEEN_STARTS: Final = 1.0
MOST_TOGETHER: Final = 8
"""Requests of one client that one worker may have before it has answered the first."""
PACE_TOGETHER: Final = 0.002
"""Seconds that the queries of a client may take a worker, if it is to have several where none is idle."""
PACE_TO_STAY: Final = 0.0006
"""Seconds that they may take, if it is to have several while others are idle."""
SILENCE_TOGETHER: Final = 0.005
"""Seconds without an answer after which a worker is asked nothing more."""


class WorkerStartError(StemgraphError):
    """No worker could be started."""


@dataclass(slots=True, eq=False)
class _Waiting:
    taken: asyncio.Future[WorkerProcess]
    store: Path | None
    account: Account
    alone: bool


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
        return [each.process_id for each in self._all if each.process_id]

    @property
    def workers(self) -> list[WorkerProcess]:
        """All workers."""
        return list(self._all)

    @property
    def busy_count(self) -> int:
        """Number of workers that work, but for those that stand in the long lane."""
        return self._busy

    @property
    def waiting_count(self) -> int:
        """Number of requests that wait for a worker."""
        return len(self._waiting)

    def renew(self, setup: WorkerSetup, *, gently: bool = False) -> None:
        """Start workers otherwise from now on, and replace those that there are.

        Args:
            setup: What they are started with.
            gently: Whether each may answer until there is one in its place.
        """
        self.setup = setup
        if gently:
            self._start_more(len(self._idle))
            return
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

    def take(self, store: Path | None, account: Account, *, alone: bool = False) -> WorkerProcess | None:
        """A worker at once, if one is free and no one waits; give it back, or discard it.

        A client whose queries are short gets that which works for it already, so that neither process
        has to wait for the other between one query and the next.

        Args:
            store: The store that will be asked, if any.
            account: The client.
            alone: Whether the worker is to have no other request meanwhile.

        Raises:
            UnavailableError: The workers do not run.
        """
        if not self._open:
            raise UnavailableError(
                "the worker processes do not run", mend="wait; where stemgraph is embedded, run its lifespan"
            )
        if self._waiting:
            return None
        return self._find(store, account, alone=alone)

    def _find(self, store: Path | None, account: Account, *, alone: bool) -> WorkerProcess | None:
        """The worker that a client's queries stay with, or an idle one, or another that works for it."""
        worker = account.worker
        stays = not alone and account.pace <= PACE_TO_STAY
        if stays and worker is not None and self._takes_another(worker, store, account):
            worker.lent += 1
            return worker
        if self._busy >= self.size or (worker := self._choose(store)) is None:
            return None if alone else self._take_along(store, account)
        self._lend(worker, store, account, alone=alone)
        return worker

    def _take_along(self, store: Path | None, account: Account) -> WorkerProcess | None:
        """The worker with the shortest row of those that work for a client, if its queries are short."""
        if account.pace > PACE_TOGETHER:
            return None
        taking = [each for each in self._all if self._takes_another(each, store, account)]
        worker = min(taking, key=lambda each: each.lent, default=None)
        if worker is not None:
            worker.lent += 1
        return worker

    def _takes_another(self, worker: WorkerProcess, store: Path | None, account: Account) -> bool:
        """Whether a worker may be asked once more before it has answered."""
        return (
            0 < worker.lent < MOST_TOGETHER
            and worker.works_for is account
            and (worker.store is store or worker.store == store)  # paths are slow to compare
            and not self._is_stale(worker)
            and not worker.given_up
            and asyncio.get_running_loop().time() - worker.heard < SILENCE_TOGETHER
        )

    def _lend(self, worker: WorkerProcess, store: Path | None, account: Account, *, alone: bool) -> None:
        worker.store, worker.works_for = store, None if alone else account
        account.worker = worker
        worker.lent = 1
        self._busy += 1

    async def wait(
        self, store: Path | None, account: Account, deadline: float, *, alone: bool = False
    ) -> WorkerProcess:
        """A worker, as soon as it is this client's turn; give it back, or discard it.

        Raises:
            UnavailableError: None became free in time, or too many are waiting.
            TooManyRequestsError: Others wait who have had less.
        """
        loop = asyncio.get_running_loop()
        if len(self._waiting) >= self._most_waiting:
            self._turn_away(account, loop.time())
        waiting = _Waiting(loop.create_future(), store, account, alone)
        self._waiting.append(waiting)
        end_of_wait = loop.call_at(deadline, self._give_up, waiting)
        try:
            return await waiting.taken
        except BaseException:  # cancelled, too: who asked has gone
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            if waiting.taken.done() and not waiting.taken.cancelled() and not waiting.taken.exception():
                self.give_back(waiting.taken.result())  # it was given at this very moment
            raise
        finally:
            end_of_wait.cancel()

    def _give_up(self, waiting: _Waiting) -> None:
        if not waiting.taken.done():
            waiting.taken.set_exception(self.busy())

    def others_wait(self, account: Account, now: float) -> bool:
        """Whether someone waits who has had less than a client."""
        had = account.had(now)
        return any(each.account is not account and each.account.had(now) < had for each in self._waiting)

    def _turn_away(self, account: Account, now: float) -> None:
        """Make room for one more to wait: for whom has had most, there is none."""
        greediest = max(self._waiting, key=lambda each: each.account.had(now))
        if greediest.account.had(now) <= account.had(now):
            raise self.busy()
        self._waiting.remove(greediest)
        if not greediest.taken.done():
            greediest.taken.set_exception(
                TooManyRequestsError("too many requests are waiting, and you have had the most")
            )

    def busy(self) -> UnavailableError:
        """What is said to whom no worker became free."""
        return UnavailableError(
            "every worker is busy", mend=f"try again; at most {self.size} requests run at once"
        )

    def release(self) -> None:
        """One that was taken goes on elsewhere: another may be taken in its place."""
        self._busy -= 1
        self._serve()
        self._fill()

    def give_back(self, worker: WorkerProcess, *, released: bool = False) -> None:
        """It has answered: once it has answered all that it was lent for, another may take it."""
        worker.lent -= 1
        if worker.lent or worker.given_up:
            self._serve()
            return
        wanted = not released or self._missing() > 0
        if self._is_stale(worker) or not wanted or not worker.alive:
            self.discard(worker, released=released)
            return
        self._busy -= not released
        self._idle.append(worker)
        self._serve()

    def discard(self, worker: WorkerProcess, *, released: bool = False) -> None:
        """It has not answered, or too often: kill it, and start another."""
        if worker.given_up:
            return
        self._busy -= not released
        worker.kill()
        self._serve()
        self._fill()

    def _is_stale(self, worker: WorkerProcess) -> bool:
        return worker.answered >= LONGEST_LIFE or worker.tired or worker.setup is not self.setup

    def _choose(self, store: Path | None) -> WorkerProcess | None:
        """An idle worker, if there is one: rather one that has the store open, and has worked last."""
        idle = self._idle
        for index in range(len(idle) - 1, -1, -1):
            if idle[index].store is store or idle[index].store == store:
                return idle.pop(index)
        return idle.pop(0) if idle else None

    def _serve(self) -> None:
        while self._waiting:
            waiting = self._next()
            if waiting.taken.done():  # it has just been turned away
                self._waiting.remove(waiting)
                continue
            worker = self._find(waiting.store, waiting.account, alone=waiting.alone)
            if worker is None:
                return
            self._waiting.remove(waiting)
            waiting.taken.set_result(worker)

    def _next(self) -> _Waiting:
        """Who is served: whose client has had least, and of these who came first."""
        if all(each.account is self._waiting[0].account for each in self._waiting):
            return self._waiting[0]
        now = asyncio.get_running_loop().time()
        return min(self._waiting, key=lambda each: each.account.had(now))

    def _fill(self) -> None:
        """Start as many as are missing."""
        self._start_more(self._missing())

    def _start_more(self, number: int) -> None:
        for _ in range(number if self._open else 0):
            self._starting += 1
            self._in_background(self._keep_starting())

    def _missing(self) -> int:
        return self.size - self._busy + self._spares - len(self._idle) - self._starting

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
        worker.on_loss, worker.on_end = self._lost, self._ended
        if not worker.alive:
            self._in_background(self._close(worker))
            raise WorkerEndedError(None)
        if worker.setup is not self.setup:  # it was started for what no longer holds
            worker.kill()
            await self._start_worker()
            return
        self._replace_stale()
        self._idle.append(worker)
        self._serve()

    def _replace_stale(self) -> None:
        """One more is ready: if one waits that was started for what no longer holds, it may end."""
        stale = next((each for each in self._idle if self._is_stale(each)), None)
        if stale is not None:
            self._idle.remove(stale)
            stale.kill()

    def _lost(self, worker: WorkerProcess) -> None:
        """A worker cannot be asked any more: by a kill, or by itself, even while it was idle."""
        if worker in self._idle:
            self._idle.remove(worker)

    def _ended(self, worker: WorkerProcess) -> None:
        """A worker has ended."""
        if self._open:
            self._in_background(self._close(worker))
            self._fill()

    async def _close(self, worker: WorkerProcess) -> None:
        await worker.close()
        self._all.discard(worker)
