"""What surrounds an entity: the nodes and edges of a picture, the curated ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError
from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.view import Edge, GraphView, Numbers, Steps

if TYPE_CHECKING:
    from collections.abc import Collection

BACKBONE_SOURCES: Final = frozenset(
    {"cl", "mondo", "maxo", "uberon", "hgnc", "chebi", "go", "hp", "mappings"}
)
"""Named graphs of imported ontologies; what comes from any other was curated or loaded on purpose."""

MAXIMUM_DEPTH: Final = 5
EDGES_PER_NODE: Final = 20
"""A picture shows at most this many edges for each node of its limit."""


@dataclass(frozen=True, slots=True)
class NeighborhoodNode:
    """An entity of a neighbourhood and the number of edges between it and the centre."""

    entity: EntityReference
    distance: int

    def to_record(self) -> Record:
        """The JSON shape ``{id, label, categories, distance}``."""
        return {**self.entity.to_record(), "distance": self.distance}


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """Nodes (the centre first, then by distance and rank) and the edges among them."""

    nodes: tuple[NeighborhoodNode, ...]
    edges: tuple[Edge, ...]
    truncated: bool
    """Whether more nodes or edges lie within the depth than the limit let in."""

    def to_record(self) -> Record:
        """The JSON shape ``{nodes, edges, truncated}``."""
        return {
            "nodes": [each.to_record() for each in self.nodes],
            "edges": [each.to_record() for each in self.edges],
            "truncated": self.truncated,
        }


def neighborhood(view: GraphView, identifier: str, *, depth: int = 1, limit: int = 100) -> Neighborhood:
    """The entities within ``depth`` edges of one, at most ``limit`` of them, and the edges among them.

    Within a distance, entities with a curated association come before those that only the ontologies
    connect, then those connected more often.

    Raises:
        UnknownIdentifierError: The entity is not in the release.
        BadRequestError: The depth or the limit is out of range.
    """
    if not 1 <= depth <= MAXIMUM_DEPTH:
        raise BadRequestError(f"must be from 1 to {MAXIMUM_DEPTH}, not {depth}", place="depth")
    if limit < 1:
        raise BadRequestError(f"must be at least 1, not {limit}", place="limit")
    centre = view.node(identifier)
    if centre is None:
        raise UnknownIdentifierError(identifier)
    backbone = source_mask(view, BACKBONE_SOURCES)
    distances = {centre: 0}
    frontier = np.array([centre], dtype=np.int32)
    truncated = False
    for distance in range(1, depth + 1):
        steps = view.steps(frontier)
        found = _ranked(steps, backbone[view.edge_source[steps.edges]], distances)
        room = limit - len(distances)
        truncated = truncated or len(found) > room
        frontier = found[:room]
        distances.update(dict.fromkeys(frontier.tolist(), distance))
    nodes = tuple(NeighborhoodNode(view.reference(node), far) for node, far in distances.items())
    edges = _edges_among(view, np.array(list(distances), dtype=np.int32), backbone)
    shown = edges[: limit * EDGES_PER_NODE]
    truncated = truncated or len(shown) < len(edges)
    return Neighborhood(nodes, tuple(map(view.edge, shown.tolist())), truncated)


def source_mask(view: GraphView, names: Collection[str]) -> NDArray[np.bool_]:
    """By code of a source: whether it is one of these."""
    return np.array([name in names for name in view.sources], dtype=np.bool_)


def _ranked(steps: Steps, backbone: NDArray[np.bool_], known: Collection[int]) -> Numbers:
    """The new neighbours, best first; ``backbone`` says of each step whether an ontology states it."""
    new = ~np.isin(steps.neighbors, np.fromiter(known, dtype=np.int32, count=len(known)))
    neighbors, places, counts = np.unique(steps.neighbors[new], return_inverse=True, return_counts=True)
    only_backbone = np.ones(len(neighbors), dtype=np.bool_)
    only_backbone[places[~backbone[new]]] = False
    return neighbors[np.lexsort((neighbors, -counts, only_backbone))]


def _edges_among(view: GraphView, nodes: Numbers, backbone: NDArray[np.bool_]) -> Numbers:
    """Numbers of the edges whose two ends are both among the nodes, curated ones first."""
    chosen = np.zeros(view.node_count, dtype=np.bool_)
    chosen[nodes] = True
    steps = view.steps(nodes)
    edges = np.sort(steps.edges[steps.forward & chosen[steps.neighbors]])
    return edges[np.argsort(backbone[view.edge_source[edges]], kind="stable")]
