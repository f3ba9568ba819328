"""Where graphs are kept that nobody gave a place: the user's cache, and temporary directories."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def cache_directory() -> Path:
    """The directory of STEMGRAPH_CACHE, or the platform's place for a user's cache."""
    named = os.environ.get("STEMGRAPH_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415  # only where nothing is said

    return user_cache_path("stemgraph")


def remove_own(directory: Path, maker: int) -> None:
    """Remove a temporary directory, unless this is a fork of the process that made it, which may need it."""
    if os.getpid() == maker:
        shutil.rmtree(directory, ignore_errors=True)
