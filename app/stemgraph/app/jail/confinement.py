"""What a worker process takes from itself before it reads anything that a stranger sent."""

from __future__ import annotations

import os
import signal
import sys
from typing import Final

_STACK_AND_MORE: Final = 3 * 256 * 1024 * 1024
_OPENING: Final = 512 * 1024 * 1024
"""Address space that opening a store may take: most of it is reserved and never touched."""


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux; elsewhere the closed socket does)."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415  # only where it is used: start-up time

    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the request was made
        os._exit(1)


class AddressSpace:
    """How far the address space may grow, beyond what was mapped when it was last measured (Unix only)."""

    def __init__(self) -> None:
        self._size = 0

    def limit(self, size: int) -> None:
        """Let requests take ``size`` bytes; for good, but for what opening stores takes beside it."""
        self._size = size
        most = _mapped() + size + _OPENING
        _set_limit("RLIMIT_AS", most, most)
        self.measure()

    def release(self) -> None:
        """Let a store be opened, whose threads and tables are no request's affair."""
        _set_limit("RLIMIT_AS", None, None)

    def measure(self) -> None:
        """Count from what is mapped now."""
        _set_limit("RLIMIT_AS", _mapped() + self._size, None)


ADDRESS_SPACE: Final = AddressSpace()


def _set_limit(name: str, soft: int | None, hard: int | None) -> None:
    """Set a limit by its name; None stands for the hard limit that there is."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # absent on Windows

    number: int = getattr(resource, name)
    most = resource.getrlimit(number)[1] if hard is None else hard
    resource.setrlimit(number, (most if soft is None or 0 <= most < soft else soft, most))


def _mapped() -> int:
    try:
        with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123  # pathlib costs start-up time
            return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return _STACK_AND_MORE  # what Linux maps, where the system does not tell


def limit_processor_time(seconds: float) -> None:
    """Let the process use at most this much more processor time; the kernel ends it then."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # absent on Windows

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))
