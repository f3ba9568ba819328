"""A worker process as the web process sees it: started, asked, killed, all on the event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import stemgraph
from stemgraph.app.jail.accounts import Account
from stemgraph.app.jail.frames import HEADER, Message, frame, lengths, message_of

Answer = tuple[Message, bytes]

# Nothing else of our environment is a worker's business; keys and tokens live there.
_ENVIRONMENT: Final = ("PATH", "PYTHONHOME", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
_SECONDS_TO_BURY: Final = 0.005
_LOW, _LOWEST = 10, 19


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
            self._process = _start(theirs)
        self._socket = ours

    @property
    def process_id(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

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
            self._transport.writelines(self._to_send)
        self._to_send.clear()

    def kill(self) -> None:
        """End it at once."""
        self.given_up = True
        self._process.kill()

    def pause(self) -> None:
        """Stop it where it is, until it is resumed (Unix only)."""
        if sys.platform != "win32":
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        if sys.platform != "win32":
            self._process.send_signal(signal.SIGCONT)

    def tire(self) -> None:
        """Give it the lowest priority, from which there is no way back."""
        if not self.tired:
            self.tired = True
            _set_priority(self._process.pid, _LOWEST)

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
        blameless = self.given_up or len(self._asked) > 1  # for whom it was given up knows already
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


def _start(theirs: socket.socket) -> subprocess.Popen[bytes]:
    """Start a process that has one end of a socket pair as its standard input.

    On the thread of the event loop: the kernel ends a worker with the thread that started it.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    places = [str(Path(each).parent) for each in stemgraph.__path__]
    given = [each for each in (os.environ.get("PYTHONPATH"),) if each]
    environment["PYTHONPATH"] = os.pathsep.join((*places, *given))
    environment["MALLOC_ARENA_MAX"] = "2"  # arenas reserve address space, which is limited
    environment["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=1000"  # an engine takes and frees small pieces
    command = [sys.executable, "-P", "-m", "stemgraph.app.jail.worker", str(os.getpid())]
    windows = sys.platform == "win32"
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command,
        stdin=subprocess.PIPE if windows else theirs.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the web process
    )
    _set_priority(process.pid, _LOW)  # the web process comes first
    if sys.platform == "win32" and process.stdin is not None:
        shared = theirs.share(process.pid)
        process.stdin.write(len(shared).to_bytes(4, "big") + shared)
        process.stdin.close()
    return process


def _set_priority(process_id: int, nice: int) -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError):  # it has ended, or has a lower one already
        os.setpriority(os.PRIO_PROCESS, process_id, nice)


def fate(code: int | None) -> str:
    """What a worker's exit code says about the request that it was answering."""
    if code == -signal.SIGABRT:
        return "it needed more memory than one may take"
    return "it ended the process that answered it, by its memory or its nesting"
