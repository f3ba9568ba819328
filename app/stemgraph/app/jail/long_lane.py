"""The lane of long requests: a few run, at low priority, in the order of what their clients have had.

A request comes here with its process, which is neither killed nor asked again. Where more are here than may
run, the kernel stops the others where they are; each tick those go on whose clients have had least.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from stemgraph.app.errors import QueryEndedError, TooManyRequestsError
from stemgraph.app.jail.process import WorkerProcess
from stemgraph.app.jail.run import Run

logger = logging.getLogger("stemgraph.jail")

TICK: Final = 0.2
"""Seconds after which it is decided again who runs."""
SECONDS_UNTIL_TIRED: Final = 1.0
"""Seconds after which a process gets the lowest priority, for the rest of its life."""
PENALTY: Final = 0.5
"""Seconds that are charged to a client for a request which had to be ended for others."""


class LongLane:
    """Requests that took longer than the fast lane's slice.

    Args:
        running: Number that run at once.
        held: Number that run or stand still.
        memory_bytes: What all workers together may take.
        workers: Tells all workers.
    """

    def __init__(
        self, running: int, held: int, memory_bytes: int, workers: Callable[[], list[WorkerProcess]]
    ) -> None:
        self.kills = 0
        """Requests that were ended for others."""
        self._running = running
        self._held = held
        self._memory_bytes = memory_bytes
        self._workers = workers
        self._runs: list[Run] = []
        self._tick: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._runs)

    def enter(self, run: Run, now: float, *, urgent: bool) -> bool:
        """Take a request, if there is room, or if room must be made for others; whether it came in.

        Args:
            run: The request.
            now: The time.
            urgent: Whether a client that has had less waits for its place in the fast lane.
        """
        if len(self._runs) >= self._held:
            if not urgent:
                return False
            greediest = max((*self._runs, run), key=lambda each: (each.account.had(now), each.began))
            self._end_for_others(greediest, now)
            if greediest is run:
                return False
        run.charge(now)
        run.long = True
        self._runs.append(run)
        self._decide(now)
        return True

    def leave(self, run: Run) -> None:
        """It has been answered, or ended."""
        if run in self._runs:
            self._runs.remove(run)
            self._decide(asyncio.get_running_loop().time())

    def _end_for_others(self, run: Run, now: float) -> None:
        self.kills += 1
        run.account.charge(PENALTY, now, long=True)
        run.end(
            TooManyRequestsError(
                "a long request of yours was ended, because clients that have had less were waiting",
                retry_after=5,
            )
        )
        if run in self._runs:
            self._runs.remove(run)

    def _decide(self, now: float) -> None:
        """Let those go on whose clients have had least."""
        for run in self._runs:
            run.charge(now)
        ordered = sorted(self._runs, key=lambda each: (each.account.had(now), each.began))
        for place, run in enumerate(ordered):
            if place < self._running:
                run.resume(now)
                if now - run.began > SECONDS_UNTIL_TIRED:
                    run.worker.tire()
            else:
                run.pause(now)
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        if self._runs:
            self._tick = asyncio.get_running_loop().call_later(TICK, self._ticked)

    def _ticked(self) -> None:
        self._watch_memory()
        self._decide(asyncio.get_running_loop().time())

    def _watch_memory(self) -> None:
        sizes = {worker: worker.bytes_of_its_own for worker in self._workers()}
        if sum(sizes.values()) <= self._memory_bytes:
            return
        largest = max(self._runs, key=lambda run: sizes.get(run.worker, 0))
        logger.warning("the workers take too much memory: the largest request is ended")
        largest.end(
            QueryEndedError(
                "the query was ended: all queries together needed more memory than they may take",
                mend="split it into smaller queries, or make it more selective",
            )
        )
        self._runs.remove(largest)
