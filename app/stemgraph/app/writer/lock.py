"""The lock of a data directory: who holds it is the one writer."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from stemgraph.app.writer.socket_place import LOCK
from stemgraph.graph.errors import DataDirectoryError


class WriterLock:
    """Held from ``take`` until ``release`` or the end of the process."""

    def __init__(self, data: Path) -> None:
        self.path = data / LOCK
        self._descriptor: int | None = None

    def take(self, *, wait: bool = False) -> bool:
        """Whether the lock is held now; ``wait`` until no one else does.

        Raises:
            DataDirectoryError: The directory cannot be written.
        """
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be written: {error.strerror}", place=str(self.path), mend="check its permissions"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let another take it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
