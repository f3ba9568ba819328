"""What LinkML makes of the schema: Pydantic, JSON Schema, JSON-LD context, OWL and SHACL, each as text.

What changes with the generator's version or the day is left out, so that equal schemas give equal text.
"""

from __future__ import annotations

import json
import logging
import re
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pyoxigraph
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from stemgraph.ontology.identifiers import BASE, expand

View = Any  # a linkml_runtime.SchemaView; LinkML ships neither types nor stubs

Slot = Any  # a linkml_runtime SlotDefinition, for the same reason

QUIET: Final = logging.ERROR
"""LinkML warns that a slot and a type are called alike, and that an indication is an entity of an action but
words of an association; both are meant."""

IN_SUBSET: Final = URIRef("http://www.geneontology.org/formats/oboInOwl#inSubset")
"""How OBO ontologies say that a term belongs to a subset."""


def linkml(module: str) -> Any:  # noqa: ANN401  # LinkML ships no types
    """A module of LinkML, imported when asked for: it is a development dependency only."""
    logging.getLogger("linkml").setLevel(QUIET)
    return import_module(module)


def pydantic_models(schema: Path) -> str:
    """The Pydantic classes."""
    text: str = (
        linkml("linkml.generators.pydanticgen")
        .PydanticGenerator(str(schema), log_level=QUIET, metadata_mode="None")
        .serialize()
    )
    text = re.sub(r"^metamodel_version = .*\n", "", text, flags=re.MULTILINE)
    return f'"""Generated from the LinkML schema by stemgraph.ontology.generate; do not edit."""\n{text}'


def json_schema(schema: Path) -> str:
    """The JSON Schema of the records."""
    document = json.loads(
        linkml("linkml.generators.jsonschemagen")
        .JsonSchemaGenerator(str(schema), log_level=QUIET, not_closed=False, metadata=False)
        .serialize()
    )
    document.pop("metamodel_version", None)
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def json_ld_context(schema: Path) -> str:
    """The JSON-LD context under which the records are RDF."""
    document = json.loads(
        linkml("linkml.generators.jsonldcontextgen")
        .ContextGenerator(str(schema), log_level=QUIET, metadata=False, xsd_anyuri_as_iri=True)
        .serialize()
    )
    return json.dumps({"@context": document["@context"]}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def owl(schema: Path, view: View) -> str:
    """The OWL ontology, in Turtle, with subsets and unions of classes added."""
    graph: Graph = (
        linkml("linkml.generators.owlgen")
        .OwlSchemaGenerator(
            str(schema),
            log_level=QUIET,
            use_native_uris=False,
            type_objects=False,
            metaclasses=False,
            add_ols_annotations=False,
            metadata=False,
            xsd_anyuri_as_iri=True,
            skip_vacuous_min_zero_cardinality_axioms=True,
            skip_vacuous_local_range_axioms=True,
            consolidate_cardinality_axioms=True,
        )
        .as_graph()
    )
    _add_subsets(graph, view)
    _add_unions(graph, view)
    return _turtle(graph)


def shacl(schema: Path) -> str:
    """The SHACL shapes that LinkML can say, in Turtle; ``shapes/`` says the rest."""
    graph: Graph = (
        linkml("linkml.generators.shaclgen")
        .ShaclGenerator(str(schema), log_level=QUIET, closed=False, metadata=False)
        .as_graph()
    )
    return _turtle(graph)


def _add_subsets(graph: Graph, view: View) -> None:
    """Say of each category, predicate and qualifier that it is one; LinkML's OWL leaves subsets out."""

    graph.add((IN_SUBSET, RDF.type, OWL.AnnotationProperty))
    for element in [*view.all_classes().values(), *view.all_slots().values()]:
        for subset in element.in_subset:
            iri = expand(view.get_uri(element, native=False))
            graph.add((URIRef(iri), IN_SUBSET, URIRef(f"{BASE}vocab/{subset}")))


def _add_unions(graph: Graph, view: View) -> None:
    """Say what the unions are unions of, in OWL and as plain subclasses, which LinkML's OWL leaves out."""

    for element in view.all_classes().values():
        if not element.union_of:
            continue
        union = URIRef(f"{BASE}vocab/{element.name}")
        members: list[Node] = [URIRef(expand(view.get_class(each).class_uri)) for each in element.union_of]
        head = BNode()
        Collection(graph, head, members)
        graph.add((union, OWL.unionOf, head))
        for member in members:
            graph.add((member, RDFS.subClassOf, union))


def _turtle(graph: Graph) -> str:
    """Turtle that is the same for the same graph: blank nodes named canonically, then nested."""

    text = graph.serialize(format="nt", encoding="utf-8")
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    plain = Graph()
    for prefix, namespace in sorted(graph.namespaces()):
        plain.bind(prefix, namespace)
    for quad in dataset:
        plain.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return plain.serialize(format="turtle").rstrip() + "\n"


def _term(
    term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple,
) -> URIRef | BNode | Literal:
    """The rdflib form of a term; rdflib's own parsers would rename the blank nodes."""
    match term:
        case pyoxigraph.NamedNode():
            return URIRef(term.value)
        case pyoxigraph.BlankNode():
            return BNode(term.value)
        case pyoxigraph.Literal():
            datatype = URIRef(term.datatype.value)
            return Literal(term.value, datatype=None if datatype == XSD.string else datatype)
        case _:
            raise TypeError("the schema has no quoted triples")
