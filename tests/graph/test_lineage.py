"""Lineages: which cell comes from which, by which relation, back to the hematopoietic stem cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from tests.graph.statements import graph_stating, stated

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError
from stemgraph.graph.lineage.lineage import Lineage
from stemgraph.graph.model import EntityReference

HSC = "CL:0000037"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    rows = (
        stated("t-cell develops_from pro-t"),
        stated("t-cell subclass_of lymphocyte"),
        stated("pro-t develops_from clp"),
        stated("clp subclass_of oligopotent"),
        stated("clp subclass_of progenitor"),
        stated("progenitor develops_from stem"),
        stated(f"oligopotent develops_from {HSC}"),
        stated(f"{HSC} develops_from angioblast"),
        stated("helper subclass_of t-cell"),
        stated("th1 develops_from helper"),
        stated("b-cell develops_from clp"),
        stated("nurse !develops_from t-cell"),
        stated("hope develops_from t-cell", status="reported"),
        stated("cell-sheet derived_from stem", status="established"),
    )
    with graph_stating(tmp_path_factory.mktemp("lineage"), *rows, category="cell_type") as made:
        yield made


def steps(lineage: Lineage) -> set[tuple[str, str, str]]:
    return {(each.subject.label, each.relation, each.object.label) for each in lineage.steps}


def cell(name: str) -> str:
    return f"STEMGRAPH:{name}"


def test_a_lineage_goes_back_to_the_stem_cell_of_the_blood_and_no_further(graph: KnowledgeGraph) -> None:
    found = {each.cell.label: each.distance for each in graph.lineage(cell("t-cell")).cells}
    assert found == {
        "CL:0000037": -4,
        "oligopotent": -3,
        "clp": -2,
        "pro t": -1,
        "t cell": 0,
        "helper": 1,
        "th1": 2,
    }


def test_a_cell_s_own_development_is_followed_rather_than_what_it_is_a_kind_of(graph: KnowledgeGraph) -> None:
    told = steps(graph.lineage(cell("t-cell")))
    assert ("t cell", "develops_from", "pro t") in told
    assert not any(later == "t cell" and relation == "subclass_of" for later, relation, _ in told)


def test_a_cell_without_a_development_of_its_own_is_traced_over_its_kind(graph: KnowledgeGraph) -> None:
    told = steps(graph.lineage(cell("clp")))
    assert ("clp", "subclass_of", "oligopotent") in told
    assert ("clp", "subclass_of", "progenitor") not in told, "the way to the stem cell of the blood says more"


def test_negated_and_hedged_statements_are_no_steps(graph: KnowledgeGraph) -> None:
    after = {each.cell.label for each in graph.lineage(cell("t-cell")).cells if each.distance > 0}
    assert after == {"helper", "th1"}


def test_between_two_cells_every_way_is_given_and_the_shortest_is_told(graph: KnowledgeGraph) -> None:
    lineage = graph.lineage(start=HSC, end=cell("t-cell"))
    assert lineage.cell.label == "t cell"
    assert lineage.origin is not None
    assert lineage.origin.id == HSC
    assert [each.relation for each in lineage.path] == [
        *("develops_from", "develops_from", "subclass_of", "develops_from")
    ]
    assert lineage.sentence == (
        "t cell develops from pro t; pro t develops from clp; clp is a kind of oligopotent; "
        "oligopotent develops from CL:0000037."
    )


def test_the_order_of_the_two_cells_does_not_matter(graph: KnowledgeGraph) -> None:
    one = graph.lineage(start=HSC, end=cell("t-cell")).to_record()
    assert graph.lineage(start=cell("t-cell"), end=HSC).to_record() == one


def test_where_no_steps_lead_is_said(graph: KnowledgeGraph) -> None:
    apart = graph.lineage(start=cell("b-cell"), end=cell("t-cell"))
    assert (apart.cells, apart.steps, apart.path) == ((), (), ())
    assert apart.reason == "no steps lead between b cell and t cell"
    assert graph.lineage(start=HSC, end=HSC).reason == "the two are the same cell"
    assert graph.lineage(cell("cell-sheet")).reason == (
        "it is not stated what it comes from, or what comes from it"
    )


def test_a_limit_keeps_the_nearest_cells_and_says_that_there_are_more(graph: KnowledgeGraph) -> None:
    lineage = graph.lineage(cell("t-cell"), limit=3)
    assert [each.cell.label for each in lineage.cells] == ["pro t", "t cell", "helper"]
    assert lineage.truncated
    assert lineage.reason == "3 of 7 cells are given, the nearest"


def test_a_lineage_is_a_networkx_graph_from_earlier_to_later_cells(graph: KnowledgeGraph) -> None:
    drawn = graph.lineage(start=HSC, end=cell("t-cell")).to_networkx()
    assert nx.is_directed_acyclic_graph(drawn)
    assert nx.shortest_path(drawn, HSC, cell("t-cell"))[1] == cell("oligopotent")
    assert drawn.edges[cell("oligopotent"), cell("clp")]["relation"] == "subclass_of"
    assert drawn.nodes[cell("clp")]["label"] == "clp"


def test_a_lineage_is_drawn_with_a_box_for_each_cell_and_a_line_for_each_step(graph: KnowledgeGraph) -> None:
    lineage = graph.lineage(cell("t-cell"))
    picture = ElementTree.fromstring(lineage._repr_svg_())  # noqa: S314  # our own text
    assert len(picture.findall(f"{SVG}g/{SVG}rect")) == len(lineage.cells)
    lines = [each for each in picture.findall(f"{SVG}path") if each.find(f"{SVG}title") is not None]
    assert len(lines) == len(lineage.steps)
    dashed = [each for each in lines if each.get("stroke-dasharray")]
    assert len(dashed) == sum(each.relation == "subclass_of" for each in lineage.steps)
    assert "style" not in {name for each in picture.iter() for name in each.attrib}


def test_the_boxes_of_a_drawing_do_not_lie_upon_each_other(bundled: KnowledgeGraph) -> None:
    picture = ElementTree.fromstring(bundled.lineage(HSC, limit=150).to_svg())  # noqa: S314  # our own text
    boxes = sorted(
        (float(each.get("x", 0)), float(each.get("y", 0)), float(each.get("height", 0)))
        for each in picture.findall(f"{SVG}g/{SVG}rect")
    )
    for (left, top, height), (next_left, next_top, _) in pairwise(boxes):
        assert left != next_left or top + height <= next_top


def test_labels_in_a_drawing_are_escaped(tmp_path: Path) -> None:
    row = stated("a develops_from d")
    hostile = replace(row, subject=EntityReference("STEMGRAPH:a", 'CD4<sup>+</sup> & "CD8"'))
    with graph_stating(tmp_path, hostile, category="cell_type") as made:
        picture = made.lineage("STEMGRAPH:d").to_svg()
        ElementTree.fromstring(picture)  # noqa: S314  # our own text
        assert "<sup>" not in picture


def test_steps_in_a_circle_are_drawn_all_the_same(tmp_path: Path) -> None:
    rows = (stated("a develops_from b"), stated("b develops_from c"), stated("c develops_from a"))
    with graph_stating(tmp_path, *rows, category="cell_type") as made:
        lineage = made.lineage("STEMGRAPH:a")
        assert len(lineage.cells) == 3
        ElementTree.fromstring(lineage.to_svg())  # noqa: S314  # our own text


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({}, "cell"),
        ({"cell": HSC, "start": HSC, "end": HSC}, "cell"),
        ({"start": HSC}, "cell"),
        ({"cell": HSC, "limit": 0}, "limit"),
        ({"cell": "MONDO:0005301"}, "cell"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(
    small_graph: KnowledgeGraph, arguments: dict[str, str], place: str
) -> None:
    with pytest.raises(BadRequestError) as refusal:
        small_graph.lineage(**arguments)
    assert refusal.value.place == place


def test_an_unknown_cell_is_refused(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownIdentifierError):
        small_graph.lineage("CL:9999999")


def test_the_t_cell_of_the_cell_ontology_is_five_steps_from_the_stem_cell(bundled: KnowledgeGraph) -> None:
    path = bundled.lineage(start=HSC, end="CL:0000084").path
    assert [(each.subject.label, each.relation, each.object.label) for each in path] == [
        ("T cell", "develops_from", "pro-T cell"),
        ("pro-T cell", "develops_from", "common lymphoid progenitor"),
        ("common lymphoid progenitor", "subclass_of", "hematopoietic oligopotent progenitor cell"),
        (
            *("hematopoietic oligopotent progenitor cell", "develops_from"),
            "hematopoietic multipotent progenitor cell",
        ),
        ("hematopoietic multipotent progenitor cell", "develops_from", "hematopoietic stem cell"),
    ]
    assert {each.source for each in path} == {"cl"}
    assert all(each.version for each in path)
