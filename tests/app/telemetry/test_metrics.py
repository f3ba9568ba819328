from __future__ import annotations

import os
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from stemgraph.app import Settings, create_app, create_router
from stemgraph.app.telemetry.exchange import Exchange
from stemgraph.app.telemetry.exposition import exposition
from stemgraph.app.telemetry.family import Family, added
from stemgraph.app.telemetry.metrics import writer_families
from stemgraph.app.telemetry.traffic import Traffic
from stemgraph.graph import KnowledgeGraph

ENTITY = "/api/v1/entity/MONDO:0005301"


def values(client: TestClient, prefix: str = "") -> dict[tuple[str, str, str], float]:
    """The samples that a scrape gives, by name, route and status."""
    text = client.get(f"{prefix}/metrics").text
    return {
        (sample.name, sample.labels.get("route", ""), sample.labels.get("status", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "le" not in sample.labels
    }


@pytest.fixture
def counted(small_graph: KnowledgeGraph) -> TestClient:
    return TestClient(create_app(Settings(sparql_workers=1), knowledge_graph=small_graph))


def test_requests_are_counted_by_route_and_status(counted: TestClient) -> None:
    with counted as client:
        for _ in range(3):
            client.get(ENTITY)
        client.get("/no/such/path")
        client.get("/nor/such/a/path")
        found = values(client)
    count = "stemgraph_request_seconds_count"
    assert found[count, "/api/v1/entity/{id:path}", "200"] == 3
    assert found[count, "unmatched", "404"] == 2
    assert found["stemgraph_cache_hits_total", "", ""] == 2
    assert found["stemgraph_requests_running", "", ""] == 1
    assert found["stemgraph_response_bytes_total", "", ""] > 1000


def test_the_release_is_told_in_labels(client: TestClient, small_graph: KnowledgeGraph) -> None:
    text = client.get("/metrics").text
    (family,) = [
        each for each in text_string_to_metric_families(text) if each.name == "stemgraph_edition_info"
    ]
    (sample,) = family.samples
    assert sample.value == 1
    assert sample.labels["release"] == small_graph.release.id


def test_the_answer_has_the_type_that_prometheus_reads(client: TestClient) -> None:
    answer = client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text;q=0.5,text/plain;version=0.0.4"}
    )
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


def test_memory_and_descriptors_of_the_processes_are_told(client: TestClient) -> None:
    found = values(client)
    assert found["stemgraph_memory_bytes", "", ""] > 10_000_000
    assert found["stemgraph_open_descriptors", "", ""] > 3


def test_metrics_can_be_turned_off(small_graph: KnowledgeGraph) -> None:
    app = create_app(Settings(sparql_workers=1, metrics=False), knowledge_graph=small_graph)
    with TestClient(app) as client:
        assert client.get("/metrics").status_code == 404
        assert "/metrics" not in client.get("/openapi.json").json()["paths"]


def test_two_services_in_one_process_count_apart(small_graph: KnowledgeGraph) -> None:
    app = FastAPI()
    for prefix in ("/one", "/two"):
        app.mount(prefix, create_app(Settings(sparql_workers=1), knowledge_graph=small_graph))
    client = TestClient(app)
    client.get(f"/one{ENTITY}")
    route = ("stemgraph_request_seconds_count", "/api/v1/entity/{id:path}", "200")
    assert values(client, "/one")[route] == 1
    assert route not in values(client, "/two")


def test_a_service_within_another_app_tells_all_but_the_requests(small_graph: KnowledgeGraph) -> None:
    app = FastAPI()
    app.include_router(create_router(small_graph, Settings(sparql_workers=1)))
    with TestClient(app) as client:
        names = {name for name, _, _ in values(client)}
    assert "stemgraph_edition_info" in names
    assert "stemgraph_request_seconds_count" not in names


def test_a_method_that_no_one_knows_does_not_make_a_label() -> None:
    traffic = Traffic()
    for number in range(100):
        traffic.count("/", f"METHOD{number}", 405, 0.1)
    assert list(traffic.durations) == [("/", "other", 405)]


def test_label_values_are_escaped() -> None:
    text = exposition([Family("a", "gauge", "An a.", ("b",), {('"\n\\',): 1.0})])
    (family,) = text_string_to_metric_families(text.decode())
    assert family.samples[0].labels == {"b": '"\n\\'}


def family(kind: str, value: float) -> Family:
    return Family("a", kind, "An a.", (), {(): value})  # type: ignore[arg-type]


def test_what_processes_count_is_added_and_what_they_are_is_not() -> None:
    assert added([[family("counter", 1)], [family("counter", 2)]])[0].values == {(): 3}
    assert added([[family("info", 1)], [family("info", 1)]])[0].values == {(): 1}
    assert added([[family("histogram", 0)]], [])[0].values == {(): 0}


def test_of_a_process_that_has_ended_only_what_it_counted_stays() -> None:
    assert added([[family("counter", 1)]], [[family("counter", 2)]])[0].values == {(): 3}
    assert added([[family("gauge", 1)]], [[family("gauge", 2)]])[0].values == {(): 1}


def test_processes_tell_each_other_their_figures(tmp_path: Path) -> None:
    Exchange(tmp_path, lambda: [family("counter", 2)]).tell()
    (told,) = tmp_path.glob("*.json")
    told.rename(tmp_path / f"{os.getppid()}.json")  # as if the parent had told it
    (found,) = Exchange(tmp_path, lambda: [family("counter", 1)]).families()
    assert found.values == {(): 3}


def test_lanes_and_ended_workers_are_told(client: TestClient) -> None:
    client.get("/sparql", params={"query": "ASK { ?s ?p 'told' }"})
    families = {each.name: each for each in text_string_to_metric_families(client.get("/metrics").text)}
    assert {sample.labels["lane"] for sample in families["stemgraph_jail_running"].samples} == {
        "fast",
        "long",
        "tools",
    }
    assert families["stemgraph_jail_answered"].samples[0].value >= 1
    assert {sample.labels["process"] for sample in families["stemgraph_processes"].samples} == {"web", "jail"}


def test_a_query_that_is_ended_is_counted_with_the_reason(small_graph: KnowledgeGraph) -> None:
    settings = Settings(sparql_workers=1, sparql_seconds=0.5)
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as client:
        heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?f) }"
        assert client.get("/sparql", params={"query": heavy}).status_code == 504
        families = {each.name: each for each in text_string_to_metric_families(client.get("/metrics").text)}
    (sample,) = [each for each in families["stemgraph_jail_ended"].samples if each.name.endswith("_total")]
    assert sample.labels == {"reason": "timeout"}
    assert sample.value == 1


def test_what_all_processes_see_is_told_once() -> None:
    one, other = family("counter", 3), family("counter", 4)
    one.shared = other.shared = True
    assert added([[one], [other]])[0].values == {(): 4}
    assert added([[one]], [[other]])[0].values == {(): 3}


def test_the_writer_is_told_as_it_tells_of_itself() -> None:
    told = {
        each.name: each.values[()] for each in writer_families({"commits": 3, "full": False}, connected=True)
    }
    assert told == {"stemgraph_writer_up": 1, "stemgraph_writer_commits": 3, "stemgraph_writer_full": 0}
