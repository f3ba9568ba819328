"""Compiling an edition whole, for edits so large that gathering what they touch would take longer."""

from __future__ import annotations

import tempfile
from pathlib import Path

from stemgraph.graph.aside import Aside
from stemgraph.graph.compilation import compile_release
from stemgraph.graph.edition import Edition
from stemgraph.graph.release import ReleaseDirectory
from stemgraph.graph.source import write_source
from stemgraph.graph.store import OxigraphStore


def compile_edition(edition: Edition, directory: Path, *, aside: Aside) -> ReleaseDirectory:
    """Compile every quad of an edition's store into a directory, which is made; some seconds of work."""
    release = edition.release
    with tempfile.TemporaryDirectory(prefix="stemgraph-edition-") as source:
        store = OxigraphStore(edition.store)
        try:
            write_source(
                store.quads(),
                Path(source),
                number=release.number,
                date=str(release.date),
                aside=aside.among(f"<{each}>" for each in store.graphs()),
            )
        finally:
            store.close()
        compile_release(Path(source), directory)
    return ReleaseDirectory(directory)
