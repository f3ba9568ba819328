"""What a worker can still do once it is locked in: it tries, and reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final

_OUTSIDE: Final = "/etc/passwd"
_WRITABLE: Final = os.environ.get("TEMP", "/tmp")  # noqa: S108  # where anyone may write
_CALLS: Final = {
    "x86_64": {
        "ptrace": 101, "mount": 165, "keyctl": 250, "unshare": 272, "process_vm_readv": 310, "bpf": 321,
        "userfaultfd": 323, "socket": 41, "io_uring_setup": 425, "memfd_create": 319, "perf_event_open": 298,
    },
    "aarch64": {
        "ptrace": 117, "mount": 40, "keyctl": 219, "unshare": 97, "process_vm_readv": 270, "bpf": 280,
        "userfaultfd": 282, "socket": 198, "io_uring_setup": 425, "memfd_create": 279, "perf_event_open": 241,
    },
}  # fmt: skip
_TRACE_NOBODY: Final = 0xFFFF
"""A request that ptrace does not know: harmless where it is not refused."""


def attempts() -> dict[str, bool]:
    """Whether each of these was refused."""
    tried: dict[str, Callable[[], object]] = {
        "open a socket": _open_socket,
        "start a program": lambda: os.execv("/nonexistent", ["nonexistent"]),  # noqa: S606  # the point
        "read a file outside": lambda: os.close(os.open(_OUTSIDE, os.O_RDONLY)),
        "write a file": _write,
        "signal another process": lambda: os.kill(os.getppid(), 0),
    }
    if hasattr(os, "fork"):
        tried["fork"] = _fork
    found = {name: _refused(attempt) for name, attempt in tried.items()}
    if sys.platform == "linux":
        found |= _calls_refused()
    return found


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (PermissionError, BlockingIOError, ImportError):
        return True
    except OSError:  # it came so far that something else was wrong
        return False
    return False


def _open_socket() -> None:
    import socket  # noqa: PLC0415  # a library that may no longer be loaded, where the call itself is refused

    socket.socket().close()


def _write() -> None:
    path = f"{_WRITABLE}/stemgraph-self-test-{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)  # noqa: PTH108  # start-up time


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _calls_refused() -> dict[str, bool]:
    import ctypes  # noqa: PLC0415  # only where it is used
    import errno  # noqa: PLC0415

    library = ctypes.CDLL(None, use_errno=True)
    found: dict[str, bool] = {}
    for name, number in _CALLS.get(os.uname().machine, {}).items():
        ctypes.set_errno(0)
        first = _TRACE_NOBODY if name == "ptrace" else 0
        answered = library.syscall(number, first, None, 0, None, 0, 0)
        if answered >= 0 and name in ("userfaultfd", "memfd_create", "perf_event_open"):
            os.close(answered)
        found[name] = answered < 0 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS)
    return found
