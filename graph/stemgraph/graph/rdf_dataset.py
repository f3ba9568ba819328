"""The quads of a release as an rdflib Dataset, through oxrdflib, refusing every write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import pyoxigraph as ox
import rdflib
from oxrdflib import OxigraphStore
from rdflib.graph import Graph

from stemgraph.graph.formats.inferred import inferred_quads
from stemgraph.graph.formats.rdf_shape import association_quads, entity_quads
from stemgraph.graph.model import Association
from stemgraph.graph.records import Records
from stemgraph.ontology.identifiers import PREFIXES


def dataset_over(store: ox.Store) -> rdflib.Dataset:
    """A read-only Dataset over a store, with its prefixes bound; its default graph is the union of all."""
    # rdflib names the default graph DATASET_DEFAULT_GRAPH_ID, which oxrdflib maps to Oxigraph's own.
    return _bound(rdflib.Dataset(store=ReadOnlyStore(store=store), default_union=True))


def dataset_of(associations: Iterable[Association], records: Records) -> rdflib.Dataset:
    """A Dataset in memory of some associations, their evidence and the entities they name."""
    kept = list(associations)
    store = ox.Store()
    for association in kept:
        store.extend(association_quads(association))
        store.extend(inferred_quads(association))
    for curie in sorted({end.id for each in kept for end in (each.subject, each.object)}):
        entity = records.entity(curie)
        if entity is not None:
            store.extend(entity_quads(entity))
    return _bound(rdflib.Dataset(store=OxigraphStore(store=store), default_union=True))


def _bound(dataset: rdflib.Dataset) -> rdflib.Dataset:
    for prefix, namespace in PREFIXES.items():
        dataset.namespace_manager.bind(prefix, namespace, replace=True)
    return dataset


class ReadOnlyStore(OxigraphStore):
    """oxrdflib's store over a release, which never changes.

    Raises:
        TypeError: On every attempt to write.
    """

    def add(self, triple: object, context: Graph, quoted: bool = False) -> NoReturn:
        """Refuse."""
        _refuse()

    def addN(self, quads: Iterable[object]) -> NoReturn:  # noqa: N802  # rdflib's name
        """Refuse."""
        _refuse()

    def remove(self, triple: object, context: Graph | None = None) -> NoReturn:
        """Refuse."""
        _refuse()

    def add_graph(self, graph: Graph) -> None:
        """Nothing: rdflib announces graphs that it only reads."""

    def remove_graph(self, graph: Graph) -> NoReturn:
        """Refuse."""
        _refuse()

    def update(self, *arguments: object, **keywords: object) -> NoReturn:
        """Refuse."""
        _refuse()


def _refuse() -> NoReturn:
    raise TypeError("a release never changes: copy its quads into a Dataset of your own to edit them")
