"""Answers that are kept: one for a query, however it is sent, and none for what varies."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app, create_router
from stemgraph.graph import KnowledgeGraph

QUERY = {"Content-Type": "application/sparql-query"}
CURATED = "https://w3id.org/stemgraph/graph/curated"


def said(answer: Any) -> str:
    """What the header says of a good answer."""
    assert answer.status_code == 200
    return str(answer.headers["stemgraph-cache"])


@pytest.fixture
def asking(small_graph: KnowledgeGraph) -> Any:
    """A service that has kept nothing yet."""
    with TestClient(create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)) as running:
        yield running


def test_a_query_is_answered_once_however_it_is_sent(asking: TestClient) -> None:
    query = "SELECT * { ?s rdfs:label ?o } ORDER BY ?s"
    answers = [
        asking.get("/sparql", params={"query": query}),
        asking.post("/sparql", data={"query": query}),
        asking.post("/sparql", content=query, headers=QUERY),
        asking.post("/sparql", content=query, headers=QUERY),
        asking.get("/sparql", params={"query": query}, headers={"accept": "application/sparql-results+json"}),
        asking.get("/sparql", params={"query": query}),
    ]
    assert [said(each) for each in answers] == ["miss", "hit", "hit", "hit", "hit", "hit"]
    assert len({each.content for each in answers}) == 1
    assert len({each.headers["etag"] for each in answers}) == 1
    assert len(asking.head("/sparql", params={"query": query}).content) == 0


def test_another_format_or_dataset_is_another_answer(asking: TestClient) -> None:
    query = "SELECT * { ?s rdfs:label ?o } ORDER BY ?s"
    assert said(asking.get("/sparql", params={"query": query})) == "miss"
    assert said(asking.get("/sparql", params={"query": query, "format": "csv"})) == "miss"
    assert said(asking.get("/sparql", params={"query": query}, headers={"accept": "text/csv"})) == "hit"
    for name in ("default-graph-uri", "named-graph-uri"):
        assert said(asking.get("/sparql", params={"query": query, name: CURATED})) == "miss"
        assert said(asking.post("/sparql", data={"query": query, name: CURATED})) == "hit"


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "uuid()"])
def test_what_varies_is_never_kept(asking: TestClient, function: str) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    answers = [asking.get("/sparql", params={"query": query}), asking.get("/sparql", params={"query": query})]
    answers += [asking.post("/sparql", data={"query": query}) for _ in range(2)]
    assert [said(each) for each in answers] == ["miss"] * 4
    assert len({each.content for each in answers}) == 4


def test_refusals_are_never_kept(asking: TestClient) -> None:
    for _ in range(2):
        answer = asking.post("/sparql", content="SELECT * {", headers=QUERY)
        assert (answer.status_code, "stemgraph-cache" in answer.headers) == (400, False)


def test_a_long_query_is_kept_though_its_text_is_no_key(asking: TestClient) -> None:
    query = "ASK { FILTER(true) } #" + "x" * 40_000
    assert said(asking.post("/sparql", content=query, headers=QUERY)) == "miss"
    assert said(asking.post("/sparql", content=query, headers=QUERY)) == "hit"


def test_a_client_that_has_a_kept_answer_gets_304(asking: TestClient) -> None:
    first = asking.get("/sparql", params={"query": "ASK {}"})
    again = asking.get(
        "/sparql", params={"query": "ASK {}"}, headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content, again.headers["stemgraph-cache"]) == (304, b"", "hit")


def test_an_app_that_includes_the_router_keeps_answers_too(small_graph: KnowledgeGraph) -> None:
    app = FastAPI()
    app.include_router(create_router(small_graph, Settings(sparql_workers=1)), prefix="/kg")
    with TestClient(app) as client:
        said_by = [said(client.get("/kg/sparql", params={"query": "ASK {}"})) for _ in range(2)]
    assert said_by == ["miss", "hit"]


def test_nothing_is_kept_where_that_is_set(small_graph: KnowledgeGraph) -> None:
    settings = Settings(sparql_workers=1, cache_bytes=0)
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as client:
        assert [said(client.get("/sparql", params={"query": "ASK {}"})) for _ in range(2)] == ["miss", "miss"]
