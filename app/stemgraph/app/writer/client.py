"""What a web process has of the writer: a way to submit writes, and the editions that it follows."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stemgraph.app.errors import UnavailableError
from stemgraph.app.writer.committed import Committed
from stemgraph.app.writer.frames import Message, error_of, read_message, write_message
from stemgraph.app.writer.lock import WriterLock
from stemgraph.app.writer.opening import open_edition
from stemgraph.app.writer.snapshots import Snapshots
from stemgraph.app.writer.socket_place import socket_path
from stemgraph.app.writer.supervision import REFUSED, WriterChild
from stemgraph.graph.errors import DataDirectoryError, StemgraphError
from stemgraph.graph.quad_diff import QuadDiff

if TYPE_CHECKING:
    from stemgraph.app.service import Instance

logger = logging.getLogger("stemgraph.writer")

SECONDS_TO_ANSWER: Final = 60.0
"""How long a write waits for the writer, its being started anew included."""
SECONDS_TO_START: Final = 120.0
"""How long the service waits for the first writer: a first digest of a large release takes its time."""
TRIES: Final = 3
"""How often a write is asked for that the writer did not live to answer."""
_SECONDS_BETWEEN_TRIES: Final = 0.05


@dataclass(slots=True)
class Pending:
    """A write that has not been answered."""

    message: Message
    answer: asyncio.Future[Committed]
    tries: int = 0


class WriterClient:
    """The connection of one web process to the writer, which it starts where no other process has.

    Args:
        instance: What swaps its graph when an edit is committed.
        data: The data directory.
    """

    def __init__(self, instance: Instance, data: Path) -> None:
        self.data = data
        self._instance = instance
        self._snapshots = Snapshots(data)
        self._child: WriterChild | None = None
        self._stream: asyncio.StreamWriter | None = None
        self._pending: dict[str, Pending] = {}
        self._following = asyncio.Event()
        self._refusal: StemgraphError | None = None
        self._task: asyncio.Task[None] | None = None
        self._figures: list[asyncio.Future[dict[str, Any]]] = []
        self.starts = 0
        """How often this process has started a writer."""

    @property
    def connected(self) -> bool:
        """Whether the writer is there."""
        return self._stream is not None

    @property
    def process_id(self) -> int | None:
        """The process id of the writer, where this process started it."""
        return None if self._child is None else self._child.process_id

    def begin(self) -> None:
        """Start on the way to the writer, without waiting for it."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_following())

    async def start(self) -> None:
        """Wait until the writer is there and this process answers from its edition.

        Raises:
            DataDirectoryError: It cannot start; the error says why.
            UnavailableError: It does not start.
        """
        self.begin()
        assert self._task is not None  # noqa: S101  # begun
        following = asyncio.create_task(self._following.wait())
        await asyncio.wait(
            [following, self._task], timeout=SECONDS_TO_START, return_when=asyncio.FIRST_COMPLETED
        )
        following.cancel()
        if self._following.is_set():
            return
        refusal = self._refusal
        await self.stop()
        raise refusal or UnavailableError("the writer does not start", mend="see what it has logged")

    async def stop(self) -> None:
        """Let go of the writer; the one that this process started ends in good order."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._child is not None:
            await asyncio.to_thread(self._child.stop)
            self._child = None
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(UnavailableError("the service is ending"))

    async def submit(
        self,
        action: str,
        payload: Mapping[str, Any],
        *,
        if_match: str | None,
        key: str,
        reason: str | None,
        dry_run: bool = False,
    ) -> Committed:
        """Have a write done; when this returns it is on the disk and this process answers from it.

        A writer that ends before it answers is started anew and asked again; it knows whether the write was
        done, and never does it twice. ``result`` is None where the answer was lost with it.

        Raises:
            PreconditionRequiredError: There is no If-Match where there must be one.
            PreconditionFailedError: If-Match names another version.
            ConflictError: Another write was faster.
            ContentRefusedError: It breaks rules of the model.
            StorageFullError: There is no room; nothing was done.
            UnavailableError: The writer does not answer.
        """
        request = secrets.token_hex(12)
        write = {
            "request": request,
            "action": action,
            "body": payload,
            "if_match": if_match,
            "key": key,
            "reason": reason,
            "dry_run": dry_run,
        }
        answer: asyncio.Future[Committed] = asyncio.get_running_loop().create_future()
        pending = self._pending[request] = Pending({"kind": "submit", "write": write}, answer)
        try:
            if self._stream is not None:
                self._send(pending)
            elif self._refusal is not None:
                raise UnavailableError(f"the writer cannot start: {self._refusal}")
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                return await answer
        except TimeoutError:
            raise UnavailableError(
                f"the writer did not answer within {SECONDS_TO_ANSWER:g} s",
                mend="look whether the write was done before sending it again",
            ) from None
        finally:
            del self._pending[request]

    async def metrics(self) -> dict[str, Any]:
        """Counters and last timings of the writer process; empty while it is not there."""
        if self._stream is None:
            return {}
        figures: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._figures.append(figures)
        write_message(self._stream, {"kind": "metrics"})
        try:
            async with asyncio.timeout(5):
                return await figures
        except TimeoutError:
            return {}

    def _send(self, pending: Pending) -> None:
        if pending.tries >= TRIES:
            if not pending.answer.done():
                pending.answer.set_exception(
                    UnavailableError(
                        f"the writer ended {TRIES} times while it was at this write",
                        mend="look whether it was done before sending it again",
                    )
                )
            return
        pending.tries += 1
        if self._stream is not None:
            write_message(self._stream, pending.message)

    async def _keep_following(self) -> None:
        """Stay connected, whatever becomes of the writer."""
        while True:
            stream: asyncio.StreamWriter | None = None
            try:
                reader, stream = await self._connect()
                await self._follow(reader, stream)
            except OSError:
                pass  # it is not there yet, or no more
            except Exception:
                logger.exception("this process cannot follow the writer")
                await asyncio.sleep(1)
            finally:
                self._stream = None
                if stream is not None:
                    stream.close()
            if not self._start_child():
                return
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES if self._refusal is None else 1)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        with socket_path(self.data) as path:
            return await asyncio.open_unix_connection(path)

    def _start_child(self) -> bool:
        """Start a writer unless there is one; whether it is worth trying further."""
        if self._child is not None:
            if self._child.code is None:
                return True
            if self._child.code == REFUSED:
                self._refuse(self._child.complaint())
            self._child.stop()
            self._child = None
        if self._refusal is not None and not self._following.is_set():
            return False
        lock = WriterLock(self.data)
        if lock.take():  # no other process has a writer
            lock.release()
            self._child = WriterChild(self.data)
            self.starts += 1
        return True

    def _refuse(self, complaint: str) -> None:
        self._refusal = DataDirectoryError(complaint or "the writer refuses to start", place=None)
        logger.error("the writer cannot start: %s", complaint)
        for pending in self._pending.values():
            if not pending.answer.done():
                pending.answer.set_exception(UnavailableError(f"the writer cannot start: {complaint}"))

    async def _follow(self, reader: asyncio.StreamReader, stream: asyncio.StreamWriter) -> None:
        """Read what the writer says until it goes."""
        while (message := await read_message(reader)) is not None:
            match message["kind"]:
                case "edition":
                    await self._move_to(message)
                    self._refusal = None
                    self._tell(stream)
                    if self._stream is None:
                        self._stream = stream
                        for pending in list(self._pending.values()):
                            self._send(pending)
                    self._following.set()
                case "answer":
                    self._settle(message)
                case "metrics":
                    while self._figures:
                        figures = self._figures.pop()
                        if not figures.done():
                            figures.set_result(message["metrics"])
                case _:
                    return

    def _tell(self, stream: asyncio.StreamWriter) -> None:
        """Tell which edition is answered from now."""
        write_message(stream, {"kind": "following", "edition": self._instance.current.edition_id})

    def _settle(self, message: Message) -> None:
        pending = self._pending.get(message["request"])
        if pending is None or pending.answer.done():
            return
        if "error" in message:
            pending.answer.set_exception(error_of(message["error"]))
            return
        committed = message["committed"]
        if committed["result"] is not None:
            committed["result"] = committed["result"].encode("utf-8", "surrogateescape")
        pending.answer.set_result(Committed(**committed))

    async def _move_to(self, message: Message) -> None:
        """Answer from another edition."""
        current = self._instance.current
        wanted = message["edition"]
        if wanted is None or wanted == current.edition_id:
            return
        if message.get("before") == current.edition_id:
            diff = QuadDiff(frozenset(message["added"]), frozenset(message["removed"]))
            sequence = message["sequence"]
            store = self._snapshots.store(message["snapshot"])
            date = message["date"]
            move = partial(current.graph.edited, diff, sequence=sequence, store=store, date=date)
        else:
            move = partial(open_edition, self.data)
        graph = await asyncio.to_thread(move)
        self._instance.swap(graph)
