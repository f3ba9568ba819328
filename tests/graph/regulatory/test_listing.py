from __future__ import annotations

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import BadRequestError, CursorError, UnknownCategoryError, UnknownIdentifierError

CAR_T_CLASS = "STEMGRAPH:bcma-or-cd19-autologous-car-t-class"


def test_actions_come_in_the_order_of_their_dates(bundled: KnowledgeGraph) -> None:
    found = bundled.actions(limit=None)
    firsts = [each.occurred.earliest or each.occurred.latest for each in found]
    assert firsts == sorted(firsts, key=str)
    assert len(found) == found.total


def test_filters_are_joined(bundled: KnowledgeGraph) -> None:
    found = bundled.actions(jurisdiction="US", type="approval", year=2017, category="biologic_product")
    assert {each.product.label for each in found} == {"Kymriah", "Yescarta"}
    assert all(each.agency and each.agency.id == "STEMGRAPH:fda" for each in found)
    assert bundled.actions(agency="STEMGRAPH:ema", jurisdiction="US").total == 0


def test_a_date_that_may_be_of_another_year_is_of_none(bundled: KnowledgeGraph) -> None:
    seen = [each for each in bundled.actions(type="withdrawal", limit=None) if each.date is None]
    assert seen
    assert not {each.id for each in bundled.actions(type="withdrawal", year=2023)} & {
        each.id for each in seen
    }
    (group,) = bundled.actions(product=seen[0].product.id, type="withdrawal", by=("year",)).groups
    assert group.values == ("not stated",)


def test_a_kind_of_product_is_a_class_a_target_or_a_technique(bundled: KnowledgeGraph) -> None:
    for kind, expected in (
        (CAR_T_CLASS, {"Kymriah", "Yescarta", "Tecartus", "Breyanzi", "Abecma", "Carvykti"}),
        ("HGNC:1633", {"Kymriah", "Yescarta", "Tecartus", "Breyanzi"}),
        ("STEMGRAPH:crispr-cas9-editing", {"Casgevy"}),
    ):
        found = bundled.actions(kind=kind, type="approval", jurisdiction="US", limit=None)
        assert {each.product.label for each in found} == expected


def test_a_disease_takes_its_kinds_along(bundled: KnowledgeGraph) -> None:
    found = bundled.actions(disease="MONDO:0021094")
    assert {each.product.label for each in found} == {"Strimvelis", "Waskyra"}


def test_counts_by_year_and_class_add_up_over_all_pages(bundled: KnowledgeGraph) -> None:
    page = bundled.actions(by=("year", "product_class"), limit=1)
    assert len(page) == 1
    assert sum(group.actions for group in page.groups) == page.total
    by_key = {group.values: group.products for group in page.groups}
    assert by_key["2017", "BCMA- or CD19-directed autologous CAR T-cell immunotherapies"] == 2


def test_products_are_counted_once_in_a_group(bundled: KnowledgeGraph) -> None:
    (group,) = bundled.actions(product="STEMGRAPH:ebvallo", jurisdiction="US", by=("product",)).groups
    assert (group.actions, group.products) == (2, 1)


def test_pages_join_to_the_whole(bundled: KnowledgeGraph) -> None:
    whole = [each.id for each in bundled.actions(limit=None)]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = bundled.actions(limit=20, cursor=cursor)
        found += [each.id for each in page]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == whole == [each.id for each in page.all()]


def test_what_is_outside_its_vocabulary_is_refused(bundled: KnowledgeGraph) -> None:
    with pytest.raises(BadRequestError, match="not a type"):
        bundled.actions(type="applause")
    with pytest.raises(BadRequestError, match="not a by"):
        bundled.actions(by=("colour",))
    with pytest.raises(UnknownCategoryError):
        bundled.actions(category="toy")
    with pytest.raises(UnknownIdentifierError):
        bundled.actions(product="STEMGRAPH:nothing")
    with pytest.raises(BadRequestError):
        bundled.actions(limit=0)
    cursor = bundled.actions(limit=1).next_cursor
    with pytest.raises(CursorError):
        bundled.actions(limit=1, year=2020, cursor=cursor)


def test_a_graph_without_actions_has_none() -> None:
    with KnowledgeGraph.memory() as graph:
        assert graph.actions(by=("year",)).to_record() == {
            "items": [],
            "total": 0,
            "next_cursor": None,
            "groups": [],
        }


def test_a_notebook_shows_actions_as_a_table(bundled: KnowledgeGraph) -> None:
    assert "Kymriah" in bundled.actions(product="STEMGRAPH:kymriah")._repr_html_()
