"""Entities and associations as RDF statements, in the shape that the bundle has.

The shape is described in the documentation: an association node with its evidence nodes, and the plain triple
where the association is not negated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, cast

import pyoxigraph as ox

from stemgraph.graph.formats.rows import listed
from stemgraph.graph.model import Association, Entity, Evidence
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import PREFIXES
from stemgraph.ontology.standing import CURRENT

Term = ox.NamedNode | ox.Literal

_XSD: Final = PREFIXES["xsd"]
_PARTIAL_DATES: Final = (
    (re.compile(r"\d{4}"), "gYear"),
    (re.compile(r"\d{4}-\d{2}"), "gYearMonth"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "date"),
)
_ACTION_DATES: Final = frozenset({"date", "date_not_after", "valid_until"})
_EVIDENCE_IRIS: Final = frozenset({"reference", "url", "eco", "phenotype"})


@cache
def named(curie: str) -> ox.NamedNode:
    """The IRI of a CURIE; what is no CURIE of ours is an IRI already."""
    prefix, _, local = curie.partition(":")
    namespace = None if local.startswith("//") else PREFIXES.get(prefix)
    return ox.NamedNode(curie if namespace is None else namespace + local)


def graph_of(source: str) -> ox.NamedNode:
    """The named graph of a source such as ``mondo``."""
    return ox.NamedNode(PREFIXES["sgg"] + source)


def association_quads(association: Association) -> Iterator[ox.Quad]:
    """An association node, its evidence nodes, and the plain triple unless it is negated."""
    graph = graph_of(association.source)
    node, subject, target = named(association.id), named(association.subject.id), named(association.object.id)
    predicate = predicate_iri(association.predicate)
    for name, term in _association_terms(association):
        yield ox.Quad(node, named(name), term, graph)
    yield ox.Quad(node, named("rdf:subject"), subject, graph)
    yield ox.Quad(node, named("rdf:predicate"), predicate, graph)
    yield ox.Quad(node, named("rdf:object"), target, graph)
    if not association.negated:
        yield ox.Quad(subject, predicate, target, graph)
    for evidence in association.evidence:
        yield ox.Quad(node, named("sgv:has_evidence"), named(evidence.id), graph)
        yield from _evidence_quads(evidence, graph)


def entity_quads(entity: Entity) -> Iterator[ox.Quad]:
    """An entity with its names, mappings and attributes, in the graph of its source."""
    graph, node = graph_of(entity.source), named(entity.id)
    for name, term in _entity_terms(entity):
        yield ox.Quad(node, named(name), term, graph)
    for name, value in entity.attributes.items():
        if name == "evidence":
            for each in value:
                evidence = Evidence.from_record(each)
                yield ox.Quad(node, named("sgv:has_evidence"), named(evidence.id), graph)
                yield from _evidence_quads(evidence, graph)
            continue
        for each in listed(value):
            term = partial_date(each) if name in _ACTION_DATES else _term(each)
            yield ox.Quad(node, named(f"sgv:{name}"), term, graph)


@cache
def predicate_iri(name: str) -> ox.NamedNode:
    """The IRI of a predicate by its name, or by its CURIE where the vocabulary does not have it."""
    predicate = vocabulary.predicates().get(name)
    if predicate is not None:
        return ox.NamedNode(predicate.iri)
    return named(name if ":" in name else f"sgv:{name}")


def partial_date(text: str) -> ox.Literal:
    """A year, month or day as a typed literal that says no more than it knows."""
    for pattern, datatype in _PARTIAL_DATES:
        if pattern.fullmatch(text):
            return ox.Literal(text, datatype=ox.NamedNode(_XSD + datatype))
    return ox.Literal(text)


def _association_terms(association: Association) -> Iterator[tuple[str, Term]]:
    yield "rdf:type", named("sgv:Association")
    yield "sgv:negated", ox.Literal(association.negated)
    yield "sgv:status", ox.Literal(association.status)
    if association.stated_status is not None:
        yield "sgv:stated_status", ox.Literal(association.stated_status)
    if association.evidence_standing != CURRENT:
        yield "sgv:evidence_standing", ox.Literal(association.evidence_standing)
    yield "sgv:knowledge_level", ox.Literal(association.knowledge_level)
    yield "sgv:agent_type", ox.Literal(association.agent_type)
    yield "sgv:primary_knowledge_source", named(association.primary_knowledge_source)
    yield "sgv:first_release", ox.Literal(association.first_release)
    if association.regulatory_action is not None:
        yield "sgv:regulatory_action", named(association.regulatory_action)
    for name, value in association.qualifiers.items():
        yield from _qualifier_terms(name, value)


def _qualifier_terms(name: str, value: object) -> Iterator[tuple[str, Term]]:
    known = vocabulary.qualifiers().get(name)
    kind = known.kind if known else "text"
    if kind == "frequency":
        for part, count in cast("dict[str, int]", value).items():
            yield f"sgv:frequency_{part}", ox.Literal(count)
        return
    for each in listed(value):
        if kind == "entity":
            yield f"sgv:{name}", named(each) if isinstance(each, str) else _term(each)
        elif kind == "partial_date":
            yield f"sgv:{name}", partial_date(each)
        else:
            yield f"sgv:{name}", _term(each)


def _term(value: str | int | bool | Mapping[str, str]) -> Term:
    """An entity reference as an IRI, anything else as a literal."""
    return named(value["id"]) if isinstance(value, Mapping) else ox.Literal(value)


def _evidence_quads(evidence: Evidence, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    node = named(evidence.id)
    yield ox.Quad(node, named("rdf:type"), named("sgv:Evidence"), graph)
    for name in evidence.__slots__:
        value = getattr(evidence, name)
        if name == "id" or value is None or value == "":
            continue
        slot = named("sgv:source_url" if name == "url" else f"sgv:{name}")
        if isinstance(value, tuple):
            for each in cast("tuple[str, ...]", value):
                yield ox.Quad(node, slot, named(each), graph)
        elif name in _EVIDENCE_IRIS:
            yield ox.Quad(node, slot, named(value), graph)
        elif name == "retrieved":
            yield ox.Quad(node, slot, partial_date(value), graph)
        else:
            yield ox.Quad(node, slot, ox.Literal(value), graph)


def _entity_terms(entity: Entity) -> Iterator[tuple[str, Term]]:
    known = vocabulary.categories()
    for category in entity.categories:
        yield "rdf:type", ox.NamedNode(known[category].iri) if category in known else named(category)
    yield "rdfs:label", ox.Literal(entity.label)
    for synonym in entity.synonyms:
        yield "skos:altLabel", ox.Literal(synonym)
    if entity.description:
        yield "skos:definition", ox.Literal(entity.description)
    for mapped in entity.mappings:
        yield f"skos:{mapped.relation}Match", named(mapped.id)
    if entity.deprecated:
        yield "owl:deprecated", ox.Literal(True)
    for replacement in entity.replaced_by:
        yield "IAO:0100001", named(replacement)
