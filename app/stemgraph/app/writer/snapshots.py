"""Snapshots: for each commit a store that readers open, and ``editions/current``, which names the last."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from stemgraph.graph.durability import write_whole

KEPT: Final = 3
"""Snapshots that are kept though no web process uses them, for commands that are about to open one."""


@dataclass(frozen=True, slots=True)
class CurrentEdition:
    """What ``editions/current`` says: a release, the number of the last edit, and the digest of the state."""

    release: str
    sequence: int
    digest: str

    def to_bytes(self) -> bytes:
        """The file."""
        return orjson.dumps({"release": self.release, "sequence": self.sequence, "digest": self.digest})


class Snapshots:
    """The directory ``editions`` of a data directory."""

    def __init__(self, data: Path) -> None:
        self.directory = data / "editions"

    def store(self, sequence: int) -> Path:
        """Where the snapshot after an edit is."""
        return self.directory / str(sequence) / "store"

    def current(self) -> CurrentEdition | None:
        """The edition that readers open; None where there is none."""
        try:
            record = orjson.loads((self.directory / "current").read_bytes())
            return CurrentEdition(record["release"], record["sequence"], record["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def make(self, sequence: int, back_up: Callable[[Path], None]) -> Path:
        """Make the snapshot after an edit, whole or not at all; one of the same number makes way for it.

        Raises:
            OSError: There is no room, or the disk fails.
        """
        self.directory.mkdir(exist_ok=True)
        partial = self.directory / f".partial-{sequence}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        try:
            back_up(partial / "store")
            final = self.directory / str(sequence)
            if final.exists():
                old = self.directory / f".old-{sequence}"
                shutil.rmtree(old, ignore_errors=True)
                final.rename(old)
            partial.rename(final)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return self.store(sequence)

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

    def remove(self, sequence: int) -> None:
        """Remove the snapshot after an edit that could not be done."""
        shutil.rmtree(self.directory / str(sequence), ignore_errors=True)

    def remove_unused(self, used: Collection[int]) -> None:
        """Remove the snapshots that no one uses, but for the last few, and what is left of earlier work."""
        with suppress(OSError):
            numbers: list[int] = []
            for each in self.directory.iterdir():
                if each.name.isdigit():
                    numbers.append(int(each.name))
                elif each.name.startswith(".old-"):
                    shutil.rmtree(each, ignore_errors=True)
            for number in sorted(numbers)[:-KEPT]:
                if number not in used:
                    shutil.rmtree(self.directory / str(number), ignore_errors=True)
