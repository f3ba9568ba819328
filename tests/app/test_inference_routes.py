"""Closure, therapies and yes-or-no questions over HTTP."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from stemgraph.app.inference_responses import ClosureAssociationsAnswer, TherapiesAnswer, YesNoAnswer

SCLEROSIS, RELAPSING, DEMYELINATING = "MONDO:0005301", "MONDO:0005314", "MONDO:0020800"
ALLO, GVHD, AUTO = "MAXO:0001479", "MONDO:0013730", "STEMGRAPH:autologous-hsct"
LIST = "/api/v1/association"


def body(client: TestClient, path: str, **parameters: Any) -> Any:
    """The JSON of an answer."""
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_closure_adds_what_is_inherited_with_rule_and_path(client: TestClient) -> None:
    answer = client.get(LIST, params={"object": DEMYELINATING, "predicate": "treats", "closure": "true"})
    ClosureAssociationsAnswer.model_validate_json(answer.content)
    found = answer.json()
    assert found["complete"] is True
    assert found["items"]
    for each in found["items"]:
        assert each["inherited"]["rule"] == "disease_kinds"
        assert each["inherited"]["entity"]["id"] == DEMYELINATING
        assert each["inherited"]["path"][-1]["object"]["id"] == DEMYELINATING
        assert each["inherited"]["path"][-1]["version"]
    assert body(client, LIST, object=DEMYELINATING, predicate="treats")["total"] == 0


def test_what_is_stated_of_the_entity_itself_has_null_for_inherited(client: TestClient) -> None:
    found = body(client, f"/api/v1/entity/{RELAPSING}/associations", closure="true")
    direct = [each["inherited"] is None for each in found["items"]]
    assert True in direct
    assert direct == sorted(direct, reverse=True)


def test_without_closure_nothing_is_said_of_inheritance(client: TestClient) -> None:
    found = body(client, f"/api/v1/entity/{SCLEROSIS}/associations")
    assert "complete" not in found
    assert all("inherited" not in each for each in found["items"])


def test_closure_pages_by_cursor_and_keeps_its_entity_tag(client: TestClient) -> None:
    path = f"/api/v1/entity/{SCLEROSIS}/associations"
    first = client.get(path, params={"closure": "true", "limit": 2})
    assert 'rel="next"' in first.headers["link"]
    after = body(client, path, closure="true", limit=2, cursor=first.json()["next_cursor"])
    assert not {each["id"] for each in first.json()["items"]} & {each["id"] for each in after["items"]}
    again = client.get(
        path, params={"closure": "true", "limit": 2}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    plain = client.get(path, params={"limit": 2})
    assert plain.headers["etag"] != first.headers["etag"]


def test_as_rdf_what_is_inherited_has_a_graph_of_its_own(client: TestClient) -> None:
    answer = client.get(
        LIST,
        params={"object": DEMYELINATING, "predicate": "treats", "closure": "true", "negated": "false"},
        headers={"Accept": "application/trig"},
    )
    quads = list(ox.parse(answer.content, ox.RdfFormat.TRIG))
    inferred = [quad for quad in quads if str(quad.graph_name).endswith("/graph/inferred>")]
    by_predicate = {quad.predicate.value.rsplit("/", 1)[-1]: quad for quad in inferred}
    assert by_predicate["treats"].object.value == "http://purl.obolibrary.org/obo/MONDO_0020800"
    assert sum(quad.predicate.value.endswith("#wasDerivedFrom") for quad in inferred) >= 2


def test_groupings_without_closure_are_refused(client: TestClient) -> None:
    answer = client.get(LIST, params={"groupings": "true"})
    assert (answer.status_code, answer.json()["place"]) == (422, "groupings")


def test_the_therapies_of_a_disease_are_grouped(client: TestClient) -> None:
    answer = client.get("/api/v1/therapies", params={"disease": SCLEROSIS})
    found = TherapiesAnswer.model_validate_json(answer.content)
    assert found.disease.id == SCLEROSIS
    assert len({group.therapy.id for group in found.items}) == len(found.items) == found.total
    strongest = body(client, "/api/v1/therapies", disease=SCLEROSIS, min_strength="treats")
    assert {each["predicate"] for group in strongest["items"] for each in group["answers"]} == {"treats"}


def test_the_last_page_of_therapies_has_no_next(client: TestClient) -> None:
    answer = client.get("/api/v1/therapies", params={"disease": SCLEROSIS, "limit": 1})
    assert (answer.json()["total"], answer.json()["next_cursor"]) == (1, None)
    assert "link" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status", "place"),
    [
        ("/api/v1/therapies", 422, "disease"),
        ("/api/v1/therapies?disease=MONDO:0005301&min_strength=treat", 422, "min_strength"),
        ("/api/v1/therapies?disease=MONDO:0005301&jurisdiction=Mars", 422, "jurisdiction"),
        ("/api/v1/therapies?disease=MONDO:9999999", 404, None),
        ("/api/v1/ask?subject=MAXO:0001479&predicate=treats", 422, "object"),
        ("/api/v1/ask?subject=MAXO:0001479&predicate=treat&object=MONDO:0005301", 422, "predicate"),
        ("/api/v1/ask?subject=MAXO:0001479&predicate=treats&object=MONDO:9999999", 404, None),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, path: str, status: int, place: str | None
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    if place is not None:
        assert answer.json()["place"] == place


@pytest.mark.parametrize(
    ("subject", "object_", "answer", "negated"),
    [
        (ALLO, GVHD, "stated", False),
        (AUTO, GVHD, "stated as negative", True),
        (AUTO, SCLEROSIS, "not stated", None),
    ],
)
def test_a_question_is_answered_with_its_rows(
    client: TestClient, subject: str, object_: str, answer: str, negated: bool | None
) -> None:
    found = client.get(
        "/api/v1/ask", params={"subject": subject, "predicate": "has_adverse_event", "object": object_}
    )
    read = YesNoAnswer.model_validate_json(found.content)
    assert (read.answer, read.negated) == (answer, negated)
    assert bool(read.items) == (answer != "not stated")
    assert read.explanation


def test_the_export_writes_what_is_inferred_when_it_is_wanted(client: TestClient) -> None:
    plain = client.get("/api/v1/export", params={"format": "nquads"})
    both = client.get("/api/v1/export", params={"format": "nquads", "inferred": "true"})
    assert b"graph/inferred" not in plain.content
    assert both.content.startswith(plain.content)
    assert b"<https://w3id.org/stemgraph/graph/inferred> ." in both.content
    refused = client.get("/api/v1/export", params={"format": "csv", "inferred": "true"})
    assert (refused.status_code, refused.json()["place"]) == (422, "format")
