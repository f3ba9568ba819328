"""What a data directory answers from now: its current release, and the edits since that readers may see."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import orjson

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.hold import Hold
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.release import DataDirectory
from stemgraph.graph.release_history import ReleaseHistory

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

Graph = TypeVar("Graph", bound="KnowledgeGraph")

_TRIES: Final = 5
"""How often a directory is looked at again that moves on while it is being opened."""


@dataclass(frozen=True, slots=True)
class CurrentEdition:
    """What ``current`` and ``editions/current`` name."""

    release: str
    sequence: int
    """Number of the last edit that readers see; 0 where none is named for this release."""
    snapshot: str = ""
    """Name of the snapshot that holds it, in ``editions``; empty for the release itself."""

    @classmethod
    def of(cls, data: DataDirectory) -> CurrentEdition:
        """Which it is, without opening anything; no release at all is an empty name."""
        try:
            release = (data.path / "current").read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError):
            release = ""
        try:
            named = orjson.loads((data.path / "editions" / "current").read_bytes())
            if named["release"] == release:
                return cls(release, int(named["sequence"]), str(named["snapshot"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return cls(release, 0)


def open_current(kind: type[Graph], data: DataDirectory, *, earlier: Graph | None = None) -> Graph:
    """The graph that a data directory answers from now.

    A snapshot that its writer removes meanwhile is no failure: the one that is named then is opened.

    Args:
        kind: The class of the graph.
        data: The directory.
        earlier: A graph of it, which is taken further where only edits were made since.

    Raises:
        DataDirectoryError: There is no release, or it, the journal or the snapshot is damaged.
    """
    for number in range(_TRIES):
        named = CurrentEdition.of(data)
        try:
            if earlier is not None and _only_edited(earlier, named):
                return moved_on(earlier, data, named)
            directory = data.current()
            return moved_on(kind(directory, history=ReleaseHistory(directory, data)), data, named)
        except DataDirectoryError:
            if number == _TRIES - 1 or CurrentEdition.of(data) == named:
                raise
    raise AssertionError  # the last try returns or raises


def moved_on(graph: Graph, data: DataDirectory, named: CurrentEdition) -> Graph:
    """The graph with the edits up to another edition of its release; itself where there are none.

    Raises:
        DataDirectoryError: The journal or the snapshot is damaged.
    """
    if not _only_edited(graph, named):
        return graph
    edition = graph.edition
    store = store_of(data.path / "editions", named.snapshot)
    with Hold(store):
        diff, date = QuadDiff(), edition.edited_on
        for entry in Journal(data.path / NAME).entries(edition.sequence, until=named.sequence):
            diff, date = diff.then(entry.diff), entry.time[:10]
        return graph.edited(diff, sequence=named.sequence, store=store, date=date)


def store_of(editions: Path, snapshot: str) -> Path:
    """Where the store of a snapshot is."""
    return editions / snapshot / "store"


def _only_edited(graph: KnowledgeGraph, named: CurrentEdition) -> bool:
    edition = graph.edition
    return named.release == edition.release.id and named.sequence > edition.sequence
