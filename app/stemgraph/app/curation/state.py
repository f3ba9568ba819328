"""The quads as they are once a difference has been applied, without applying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.quad_diff import QuadDiff, lines_of
from stemgraph.ontology.identifiers import PREFIXES, expand

STATE_GRAPH: Final = PREFIXES["sgg"] + "state"
"""Where the writer keeps its sequence number; it is no part of the graph."""

RDF_TYPE: Final = ox.NamedNode(expand("rdf:type"))
RDF_SUBJECT: Final = ox.NamedNode(expand("rdf:subject"))
RDF_PREDICATE: Final = ox.NamedNode(expand("rdf:predicate"))
RDF_OBJECT: Final = ox.NamedNode(expand("rdf:object"))
LABEL: Final = ox.NamedNode(expand("rdfs:label"))
HAS_EVIDENCE: Final = ox.NamedNode(expand("sgv:has_evidence"))
ASSOCIATION: Final = ox.NamedNode(expand("sgv:Association"))
NEGATED: Final = ox.NamedNode(expand("sgv:negated"))

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class State:
    """A store with a difference laid over it.

    Args:
        store: What is there.
        diff: What is to change.
    """

    def __init__(self, store: ox.Store, diff: QuadDiff | None = None) -> None:
        self.store = store
        self.diff = diff or QuadDiff()
        self._removed = frozenset(parsed(self.diff.removed))
        self._added = ox.Store()
        self._added.extend(parsed(self.diff.added))

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Object | None = None,  # noqa: A002  # the RDF word
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that match a pattern, each once."""
        for quad in self.store.quads_for_pattern(subject, predicate, object, graph):
            if quad not in self._removed and not is_state(quad.graph_name):
                yield quad
        for quad in self._added.quads_for_pattern(subject, predicate, object, graph):
            if quad not in self.store:
                yield quad

    def __contains__(self, quad: ox.Quad) -> bool:
        return (quad in self.store and quad not in self._removed) or quad in self._added

    def then(self, later: QuadDiff) -> State:
        """The state after one more difference, which is relative to this one."""
        return State(self.store, effective(self.store, self.diff.then(later)))


def is_state(graph: GraphName) -> bool:
    """Whether it is the writer's own graph."""
    return isinstance(graph, ox.NamedNode) and graph.value == STATE_GRAPH


def parsed(lines: Iterable[str]) -> Iterator[ox.Quad]:
    """The quads of canonical lines."""
    return iter(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS))


def effective(store: ox.Store, diff: QuadDiff) -> QuadDiff:
    """The part of a difference that changes a store: what is there is not added, what is not, not removed."""
    added = frozenset(line for line, quad in _paired(diff.added) if quad not in store)
    removed = frozenset(line for line, quad in _paired(diff.removed) if quad in store)
    return QuadDiff(added, removed)


def difference(
    store: ox.Store, *, added: Iterable[ox.Quad] = (), removed: Iterable[ox.Quad] = ()
) -> QuadDiff:
    """The effective difference that these quads make; what is on both sides stays as it is."""
    new, old = lines_of(added), lines_of(removed)
    return effective(store, QuadDiff(new - old, old - new))


def _paired(lines: Iterable[str]) -> Iterator[tuple[str, ox.Quad]]:
    kept = sorted(lines)
    return zip(kept, parsed(kept), strict=True)


def node(curie: str) -> ox.NamedNode:
    """The node of a CURIE or http(s) address."""
    return ox.NamedNode(curie if curie.startswith(("http://", "https://")) else expand(curie))
