"""The files that a worker may read: those below a few directories, and none that it may write (Linux 5.13).

Constants and structures are those of landlock.h in the kernel's user-space interface.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System calls, the same on every architecture."""
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
_PATH_BENEATH: Final = 1
_ASK_VERSION: Final = 1
_FILE_RIGHTS: Final = (0, 13, 14, 15, 15, 16)
"""Number of rights over files, by version of the interface."""
_ALL_NETWORK: Final = 0b11
_ALL_SCOPES: Final = 0b11


def restrict_reading(places: Iterable[str]) -> int:
    """Bind this thread and those it starts to reading below some places; the interface's version, 0 if none.

    Connections by TCP and signals to other processes are refused too, where the version has them.
    """
    if sys.platform != "linux":
        return 0
    library = ctypes.CDLL(None, use_errno=True)
    version = int(library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION))
    if version < 1:
        return 0
    rights = (1 << _FILE_RIGHTS[min(version, len(_FILE_RIGHTS) - 1)]) - 1
    handled = struct.pack("=Q", rights)
    if version >= 4:
        handled += struct.pack("=Q", _ALL_NETWORK)
    if version >= 6:
        handled += struct.pack("=Q", _ALL_SCOPES)
    rules = int(library.syscall(_CREATE_RULESET, ctypes.c_char_p(handled), ctypes.c_size_t(len(handled)), 0))
    if rules < 0:
        return 0
    try:
        for place in places:
            _allow(library, rules, place)
        restricted = library.syscall(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)
    return version if restricted else 0


def _allow(library: ctypes.CDLL, rules: int, place: str) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not here, and so need not be read
        return
    try:
        directory = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rights = _READ_FILE | _READ_DIRECTORY if directory else _READ_FILE
        rule = struct.pack("=Qi", rights, descriptor)
        library.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(descriptor)
