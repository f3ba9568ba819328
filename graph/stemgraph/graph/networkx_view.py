"""The graph as NetworkX sees it: a read-only MultiDiGraph that reads the arrays.

``_adj``, ``_pred`` and ``_node`` of a NetworkX graph may be any mappings; here they are mappings over a
``GraphView``, so every algorithm runs on the arrays unchanged and nothing is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import networkx as nx

from stemgraph.graph.model import Association
from stemgraph.graph.networkx_mappings import AdjacencyMapping, NamedView, NodeMapping, refuse
from stemgraph.graph.view import GraphView
from stemgraph.graph.view_columns import ViewColumns

if TYPE_CHECKING:
    MultiDiGraph = nx.MultiDiGraph[str]
else:
    MultiDiGraph = nx.MultiDiGraph  # generic in its stubs only


class ReadOnlyMultiDiGraph(MultiDiGraph):
    """A MultiDiGraph over the arrays; edges are keyed by association id, and mutation is refused.

    Called without a view, as NetworkX does for the results of its algorithms, the class gives a plain,
    mutable ``networkx.MultiDiGraph``.
    """

    frozen = True
    """Read by ``networkx.is_frozen``."""

    add_node = add_nodes_from = remove_node = remove_nodes_from = refuse
    add_edge = add_edges_from = add_weighted_edges_from = remove_edge = remove_edges_from = refuse
    update = clear = clear_edges = refuse

    def __new__(cls, *arguments: object, **attributes: object) -> Self:
        """A view of a ``GraphView``; of anything else, the plain graph that NetworkX would make."""
        if arguments and isinstance(arguments[0], GraphView):
            return object.__new__(cls)
        plain: Any = nx.MultiDiGraph  # Any: no instance of this class, and so never initialised as one
        graph: Self = plain(*arguments, **attributes)
        return graph

    def __init__(  # pyright: ignore[reportInconsistentConstructor]  # only reached with a view
        self, view: GraphView, **attributes: object
    ) -> None:
        super().__init__(None, None, **attributes)  # pyright: ignore[reportUnknownMemberType]  # untyped stub
        names = NamedView(view)
        self._view = view
        # NetworkX asks for mappings, and types them as dictionaries.
        self._node: Any = NodeMapping(names)
        self._adj: Any = AdjacencyMapping(names, forward=True)
        self._pred: Any = AdjacencyMapping(names, forward=False)

    def number_of_edges(self, u: str | None = None, v: str | None = None) -> int:
        """Number of edges, or of those from u to v."""
        return self._view.edge_count if u is None else super().number_of_edges(u, v)

    def __deepcopy__(self, memo: dict[int, object]) -> MultiDiGraph:
        return self.copy()

    def __reduce__(self) -> tuple[type[MultiDiGraph], tuple[MultiDiGraph]]:
        return nx.MultiDiGraph, (self.copy(),)


def associations_graph(associations: Sequence[Association]) -> MultiDiGraph:
    """A plain graph of those associations that are not negated, with the attributes that the view has."""
    return ReadOnlyMultiDiGraph(GraphView.from_columns(ViewColumns.from_associations(associations))).copy()
