"""Making a source directory of any RDF: an rdflib graph, a file, or quads."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyoxigraph as ox

from stemgraph.graph.errors import DataDirectoryError, FormatError, UnknownFormatError
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


def quads_of_file(path: Path) -> Iterable[ox.Quad]:
    """The quads of an RDF file, its format told by its name; ``.gz`` may follow.

    Raises:
        UnknownFormatError: The name ends like no RDF format.
        FormatError: The file does not parse; ``place`` is file, line and column.
        DataDirectoryError: The file cannot be read.
    """
    name = path.name.removesuffix(".gz")
    rdf_format = ox.RdfFormat.from_extension(name.rpartition(".")[2])
    if rdf_format is None:
        raise UnknownFormatError(
            f"'{path.name}' does not end like an RDF file",
            place=str(path),
            mend="use .ttl, .trig, .nt, .nq, .jsonld or .rdf, and .gz after it if it is compressed",
        )
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return list(ox.parse(content, format=rdf_format))
    except SyntaxError as error:
        place = f"{path}, line {error.lineno}, column {error.offset}" if error.lineno else str(path)
        raise FormatError(str(error.msg), place=place, mend="correct the file") from error
    except (OSError, EOFError) as error:
        raise DataDirectoryError(f"cannot be read: {error}", place=str(path)) from error


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
