from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.app.application import prepare_texts
from stemgraph.app.text_responses import AnnotationsAnswer, CheckAnswer
from stemgraph.graph import KnowledgeGraph


@pytest.fixture(scope="module")
def service(bundled: KnowledgeGraph) -> Iterator[TestClient]:
    """A client of the service over the graph that ships."""
    app = create_app(Settings(sparql_workers=1), knowledge_graph=bundled)
    with TestClient(app) as running:
        assert running.portal is not None
        running.portal.call(prepare_texts, app.instance)
        yield running


def post(client: TestClient, path: str, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


TEXT = (
    "Tocilizumab treats CRS. Kymriah carries a boxed warning for T cell malignancy. "
    "GVHD is a complication of autologous HSCT. Homeopathy cures leukemia. "
    "Is it so? Breyanzi is authorised in the European Union."
)


def test_annotations_have_the_documented_shape(service: TestClient) -> None:
    found = post(service, "annotate", text=TEXT)
    AnnotationsAnswer.model_validate(found)
    assert all(TEXT[each["start"] : each["end"]] == each["text"] for each in found["items"])
    assert "MONDO:0600008" in {each["id"] for item in found["items"] for each in item["candidates"]}


def test_a_check_has_the_documented_shape(service: TestClient) -> None:
    found = post(service, "check", text=TEXT)
    CheckAnswer.model_validate(found)
    assert [each["verdict"] for each in found["items"]] == [
        "supported", "supported", "contradicted", "unknown", "not a claim", "supported",
    ]  # fmt: skip
    assert found["items"][1]["supporting"][0]["inherited"]["rule"] == "product_class"


def test_offsets_count_characters_whatever_their_bytes(service: TestClient) -> None:
    text = "\U0001f9ec é Tocilizumab"
    (item,) = post(service, "annotate", text=text)["items"]
    assert text[item["start"] : item["end"]] == "Tocilizumab"


def test_annotating_can_be_limited_to_categories(service: TestClient) -> None:
    found = post(service, "annotate", text=TEXT, categories=["biologic_product"])
    assert [each["text"] for each in found["items"]] == ["Kymriah", "Breyanzi"]


def test_a_source_can_be_left_out(service: TestClient) -> None:
    text = "Age may weaken the immune system."
    assert post(service, "check", text=text)["items"][0]["verdict"] == "supported"
    assert post(service, "check", text=text, without=["article"])["items"][0]["verdict"] == "unknown"


def test_an_empty_text_holds_nothing(service: TestClient) -> None:
    assert post(service, "annotate", text="")["items"] == []
    assert post(service, "check", text="")["items"] == []


def test_a_check_that_runs_out_of_time_says_how_far_it_came(service: TestClient) -> None:
    found = post(service, "check", text="Tocilizumab treats CRS. " * 9000, budget_ms=40)
    assert found["complete"] is False
    assert str(found["checked_characters"]) in found["reason"]


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("annotate", {}, "text"),
        ("annotate", {"text": 1}, "text"),
        ("annotate", {"text": "x", "categories": ["illness"]}, "categories[0]"),
        ("annotate", {"text": "x", "budget_ms": 0}, "budget_ms"),
        ("check", {"text": "x", "without": ["No Source"]}, "without[0]"),
        ("check", {"text": "x", "without": ["newspaper"]}, "source"),
        ("check", {"text": "x", "budget_ms": 10**9}, "budget_ms"),
        ("check", {"text": "x", "more": 1}, "more"),
    ],
)
def test_a_body_outside_its_bounds_is_refused(
    service: TestClient, path: str, body: dict[str, Any], place: str
) -> None:
    answer = service.post(f"/api/v1/{path}", json=body)
    assert (answer.status_code, answer.json()["place"]) == (422, place)


def test_a_body_that_is_too_long_is_refused(service: TestClient) -> None:
    answer = service.post("/api/v1/check", json={"text": "x" * 3_000_000})
    assert answer.status_code == 413


def test_the_examples_of_the_documentation_are_answered(service: TestClient) -> None:
    document = service.get("/openapi.json").json()
    for path in ("annotate", "check"):
        content = document["paths"][f"/api/v1/{path}"]["post"]["requestBody"]["content"]["application/json"]
        assert post(service, path, **content["example"])["items"]


def test_a_text_can_be_held_against_a_named_release(service: TestClient, bundled: KnowledgeGraph) -> None:
    body = {"text": "Tocilizumab treats CRS."}
    answer = service.post(f"/api/v1/check?release={bundled.release.id}", json=body)
    assert answer.json()["meta"]["release"] == bundled.release.id
    assert service.post("/api/v1/check?release=ffffffff", json=body).status_code == 404
