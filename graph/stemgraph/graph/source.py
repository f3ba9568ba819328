"""Making a source directory of any RDF: an rdflib graph, or quads."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyoxigraph as ox

from stemgraph.graph.release import Release

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def write_source(
    quads: Iterable[ox.Quad],
    directory: Path,
    *,
    number: int = 1,
    date: str | None = None,
    aside: Iterable[str] = (),
) -> Release:
    """Write quads as the canonical ``graph.nq.gz`` and ``release.json`` of a new source directory.

    Args:
        quads: What it holds, in any order.
        directory: Is made.
        number: Of the release.
        date: Of the release; today's where there is none.
        aside: IRIs of the named graphs that no record is to be made of; asked for once the quads are read.
    """
    serialised = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    lines = sorted(set(serialised.splitlines(keepends=True)))
    text = b"".join(lines)
    release = Release(
        number,
        hashlib.sha256(text).hexdigest(),
        date or datetime.now(UTC).date().isoformat(),
        aside=tuple(sorted(aside)),
    )
    record = release.to_record()
    record.pop("id")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "graph.nq.gz").write_bytes(gzip.compress(text, compresslevel=1, mtime=0))
    (directory / "release.json").write_bytes(orjson.dumps(record))
    return release


def quads_of_graph(graph: Graph) -> Iterator[ox.Quad]:
    """The quads of an rdflib Dataset, or the triples of a Graph as quads of the default graph."""
    from rdflib import Dataset  # noqa: PLC0415  # 0.3 s, and the caller has it already
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID  # noqa: PLC0415

    parts = list(graph.graphs()) if isinstance(graph, Dataset) else [graph]
    for part in parts:
        named = isinstance(graph, Dataset) and part.identifier != DATASET_DEFAULT_GRAPH_ID
        name = _resource(part.identifier) if named else ox.DefaultGraph()
        for subject, predicate, object_ in part:
            yield ox.Quad(_resource(subject), ox.NamedNode(str(predicate)), _term(object_), name)


def _resource(node: Node) -> ox.NamedNode | ox.BlankNode:
    from rdflib import BNode  # noqa: PLC0415  # as above

    return ox.BlankNode(str(node)) if isinstance(node, BNode) else ox.NamedNode(str(node))


def _term(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    from rdflib import Literal  # noqa: PLC0415  # as above

    if not isinstance(node, Literal):
        return _resource(node)
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)
