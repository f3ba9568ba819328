"""Where the writer's socket is, also where the path of its directory is longer than a socket's may be."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

NAME: Final = "writer.sock"
LOCK: Final = "writer.lock"
_LONGEST: Final = 100
"""Bytes of the path of a Unix socket, with some room to the 104 or 108 that systems allow."""


@contextmanager
def socket_path(data: Path) -> Generator[str]:
    """A path of the socket that is short enough; it holds within the ``with``."""
    path = str((data / NAME).absolute())
    if len(os.fsencode(path)) <= _LONGEST or sys.platform != "linux":
        yield path
        return
    descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)
