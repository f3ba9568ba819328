from __future__ import annotations

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from stemgraph.app.responses import EntitiesAnswer, EntityAnswer, HierarchyAnswer, NeighborhoodAnswer

SCLEROSIS = "/api/v1/entity/MONDO:0005301"
IRI = URIRef("http://purl.obolibrary.org/obo/MONDO_0005301")


def test_an_entity_has_names_categories_and_counts(client: TestClient) -> None:
    answer = EntityAnswer.model_validate_json(client.get(SCLEROSIS).content)
    assert (answer.label, answer.categories) == ("multiple sclerosis", ["disease"])
    assert "MS" in answer.synonyms
    assert answer.counts == {"treats": 1, "studied_to_treat": 1, "subclass_of": 2}


def test_every_envelope_says_release_date_and_notice(client: TestClient) -> None:
    answer = client.get(SCLEROSIS)
    meta = answer.json()["meta"]
    assert "Not medical advice" in meta["notice"]
    assert meta["edition"] == meta["release"]
    said = [meta["release"], f"date={meta['release_date']}", f"edition={meta['edition']}"]
    assert answer.headers["stemgraph-release"].split("; ") == [*said, 'notice="not medical advice"']


@pytest.mark.parametrize(
    "spelling", ["mondo:0005301", "http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FMONDO_0005301"]
)
def test_an_entity_is_found_by_another_spelling_and_by_iri(client: TestClient, spelling: str) -> None:
    assert client.get(f"/api/v1/entity/{spelling}").json()["id"] == "MONDO:0005301"


def test_an_unknown_entity_is_404_with_suggestions(client: TestClient) -> None:
    answer = client.get("/api/v1/entity/MONDO:0005302")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert "MONDO:0005301" in problem["suggestions"]
    assert problem["instance"] == "/api/v1/entity/MONDO:0005302"


@pytest.mark.parametrize("identifier", ["5301", "NOPE:1", "MONDO:", "%00", "%ff", "%EF%BF%BD", "a" * 2000])
def test_a_malformed_identifier_is_400(client: TestClient, identifier: str) -> None:
    answer = client.get(f"/api/v1/entity/{identifier}")
    assert answer.status_code == 400
    assert answer.json()["place"] == "id"


# rdflib's own JSON-LD parser warns of a class that rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("accept", "parser"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
    ],
)
def test_an_entity_is_had_as_rdf(client: TestClient, accept: str, parser: str) -> None:
    answer = client.get(SCLEROSIS, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == accept
    assert "Accept" in answer.headers["vary"]
    graph = Graph().parse(data=answer.content, format=parser)
    assert (IRI, RDFS.label, Literal("multiple sclerosis")) in graph
    assert (IRI, RDF.type, URIRef("https://w3id.org/stemgraph/vocab/Disease")) in graph


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("application/trig", ox.RdfFormat.TRIG), ("application/n-quads", ox.RdfFormat.N_QUADS)],
)
def test_formats_with_graphs_say_the_source(client: TestClient, accept: str, parser: ox.RdfFormat) -> None:
    answer = client.get(SCLEROSIS, headers={"Accept": accept})
    graphs = {quad.graph_name for quad in ox.parse(answer.content, parser)}
    assert ox.NamedNode("https://w3id.org/stemgraph/graph/mondo") in graphs


def test_entities_are_answered_in_the_order_asked_and_the_unknown_listed(client: TestClient) -> None:
    ids = ["CL:0000084", "MONDO:9999999", "nonsense", "MONDO:0005301", "CL:0000084"]
    answer = client.post("/api/v1/entities", json={"ids": ids})
    body = EntitiesAnswer.model_validate_json(answer.content)
    assert [each.id for each in body.items] == ["CL:0000084", "MONDO:0005301"]
    assert body.unknown == ["MONDO:9999999", "nonsense"]
    assert body.total == 2


def test_no_entities_at_all_is_an_empty_list(client: TestClient) -> None:
    assert client.post("/api/v1/entities", json={"ids": []}).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        (b"{", 400, "body, line 1, column 2"),
        (b"\xff", 400, None),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b"{}", 422, "ids"),
        (b'{"ids":"MONDO:0005301"}', 422, "ids"),
        (b'{"ids":[1]}', 422, "ids[0]"),
        (b'{"ids":[""]}', 422, "ids[0]"),
        (b'{"ids":[],"more":1}', 422, "more"),
        (b'{"ids":[%s]}' % b",".join([b'"A:1"'] * 201), 422, "ids"),
        (b'{"ids":["' + b"a" * 2_000_000 + b'"]}', 413, "body"),
    ],
    ids=range(11),
)
def test_a_bad_list_of_entities_is_refused(
    client: TestClient, body: bytes, status: int, place: str | None
) -> None:
    answer = client.post("/api/v1/entities", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    if place is not None:
        assert answer.json()["place"] == place


@pytest.mark.parametrize("coding", ["gzip", "br", "GZIP, gzip", "x"])
def test_a_compressed_list_is_415(client: TestClient, coding: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    answer = client.post("/api/v1/entities", content=b'{"ids":[]}', headers=headers)
    assert (answer.status_code, answer.json()["place"]) == (415, "Content-Encoding")
    assert answer.json()["mend"]


@pytest.mark.parametrize("end", ["%0A", "%0D%0AX-Evil:1"])
def test_a_line_break_is_part_of_no_path(client: TestClient, end: str) -> None:
    assert client.get(SCLEROSIS + end).status_code == 404


@pytest.mark.parametrize("spelling", ["MONDO_0005301", "%20MONDO:0005301", "mondo_0005301%09"])
def test_what_was_meant_by_a_malformed_identifier_is_told(client: TestClient, spelling: str) -> None:
    assert client.get(f"/api/v1/entity/{spelling}").json()["mend"] == "did you mean MONDO:0005301?"


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_list_of_another_type_is_415(client: TestClient, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    assert client.post("/api/v1/entities", content=b'{"ids":[]}', headers=headers).status_code == 415


def test_the_hierarchy_names_the_relation_of_each_step(client: TestClient) -> None:
    answer = HierarchyAnswer.model_validate_json(client.get(SCLEROSIS + "/hierarchy").content)
    assert [(step.entity.id, step.relation) for step in answer.parents] == [("MONDO:0020800", "subclass_of")]
    assert [(step.entity.id, step.relation) for step in answer.children] == [("MONDO:0005314", "subclass_of")]


def test_the_neighborhood_is_nodes_and_edges(client: TestClient) -> None:
    answer = NeighborhoodAnswer.model_validate_json(
        client.get(SCLEROSIS + "/neighborhood?depth=2&limit=3").content
    )
    assert answer.nodes[0].id == "MONDO:0005301"
    assert len(answer.nodes) <= 3
    assert answer.truncated
    known = {node.id for node in answer.nodes}
    assert all(edge.subject in known and edge.object in known for edge in answer.edges)


@pytest.mark.parametrize("query", ["depth=0", "depth=9", "limit=0", "limit=201", "depth=two", "deep=1"])
def test_a_neighborhood_out_of_range_is_422(client: TestClient, query: str) -> None:
    answer = client.get(f"{SCLEROSIS}/neighborhood?{query}")
    assert answer.status_code == 422
    assert answer.json()["place"] == query.partition("=")[0]


@pytest.mark.parametrize("part", ["", "/associations", "/hierarchy", "/neighborhood"])
def test_every_question_about_an_unknown_entity_is_404(client: TestClient, part: str) -> None:
    assert client.get(f"/api/v1/entity/MONDO:9999999{part}").status_code == 404
