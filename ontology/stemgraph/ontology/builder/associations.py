"""Associations as statements: the node, its standing and qualifiers, and the plain triple."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from stemgraph.ontology.backbone import Axiom
from stemgraph.ontology.builder.evidence import EvidenceStatements, axiom_piece
from stemgraph.ontology.builder.statements import Statements, boolean, integer, iri, partial_date, text
from stemgraph.ontology.curation.records import CuratedAssociation
from stemgraph.ontology.identity import association_id
from stemgraph.ontology.sources import Source
from stemgraph.ontology.standing import CURRENT, EVIDENCE_RETRACTED, RETRACTED
from stemgraph.ontology.vocabulary import predicates, qualifiers


class AssociationStatements:
    """States associations and counts them."""

    def __init__(
        self, statements: Statements, sources: Mapping[str, Source], evidence: EvidenceStatements
    ) -> None:
        self._statements = statements
        self._sources = sources
        self._evidence = evidence
        self.count = 0
        self.negated = 0

    def state(
        self,
        association: CuratedAssociation,
        *,
        axiom: Axiom | None = None,
        action: str | None = None,
        first_release: int = 1,
    ) -> None:
        """State an association with all that is known of it.

        Args:
            association: What the content says.
            axiom: The same statement as an ontology makes it: then it goes to the ontology's graph and has
                the ontology's evidence as well.
            action: CURIE of the regulatory action whose flat form it is.
            first_release: Number of the release in which it first stands.
        """
        identifier = association.id
        source = self._sources[axiom.source if axiom is not None else association.source]
        self._state_node(identifier, source.name, association, negated=association.negated)
        shared = [] if axiom is None else [axiom_piece(source.axioms[axiom.predicate])]
        standing = self._evidence.relations.of_statement(identifier, association.evidence, *shared)
        terms = {
            "sgv:negated": boolean(association.negated),
            "sgv:status": text(association.status),
            "sgv:knowledge_level": text(source.knowledge_level),
            "sgv:agent_type": text(source.agent_type),
            "sgv:primary_knowledge_source": iri(source.knowledge_source),
            "sgv:first_release": integer(first_release),
        }
        if standing != CURRENT:
            terms["sgv:evidence_standing"] = text(standing)
        if standing == RETRACTED:
            terms["sgv:status"] = text(EVIDENCE_RETRACTED)
            terms["sgv:stated_status"] = text(association.status)
        if action is not None:
            terms["sgv:regulatory_action"] = iri(action)
        for predicate, term in terms.items():
            self._statements.add(source.name, identifier, predicate, term)
        for name, value in association.qualifiers.items():
            self._state_qualifier(identifier, source.name, name, value)
        self._evidence.state(identifier, source.name, association.evidence)
        if axiom is not None:
            self._evidence.state_of_axiom(identifier, axiom.predicate, source)

    def state_axiom(self, identifier: str, axiom: Axiom) -> None:
        """State a lean association: what its named graph says of all its statements is left out."""
        self._state_node(identifier, axiom.source, axiom, negated=False)
        self._evidence.state_of_axiom(identifier, axiom.predicate, self._sources[axiom.source])

    def _state_node(
        self, identifier: str, graph: str, stated: CuratedAssociation | Axiom, *, negated: bool
    ) -> None:
        predicate = predicates()[stated.predicate].iri
        add = self._statements.add
        add(graph, identifier, "rdf:type", iri("sgv:Association"))
        add(graph, identifier, "rdf:subject", iri(stated.subject))
        add(graph, identifier, "rdf:predicate", iri(predicate))
        add(graph, identifier, "rdf:object", iri(stated.object))
        if not negated:
            add(graph, stated.subject, predicate, iri(stated.object))
        self.count += 1
        self.negated += negated

    def _state_qualifier(self, identifier: str, graph: str, name: str, value: object) -> None:
        qualifier = qualifiers()[name]
        if qualifier.kind == "frequency":
            for part, count in cast(dict[str, int], value).items():
                self._statements.add(graph, identifier, f"sgv:frequency_{part}", integer(count))
            return
        for each in cast(list[object], value) if isinstance(value, list) else [value]:
            self._statements.add(graph, identifier, qualifier.iri, _qualifier_term(qualifier.kind, each))


def axiom_id(axiom: Axiom) -> str:
    """The CURIE of the association that an axiom states."""
    return association_id(axiom.subject, axiom.predicate, axiom.object, negated=False, qualifiers={})


def merged(associations: Iterable[CuratedAssociation]) -> list[CuratedAssociation]:
    """The associations with each statement once, carrying the evidence of every place that makes it."""
    by_id: dict[str, CuratedAssociation] = {}
    for each in associations:
        earlier = by_id.get(each.id)
        evidence = each.evidence if earlier is None else (*earlier.evidence, *each.evidence)
        by_id[each.id] = replace(earlier or each, evidence=evidence)
    return list(by_id.values())


def _qualifier_term(kind: str, value: object) -> str:
    match kind:
        case "boolean":
            return boolean(value is True)
        case "integer":
            return integer(cast(int, value))
        case "partial_date":
            return partial_date(str(value))
        case "entity":
            return iri(str(value))
        case _:
            return text(str(value))
