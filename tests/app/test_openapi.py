from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from stemgraph.app import Settings, create_app
from stemgraph.app.application import openapi_document
from stemgraph.app.routes import OPERATIONS
from stemgraph.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_updates_are_documented_where_they_are_taken(
    document: dict[str, Any], small_graph: KnowledgeGraph
) -> None:
    def posted(found: dict[str, Any]) -> tuple[dict[str, Any], set[str], set[str]]:
        operation = found["paths"]["/sparql"]["post"]
        form = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        names = {each["name"] for each in operation["parameters"]}
        return operation, names, set(form["properties"])

    off, names, fields = posted(document)
    assert "update" not in fields
    assert "using-graph-uri" not in names
    assert "application/sparql-update" not in off["requestBody"]["content"]
    assert "security" not in off
    assert "409" not in off["responses"]

    app = create_app(Settings(updates=True), knowledge_graph=small_graph)
    described = openapi_document(app.router)
    validate(described)
    on, names, fields = posted(described)
    assert {"query", "update"} <= fields
    assert {"using-graph-uri", "using-named-graph-uri", "If-Match", "Stemgraph-Reason"} <= names
    assert "application/sparql-update" in on["requestBody"]["content"]
    assert on["security"] == [{}, {"key": ["update"]}]
    documented = {"200", "401", "403", "409", "412", "413", "415", "422", "504", "507"}
    assert documented <= set(on["responses"])


def test_replacing_a_graph_may_need_its_version(document: dict[str, Any]) -> None:
    assert "428" in document["paths"]["/graph-store"]["put"]["responses"]


def test_every_route_is_documented_under_its_functions_name(document: dict[str, Any]) -> None:
    named = {operation["operationId"] for operation in operations(document)}
    assert {operation.endpoint.__name__ for operation in OPERATIONS} <= named
    assert len(named) == len(operations(document))


def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    missing = [
        (operation["operationId"], parameter["name"])
        for operation in operations(document)
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    assert missing == []


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert "application/problem+json" in response["content"], (operation["operationId"], status)
    assert "StemgraphProblem" in document["components"]["schemas"]


@pytest.mark.parametrize(
    "operation",
    [each for each in OPERATIONS if each.method == "GET" and each.scope == "read"],
    ids=lambda each: each.name,
)
def test_every_route_refuses_a_parameter_that_it_does_not_have(client: TestClient, operation: Any) -> None:
    path = operation.path.replace("{id:path}", "MONDO:0005301").replace("{curie:path}", "MONDO:0005301")
    if operation.path.startswith("/api/v1/association/{"):
        path = "/api/v1/association/sga:" + "0" * 24
    answer = client.get(path.replace("{name}", "page.css") + "?surely=not")
    assert (answer.status_code, answer.json()["place"]) == (422, "surely")
