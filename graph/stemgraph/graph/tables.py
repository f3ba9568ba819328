"""The tables of a release: everything compiled from its statements but the store."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from stemgraph.graph.errors import DataDirectoryError, FormatError
from stemgraph.graph.release import Release

Progress = Callable[[str, float], None]
"""Told what is being done and how far the whole is, from 0 to 1."""

TABLES: Final = ("labels", "records", "statistics.json", "view")
"""What they are called in a release directory."""


def derive_tables(
    text: Iterable[str], directory: Path, release: Release, *, progress: Progress | None = None
) -> Release:
    """Write the tables of canonical N-Quads; the release with its counts and sources filled in.

    The same statements always make the same bytes.

    Args:
        text: The N-Quads, in chunks of any size.
        directory: Where the tables go; it is there and holds none.
        release: What the statements are the release of.
        progress: Is told how far the work is.

    Raises:
        DataDirectoryError: The text is not canonical N-Quads.
    """
    with _no_garbage_collection():
        return _derive(text, directory, release, progress or silent)


def silent(stage: str, fraction: float) -> None:
    """No progress is wanted."""


def _derive(text: Iterable[str], directory: Path, release: Release, progress: Progress) -> Release:
    from stemgraph.graph.aside import Aside  # noqa: PLC0415  # what only deriving needs
    from stemgraph.graph.gathering import Gathering  # noqa: PLC0415
    from stemgraph.graph.records import MappedRecords  # noqa: PLC0415
    from stemgraph.graph.search import write_label_index  # noqa: PLC0415
    from stemgraph.graph.statistics import count_release  # noqa: PLC0415
    from stemgraph.graph.view import build_view  # noqa: PLC0415
    from stemgraph.graph.writing import RecordWriter, write_records  # noqa: PLC0415

    progress("reading", 0.1)
    try:
        gathering = Gathering.from_text(text, place="graph.nq.gz", aside=Aside(release.aside))
    except (FormatError, UnicodeDecodeError) as error:
        raise DataDirectoryError(
            str(error), place=str(directory), mend="build or fetch the release again"
        ) from error
    progress("writing records", 0.35)
    writer = RecordWriter(gathering)
    write_records(writer, directory / "records")
    statistics = count_release(gathering, writer)
    (directory / "statistics.json").write_bytes(orjson.dumps(statistics, option=orjson.OPT_INDENT_2))
    progress("indexing names", 0.55)
    write_label_index(writer.entity_records(), directory / "labels")
    sources = release.sources or tuple(
        {"name": name, **stated} for name, stated in sorted(gathering.sources.items())
    )
    del gathering, writer
    progress("arranging the view", 0.7)
    build_view(MappedRecords(directory / "records"), directory / "view")
    return replace(release, sources=sources, counts=release.counts or statistics["totals"])


@contextmanager
def _no_garbage_collection() -> Generator[None]:
    """Gathering makes half a million lasting objects and no cycles; looking for any costs a quarter."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
