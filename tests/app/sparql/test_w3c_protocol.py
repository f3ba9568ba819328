"""The reading cases of the W3C: SPARQL 1.1 Protocol, sections 2.1 to 3.1, and its protocol test suite.

The specification's examples ask graphs of example.org; here they are asked of the graphs that are served.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

MONDO = "https://w3id.org/stemgraph/graph/mondo"
CURATED = "https://w3id.org/stemgraph/graph/curated"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def counted(answer: Any) -> int:
    """The one number of a result."""
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def posted(client: TestClient, address: str, body: str | bytes, kind: str | None, **headers: str) -> Any:
    """The answer to a POST of these bytes."""
    given = {**headers, **({"content-type": kind} if kind else {})}
    return client.post(address, content=body, headers=given)


# 2.1 query operation: three ways, and 3.1.1 to 3.1.3, the examples of each.


def test_query_get_by_url_encoded_string(client: TestClient) -> None:
    answer = client.get("/sparql?query=" + quote("ASK {}"))
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)


def test_query_post_form_by_url_encoded_body(client: TestClient) -> None:
    answer = posted(client, "/sparql", "query=" + quote("ASK {}"), FORM)
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)


def test_query_post_direct_by_unencoded_body(client: TestClient) -> None:
    answer = posted(client, "/sparql", "ASK {}", DIRECT)
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)


def test_query_post_takes_media_type_parameters(client: TestClient) -> None:
    assert posted(client, "/sparql", "ASK {}", DIRECT + "; charset=UTF-8").status_code == 200
    assert posted(client, "/sparql", "query=ASK%20%7B%7D", FORM + ";charset=utf-8").status_code == 200


# 2.1.4 and 3.1.2: RDF datasets.


def test_query_dataset_default_graph(client: TestClient) -> None:
    alone = counted(client.get("/sparql", params={"query": COUNT, "default-graph-uri": MONDO}))
    assert (
        0
        < alone
        == counted(
            client.get(
                "/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{MONDO}> {{ ?s ?p ?o }} }}"}
            )
        )
    )


def test_query_dataset_default_graphs_get_and_post(client: TestClient) -> None:
    graphs = f"default-graph-uri={quote(MONDO, safe='')}&default-graph-uri={quote(CURATED, safe='')}"
    got = counted(client.get(f"/sparql?query={quote(COUNT)}&{graphs}"))
    each = [
        counted(client.get("/sparql", params={"query": COUNT, "default-graph-uri": graph}))
        for graph in (MONDO, CURATED)
    ]
    assert max(each) < got <= sum(each)
    assert counted(posted(client, f"/sparql?{graphs}", COUNT, DIRECT)) == got
    assert counted(posted(client, "/sparql", f"query={quote(COUNT)}&{graphs}", FORM)) == got


def test_query_dataset_named_graphs_get_and_post(client: TestClient) -> None:
    graphs = f"named-graph-uri={quote(MONDO, safe='')}&named-graph-uri={quote(CURATED, safe='')}"
    got = counted(client.get(f"/sparql?query={quote(COUNT_NAMED)}&{graphs}"))
    assert 0 < got < counted(client.get("/sparql", params={"query": COUNT_NAMED}))
    assert counted(posted(client, f"/sparql?{graphs}", COUNT_NAMED, DIRECT)) == got


def test_query_dataset_full(client: TestClient) -> None:
    query = "SELECT ?g (COUNT(*) AS ?n) { ?x rdfs:label ?l . GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    parameters = [("query", query), ("default-graph-uri", MONDO), ("named-graph-uri", CURATED)]
    rows = client.get("/sparql", params=parameters).json()["results"]["bindings"]
    assert [row["g"]["value"] for row in rows] == [CURATED]


def test_query_multiple_dataset_that_of_the_protocol_wins(client: TestClient) -> None:
    query = COUNT.replace("{", f"FROM <{CURATED}> {{")
    asked = counted(client.get("/sparql", params={"query": query, "default-graph-uri": MONDO}))
    assert asked == counted(client.get("/sparql", params={"query": COUNT, "default-graph-uri": MONDO}))


# 2.1.5 and 2.1.6: content negotiation and success.


@pytest.mark.parametrize(
    ("query", "types"),
    [
        (
            "SELECT * { ?s ?p ?o } LIMIT 1",
            ("application/sparql-results+xml", "application/sparql-results+json"),
        ),
        ("ASK {}", ("application/sparql-results+xml", "application/sparql-results+json")),
        ("SELECT * { ?s ?p ?o } LIMIT 1", ("text/tab-separated-values", "text/csv")),
        ("DESCRIBE MONDO:0005301", ("application/rdf+xml", "text/turtle")),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", ("application/rdf+xml", "text/turtle")),
    ],
)
def test_query_content_type_by_query_form(client: TestClient, query: str, types: tuple[str, ...]) -> None:
    for media_type in types:
        answer = client.get("/sparql", params={"query": query}, headers={"accept": media_type})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)


def test_a_media_type_may_say_its_version_of_rdf(client: TestClient) -> None:
    query = "CONSTRUCT { <http://x/a> <http://x/b> <<( <http://x/c> <http://x/d> 1 )>> } {}"
    for media_type in ("text/turtle", "application/n-triples"):
        accept = f"{media_type}; version=1.2"
        answer = client.get("/sparql", params={"query": query}, headers={"accept": accept})
        assert answer.headers["content-type"].startswith(accept)
        assert "<<( <http://x/c> <http://x/d>" in answer.text
        plain = client.get("/sparql", params={"query": query}, headers={"accept": media_type})
        assert "version" not in plain.headers["content-type"]


def test_solutions_carry_triple_terms_and_directions(client: TestClient) -> None:
    query = 'VERSION "1.2" SELECT (TRIPLE(<http://x/a>, <http://x/b>, "c"@ar--rtl) AS ?t) {}'
    term = client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["t"]
    assert term["type"] == "triple"
    assert term["value"]["object"] == {
        "type": "literal",
        "value": "c",
        "xml:lang": "ar",
        "its:dir": "rtl",
    }


# 2.1.7: failure; the "bad" cases of the test suite, each a 4xx.


@pytest.mark.parametrize(
    ("method", "query", "body", "kind", "status"),
    [
        ("PUT", "query=ASK%20%7B%7D", b"", None, 405),
        ("GET", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", b"", None, 422),
        ("POST", "", b"query=ASK%20%7B%7D&query=ASK%20%7B%7D", FORM, 422),
        ("POST", "", b"query=ASK%20%7B%7D", "text/plain", 415),
        ("POST", "", b"query=ASK%20%7B%7D", None, 415),
        ("POST", "", b"ASK {}", None, 415),
        ("POST", "", "query=ASK%20%7B%7D".encode("utf-16"), FORM, 400),
        ("POST", "", "ASK {}".encode("utf-16"), DIRECT, 400),
        ("GET", "query=ASK%20%7B", b"", None, 400),
        ("GET", "update=CLEAR%20ALL", b"", None, 400),
        ("POST", "", b"", FORM, 400),
        ("POST", "query=ASK%20%7B%7D", b"ASK {}", DIRECT, 422),
    ],
    ids=[
        "bad query method",
        "bad multiple queries, get",
        "bad multiple queries, post",
        "bad query wrong media type",
        "bad query missing form type",
        "bad query missing direct type",
        "bad query non utf8, form",
        "bad query non utf8, direct",
        "bad query syntax",
        "bad update get",
        "no query at all",
        "bad multiple queries, both ways",
    ],
)
def test_bad_requests_are_refused(
    client: TestClient, *, method: str, query: str, body: bytes, kind: str | None, status: int
) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = client.request(method, "/sparql?" + query, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


# Graph Store HTTP Protocol, sections 4.1, 4.2, 5.2 and 5.7: the reading operations.


def test_graph_store_get_of_a_named_graph_is_its_construct(client: TestClient) -> None:
    graph = client.get("/graph-store", params={"graph": CURATED}, headers={"accept": "application/n-triples"})
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{CURATED}> {{ ?s ?p ?o }} }}"
    asked = client.get("/sparql", params={"query": query}, headers={"accept": "application/n-triples"})
    assert sorted(graph.text.splitlines()) == sorted(asked.text.splitlines())


def test_graph_store_head_is_get_without_a_body(client: TestClient) -> None:
    for address in (f"/graph-store?graph={quote(CURATED, safe='')}", "/graph-store?default"):
        head, get = client.head(address), client.get(address)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["content-type"] == get.headers["content-type"]


def test_graph_store_answers_404_for_a_graph_that_is_not_there(client: TestClient) -> None:
    assert client.get("/graph-store", params={"graph": "http://www.example/other/graph"}).status_code == 404
    assert client.head("/graph-store", params={"graph": "http://www.example/other/graph"}).status_code == 404


def test_graph_store_negotiates_406(client: TestClient) -> None:
    answer = client.get("/graph-store", params={"graph": CURATED}, headers={"accept": "image/jpeg"})
    assert answer.status_code == 406
