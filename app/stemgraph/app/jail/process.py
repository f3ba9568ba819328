"""A worker process as the web process sees it: started, asked, killed, all on the event loop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stemgraph.app.jail.accounts import Account
from stemgraph.app.jail.child import Child, StartedChild
from stemgraph.app.jail.frames import HEADER, Message, frame, lengths, message_of
from stemgraph.app.jail.holder_process import HolderProcess
from stemgraph.app.jail.memory import bytes_resident

Answer = tuple[Message, bytes]

_MODULE: Final = "stemgraph.app.jail.worker"
_SECONDS_TO_BURY: Final = 0.005


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What a worker is started with."""

    work: str
    """Name of the module whose ``answer`` it calls."""
    memory_bytes: int
    """Address space that its requests may take."""
    readable: frozenset[Path] = frozenset()
    """Directories and files that it may read beside the Python runtime."""
    new_code: bool = True
    """Whether it may load libraries once it answers."""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the module's ``prepare`` is given, if it has one."""
    holder: HolderProcess | None = None
    """What forks it, with a store in memory; where there is none, it is started as a program."""

    def start(self, theirs: socket.socket) -> Child:
        """A process that has one end of a socket pair; where the holder is gone, as if there were none."""
        if self.holder is not None:
            with suppress(OSError):
                return self.holder.fork(theirs)
        return StartedChild(_MODULE, theirs)


class WorkerEndedError(Exception):
    """The process ended instead of answering.

    Args:
        code: Its exit code, negative for a signal.
        blameless: Whether it may have been another's fault, for several requests waited for the process.
    """

    def __init__(self, code: int | None, *, blameless: bool = False) -> None:
        super().__init__(f"the worker ended with {code}")
        self.code = code
        self.blameless = blameless


class WorkerProcess(asyncio.Protocol):
    """One process. It answers in the order in which it is asked; ``on_end`` is called once, at its end."""

    def __init__(self, setup: WorkerSetup) -> None:
        self.answered = 0
        self.tired = False
        """Whether it has the lowest priority for the rest of its life."""
        self.store: Path | None = None
        """The store that it is asked about, or was asked last."""
        self.works_for: Account | None = None
        """The client that may ask it more; None while a request has it alone."""
        self.on_loss: Callable[[WorkerProcess], None] = lambda _: None
        """Called when it can be asked no more, a moment before its end."""
        self.on_end: Callable[[WorkerProcess], None] = lambda _: None
        self.setup = setup
        self._loop = asyncio.get_running_loop()
        self.lent = 0
        """Number of requests for which it was taken and not given back."""
        self.heard = 0.0
        """When it was asked first, or answered last, since it was idle."""
        self.given_up = False
        """Whether it was killed."""
        self._received = bytearray()
        self._asked: deque[asyncio.Future[Answer]] = deque()
        self._to_send: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._lost = False
        ours, theirs = socket.socketpair()
        with theirs:
            self._process: Child = setup.start(theirs)
        self._socket = ours

    @property
    def process_id(self) -> int:
        """The operating system's number of it; 0 as long as that is not known."""
        return self._process.pid

    @property
    def bytes_of_its_own(self) -> int:
        """Memory that it shares neither with files nor with what forked it."""
        return max(0, bytes_resident(self._process.pid) - self._process.bytes_shared)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._lost

    @property
    def asked_count(self) -> int:
        """Number of requests that it has not answered."""
        return len(self._asked)

    async def open(self) -> None:
        """Wait until it has loaded its work and is ready.

        Raises:
            WorkerEndedError: It did not come so far.
        """
        # On Windows a socket pair is one of the network.
        connect = (
            self._loop.create_connection if sys.platform == "win32" else self._loop.create_unix_connection
        )
        self._transport, _ = await connect(lambda: self, sock=self._socket)
        await self.ask(
            {
                "work": self.setup.work,
                "memory": self.setup.memory_bytes,
                "readable": [str(place) for place in self.setup.readable],
                "new_code": self.setup.new_code,
                "options": dict(self.setup.options),
            }
        )
        await self._process.begun()

    def ask(self, message: Message, body: bytes = b"") -> asyncio.Future[Answer]:
        """Send a request; the future is its answer, or a ``WorkerEndedError``."""
        asked: asyncio.Future[Answer] = self._loop.create_future()
        if not self.alive or self._transport is None or self._transport.is_closing():
            asked.set_exception(WorkerEndedError(self._process.poll(), blameless=True))
            return asked
        if not self._asked:
            self.heard = self._loop.time()
        self._asked.append(asked)
        if not self._to_send:
            self._loop.call_soon(self._send)
        self._to_send.append(frame(message, body))
        return asked

    def _send(self) -> None:
        """Send what it was asked in this turn of the loop, all in one call of the system."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._to_send))
        self._to_send.clear()

    def kill(self) -> None:
        """End it at once."""
        self.given_up = True
        self._process.kill()

    def pause(self) -> None:
        """Stop it where it is, until it is resumed (Unix only)."""
        self._process.pause()

    def resume(self) -> None:
        """Let it go on."""
        self._process.resume()

    def tire(self) -> None:
        """Give it the lowest priority, from which there is no way back."""
        if not self.tired:
            self.tired = True
            self._process.tire()

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer, or several answers."""
        received = self._received
        received += data
        begin = 0
        while (end := _end_of_frame(received, begin)) is not None:
            self._take(received, begin)
            begin = end
        del received[:begin]

    def _take(self, received: bytearray, begin: int) -> None:
        message, body = lengths(received, begin)
        start = begin + HEADER + message
        told = message_of(received[begin + HEADER : start])
        answer = told, bytes(memoryview(received)[start : start + body])
        self.answered += 1
        self.heard = self._loop.time()
        asked = self._asked.popleft()
        if not asked.done():
            asked.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended, or is about to."""
        self._lost = True
        self._process.kill()
        self.on_loss(self)
        self._bury()

    def _bury(self) -> None:
        # The socket closes a moment before the process can be waited for.
        code = self._process.poll()
        if code is None:
            self._loop.call_later(_SECONDS_TO_BURY, self._bury)
            return
        # For whom it was given up knows already.
        blameless = self.given_up or len(self._asked) > 1 or self._process.was_lost
        for asked in self._asked:
            if not asked.done():
                asked.set_exception(WorkerEndedError(code, blameless=blameless))
        self._asked.clear()
        self.on_end(self)

    async def close(self) -> None:
        """Kill it and give back what it held."""
        self._process.kill()
        while self._process.poll() is None:
            await asyncio.sleep(_SECONDS_TO_BURY)
        if self._transport is None:
            self._socket.close()
        else:
            self._transport.close()


def _end_of_frame(received: bytearray, begin: int) -> int | None:
    """Where a frame ends, if all of it has come."""
    start = begin + HEADER
    if len(received) < start:
        return None
    end = start + sum(lengths(received, begin))
    return end if len(received) >= end else None


def fate(code: int | None) -> str:
    """What a worker's exit code says about the request that it was answering."""
    if code == -signal.SIGABRT:
        return "it needed more memory than one may take"
    return "it ended the process that answered it, by its memory or its nesting"
