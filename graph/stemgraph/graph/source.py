"""Making a source directory of any RDF: an rdflib graph, or quads."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyoxigraph as ox

from stemgraph.graph.release import Release

if TYPE_CHECKING:
    from rdflib import Graph


def write_source(
    quads: Iterable[ox.Quad], directory: Path, *, number: int = 1, date: str | None = None
) -> Release:
    """Write quads as the canonical ``graph.nq.gz`` and ``release.json`` of a new source directory."""
    serialised = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    lines = sorted(set(serialised.splitlines(keepends=True)))
    text = b"".join(lines)
    release = Release(number, hashlib.sha256(text).hexdigest(), date or datetime.now(UTC).date().isoformat())
    record = release.to_record()
    record.pop("id")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "graph.nq.gz").write_bytes(gzip.compress(text, compresslevel=1, mtime=0))
    (directory / "release.json").write_bytes(orjson.dumps(record))
    return release


def quads_of_graph(graph: Graph) -> Iterable[ox.Quad]:
    """The quads of an rdflib Dataset or Graph."""
    from rdflib import Dataset  # noqa: PLC0415  # 0.3 s, and the caller has it already
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID  # noqa: PLC0415

    if not isinstance(graph, Dataset):
        return ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)
    default = ox.NamedNode(str(DATASET_DEFAULT_GRAPH_ID))
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object) if quad.graph_name == default else quad
        for quad in ox.parse(graph.serialize(format="nquads"), format=ox.RdfFormat.N_QUADS)
    ]
