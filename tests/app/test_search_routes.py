from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from stemgraph.app.responses import AutocompleteAnswer, SearchAnswer


@pytest.mark.parametrize(
    "text", ["multiple sclerosis", "multiple sclerosys", "disseminated sclerosis", "multiple scl"]
)
def test_an_entity_is_found_by_label_typo_synonym_and_prefix(client: TestClient, text: str) -> None:
    answer = SearchAnswer.model_validate_json(client.get("/api/v1/search", params={"q": text}).content)
    assert answer.items[0].id == "MONDO:0005301"


def test_hits_are_counted_by_category(client: TestClient) -> None:
    body = client.get("/api/v1/search?q=cell").json()
    assert body["facets"]["cell_type"] >= 4
    only = client.get("/api/v1/search?q=cell&category=cell_type").json()
    assert only["total"] == body["facets"]["cell_type"]
    assert all("cell_type" in hit["categories"] for hit in only["items"])


def test_pages_of_hits_follow_each_other(client: TestClient) -> None:
    first = client.get("/api/v1/search?q=cell&limit=2")
    second = client.get("/api/v1/search" + first.links["next"]["url"])
    assert {hit["id"] for hit in first.json()["items"]}.isdisjoint(
        hit["id"] for hit in second.json()["items"]
    )


def test_a_cursor_of_another_search_is_refused(client: TestClient) -> None:
    cursor = client.get("/api/v1/search?q=cell&limit=2").json()["next_cursor"]
    answer = client.get(f"/api/v1/search?q=stem&limit=2&cursor={cursor}")
    assert (answer.status_code, answer.json()["place"]) == (422, "cursor")


def test_nothing_found_is_an_empty_page(client: TestClient) -> None:
    body = client.get("/api/v1/search?q=xyzzyplugh").json()
    assert (body["items"], body["total"], body["next_cursor"]) == ([], 0, None)


@pytest.mark.parametrize(
    "text", ["+", "AND", '"', "*", "\\", "a:b", "(", "^~", "💉", "label:[a TO b]", "'; DROP"]
)
def test_query_syntax_means_nothing_in_a_search(client: TestClient, text: str) -> None:
    assert client.get("/api/v1/search", params={"q": text}).status_code == 200
    assert client.get("/api/v1/autocomplete", params={"q": text}).status_code == 200


def test_what_is_typed_is_continued(client: TestClient) -> None:
    answer = AutocompleteAnswer.model_validate_json(client.get("/api/v1/autocomplete?q=hematop").content)
    assert answer.items[0].label.startswith("hematopoietic")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/api/v1/search", "q"),
        ("/api/v1/search?q=", "q"),
        ("/api/v1/search?q=%20", "q"),
        ("/api/v1/search?q=a%00", "q"),
        ("/api/v1/search?q=a&category=x", "category"),
        ("/api/v1/autocomplete?q=a&limit=51", "limit"),
    ],
)
def test_a_bad_search_is_422_and_named(client: TestClient, path: str, place: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["place"]) == (422, place)


@pytest.mark.parametrize("query", ["q=%zz", "q=%ff", "q=%"])
def test_a_query_that_cannot_be_decoded_is_400(client: TestClient, query: str) -> None:
    assert client.get(f"/api/v1/search?{query}").status_code == 400
