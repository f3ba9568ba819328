"""A holder and the workers that it forks, as the web process sees them (Linux)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from stemgraph.app.jail.child import Child, StartedChild, tire_session
from stemgraph.app.jail.memory import bytes_resident

_MODULE: Final = "stemgraph.app.jail.holder"
_MESSAGE: Final = 65_536
_SECONDS_TO_BURY: Final = 0.005


def can_hold() -> bool:
    """Whether this system has what a holder needs: processes that can be held by a descriptor."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")


class ForkedChild:
    """A worker that a holder forked: it is reached by a descriptor, for its number may become another's."""

    def __init__(self) -> None:
        self.pid = 0
        self.bytes_shared = 0
        self.was_lost = False
        self._code: int | None = None
        self._descriptor = -1
        self._killed = False
        self._known: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def forked(self, process_id: int, descriptor: int) -> None:
        """It lives, under this number and descriptor."""
        self.pid, self._descriptor = process_id, descriptor
        self._settle()
        if self._killed:
            self.kill()

    def ended(self, code: int | None) -> None:
        """It has ended with a code; with None, its holder did not live to tell."""
        if self._code is not None:
            return
        self.was_lost = code is None
        self._code = -signal.SIGKILL if code is None else code
        self._settle()
        if self._descriptor >= 0:
            if self.was_lost:
                self._send(signal.SIGKILL)
            os.close(self._descriptor)
            self._descriptor = -1

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it lives."""
        return self._code

    def kill(self) -> None:
        """End it at once, or as soon as its descriptor has come."""
        self._killed = True
        self._send(signal.SIGKILL)

    def pause(self) -> None:
        """Stop it where it is, until it is resumed."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._send(signal.SIGCONT)

    def tire(self) -> None:
        """Give it the lowest priority, from which there is no way back."""
        if self._code is None and self.pid:
            tire_session(self.pid)

    async def begun(self) -> None:
        """Wait until its number is known; it is ready, and all that it has is its holder's."""
        await asyncio.shield(self._known)
        self.bytes_shared = bytes_resident(self.pid)

    def _settle(self) -> None:
        if not self._known.done():
            self._known.set_result(None)

    def _send(self, number: signal.Signals) -> None:
        if self._descriptor >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of filling a holder: ``ready``, ``too_large``, ``failed`` or ``ended``, and why."""

    outcome: str
    message: str = ""


class HolderProcess:
    """A process that copies a store into memory and then forks workers; for the event loop's thread.

    Args:
        store: Directory of the store.
        readable: What it and its workers may read beside the Python runtime.
        most_bytes: What the store may take in memory, by estimate.
    """

    def __init__(self, store: Path, readable: frozenset[Path], most_bytes: int) -> None:
        self.store = store
        self.on_end: Callable[[HolderProcess], None] = lambda _: None
        """Called once, when it has ended."""
        self._loop = asyncio.get_running_loop()
        self._filled: asyncio.Future[Filled] = self._loop.create_future()
        self._children: dict[int, ForkedChild] = {}
        self._numbers = count()
        self._retired = False
        self._open = True
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setblocking(False)
        setup = {
            "store": str(store),
            "readable": [str(place) for place in readable],
            "most_bytes": most_bytes,
        }
        with theirs:
            self._socket.send(json.dumps(setup).encode())
            self._process = StartedChild(_MODULE, theirs)
        self._loop.add_reader(self._socket, self._read)

    @property
    def process_id(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._open

    async def filled(self) -> Filled:
        """Wait until the store is in memory, or cannot be."""
        return await asyncio.shield(self._filled)

    def fork(self, theirs: socket.socket) -> Child:
        """A new worker that has one end of a socket pair.

        Raises:
            OSError: The holder has ended, or does not keep up.
        """
        number = next(self._numbers)
        socket.send_fds(self._socket, [str(number).encode()], [theirs.fileno()])
        child = self._children[number] = ForkedChild()
        return child

    def retire(self) -> None:
        """Fork no more, and end after the last worker."""
        self._retired = True
        self._end_if_done()

    def kill(self) -> None:
        """End it with its workers."""
        self._process.kill()

    async def close(self) -> None:
        """Kill it and give back what it held."""
        self.kill()
        while self._process.poll() is None:
            await asyncio.sleep(_SECONDS_TO_BURY)
        self._lose()

    def _read(self) -> None:
        while self._open:
            try:
                told, descriptors, _, _ = socket.recv_fds(self._socket, _MESSAGE, 1, socket.MSG_CMSG_CLOEXEC)
            except BlockingIOError:
                return
            except OSError:
                told, descriptors = b"", []
            if not told:
                self._lose()
                return
            self._take(json.loads(told), descriptors)

    def _take(self, told: dict[str, Any], descriptors: Sequence[int]) -> None:
        if "worker" not in told:
            self._fill(Filled(told["outcome"], told.get("message", "")))
        elif "process" in told:
            self._children[told["worker"]].forked(told["process"], descriptors[0])
        else:
            self._children.pop(told["worker"]).ended(told["code"])
            self._end_if_done()

    def _fill(self, filled: Filled) -> None:
        if not self._filled.done():
            self._filled.set_result(filled)

    def _end_if_done(self) -> None:
        if self._retired and not self._children:
            self.kill()

    def _lose(self) -> None:
        """It has ended, and its workers with it."""
        if not self._open:
            return
        self._open = False
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self._process.kill()
        self._fill(Filled("ended"))
        children, self._children = self._children, {}
        for child in children.values():
            child.ended(None)
        self._bury()

    def _bury(self) -> None:
        # The socket closes a moment before the process can be waited for.
        if self._process.poll() is None:
            self._loop.call_later(_SECONDS_TO_BURY, self._bury)
        else:
            self.on_end(self)
