"""The hierarchy follows kinds, parts and origins, both ways, and never runs in circles."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemgraph.graph import KnowledgeGraph, UnknownIdentifierError
from stemgraph.ontology.identity import association_id

PREFIXES = """
@prefix sgv: <https://w3id.org/stemgraph/vocab/> .
@prefix sga: <https://w3id.org/stemgraph/association/> .
@prefix sgg: <https://w3id.org/stemgraph/graph/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix CL: <http://purl.obolibrary.org/obo/CL_> .
"""


def classes(pairs: list[tuple[int, int]], file: Path) -> Path:
    """A file in which class a is a kind of class b for each pair."""
    lines = [PREFIXES, "sgg:cl {"]
    for child, parent in pairs:
        curie = association_id(f"CL:{child}", "subclass_of", f"CL:{parent}", negated=False, qualifiers={})
        lines.append(
            f"{curie} a sgv:Association ; rdf:subject CL:{child} ; "
            f"rdf:predicate rdfs:subClassOf ; rdf:object CL:{parent} ."
        )
    file.write_text("\n".join([*lines, "}"]), encoding="utf-8")
    return file


def test_parents_carry_their_relation_and_association(small_graph: KnowledgeGraph) -> None:
    parents = small_graph.hierarchy("CL:0000084").parents
    assert [(step.entity.label, step.relation, step.distance) for step in parents] == [
        ("lymphocyte", "subclass_of", 1),
        ("pro-T cell", "develops_from", 1),
    ]
    for step in parents:
        association = small_graph.association(step.association)
        assert (association.subject.id, association.object.id) == ("CL:0000084", step.entity.id)


def test_ancestors_are_reached_at_their_shortest_distance(small_graph: KnowledgeGraph) -> None:
    ancestors = {step.entity.label: step for step in small_graph.hierarchy("CL:0000084").ancestors}
    assert {label: step.distance for label, step in ancestors.items()} == {
        "lymphocyte": 1,
        "pro-T cell": 1,
        "cell": 2,
        "hematopoietic stem cell": 2,
        "stem cell": 3,
        "umbilical cord blood": 3,
    }
    assert ancestors["umbilical cord blood"].relation == "part_of"


def test_descendants_mirror_ancestors(small_graph: KnowledgeGraph) -> None:
    identifiers = [entity.id for entity in small_graph.records.entities()]
    above = {
        (identifier, step.entity.id, step.distance)
        for identifier in identifiers
        for step in small_graph.hierarchy(identifier).ancestors
    }
    below = {
        (step.entity.id, identifier, step.distance)
        for identifier in identifiers
        for step in small_graph.hierarchy(identifier).descendants
    }
    assert above == below


def test_treatments_are_no_part_of_the_hierarchy(small_graph: KnowledgeGraph) -> None:
    hierarchy = small_graph.hierarchy("MONDO:0005301")
    assert [step.entity.label for step in hierarchy.children] == ["relapsing-remitting multiple sclerosis"]
    assert {step.relation for step in hierarchy.descendants} == {"subclass_of"}


def test_an_unknown_identifier_is_refused(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownIdentifierError):
        small_graph.hierarchy("MONDO:0005302")


def test_the_record_has_every_list(small_graph: KnowledgeGraph) -> None:
    record = small_graph.hierarchy("CL:0000084").to_record()
    assert list(record) == ["entity", "parents", "children", "ancestors", "descendants", "complete"]
    assert record["parents"][0]["entity"]["id"] == "CL:0000542"
    assert "<table>" in small_graph.hierarchy("CL:0000084")._repr_html_()


def test_circles_end(tmp_path: Path) -> None:
    with KnowledgeGraph.memory(classes([(1, 2), (2, 3), (3, 1), (1, 1)], tmp_path / "circle.trig")) as graph:
        hierarchy = graph.hierarchy("CL:1")
    assert [(step.entity.id, step.distance) for step in hierarchy.ancestors] == [("CL:2", 1), ("CL:3", 2)]
    assert [(step.entity.id, step.distance) for step in hierarchy.descendants] == [("CL:3", 1), ("CL:2", 2)]
    assert hierarchy.complete


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=14, unique=True))
def test_ancestors_are_the_transitive_closure(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]]
) -> None:
    file = classes(pairs, tmp_path_factory.mktemp("closure") / "classes.trig")
    start = pairs[0][0]
    reached = {start}
    while True:
        grown = reached | {parent for child, parent in pairs if child in reached}
        if grown == reached:
            break
        reached = grown
    with KnowledgeGraph.memory(file) as graph:
        ancestors = {step.entity.id for step in graph.hierarchy(f"CL:{start}").ancestors}
    assert ancestors == {f"CL:{number}" for number in reached - {start}}
