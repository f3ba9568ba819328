"""The workers of each release: those of the current one always, those of others while they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from stemgraph.app.errors import UnavailableError
from stemgraph.app.shelf import Shelf
from stemgraph.app.sparql.workers import SparqlWorkers, WorkerLimits


@dataclass(slots=True)
class _Pool:
    """Workers that are started when they are first needed."""

    workers: SparqlWorkers
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    started: bool = False

    async def start(self) -> None:
        async with self.starting:
            if not self.started:
                await self.workers.start()
                self.started = True


class SparqlPools:
    """Workers by release: ``start`` those of the current one, and take those of any with ``at``.

    Args:
        store: Directory of the current release's store.
        limits: What queries may take; of any other release one runs at a time.
        others: Number of other releases whose workers live at once.
    """

    def __init__(self, store: Path, limits: WorkerLimits, others: int) -> None:
        self.current = SparqlWorkers(store, limits)
        self._store = store
        self._limits = replace(limits, workers=1)
        self._others = Shelf[Path, _Pool](others, self._open, self._close)
        self._ending: set[asyncio.Task[None]] = set()
        self._ready = False

    async def start(self) -> None:
        """Start the workers of the current release.

        Raises:
            DataDirectoryError: Its store cannot be opened.
        """
        await self.current.start()
        self._ready = True

    async def stop(self) -> None:
        """Kill every worker, whatever it is doing."""
        self._ready = False
        self._others.close()
        await asyncio.gather(self.current.stop(), *self._ending)

    @asynccontextmanager
    async def at(self, store: Path) -> AsyncGenerator[SparqlWorkers]:
        """The workers of the release whose store this is; they live while they are used.

        Raises:
            UnavailableError: The service has not been started, or too many releases are being asked.
            DataDirectoryError: The store cannot be opened.
        """
        if store == self._store:
            yield self.current
            return
        if not self._ready:
            raise UnavailableError(
                "the query workers do not run", mend="wait; where stemgraph is embedded, run its lifespan"
            )
        pool = self._others.take(store)
        try:
            await pool.start()
            yield pool.workers
        finally:
            self._others.give_back(store)

    def _open(self, store: Path) -> _Pool:
        return _Pool(SparqlWorkers(store, self._limits))

    def _close(self, pool: _Pool) -> None:
        task = asyncio.get_running_loop().create_task(pool.workers.stop())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
