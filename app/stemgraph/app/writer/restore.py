"""Restoring a backup: every file is held against its checksum, and the state against its digest."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from stemgraph.app.writer.backup import Backup, Progress, copy_hashed, silent
from stemgraph.app.writer.recovery import recover
from stemgraph.app.writer.working_store import StoreError
from stemgraph.graph.durability import sync_directory, sync_tree
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.state_digest import digest_of_store, digest_text

_ANOTHER = "restore another backup"


def restore(backup: Path, data: Path, *, progress: Progress | None = None) -> Backup:
    """Make a new data directory of a backup, verified whole; it is there at the end or not at all.

    Args:
        backup: A directory made by ``back_up``.
        data: Is made; an empty directory may be there.
        progress: Is told how far the work is.

    Raises:
        DataDirectoryError: The backup is damaged (the error names the file), or the data directory is in the
            way or cannot be written.
    """
    told = progress or silent
    held = Backup.read(backup)
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise DataDirectoryError(
            "is there already and is not empty",
            place=str(data),
            mend="name a new directory, or move this one away first",
        )
    partial = data.absolute().with_name(f".{data.absolute().name}.partial-{secrets.token_hex(4)}")
    try:
        partial.mkdir(parents=True)
        try:
            _copy(backup, partial, held, told)
            told("verifying the state", 0.7)
            _verify(partial, held)
            told("syncing", 0.95)
            sync_tree(partial)
            if data.exists():
                data.rmdir()
            partial.rename(data)
            sync_directory(partial.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except StoreError as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DataDirectoryError(
            f"cannot be written: {reason}", place=str(data), mend="check permissions and free space"
        ) from error
    return held


def _copy(backup: Path, target: Path, held: Backup, progress: Progress) -> None:
    for number, (name, expected) in enumerate(held.files.items()):
        progress(f"verifying {name}", 0.7 * number / len(held.files))
        source, place = backup / name, target / name
        if not place.resolve().is_relative_to(target.resolve()):
            raise DataDirectoryError(f"names a file outside of it: {name}", place=str(backup), mend=_ANOTHER)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            found = copy_hashed(source, place)
        except FileNotFoundError:
            raise DataDirectoryError("is missing", place=str(source), mend=_ANOTHER) from None
        if found != expected:
            raise DataDirectoryError("is not as it was backed up", place=str(source), mend=_ANOTHER)


def _verify(data: Path, held: Backup) -> None:
    """Replay what was restored, and read every quad of it once."""
    recovered = recover(data)
    try:
        state = recovered.state
        found = digest_text(digest_of_store(recovered.working.store))
    finally:
        recovered.close()
    if (state.release, state.sequence) != (held.release, held.sequence):
        raise DataDirectoryError(
            f"comes to edit {state.sequence} of release {state.release}, "
            f"not to edit {held.sequence} of {held.release}",
            place=str(data),
            mend=_ANOTHER,
        )
    if found != held.digest:
        raise DataDirectoryError(
            "does not have the state that was backed up: its digest is another",
            place=str(data),
            mend=_ANOTHER,
        )
