"""Opening an edition of a data directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stemgraph.graph.current_edition import CurrentEdition, moved_on
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.release import DataDirectory, ReleaseDirectory
from stemgraph.graph.release_history import ReleaseHistory

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph


def open_edition(data: Path) -> KnowledgeGraph:
    """The current release with the edits that can be read.

    Raises:
        DataDirectoryError: The release, the journal or the snapshot is damaged.
    """
    from stemgraph.graph import KnowledgeGraph  # noqa: PLC0415  # start-up time

    return KnowledgeGraph.open(data)


def edition_of(release: ReleaseDirectory, data: Path, sequence: int, snapshot: str) -> KnowledgeGraph:
    """A release with its edits up to one of them, which a snapshot holds.

    Raises:
        DataDirectoryError: The journal or the snapshot is damaged.
    """
    from stemgraph.graph import KnowledgeGraph  # noqa: PLC0415  # start-up time

    directory = DataDirectory(data)
    graph = KnowledgeGraph(release, history=ReleaseHistory(release, directory))
    return moved_on(graph, directory, CurrentEdition(release.release.id, sequence, snapshot))


def make_readable(data: Path) -> None:
    """Do what a writer does at its start, where edits cannot be read and no writer is there to do it.

    Raises:
        DataDirectoryError: The release or the journal is damaged.
        OSError: There is no room, or the directory cannot be written.
    """
    directory = DataDirectory(data)
    last = Journal(data / NAME).last
    if last is None or last.sequence <= directory.current().release.sequence:
        return
    if CurrentEdition.of(directory).sequence == last.sequence:
        return
    from stemgraph.app.writer.lock import WriterLock  # noqa: PLC0415  # not on Windows
    from stemgraph.app.writer.recovery import recover  # noqa: PLC0415  # start-up time

    lock = WriterLock(data)
    if lock.take():
        try:
            recover(data).close()
        finally:
            lock.release()
