"""The writer process: takes writes over its socket, commits them in order, and tells every web process.

Started as ``python -m stemgraph.app.writer DATA PARENT``. It holds the lock of its directory, and ends with
the process that started it. A failure of the store ends it too: the next one starts from release and journal.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from stemgraph.app.errors import StorageFullError
from stemgraph.app.writer.actions import PREPARATIONS, load_actions
from stemgraph.app.writer.commit import Commit, Committer, Outcome, Write
from stemgraph.app.writer.committed import Committed
from stemgraph.app.writer.frames import Message, error_record, read_message, write_message
from stemgraph.app.writer.publishing import publish_in_own_process
from stemgraph.app.writer.socket_place import socket_path
from stemgraph.graph.errors import StemgraphError

logger = logging.getLogger("stemgraph.writer")

SECONDS_TO_SWAP: Final = 5.0
"""A web process that does not follow within this is let go; it comes back by itself and catches up."""
SECONDS_BETWEEN_LOOKS: Final = 0.5
"""How often it is looked whether another release has become current, and whether there is room again."""
SECONDS_BEFORE_PREPARING: Final = 1.0
"""So much is left to the web processes, which start at the same time."""
TOGETHER: Final = 64
"""Writes that are committed at once, at most."""
FAILED: Final = 70
"""Exit code after a failure of the store: another process is to start anew."""


@dataclass(eq=False, slots=True)
class Subscriber:
    """A web process: it sends writes, and follows every edition."""

    stream: asyncio.StreamWriter
    followed: asyncio.Event = field(default_factory=asyncio.Event)
    edition: str = ""
    """Id of the last edition that it said it answers from."""


class WriterProcess:
    """The server over one data directory, whose lock the caller holds."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.committer = Committer(data)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._waiting: deque[tuple[Write, Subscriber]] = deque()
        self._woken = asyncio.Event()
        self._subscribers: set[Subscriber] = set()
        self._refusal: StemgraphError | None = None
        self._ending = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.code = 0

    async def run(self) -> int:
        """Serve until a signal or a failure; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ending.set)
        load_actions()
        await self._try_to_start()
        server = await asyncio.start_unix_server(self._serve, sock=bound(self.data))
        preparing = loop.call_later(SECONDS_BEFORE_PREPARING, prepare)
        committing = asyncio.create_task(self._keep_committing())
        ending = asyncio.create_task(self._ending.wait())
        await asyncio.wait([committing, ending], return_when=asyncio.FIRST_COMPLETED)
        server.close()
        preparing.cancel()
        if not committing.done():  # what is under way is finished, what waits is asked again elsewhere
            self._woken.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(committing), 5)
            committing.cancel()
        ending.cancel()
        for subscriber in self._subscribers:
            subscriber.stream.close()
        await asyncio.gather(committing, ending, return_exceptions=True)
        if not committing.cancelled() and (failure := committing.exception()) is not None:
            logger.error("the writer failed and is started anew", exc_info=failure)
            self.code = FAILED
        self._thread.shutdown(wait=True)
        self.committer.close()
        return self.code

    async def _try_to_start(self) -> None:
        """Start from release and journal; without room for that, answer so until there is."""
        try:
            await self._in_thread(self.committer.start)
        except StorageFullError as refusal:
            self._refusal = refusal
        else:
            self._refusal = None

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:  # noqa: ANN401  # any call
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        subscriber = Subscriber(writer)
        self._subscribers.add(subscriber)
        try:
            write_message(writer, self._edition_message(None))
            while (message := await read_message(reader)) is not None:
                self._take(message, subscriber)
        finally:
            self._let_go(subscriber)

    def _let_go(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)
        subscriber.followed.set()
        subscriber.stream.close()

    def _take(self, message: Message, subscriber: Subscriber) -> None:
        match message.get("kind"):
            case "submit":
                write = Write(**message["write"])
                if write.action == "publish":
                    self._in_background(self._publish(write, subscriber))
                    return
                self._waiting.append((write, subscriber))
                self._woken.set()
            case "following":
                subscriber.edition = message["edition"]
                subscriber.followed.set()
            case "metrics":
                self._send(subscriber, {"kind": "metrics", "metrics": self.metrics()})
            case _:
                subscriber.stream.close()

    def metrics(self) -> dict[str, Any]:
        """Counters and last timings."""
        return {**asdict(self.committer.metrics), "waiting": len(self._waiting)}

    def _edition_message(self, commit: Commit | None) -> Message:
        """What readers follow to; with a commit also how it differs from the edition before."""
        if not self.committer.started:
            return {"kind": "edition", "edition": None}
        edition = self.committer.edition
        message: Message = {
            "kind": "edition",
            "edition": self.committer.head.edition,
            "release": edition.release,
            "sequence": edition.sequence,
            "snapshot": edition.snapshot,
            "date": self.committer.date,
        }
        if commit is not None:
            message["before"] = commit.before
            message["added"] = sorted(commit.diff.added)
            message["removed"] = sorted(commit.diff.removed)
        return message

    def _send(self, subscriber: Subscriber, message: Message) -> None:
        if subscriber in self._subscribers:
            write_message(subscriber.stream, message)

    async def _keep_committing(self) -> None:
        while not self._ending.is_set():
            if not self._waiting:
                self._woken.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), SECONDS_BETWEEN_LOOKS)
            if not await self._ready():
                continue
            if self._waiting:
                await self._commit_some()

    async def _ready(self) -> bool:
        """Whether there is a head to commit to; what waits is refused where there is none."""
        if not self.committer.started:
            await self._try_to_start()
            if self._refusal is not None:
                while self._waiting:
                    write, subscriber = self._waiting.popleft()
                    self._answer(subscriber, write, self._refusal)
                return False
            await self._announce(None)
        if await self._in_thread(self._base_changed):
            logger.info("another release has become current")
            self.committer.close()
            await self._try_to_start()
            if self._refusal is not None:
                return False
            await self._announce(None)
        return True

    def _base_changed(self) -> bool:
        try:
            return self.committer.base_changed
        except StemgraphError as error:  # it is being replaced, or damaged: the one that is open still serves
            logger.warning("the current release cannot be read: %s", error)
            return False

    async def _commit_some(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
        of = {write.request: (write, subscriber) for write, subscriber in taken}
        commit: Commit = await self._in_thread(self.committer.commit, [write for write, _ in taken])
        for write in reversed(commit.waiting):
            self._waiting.appendleft(of[write.request])
        if commit.edition is not None:
            await self._announce(commit)
        for request, outcome in commit.outcomes.items():
            write, subscriber = of[request]
            self._answer(subscriber, write, outcome)
        if commit.broken:
            self.code = FAILED
            await asyncio.gather(*(each.stream.drain() for each in self._subscribers), return_exceptions=True)
            self._ending.set()
        elif commit.edition is not None:
            await self._in_thread(self.committer.remove_unused)

    async def _announce(self, commit: Commit | None) -> None:
        """Have every web process answer from the edition, and wait until it does."""
        message = self._edition_message(commit)
        followers = list(self._subscribers)
        for each in followers:
            each.followed.clear()
            self._send(each, message)
        if not followers:
            return
        waits = [asyncio.create_task(each.followed.wait()) for each in followers]
        _, late = await asyncio.wait(waits, timeout=SECONDS_TO_SWAP)
        for wait, each in zip(waits, followers, strict=True):
            if wait in late:
                wait.cancel()
                logger.warning("a web process did not follow within %g s and is let go", SECONDS_TO_SWAP)
                self._let_go(each)

    def _answer(self, subscriber: Subscriber, write: Write, outcome: Outcome) -> None:
        message: Message = {"kind": "answer", "request": write.request}
        if isinstance(outcome, Committed):
            result = None if outcome.result is None else outcome.result.decode("utf-8", "surrogateescape")
            message["committed"] = {**asdict(outcome), "result": result}
        else:
            message["error"] = error_record(outcome)
        self._send(subscriber, message)

    def _in_background(self, work: Any) -> None:  # noqa: ANN401  # a coroutine
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish(self, write: Write, subscriber: Subscriber) -> None:
        """Make the edited state the next release, while writes go on."""
        try:
            sequence, edition = await publish_in_own_process(self.data)
        except StemgraphError as refusal:
            self._answer(subscriber, write, refusal)
            return
        self._woken.set()
        for _ in range(200):  # until the readers have followed
            if self.committer.started and self.committer.edition.release == edition:
                break
            await asyncio.sleep(0.05)
        self._answer(subscriber, write, Committed(sequence, edition))


def prepare() -> None:
    """Do what the first write would wait for, in threads that end with the process."""
    for each in PREPARATIONS:
        threading.Thread(target=each, name="preparing", daemon=True).start()


def bound(data: Path) -> socket.socket:
    """The listening socket of a data directory, which only this user may use."""
    with socket_path(data) as path:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108  # a path below /proc
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            listening.bind(path)
        finally:
            os.umask(mask)
    listening.listen(128)
    return listening
