"""The quads of a release as an rdflib Dataset, through oxrdflib, refusing every write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import pyoxigraph as ox
import rdflib
from oxrdflib import OxigraphStore
from rdflib.graph import Graph

from stemgraph.ontology.identifiers import PREFIXES


def dataset_over(store: ox.Store) -> rdflib.Dataset:
    """A read-only Dataset over a store, with its prefixes bound; its default graph is the union of all."""
    # rdflib names the default graph DATASET_DEFAULT_GRAPH_ID, which oxrdflib maps to Oxigraph's own.
    dataset = rdflib.Dataset(store=ReadOnlyStore(store=store), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.namespace_manager.bind(prefix, namespace, replace=True)
    return dataset


class ReadOnlyStore(OxigraphStore):
    """oxrdflib's store over a release, which never changes.

    Raises:
        TypeError: On every attempt to write.
    """

    def add(self, triple: Any, context: Graph, quoted: bool = False) -> NoReturn:  # rdflib's signature
        """Refuse."""
        _refuse()

    def addN(self, quads: Iterable[Any]) -> NoReturn:  # noqa: N802  # rdflib's name
        """Refuse."""
        _refuse()

    def remove(self, triple: Any, context: Graph | None = None) -> NoReturn:
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
