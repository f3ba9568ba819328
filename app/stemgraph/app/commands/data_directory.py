"""Which graph a command works on: a release, a data directory, or the bundle where there is none yet."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stemgraph.app.commands.console import shown_progress
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.release import DataDirectory, read_release
from stemgraph.ontology.bundle import bundle_directory

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph
    from stemgraph.graph.publication import Publication

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="STEMGRAPH_DATA",
        metavar="DIR",
        help="Data directory; without it the platform's own for stemgraph.",
        readable=False,  # the command itself says what cannot be read
        show_default=False,
    ),
]
ReleaseOption = Annotated[
    Path | None,
    typer.Option(
        "--release",
        envvar="STEMGRAPH_RELEASE",
        metavar="DIR",
        help="One compiled release, read only, instead of a data directory.",
        readable=False,  # the command itself says what cannot be read
        show_default=False,
    ),
]

BUNDLED: Final = "bundled"
"""File of a data directory that was filled from the bundle: the ids of that release, and of the bundle."""
_OURS: Final = frozenset(
    {"releases", "current", "keys.json", BUNDLED, "lost+found", "editions", "working", "journal.jsonl"}
    | {"writer.lock", "writer.sock"}
)


def default_data_directory() -> Path:
    """The platform's place for a user's data."""
    from platformdirs import user_data_path  # noqa: PLC0415  # only where nothing is said

    return user_data_path("stemgraph")


def graph_directory(
    data: Path | None, release: Path | None, *, meanwhile: Callable[[], object] | None = None
) -> Path:
    """What is to be opened: the release, or the data directory, which is filled first if it is empty.

    Args:
        data: The data directory that was named.
        release: The release that was named.
        meanwhile: Is called when filling waits for the process that loads the store.

    Raises:
        DataDirectoryError: It cannot be read or written, or holds something else.
    """
    if release is not None:
        return release
    path = data or default_data_directory()
    directory = DataDirectory(path)
    if directory.is_empty:
        refuse_foreign(path)
        fill(directory, meanwhile=meanwhile)
    else:
        _renew(directory)
        if _outdated(directory):
            fill(directory, meanwhile=meanwhile)
        _make_readable(path)
    return path


def _make_readable(path: Path) -> None:
    """See to it that edits can be read, where a crash or a copy left the journal alone with them."""
    if not (path / "journal.jsonl").exists() or not os.access(path, os.W_OK):
        return
    from stemgraph.app.writer.opening import make_readable  # noqa: PLC0415  # only where there are edits

    make_readable(path)


def open_graph(data: Path | None, release: Path | None) -> KnowledgeGraph:
    """The graph of a release or data directory; raises as ``graph_directory``."""
    from stemgraph.graph import KnowledgeGraph  # noqa: PLC0415  # start-up time

    return KnowledgeGraph.open(graph_directory(data, release))


def fill(
    directory: DataDirectory, *, sequence: int = 0, meanwhile: Callable[[], object] | None = None
) -> Publication:
    """Publish the bundle in a data directory, and remember that it came from there.

    Args:
        directory: Is filled.
        sequence: Edits after the one of this number are made on it too.
        meanwhile: Is called when this process waits for the one that loads the store.

    Raises:
        DataDirectoryError: The directory cannot be written.
    """
    from stemgraph.graph.compilation import STORING  # noqa: PLC0415  # only the first time
    from stemgraph.graph.publication import publish_release  # noqa: PLC0415

    def tell(stage: str, fraction: float) -> None:
        progress(stage, fraction)
        if stage == STORING and meanwhile is not None:
            meanwhile()

    bundle = bundle_directory()
    with shown_progress(f"Filling {directory.path} from the bundled graph") as progress:
        published = publish_release(bundle, directory, sequence=sequence, progress=tell)
    _mark(directory, published.release.id, read_release(bundle).id)
    return published


def _renew(directory: DataDirectory) -> None:
    from stemgraph.graph.renewal import outdated_releases, renew_releases  # noqa: PLC0415  # start-up time

    if not outdated_releases(directory):
        return
    with shown_progress(f"Compiling releases of {directory.path} for this version") as progress:
        renew_releases(directory, progress=progress)


def _mark(directory: DataDirectory, identifier: str, bundle: str) -> None:
    try:
        (directory.path / BUNDLED).write_text(f"{identifier}\n{bundle}\n", encoding="utf-8")
    except OSError as error:
        raise DataDirectoryError(f"cannot be written: {error.strerror}", place=str(directory.path)) from error


def _outdated(directory: DataDirectory) -> bool:
    """Whether it serves an earlier bundle and nothing was loaded since, so that ours may take its place."""
    try:
        filled, *bundle = (directory.path / BUNDLED).read_text(encoding="utf-8").split()
        current = (directory.path / "current").read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, ValueError):
        return False
    writable = os.access(directory.path, os.W_OK)
    # The first release of a directory is the bundle itself; a later one has first releases carried into it.
    return filled == current and writable and read_release(bundle_directory()).id != (bundle or [filled])[0]


def refuse_foreign(path: Path) -> None:
    """Refuse a directory that holds something else than stemgraph's own.

    Raises:
        DataDirectoryError: It does, or cannot be read.
    """
    try:
        found = sorted(each.name for each in path.iterdir() if each.name not in _OURS)
    except FileNotFoundError:
        return
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be read: {error.strerror}", place=str(path), mend="name another directory with --data"
        ) from error
    if found:
        raise DataDirectoryError(
            f"is not a data directory of stemgraph: it holds '{found[0]}' and no release",
            place=str(path),
            mend="name an empty or new directory with --data",
        )
