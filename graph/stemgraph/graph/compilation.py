"""Compiling a release: from a gzipped N-Quads file to a directory that opens at once.

The store is loaded in a process of its own while this one unpacks or derives the tables. Everything is
written into a hidden sibling that is renamed at the end, so a release directory is whole or not there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import orjson

from stemgraph.graph.durability import sync_directory, sync_tree
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.packed_tables import unpack_tables
from stemgraph.graph.release import DataDirectory, Release, ReleaseDirectory, read_release, write_manifest
from stemgraph.graph.statements_file import STATEMENTS, size_of, split
from stemgraph.graph.store import StoreLoad
from stemgraph.graph.tables import Progress, derive_tables, silent

OWN_PROCESS_FROM: Final = 8_000_000
"""Bytes of N-Quads from which the store is loaded in a process of its own."""

LOADED_AT_ONCE: Final = 28_000_000
"""Bytes of N-Quads loaded into the store at once; ten times as much memory is used meanwhile."""

STORING: Final = "storing quads"
"""What progress calls the stage in which this process only waits for the one that loads the store."""

_CHUNK: Final = 1 << 20


def compile_release(
    source: Path, directory: Path, *, progress: Progress | None = None, replace: bool = False
) -> Release:
    """Compile a source directory into a release directory, atomically.

    A whole release of the same digest that is already there is kept, also when another process makes it
    meanwhile.

    Args:
        source: Holds ``graph.nq.gz`` and ``release.json``.
        directory: Is made; its parents too.
        progress: Is told how far the work is.
        replace: Remove what is in the way if it is no whole release of this digest.

    Raises:
        DataDirectoryError: The source is unreadable or damaged, or the directory cannot be written or is
            in the way.
    """
    release = read_release(source)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with alone_in(directory.parent):
            if _is_there(release, directory, replace=replace):
                return release
            with _partial_sibling(directory) as partial:
                _compile(source, release, partial, progress or silent)
                _move(partial, directory, release)
    except OSError as error:
        raise _trouble(error, source, directory) from error
    return ReleaseDirectory(directory).release


def add_release(source: Path, data: DataDirectory, *, progress: Progress | None = None) -> ReleaseDirectory:
    """Compile a source into a data directory and serve it from now on.

    Raises:
        DataDirectoryError: As in ``compile_release``.
    """
    release = read_release(source)
    path = data.release_path(release.id)
    compile_release(source, path, progress=progress, replace=True)
    data.make_current(release.id)
    return ReleaseDirectory(path)


def _trouble(error: OSError, source: Path, directory: Path) -> DataDirectoryError:
    """What could not be read or written."""
    file = Path(os.fsdecode(error.filename or ""))
    if file.parent == source:
        mend = "build or fetch the release again"
        return DataDirectoryError(f"cannot be read: {error.strerror}", place=str(file), mend=mend)
    mend = "check permissions and free space"
    return DataDirectoryError(
        f"cannot be written: {error.strerror or error}", place=str(directory), mend=mend
    )


@contextmanager
def alone_in(parent: Path) -> Generator[None]:
    """Hold the directory's lock, so that two processes do not do the same work; partial siblings go first.

    Where there are no such locks (Windows, some network file systems) the rename alone keeps order.
    """
    try:
        import fcntl  # noqa: PLC0415  # not on Windows
    except ImportError:
        yield
        return
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            pass
        else:
            for left_over in parent.glob(".*.partial-*"):
                shutil.rmtree(left_over, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _partial_sibling(directory: Path) -> Generator[Path]:
    partial = Path(tempfile.mkdtemp(prefix=f".{directory.name}.partial-", dir=directory.parent))
    try:
        partial.chmod(0o755)
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_there(release: Release, directory: Path, *, replace: bool) -> bool:
    """Whether the release is already compiled; what is in the way is removed if it may be."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return False
    try:
        if ReleaseDirectory(directory).release.digest == release.digest:
            return True
        reason = "holds another release"
    except DataDirectoryError as error:
        reason = error.message
    if not replace:
        raise DataDirectoryError(reason, place=str(directory), mend="remove it or name another directory")
    shutil.rmtree(directory)
    return False


def _move(partial: Path, directory: Path, release: Release) -> None:
    """Give the finished directory its name, unless another process was faster.

    It is on the disk before it has the name: what has it after a power cut is whole.
    """
    sync_tree(partial)
    try:
        partial.rename(directory)
        sync_directory(directory.parent)
    except OSError:
        if not _is_there(release, directory, replace=False):
            raise


def _compile(source: Path, release: Release, partial: Path, progress: Progress) -> None:
    progress("unpacking", 0.0)
    statements = partial / STATEMENTS
    shutil.copyfile(source / STATEMENTS, statements)
    load = StoreLoad(partial / "store", own_process=size_of(statements) >= OWN_PROCESS_FROM)
    parts: list[Path] = []
    try:
        for part in split(statements, release, most=LOADED_AT_ONCE):
            load.add(part)
            parts.append(part)
        described = unpack_tables(source, partial, release) or derive_tables(
            _text(parts), partial, release, progress=progress
        )
        progress(STORING, 0.8)
        load.finish()
    finally:
        load.cancel()
    for part in parts:
        part.unlink()
    (partial / "release.json").write_bytes(orjson.dumps(described.to_record(), option=orjson.OPT_INDENT_2))
    write_manifest(partial)
    progress("ready", 1.0)


def _text(parts: list[Path]) -> Iterator[str]:
    for part in parts:
        with part.open(encoding="utf-8", newline="\n") as file:
            while text := file.read(_CHUNK):
                yield text
