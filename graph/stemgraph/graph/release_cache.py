"""The user's cache of compiled bundles: each release is kept while some version of stemgraph uses it."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from stemgraph.graph.release import DataDirectory

UNUSED_DAYS: Final = 30
"""Days after which a release that was not opened is removed, when another is compiled."""

_SECONDS_A_DAY: Final = 86_400


class ReleaseCache:
    """Compiled releases under ``releases/`` of a directory; the time of each says when it was last opened."""

    def __init__(self, path: Path) -> None:
        self._data = DataDirectory(path)

    def release_path(self, identifier: str) -> Path:
        """Where the release of an id is, or would be."""
        return self._data.release_path(identifier)

    def note_use(self, identifier: str) -> None:
        """Remember that a release was opened now; not where the cache is read-only."""
        with suppress(OSError):
            os.utime(self.release_path(identifier))

    def prune(self, *, days: float = UNUSED_DAYS) -> tuple[str, ...]:
        """Remove the releases that were not opened for so many days; the ids of those that were removed.

        What is a data directory besides keeps all that it has.
        """
        if not self._data.is_empty:
            return ()
        oldest = time.time() - days * _SECONDS_A_DAY
        removed: list[str] = []
        for identifier in self._data.releases():
            path = self.release_path(identifier)
            with suppress(OSError):
                if path.stat().st_mtime < oldest:
                    shutil.rmtree(path)
                    removed.append(identifier)
        return tuple(removed)
