"""A copy of a store, made of hard links, with a difference applied: what an update reads of itself."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.quad_diff import QuadDiff

PREFIX: Final = ".scratch-"
SECONDS_KEPT: Final = 3600.0
"""After this long a copy is one that a process left behind when it was killed."""


@contextmanager
def scratch_store(store: Path, diff: QuadDiff, editions: Path) -> Generator[Path]:
    """A store with a difference applied, there until the context ends.

    Args:
        store: Directory of the store; it stays as it is.
        diff: What is applied.
        editions: The directory of editions of the data directory, which workers may read.
    """
    editions.mkdir(exist_ok=True)
    _remove_old(editions)
    home = editions / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        made = home / "store"
        made.mkdir(parents=True)
        for file in store.iterdir():
            if file.name != "LOCK" and not file.name.startswith("LOG"):
                _take_over(file, made / file.name)
        copy = ox.Store(str(made))
        for quad in ox.parse("\n".join(diff.removed), format=ox.RdfFormat.N_QUADS):
            copy.remove(quad)
        copy.extend(ox.parse("\n".join(diff.added), format=ox.RdfFormat.N_QUADS))
        copy.flush()
        del copy
        yield made
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _take_over(file: Path, target: Path) -> None:
    if file.suffix == ".sst":  # written once, and never changed
        try:
            os.link(file, target)
        except OSError:  # another file system, or one without links
            pass
        else:
            return
    shutil.copyfile(file, target)


def _remove_old(editions: Path) -> None:
    for each in editions.glob(f"{PREFIX}*"):
        try:
            if time.time() - each.stat().st_mtime > SECONDS_KEPT:
                shutil.rmtree(each, ignore_errors=True)
        except OSError:  # another process was faster
            continue
