"""Export to RDF: Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML, written by Oxigraph."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Final, cast

import pyoxigraph as ox

from stemgraph.graph.formats.inferred import describe_inferred, inferred_quads
from stemgraph.graph.formats.ordered_header import OrderedHeader
from stemgraph.graph.formats.rdf_shape import association_quads, entity_quads, named
from stemgraph.graph.formats.release_shape import edition_quads
from stemgraph.graph.formats.selection import Selection
from stemgraph.ontology.identifiers import PREFIXES

_SPOOL_SIZE: Final = 1 << 22
"""Bytes of one named graph that are kept in memory before a temporary file takes them."""

_OUR_GRAPHS: Final = f" <{PREFIXES['sgg']}".encode()


def write_nquads(selection: Selection, stream: IO[bytes]) -> None:
    """N-Quads; of a whole release, its own canonical file."""
    if selection.statements is None:
        ox.serialize(_quads(selection), stream, ox.RdfFormat.N_QUADS)
        return
    with selection.statements.open() as lines:
        shutil.copyfileobj(lines, stream, 1 << 20)
    if selection.has_inferred:
        ox.serialize(_inferred(selection), stream, ox.RdfFormat.N_QUADS)


def write_ntriples(selection: Selection, stream: IO[bytes]) -> None:
    """N-Triples: the statements of all named graphs together."""
    ox.serialize((quad.triple for quad in _quads(selection)), stream, ox.RdfFormat.N_TRIPLES)


def write_turtle(selection: Selection, stream: IO[bytes]) -> None:
    """Turtle: the statements of all named graphs together."""
    _write_triples(selection, stream, ox.RdfFormat.TURTLE)


def write_rdfxml(selection: Selection, stream: IO[bytes]) -> None:
    """RDF/XML: the statements of all named graphs together."""
    _write_triples(selection, stream, ox.RdfFormat.RDF_XML)


def write_trig(selection: Selection, stream: IO[bytes]) -> None:
    """TriG, one block for each named graph."""
    _serialise(_quads_by_graph(selection), stream, ox.RdfFormat.TRIG)


def write_jsonld(selection: Selection, stream: IO[bytes]) -> None:
    """Expanded JSON-LD, one object for each named graph."""
    ox.serialize(_quads_by_graph(selection), stream, ox.RdfFormat.JSON_LD)


def _write_triples(selection: Selection, stream: IO[bytes], rdf_format: ox.RdfFormat) -> None:
    _serialise((quad.triple for quad in _quads(selection)), stream, rdf_format)


def _serialise(
    statements: Iterator[ox.Quad] | Iterator[ox.Triple], stream: IO[bytes], rdf_format: ox.RdfFormat
) -> None:
    """Write with our prefixes."""
    ordered = OrderedHeader(stream, xml=rdf_format == ox.RdfFormat.RDF_XML)
    ox.serialize(statements, cast("IO[bytes]", ordered), rdf_format, prefixes=PREFIXES)
    ordered.close()


def _quads(selection: Selection) -> Iterator[ox.Quad]:
    yield from _edition(selection)
    if selection.statements is None:
        yield from _selected_quads(selection)
        return
    with selection.statements.open() as lines:
        yield from _parsed(lines)
    yield from _inferred(selection)


def _quads_by_graph(selection: Selection) -> Iterator[ox.Quad]:
    """The quads with those of each named graph together."""
    yield from _edition(selection)
    if selection.statements is None:
        yield from sorted(_selected_quads(selection), key=lambda quad: str(quad.graph_name))
        return
    with ExitStack() as opened:
        graphs: dict[bytes, IO[bytes]] = {}
        for line in opened.enter_context(selection.statements.open()):
            last = line[line.rfind(b" ", 0, -3) : -3]
            graph = last if last.startswith(_OUR_GRAPHS) else b""
            if graph not in graphs:
                graphs[graph] = opened.enter_context(tempfile.SpooledTemporaryFile(_SPOOL_SIZE))
            graphs[graph].write(line)
        for graph in sorted(graphs):
            graphs[graph].seek(0)
            yield from _parsed(graphs[graph])
    yield from sorted(_inferred(selection), key=lambda quad: str(quad.graph_name))


def _parsed(lines: IO[bytes]) -> Iterator[ox.Quad]:
    # Lenient: a release's own file was checked when it was made, and this halves the time.
    quads: Iterable[ox.Quad] = ox.parse(lines, ox.RdfFormat.N_QUADS, lenient=True)
    yield from quads


def _selected_quads(selection: Selection) -> Iterator[ox.Quad]:
    """Entities, then associations; evidence and plain triples that several associations share come once."""
    for entity in selection.entities():
        yield from entity_quads(entity)
    shared: set[ox.Quad] = set()
    for association in selection.associations():
        node = named(association.id)
        for quad in association_quads(association):
            if quad.subject == node:
                yield quad
            elif quad not in shared:
                shared.add(quad)
                yield quad
    yield from _inferred(selection)


def _edition(selection: Selection) -> Iterator[ox.Quad]:
    """Which edition it is, where that is to be said."""
    return iter(()) if selection.edition is None else edition_quads(selection.edition)


def _inferred(selection: Selection) -> Iterator[ox.Quad]:
    """What is inherited, where it is wanted, each statement once."""
    if selection.has_inferred:
        yield from describe_inferred()
    written: set[ox.Quad] = set()
    for association in selection.inferred():
        for quad in inferred_quads(association):
            if quad not in written:
                written.add(quad)
                yield quad
