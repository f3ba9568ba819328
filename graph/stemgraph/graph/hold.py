"""Holding the snapshot that is read: the writer removes it only when no one holds it any more.

A hold is a shared lock (flock) on the directory of the store. The kernel lets go of it with the process, so
that nothing is left behind by one that was killed. Where there is no flock, as on Windows, nothing writes.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import weakref
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from stemgraph.graph.errors import DataDirectoryError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LEAVING: Final = ".old-"
"""How the names begin of snapshots that are being removed."""
_BUSY: Final = frozenset({errno.EAGAIN, errno.EACCES})


class Hold:
    """A store's directory that stays until ``release``, the end of the context, or of whatever has the hold.

    Raises:
        DataDirectoryError: It is not there, or is just being removed.
    """

    def __init__(self, store: Path) -> None:
        descriptor = _shared(store)
        self._release = weakref.finalize(self, os.close, descriptor) if descriptor is not None else None
        if not store.is_dir():
            self.release()
            raise _gone(store)

    def release(self) -> None:
        """Let it be removed."""
        if self._release is not None:
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()


def remove_unheld(snapshot: Path) -> bool:
    """Remove a snapshot whose ``store`` no one holds; whether it is removed.

    Raises:
        OSError: It cannot be removed.
    """
    descriptor = _open(snapshot / "store")
    try:
        if descriptor is not None and not _lock(descriptor, exclusive=True):
            return False
        # Under another name first: a reader that waits for its turn finds it there or not at all.
        leaving = snapshot.with_name(f"{LEAVING}{secrets.token_hex(8)}")
        snapshot.rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
        return True
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _shared(store: Path) -> int | None:
    descriptor = _open(store)
    if descriptor is not None and not _lock(descriptor, exclusive=False):
        os.close(descriptor)
        raise _gone(store)
    return descriptor


def _open(store: Path) -> int | None:
    if fcntl is None:
        return None
    with suppress(OSError):  # it is not there, or may not be read: who reads it is told
        return os.open(store, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    return None


def _lock(descriptor: int, *, exclusive: bool) -> bool:
    """Whether the lock was free for us; a file system that has none counts as free."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _BUSY
    return True


def _gone(store: Path) -> DataDirectoryError:
    return DataDirectoryError("the snapshot has been removed", place=str(store), mend="open the graph again")
