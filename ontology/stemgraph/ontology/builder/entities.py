"""Entities as statements: category, names, definition, matches, and what retired terms lead to."""

from __future__ import annotations

from stemgraph.ontology.backbone import Backbone
from stemgraph.ontology.builder.statements import Statements, boolean, iri, text
from stemgraph.ontology.curation.catalogue import Catalogue, Entry
from stemgraph.ontology.curation.records import CuratedEntity
from stemgraph.ontology.vocabulary import categories


def state_entities(statements: Statements, catalogue: Catalogue, backbone: Backbone) -> None:
    """State every entity of the catalogue and the equivalents that the backbone knows."""
    for entry in catalogue.values():
        _state_entry(statements, entry)
    for each in backbone.equivalences:
        if each.id in catalogue:
            statements.add(each.source, each.id, "skos:exactMatch", iri(each.equivalent))


def _state_entry(statements: Statements, entry: Entry) -> None:
    graph, identifier = entry.home, entry.id
    for category in entry.categories:
        statements.add(graph, identifier, "rdf:type", iri(categories()[category].iri))
    statements.add(graph, identifier, "rdfs:label", text(entry.label))
    term = entry.term
    if term is not None:
        for synonym in term.synonyms:
            statements.add(graph, identifier, "skos:altLabel", text(synonym))
        if term.definition:
            statements.add(graph, identifier, "skos:definition", text(term.definition))
        if term.deprecated:
            statements.add(graph, identifier, "owl:deprecated", boolean(True))
        for replacement in term.replaced_by:
            statements.add(graph, identifier, "IAO:0100001", iri(replacement))
    if entry.declared is not None:
        _state_additions(statements, entry, entry.declared)


def _state_additions(statements: Statements, entry: Entry, declared: CuratedEntity) -> None:
    """What our entity files say, in our own graph even of a term that an ontology describes."""
    term = entry.term
    known = {entry.label, *(term.synonyms if term is not None else ())}
    for name in (declared.label, *declared.synonyms):
        if name not in known:
            statements.add(declared.source, entry.id, "skos:altLabel", text(name))
    if declared.description and not (term is not None and term.definition):
        statements.add(
            declared.source, entry.id, "skos:definition", text(" ".join(declared.description.split()))
        )
    for mapping in declared.mappings:
        statements.add(declared.source, entry.id, f"skos:{mapping.relation}Match", iri(mapping.id))
