"""The endpoint as its clients see it: protocol, negotiation, refusals."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from rdflib import Graph

from stemgraph.app import Settings, create_app
from stemgraph.graph import KnowledgeGraph

SELECT = "SELECT ?name { ?x sgv:treats ?y ; rdfs:label ?name } ORDER BY ?name"
CONSTRUCT = "CONSTRUCT WHERE { ?s rdfs:label ?o }"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}


def ask(client: TestClient, query: str, **headers: str) -> Any:
    """The answer to a query by GET."""
    return client.get("/sparql", params={"query": query}, headers=headers)


def test_a_query_may_come_by_get_form_or_body(client: TestClient) -> None:
    answers = [
        ask(client, SELECT),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", content=SELECT, headers=QUERY),
    ]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len({each.content for each in answers}) == 1
    assert answers[0].json()["results"]["bindings"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.4, text/tab-separated-values;q=0.9", "text/tab-separated-values; charset=utf-8"),
        ("text/html;q=0.1, application/xml;q=0.9, */*;q=0.1", "application/xml"),
        ("application/json", "application/json"),
    ],
)
def test_solutions_are_negotiated(client: TestClient, accept: str, expected: str) -> None:
    answer = ask(client, SELECT, accept=accept)
    assert answer.headers["content-type"] == expected
    assert answer.headers["vary"].lower().startswith("accept")


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
def test_graphs_are_negotiated_and_parse(client: TestClient, accept: str, rdf_format: ox.RdfFormat) -> None:
    answer = ask(client, CONSTRUCT, accept=accept)
    assert len(list(ox.parse(answer.content, format=rdf_format))) > 10
    assert answer.headers["content-type"].split(";")[0] == rdf_format.media_type


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("csv", SELECT, "text/csv; charset=utf-8"),
        ("xml", SELECT, "application/sparql-results+xml"),
        ("xml", CONSTRUCT, "application/rdf+xml"),
        ("json", CONSTRUCT, "application/ld+json"),
        ("text/turtle", CONSTRUCT, "text/turtle; charset=utf-8"),
        ("turtle", SELECT, "application/sparql-results+json"),
    ],
)
def test_format_names_what_the_header_cannot(
    client: TestClient, name: str, query: str, expected: str
) -> None:
    answer = client.get("/sparql", params={"query": query, "format": name, "output": name, "results": name})
    assert answer.headers["content-type"] == expected


def test_what_is_not_offered_is_406_with_the_offer(client: TestClient) -> None:
    answer = ask(client, SELECT, accept="image/png")
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["suggestions"]
    assert "text/csv" not in ask(client, CONSTRUCT, accept="image/png").json()["suggestions"]


def test_without_a_query_the_endpoint_describes_itself(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"accept": "text/turtle"})
    text = Graph().parse(data=answer.text, format="turtle").serialize(format="nt")
    assert "service-description#SPARQL11Query" in text
    assert "service-description#UnionDefaultGraph" in text
    assert "https://w3id.org/stemgraph/graph/curated" in text
    assert "<http://testserver/sparql>" in text


def test_an_answer_has_an_entity_tag_and_304(client: TestClient) -> None:
    tag = ask(client, SELECT).headers["etag"]
    assert tag.startswith("W/")
    assert ask(client, SELECT, accept="text/csv").headers["etag"] != tag
    again = ask(client, SELECT, **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_that_changes_each_time_has_no_entity_tag(client: TestClient) -> None:
    answer = ask(client, "SELECT (RAND() AS ?x) {}")
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_head_and_options_answer_without_a_body(client: TestClient) -> None:
    head = client.head("/sparql", params={"query": SELECT})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(ask(client, SELECT).content)
    options = client.options("/sparql")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    refused = client.delete("/sparql")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_pages_of_other_origins_may_ask(client: TestClient) -> None:
    assert ask(client, SELECT, origin="https://app.example").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("query", "status", "place", "said"),
    [
        ("SELECT *\n{ ?s ?p }", 400, (2, 10), "does not parse"),
        ("SELECT *\n{ ?s ex:p ?o }", 400, (2, 6), "the prefix 'ex:' is not declared"),
        ("SELECT * { ?s ?p ?o", 400, (1, 20), "near its end"),
        ("SELECT ?x { } GROUP BY ?y", 400, (1, 26), "unbound"),
        ("ASK {\n SERVICE <http://x/> {} }", 403, (2, 2), "SERVICE is refused"),
        ("LOAD <http://x/>", 403, (1, 1), "LOAD is refused"),
        ("SELECT * FROM <http://x/> { ?s ?p ?o }", 403, (1, 15), "is not here"),
        ("SELECT * " + "{" * 5000 + "}" * 5000, 400, (1, 110), "nested"),
    ],
)
def test_a_refused_query_tells_line_and_column(
    client: TestClient, query: str, status: int, place: tuple[int, int], said: str
) -> None:
    answer = client.post("/sparql", content=query, headers=QUERY)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["line"], problem["column"]) == (status, *place)
    assert said in problem["detail"]


@pytest.mark.parametrize(
    ("parameters", "status", "place"),
    [
        ([("query", "ASK {}"), ("query", "ASK {}")], 422, "query"),
        ([("qurey", "ASK {}")], 422, "qurey"),
        ([("query", "ASK {}"), ("format", "docx")], 422, "format"),
        ([("query", "")], 400, "line 1, column 1"),
        ([("query", "ASK {}"), ("default-graph-uri", "http://x/")], 403, None),
        ([("update", "CLEAR ALL")], 400, "update"),
        ([("query", "ASK {}"), ("update", "CLEAR ALL")], 400, "update"),
        ([("query", "ASK {}"), ("using-graph-uri", "http://x/")], 422, "using-graph-uri"),
    ],
)
def test_a_request_that_is_none_is_refused(
    client: TestClient, parameters: list[tuple[str, str]], status: int, place: str | None
) -> None:
    answer = client.get("/sparql", params=parameters)
    assert (answer.status_code, answer.json()["place"]) == (status, place)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"ASK {}", "text/plain", 415),
        (b"ASK {}", "", 415),
        (b"CLEAR ALL", "application/sparql-update", 403),
        (b"update=CLEAR%20ALL", FORM["Content-Type"], 403),
        (b"update=CLEAR%20ALL&using-graph-uri=http://x/", FORM["Content-Type"], 403),
        (b"update=CLEAR%20ALL&default-graph-uri=http://x/", FORM["Content-Type"], 422),
        (b"", FORM["Content-Type"], 400),
        (b"query=%FF", FORM["Content-Type"], 400),
        (b"\xff", QUERY["Content-Type"], 400),
        (b"#" * 2_000_000, QUERY["Content-Type"], 413),
        (b"\x00", QUERY["Content-Type"], 400),
        (b"\xef\xbb\xbf", QUERY["Content-Type"], 400),
    ],
)
def test_a_body_that_is_no_query_is_refused(client: TestClient, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/sparql", content=body, headers={"content-type": kind} if kind else {})
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_dataset_of_the_protocol_is_what_is_seen(client: TestClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    mondo = "https://w3id.org/stemgraph/graph/mondo"

    def counted(**parameters: str) -> int:
        answer = client.get("/sparql", params={"query": count, **parameters})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    of_mondo = int(
        ask(client, count.replace("{", f"FROM <{mondo}> {{")).json()["results"]["bindings"][0]["n"]["value"]
    )
    assert 0 < counted(**{"default-graph-uri": mondo}) == of_mondo < counted()
    assert counted(**{"named-graph-uri": mondo}) == 0


@pytest.fixture(scope="module")
def hurried(small_graph: KnowledgeGraph) -> Iterator[TestClient]:
    """A service whose queries have one second and 4 KB."""
    settings = Settings(sparql_workers=2, sparql_seconds=1, sparql_result_bytes=4096)
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as running:
        yield running


def test_a_query_that_runs_too_long_is_504(hurried: TestClient) -> None:
    begun = time.monotonic()
    answer = ask(hurried, HEAVY)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (504, "query-timeout")
    assert time.monotonic() - begun < 3
    assert ask(hurried, "ASK {}").status_code == 200


def test_a_result_over_the_cap_is_refused_and_never_cut(hurried: TestClient) -> None:
    answer = ask(hurried, "SELECT * { ?s ?p ?o }")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "result-too-large")


def test_a_client_that_goes_away_ends_its_query(small_graph: KnowledgeGraph) -> None:
    app = create_app(Settings(sparql_workers=1, sparql_seconds=60), knowledge_graph=small_graph)

    async def session() -> float:
        async with app.router.lifespan_context(app):
            begun = time.monotonic()
            await _left(app, HEAVY)
            await _left(app, "ASK {}", stays=True)  # the one worker answers again
            return time.monotonic() - begun

    assert asyncio.run(session()) < 5


@pytest.mark.parametrize(
    ("path", "kind"), [("/sparql", "application/sparql-query"), ("/api/v1/entities", "application/json")]
)
def test_a_client_that_goes_away_within_its_body_is_no_failure(
    small_graph: KnowledgeGraph, path: str, kind: str
) -> None:
    app = create_app(knowledge_graph=small_graph)
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-type", kind.encode()), (b"content-length", b"100")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("testclient", 1),
        "root_path": "",
    }
    messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"{", "more_body": True}]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return messages.pop()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def session() -> None:
        async with app.router.lifespan_context(app):
            await app(scope, receive, send)

    asyncio.run(session())
    assert statuses == [499]


async def _left(app: FastAPI, query: str, *, stays: bool = False) -> None:
    """Ask as a raw ASGI client that leaves after a moment."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sparql",
        "raw_path": b"/sparql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/sparql-query")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("testclient", 1),
        "root_path": "",
    }
    messages = [{"type": "http.request", "body": query.encode(), "more_body": False}]
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await asyncio.sleep(60 if stays else 0.2)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    assert statuses == ([200] if stays else [499])


def test_the_endpoint_is_documented(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]["/sparql"]
    assert paths["get"]["operationId"] == "query_sparql"
    assert {"200", "400", "403", "406", "422", "503", "504"} <= set(paths["get"]["responses"])
    assert {"413", "415"} <= set(paths["post"]["responses"])
    assert "text/turtle" in paths["get"]["responses"]["200"]["content"]


@pytest.mark.parametrize("kind", [FORM, QUERY])
def test_a_compressed_body_is_415(client: TestClient, kind: dict[str, str]) -> None:
    answer = client.post("/sparql", content=b"ASK {}", headers={**kind, "Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["place"]) == (415, "Content-Encoding")


def test_a_query_may_begin_with_a_byte_order_mark(client: TestClient) -> None:
    assert client.post("/sparql", content=b"\xef\xbb\xbfASK {}", headers=QUERY).json()["boolean"] is True


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p }", "ASK { 'x }", "CLEAR ALL", "nothing", ""])
def test_every_refusal_of_a_query_says_what_to_do(client: TestClient, query: str) -> None:
    assert ask(client, query).json()["mend"]
