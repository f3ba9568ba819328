"""The system calls that a worker may make: a short list, enforced by the kernel (Linux on x86-64 and ARM64).

The filter is a program of the classic Berkeley Packet Filter, written here and handed to the kernel with
``seccomp(2)``: seccomp.h and filter.h of the kernel's user-space interface. What is not on the list fails
with EPERM, so that a library which tries it goes on without.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stemgraph.app.jail.system_calls import AARCH64, FREE, X86_64

Rule = tuple[int, ...]

_LOAD: Final = 0x20
_JUMP_EQUAL: Final = 0x15
_JUMP_AT_LEAST: Final = 0x35
_JUMP_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW: Final = 0x7FFF0000
_KILL_PROCESS: Final = 0x80000000
_ERROR: Final = 0x00050000
_X32: Final = 0x40000000
_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1

_FOR_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROT_EXEC: Final = 4
_CLONE_THREAD: Final = 0x00010000
_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA = 15, 16, 0x53564D41
_RLIMIT_CPU, _RLIMIT_AS = 0, 9
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_IOCTLS: Final = (0x5450, 0x5451, 0x5421, 0x541B, 0x5401)
"""FIONCLEX, FIOCLEX, FIONBIO, FIONREAD and TCGETS."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the kernel calls an architecture, and the numbers of its system calls."""

    architecture: int
    calls: Mapping[str, int]


MACHINES: Final[Mapping[str, Machine]] = {
    "x86_64": Machine(0xC000003E, X86_64),
    "aarch64": Machine(0xC00000B7, AARCH64),
}


def machine() -> Machine | None:
    """This machine, where a filter can be made for it."""
    return MACHINES.get(platform.machine()) if platform.system() == "Linux" else None


def low(argument: int) -> int:
    """Where the lower half of an argument stands in what a filter sees."""
    return _ARGUMENTS + 8 * argument


def filter_program(machine: Machine, process_id: int, *, new_code: bool) -> list[Rule]:
    """The instructions ``(code, jump if true, jump if false, value)`` of the filter.

    Args:
        machine: For which.
        process_id: The process, which may send signals to itself only.
        new_code: Whether libraries may still be loaded.
    """
    refuse, allow = (_RETURN, 0, 0, _ERROR | errno.EPERM), (_RETURN, 0, 0, _ALLOW)
    program: list[Rule] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_AT_LEAST, 0, 1, _X32),  # the other way to call the same kernel
        refuse,
    ]

    def when(name: str, *then: Rule) -> None:
        number = machine.calls.get(name)
        if number is not None:
            program.extend([(_JUMP_EQUAL, 0, len(then), number), *then])

    def only(argument: int, values: Sequence[int]) -> list[Rule]:
        """Allow where the lower half of an argument is one of these."""
        left = len(values)
        checks = [(_JUMP_EQUAL, left - index, 0, value) for index, value in enumerate(values)]
        return [(_LOAD, 0, 0, low(argument)), *checks, refuse, allow]

    def without(argument: int, bits: int) -> list[Rule]:
        """Allow where none of these bits is set."""
        return [(_LOAD, 0, 0, low(argument)), (_JUMP_ANY_BIT, 0, 1, bits), refuse, allow]

    # The most frequent first: each of these costs every later one a comparison.
    for name in FREE:
        when(name, allow)
    executable = [allow] if new_code else without(2, _PROT_EXEC)
    when("mmap", *executable)
    when("mprotect", *executable)
    when("openat", *without(2, _FOR_WRITING))
    when("open", *without(1, _FOR_WRITING))
    when("clone", (_LOAD, 0, 0, low(0)), (_JUMP_ANY_BIT, 1, 0, _CLONE_THREAD), refuse, allow)
    when("clone3", (_RETURN, 0, 0, _ERROR | errno.ENOSYS))  # whose flags cannot be seen: then clone is used
    when("tgkill", *only(0, (process_id,)))
    when("prctl", *only(0, (_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA)))
    when("ioctl", *only(1, _IOCTLS))
    when(
        "fcntl",
        (_LOAD, 0, 0, low(1)),
        (_JUMP_EQUAL, 2, 0, _F_SETOWN),
        (_JUMP_EQUAL, 1, 0, _F_SETOWN_EX),
        (_JUMP_EQUAL, 0, 1, _F_SETSIG),
        refuse,
        allow,
    )
    when(
        "prlimit64",
        (_LOAD, 0, 0, low(0)),
        (_JUMP_EQUAL, 0, 4, 0),  # of itself
        (_LOAD, 0, 0, low(1)),
        (_JUMP_EQUAL, 3, 0, _RLIMIT_CPU),
        (_JUMP_EQUAL, 2, 0, _RLIMIT_AS),
        (_LOAD, 0, 0, low(2)),
        (_JUMP_EQUAL, 0, 1, 0),  # only asks
        allow,
        refuse,
    )
    program.append(refuse)
    return program


def install(*, new_code: bool) -> bool:
    """Bind every thread of this process, and those to come, to the list; whether the kernel took it."""
    here = machine()
    if here is None:
        return False
    program = filter_program(here, os.getpid(), new_code=new_code)
    packed = b"".join(struct.pack("=HBBI", *rule) for rule in program)
    buffer = ctypes.create_string_buffer(packed, len(packed))
    header = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    library = ctypes.CDLL(None, use_errno=True)
    called = library.syscall(here.calls["seccomp"], _SET_MODE_FILTER, _ALL_THREADS, ctypes.c_char_p(header))
    return bool(called == 0)
