"""One request at work in a worker, and the ways in which it may end before it is answered."""

from __future__ import annotations

import asyncio

from stemgraph.app.jail.accounts import Account
from stemgraph.app.jail.process import Answer, WorkerProcess
from stemgraph.graph.errors import StemgraphError


class Run:
    """A request from the moment that a worker has it; what it takes is charged to its client."""

    __slots__ = ("_charged", "_timer", "account", "answer", "began", "deadline", "long", "paused", "worker")

    def __init__(
        self, worker: WorkerProcess, answer: asyncio.Future[Answer], account: Account, deadline: float
    ) -> None:
        self.worker = worker
        self.answer = answer
        self.account = account
        self.deadline = deadline
        self.long = False
        """Whether it has left the fast lane."""
        self.paused = False
        self.began = self._charged = asyncio.get_running_loop().time()
        self._timer: asyncio.TimerHandle | None = None

    def charge(self, now: float) -> None:
        """Charge what it took since the last time; what it slept is free."""
        if not self.paused:
            self.account.charge(now - self._charged, now, long=self.long)
        self._charged = now

    def watch(self, timer: asyncio.TimerHandle) -> None:
        """Keep the timer that watches it."""
        self._timer = timer

    def stop_watching(self) -> None:
        """It has ended."""
        if self._timer is not None:
            self._timer.cancel()

    def end(self, error: StemgraphError) -> None:
        """Have it end with an error; who waits for it kills the worker."""
        if not self.answer.done():
            self.answer.set_exception(error)

    def pause(self, now: float) -> None:
        """Stop the process where it is."""
        if not self.paused:
            self.charge(now)
            self.paused = True
            self.worker.pause()

    def resume(self, now: float) -> None:
        """Let it go on."""
        if self.paused:
            self.charge(now)
            self.paused = False
            self.worker.resume()
