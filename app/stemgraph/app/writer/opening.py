"""Opening the edition that a data directory says is the last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stemgraph.app.writer.snapshots import Snapshots
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.release import DataDirectory, ReleaseDirectory
from stemgraph.graph.release_history import ReleaseHistory

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph


def open_edition(data: Path) -> KnowledgeGraph:
    """The current release with its edits, as ``editions/current`` names them.

    Raises:
        DataDirectoryError: The release, the journal or the snapshot is damaged.
    """
    from stemgraph.graph import KnowledgeGraph  # noqa: PLC0415  # start-up time

    graph = KnowledgeGraph.open(data)
    current = Snapshots(data).current()
    if current is None or current.release != graph.release.id or current.sequence <= graph.edition.sequence:
        return graph
    return _edited(graph, data, current.sequence)


def edition_of(release: ReleaseDirectory, data: Path, sequence: int) -> KnowledgeGraph:
    """A release with its edits up to one of them, whose snapshot is there.

    Raises:
        DataDirectoryError: The journal or the snapshot is damaged.
    """
    from stemgraph.graph import KnowledgeGraph  # noqa: PLC0415  # start-up time

    graph = KnowledgeGraph(release, history=ReleaseHistory(release, DataDirectory(data)))
    return graph if sequence <= release.release.sequence else _edited(graph, data, sequence)


def _edited(graph: KnowledgeGraph, data: Path, sequence: int) -> KnowledgeGraph:
    net, time = QuadDiff(), ""
    for entry in Journal(data / NAME).entries(graph.release.sequence, until=sequence):
        net, time = net.then(entry.diff), entry.time
    store = Snapshots(data).store(sequence)
    return graph.edited(net, sequence=sequence, store=store, date=time[:10])
