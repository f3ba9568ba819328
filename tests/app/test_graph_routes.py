from __future__ import annotations

import io
import zipfile

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from stemgraph.app.connection_responses import PathsAnswer
from stemgraph.app.responses import ReleaseAnswer, SchemaAnswer, StatisticsAnswer
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.formats.registry import EXPORT_FORMATS


def test_a_path_is_explained_step_by_step(client: TestClient) -> None:
    answer = PathsAnswer.model_validate_json(
        client.get("/api/v1/path?source=CL:0000084&target=CL:0000037").content
    )
    assert [step.object.id for step in answer.items[0].steps] == ["CL:0000827", "CL:0000037"]
    assert answer.items[0].steps[1].predicate == "develops_from"
    assert "T cell" in answer.items[0].sentence


def test_a_path_keeps_to_the_predicates_asked_for(client: TestClient) -> None:
    query = "source=CL:0000084&target=CL:0000037&predicate=subclass_of&max_hops=8"
    body = client.get(f"/api/v1/path?{query}").json()
    assert {step["predicate"] for path in body["items"] for step in path["steps"]} == {"subclass_of"}


def test_a_search_cut_short_by_its_clock_is_not_kept(client: TestClient, small_graph: KnowledgeGraph) -> None:
    answer = client.get("/api/v1/path?source=CL:0000084&target=HGNC:1633&max_hops=8&k=20&budget_ms=1")
    assert ("etag" in answer.headers) == answer.json()["complete"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("target=CL:0000084", 422),
        ("source=CL:0000084&target=CL:9999999", 404),
        ("source=CL:0000084&target=x", 400),
        ("source=CL:0000084&target=CL:0000037&max_hops=9", 422),
        ("source=CL:0000084&target=CL:0000037&k=0", 422),
        ("source=CL:0000084&target=CL:0000037&budget_ms=99999999999999999999", 422),
    ],
)
def test_a_bad_path_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/api/v1/path?{query}").status_code == status


def test_the_schema_lists_the_vocabulary(client: TestClient) -> None:
    answer = SchemaAnswer.model_validate_json(client.get("/api/v1/schema").content)
    assert len(answer.categories) == 18
    assert len(answer.predicates) == 39
    assert answer.prefixes["MONDO"]


def test_statistics_count_what_the_release_holds(client: TestClient) -> None:
    answer = StatisticsAnswer.model_validate_json(client.get("/api/v1/stats").content)
    assert answer.totals["associations"] == 20


def test_the_release_names_its_sources(client: TestClient, small_graph: KnowledgeGraph) -> None:
    answer = ReleaseAnswer.model_validate_json(client.get("/api/v1/release").content)
    assert answer.id == small_graph.release.id


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_an_export_is_what_the_library_writes(
    client: TestClient, small_graph: KnowledgeGraph, name: str
) -> None:
    answer = client.get(f"/api/v1/export?format={name}")
    written = io.BytesIO()
    small_graph.export(name, written, with_release=True)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == EXPORT_FORMATS[name].media_type
    assert answer.headers["content-disposition"].endswith(f'.{EXPORT_FORMATS[name].extension}"')
    if EXPORT_FORMATS[name].extension == "zip":
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    else:
        assert answer.content == written.getvalue()


def test_the_whole_graph_as_nquads_says_how_long_it_is(client: TestClient) -> None:
    answer = client.get("/api/v1/export?format=nquads")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert (
        client.head("/api/v1/export?format=nquads").headers["content-length"]
        == answer.headers["content-length"]
    )


def test_the_accept_header_decides_where_no_format_is_named(client: TestClient) -> None:
    answer = client.get("/api/v1/export", headers={"Accept": "application/trig"})
    assert answer.headers["content-type"] == "application/trig"
    assert client.get("/api/v1/export").headers["content-type"] == "application/n-quads"


def test_a_filtered_export_holds_what_was_chosen(client: TestClient) -> None:
    answer = client.get("/api/v1/export?format=ntriples&predicate=treats&negated=false")
    triples = list(ox.parse(answer.content, ox.RdfFormat.N_TRIPLES))
    treats = ox.NamedNode("https://w3id.org/stemgraph/vocab/treats")
    assert len([each for each in triples if each.predicate == treats]) == 2
    assert "part" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("format=docx", 422), ("format=csv&subject=MONDO:9999999", 404), ("format=csv&source=wikipedia", 422)],
)
def test_a_bad_export_is_refused_before_it_begins(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"/api/v1/export?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_export_that_is_still_current_is_not_sent_again(client: TestClient) -> None:
    tag = client.head("/api/v1/export?format=csv").headers["etag"]
    assert client.get("/api/v1/export?format=csv", headers={"If-None-Match": tag}).status_code == 304
