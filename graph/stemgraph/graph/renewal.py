"""Releases that another version of stemgraph compiled, compiled again from the statements that they keep."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from stemgraph.graph.model import Record
from stemgraph.graph.release import LAYOUT, DataDirectory

if TYPE_CHECKING:
    from stemgraph.graph.tables import Progress


def outdated_releases(data: DataDirectory) -> tuple[str, ...]:
    """The ids of the releases that are of another layout; none where they could not be replaced."""
    if not os.access(data.path / "releases", os.W_OK):
        return ()
    return tuple(each for each in data.releases() if _is_outdated(data.release_path(each)))


def renew_releases(data: DataDirectory, *, progress: Progress | None = None) -> tuple[str, ...]:
    """Compile every release of another layout again; the ids of those that were.

    A release is its statements, which stay as they are: so it answers after an upgrade as it did before.

    Raises:
        DataDirectoryError: A release is damaged, or there is no room.
    """
    outdated = outdated_releases(data)
    for identifier in outdated:
        _renew(data.release_path(identifier), progress)
    return outdated


def _renew(path: Path, progress: Progress | None) -> None:
    from stemgraph.graph.compilation import compile_release  # noqa: PLC0415  # needed once in a version

    with tempfile.TemporaryDirectory(prefix="stemgraph-renew-") as temporary:
        for name in ("graph.nq.gz", "release.json"):
            shutil.copyfile(path / name, Path(temporary) / name)
        compile_release(Path(temporary), path, progress=progress, replace=True)


def _is_outdated(path: Path) -> bool:
    try:
        manifest: Record | list[Record] = orjson.loads((path / "compiled.json").read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("layout", LAYOUT) != LAYOUT
