"""A process that works for this one: started as a program of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import stemgraph

# Nothing else of our environment is a worker's business; keys and tokens live there.
_ENVIRONMENT: Final = ("PATH", "PYTHONHOME", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
_LOW, _LOWEST = 10, 19


class Child(Protocol):
    """A process that ends when we say so, or when its parent ends."""

    @property
    def pid(self) -> int:
        """The operating system's number of it; 0 as long as that is not known."""
        ...

    @property
    def bytes_shared(self) -> int:
        """Memory that it had when it was ready and that is no affair of its requests."""
        ...

    @property
    def was_lost(self) -> bool:
        """Whether it ended with its parent, for no fault of what it was asked."""
        ...

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it lives."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def pause(self) -> None:
        """Stop it where it is, until it is resumed."""
        ...

    def resume(self) -> None:
        """Let it go on."""
        ...

    def tire(self) -> None:
        """Give it the lowest priority, from which there is no way back."""
        ...

    async def begun(self) -> None:
        """Wait until its number is known; it is ready."""
        ...


class StartedChild:
    """A module of ours that was started as a program, with one end of a socket pair as its standard input.

    On the thread of the event loop: the kernel ends a worker with the thread that started it.

    Args:
        module: Its name; it is given our process id.
        theirs: The end of the socket pair.
    """

    bytes_shared = 0
    was_lost = False

    def __init__(self, module: str, theirs: socket.socket) -> None:
        self._process = _start(module, theirs)

    @property
    def pid(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it lives."""
        return self._process.poll()

    def kill(self) -> None:
        """End it at once."""
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
        tire_session(self._process.pid)

    async def begun(self) -> None:
        """It is known from the start."""


def tire_session(process_id: int) -> None:
    """Give all threads of a process that leads its session the lowest priority (Unix only)."""
    if sys.platform != "win32":
        with suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PGRP, process_id, _LOWEST)


def _start(module: str, theirs: socket.socket) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    places = [str(Path(each).parent) for each in stemgraph.__path__]
    given = [each for each in (os.environ.get("PYTHONPATH"),) if each]
    environment["PYTHONPATH"] = os.pathsep.join((*places, *given))
    environment["MALLOC_ARENA_MAX"] = "2"  # arenas reserve address space, which is limited
    environment["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=1000"  # an engine takes and frees small pieces
    command = [sys.executable, "-P", "-m", module, str(os.getpid())]
    windows = sys.platform == "win32"
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command,
        stdin=subprocess.PIPE if windows else theirs.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the web process
    )
    if sys.platform != "win32":
        with suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, process.pid, _LOW)  # the web process comes first
    elif process.stdin is not None:
        shared = theirs.share(process.pid)
        process.stdin.write(len(shared).to_bytes(4, "big") + shared)
        process.stdin.close()
    return process
