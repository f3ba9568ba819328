from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.app.telemetry.conftest import Lines

from stemgraph.app import Settings, create_router
from stemgraph.app.access.principal import PRINCIPAL, Principal
from stemgraph.app.telemetry.observer import shortened
from stemgraph.app.telemetry.request_record import RequestRecord
from stemgraph.graph import KnowledgeGraph

ENTITY = "/api/v1/entity/MONDO:0005301"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def of(lines: Lines, logger: str) -> list[dict[str, Any]]:
    return [each for each in lines() if each["logger"] == f"stemgraph.{logger}"]


def scope(*headers: tuple[bytes, bytes], **others: Any) -> dict[str, Any]:
    return {"type": "http", "method": "GET", "path": "/", "headers": list(headers), **others}


def test_each_request_is_one_line_with_what_came_of_it(logged: TestClient, lines: Lines) -> None:
    answer = logged.get(ENTITY, headers={"X-Request-ID": "mine-1"})
    (line,) = of(lines, "access")
    assert line["request_id"] == "mine-1"
    assert line["method"] == "GET"
    assert line["path"] == ENTITY
    assert line["route"] == "/api/v1/entity/{id:path}"
    assert line["status"] == 200
    assert line["bytes"] == len(answer.content)
    assert line["edition"] in answer.headers["stemgraph-release"]
    assert line["milliseconds"] > 0


def test_an_answer_that_is_kept_has_its_route_too(logged: TestClient, lines: Lines) -> None:
    for _ in range(2):
        answer = logged.get(ENTITY)
    assert answer.headers["stemgraph-cache"] == "hit"
    assert {line["route"] for line in of(lines, "access")} == {"/api/v1/entity/{id:path}"}


@pytest.mark.parametrize("path", ["/no/such/path", "/api/v1/search"])
def test_a_refusal_names_its_line(logged: TestClient, lines: Lines, path: str) -> None:
    answer = logged.get(path)
    (line,) = of(lines, "access")
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == line["request_id"]
    assert line["status"] == answer.status_code >= 400


def test_the_query_string_is_in_no_line(logged: TestClient, lines: Lines) -> None:
    logged.get("/api/v1/search?q=sclerosis&api_key=open-sesame")
    assert lines()
    assert "sesame" not in str(lines())


def test_a_slow_request_is_told_with_its_client(logged: TestClient, lines: Lines) -> None:
    logged.get(ENTITY)
    (line,) = of(lines, "slow")
    assert line["level"] == "warning"
    assert line["client"] == "testclient"


def test_a_service_whose_requests_are_quick_logs_nothing(client: TestClient, lines: Lines) -> None:
    client.get(ENTITY)
    client.get("/no/such/path")
    assert lines() == []


def test_a_service_within_another_app_names_its_refusals_too(small_graph: KnowledgeGraph) -> None:
    app = FastAPI()
    app.include_router(create_router(small_graph, Settings(sparql_workers=1)), prefix="/kg")
    with TestClient(app) as client:
        answers = [client.get("/kg/api/v1/search", headers={"X-Request-ID": each}) for each in "ab"]
    assert [answer.json()["request_id"] for answer in answers] == ["a", "b"]


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([(b"x-request-id", b"abc-1")], "abc-1"),
        ([(b"traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode())], TRACE),
        (
            [(b"traceparent", f"00-{TRACE}-00f067aa0ba902b7-01".encode()), (b"x-request-id", b"abc-1")],
            "abc-1",
        ),
    ],
)
def test_a_well_formed_id_of_the_client_is_taken(headers: list[tuple[bytes, bytes]], found: str) -> None:
    assert RequestRecord(scope(*headers)).id == found


@pytest.mark.parametrize(
    "header",
    [
        (b"x-request-id", b""),
        (b"x-request-id", b"a b"),
        (b"x-request-id", b"a\nb"),
        (b"x-request-id", b"\xff"),
        (b"x-request-id", b"a" * 129),
        (b"traceparent", b"00-" + b"0" * 32 + b"-00f067aa0ba902b7-01"),
        (b"traceparent", b"00-xyz-00f067aa0ba902b7-01"),
    ],
)
def test_any_other_gets_one_that_is_made(header: tuple[bytes, bytes]) -> None:
    record = RequestRecord(scope(header))
    assert len(record.id) == 32
    assert int(record.id, 16)
    assert record.id == record.id


def test_a_key_is_told_by_its_id_alone() -> None:
    asked = scope(**{PRINCIPAL: Principal("0123456789ab", frozenset({"write"}))})
    assert RequestRecord(asked).key == "0123456789ab"
    assert RequestRecord(scope(**{PRINCIPAL: Principal("anonymous", frozenset())})).key is None
    assert RequestRecord(scope()).key is None


def test_a_long_query_is_shortened_to_one_line() -> None:
    assert shortened("SELECT *\n  { ?s ?p ?o }") == "SELECT * { ?s ?p ?o }"
    assert len(shortened("x" * 10**6)) == 501


def test_a_slow_query_is_told_with_its_text_and_its_step(logged: TestClient, lines: Lines) -> None:
    logged.get("/sparql", params={"query": "ASK {\n ?s ?p 'slow' }"})
    (line,) = of(lines, "slow")
    assert line["route"] == "/sparql"
    assert line["query"] == "ASK { ?s ?p 'slow' }"
