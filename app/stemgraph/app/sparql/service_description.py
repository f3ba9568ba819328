"""What the endpoint says about itself and its dataset, in the vocabularies SPARQL-SD and VoID."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from stemgraph.app.jail.queries import GRAPH_FORMATS, PREFIXED
from stemgraph.app.service import NOTICE
from stemgraph.graph.formats.rdf_shape import named
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import BASE, PREFIXES

if TYPE_CHECKING:
    from stemgraph.app.service import Service

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
GRAPH_BASE: Final = BASE + "graph/"
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
    "TriG",
    "N-Quads",
)
_OF_12: Final = (
    "Beside SPARQL 1.1 Query this endpoint has what Oxigraph has of RDF 1.2 and SPARQL 1.2: triple terms, "
    "reifiers and annotations; TRIPLE, SUBJECT, PREDICATE, OBJECT and isTRIPLE; base direction with LANGDIR, "
    "STRLANGDIR, hasLANG and hasLANGDIR; VERSION. A media type in the Accept header may say version=1.2. "
    "It does not have SERVICE."
)
_PREFIXES: Final = ("void", "dcterms", "rdfs")
_SHOWN: Final = ("dcterms:title", "dcterms:license", "dcterms:source")
"""What is said of a named graph in the dataset and repeated in its description."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal


def service_description(service: Service, home: str, name: str) -> bytes:
    """The description of the endpoint whose routes live at ``home``, in the format of that name."""
    prefixes = {
        "sd": SD,
        "formats": FORMATS,
        **{each: PREFIXES[each] for each in ("void", "dcterms", "rdfs")},
    }
    written = ox.serialize(
        (ox.Triple(*each) for each in _triples(service, home)),
        format=GRAPH_FORMATS[name],
        prefixes=prefixes if name in PREFIXED else None,
    )
    return written or b""


def _triples(service: Service, home: str) -> Iterator[tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, Term]]:
    node, dataset = ox.BlankNode("service"), ox.BlankNode("dataset")
    yield node, named("rdf:type"), _sd("Service")
    yield node, _sd("endpoint"), ox.NamedNode(f"{home}/sparql")
    yield node, _sd("supportedLanguage"), _sd("SPARQL11Query")
    yield node, _sd("feature"), _sd("UnionDefaultGraph")
    for format_name in _RESULT_FORMATS:
        yield node, _sd("resultFormat"), ox.NamedNode(FORMATS + format_name)
    yield node, named("rdfs:comment"), ox.Literal(_OF_12, language="en")
    yield node, _sd("defaultDataset"), dataset
    yield from _dataset(service, home, dataset)


def _dataset(
    service: Service, home: str, dataset: ox.BlankNode
) -> Iterator[tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, Term]]:
    graph, release = service.graph, service.graph.release
    statistics, categories = graph.statistics(), vocabulary.categories()
    by_source: Mapping[str, int] = statistics["quads"]["by_source"]
    default = ox.BlankNode("default")
    yield dataset, named("rdf:type"), _sd("Dataset")
    yield dataset, named("rdf:type"), named("void:Dataset")
    yield dataset, named("dcterms:title"), ox.Literal(f"stemgraph, release {release.number}", language="en")
    yield dataset, named("dcterms:description"), ox.Literal(NOTICE, language="en")
    yield dataset, named("dcterms:identifier"), ox.Literal(release.id)
    yield dataset, named("dcterms:issued"), _date(release.date)
    yield dataset, named("void:sparqlEndpoint"), ox.NamedNode(f"{home}/sparql")
    yield dataset, named("void:dataDump"), ox.NamedNode(f"{home}/api/v1/export")
    yield dataset, named("void:uriSpace"), ox.Literal(BASE + "entity/")
    yield dataset, named("void:vocabulary"), ox.NamedNode(PREFIXES["sgv"])
    yield dataset, named("void:triples"), ox.Literal(statistics["totals"]["quads"])
    yield dataset, named("void:entities"), ox.Literal(statistics["totals"]["entities"])
    for category, count in statistics["entities"]["by_category"].items():
        part = ox.BlankNode(f"class{category}")
        yield dataset, named("void:classPartition"), part
        yield part, named("void:class"), ox.NamedNode(categories[category].iri)
        yield part, named("void:entities"), ox.Literal(count)
    yield dataset, _sd("defaultGraph"), default
    yield default, named("rdf:type"), _sd("Graph")
    yield default, named("rdfs:comment"), ox.Literal("The union of the named graphs.", language="en")
    for number, iri in enumerate(graph.store.graphs()):
        entry, content = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        yield dataset, _sd("namedGraph"), entry
        yield entry, named("rdf:type"), _sd("NamedGraph")
        yield entry, _sd("name"), ox.NamedNode(iri)
        yield entry, _sd("graph"), content
        yield content, named("rdf:type"), _sd("Graph")
        yield content, named("rdf:type"), named("void:Dataset")
        count = by_source.get(iri.removeprefix(GRAPH_BASE))
        if count is not None:
            yield content, named("void:triples"), ox.Literal(count)
        for each in _SHOWN:
            for quad in graph.store.quads(ox.NamedNode(iri), named(each)):
                if not isinstance(quad.object, ox.Triple):
                    yield content, quad.predicate, quad.object


def _date(day: object) -> ox.Literal:
    return ox.Literal(str(day), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
