"""The pool of SPARQL workers: one deadline over waiting, running and output, and a kill at its end."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stemgraph.app.errors import QueryEndedError, ResultTooLargeError, UnavailableError
from stemgraph.app.sparql.process import Answer, WorkerEndedError, WorkerProcess, WorkerSetup, fate
from stemgraph.graph.errors import DataDirectoryError, QueryError, QueryTimeoutError
from stemgraph.ontology.identifiers import PREFIXES

logger = logging.getLogger("stemgraph.sparql")

LONGEST_LIFE: Final = 2000
"""Queries after which a worker is replaced, so that no fragmentation of its memory lasts."""
WAITING_PER_WORKER: Final = 8
SECONDS_BETWEEN_STARTS: Final = 1.0


class UnparsedQueryError(QueryError):
    """A query that Oxigraph does not parse; the message is its own."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one query, and all of them together, may take."""

    workers: int = 2
    seconds: float = 10.0
    result_bytes: int = 32 * 1024 * 1024
    memory_bytes: int = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query that the guard let pass, the name of the result's format, and the graphs it asks for."""

    query: str
    format: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True
    """Whether the default graph is the union of the named ones; not where the query has a FROM of its own."""


class SparqlWorkers:
    """Warm processes that answer queries, each replaced as soon as it is killed or ends.

    Args:
        store: Directory of the release's Oxigraph store.
        limits: What queries may take.
        prefixes: Prefixes that hold without being declared.
    """

    def __init__(
        self, store: Path, limits: WorkerLimits | None = None, *, prefixes: Mapping[str, str] = PREFIXES
    ) -> None:
        self.limits = limits or WorkerLimits()
        self.graphs: frozenset[str] = frozenset()
        """IRIs of the named graphs in the store, known once started."""
        self._setup = WorkerSetup(store, dict(prefixes), self.limits.memory_bytes)
        self._idle: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        self._all: set[WorkerProcess] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._threads: ThreadPoolExecutor | None = None

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Prefixes that hold without being declared."""
        return self._setup.prefixes

    async def start(self) -> None:
        """Start the workers and wait for the first one; the others follow in the background.

        Raises:
            DataDirectoryError: The store cannot be opened.
        """
        # A killed worker's thread may still be reading while another buries it.
        self._threads = ThreadPoolExecutor(2 * self.limits.workers, thread_name_prefix="sparql")
        self._idle = asyncio.Queue()
        try:
            await self._start_worker()
        except DataDirectoryError:
            await self.stop()
            raise
        for _ in range(self.limits.workers - 1):
            self._in_background(self._keep_starting())

    async def stop(self) -> None:
        """Kill every worker, whatever it is doing."""
        threads, self._threads = self._threads, None
        if threads is None:
            return
        for process in self._all:
            process.kill()
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for process in self._all:
            process.close()
        self._all.clear()
        threads.shutdown(wait=True)

    async def run(self, request: QueryRequest) -> bytes:
        """The serialised result of a query.

        Raises:
            UnparsedQueryError: The query does not parse.
            QueryError: It cannot be evaluated.
            QueryTimeoutError: It was killed at the deadline.
            QueryEndedError: It ended its worker.
            ResultTooLargeError: The result is over the cap.
            UnavailableError: Too many queries are waiting, or none of the workers became free in time.
        """
        deadline = asyncio.get_running_loop().time() + self.limits.seconds
        process = await self._take(deadline)
        header, body = await self._ask(process, request, deadline)
        match header["outcome"]:
            case "result":
                return body
            case "too_large":
                raise ResultTooLargeError(
                    f"the result is longer than {self.limits.result_bytes:,} bytes",
                    mend="ask for less with LIMIT, or for the whole graph with GET /api/v1/export",
                )
            case "memory":
                raise QueryEndedError("the query needed more memory than one query may take", mend=_SMALLER)
            case "syntax":
                raise UnparsedQueryError(header["message"])
            case _:
                raise QueryError(f"the query cannot be evaluated: {header['message']}")

    async def _take(self, deadline: float) -> WorkerProcess:
        busy = UnavailableError(
            "every SPARQL worker is busy",
            mend=f"try again; at most {self.limits.workers} queries run at once",
        )
        if self._waiting >= WAITING_PER_WORKER * self.limits.workers:
            raise busy
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                while not (process := await self._idle.get()).alive:
                    self._in_background(self._replace(process))
        except TimeoutError:
            raise busy from None
        finally:
            self._waiting -= 1
        return process

    async def _ask(self, process: WorkerProcess, request: QueryRequest, deadline: float) -> Answer:
        loop = asyncio.get_running_loop()
        message = {
            "query": request.query,
            "format": request.format,
            "default_graphs": request.default_graphs,
            "named_graphs": request.named_graphs,
            "union": request.union,
            "cap": self.limits.result_bytes,
            "seconds": self.limits.seconds,
        }
        asked = loop.run_in_executor(self._threads, process.ask, message)
        answered = False
        try:
            async with asyncio.timeout_at(deadline):
                answer = await asked
            answered = process.answered < LONGEST_LIFE
        except TimeoutError:
            raise self._timeout() from None
        except WorkerEndedError as error:
            if error.code == -signal.SIGXCPU:
                raise self._timeout() from error
            raise QueryEndedError(f"the query was ended: {fate(error.code)}", mend=_SMALLER) from error
        finally:  # cancelled, too: who asked has gone
            if answered:
                self._idle.put_nowait(process)
            else:
                process.kill()
                self._in_background(self._replace(process))
        return answer

    def _timeout(self) -> QueryTimeoutError:
        return QueryTimeoutError(
            f"the query was ended after {self.limits.seconds:g} seconds",
            mend="make it more selective, or add LIMIT",
        )

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        if self._threads is None:  # stopped
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _replace(self, process: WorkerProcess) -> None:
        await self._close(process)
        await self._keep_starting()

    async def _keep_starting(self) -> None:
        while True:
            try:
                await self._start_worker()
            except (DataDirectoryError, OSError) as error:
                logger.error("no SPARQL worker could be started: %s", error)  # noqa: TRY400  # one line
                await asyncio.sleep(SECONDS_BETWEEN_STARTS)
            else:
                return

    async def _start_worker(self) -> None:
        # On this thread: the kernel ends the process with the thread that started it.
        process = WorkerProcess(self._setup)
        self._all.add(process)
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, process.open_store)
        except BaseException:  # cancelled, too
            process.kill()
            self._in_background(self._close(process))
            raise
        self.graphs = process.graphs
        self._idle.put_nowait(process)

    async def _close(self, process: WorkerProcess) -> None:
        # In a thread: the kernel takes its time to free a large process.
        await asyncio.get_running_loop().run_in_executor(self._threads, process.close)
        self._all.discard(process)


_SMALLER: Final = "split it into smaller queries, or make it more selective"
