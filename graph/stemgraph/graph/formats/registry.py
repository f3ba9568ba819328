"""The export formats by name, each with its media type, file extension and writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Final, cast

from stemgraph.graph.errors import BadRequestError, UnknownFormatError
from stemgraph.graph.formats.graph_tools import write_cytoscape, write_graphml, write_node_link
from stemgraph.graph.formats.kgx import write_kgx_jsonl, write_kgx_tsv
from stemgraph.graph.formats.rdf import (
    write_jsonld,
    write_nquads,
    write_ntriples,
    write_rdfxml,
    write_trig,
    write_turtle,
)
from stemgraph.graph.formats.selection import Selection
from stemgraph.graph.formats.table import write_csv
from stemgraph.graph.model import Association

if TYPE_CHECKING:
    from stemgraph.graph.association_query import AssociationQuery
    from stemgraph.graph.associations import Associations
    from stemgraph.graph.edition import Edition
    from stemgraph.graph.formats.statements import Statements
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.records import Records

_PIECE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """How the graph can be written."""

    name: str
    label: str
    media_type: str
    extension: str
    write: Callable[[Selection, IO[bytes]], None]


EXPORT_FORMATS: Final[Mapping[str, ExportFormat]] = MappingProxyType(
    {
        each.name: each
        for each in (
            ExportFormat("turtle", "Turtle", "text/turtle", "ttl", write_turtle),
            ExportFormat("trig", "TriG", "application/trig", "trig", write_trig),
            ExportFormat("ntriples", "N-Triples", "application/n-triples", "nt", write_ntriples),
            ExportFormat("nquads", "N-Quads", "application/n-quads", "nq", write_nquads),
            ExportFormat("jsonld", "JSON-LD", "application/ld+json", "jsonld", write_jsonld),
            ExportFormat("rdfxml", "RDF/XML", "application/rdf+xml", "rdf", write_rdfxml),
            ExportFormat("kgx-tsv", "KGX TSV (zip)", "application/zip", "zip", write_kgx_tsv),
            ExportFormat("kgx-jsonl", "KGX JSON Lines (zip)", "application/zip", "zip", write_kgx_jsonl),
            ExportFormat("graphml", "GraphML", "application/graphml+xml", "graphml", write_graphml),
            ExportFormat(
                "cytoscape", "Cytoscape JSON", "application/vnd.cytoscape+json", "cyjs", write_cytoscape
            ),
            ExportFormat("node-link", "Node-link JSON", "application/json", "json", write_node_link),
            ExportFormat("csv", "CSV", "text/csv", "csv", write_csv),
        )
    }
)
"""Every export format, in the order in which they are listed."""


RDF_FORMATS: Final = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
"""Those that write RDF; what is inferred keeps its named graph in TriG, N-Quads and JSON-LD."""


def export_format(name: str) -> ExportFormat:
    """The export format of this name.

    Raises:
        UnknownFormatError: There is none.
    """
    known = EXPORT_FORMATS.get(name)
    if known is None:
        raise UnknownFormatError(
            f"'{name}' is not an export format",
            place="format",
            mend=f"use one of {', '.join(EXPORT_FORMATS)}",
        )
    return known


def export(
    records: Records,
    format: str,  # noqa: A002  # the word of rdflib, pyoxigraph and the command line
    stream: IO[bytes],
    *,
    associations: Iterable[Association] | None = None,
    statements: Statements | None = None,
    inferred: Callable[[], Iterator[Association]] | None = None,
    edition: Edition | None = None,
) -> None:
    """Write a release, or some of its associations with their entities, to a binary stream.

    Args:
        records: The release.
        format: A name in ``EXPORT_FORMATS``.
        stream: Is written to as the export goes, and left open.
        associations: Only these and the entities they name.
        statements: Those of the whole: its RDF then has every one of them.
        inferred: Gives what is inherited, which goes to the graph ``sgg:inferred``.
        edition: The edition, where RDF is to say which it is from.

    Raises:
        UnknownFormatError: The format is not known.
        BadRequestError: What is inherited is wanted in a format that is not RDF.
    """
    chosen = export_format(format)
    if inferred is not None and format not in RDF_FORMATS:
        raise BadRequestError(
            f"'{format}' has no place for what is inferred",
            place="format",
            mend=f"use one of {', '.join(RDF_FORMATS)}",
        )
    buffered = BufferedStream(stream)
    selection = Selection(
        records, associations=associations, statements=statements, inferred=inferred, edition=edition
    )
    chosen.write(selection, cast("IO[bytes]", buffered))
    buffered.flush()


def export_graph(
    graph: KnowledgeGraph,
    format: str,  # noqa: A002  # the word of rdflib, pyoxigraph and the command line
    stream: IO[bytes],
    *,
    query: AssociationQuery | None = None,
    inferred: bool = False,
    with_release: bool = False,
) -> None:
    """Write a knowledge graph, or every association that a query asks for, whatever its limit.

    What is inferred goes to a named graph of its own. With a query that asks for an entity it is what answers
    for that entity; otherwise it is everything that follows from the associations that are written.
    ``with_release`` adds to RDF which release it is from; but the N-Quads of a whole release are its own
    file, whose digest says so.

    Raises:
        UnknownFormatError: The format is not known.
        BadRequestError: What is inferred is wanted in a format that is not RDF.
    """
    export_format(format)
    found = None if query is None else graph.associations(query, closure=query.closure or inferred)
    export(
        graph.records,
        format,
        stream,
        associations=None if found is None else found.all(),
        statements=graph.statements,
        inferred=(lambda: _inferred(graph, found)) if inferred else None,
        edition=graph.edition if with_release else None,
    )


def _inferred(graph: KnowledgeGraph, found: Associations | None) -> Iterator[Association]:
    from stemgraph.graph.inferences import every_inference  # noqa: PLC0415  # numpy, which few exports need

    if found is None:
        return every_inference(graph.closure_index)
    asked = found.query
    if asked.subject is None and asked.object is None and asked.entity is None:
        return every_inference(graph.closure_index, found.found_rows)
    return found.all()


class BufferedStream:
    """Passes on what is written in large pieces; the stream needs no other method than ``write``."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take a piece, and pass on what has come together when it is enough."""
        self._pieces.append(bytes(data))
        self._size += len(data)
        if self._size >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Pass on what has come together."""
        if self._pieces:
            self._stream.write(b"".join(self._pieces))
            self._pieces.clear()
            self._size = 0
