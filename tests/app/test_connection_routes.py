"""Paths, lineages and conflicts over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.app.connection_responses import ConflictsAnswer, LineageAnswer, PathsAnswer
from stemgraph.graph import KnowledgeGraph

SVG = {"Accept": "image/svg+xml"}
HSC, T_CELL = "CL:0000037", "CL:0000084"


@pytest.fixture(scope="module")
def whole(bundled: KnowledgeGraph) -> Iterator[TestClient]:
    """A client of the service over the graph that ships."""
    app = create_app(Settings(sparql_workers=1), knowledge_graph=bundled)
    with TestClient(app, follow_redirects=False) as running:
        yield running


def test_a_sequence_of_predicates_leads_from_a_product_to_other_treatments(whole: TestClient) -> None:
    query = "source=STEMGRAPH:strimvelis&via=corrects_gene&via=^has_causal_gene&via=^treats&k=10"
    answer = PathsAnswer.model_validate_json(whole.get(f"/api/v1/path?{query}").content)
    assert {"elapegademase", "Pegademase Bovine"} <= {path.end.label for path in answer.items}
    assert all(len(path.steps) == 3 for path in answer.items)
    assert all(step.evidence for path in answer.items for step in path.steps)


def test_paths_are_asked_for_in_one_direction(client: TestClient) -> None:
    both = client.get(f"/api/v1/path?source={T_CELL}&target={HSC}&direction=forward").json()
    assert {step["direction"] for step in both["items"][0]["steps"]} == {"forward"}
    assert client.get(f"/api/v1/path?source={T_CELL}&target={HSC}&direction=backward").json()["items"] == []


def test_a_path_says_its_score_and_what_to_heed(client: TestClient) -> None:
    (first, *_) = client.get(f"/api/v1/path?source={T_CELL}&target={HSC}").json()["items"]
    assert 0 < first["score"] <= 1
    assert first["cautions"] == []
    assert first["steps"][0]["evidence"][0]["reference"]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        (f"source={HSC}&target={T_CELL}&direction=sideways", "direction"),
        (f"source={HSC}&via=cures", "via"),
        (f"source={HSC}&via=treats||", "via"),
        (f"source={HSC}&via=treats&predicate=treats", "via"),
    ],
)
def test_a_path_that_cannot_be_understood_is_refused_by_name(
    client: TestClient, query: str, place: str
) -> None:
    answer = client.get(f"/api/v1/path?{query}")
    assert answer.status_code == 422
    assert answer.json()["place"] == place


def test_the_lineage_of_a_cell_is_a_tree_with_relations(client: TestClient) -> None:
    answer = LineageAnswer.model_validate_json(client.get(f"/api/v1/lineage?cell={T_CELL}").content)
    assert answer.origin is None
    assert {(step.subject.id, step.relation, step.object.id) for step in answer.steps} == {
        (T_CELL, "develops_from", "CL:0000827"),
        ("CL:0000827", "develops_from", HSC),
    }
    assert not answer.truncated


def test_the_way_between_two_cells_is_told_in_words(whole: TestClient) -> None:
    answer = LineageAnswer.model_validate_json(whole.get(f"/api/v1/lineage?from={HSC}&to={T_CELL}").content)
    assert [step.relation for step in answer.path] == [
        *("develops_from", "develops_from", "subclass_of", "develops_from", "develops_from")
    ]
    assert answer.sentence is not None
    assert answer.sentence.startswith("T cell develops from pro-T cell; ")


def test_a_lineage_is_drawn_where_a_picture_is_asked_for(client: TestClient) -> None:
    answer = client.get(f"/api/v1/lineage?from={HSC}&to={T_CELL}", headers=SVG)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["vary"] == "Accept"
    assert ElementTree.fromstring(answer.text).tag.endswith("svg")  # noqa: S314  # our own text


def test_a_limited_lineage_says_so(whole: TestClient) -> None:
    body = whole.get(f"/api/v1/lineage?cell={HSC}&limit=5").json()
    assert len(body["cells"]) == 5
    assert body["truncated"]
    assert body["reason"].startswith("5 of ")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        (f"cell={HSC}&from={HSC}&to={T_CELL}", 422),
        (f"from={HSC}", 422),
        ("cell=CL:9999999", 404),
        ("cell=MONDO:0005301", 422),
        (f"cell={HSC}&limit=0", 422),
    ],
)
def test_a_lineage_that_cannot_be_told_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/api/v1/lineage?{query}").status_code == status


def test_conflicts_put_both_sides_side_by_side(whole: TestClient) -> None:
    answer = ConflictsAnswer.model_validate_json(
        whole.get("/api/v1/conflicts?entity=UNII:31W7R94KYT").content
    )
    (conflict,) = answer.items
    assert conflict.kind == "direct"
    assert conflict.opposing[0].negated
    assert conflict.supporting[0].association.status == "withdrawn"
    assert conflict.supporting[0].separated_by == []


def test_every_conflict_of_the_release_keeps_to_the_documented_shape(whole: TestClient) -> None:
    answer = ConflictsAnswer.model_validate_json(whole.get("/api/v1/conflicts?limit=200").content)
    assert answer.complete
    assert answer.total == len(answer.items) > 0
    assert {"direct", "qualified", "near", "elsewhere"} <= {each.kind for each in answer.items}


def test_conflicts_are_paged_by_link(whole: TestClient) -> None:
    first = whole.get("/api/v1/conflicts?limit=2")
    following = first.headers["link"].partition("<")[2].partition(">")[0]
    second = whole.get(f"/api/v1/conflicts{following}").json()
    assert first.json()["total"] == second["total"]
    assert first.json()["items"][0]["explanation"] != second["items"][0]["explanation"]


@pytest.mark.parametrize(
    ("query", "status"), [("kind=bitter", 422), ("predicate=cures", 422), ("entity=MONDO:9999999", 404)]
)
def test_conflicts_of_what_is_unknown_are_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/api/v1/conflicts?{query}").status_code == status
