from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app, create_router
from stemgraph.graph import DataDirectoryError, KnowledgeGraph

SCLEROSIS = "/api/v1/entity/MONDO:0005301"


@pytest.fixture(scope="module")
def tiny_graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A graph of one entity."""
    file = tmp_path_factory.mktemp("tiny") / "tiny.trig"
    file.write_text(
        "GRAPH <https://w3id.org/stemgraph/graph/curated> { <http://purl.obolibrary.org/obo/MONDO_0000001> "
        "a <https://w3id.org/stemgraph/vocab/Disease> ; "
        '<http://www.w3.org/2000/01/rdf-schema#label> "disease" . }'
    )
    return KnowledgeGraph.memory(file)


def test_importing_the_service_imports_no_web_framework() -> None:
    script = "import sys, stemgraph.app; sys.exit('fastapi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_two_services_live_side_by_side(small_graph: KnowledgeGraph, tiny_graph: KnowledgeGraph) -> None:
    settings = Settings(sparql_workers=1)
    with (
        TestClient(create_app(settings, knowledge_graph=small_graph)) as one,
        TestClient(create_app(settings, knowledge_graph=tiny_graph)) as other,
    ):
        assert one.get(SCLEROSIS).status_code == 200
        assert other.get(SCLEROSIS).status_code == 404
        assert one.get("/readyz").json()["release"] != other.get("/readyz").json()["release"]


@pytest.fixture(scope="module")
def host(small_graph: KnowledgeGraph, tiny_graph: KnowledgeGraph) -> FastAPI:
    """An app of someone else that has the service in two places."""
    begun: list[str] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        begun.append("host")
        yield

    app = FastAPI(title="host", lifespan=lifespan)
    app.state.begun = begun

    @app.get("/own")
    def own() -> dict[str, list[str]]:
        return {"begun": begun}

    settings = Settings(sparql_workers=1)
    app.include_router(create_router(small_graph, settings), prefix="/kg")
    app.include_router(create_router(tiny_graph, settings), prefix="/other/kg")
    return app


def test_a_router_works_in_a_host_app_with_both_lifespans(host: FastAPI) -> None:
    with TestClient(host, follow_redirects=False) as client:
        assert client.get("/own").json() == {"begun": ["host"]}
        assert client.get("/kg/readyz").json()["ready"] is True
        assert client.get("/kg" + SCLEROSIS).json()["label"] == "multiple sclerosis"
        assert client.get("/other/kg" + SCLEROSIS).status_code == 404
        assert client.get("/kg/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True


def test_links_hold_under_a_prefix(host: FastAPI) -> None:
    with TestClient(host) as client:
        assert client.get("/kg/id/MONDO:0005301").url.path == "/kg" + SCLEROSIS
        page = client.get("/kg/id/MONDO:0005301", headers={"Accept": "text/html"})
        assert page.url.path == "/kg/entity/MONDO:0005301"
        assert client.get(page.url.join("../docs/page.css")).is_success
        listed = client.get("/kg/api/v1/association?limit=1")
        assert client.get(listed.url.join(listed.links["next"]["url"])).is_success


def test_refusals_are_problems_in_a_host_app_too(host: FastAPI) -> None:
    with TestClient(host) as client:
        for method, path, status in [
            ("GET", "/kg/api/v1/entity/nonsense", 400),
            ("GET", "/kg/api/v1/search", 422),
            ("DELETE", "/kg" + SCLEROSIS, 405),
        ]:
            answer = client.request(method, path)
            assert (answer.status_code, answer.headers["content-type"]) == (
                status,
                "application/problem+json",
            )
            assert answer.json()["instance"] == path


def test_the_host_documents_our_routes_beside_its_own(host: FastAPI) -> None:
    paths = host.openapi()["paths"]
    assert {"/own", "/kg/api/v1/entity/{id}", "/other/kg/api/v1/search"} <= paths.keys()
    with TestClient(host) as client:
        ours = client.get("/kg/openapi.json").json()
    assert "/api/v1/entity/{id}" in ours["paths"]
    assert ours["servers"] == [{"url": "."}]


def test_a_mounted_service_answers_reads_but_is_not_ready_without_its_lifespan(
    small_graph: KnowledgeGraph,
) -> None:
    app = FastAPI()
    app.mount("/kg", create_app(Settings(), knowledge_graph=small_graph))
    with TestClient(app) as client:
        assert client.get("/kg" + SCLEROSIS).status_code == 200
        answer = client.get("/kg/readyz")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/stats/", "//", "/api/v1/entity"])
def test_an_unknown_path_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["mend"]
    assert "stemgraph-release" in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"), [("PUT", SCLEROSIS, "GET, HEAD"), ("GET", "/api/v1/entities", "POST")]
)
def test_another_method_is_a_problem_that_names_those_allowed(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["status"] == 405


def test_what_is_offered_is_told_when_nothing_fits(client: TestClient) -> None:
    answer = client.get(SCLEROSIS, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["suggestions"]


def test_a_failure_is_a_problem_without_a_traceback(
    small_graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the inside")

    app = create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)
    monkeypatch.setattr(KnowledgeGraph, "statistics", fail)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/stats")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        SCLEROSIS,
        "/api/v1/association",
        "/api/v1/search?q=cell",
        "/api/v1/export",
        "/healthz",
        "/docs",
        "/nothing",
    ],
)
def test_head_has_the_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    head, full = client.head(path), client.get(path)
    assert head.status_code == full.status_code
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "link"):
        assert head.headers.get(name) == full.headers.get(name)


def test_a_strong_tag_follows_release_request_and_type(client: TestClient) -> None:
    tags = {
        client.get(SCLEROSIS).headers["etag"],
        client.get(SCLEROSIS, headers={"Accept": "text/turtle"}).headers["etag"],
        client.get("/api/v1/entity/MONDO:0005314").headers["etag"],
    }
    assert len(tags) == 3
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("capacity", [0, 1_000_000])
@pytest.mark.parametrize("name", ["tag", "weak", "list", "any"])
def test_who_has_the_answer_is_told_not_modified(
    small_graph: KnowledgeGraph, capacity: int, name: str
) -> None:
    settings = Settings(cache_bytes=capacity, sparql_workers=1)
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as client:
        tag = client.get(SCLEROSIS).headers["etag"]
        header = {"tag": tag, "weak": f"W/{tag}", "list": f'"x", {tag}', "any": "*"}[name]
        answer = client.get(SCLEROSIS, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert "stemgraph-release" in answer.headers


def test_any_tag_does_not_hide_that_there_is_nothing(client: TestClient) -> None:
    assert client.get("/api/v1/entity/MONDO:9999999", headers={"If-None-Match": "*"}).status_code == 404


def test_a_hit_is_the_miss_again(small_graph: KnowledgeGraph) -> None:
    with TestClient(create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)) as client:
        miss, hit = client.get(SCLEROSIS), client.get(SCLEROSIS)
    assert (miss.headers["stemgraph-cache"], hit.headers["stemgraph-cache"]) == ("miss", "hit")
    assert hit.content == miss.content
    told = {name: value for name, value in miss.headers.items() if name != "stemgraph-cache"}
    assert told == {name: value for name, value in hit.headers.items() if name != "stemgraph-cache"}


def test_any_origin_may_read_and_credentials_are_not_allowed(client: TestClient) -> None:
    answer = client.get(SCLEROSIS, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "DELETE"}
    assert client.options(SCLEROSIS, headers=asked).status_code == 403


def test_origins_can_be_shut_out(small_graph: KnowledgeGraph) -> None:
    with TestClient(
        create_app(Settings(cors=False, sparql_workers=1), knowledge_graph=small_graph)
    ) as client:
        answer = client.get(SCLEROSIS, headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path", [SCLEROSIS, "/docs", "/nothing", "/api/v1/search", "/api/v1/export?format=csv"]
)
def test_every_answer_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_broken_data_directory_is_refused_when_the_app_is_made(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError):
        create_app(Settings(data=tmp_path))


def test_what_the_settings_name_is_served(small_graph: KnowledgeGraph) -> None:
    settings = Settings(release=small_graph.directory.path, sparql_workers=1)
    with TestClient(create_app(settings)) as client:
        assert client.get("/readyz").json()["release"] == small_graph.release.id
