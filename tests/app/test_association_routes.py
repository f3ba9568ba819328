from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, URIRef

from stemgraph.app.inference_responses import ClosureAssociationsAnswer, EntityAssociationsAnswer
from stemgraph.app.responses import AssociationAnswer

SCLEROSIS = "/api/v1/entity/MONDO:0005301/associations"
LIST = "/api/v1/association"


def items(client: TestClient, path: str) -> list[dict[str, Any]]:
    """The items of a page whose whole body is as documented."""
    body = client.get(path)
    documented = EntityAssociationsAnswer if path.startswith(SCLEROSIS) else ClosureAssociationsAnswer
    documented.model_validate_json(body.content)
    found: list[dict[str, Any]] = body.json()["items"]
    return found


def test_an_entity_shows_what_is_stated_in_both_directions(client: TestClient) -> None:
    found = items(client, SCLEROSIS)
    assert {each["object"]["id"] for each in found} >= {"MONDO:0005301", "MONDO:0020800"}
    assert {each["predicate"] for each in found} == {"treats", "studied_to_treat", "subclass_of"}


def test_a_negated_statement_is_told_apart(client: TestClient) -> None:
    negated = items(client, SCLEROSIS + "?negated=true")
    assert [(each["predicate"], each["negated"], each["status"]) for each in negated] == [
        ("treats", True, "not_recommended")
    ]
    assert all(not each["negated"] for each in items(client, SCLEROSIS + "?negated=false"))


def test_each_association_carries_qualifiers_and_evidence(client: TestClient) -> None:
    found = items(client, LIST + "?subject=MAXO:0001479&predicate=has_adverse_event")[0]
    assert found["qualifiers"]["frequency"] == {"numerator": 10, "denominator": 67}
    assert all(each["reference"] and each["summary"] for each in found["evidence"])


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("predicate=treats", 3),
        ("predicate=treats&predicate=approved_by", 4),
        ("subject=STEMGRAPH:casgevy", 2),
        ("object=MONDO:0013730", 2),
        ("entity=MONDO:0013730", 2),
        ("subject=STEMGRAPH:casgevy&category=disease", 1),
        ("status=approved", 2),
        ("source=cl", 7),
        ("jurisdiction=EU", 1),
        ("donor_type=allogeneic", 1),
        ("negated=true&donor_type=autologous", 1),
    ],
)
def test_filters_choose(client: TestClient, query: str, count: int) -> None:
    assert client.get(f"{LIST}?{query}").json()["total"] == count


def test_pages_follow_each_other_and_cover_everything_once(client: TestClient) -> None:
    seen: list[str] = []
    address = str(client.base_url) + LIST + "?limit=7"
    while True:
        answer = client.get(address)
        seen += [each["id"] for each in answer.json()["items"]]
        if "next" not in answer.links:
            break
        address = urljoin(address, answer.links["next"]["url"])
    assert len(seen) == len(set(seen)) == answer.json()["total"]
    assert answer.json()["next_cursor"] is None


def test_the_link_is_relative_so_that_it_holds_under_any_prefix(client: TestClient) -> None:
    link = client.get(LIST + "?predicate=treats&limit=1").headers["link"]
    assert link.startswith("<?limit=1&predicate=treats&cursor=")


def test_a_cursor_of_another_query_is_refused(client: TestClient) -> None:
    cursor = client.get(LIST + "?limit=1").json()["next_cursor"]
    answer = client.get(f"{LIST}?limit=1&predicate=treats&cursor={cursor}")
    assert (answer.status_code, answer.json()["place"]) == (422, "cursor")


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("category=diseases", "category"),
        ("predicate=treat", "predicate"),
        ("status=fine", "status"),
        ("source=wikipedia", "source"),
        ("jurisdiction=Mars", "jurisdiction"),
        ("donor_type=alien", "donor_type"),
        ("negated=maybe", "negated"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=zzzz", "cursor"),
        ("cursor=!", "cursor"),
        ("predicat=treats", "predicat"),
    ],
)
def test_a_bad_parameter_is_422_and_named(client: TestClient, query: str, place: str) -> None:
    answer = client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json()["place"]) == (422, place)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_misspelt_word_is_met_with_suggestions(client: TestClient) -> None:
    assert "treats" in client.get(LIST + "?predicate=treat").json()["suggestions"]
    assert "predicate" in client.get(LIST + "?predicat=treats").json()["suggestions"]


@pytest.mark.parametrize(("query", "status"), [("subject=MONDO:9999999", 404), ("object=nonsense", 400)])
def test_an_end_that_is_unknown_or_malformed_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"{LIST}?{query}").status_code == status


def test_one_association_has_the_id_it_is_listed_under(client: TestClient) -> None:
    listed = items(client, LIST + "?limit=1")[0]
    answer = client.get(f"{LIST}/{listed['id']}")
    AssociationAnswer.model_validate_json(answer.content)
    body = answer.json()
    body.pop("meta")
    assert body == listed


def test_an_unknown_association_is_404(client: TestClient) -> None:
    assert client.get(f"{LIST}/sga:{'0' * 24}").status_code == 404


@pytest.mark.parametrize("identifier", ["sga:1", "MONDO:0005301", "sga:" + "G" * 24])
def test_what_is_no_association_id_is_400(client: TestClient, identifier: str) -> None:
    assert client.get(f"{LIST}/{identifier}").status_code == 400


def test_rdf_of_associations_has_their_nodes_and_a_triple_only_where_not_negated(client: TestClient) -> None:
    answer = client.get(LIST + "?predicate=treats", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.content, format="turtle")
    treats = URIRef("https://w3id.org/stemgraph/vocab/treats")
    assert len(list(graph.subject_objects(treats))) == 2
    nodes = graph.query("SELECT ?a { ?a a <https://w3id.org/stemgraph/vocab/Association> }")
    assert len(list(nodes)) == 3


def test_rdf_of_a_backbone_axiom_is_filled_in(client: TestClient) -> None:
    answer = client.get(
        LIST + "?predicate=develops_from&limit=1", headers={"Accept": "application/n-triples"}
    )
    assert b'vocab/status> "established"' in answer.content
    assert 'rel="next"' in answer.headers["link"]


def test_the_same_rdf_has_the_same_bytes(client: TestClient) -> None:
    headers = {"Accept": "text/turtle"}
    first = client.get(LIST + "?limit=20", headers=headers).content
    assert client.get(LIST + "?limit=20&negated=false", headers=headers).content != first
    assert client.get(LIST + "?limit=21", headers=headers).content == first


def test_what_is_stated_of_kinds_stands_beside_the_first_page(client: TestClient) -> None:
    beside = client.get(SCLEROSIS).json()["of_kinds"]
    assert [(each["predicate"], each["object"]["id"]) for each in beside["items"]] == [
        ("treats", "MONDO:0005314")
    ]
    assert (beside["total"], beside["complete"], beside["more"]) == (1, True, None)
    item = beside["items"][0]
    assert item["evidence"][0]["reference"]
    assert item["inherited"]["entity"]["id"] == "MONDO:0005301"
    assert [step["subject"]["id"] for step in item["inherited"]["path"]] == ["MONDO:0005314"]


@pytest.mark.parametrize("query", ["?closure=true", "?limit=1&cursor="])
def test_elsewhere_nothing_of_kinds_stands_beside(client: TestClient, query: str) -> None:
    cursor = client.get(SCLEROSIS + "?limit=1").json()["next_cursor"]
    answer = client.get(SCLEROSIS + (query + cursor if query.endswith("=") else query))
    assert answer.status_code == 200
    assert answer.json()["of_kinds"] is None
    assert "of_kinds" not in client.get(LIST + "?entity=MONDO:0005301").json()


def test_the_filters_choose_of_kinds_too(client: TestClient) -> None:
    for query in ("?predicate=studied_to_treat", "?negated=true", "?category=gene"):
        assert client.get(SCLEROSIS + query).json()["of_kinds"]["items"] == [], query


def test_more_leads_to_the_same_question_with_closure(client: TestClient) -> None:
    path = "/api/v1/entity/MONDO:0020800/associations?release=1&limit=1&negated=false"
    beside = client.get(path).json()["of_kinds"]
    assert beside["total"] > len(beside["items"]) == 1
    assert beside["more"] == "?limit=1&negated=false&release=1&closure=true"
    more = client.get(urljoin(path, beside["more"]).replace("limit=1", "limit=50"))
    assert beside["items"][0]["id"] in {each["id"] for each in more.json()["items"]}
