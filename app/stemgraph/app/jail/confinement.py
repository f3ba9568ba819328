"""What a worker process takes from itself before it reads anything that a stranger sent."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Iterable
from typing import Any, Final

Enforced = dict[str, Any]
"""What the process was bound to: ``no_new_privileges``, ``seccomp``, ``landlock``, ``limits``."""

MOST_FILES: Final = 512
_STACK_AND_MORE: Final = 3 * 256 * 1024 * 1024
_OPENING: Final = 512 * 1024 * 1024
"""Address space that opening a store may take: most of it is reserved and never touched."""
_SYSTEM: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo",
    "/dev/null", "/dev/urandom",
)  # fmt: skip
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CAP_DAC_READ_SEARCH: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux; elsewhere the closed socket does)."""
    if sys.platform != "linux":
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the request was made
        os._exit(1)


def lock_in(readable: Iterable[str]) -> Enforced:
    """Give up privileges, files and cores; to be called before there is a second thread.

    Args:
        readable: Directories and files that may be read beside the Python runtime.
    """
    enforced: Enforced = {"no_new_privileges": False, "landlock": 0, "seccomp": False}
    for name, value in (("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_NOFILE", MOST_FILES)):
        _set_limit(name, value, value)
    if sys.platform == "linux":
        from stemgraph.app.jail.landlock import restrict_reading  # noqa: PLC0415  # start-up time elsewhere

        enforced["no_new_privileges"] = _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _drop_capabilities()
        ADDRESS_SPACE.prepare()
        enforced["landlock"] = restrict_reading([*readable, *_runtime()])
    return enforced


def restrict_calls(enforced: Enforced, *, new_code: bool) -> None:
    """Leave the process only the system calls on our list, for good."""
    if sys.platform == "linux" and enforced["no_new_privileges"]:
        from stemgraph.app.jail import seccomp  # noqa: PLC0415  # start-up time elsewhere

        enforced["seccomp"] = seccomp.install(new_code=new_code)


def _runtime() -> list[str]:
    """Where Python and its libraries are."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    libraries = [os.path.join(prefix, "lib") for prefix in prefixes]  # noqa: PTH118  # pathlib costs start-up
    return [*libraries, *(place for place in sys.path if place), *_SYSTEM]


def _prctl(option: int, value: int) -> bool:
    import ctypes  # noqa: PLC0415  # only where it is used: start-up time

    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def _drop_capabilities() -> None:
    """Give up what root may do, but for reading files of others: a store may be someone else's."""
    import ctypes  # noqa: PLC0415  # only where it is used: start-up time
    import struct  # noqa: PLC0415

    kept = 1 << _CAP_DAC_READ_SEARCH
    header = ctypes.c_char_p(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    library = ctypes.CDLL(None, use_errno=True)
    for keep in (kept, 0):  # who does not have it cannot keep it
        sets = ctypes.c_char_p(struct.pack("=IIIIII", keep, keep, 0, 0, 0, 0))
        if library.capset(header, sets) == 0:
            return


class AddressSpace:
    """How far the address space may grow, beyond what was mapped when it was last measured (Unix only)."""

    def __init__(self) -> None:
        self._size = 0
        self._sizes: int | None = None

    def prepare(self) -> None:
        """Keep open what tells the size."""
        try:
            self._sizes = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._sizes = None

    def limit(self, size: int) -> None:
        """Let requests take ``size`` bytes; for good, but for what opening stores takes beside it."""
        self._size = size
        most = self._mapped() + size + _OPENING
        _set_limit("RLIMIT_AS", most, most)
        self.measure()

    def allow(self, size: int) -> None:
        """Let this process itself take ``size`` bytes, until that is released."""
        _set_limit("RLIMIT_AS", self._mapped() + size + _OPENING, None)

    def release(self) -> None:
        """Let a store be opened, whose threads and tables are no request's affair."""
        _set_limit("RLIMIT_AS", None, None)

    def measure(self) -> None:
        """Count from what is mapped now."""
        _set_limit("RLIMIT_AS", self._mapped() + self._size, None)

    def _mapped(self) -> int:
        if self._sizes is None:
            return _STACK_AND_MORE  # what Linux maps, where the system does not tell
        return int(os.pread(self._sizes, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")


ADDRESS_SPACE: Final = AddressSpace()


class ProcessorTime:
    """The processor time that this process may still use; the kernel ends it then."""

    def __init__(self) -> None:
        self._set_at = -math.inf
        self._seconds = 0.0

    def limit(self, seconds: float) -> None:
        """Let it use at most this much more, or a second more than that.

        For in the second after a limit was set, no more than a second of it can have been used.
        """
        now = time.monotonic()
        if seconds == self._seconds and now - self._set_at < 1:
            return
        self._set_at, self._seconds = now, seconds
        used = os.times()
        _set_limit("RLIMIT_CPU", int(used.user + used.system + seconds) + 3, None)


PROCESSOR_TIME: Final = ProcessorTime()


def _set_limit(name: str, soft: int | None, hard: int | None) -> None:
    """Set a limit by its name, never above the hard limit that there is, for which None stands."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # absent on Windows

    number: int = getattr(resource, name)
    most = resource.getrlimit(number)[1]
    if hard is not None and (most < 0 or hard < most):
        most = hard
    resource.setrlimit(number, (most if soft is None or 0 <= most < soft else soft, most))
