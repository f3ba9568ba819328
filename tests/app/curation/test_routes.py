"""The curation routes, through a real service, writer process and worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.app.curation.serving import serving

from stemgraph.app.curation.body import EXAMPLE
from stemgraph.ontology.identifiers import expand

PATH = "/api/v1/association"
BODY = {**EXAMPLE, "reason": "a test"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("curation") / "data") as running:
        yield running


@pytest.fixture
def body(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A statement that no other test makes."""
    return {**BODY, "qualifiers": {"donor_type": "autologous", "population": request.node.name}}


@pytest.fixture
def created(client: TestClient, body: dict[str, Any]) -> Any:
    return client.post(PATH, json=body)


def identifier_of(response: Any) -> str:
    return str(response.json()["items"][0]["id"])


def test_what_is_created_is_at_its_location_with_the_same_tag(client: TestClient, created: Any) -> None:
    assert created.status_code == 201
    read = client.get(created.headers["location"])
    assert read.status_code == 200
    assert read.headers["etag"] == created.headers["etag"]
    stated = created.json()["items"][0]["association"]
    assert {key: read.json()[key] for key in stated} == stated
    assert (stated["source"], stated["first_release"], stated["agent_type"]) == ("edited", 2, "manual_agent")
    assert created.json()["edition"] == read.json()["meta"]["edition"]


def test_it_is_found_by_sparql_as_a_plain_triple_too(client: TestClient, created: Any) -> None:
    subject, predicate, object_ = (
        f"<{expand(each)}>" for each in ("MAXO:0000747", "sgv:studied_to_treat", "MONDO:0005301")
    )
    asked = client.get("/sparql", params={"query": f"ASK {{ {subject} {predicate} {object_} }}"})

    assert created.status_code == 201
    assert asked.json()["boolean"] is True


def test_a_negated_statement_has_no_plain_triple(client: TestClient, body: dict[str, Any]) -> None:
    negated = {**body, "negated": True, "status": "not_recommended", "predicate": "recommended_for"}

    made = client.post(PATH, json=negated)

    assert made.status_code == 201
    assert not any(line.startswith(f"<{expand('MAXO:0000747')}>") for line in made.json()["added"])


def test_what_is_stated_already_is_a_conflict_that_names_it(
    client: TestClient, created: Any, body: dict[str, Any]
) -> None:
    again = client.post(PATH, json={**body, "status": "established"}, headers={"If-None-Match": "*"})

    assert again.status_code == 409
    assert again.json()["place"] == identifier_of(created)


def test_a_dry_run_tells_the_change_and_makes_none(client: TestClient, body: dict[str, Any]) -> None:
    tried = client.post(PATH, json=body, params={"dry_run": "true"})

    assert tried.status_code == 200
    assert tried.json()["dry_run"] is True
    assert tried.json()["added"]
    assert client.get(f"{PATH}/{identifier_of(tried)}").status_code == 404


def test_a_revision_needs_the_version_that_was_read(
    client: TestClient, created: Any, body: dict[str, Any]
) -> None:
    address = created.headers["location"]
    revised = {**body, "status": "established"}

    assert client.put(address, json=revised).status_code == 428
    assert client.put(address, json=revised, headers={"If-Match": '"0123456789abcdef"'}).status_code == 412
    weak = {"If-Match": "W/" + created.headers["etag"]}
    assert client.put(address, json=revised, headers=weak).status_code == 412
    done = client.put(address, json=revised, headers={"If-Match": created.headers["etag"]})
    assert done.status_code == 200
    assert done.json()["items"][0]["retired"] is None
    assert client.get(address).json()["status"] == "established"
    stale = client.put(address, json=revised, headers={"If-Match": created.headers["etag"]})
    assert stale.status_code == 412


def test_an_edit_of_another_association_leaves_the_version_as_it_is(
    client: TestClient, created: Any, body: dict[str, Any]
) -> None:
    other = client.post(PATH, json={**body, "qualifiers": {"population": "someone else"}})
    assert other.status_code == 201

    done = client.put(
        created.headers["location"],
        json={**body, "status": "established"},
        headers={"If-Match": created.headers["etag"]},
    )

    assert done.status_code == 200


def test_a_revision_of_the_qualifiers_makes_another_association_and_retires_the_old(
    client: TestClient, created: Any, body: dict[str, Any]
) -> None:
    changed = {**body, "qualifiers": {"population": "someone of age"}}

    done = client.put(
        created.headers["location"], json=changed, headers={"If-Match": created.headers["etag"]}
    )

    assert done.status_code == 200
    assert done.json()["items"][0]["retired"] == identifier_of(created)
    assert client.get(created.headers["location"]).status_code == 404
    assert client.get(f"{PATH}/{identifier_of(done)}").json()["qualifiers"] == changed["qualifiers"]


def test_what_is_retired_is_gone_from_answers_and_kept_in_the_audit(client: TestClient, created: Any) -> None:
    address, tag = created.headers["location"], created.headers["etag"]

    assert client.delete(address, headers={"If-Match": tag}).status_code == 422
    done = client.delete(address, params={"reason": "found wrong"}, headers={"If-Match": tag})

    assert done.status_code == 200
    assert client.get(address).status_code == 404
    found = client.get("/api/v1/audit", params={"association": identifier_of(created)}).json()
    assert [each["action"] for each in found["items"]] == ["retire", "create"]
    assert found["items"][0]["reason"] == "found wrong"
    assert found["items"][0]["removed"]


def test_an_edit_is_undone_and_that_too(client: TestClient, created: Any) -> None:
    number = created.json()["sequence"]

    undone = client.post(f"/api/v1/audit/{number}/undo", params={"reason": "too early"})

    assert undone.status_code == 200
    assert client.get(created.headers["location"]).status_code == 404
    again = client.post(f"/api/v1/audit/{number}/undo", params={"reason": "too early"})
    assert again.status_code == 409
    assert "undo edit" in again.json()["mend"]
    back = client.post(
        f"/api/v1/audit/{undone.json()['sequence']}/undo", params={"reason": "right after all"}
    )
    assert back.status_code == 200
    assert client.get(created.headers["location"]).json()["id"] == identifier_of(created)
    audit = client.get("/api/v1/audit", params={"association": identifier_of(created)}).json()
    assert [each["undoes"] for each in audit["items"]] == [undone.json()["sequence"], number, None]


def test_what_was_changed_since_is_not_undone(client: TestClient, created: Any, body: dict[str, Any]) -> None:
    client.put(
        created.headers["location"],
        json={**body, "status": "established"},
        headers={"If-Match": created.headers["etag"]},
    )

    refused = client.post(f"/api/v1/audit/{created.json()['sequence']}/undo", params={"reason": "too early"})

    assert refused.status_code == 409
    assert client.get(created.headers["location"]).status_code == 200


def test_there_is_nothing_to_undo_in_an_edit_that_was_never_made(client: TestClient) -> None:
    refused = client.post("/api/v1/audit/100000/undo", params={"reason": "no reason"})

    assert refused.status_code == 422
    assert refused.json()["place"] == "sequence"


def test_a_batch_is_done_whole(client: TestClient, created: Any, body: dict[str, Any]) -> None:
    other = {**body, "qualifiers": {"population": "of a batch"}}
    del other["reason"]
    operations = [
        {"action": "create", "association": other},
        {"action": "retire", "id": identifier_of(created), "if_match": created.headers["etag"]},
    ]

    done = client.post("/api/v1/associations/batch", json={"reason": "a test", "operations": operations})

    assert done.status_code == 200
    assert [each["action"] for each in done.json()["items"]] == ["create", "retire"]
    assert client.get(f"{PATH}/{identifier_of(done)}").status_code == 200
    assert client.get(created.headers["location"]).status_code == 404


def test_a_batch_of_which_something_is_refused_is_not_done_and_lists_every_problem(
    client: TestClient, created: Any, body: dict[str, Any]
) -> None:
    good = {**body, "qualifiers": {"population": "of a refused batch"}}
    del good["reason"]
    operations = [
        {"action": "create", "association": good},
        {"action": "create", "association": {**good, "predicate": "develops_from"}},
        {"action": "retire", "id": identifier_of(created)},
        {"action": "retire", "id": "sga:000000000000000000000000", "if_match": "*"},
    ]

    refused = client.post("/api/v1/associations/batch", json={"reason": "a test", "operations": operations})

    assert refused.status_code == 422
    found = [(each["index"], each["status"]) for each in refused.json()["errors"]]
    assert found == [(1, 422), (2, 428), (3, 404)]
    assert refused.json()["errors"][0]["violations"][0]["rule"] == "EndCategories"
    assert refused.json()["errors"][1]["place"] == "operations[2].if_match"
    listed = client.get(PATH, params={"subject": "MAXO:0000747"}).json()["items"]
    assert "of a refused batch" not in [each["qualifiers"].get("population") for each in listed]


@pytest.mark.parametrize(
    ("change", "rule", "path"),
    [
        ({"subject": "MAXO:0000746"}, "EntityKnown", "subject"),
        ({"subject_label": "aspirin"}, "EntityKnown", None),
        ({"predicate": "treats", "evidence": "weak"}, "TreatsEarned", None),
        ({"predicate": "approved_by"}, "Form", None),
        ({"status": "not_recommended"}, "NegationStatus", None),
        ({"qualifiers": {"donor_typ": "autologous"}}, "Form", "qualifiers.donor_typ"),
        ({"qualifiers": {"donor_type": "autologus"}}, "Form", "qualifiers.donor_type"),
        ({"qualifiers": {"frequency": {"numerator": 3, "denominator": 2}}}, "Form", "qualifiers.frequency"),
        ({"evidence": "vague"}, "EvidenceWorded", "evidence[0]"),
        ({"evidence": "nowhere"}, "Form", "evidence[0].reference"),
        ({"evidence": "lonely"}, "EvidenceNamed", "evidence[0].supersedes"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_place_and_mend(
    client: TestClient, body: dict[str, Any], change: dict[str, Any], rule: str, path: str | None
) -> None:
    (piece,) = EXAMPLE["evidence"]
    pieces = {
        "weak": {**piece, "study_design": "case_report"},
        "vague": {**piece, "summary": "good"},
        "nowhere": {**piece, "reference": "somewhere"},
        "lonely": {**piece, "supersedes": ["PMID:999999"]},
    }
    named = change.get("evidence")
    evidence = {"evidence": [pieces[named]]} if named else {}

    refused = client.post(PATH, json={**body, **change, **evidence})

    assert refused.status_code == 422
    (violation, *_) = refused.json()["violations"]
    assert violation["rule"] == rule
    assert violation["path"] == path
    assert violation["mend"]


@pytest.mark.parametrize(
    ("change", "place", "suggestion"),
    [
        ({"statu": "reported"}, "statu", "status"),
        ({"evidence": [{**EXAMPLE["evidence"][0], "stanc": "x"}]}, "evidence[0].stanc", "stance"),
        ({"predicate": "studied_to_treet"}, "predicate", "studied_to_treat"),
        ({"evidence": [{**EXAMPLE["evidence"][0], "stance": "suports"}]}, "evidence[0].stance", "supports"),
        ({"evidence": [{**EXAMPLE["evidence"][0], "tier": "1"}]}, "evidence[0].tier", None),
        ({"evidence": []}, "evidence", None),
        ({"reason": None}, "reason", None),
    ],
)
def test_a_body_of_another_form_is_refused_with_what_was_meant(
    client: TestClient, body: dict[str, Any], change: dict[str, Any], place: str, suggestion: str | None
) -> None:
    refused = client.post(PATH, json={**body, **change})

    assert refused.status_code == 422
    assert refused.json()["place"] == place
    assert refused.json()["suggestions"][:1] == ([suggestion] if suggestion else [])


def test_what_an_ontology_states_is_not_revised_here(client: TestClient, body: dict[str, Any]) -> None:
    listed = client.get(PATH, params={"source": "mondo"})
    address = f"{PATH}/{listed.json()['items'][0]['id']}"
    tag = client.get(address).headers["etag"]

    refused = client.delete(address, params={"reason": "no reason"}, headers={"If-Match": tag})

    assert refused.status_code == 422
    assert refused.json()["violations"][0]["rule"] == "SourceEditable"


def test_writes_and_the_audit_need_a_key(client: TestClient, created: Any, body: dict[str, Any]) -> None:
    nobody = {"Authorization": ""}
    batch = {"reason": "a test", "operations": [{"action": "retire", "id": identifier_of(created)}]}
    asked = [
        client.post(PATH, json=body, headers=nobody),
        client.put(created.headers["location"], json=body, headers=nobody),
        client.delete(created.headers["location"], params={"reason": "none"}, headers=nobody),
        client.post("/api/v1/associations/batch", json=batch, headers=nobody),
        client.post("/api/v1/audit/1/undo", params={"reason": "none"}, headers=nobody),
        client.get("/api/v1/audit", headers=nobody),
    ]

    assert [each.status_code for each in asked] == [401] * len(asked)


def test_a_path_of_reads_and_writes_names_all_its_methods(client: TestClient, created: Any) -> None:
    refused = client.patch(created.headers["location"])

    assert refused.status_code == 405
    assert refused.headers["allow"] == "DELETE, GET, HEAD, PUT"


def test_the_audit_is_paged_from_the_last_edit_back(client: TestClient, created: Any) -> None:
    first = client.get("/api/v1/audit", params={"limit": 1})
    assert [each["sequence"] for each in first.json()["items"]] == [created.json()["sequence"]]
    cursor = first.json()["next_cursor"]
    second = client.get("/api/v1/audit", params={"limit": 1, "cursor": cursor})

    assert second.json()["items"][0]["sequence"] < created.json()["sequence"]
    assert first.json()["total"] == second.json()["total"]
    assert 'rel="next"' in first.headers["link"]
    assert client.get("/api/v1/audit", params={"key": "nobody"}).json()["total"] == 0
    assert client.get("/api/v1/audit", params={"cursor": "x"}).status_code == 422
