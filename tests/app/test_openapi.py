from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from stemgraph.app.routes import OPERATIONS


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


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
