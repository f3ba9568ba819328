"""What is held in memory: the store of the edition that is served, once that has settled.

While editions follow each other, none of them is copied: the same workers answer from disk meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

from stemgraph.app.jail.enforcement import Enforcement
from stemgraph.app.jail.holder_process import Filled, HolderProcess, can_hold
from stemgraph.app.jail.pool import Pool
from stemgraph.app.jail.process import WorkerEndedError, WorkerProcess

logger = logging.getLogger("stemgraph.jail")

_LONGEST_PAUSE: Final = 600.0
_LIVED_WELL: Final = 600.0
"""Seconds after which the end of a holder is no failure of it."""


class Holding:
    """Keeps one store in memory, in a process that forks the workers of a pool; for one event loop.

    Args:
        pool: The workers.
        most_bytes: What the store may take, by estimate; 0 holds none.
        settled_seconds: How long a store must have been the one that is wanted before it is copied.
        first_seconds: The same for the first one.
    """

    def __init__(self, pool: Pool, most_bytes: int, settled_seconds: float, first_seconds: float) -> None:
        self.enforcement = Enforcement()
        """What holds forked workers, known once there are any."""
        self._others = Enforcement()
        self._pool = pool
        self._most_bytes = most_bytes
        self._settled_seconds = settled_seconds
        self._first_seconds = first_seconds
        self._wanted: Path | None = None
        self._too_large: Path | None = None
        self._holder: HolderProcess | None = None
        self._since = 0.0
        self._failures = 0
        self._filled_once = False
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._holders: set[HolderProcess] = set()

    @property
    def store(self) -> Path | None:
        """The store that new workers have in memory."""
        return None if self._holder is None else self._holder.store

    @property
    def process_ids(self) -> list[int]:
        """The process ids of all holders."""
        return [each.process_id for each in self._holders]

    @property
    def answers_from_memory(self) -> bool:
        """Whether the store that is wanted is the one in memory."""
        return self.store is not None and self.store == self._wanted

    def want(self, store: Path) -> None:
        """Most queries ask this store from now on."""
        if store != self._wanted:
            self._wanted = store
            self._changed.set()

    def start(self, enforcement: Enforcement) -> None:
        """Begin to hold what is wanted, where this system can.

        Args:
            enforcement: What holds other workers; those that are forked must be held no less.
        """
        self._others = enforcement
        if self._most_bytes > 0 and can_hold():
            self._task = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """End the holders, with their workers."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._holder = None
        await asyncio.gather(*(each.close() for each in tuple(self._holders)))

    def drop(self) -> None:
        """Forget the holder, whose workers may not read what they must; the next one comes in its time."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.retire()
        self._changed.set()

    async def _keep(self) -> None:
        while True:
            self._changed.clear()
            if self._wanted is None or self._wanted in (self.store, self._too_large):
                await self._changed.wait()
            elif not await self._changes_within(self._pause()):
                await self._fill(self._wanted)

    def _pause(self) -> float:
        if self._failures:
            return min(_LONGEST_PAUSE, self._settled_seconds * 2.0**self._failures)
        return self._settled_seconds if self._filled_once else self._first_seconds

    async def _changes_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._filled_once = True
        return True

    async def _fill(self, store: Path) -> None:
        """Copy a store, unless another is wanted meanwhile, and have new workers forked from the copy."""
        self._filled_once = True
        try:
            holder = HolderProcess(store, self._pool.setup.readable, self._most_bytes)
        except OSError as error:
            self._note_failure(store, str(error))
            return
        holder.on_end = self._ended
        self._holders.add(holder)
        used = False
        try:
            async with asyncio.TaskGroup() as group:
                changes = group.create_task(self._changed.wait())
                filling = group.create_task(self._ready(holder))
                await asyncio.wait((changes, filling), return_when=asyncio.FIRST_COMPLETED)
                changes.cancel()
                if not filling.done():
                    filling.cancel()
            if not self._changed.is_set():
                used = self._judge(holder, filling.result())
        finally:
            if not used:
                await holder.close()

    async def _ready(self, holder: HolderProcess) -> Filled:
        """Wait until the store is there, and see that a forked worker is held as well as others are."""
        filled = await holder.filled()
        if filled.outcome != "ready":
            return filled
        worker = WorkerProcess(replace(self._pool.setup, holder=holder))
        try:
            await worker.open()
            report, _ = await worker.ask({"self_test": True})
        except (WorkerEndedError, OSError) as error:
            return Filled("failed", str(error))
        finally:
            await worker.close()
        self.enforcement = Enforcement.from_report(report)
        if not set(self.enforcement.missing) <= set(self._others.missing):
            return Filled("failed", self.enforcement.sentence())
        return filled

    def _judge(self, holder: HolderProcess, filled: Filled) -> bool:
        """Use a holder, or note why not."""
        if filled.outcome == "too_large":
            self._too_large = holder.store
            logger.info("the store is too large for memory: queries are answered from disk")
            return False
        if filled.outcome != "ready" or not holder.alive:
            self._note_failure(holder.store, filled.message or filled.outcome)
            return False
        logger.info("queries are answered from memory")
        old, self._holder = self._holder, holder
        self._since = asyncio.get_running_loop().time()
        self._pool.renew(replace(self._pool.setup, holder=holder), gently=True)
        if old is not None:
            old.retire()
        return True

    def _note_failure(self, store: Path, message: str) -> None:
        self._failures += 1
        logger.warning("%s cannot be held in memory: %s", store, message)

    def _ended(self, holder: HolderProcess) -> None:
        """A holder has ended, and its workers with it."""
        self._holders.discard(holder)
        if holder is not self._holder:
            return
        self._holder = None
        logger.warning("the process that has the store in memory has ended: queries are answered from disk")
        lived_well = asyncio.get_running_loop().time() - self._since > _LIVED_WELL
        self._failures = 1 if lived_well else self._failures + 1
        self._pool.renew(replace(self._pool.setup, holder=None), gently=True)
        self._changed.set()
