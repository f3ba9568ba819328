from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.app.regulatory_responses import ActionsAnswer, StatusAnswer, TimelineAnswer
from stemgraph.app.risk_responses import RisksOfOne, RisksOfSeveral
from stemgraph.graph import KnowledgeGraph

REGULATION = Path(__file__).parent.parent / "graph" / "fixtures" / "regulation.trig"


@pytest.fixture(scope="module")
def regulation() -> Iterator[TestClient]:
    """A client of the service over the invented products."""
    with KnowledgeGraph.memory(REGULATION) as graph:
        app = create_app(Settings(sparql_workers=1), knowledge_graph=graph)
        with TestClient(app) as running:
            yield running


def ask(client: TestClient, path: str, **parameters: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", ["broad", "whole", "words", "pulled", "undated", "told", "pair", "stranger"])
def test_status_and_timeline_have_the_documented_shape(regulation: TestClient, name: str) -> None:
    product = f"STEMGRAPH:{name}"
    StatusAnswer.model_validate(ask(regulation, "status", product=product))
    asked = {"product": product, "disease": "STEMGRAPH:spring-fever", "as_of": "2021"}
    StatusAnswer.model_validate(ask(regulation, "status", **asked))
    TimelineAnswer.model_validate(ask(regulation, "timeline", product=product))


def test_the_status_says_what_decides_it(regulation: TestClient) -> None:
    found = ask(regulation, "status", product="STEMGRAPH:broad", jurisdiction="US", as_of="2020-06-15")
    (item,) = found["items"]
    assert (found["status"], item["in_force"]) == ("authorised", True)
    assert [(each["id"], each["role"]) for each in item["actions"]] == [
        ("sgr:000000000000000000000001", "decides")
    ]
    assert item["actions"][0]["evidence"][0]["reference"] == "https://example.org/1"
    assert found["meta"]["notice"].startswith("Not medical advice")


def test_a_timeline_is_a_picture_for_who_asks_for_one(regulation: TestClient) -> None:
    answer = regulation.get(
        "/api/v1/timeline", params={"product": "STEMGRAPH:pair"}, headers={"Accept": "image/svg+xml"}
    )
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["vary"] == "Accept"
    assert ElementTree.fromstring(answer.text).get("role") == "img"  # noqa: S314  # our own
    kept = answer.headers["etag"]
    as_json = regulation.get("/api/v1/timeline", params={"product": "STEMGRAPH:pair"})
    assert as_json.headers["etag"] != kept


def test_a_browser_that_shows_an_image_gets_the_picture(regulation: TestClient) -> None:
    accept = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
    answer = regulation.get(
        "/api/v1/timeline", params={"product": "STEMGRAPH:pair"}, headers={"Accept": accept}
    )
    assert answer.headers["content-type"] == "image/svg+xml"


def test_actions_are_paged_and_counted(regulation: TestClient) -> None:
    whole = ask(regulation, "actions", by=["jurisdiction", "year"])
    ActionsAnswer.model_validate(whole)
    counts = {tuple(each["values"].values()): each["actions"] for each in whole["groups"]}
    assert counts["EU", "not stated"] == 1
    assert counts["US", "2020"] == 5
    first = regulation.get("/api/v1/actions?limit=3")
    link = first.headers["link"].partition(">")[0].removeprefix("<")
    following = regulation.get(f"/api/v1/actions{link}").json()
    assert [each["id"] for each in first.json()["items"] + following["items"]] == [
        each["id"] for each in whole["items"][:6]
    ]


def test_risks_of_one_therapy_have_rows_and_measures(regulation: TestClient) -> None:
    found = ask(regulation, "risks", therapy="STEMGRAPH:member")
    RisksOfOne.model_validate(found)
    boxed, rash = found["items"]
    assert (boxed["boxed_warning"], boxed["rows"][0]["held_by"]) == ("by class", "class")
    assert boxed["rows"][0]["association"]["inherited"]["rule"] == "product_class"
    assert [row["frequency"]["percent"] for row in rash["rows"]] == [4.48, 14.93]
    assert rash["rows"][0]["association"]["inherited"] is None


def test_therapies_are_compared_side_by_side(regulation: TestClient) -> None:
    therapies = ["STEMGRAPH:stranger", "STEMGRAPH:words", "STEMGRAPH:whole"]
    found = ask(regulation, "risks", therapy=therapies)
    RisksOfSeveral.model_validate(found)
    (item,) = found["items"]
    assert [(cell["therapy"], cell["standing"]) for cell in item["cells"]] == [
        ("STEMGRAPH:stranger", "not stated"),
        ("STEMGRAPH:words", "stated as negative"),
        ("STEMGRAPH:whole", "none observed"),
    ]


def test_a_therapy_named_twice_is_not_compared_with_itself(regulation: TestClient) -> None:
    RisksOfOne.model_validate(ask(regulation, "risks", therapy=["STEMGRAPH:member"] * 2))


@pytest.mark.parametrize(
    ("path", "status", "place"),
    [
        ("status", 422, "product"),
        ("status?product=STEMGRAPH:broad&as_of=soon", 422, "as_of"),
        ("status?product=STEMGRAPH:broad&as_of=2020-13", 422, "as_of"),
        ("status?product=STEMGRAPH:broad&jurisdiction=Atlantis", 422, "jurisdiction"),
        ("status?product=STEMGRAPH:nothing", 404, "product"),
        ("timeline?product=STEMGRAPH:nothing", 404, "product"),
        ("actions?by=colour", 422, "by"),
        ("actions?year=12", 422, "year"),
        ("actions?kind=STEMGRAPH:nothing", 404, "kind"),
        ("risks", 422, "therapy"),
        ("risks?therapy=STEMGRAPH:nothing", 404, "therapy"),
        ("risks?therapy=" + "&therapy=".join(f"STEMGRAPH:{n}" for n in range(7)), 422, "therapy"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_with_its_place(
    regulation: TestClient, path: str, status: int, place: str | None
) -> None:
    answer = regulation.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["place"]) == (status, place)
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_of_a_product_shows_its_history_and_others_show_none(regulation: TestClient) -> None:
    page = regulation.get("/entity/STEMGRAPH:pair")
    assert page.status_code == 200
    assert "Regulatory status of Pair" in page.text
    assert "<svg" not in regulation.get("/entity/STEMGRAPH:rash").text
