"""Tables that travel with their statements, as those of the bundle do: its first start need not derive them.

A source directory may hold ``tables.tar.xz`` beside ``graph.nq.gz``. It says what it was made of and with:
the digest of the statements, the layout, and the tantivy that wrote the name index. Where any of these is
another, or the archive is damaged, the tables are derived as ever.
"""

from __future__ import annotations

import lzma
import shutil
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import orjson

from stemgraph.graph.model import Record
from stemgraph.graph.release import LAYOUT, Release, read_release
from stemgraph.graph.statements_file import STATEMENTS, text_of
from stemgraph.graph.tables import TABLES, Progress, derive_tables, silent

PACKED: Final = "tables.tar.xz"
"""Name of the archive in a source directory."""

_HEAD: Final = "tables.json"
_CHUNK: Final = 1 << 20


def pack_tables(source: Path, *, progress: Progress | None = None) -> int:
    """Derive the tables of a source directory and write them into it, packed; the size of the archive.

    The same statements always make the same bytes.

    Raises:
        DataDirectoryError: The source is damaged.
    """
    release = read_release(source)
    with tempfile.TemporaryDirectory(prefix="stemgraph-tables-") as temporary:
        directory = Path(temporary)
        tell = progress or silent
        described = derive_tables(text_of(source / STATEMENTS, release), directory, release, progress=tell)
        tell("packing", 0.8)
        partial = directory / PACKED
        with tarfile.open(partial, "w:xz", format=tarfile.USTAR_FORMAT) as archive:
            head = orjson.dumps(_head(described))
            _add(archive, _HEAD, BytesIO(head), len(head))
            for path in sorted(path for name in TABLES for path in _files(directory / name)):
                with path.open("rb") as file:
                    _add(archive, path.relative_to(directory).as_posix(), file, path.stat().st_size)
        shutil.move(partial, source / PACKED)
        tell("ready", 1.0)
    return (source / PACKED).stat().st_size


def unpack_tables(source: Path, directory: Path, release: Release) -> Release | None:
    """Write the packed tables of a source into a directory; None, and nothing there, if they must be derived.

    Returns:
        The release with its counts and sources filled in.
    """
    try:
        # The checksum of the archive is at its end, behind what the tables need: so it is read to the end.
        with lzma.open(source / PACKED) as stream:
            with tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK) as archive:
                described = _unpack(archive, directory, release)
            while stream.read(_CHUNK):
                pass
    except (OSError, EOFError, lzma.LZMAError, tarfile.TarError, LookupError, ValueError, StopIteration):
        described = None
    if described is None:
        for name in TABLES:
            shutil.rmtree(directory / name, ignore_errors=True)
            (directory / name).unlink(missing_ok=True)
    return described


def _unpack(archive: tarfile.TarFile, directory: Path, release: Release) -> Release | None:
    members = iter(archive)
    head: Record = orjson.loads(_content(archive, next(members)).read())
    if _made_with(head) != _made_with(_head(release)):
        return None
    for member in members:
        folder, _, name = member.name.rpartition("/")
        if (folder or name) not in TABLES:
            raise tarfile.TarError(f"{member.name} is no table")
        path = directory / folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(_content(archive, member), file, _CHUNK)
    made = Release.from_record(head["release"])
    return replace(release, sources=release.sources or made.sources, counts=release.counts or made.counts)


def _head(release: Release) -> Record:
    return {"layout": LAYOUT, "tantivy": version("tantivy"), "release": release.to_record()}


def _made_with(head: Record) -> tuple[object, ...]:
    return head["layout"], head["tantivy"], head["release"]["digest"]


def _files(path: Path) -> Iterable[Path]:
    return path.iterdir() if path.is_dir() else [path]


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    """Add a file under its name alone: without owner, time or mode, the same each time."""
    member = tarfile.TarInfo(name)
    member.size = size
    archive.addfile(member, file)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.TarError(f"{member.name} is no file")
    return content
