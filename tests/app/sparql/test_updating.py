"""SPARQL Update and graph-store writes over HTTP, through a real service, writer process and workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.app.curation.serving import serving

EX = "https://example.org/"
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("updating") / "data", ("update",), updates=True) as running:
        yield running


@pytest.fixture
def graph(request: pytest.FixtureRequest) -> str:
    """A graph of the test's own."""
    return f"{EX}{request.node.name.partition('[')[0]}"


def update(client: TestClient, text: str, **headers: str) -> Any:
    return client.post("/sparql", content=f"PREFIX ex: <{EX}>\n{text}", headers={**UPDATE, **headers})


def ask(client: TestClient, pattern: str) -> bool:
    found = client.get("/sparql", params={"query": f"PREFIX ex: <{EX}> ASK {{ {pattern} }}"})
    return bool(found.json()["boolean"])


# The requests of SPARQL 1.1 Protocol, sections 2.2 and 3.2.


def test_an_update_is_sent_as_the_body(client: TestClient, graph: str) -> None:
    done = update(client, f"INSERT DATA {{ GRAPH <{graph}> {{ ex:a ex:p 2.50 }} }}")

    assert done.status_code == 200
    assert done.json()["added"] == 1
    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 2.5 }}")


def test_an_update_is_sent_as_a_form(client: TestClient, graph: str) -> None:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <{EX}a> <{EX}p> 1 }} }}"

    assert client.post("/sparql", data={"update": text}).status_code == 200
    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 1 }}")


def test_the_request_may_say_which_graphs_where_sees(client: TestClient, graph: str) -> None:
    update(client, f"INSERT DATA {{ GRAPH <{graph}1> {{ ex:a ex:p 1 }} GRAPH <{graph}2> {{ ex:b ex:p 1 }} }}")
    text = f"INSERT {{ GRAPH <{graph}> {{ ?x <{EX}seen> true }} }} WHERE {{ ?x <{EX}p> 1 }}"

    done = client.post("/sparql", data={"update": text, "using-graph-uri": f"{graph}1"})

    assert done.status_code == 200
    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:seen true }}")
    assert not ask(client, f"GRAPH <{graph}> {{ ex:b ex:seen true }}")
    beside = client.post(
        "/sparql",
        data={
            "update": f"WITH <{graph}> DELETE {{ ?x ?y ?z }} WHERE {{ ?x ?y ?z }}",
            "using-graph-uri": graph,
        },
    )
    assert beside.status_code == 400


def test_operations_see_what_those_before_them_wrote(client: TestClient, graph: str) -> None:
    done = update(
        client,
        f"""INSERT DATA {{ GRAPH <{graph}> {{ ex:a ex:p ex:b }} }} ;
            INSERT {{ GRAPH <{graph}> {{ ?y ex:q ?x }} }} WHERE {{ GRAPH <{graph}> {{ ?x ex:p ?y }} }} ;
            DELETE WHERE {{ GRAPH <{graph}> {{ ?x ex:p ?y }} }} ;
            COPY <{graph}> TO <{graph}2>""",
    )

    assert done.status_code == 200
    assert done.json()["added"] == 2
    assert ask(client, f"GRAPH <{graph}2> {{ ex:b ex:q ex:a }}")
    assert not ask(client, f"GRAPH <{graph}> {{ ex:a ex:p ?y }}")


@pytest.mark.parametrize(
    ("text", "status", "line"),
    [
        ("LOAD <http://127.0.0.1:1/x>", 403, 2),
        ("INSERT { ?s ?p ?o }\nWHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, 3),
        ("INSERT DATA { ex:a ex:p [] }", 403, 2),
        ("INSERT DATA { ex:a ex:p", 400, 2),
        ("INSERT DATA { GRAPH <https://w3id.org/stemgraph/graph/state> { ex:a ex:p 1 } }", 403, None),
        ("CLEAR GRAPH ex:nowhere", 400, 2),
    ],
)
def test_what_may_not_be_is_refused_at_its_place(
    client: TestClient, text: str, status: int, line: int | None
) -> None:
    refused = update(client, text)

    assert refused.status_code == status, refused.text
    assert refused.json().get("line") == line


def test_the_rules_of_the_model_hold_for_updates_too(client: TestClient, graph: str) -> None:
    triple = "MAXO:0000747 sgv:treats MONDO:0005301"

    refused = update(client, f"INSERT DATA {{ GRAPH <{graph}> {{ {triple} }} }}")

    assert refused.status_code == 422
    assert [each["rule"] for each in refused.json()["violations"]] == ["PlainTripleStated"]


def test_the_label_of_an_entity_that_is_spoken_of_cannot_be_taken_away(client: TestClient) -> None:
    refused = update(
        client,
        "DELETE WHERE { GRAPH ?g { MONDO:0005301 rdfs:label ?l } }",
    )

    assert refused.status_code == 422
    assert {"EntityLabel"} <= {each["rule"] for each in refused.json()["violations"]}


def test_if_match_may_name_the_edition_that_an_update_is_meant_for(client: TestClient, graph: str) -> None:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ ex:a ex:p 1 }} }}"

    assert update(client, text, **{"If-Match": '"0123456789abcdef.1"'}).status_code == 412
    edition = client.get("/api/v1/release").json()["meta"]["edition"]
    assert update(client, text, **{"If-Match": f'"{edition}"'}).status_code == 200


def test_an_update_needs_its_scope_and_its_setting(tmp_path: Any, client: TestClient) -> None:
    text = "CLEAR SILENT GRAPH <https://example.org/x>"
    assert update(client, text, Authorization="").status_code == 401
    with serving(tmp_path / "data", ("write",), updates=True) as curating:
        assert update(curating, text).status_code == 403
        assert curating.put("/graph-store?graph=urn:x", content="", headers=TURTLE).status_code == 403
    with serving(tmp_path / "data", ("update",)) as without:
        assert update(without, text).status_code == 403


def test_an_update_is_in_the_audit_and_undone_like_any_edit(client: TestClient, graph: str) -> None:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ ex:a ex:p 1 }} }}"
    number = update(client, text, **{"Stemgraph-Reason": "a trial"}).json()["sequence"]
    (entry,) = client.get("/api/v1/audit", params={"limit": 1}).json()["items"]

    assert (entry["sequence"], entry["action"], entry["reason"]) == (number, "update", "a trial")
    assert client.post(f"/api/v1/audit/{number}/undo", params={"reason": "only a trial"}).status_code == 200
    assert not ask(client, f"GRAPH <{graph}> {{ ?x ?y ?z }}")


# The requests of the SPARQL 1.1 Graph Store HTTP Protocol, sections 5.3 to 5.6.


def test_a_graph_is_made_read_replaced_and_deleted(client: TestClient, graph: str) -> None:
    address = f"/graph-store?graph={graph}"

    made = client.put(address, content=f"<{EX}a> <{EX}p> 1 .", headers=TURTLE)
    assert (made.status_code, made.content) == (201, b"")
    read = client.get(address)
    assert "1" in read.text
    replacement = f"<{EX}a> <{EX}p> 2 ."
    assert client.put(address, content=replacement, headers=TURTLE).status_code == 428
    stale = {**TURTLE, "If-Match": '"0123456789abcdef.1-00"'}
    assert client.put(address, content=replacement, headers=stale).status_code == 412
    once = {**TURTLE, "If-None-Match": "*"}
    assert client.put(address, content=replacement, headers=once).status_code == 412
    done = client.put(address, content=replacement, headers={**TURTLE, "If-Match": read.headers["etag"]})
    assert (done.status_code, done.content) == (204, b"")
    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 2 }}")
    assert not ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 1 }}")
    tag = client.get(address).headers["etag"]
    assert client.delete(address).status_code == 428
    assert client.delete(address, headers={"If-Match": tag}).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address, headers={"If-Match": "*"}).status_code == 404


def test_replacing_a_graph_changes_only_what_differs(client: TestClient, graph: str) -> None:
    address = f"/graph-store?graph={graph}"
    client.put(address, content=f"<{EX}a> <{EX}p> 1, 2 .", headers=TURTLE)
    headers = {**TURTLE, "If-Match": client.get(address).headers["etag"]}

    assert client.put(address, content=f"<{EX}a> <{EX}p> 2, 3 .", headers=headers).status_code == 204
    assert client.post(address, content=f"<{EX}a> <{EX}p> 3, 4 .", headers=TURTLE).status_code == 204
    merged, replaced = client.get("/api/v1/audit", params={"limit": 2}).json()["items"]
    assert (len(replaced["added"]), len(replaced["removed"])) == (1, 1)
    assert (len(merged["added"]), len(merged["removed"])) == (1, 0)
    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 2, 3, 4 }}")
    assert not ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 1 }}")


def test_posting_adds_to_a_graph_and_makes_one_where_none_is_named(client: TestClient, graph: str) -> None:
    address = f"/graph-store?graph={graph}"

    assert client.post(address, content=f"<{EX}a> <{EX}p> 1 .", headers=TURTLE).status_code == 201
    assert client.post(address, content=f"<{EX}a> <{EX}p> 2 .", headers=TURTLE).status_code == 204
    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 1, 2 }}")
    made = client.post("/graph-store", content=f"<{EX}a> <{EX}p> 3 .", headers=TURTLE)
    assert made.status_code == 201
    assert client.get(made.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("<a> <b> [] .", "text/turtle", 400),
        ("<a> <b> ", "text/turtle", 400),
        ("<a:a> <a:b> <a:c> <a:other> .", "application/n-quads", 422),
        ("{}", "application/json", 415),
    ],
)
def test_a_body_that_is_no_graph_is_refused(
    client: TestClient, graph: str, body: str, kind: str, status: int
) -> None:
    refused = client.put(f"/graph-store?graph={graph}", content=body, headers={"Content-Type": kind})

    assert refused.status_code == status


def test_the_rules_of_the_model_hold_for_graphs_too(client: TestClient, graph: str) -> None:
    body = (
        "<http://purl.obolibrary.org/obo/MAXO_0000747> <https://w3id.org/stemgraph/vocab/treats> "
        "<http://purl.obolibrary.org/obo/MONDO_0005301> ."
    )

    refused = client.put(f"/graph-store?graph={graph}", content=body, headers=TURTLE)

    assert refused.status_code == 422
    assert refused.json()["violations"]


def test_what_the_writer_keeps_of_itself_is_seen_by_no_one(client: TestClient, graph: str) -> None:
    update(client, f"INSERT DATA {{ GRAPH <{graph}> {{ ex:a ex:p 1 }} }}")
    state = "https://w3id.org/stemgraph/graph/state"

    assert ask(client, f"GRAPH <{graph}> {{ ex:a ex:p 1 }}")
    assert not ask(client, f"GRAPH <{state}> {{ ?x ?y ?z }}")
    assert not ask(client, f"GRAPH ?g {{ <{state}> ?y ?z }}")
    assert not ask(client, f"<{state}> ?y ?z")
    assert not ask(client, f"GRAPH ?g {{}} FILTER (?g = <{state}>)")
    assert client.get("/graph-store", params={"graph": state}).status_code == 404
    described = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert graph in described.text
    assert state not in described.text
