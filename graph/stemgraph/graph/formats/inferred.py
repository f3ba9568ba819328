"""What is inherited as RDF: triples in a named graph of their own, each with what it was derived from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.formats.rdf_shape import graph_of, named, predicate_iri
from stemgraph.graph.inheritance import Inheritance
from stemgraph.graph.model import Association
from stemgraph.ontology.identity import digest
from stemgraph.ontology.standing import RETRACTED

INFERRED: Final = "inferred"
"""Name of the graph."""


def inferred_quads(association: Association) -> Iterator[ox.Quad]:
    """The triple that an inherited association gives, and a node that says by which rule and from what.

    What is stated of the very entities, negated, or left without evidence by a retraction gives none.
    """
    if association.inherited is None or association.negated or association.evidence_standing == RETRACTED:
        return
    moves = _moves(association.inherited)
    ends = {"subject": association.subject.id, "object": association.object.id}
    ends |= {move.end: move.entity.id for move in moves}
    graph = graph_of(INFERRED)
    subject, predicate, target = (
        named(ends["subject"]),
        predicate_iri(association.predicate),
        named(ends["object"]),
    )
    rules = [move.rule for move in moves]
    node = named("sga:" + digest([INFERRED, association.id, rules, ends["subject"], ends["object"]]))
    yield ox.Quad(subject, predicate, target, graph)
    yield ox.Quad(node, named("rdf:type"), named("rdf:Statement"), graph)
    yield ox.Quad(node, named("rdf:subject"), subject, graph)
    yield ox.Quad(node, named("rdf:predicate"), predicate, graph)
    yield ox.Quad(node, named("rdf:object"), target, graph)
    for rule in rules:
        yield ox.Quad(node, named("sgv:rule"), ox.Literal(rule), graph)
    for source in dict.fromkeys([association.id, *(each for move in moves for each in _sources(move))]):
        yield ox.Quad(node, named("prov:wasDerivedFrom"), named(source), graph)
    if association.inherited.hedge is not None:
        yield ox.Quad(node, named("sgv:hedge"), ox.Literal(association.inherited.hedge), graph)


def describe_inferred() -> Iterator[ox.Quad]:
    """What the default graph says of the graph of inferred statements."""
    graph = graph_of(INFERRED)
    title = "Statements inferred by the rules of closure; none is asserted by a source"
    yield ox.Quad(graph, named("rdf:type"), named("void:Dataset"))
    yield ox.Quad(graph, named("dcterms:title"), ox.Literal(title))


def _moves(inheritance: Inheritance) -> list[Inheritance]:
    other = inheritance.other_end
    return [inheritance] if other is None else [inheritance, *_moves(other)]


def _sources(move: Inheritance) -> Iterator[str]:
    """What the steps of a path are stated by: associations, and the entities of groupings."""
    for step in move.path:
        yield step.association or step.object.id
