"""The competency questions that need reasons (inheritance, dates, donors, silence), through both doors."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from tests.e2e.conftest import Service
from tests.e2e.test_competency_questions import (
    ACUTE_GVHD,
    ALLO,
    ALOFISEL,
    AUCATZYL,
    AUTO,
    CAR_T,
    GENE_THERAPY,
    GVHD,
    P3,
    P4,
    USED_FOR,
    well_sourced,
)

from stemgraph.graph import KnowledgeGraph

Door = Callable[..., Any]

ROUTES = {
    "associations": "/api/v1/association",
    "status": "/api/v1/status",
    "ask": "/api/v1/ask",
    "therapies_for": "/api/v1/therapies",
    "risks": "/api/v1/risks",
    "lineage": "/api/v1/lineage",
}


@pytest.fixture(params=["library", "REST"])
def call(request: pytest.FixtureRequest) -> Door:
    """One question by the name of its method, as a record, through either door."""
    if request.param == "library":
        graph: KnowledgeGraph = request.getfixturevalue("bundled")

        def by_library(question: str, **named: Any) -> Any:
            first = named.pop("disease", None) if question == "therapies_for" else None
            first = first or (named.pop("therapy", None) if question == "risks" else None)
            first = first or (named.pop("product", None) if question == "status" else None)
            method = getattr(graph, question)
            return (method(first, **named) if first else method(**named)).to_record()

        return by_library
    service: Service = request.getfixturevalue("service")

    def by_rest(question: str, **named: Any) -> Any:
        named = {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in named.items()
        }
        return service.json(ROUTES[question], **named)

    return by_rest


def holds(path: list[dict[str, Any]]) -> bool:
    """Whether each step of a path begins where the one before ended."""
    return all(one["object"]["id"] == next_["subject"]["id"] for one, next_ in pairwise(path))


def test_p2_what_is_stated_on_the_parent_is_shown_as_such(call: Door) -> None:
    rows = well_sourced(
        call(
            "associations", object=ACUTE_GVHD, predicate="treats", source="curated", closure=True, limit=200
        )["items"]
    )
    direct = {row["subject"]["label"] for row in rows if row["inherited"] is None}
    inherited = {
        (row["subject"]["label"], row["object"]["id"], row["inherited"]["rule"])
        for row in rows
        if row["inherited"]
    }
    assert direct == {"Ryoncil", "ruxolitinib", "systemic glucocorticoid"}
    assert inherited == {("ruxolitinib", GVHD, "disease_parent")}


def test_p3_each_inherited_intervention_carries_its_path(call: Door) -> None:
    asked = call(
        "associations",
        object="MONDO:0021094",
        predicate=USED_FOR,
        negated=False,
        source="curated",
        closure=True,
        limit=200,
    )
    rows = well_sourced(asked["items"])
    assert asked["complete"]
    assert {(row["subject"]["label"], row["object"]["id"]) for row in rows} == P3
    for row in rows:
        path = row["inherited"]["path"]
        assert path[0]["subject"]["id"] == row["object"]["id"]
        assert path[-1]["object"]["id"] == "MONDO:0021094"
        assert holds(path)
        assert all(step["association"].startswith("sga:") and step["version"] for step in path)


@pytest.mark.parametrize("disease", ["MONDO:0018305", "MONDO:0007293", "MONDO:0014306", "MONDO:0008963"])
def test_p3_groupings_are_used_only_when_asked(call: Door, disease: str) -> None:
    named = {"object": "MONDO:0021094", "predicate": USED_FOR, "closure": True, "limit": 200}
    plain = {row["object"]["id"] for row in call("associations", **named)["items"]}
    assert disease not in plain


@pytest.mark.parametrize(("as_of", "expected"), [("2019-06-01", "authorised"), ("2025-01-31", "withdrawn")])
def test_p6_alofisel_in_the_eu_at_a_date(call: Door, as_of: str, expected: str) -> None:
    answer = call("status", product=ALOFISEL, jurisdiction="EU", as_of=as_of)
    assert answer["status"] == expected
    shown = {action["type"] for item in answer["items"] for action in item["actions"]}
    assert shown == {"approval", "withdrawal"}


@pytest.mark.parametrize("as_of", ["2024-12", "2024", "2018"])
def test_p6_a_date_that_could_fall_on_either_side_is_undetermined(call: Door, as_of: str) -> None:
    assert call("status", product=ALOFISEL, jurisdiction="EU", as_of=as_of)["status"] == "undetermined"


@pytest.mark.parametrize(
    ("therapy", "expected"),
    [(AUTO, "stated as negative"), (ALLO, "stated"), (GENE_THERAPY, "stated as negative")],
)
def test_p9_gvhd_by_donor(call: Door, therapy: str, expected: str) -> None:
    answer = call("ask", subject=therapy, predicate="has_adverse_event", object=GVHD)
    assert answer["answer"] == expected
    well_sourced(answer["items"])


def test_p12_the_class_warning_reaches_its_six_products_and_not_aucatzyl(call: Door) -> None:
    warning = "STEMGRAPH:t-cell-malignancy-after-car-t"
    answer = call("ask", subject=AUCATZYL, predicate="has_adverse_event", object=warning)
    assert (answer["answer"], answer["items"]) == ("not stated", [])
    for product in sorted(CAR_T):
        found = call(
            "ask", subject=f"STEMGRAPH:{product.lower()}", predicate="has_adverse_event", object=warning
        )
        assert found["answer"] == "inherited"
        assert found["items"][0]["inherited"]["rule"] == "product_class"
        assert found["items"][0]["qualifiers"]["boxed_warning"] is True


def test_multiple_sclerosis_what_treats_was_studied_and_is_negated(call: Door) -> None:
    rows = call("associations", entity="MONDO:0005301", closure=True, limit=200)["items"]
    found = {(row["subject"]["id"], row["predicate"], row["negated"], row["object"]["id"]) for row in rows}
    assert (AUTO, "treats", False, "MONDO:0005314") in found
    assert ("MAXO:0000747", "studied_to_treat", False, "MONDO:0005301") in found
    assert (ALLO, "recommended_for", True, "MONDO:0005301") in found


def test_therapies_are_grouped_and_rows_of_different_scope_stay_apart(call: Door) -> None:
    found = call("therapies_for", disease="MONDO:0005314")
    autologous = next(item for item in found["items"] if item["therapy"]["id"] == AUTO)
    rows = [answer["association"] for answer in autologous["answers"]]
    assert len({row["id"] for row in rows}) == len(rows) > 3
    assert found["items"][0]["therapy"]["id"] == AUTO


def test_p4_lineage_names_the_relation_at_each_step(bundled: KnowledgeGraph, service: Service) -> None:
    for record in (
        bundled.lineage(start="CL:0000037", end="CL:0000084").to_record(),
        service.json("/api/v1/lineage", **{"from": "CL:0000037", "to": "CL:0000084"}),
    ):
        steps = [(step["subject"]["id"], step["relation"], step["object"]["id"]) for step in record["path"]]
        assert steps == P4
