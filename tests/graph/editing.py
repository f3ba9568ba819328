"""Editing a graph in tests: the store after an edit, and the edit as a difference."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.store import OxigraphStore


def edit(
    graph: KnowledgeGraph, directory: Path, *, added: Iterable[ox.Quad] = (), removed: Iterable[ox.Quad] = ()
) -> KnowledgeGraph:
    """The graph after an edit, whose store is made in a directory."""
    number = graph.edition.sequence + 1
    path = directory / f"edition-{number}"
    before = ox.Store()
    before.extend(graph.store.quads())
    new = {quad for quad in added if quad not in before}
    old = {quad for quad in removed if quad in before} - set(added)
    store = ox.Store(str(path))
    store.bulk_extend(quad for quad in before if quad not in old)
    store.bulk_extend(new)
    store.flush()
    return graph.edited(QuadDiff.of(new, old), sequence=number, store=path)


def quads(text: str) -> list[ox.Quad]:
    """The quads of a piece of TriG with our prefixes."""
    from stemgraph.ontology.identifiers import PREFIXES  # the name is long enough

    header = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return list(ox.parse(header + text, ox.RdfFormat.TRIG))


class StoreInMemory(OxigraphStore):
    """A store of these quads that needs no directory."""

    def __init__(self, statements: Iterable[ox.Quad]) -> None:
        self._store = ox.Store()
        self._store.extend(statements)
