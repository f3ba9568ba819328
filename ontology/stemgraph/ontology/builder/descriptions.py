"""What the graph says of itself: its vocabulary, and the sources of its named graphs."""

from __future__ import annotations

from collections.abc import Iterable

from stemgraph.ontology.builder.statements import Statements, boolean, integer, iri, partial_date, text
from stemgraph.ontology.sources import Source
from stemgraph.ontology.vocabulary import categories, predicates, qualifiers

LADDER: str = "sgv:treats_or_applied_or_studied_to_treat"
"""The predicate above the treats ladder, which no association states."""


def state_sources(statements: Statements, sources: Iterable[Source]) -> None:
    """Describe each named graph in the default graph."""
    for source in sources:
        terms = {
            "rdf:type": iri("void:Dataset"),
            "dcterms:title": text(source.title),
            "dcterms:license": iri(source.license_url),
            "dcterms:source": iri(source.source_url),
            "sgv:version": text(source.version),
            "sgv:snapshot_date": partial_date(source.snapshot_date),
            "sgv:attribution": text(source.attribution),
            "sgv:knowledge_level": text(source.knowledge_level),
            "sgv:agent_type": text(source.agent_type),
            "sgv:primary_knowledge_source": iri(source.knowledge_source),
            "sgv:status": text(source.status),
            "sgv:negated": boolean(False),
            "sgv:first_release": integer(1),
        }
        for predicate, term in terms.items():
            statements.add("", f"sgg:{source.name}", predicate, term)


def state_vocabulary(statements: Statements) -> None:
    """Name and define categories, predicates and qualifiers in the schema graph."""
    for category in categories().values():
        _state_term(statements, category.iri, "owl:Class", category.label, category.definition)
        for biolink_class in category.biolink_classes:
            # Every member is one, but not every one is a member.
            statements.add("schema", category.iri, "skos:broadMatch", iri(biolink_class))
    _state_term(
        statements,
        LADDER,
        "owl:ObjectProperty",
        "treats or applied or studied to treat",
        "Stands above every predicate by which an intervention meets a condition it is meant for.",
    )
    statements.add("schema", LADDER, "skos:exactMatch", iri("biolink:treats_or_applied_or_studied_to_treat"))
    for predicate in predicates().values():
        if predicate.name == "subclass_of":
            continue  # its IRI is rdfs:subClassOf, which is not ours to describe
        _state_term(statements, predicate.iri, "owl:ObjectProperty", predicate.label, predicate.definition)
        matching = f"skos:{predicate.biolink_mapping}Match"
        statements.add("schema", predicate.iri, matching, iri(predicate.biolink_predicate))
        if predicate.ontology_property is not None:
            statements.add("schema", predicate.iri, "skos:closeMatch", iri(predicate.ontology_property))
        if predicate.parent is not None:
            statements.add("schema", predicate.iri, "rdfs:subPropertyOf", iri(f"sgv:{predicate.parent}"))
    for qualifier in qualifiers().values():
        kind = "owl:ObjectProperty" if qualifier.kind == "entity" else "owl:DatatypeProperty"
        _state_term(statements, qualifier.iri, kind, qualifier.name.replace("_", " "), qualifier.definition)


def _state_term(statements: Statements, name: str, kind: str, label: str, definition: str) -> None:
    statements.add("schema", name, "rdf:type", iri(kind))
    statements.add("schema", name, "rdfs:label", text(label))
    statements.add("schema", name, "skos:definition", text(definition))
