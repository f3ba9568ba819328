"""Snapshots: for each commit a store that readers open, and ``editions/current``, which names the last."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import orjson

from stemgraph.graph.current_edition import store_of
from stemgraph.graph.durability import write_whole
from stemgraph.graph.hold import LEAVING, remove_unheld

_PARTIAL: Final = ".partial-"


@dataclass(frozen=True, slots=True)
class CurrentEdition:
    """What ``editions/current`` says: a release, the number of the last edit, and the digest of the state."""

    release: str
    sequence: int
    digest: str
    snapshot: str = field(default="", compare=False)
    """Name of the snapshot that holds it; empty for a release as it was published."""

    def to_bytes(self) -> bytes:
        """The file."""
        return orjson.dumps(asdict(self))


class Snapshots:
    """The directory ``editions`` of a data directory; no two snapshots ever have the same name in it."""

    def __init__(self, data: Path) -> None:
        self.directory = data / "editions"

    def store(self, snapshot: str) -> Path:
        """Where the store of a snapshot is."""
        return store_of(self.directory, snapshot)

    def current(self) -> CurrentEdition | None:
        """The edition that readers open; None where there is none."""
        try:
            record = orjson.loads((self.directory / "current").read_bytes())
            return CurrentEdition(
                record["release"], record["sequence"], record["digest"], record.get("snapshot", "")
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def make(self, edition: str, back_up: Callable[[Path], None]) -> str:
        """Make a snapshot, whole or not at all, under a name that begins with an edition's id; its name.

        Raises:
            OSError: There is no room, or the disk fails.
        """
        self.directory.mkdir(exist_ok=True)
        name = f"{edition}-{secrets.token_hex(4)}"
        partial = self.directory / f"{_PARTIAL}{name}"
        partial.mkdir()
        try:
            back_up(partial / "store")
            partial.rename(self.directory / name)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return name

    def publish(self, edition: CurrentEdition) -> None:
        """Have readers open this edition from now on.

        Raises:
            OSError: There is no room, or the disk fails.
        """
        # Not synced: after a power cut it is made again from release and journal.
        write_whole(self.directory / "current", edition.to_bytes(), durable=False)

    def withdraw(self) -> None:
        """Name no edition any more: readers open the release."""
        (self.directory / "current").unlink(missing_ok=True)

    def remove_unused(self) -> None:
        """Remove the snapshots that no one reads, but the one that is named, and what is left of work."""
        current = self.current()
        with suppress(OSError):
            for each in self.directory.iterdir():
                if each.name.startswith((_PARTIAL, LEAVING)):
                    shutil.rmtree(each, ignore_errors=True)
                    continue
                is_named = current is not None and each.name == current.snapshot
                if each.is_dir() and not each.name.startswith(".") and not is_named:
                    remove_unheld(each)
