"""A backup: every release, the journal up to one edit, and the digest of the state that they come to.

It is taken beside a running service and holds for one edit: releases never change, the journal only grows,
and ``editions/current`` names release, edit and digest in one piece.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from stemgraph.app.writer.lock import WriterLock
from stemgraph.app.writer.recovery import base_digest, recover
from stemgraph.app.writer.snapshots import CurrentEdition, Snapshots
from stemgraph.graph.durability import sync_directory, sync_tree
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.release import DataDirectory, Release
from stemgraph.graph.state_digest import digest_text

MANIFEST: Final = "backup.json"
FORMAT: Final = 1
_BESIDE: Final = ("keys.json", "bundled")
"""Files of a data directory that are copied as they are, where they are there."""
_CHUNK: Final = 1 << 20
_SECONDS_TO_SETTLE: Final = 15.0
"""How long it may take a writer to follow a release that has just been published."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the state after one edit, with the checksum of each file."""

    release: str
    number: int
    sequence: int
    digest: str
    """The digest of the state: the sum over its quads."""
    made: str
    files: dict[str, str] = field(default_factory=dict[str, str])
    """SHA-256 by name."""

    @classmethod
    def read(cls, directory: Path) -> Backup:
        """What a directory says of itself.

        Raises:
            DataDirectoryError: It holds no backup.
        """
        place = directory / MANIFEST
        try:
            record: dict[str, Any] = orjson.loads(place.read_bytes())
            if record["format"] != FORMAT:
                raise DataDirectoryError(
                    f"is a backup of format {record['format']}, which this version does not read",
                    place=str(place),
                    mend="restore it with the version of stemgraph that made it",
                )
            return cls(
                *(record[name] for name in ("release", "number", "sequence", "digest", "made", "files"))
            )
        except FileNotFoundError:
            raise DataDirectoryError(
                "holds no backup", place=str(directory), mend="name a directory made by `stemgraph backup`"
            ) from None
        except OSError as error:
            raise DataDirectoryError(f"cannot be read: {error.strerror}", place=str(place)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise DataDirectoryError(
                "is not the description of a backup", place=str(place), mend="take another backup"
            ) from error

    def to_bytes(self) -> bytes:
        """The file ``backup.json``."""
        names = ("release", "number", "sequence", "digest", "made", "files")
        record = {"format": FORMAT, **{name: getattr(self, name) for name in names}}
        return orjson.dumps(record, option=orjson.OPT_INDENT_2)


def back_up(data: Path, target: Path, *, link: bool = False, progress: Progress | None = None) -> Backup:
    """Back up a data directory into a new directory, also while it is served and written to.

    Args:
        data: The data directory.
        target: Is made, whole or not at all.
        link: Take hard links of the releases' files, not copies: quick, and no help against a failing disk.
        progress: Is told how far the work is.

    Raises:
        DataDirectoryError: The data directory is damaged, or the target cannot be written or is in the way.
    """
    _refuse_full(target)
    partial = target.with_name(f".{target.name}.partial-{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
        try:
            release, edition = settled_edition(data)
            files = dict(_copy(data, partial, release, edition, link=link, progress=progress or silent))
            made = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            backup = Backup(release.id, release.number, edition.sequence, edition.digest, made, files)
            (partial / MANIFEST).write_bytes(backup.to_bytes())
            sync_tree(partial)
            if target.exists():
                target.rmdir()
            partial.rename(target)
            sync_directory(target.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be written: {error.strerror or error}",
            place=str(target),
            mend="check permissions and free space",
        ) from error
    return backup


def settled_edition(data: Path) -> tuple[Release, CurrentEdition]:
    """The current release, and the last edition that readers were told of.

    Raises:
        DataDirectoryError: It is damaged, or a writer does not follow the current release.
    """
    directory, snapshots = DataDirectory(data), Snapshots(data)
    deadline = time.monotonic() + _SECONDS_TO_SETTLE
    while True:
        release = directory.current()
        own = release.release
        edition = snapshots.current()
        if edition is not None and edition.release == own.id and edition.sequence > own.sequence:
            return own, edition
        if next(Journal(data / NAME).entries(own.sequence), None) is None:
            return own, CurrentEdition(own.id, own.sequence, digest_text(base_digest(release, data)))
        lock = WriterLock(data)
        if lock.take():  # no writer: what it would do at its start is done here
            try:
                recover(data).close()
            finally:
                lock.release()
        elif time.monotonic() > deadline:
            raise DataDirectoryError(
                "its writer does not follow the current release",
                place=str(data),
                mend="see what the service has logged",
            )
        else:
            time.sleep(0.1)


def silent(_stage: str, _fraction: float) -> None:
    """No progress is wanted."""


def _refuse_full(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise DataDirectoryError(
            "is there already and is not empty", place=str(target), mend="name a new directory"
        )


def _copy(
    data: Path, target: Path, release: Release, edition: CurrentEdition, *, link: bool, progress: Progress
) -> Iterator[tuple[str, str]]:
    """Copy what belongs to a backup; the name and checksum of each file."""
    releases = [data / "releases" / each for each in DataDirectory(data).releases()]
    files = [file for each in releases for file in sorted(each.rglob("*")) if _is_kept(file)]
    total = sum(file.stat().st_size for file in files) or 1
    done = 0
    for file in files:
        name = file.relative_to(data).as_posix()
        progress(f"copying {name}", done / total)
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        yield name, _link(file, place) if link else copy_hashed(file, place)
        done += place.stat().st_size
    progress("copying the journal", 1.0)
    for part in Journal(data / NAME).parts():
        digest = _copy_lines(part, target / part.name, edition.sequence)
        if digest is not None:
            yield part.name, digest
    said = f"{release.id}\n{release.sequence}\n".encode()
    (target / "current").write_bytes(said)
    yield "current", hashlib.sha256(said).hexdigest()
    for beside in _BESIDE:
        if (data / beside).is_file():
            yield beside, copy_hashed(data / beside, target / beside)


def _is_kept(file: Path) -> bool:
    """Whether a file is part of a release; RocksDB's log and lock hold nothing."""
    return file.is_file() and file.name not in {"LOG", "LOCK"} and not file.name.startswith("LOG.old")


def copy_hashed(source: Path, target: Path) -> str:
    """Copy a file with its permissions; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
    shutil.copymode(source, target)
    return digest.hexdigest()


def _link(source: Path, target: Path) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        return copy_hashed(source, target)
    with target.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def _copy_lines(part: Path, target: Path, until: int) -> str | None:
    """Copy the lines of the edits up to one; their SHA-256, or None where there are none."""
    digest = hashlib.sha256()
    size = Journal(part).size_until(until)
    if size == 0:
        return None
    with part.open("rb") as reading, target.open("wb") as writing:
        while size and (chunk := reading.read(min(size, _CHUNK))):
            digest.update(chunk)
            size -= writing.write(chunk)
    shutil.copymode(part, target)
    return digest.hexdigest()
