"""A graph taken apart for validation: what goes to the shapes, and what is checked by plain comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from stemgraph.ontology.identifiers import BASE, expand

TYPE: Final = expand("rdf:type")
SUBJECT: Final = expand("rdf:subject")
PREDICATE: Final = expand("rdf:predicate")
OBJECT: Final = expand("rdf:object")
LABEL: Final = expand("rdfs:label")
HAS_EVIDENCE: Final = expand("sgv:has_evidence")
STUDY_DESIGN: Final = expand("sgv:study_design")
ASSOCIATION: Final = expand("sgv:Association")
EVIDENCE: Final = expand("sgv:Evidence")
ACTION: Final = expand("sgv:RegulatoryAction")
DATASET: Final = expand("void:Dataset")

LEAN: Final = frozenset({TYPE, SUBJECT, PREDICATE, OBJECT, HAS_EVIDENCE})
"""All that an ontology's axiom states of itself; the rest stands once on its named graph."""
SHARED: Final = frozenset(
    BASE + "vocab/" + name for name in ("status", "knowledge_level", "agent_type", "primary_knowledge_source")
)
"""What a named graph has to state for its lean associations."""


@dataclass(frozen=True, slots=True)
class GraphParts:
    """Every statement by its subject, and the subjects by what they are."""

    statements: Mapping[str, list[Quad]]
    associations: tuple[str, ...]
    """Associations that state everything themselves."""
    axioms: tuple[str, ...]
    """Lean associations."""
    evidence: tuple[str, ...]
    actions: tuple[str, ...]
    sources: tuple[str, ...]
    owners: Mapping[str, list[Quad]]
    """For a piece of evidence, the statements that link it."""
    blank: tuple[Quad, ...]
    """Statements with a blank node in them."""

    @classmethod
    def from_quads(cls, quads: Iterable[Quad]) -> GraphParts:
        """Read the statements once and sort their subjects."""
        statements: defaultdict[str, list[Quad]] = defaultdict(list)
        typed: defaultdict[str, list[str]] = defaultdict(list)
        owners: defaultdict[str, list[Quad]] = defaultdict(list)
        blank: list[Quad] = []
        for quad in quads:
            subject = quad.subject
            if isinstance(quad.object, BlankNode | Triple) or not isinstance(subject, NamedNode):
                blank.append(quad)
                continue
            statements[subject.value].append(quad)
            if quad.predicate.value == TYPE:
                typed[quad.object.value].append(subject.value)
            elif quad.predicate.value == HAS_EVIDENCE:
                owners[value(quad.object)].append(quad)
        known = dict.fromkeys(typed[ASSOCIATION])
        lean = {node for node in known if all(quad.predicate.value in LEAN for quad in statements[node])}
        return cls(
            statements=statements,
            associations=tuple(node for node in known if node not in lean),
            axioms=tuple(node for node in known if node in lean),
            evidence=tuple(dict.fromkeys(typed[EVIDENCE])),
            actions=tuple(dict.fromkeys(typed[ACTION])),
            sources=tuple(dict.fromkeys(typed[DATASET])),
            owners=owners,
            blank=tuple(blank),
        )

    def values(self, subject: str, predicate: str) -> list[str]:
        """The values, as text, that a subject has for a predicate; IRIs are in full."""
        return [
            value(quad.object)
            for quad in self.statements.get(subject, ())
            if quad.predicate.value == predicate
        ]

    def graphs(self, subject: str) -> set[str]:
        """The named graphs that speak of a subject; empty text for the default graph."""
        return {
            "" if isinstance(quad.graph_name, DefaultGraph) else value(quad.graph_name)
            for quad in self.statements.get(subject, ())
        }

    def under_shapes(self) -> Iterator[Quad]:
        """The statements that the shapes are held against.

        Associations with their evidence, actions, sources, the entities that these name, and the plain
        triples between the ends. The lean associations are too many for SHACL, and too plain to need it.
        """
        nodes = dict.fromkeys([*self.associations, *self.actions, *self.sources])
        axioms = set(self.axioms)
        owners = {
            evidence: [quad for quad in self.owners.get(evidence, ()) if value(quad.subject) not in axioms]
            for evidence in self.evidence
        }
        # Evidence that only lean associations share is theirs to check; what nobody owns is a fault to show.
        nodes |= dict.fromkeys(each for each, quads in owners.items() if quads or each not in self.owners)
        named = dict.fromkeys(
            quad.object.value
            for node in nodes
            for quad in self.statements.get(node, ())
            if isinstance(quad.object, NamedNode)
        )
        for node in {**nodes, **named}:
            yield from self.statements.get(node, ())
        for quads in owners.values():
            yield from quads


def value(term: object) -> str:
    """The text of a term: an IRI in full, or a literal's lexical form."""
    return term.value if isinstance(term, NamedNode | Literal | BlankNode) else str(term)
