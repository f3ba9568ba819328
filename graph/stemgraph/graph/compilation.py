"""Compiling a release: from a gzipped N-Quads file to a directory that opens at once.

The store is loaded in a process of its own while this one gathers the records. Everything is written into a
hidden sibling that is renamed at the end, so a release directory is whole or not there.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from stemgraph.graph.durability import sync_directory, sync_tree
from stemgraph.graph.errors import DataDirectoryError, FormatError
from stemgraph.graph.gathering import Gathering
from stemgraph.graph.release import DataDirectory, Release, ReleaseDirectory, read_release, write_manifest
from stemgraph.graph.store import StoreLoad

Progress = Callable[[str, float], None]
"""Told what is being done and how far the whole is, from 0 to 1."""

OWN_PROCESS_FROM: Final = 8_000_000
"""Bytes of N-Quads from which the store is loaded in a process of its own."""

LOADED_AT_ONCE: Final = 28_000_000
"""Bytes of N-Quads loaded into the store at once; ten times as much memory is used meanwhile."""

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
                _compile(source, release, partial, progress or _silent)
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


def _silent(stage: str, fraction: float) -> None:
    """No progress is wanted."""


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
    export = partial / "graph.nq.gz"
    shutil.copyfile(source / "graph.nq.gz", export)
    size = int.from_bytes(_last_bytes(export, 4), "little")
    load = StoreLoad(partial / "store", own_process=size >= OWN_PROCESS_FROM)
    parts: list[Path] = []
    try:
        for part in _unpack(export, release, size):
            load.add(part)
            parts.append(part)
        with _no_garbage_collection():
            described = _write_tables(parts, partial, release, progress)
        progress("storing quads", 0.8)
        load.finish()
    finally:
        load.cancel()
    for part in parts:
        part.unlink()
    (partial / "release.json").write_bytes(orjson.dumps(described.to_record(), option=orjson.OPT_INDENT_2))
    write_manifest(partial)
    progress("ready", 1.0)


@contextmanager
def _no_garbage_collection() -> Generator[None]:
    """Gathering makes half a million lasting objects and no cycles; looking for any costs a quarter."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unpack(export: Path, release: Release, size: int) -> Iterator[Path]:
    """Decompress into files of about equal size, whole lines each; check the digest at the end."""
    count = max(2, -(-size // LOADED_AT_ONCE))
    digest = hashlib.sha256()
    chunks = decompressed(export)
    left = b""
    for number in range(1, count + 1):
        part = export.with_name(f"part-{number}.nq")
        written = 0
        with part.open("wb") as file:
            while chunk := left or next(chunks, b""):
                digest.update(b"" if left else chunk)
                left = b""
                newline = chunk.rfind(b"\n") + 1
                if number < count and newline and written + newline >= size / count:
                    file.write(chunk[:newline])
                    left = chunk[newline:]
                    break
                written += file.write(chunk)
        yield part
    if digest.hexdigest() != release.digest:
        raise DataDirectoryError(
            "does not have the digest that release.json gives",
            place=str(export),
            mend="build or fetch the release again",
        )


def _last_bytes(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(count, path.stat().st_size), os.SEEK_END)
        return file.read()


def decompressed(path: Path) -> Iterator[bytes]:
    """The text of a gzip file in chunks; raises DataDirectoryError where it is not whole."""
    # zlib itself, for the gzip module checks and copies each chunk once more.
    decompressor = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK // 8):
                yield decompressor.decompress(chunk)
            yield decompressor.flush()
        except zlib.error as error:
            raise DataDirectoryError(
                f"is not a whole gzip file: {error}", place=str(path), mend="build or fetch the release again"
            ) from error


def _write_tables(parts: list[Path], partial: Path, release: Release, progress: Progress) -> Release:
    """Write everything but the store; the release is given back with its counts and sources filled in."""
    from stemgraph.graph.records import MappedRecords  # noqa: PLC0415  # what only compiling needs
    from stemgraph.graph.search import write_label_index  # noqa: PLC0415
    from stemgraph.graph.statistics import count_release  # noqa: PLC0415
    from stemgraph.graph.view import build_view  # noqa: PLC0415
    from stemgraph.graph.writing import RecordWriter, write_records  # noqa: PLC0415

    progress("reading", 0.1)
    try:
        gathering = Gathering.from_text(_text(parts), place="graph.nq.gz")
    except (FormatError, UnicodeDecodeError) as error:
        raise DataDirectoryError(
            str(error), place=str(partial), mend="build or fetch the release again"
        ) from error
    progress("writing records", 0.35)
    writer = RecordWriter(gathering)
    write_records(writer, partial / "records")
    statistics = count_release(gathering, writer)
    (partial / "statistics.json").write_bytes(orjson.dumps(statistics, option=orjson.OPT_INDENT_2))
    progress("indexing names", 0.55)
    write_label_index(writer.entity_records(), partial / "labels")
    sources = release.sources or tuple(
        {"name": name, **stated} for name, stated in sorted(gathering.sources.items())
    )
    del gathering, writer
    progress("arranging the view", 0.7)
    build_view(MappedRecords(partial / "records"), partial / "view")
    return replace(release, sources=sources, counts=release.counts or statistics["totals"])


def _text(parts: list[Path]) -> Iterator[str]:
    for part in parts:
        with part.open(encoding="utf-8", newline="\n") as file:
            while text := file.read(_CHUNK):
                yield text
