"""A curated association as quads, made by the builder of the bundle itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from stemgraph.app.curation.state import (
    ASSOCIATION,
    HAS_EVIDENCE,
    NEGATED,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    State,
)
from stemgraph.ontology.builder.associations import AssociationStatements
from stemgraph.ontology.builder.descriptions import state_sources
from stemgraph.ontology.builder.evidence import EvidenceStatements
from stemgraph.ontology.builder.statements import Statements
from stemgraph.ontology.curation import CuratedAssociation
from stemgraph.ontology.curation.evidence_relations import EvidenceRelations
from stemgraph.ontology.identifiers import BASE
from stemgraph.ontology.sources import Source

EDITED: Final = "edited"
"""The named graph of what came over the API.

A graph of its own, because a named graph stands for a source with its licence and attribution: what this
installation states is not to be passed on as what shipped with stemgraph, and no newer release of that
touches it. What was curated before and is revised here stays in the graph where it is.
"""


def edited_source(date: str) -> Source:
    """The description of the graph of edits, as it is stated with the first of them."""
    return Source(
        name=EDITED,
        title="Statements edited over the API",
        version="1",
        license="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
        attribution="Statements by the curators of this installation of stemgraph.",
        snapshot_date=date,
        source_url=BASE + "graph/" + EDITED,
        knowledge_source="infores:stemgraph",
        knowledge_level="knowledge_assertion",
        agent_type="manual_agent",
        status="reported",
    )


def source_quads(date: str) -> list[ox.Quad]:
    """The quads that describe the graph of edits."""
    statements = Statements()
    state_sources(statements, [edited_source(date)])
    return _quads(statements)


def association_quads(association: CuratedAssociation, *, first_release: int, date: str) -> list[ox.Quad]:
    """Node, qualifiers, standing and evidence of an association, and its plain triple unless it is negated.

    Args:
        association: What is stated; its ``source`` names the graph that it goes to.
        first_release: Number of the release in which it first stands.
        date: Today, for the description of its source.
    """
    statements = Statements()
    relations = EvidenceRelations([(association.id, association.evidence)])
    evidence = EvidenceStatements(statements, relations)
    source = edited_source(date)
    sources = {association.source: source if association.source == EDITED else _renamed(source, association)}
    AssociationStatements(statements, sources, evidence).state(association, first_release=first_release)
    return _quads(statements)


def stated_quads(state: State, association: ox.NamedNode) -> Iterator[ox.Quad]:
    """All quads that only this association needs: node, its own evidence, and the plain triple."""
    for quad in state.quads(association):
        yield quad
        if quad.predicate == HAS_EVIDENCE and isinstance(quad.object, ox.NamedNode):
            owners = {each.subject for each in state.quads(None, HAS_EVIDENCE, quad.object)}
            if owners == {association}:
                yield from state.quads(quad.object)
    ends = ends_of(state, association)
    if ends is not None:
        for quad in state.quads(*ends):
            if not _stated_elsewhere(state, association, ends, quad.graph_name):
                yield quad


Ends = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]


def ends_of(state: State, association: ox.NamedNode) -> Ends | None:
    """Subject, predicate and object of an association; None where it does not state each of them."""
    found = [
        next((quad.object for quad in state.quads(association, end)), None)
        for end in (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT)
    ]
    nodes = [each for each in found if isinstance(each, ox.NamedNode)]
    return (nodes[0], nodes[1], nodes[2]) if len(nodes) == 3 else None


def associations_stating(state: State, ends: Ends) -> Iterator[ox.NamedNode]:
    """The associations, negated ones too, with this subject, predicate and object."""
    subject, _, object_ = ends
    of_subject, of_object = state.quads(None, RDF_SUBJECT, subject), state.quads(None, RDF_OBJECT, object_)
    for found in _shorter(of_subject, of_object):
        if isinstance(found, ox.NamedNode) and ends_of(state, found) == ends:
            yield found


def _shorter(*each_of: Iterator[ox.Quad]) -> list[object]:
    """The subjects of the one that ends first: some entities have tens of thousands of associations."""
    found: list[list[object]] = [[] for _ in each_of]
    while True:
        for quads, subjects in zip(each_of, found, strict=True):
            quad = next(quads, None)
            if quad is None:
                return subjects
            subjects.append(quad.subject)


def is_negated(state: State, association: ox.NamedNode) -> bool:
    """Whether an association says that something does not hold."""
    found = (quad.object for quad in state.quads(association, NEGATED))
    return any(isinstance(each, ox.Literal) and each.value == "true" for each in found)


def _stated_elsewhere(
    state: State, association: ox.NamedNode, ends: Ends, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph
) -> bool:
    """Whether another association of a named graph states the same, and does not deny it."""
    others = (each for each in associations_stating(state, ends) if each != association)
    return any(
        any(state.quads(each, RDF_TYPE, ASSOCIATION, graph)) and not is_negated(state, each)
        for each in others
    )


def _renamed(source: Source, association: CuratedAssociation) -> Source:
    """Statements of a shipped graph that are revised here keep its name; a person made both."""
    return replace(source, name=association.source)


def _quads(statements: Statements) -> list[ox.Quad]:
    return list(ox.parse("".join(statements.lines()), format=ox.RdfFormat.N_QUADS))
