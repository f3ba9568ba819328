"""The jail: user queries and tools, each in a process of its own, under one deadline."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from stemgraph.app.errors import QueryEndedError, ResultTooLargeError, TooManyRequestsError
from stemgraph.app.jail.accounts import Account, Accounts
from stemgraph.app.jail.enforcement import Enforcement
from stemgraph.app.jail.frames import Message
from stemgraph.app.jail.holding import Holding
from stemgraph.app.jail.limits import JailLimits
from stemgraph.app.jail.long_lane import LongLane
from stemgraph.app.jail.pool import Pool
from stemgraph.app.jail.process import Answer, WorkerEndedError, WorkerProcess, WorkerSetup, fate
from stemgraph.app.jail.question import QueryRequest, UnparsedQueryError
from stemgraph.app.jail.refusals import refusal
from stemgraph.app.jail.run import Run
from stemgraph.app.jail.tools import TOOLS, WORKERS
from stemgraph.graph.errors import DataDirectoryError, QueryError, QueryTimeoutError, StemgraphError
from stemgraph.ontology.identifiers import PREFIXES

logger = logging.getLogger("stemgraph.jail")

QUERIES: Final = "stemgraph.app.jail.queries"
_REMEMBERED_STORES: Final = 64
_SELF_TEST_SECONDS: Final = 30.0
_OURS: Final = "stemgraph"
"""The client of what no one asked."""
LOOK: Final = 0.05
"""Seconds after which it is looked whether a request should leave the fast lane, and again after each."""
_SMALLER: Final = "split it into smaller ones, or make it more selective"


@dataclass(slots=True)
class _Asked:
    """A request on its way to a worker."""

    pool: Pool
    message: Message
    client: str
    seconds: float
    body: bytes = b""
    store: Path | None = None
    laned: bool = False
    """Whether it leaves the fast lane when its slice is over."""

    @property
    def kind(self) -> str:
        """What it is, for a person."""
        return "query" if self.laned else "request"

    def timeout(self) -> QueryTimeoutError:
        """What is said when it was ended at its deadline."""
        mend = "make it more selective, or add LIMIT" if self.laned else "send less at once"
        return QueryTimeoutError(f"the {self.kind} was ended after {self.seconds:g} seconds", mend=mend)


class Jail:
    """Worker processes for what strangers send: SPARQL over any store, and tools over what they upload.

    Args:
        limits: What requests may take.
        stores: Directories of stores that will be asked, as far as they are known.
        prefixes: Prefixes that hold in queries without being declared.
    """

    def __init__(
        self,
        limits: JailLimits | None = None,
        *,
        stores: Iterable[Path] = (),
        prefixes: Mapping[str, str] = PREFIXES,
    ) -> None:
        self.limits = limits or JailLimits()
        self.enforcement = Enforcement()
        """What the kernel enforces, known once started."""
        self.accounts = Accounts(self.limits.client_requests, self.limits.client_seconds)
        self._admitted = set(stores)
        self._readable = frozenset(place for store in self._admitted for place in readable_for(store))
        self.answered = 0
        """Requests that a worker answered."""
        self.ended: Counter[str] = Counter()
        """Workers that were killed or ended within a request, by the reason's name."""
        self.prefixes = dict(prefixes)
        self._graphs: OrderedDict[Path, frozenset[str]] = OrderedDict()
        self._queries = Pool(
            WorkerSetup(
                QUERIES,
                self.limits.memory_bytes,
                self._readable,
                new_code=False,
                options={"prefixes": self.prefixes},
            ),
            size=self.limits.workers,
            spares=self.limits.spares,
            waiting=self.limits.waiting,
        )
        self._long = LongLane(
            self.limits.workers, self.limits.held, self.limits.all_memory_bytes, self._workers
        )
        self.holding = Holding(
            self._queries,
            self.limits.in_memory_bytes,
            self.limits.settled_seconds,
            self.limits.first_seconds,
        )
        """What is answered from memory."""
        self._tools: dict[str, Pool] = {}
        self._tool_starts = asyncio.Lock()

    @property
    def process_ids(self) -> list[int]:
        """The process ids of all workers."""
        pools = (self._queries, *self._tools.values())
        return [number for pool in pools for number in pool.process_ids]

    def _workers(self) -> list[WorkerProcess]:
        return [worker for pool in (self._queries, *self._tools.values()) for worker in pool.workers]

    @property
    def lanes(self) -> dict[str, tuple[int, int]]:
        """By lane, the number of requests that run, and of those that wait."""
        tools = list(self._tools.values())
        return {
            "fast": (self._queries.busy_count, self._queries.waiting_count),
            "long": (len(self._long), 0),
            "tools": (
                sum(pool.busy_count for pool in tools),
                sum(pool.waiting_count for pool in tools),
            ),
        }

    async def start(self) -> None:
        """Start the query workers, and wait for the first one.

        Raises:
            WorkerStartError: It does not start.
        """
        await self._queries.start()
        report, _ = await self._ask(_Asked(self._queries, {"self_test": True}, _OURS, _SELF_TEST_SECONDS))
        self.enforcement = Enforcement.from_report(report)
        logger.log(
            logging.INFO if self.enforcement.complete else logging.WARNING, self.enforcement.sentence()
        )
        self.holding.start(self.enforcement)

    def hold(self, store: Path) -> None:
        """Have most queries answered from memory: they ask this store, until another is named."""
        self._admit(store)
        self.holding.want(store)

    async def stop(self) -> None:
        """Kill every worker, whatever it is doing."""
        tools = list(self._tools.values())
        self._tools.clear()
        await asyncio.gather(self._queries.stop(), *(pool.stop() for pool in tools))
        await self.holding.stop()

    async def graphs(self, store: Path) -> frozenset[str]:
        """IRIs of the named graphs in a store, whose directory never changes.

        Raises:
            DataDirectoryError: It cannot be opened.
        """
        known = self._graphs.get(store)
        if known is None:
            self._admit(store)
            message = {"store": str(store), "seconds": self.limits.seconds}
            asked = _Asked(self._queries, message, _OURS, self.limits.seconds, store=store)
            answer, _ = await self._ask(asked)
            if answer["outcome"] != "graphs":
                raise _no_store(store, answer)
            known = self._graphs[store] = frozenset(answer["graphs"])
            while len(self._graphs) > _REMEMBERED_STORES:
                self._graphs.popitem(last=False)
        return known

    async def query(self, store: Path, question: QueryRequest, *, client: str) -> bytes:
        """The serialised result of a query over a store.

        Args:
            store: Directory of an Oxigraph store that never changes.
            question: What is asked; the guard let it pass.
            client: Who asks: an address, or the id of a key.

        Raises:
            UnparsedQueryError: The query does not parse.
            QueryError: It cannot be evaluated.
            QueryTimeoutError: It was killed at the deadline.
            QueryEndedError: It ended its worker.
            ResultTooLargeError: The result is over the cap.
            TooManyRequestsError: The client has had its share.
            UnavailableError: Too many are waiting, or none of the workers became free in time.
            DataDirectoryError: The store cannot be opened.
        """
        self._admit(store)
        message = {
            "store": str(store),
            "query": question.query,
            "format": question.format,
            "default_graphs": question.default_graphs,
            "named_graphs": question.named_graphs,
            "union": question.union,
            "prefixes": question.prefixes,
            "cap": self.limits.result_bytes,
            "seconds": self.limits.seconds,
        }
        asked = _Asked(self._queries, message, client, self.limits.seconds, store=store, laned=True)
        answer, body = await self._ask(asked)
        match answer["outcome"]:
            case "result":
                return body
            case "too_large":
                raise self._too_large()
            case "memory":
                raise QueryEndedError("the query needed more memory than one query may take", mend=_SMALLER)
            case "syntax":
                raise UnparsedQueryError(answer["message"])
            case "no_store":
                raise _no_store(store, answer)
            case _:
                raise QueryError(f"the query cannot be evaluated: {answer['message']}")

    async def run(
        self,
        tool: str,
        payload: Mapping[str, Any],
        *,
        body: bytes = b"",
        client: str,
        seconds: float | None = None,
        store: Path | None = None,
    ) -> Answer:
        """What a tool makes of a payload and a body: a JSON object, and bytes.

        Args:
            tool: Name of one of ``stemgraph.app.jail.tools.TOOLS``.
            payload: What can be said in JSON.
            body: The bytes that it works on.
            client: Who asks: an address, or the id of a key.
            seconds: Waiting, running and output together; that of queries if None.
            store: Directory of the store of the edition that the tool reads, if it reads any.

        Raises:
            StemgraphError: What the tool refused.
            QueryTimeoutError: It was killed at the deadline.
            QueryEndedError: It ended its worker.
            TooManyRequestsError: The client has had its share.
            UnavailableError: Too many are waiting, or no worker became free in time.
        """
        if store is not None:
            self._admit(store)
        pool = await self._pool_of(TOOLS[tool])
        seconds = seconds or self.limits.seconds
        message = {"tool": tool, "payload": payload, "cap": self.limits.result_bytes, "seconds": seconds}
        answer, found = await self._ask(_Asked(pool, message, client, seconds, body, store))
        match answer["outcome"]:
            case "result":
                return answer["answer"], found
            case "memory":
                raise QueryEndedError("the request needed more memory than one may take")
            case "too_large":
                raise self._too_large()
            case _:
                raise refusal(answer)

    def _admit(self, store: Path) -> None:
        """Let the workers read a store that our own code names."""
        if store in self._admitted:
            return
        self._admitted.add(store)
        more = self._readable.union(readable_for(store))
        if more == self._readable:
            return
        self._readable = more
        self.holding.drop()
        for pool in (self._queries, *self._tools.values()):
            pool.renew(replace(pool.setup, readable=more, holder=None))

    def _too_large(self) -> ResultTooLargeError:
        return ResultTooLargeError(
            f"the result is longer than {self.limits.result_bytes:,} bytes",
            mend="ask for less with LIMIT, or for the whole graph with GET /api/v1/export",
        )

    async def _pool_of(self, module: str) -> Pool:
        async with self._tool_starts:
            pool = self._tools.get(module)
            if pool is None:
                setup = WorkerSetup(module, self.limits.memory_bytes, self._readable)
                pool = Pool(setup, size=WORKERS.get(module, 1), waiting=self.limits.waiting)
                await pool.start()
                self._tools[module] = pool
        return pool

    async def _ask(self, asked: _Asked) -> Answer:
        with self.accounts.opened(asked.client) as account:
            deadline = asyncio.get_running_loop().time() + asked.seconds
            try:
                return await self._ask_worker(asked, account, deadline)
            except WorkerEndedError as error:
                if not error.blameless:
                    raise self._ended_by(asked, error) from error
            # It may have been another's fault: alone, it will be its own.
            try:
                return await self._ask_worker(asked, account, deadline, alone=True)
            except WorkerEndedError as error:
                raise self._ended_by(asked, error) from error

    async def _ask_worker(
        self, asked: _Asked, account: Account, deadline: float, *, alone: bool = False
    ) -> Answer:
        """What a worker answers, whatever else it has been asked.

        Raises:
            WorkerEndedError: The worker ended.
        """
        pool = asked.pool
        loop = asyncio.get_running_loop()
        alone = alone or not asked.laned  # nothing else is short
        worker = pool.take(asked.store, account, alone=alone)
        if worker is None:
            worker = await pool.wait(asked.store, account, deadline, alone=alone)
        answer = worker.ask(asked.message, asked.body)
        run = Run(worker, answer, account, deadline)
        # One timer at a time: first the slice, where there are lanes, then what is left.
        self._watch(run, asked, loop)
        answered = False
        try:
            found = await answer
            answered = True
        finally:  # cancelled, too: who asked has gone
            run.stop_watching()
            run.charge(loop.time())
            if run.long:
                self._long.leave(run)
            if answered:
                self.answered += 1
                pool.give_back(worker, released=run.long)
            else:
                self.ended[_REASONS.get(type(sys.exception()), "other")] += 1
                pool.discard(worker, released=run.long)
        if asked.laned:
            account.note_pace(found[0]["took"])
        return found

    def _ended_by(self, asked: _Asked, error: WorkerEndedError) -> StemgraphError:
        """What is said of a request that ended its worker."""
        if error.code == -signal.SIGXCPU:
            return asked.timeout()
        return QueryEndedError(f"the {asked.kind} was ended: {fate(error.code)}", mend=_SMALLER)

    def _watch(self, run: Run, asked: _Asked, loop: asyncio.AbstractEventLoop) -> None:
        """See that a request ends by its deadline, and leaves the fast lane by its slice."""
        now = loop.time()
        if now >= run.deadline:
            run.end(asked.timeout())
            return
        if asked.laned and not run.long and now - run.began >= LOOK:
            self._look(run, asked, now)
            if run.answer.done():
                return
        step = LOOK if asked.laned and not run.long else asked.seconds
        run.watch(loop.call_at(min(now + step, run.deadline), self._watch, run, asked, loop))

    def _look(self, run: Run, asked: _Asked, now: float) -> None:
        """Have a request leave the fast lane where its slice is over, or others wait."""
        if run.worker.asked_count > 1:
            # Which of them takes so long is not known: each is asked again, alone.
            run.account.note_pace(asked.seconds)
            asked.pool.discard(run.worker)
            return
        urgent = asked.pool.others_wait(run.account, now)
        if (urgent or now - run.began >= self.limits.slice_seconds) and self._long.enter(
            run, now, urgent=urgent
        ):
            asked.pool.release()


_REASONS: Final[Mapping[type[Any], str]] = {
    QueryTimeoutError: "timeout",
    QueryEndedError: "memory or crash",
    TooManyRequestsError: "for others",
    asyncio.CancelledError: "client left",
    WorkerEndedError: "memory or crash",
}


def readable_for(store: Path) -> Iterator[Path]:
    """What workers read to open a store: all releases and editions of its data directory, or it alone."""
    home = store.parent.parent
    if home.name not in ("releases", "editions"):
        yield store.parent
        return
    yield from (place for name in ("releases", "editions") if (place := home.parent / name).exists())


def _no_store(store: Path, answer: Mapping[str, Any]) -> DataDirectoryError:
    return DataDirectoryError(
        f"a worker cannot open the store: {answer['message']}",
        place=str(store),
        mend="check the data directory with `stemgraph doctor`",
    )
