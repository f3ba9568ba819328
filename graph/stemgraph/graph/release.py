"""Releases: what one is, the compiled directory that holds one, and a data directory of several.

A *source* directory holds ``graph.nq.gz`` and ``release.json``. A *release directory* is one compiled for
reading: the same two files, ``store/ records/ labels/ view/``, ``statistics.json``, and ``compiled.json``,
which lists every file with its size. A *data directory* holds ``releases/`` and ``current``, which names
one of them and may say up to which number edits are no more to be made on it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson

from stemgraph.graph.durability import write_whole
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.model import Record

LAYOUT: Final = 2
"""Number of this arrangement of a release directory; one of another number is compiled again."""

_COMPILE_AGAIN: Final = "remove the directory and compile the release again"
_CHUNK: Final = 1 << 20
_RELEASE_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable state of the graph: its number, the digest of its N-Quads, its date and its sources."""

    number: int
    digest: str
    date: str
    sources: tuple[Mapping[str, Any], ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sequence: int = 0
    """Number of the last edit that is part of it; 0 where none is."""
    aside: tuple[str, ...] = ()
    """IRIs of the named graphs that no record is made of: see ``aside.Aside``."""

    @property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the digest: its directory's name."""
        return self.digest[:16]

    @classmethod
    def from_record(cls, record: Record) -> Release:
        """Read back what ``to_record`` wrote."""
        return cls(
            number=int(record["number"]),
            digest=str(record["digest"]).removeprefix("sha256:"),
            date=str(record["date"]),
            sources=tuple(record.get("sources", ())),
            counts=record.get("counts", {}),
            sequence=int(record.get("sequence", 0)),
            aside=tuple(record.get("aside", ())),
        )

    def to_record(self) -> Record:
        """The JSON shape of ``release.json``, and the id."""
        return {
            "id": self.id,
            "number": self.number,
            "digest": self.digest,
            "date": self.date,
            "sources": [dict(source) for source in self.sources],
            "counts": dict(self.counts),
            **({"sequence": self.sequence} if self.sequence else {}),
            **({"aside": list(self.aside)} if self.aside else {}),
        }


def read_release(directory: Path) -> Release:
    """The release that a source or release directory says it holds.

    Raises:
        DataDirectoryError: ``release.json`` is missing or is not one.
    """
    path = directory / "release.json"
    try:
        return Release.from_record(orjson.loads(path.read_bytes()))
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be read: {error.strerror}", place=str(path), mend="name a directory that holds a release"
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise DataDirectoryError(
            "is not the description of a release", place=str(path), mend=_COMPILE_AGAIN
        ) from error


class ReleaseDirectory:
    """A compiled release; opening it checks that every file is there and whole.

    Raises:
        DataDirectoryError: The directory is missing, not compiled, of another layout, or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        manifest = _read_manifest(path)
        if manifest.get("layout") != LAYOUT:
            raise DataDirectoryError(
                "was compiled by another version of stemgraph", place=str(path), mend=_COMPILE_AGAIN
            )
        for name, size in manifest["files"].items():
            _check_size(path / name, size)
        self._sums: Record = manifest.get("sums", {})
        self.release = read_release(path)

    def verify(self) -> None:
        """Read every file once and hold it against its checksum; the store checks its own blocks.

        Raises:
            DataDirectoryError: A file is not as it was written.
        """
        for name, expected in self._sums.items():
            if _checksum(self.path / name) != expected:
                raise DataDirectoryError(
                    "is not as it was written", place=str(self.path / name), mend=_COMPILE_AGAIN
                )

    @property
    def records(self) -> Path:
        """Where the records are."""
        return self.path / "records"

    @property
    def store(self) -> Path:
        """Where the quads are."""
        return self.path / "store"

    @property
    def labels(self) -> Path:
        """Where the name index is."""
        return self.path / "labels"

    @property
    def view(self) -> Path:
        """Where the arrays of the graph view are."""
        return self.path / "view"

    @property
    def export(self) -> Path:
        """The whole release as canonical N-Quads, gzipped."""
        return self.path / "graph.nq.gz"

    @cached_property
    def statistics(self) -> Record:
        """How much of what the release holds."""
        path = self.path / "statistics.json"
        try:
            statistics: Record = orjson.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise DataDirectoryError("cannot be read", place=str(path), mend=_COMPILE_AGAIN) from error
        return statistics


def write_manifest(directory: Path) -> None:
    """Write ``compiled.json``, the last file of a release directory."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    sizes = {
        path.relative_to(directory).as_posix(): path.stat().st_size
        for path in files
        # RocksDB rewrites its log and its lock when it likes; neither holds data.
        if path.name not in {"LOG", "LOCK"}
    }
    # The store has checksums of its own in every block, and is the largest part.
    sums = {name: _checksum(directory / name) for name in sizes if not name.startswith("store/")}
    (directory / "compiled.json").write_bytes(orjson.dumps({"layout": LAYOUT, "files": sizes, "sums": sums}))


def _checksum(path: Path) -> int:
    sum_ = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                sum_ = zlib.crc32(chunk, sum_)
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be read: {error.strerror}", place=str(path), mend=_mend(error)
        ) from error
    return sum_


def _mend(error: OSError) -> str:
    return "check its permissions" if isinstance(error, PermissionError) else _COMPILE_AGAIN


def _read_manifest(path: Path) -> Record:
    try:
        manifest: Record | list[Record] = orjson.loads((path / "compiled.json").read_bytes())
    except FileNotFoundError:
        raise DataDirectoryError(
            "is not a compiled release" if path.is_dir() else "does not exist",
            place=str(path),
            mend="name a directory made by `stemgraph load`",
        ) from None
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be read: {error.strerror}", place=str(path / "compiled.json"), mend=_mend(error)
        ) from error
    except ValueError as error:
        raise DataDirectoryError(f"cannot be read: {error}", place=str(path), mend=_COMPILE_AGAIN) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise DataDirectoryError("has no list of its files", place=str(path), mend=_COMPILE_AGAIN)
    return manifest


def _check_size(path: Path, size: int) -> None:
    try:
        found = path.stat().st_size
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be read: {error.strerror}", place=str(path), mend=_mend(error)
        ) from error
    if found != size:
        raise DataDirectoryError(
            f"has {found} bytes where {size} were written", place=str(path), mend=_COMPILE_AGAIN
        )


class DataDirectory:
    """Where a service keeps its releases: ``releases/<id>`` and ``current``, the id of the one it serves."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_empty(self) -> bool:
        """Whether it has no current release yet."""
        return not (self.path / "current").exists()

    def releases(self) -> tuple[str, ...]:
        """The ids of the releases it holds, sorted."""
        try:
            names = [each.name for each in (self.path / "releases").iterdir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise DataDirectoryError(f"cannot be read: {error.strerror}", place=str(self.path)) from error
        return tuple(sorted(name for name in names if _RELEASE_ID.fullmatch(name)))

    def release_path(self, identifier: str) -> Path:
        """Where the release of an id is, or would be."""
        return self.path / "releases" / identifier

    def current(self) -> ReleaseDirectory:
        """The release that it serves.

        Raises:
            DataDirectoryError: There is none, or it is damaged.
        """
        place = self.path / "current"
        try:
            identifier, _, sequence = place.read_text(encoding="utf-8").strip().partition("\n")
        except FileNotFoundError:
            raise DataDirectoryError(
                "holds no release", place=str(self.path), mend="fill it with `stemgraph load`"
            ) from None
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be read: {error.strerror}", place=str(place), mend="check its permissions"
            ) from error
        except UnicodeDecodeError as error:
            raise DataDirectoryError("is not text", place=str(place), mend=self._current_mend()) from error
        if not _RELEASE_ID.fullmatch(identifier):
            raise DataDirectoryError(
                f"'{identifier[:40]}' is not the id of a release",
                place=str(place),
                mend=self._current_mend(),
            )
        found = ReleaseDirectory(self.release_path(identifier))
        if found.release.id != identifier:
            raise DataDirectoryError(
                f"says that it is release {found.release.id}",
                place=str(found.path / "release.json"),
                mend=_COMPILE_AGAIN,
            )
        if sequence.isdecimal():
            found.release = replace(found.release, sequence=int(sequence))
        return found

    def _current_mend(self) -> str:
        return f"write one of {', '.join(self.releases()) or 'the ids under releases/'} into it"

    def make_current(self, identifier: str, *, sequence: int | None = None) -> None:
        """Serve this release from now on.

        Args:
            identifier: Its id.
            sequence: Number of the last edit that is not to be made on it any more, where the release itself
                says another.

        Raises:
            DataDirectoryError: The release is not there, or the directory cannot be written.
        """
        own = ReleaseDirectory(self.release_path(identifier)).release.sequence
        said = "" if sequence is None or sequence == own else f"{sequence}\n"
        try:
            write_whole(self.path / "current", f"{identifier}\n{said}".encode())
        except OSError as error:
            raise DataDirectoryError(f"cannot be written: {error.strerror}", place=str(self.path)) from error
