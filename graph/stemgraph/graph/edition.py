"""Editions: a release and the edits made since, up to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stemgraph.graph.release import Release, ReleaseDirectory


@dataclass(frozen=True, slots=True)
class Edition:
    """What a graph answers from: a release, the number of the last edit in it, and where its quads are."""

    release: Release
    sequence: int
    store: Path
    """Directory of the Oxigraph store that holds every quad of it, read only."""
    edited_on: str | None = None
    """ISO date of the last edit, where it is known."""

    @property
    def date(self) -> str:
        """The day of which it tells the state: that of the release, or of the last edit if that is later."""
        return max(self.release.date, self.edited_on or "")

    @classmethod
    def of_release(cls, directory: ReleaseDirectory) -> Edition:
        """The edition that a release is as it was published."""
        return cls(directory.release, directory.release.sequence, directory.store)

    @property
    def is_release(self) -> bool:
        """Whether nothing was edited since the release."""
        return self.sequence == self.release.sequence

    @property
    def id(self) -> str:
        """The release's own id where nothing was edited since, else that and the number of the last edit."""
        return self.release.id if self.is_release else f"{self.release.id}.{self.sequence}"

    @property
    def digest(self) -> str:
        """What a cursor or an entity tag belongs to: the release's digest, and the number as in ``id``."""
        return self.release.digest if self.is_release else f"{self.release.digest}.{self.sequence}"
