"""Entities and associations as RDF: their own statements, taken from the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from stemgraph.app.negotiation import RDF_FORMATS
from stemgraph.graph.model import Association
from stemgraph.graph.query_answer import GRAPH_FORMATS
from stemgraph.ontology.identifiers import PREFIXES, compress, expand
from stemgraph.ontology.vocabulary import predicates

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph


def describe(graph: KnowledgeGraph, curies: Iterable[str], media_type: str) -> bytes:
    """Everything that is stated about these subjects, in the RDF serialisation of a media type."""
    return _serialise(_statements(graph, curies), media_type)


def describe_associations(
    graph: KnowledgeGraph, associations: Iterable[Association], media_type: str
) -> bytes:
    """Association nodes, their evidence, and the plain triples that stand for those that are not negated."""
    listed = list(associations)
    nodes = dict.fromkeys(
        curie for each in listed for curie in (each.id, *(evidence.id for evidence in each.evidence))
    )
    triples = _statements(graph, nodes)
    triples += [_plain_triple(each) for each in listed if not each.negated]
    return _serialise(triples, media_type)


def _statements(graph: KnowledgeGraph, curies: Iterable[str]) -> list[ox.Triple]:
    # 'expand' refuses every character that could end an IRI in a query.
    subjects = " ".join(f"<{expand(curie)}>" for curie in curies)
    answer = graph.sparql(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {subjects} }} ?s ?p ?o }}")
    return [each for each in answer if isinstance(each, ox.Triple)]


def _plain_triple(association: Association) -> ox.Triple:
    return ox.Triple(
        ox.NamedNode(expand(association.subject.id)),
        ox.NamedNode(predicates()[association.predicate].iri),
        ox.NamedNode(expand(association.object.id)),
    )


def _serialise(triples: list[ox.Triple], media_type: str) -> bytes:
    used = {
        compress(term.value).partition(":")[0]
        for triple in triples
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, ox.NamedNode)
    }
    prefixes = {prefix: PREFIXES[prefix] for prefix in sorted(used) if prefix in PREFIXES}
    written = ox.serialize(triples, format=GRAPH_FORMATS[RDF_FORMATS[media_type]], prefixes=prefixes)
    return written or b""
