"""Named graphs that stand aside: anything may be stated in them, and no record of ours says it.

Graphs under our own base, and those that a release was loaded with, are what records are made of. A graph of
another name that an edit brings in stands aside, in the editions of that release and in the releases that are
published from them, until it is loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from stemgraph.graph.nquads import Statement
from stemgraph.graph.release import ReleaseDirectory
from stemgraph.ontology.identifiers import BASE, compress

_OURS: Final = f"<{BASE}"


class Aside:
    """Tells which named graphs stand aside.

    Args:
        graphs: The IRIs of those of which it is known.
        loaded: The names of all graphs of the release that is edited, as its statistics have them; what is
            neither among them nor ours stands aside. None where nothing is edited.
    """

    def __init__(self, graphs: Iterable[str] = (), *, loaded: Collection[str] | None = None) -> None:
        self._graphs = frozenset(f"<{each}>" for each in graphs)
        self._loaded = None if loaded is None else frozenset(loaded)

    @classmethod
    def of_edits(cls, release: ReleaseDirectory) -> Aside:
        """What stands aside in the editions of a release."""
        return cls(release.release.aside, loaded=release.statistics["quads"]["by_source"])

    def __contains__(self, graph: str) -> bool:
        """Whether a graph stands aside, by its term as written; the default graph never does."""
        if not graph.startswith("<") or graph.startswith(_OURS):
            return False
        if graph in self._graphs:
            return True
        return self._loaded is not None and compress(graph[1:-1]) not in self._loaded

    def among(self, graphs: Iterable[str]) -> tuple[str, ...]:
        """The IRIs of those of some graphs, by their terms as written, that stand aside; sorted."""
        return tuple(sorted({each[1:-1] for each in graphs if each in self}))

    def without(self, statements: list[Statement]) -> list[Statement]:
        """The statements that records are made of."""
        if not self._graphs and self._loaded is None:
            return statements
        return [each for each in statements if each.graph not in self]
