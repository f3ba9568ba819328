"""What the endpoint says about itself, in each format and at both addresses."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.compare import isomorphic

from stemgraph.ontology import vocabulary

FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
PREFIXES = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


def described(client: TestClient, path: str = "/sparql") -> Graph:
    """The description as a graph."""
    return Graph().parse(data=client.get(path, headers={"accept": "text/turtle"}).text, format="turtle")


def rows(graph: Graph, query: str) -> list[Any]:
    """The solutions of a query over the description."""
    return list(graph.query(PREFIXES + query))


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
@pytest.mark.parametrize("media_type", list(FORMATS))
def test_it_is_had_in_every_rdf_format(client: TestClient, path: str, media_type: str) -> None:
    answer = client.get(path, headers={"accept": media_type})
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert len(list(ox.parse(answer.content, format=FORMATS[media_type]))) > 40
    assert client.head(path, headers={"accept": media_type}).content == b""


def test_it_names_language_feature_formats_and_endpoint(client: TestClient) -> None:
    found = rows(
        described(client),
        """SELECT ?endpoint (COUNT(DISTINCT ?format) AS ?formats) {
        ?s a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ;
           sd:feature sd:UnionDefaultGraph ; sd:resultFormat ?format } GROUP BY ?endpoint""",
    )
    assert [(str(row[0]), int(row[1])) for row in found] == [("http://testserver/sparql", 10)]


def test_it_counts_the_triples_of_each_named_graph(client: TestClient) -> None:
    counted = {
        str(row[0]): int(row[1])
        for row in rows(
            described(client),
            "SELECT ?name ?count { ?d sd:namedGraph [ sd:name ?name ; sd:graph [ void:triples ?count ] ] }",
        )
    }
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    answer = client.get("/sparql", params={"query": query}).json()
    asked = {row["g"]["value"]: int(row["n"]["value"]) for row in answer["results"]["bindings"]}
    assert counted == asked


def test_classes_are_counted_as_the_statistics_count_them(client: TestClient) -> None:
    found = rows(
        described(client),
        "SELECT ?class ?n { [] void:classPartition [ void:class ?class ; void:entities ?n ] }",
    )
    iris = {category.iri: name for name, category in vocabulary.categories().items()}
    counted = {iris[str(kind)]: int(count) for kind, count in found}
    assert counted == client.get("/api/v1/stats").json()["entities"]["by_category"]


def test_the_well_known_address_describes_the_same_endpoint(client: TestClient) -> None:
    assert isomorphic(described(client), described(client, "/.well-known/void"))
    assert rows(described(client, "/.well-known/void"), "SELECT * { ?d void:sparqlEndpoint ?e }")
    refused = client.post("/.well-known/void")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_release_that_is_not_there_is_404_there_too(client: TestClient) -> None:
    assert client.get("/.well-known/void", params={"release": "999"}).status_code == 404


def test_a_graph_that_is_not_there_is_refused_without_a_query_too(client: TestClient) -> None:
    assert client.get("/sparql", params={"named-graph-uri": "http://x/"}).status_code == 403
