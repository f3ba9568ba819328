"""The gate in front of a whole service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.app.access.key_file import KeyFile
from stemgraph.graph import KnowledgeGraph

SCLEROSIS = "/api/v1/entity/MONDO:0005301"
ENTITIES = "/api/v1/entities"
BODY = {"ids": ["MONDO:0005301"]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for keys."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def client(small_graph: KnowledgeGraph, data: Path) -> Iterator[TestClient]:
    """A client of a service with a key file."""
    settings = Settings(sparql_workers=1, data=data, origins=("https://app.example.org",))
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as running:
        yield running


@pytest.mark.parametrize("path", [SCLEROSIS, "/", "/openapi.json", "/sparql?query=ASK%7B%7D", "/nothing"])
def test_another_host_is_refused_whether_or_not_the_answer_is_kept(client: TestClient, path: str) -> None:
    client.get(path)
    answer = client.get(path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["place"]) == (421, "Host")
    assert "STEMGRAPH_HOSTS" in answer.json()["mend"]


def test_load_balancers_may_ask_by_whatever_name(client: TestClient) -> None:
    assert client.get("/readyz", headers={"Host": "pool.example"}).status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_pages_elsewhere_may_read_and_nothing_else(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get(SCLEROSIS, headers=headers).status_code == 200
    for method, path in [("POST", ENTITIES), ("POST", "/sparql"), ("PUT", SCLEROSIS), ("DELETE", "/nothing")]:
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["place"] == next(iter(headers))


def test_our_own_pages_and_those_that_are_set_may_send_more(client: TestClient) -> None:
    for origin in ("http://testserver", "https://app.example.org"):
        answer = client.post(ENTITIES, json=BODY, headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 200


def test_a_browser_is_told_what_a_page_may_send(client: TestClient) -> None:
    def ask(origin: str, method: str) -> tuple[int, str | None]:
        headers = {"Origin": origin, "Access-Control-Request-Method": method}
        answer = client.options(SCLEROSIS, headers=headers)
        assert "access-control-allow-credentials" not in answer.headers
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        return answer.status_code, answer.headers.get("access-control-allow-methods")

    assert ask("https://evil.example", "GET") == (204, "GET, HEAD")
    assert ask("https://evil.example", "POST")[0] == 403
    for method in ("POST", "PUT", "DELETE"):
        assert ask("https://evil.example", method)[0] == 403
        assert ask("https://app.example.org", method) == (204, "GET, HEAD, POST, PUT, DELETE")
    assert ask("https://app.example.org", "PATCH")[0] == 403


def test_a_page_that_may_write_may_send_what_writes_need(client: TestClient) -> None:
    def headers(origin: str, host: str = "testserver") -> set[str]:
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET", "Host": host}
        answer = client.options("/graph-store", headers=asked)
        return set(answer.headers["access-control-allow-headers"].split(", "))

    needed = {"Authorization", "Content-Type", "If-Match", "If-None-Match", "Stemgraph-Reason"}
    assert needed <= headers("https://app.example.org")
    assert needed <= headers("http://testserver")
    assert headers("https://evil.example") == {"Accept", "Content-Type", "If-None-Match"}


def test_a_key_that_does_not_hold_is_refused_for_reading_too(client: TestClient, data: Path) -> None:
    _, text = KeyFile.of_data(data).create("", frozenset({"read"}), None)
    assert client.get(SCLEROSIS, headers={"Authorization": f"Bearer {text}"}).status_code == 200
    answer = client.get(SCLEROSIS, headers={"Authorization": f"Bearer {text[:-1]}"})
    assert (answer.status_code, answer.json()["place"]) == (401, "Authorization")
    assert client.get(SCLEROSIS, headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_who_sends_wrong_keys_too_often_is_told_to_wait_and_a_right_one_is_still_taken(
    small_graph: KnowledgeGraph, data: Path
) -> None:
    _, text = KeyFile.of_data(data).create("", frozenset({"read"}), None)
    app = create_app(Settings(sparql_workers=1, data=data), knowledge_graph=small_graph)
    with TestClient(app) as client:
        wrong = {"Authorization": f"Bearer sg_{'0' * 12}_{'A' * 43}"}
        statuses = [client.get("/healthz", headers=wrong).status_code for _ in range(40)]
        assert statuses[:30] == [401] * 30
        assert 429 in statuses[30:]
        assert client.get("/healthz", headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_who_asks_too_much_is_told_when_to_go_on(small_graph: KnowledgeGraph) -> None:
    app = create_app(Settings(sparql_workers=1, requests_per_minute=20), knowledge_graph=small_graph)
    with TestClient(app) as client:
        kept = [client.get(SCLEROSIS).status_code for _ in range(100)]
        assert kept == [200] * 100  # the first is made, the others are kept
        answers = [client.get("/healthz") for _ in range(30)]
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert int(refused[0].headers["retry-after"]) >= 1


def test_this_machine_is_not_held_back_unless_that_is_set(small_graph: KnowledgeGraph) -> None:
    app = create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)
    with TestClient(app, client=("127.0.0.1", 1)) as client:
        assert {client.get("/healthz").status_code for _ in range(50)} == {200}
    assert app.gate._spares_this_machine


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
@pytest.mark.parametrize("path", [SCLEROSIS, ENTITIES, "/sparql", "/nothing", "/docs", "/readyz"])
def test_each_security_header_stands_once_on_every_answer(client: TestClient, method: str, path: str) -> None:
    for host in ("testserver", "evil.example"):
        answer = client.request(method, path, headers={"Host": host})
        if answer.status_code == 304:
            continue
        for name in ("content-security-policy", "x-content-type-options"):
            assert len(answer.headers.get_list(name)) == 1, (answer.status_code, name)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
