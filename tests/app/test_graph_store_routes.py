"""The reading side of the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

CURATED = "https://w3id.org/stemgraph/graph/curated"
PATH = "/graph-store"


@pytest.mark.parametrize(
    ("accept", "rdf_format"),
    [
        ("*/*", ox.RdfFormat.TURTLE),
        ("text/turtle;q=0.1, application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_a_named_graph_is_had_in_every_format(
    client: TestClient, accept: str, rdf_format: ox.RdfFormat
) -> None:
    answer = client.get(PATH, params={"graph": CURATED}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == rdf_format.media_type
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{CURATED}> {{ ?s ?p ?o }} }}"
    counted = client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["n"]["value"]
    assert len({quad.triple for quad in ox.parse(answer.content, format=rdf_format)}) == int(counted)


def test_the_default_graph_is_what_describes_the_others(client: TestClient) -> None:
    answer = client.get(PATH + "?default", headers={"accept": "application/n-triples"})
    assert answer.status_code == 200
    assert not {
        str(triple.predicate) for triple in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)
    } & {"<https://w3id.org/stemgraph/vocab/treats>"}


def test_head_and_etag_hold_for_graphs(client: TestClient) -> None:
    head = client.head(PATH, params={"graph": CURATED})
    assert (head.status_code, head.content) == (200, b"")
    got = client.get(PATH, params={"graph": CURATED})
    assert got.headers["etag"] == head.headers["etag"]
    again = client.get(PATH, params={"graph": CURATED}, headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"graph": "http://example.org/unknown"}, 404),
        ({"graph": "relative"}, 422),
        ({"graph": "http://ex ample/"}, 422),
        ({"graph": "D:\u00d1\u008a"}, 422),
        ({"graph": CURATED, "default": ""}, 422),
        ({"default": "yes"}, 422),
        ({}, 422),
        ({"default": "", "release": "999"}, 404),
    ],
)
def test_what_names_no_graph_is_refused(client: TestClient, parameters: dict[str, str], status: int) -> None:
    answer = client.get(PATH, params=parameters)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_graph_is_answered_with_those_there_are(client: TestClient) -> None:
    problem = client.get(PATH, params={"graph": CURATED + "x"}).json()
    assert problem["place"] == "graph"
    assert CURATED in problem["suggestions"]
