"""Entities and associations as RDF, in the serialisation that was negotiated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from stemgraph.app.negotiation import RDF_FORMATS
from stemgraph.graph.formats.inferred import inferred_quads
from stemgraph.graph.formats.rdf_shape import association_quads, named
from stemgraph.graph.formats.release_shape import edition_quads
from stemgraph.graph.query_answer import GRAPH_FORMATS
from stemgraph.ontology.identifiers import PREFIXES, compress

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph
    from stemgraph.graph.edition import Edition
    from stemgraph.graph.model import Association

WITH_GRAPHS: Final = frozenset({"trig", "nquads"})
"""Formats in which a statement says its named graph; readers of JSON-LD look in the default graph."""


def describe_entity(graph: KnowledgeGraph, curie: str, media_type: str) -> bytes:
    """Everything that is stated with an entity as the subject, and the edition that states it.

    Of graphs that stand aside nothing: it is what the record says, as RDF.
    """
    stated = graph.store.quads(named(curie))
    quads = (quad for quad in stated if str(quad.graph_name) not in graph.aside)
    return _serialise(quads, media_type, graph.edition)


def describe_associations(associations: Iterable[Association], media_type: str, edition: Edition) -> bytes:
    """Association nodes, their evidence, the plain triples of those not negated, and the edition.

    What is inherited has its triples in a graph of its own besides.
    """
    shapes = association_quads, inferred_quads
    quads = (quad for each in associations for shape in shapes for quad in shape(each))
    return _serialise(quads, media_type, edition)


def _serialise(statements: Iterable[ox.Quad], media_type: str, edition: Edition) -> bytes:
    name = RDF_FORMATS[media_type]
    # Sorted, so that the bytes are the same each time, as a strong entity tag says they are.
    quads = sorted({*statements, *edition_quads(edition)}, key=_place)
    written = ox.serialize(
        quads if name in WITH_GRAPHS else dict.fromkeys(quad.triple for quad in quads),
        format=GRAPH_FORMATS[name],
        prefixes=_prefixes(quads),
    )
    return written or b""


def _place(quad: ox.Quad) -> tuple[str, str, str, str]:
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)


def _prefixes(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The prefixes that these statements use."""
    terms = {term for quad in quads for term in (*quad.triple, quad.graph_name)}
    iris = [term.value for term in terms if isinstance(term, ox.NamedNode)]
    iris += [term.datatype.value for term in terms if isinstance(term, ox.Literal)]
    used = {compress(iri).partition(":")[0] for iri in iris}
    return {prefix: PREFIXES[prefix] for prefix in sorted(used) if prefix in PREFIXES}
