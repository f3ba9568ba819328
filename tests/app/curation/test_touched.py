"""What is held against the rules beside many statements of the same triple: as much as beside one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from tests.app.curation.serving import serving
from tests.releases import small_quads

from stemgraph.app.curation.body import EXAMPLE, AssociationBody
from stemgraph.app.curation.reading import curated_association
from stemgraph.app.curation.rules import violations
from stemgraph.app.curation.state import State, node
from stemgraph.app.curation.statements import association_quads, ends_of, source_quads
from stemgraph.app.curation.touched import around, associations_in
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.quad_diff import QuadDiff, lines_of

DATE = "2026-11-27"
DENIED: dict[str, Any] = {"negated": True, "status": "not_recommended"}


def stated(graph: KnowledgeGraph, population: str, **fields: Any) -> list[ox.Quad]:
    """The quads of a statement about this population, all of one triple."""
    body = {**EXAMPLE, "qualifiers": {"population": population}, **fields}
    read = curated_association(AssociationBody.model_validate(body), graph, source="edited")
    return association_quads(read, first_release=2, date=DATE)


def holding(*statements: list[ox.Quad]) -> ox.Store:
    """The small graph with these statements."""
    store = ox.Store()
    store.extend([*small_quads(), *source_quads(DATE)])
    for each in statements:
        store.extend(each)
    return store


def plain_triple(graph: KnowledgeGraph) -> ox.Quad:
    """The triple that all of them state."""
    store = holding(stated(graph, "anyone"))
    (one,) = store.quads_for_pattern(None, node("sgv:has_evidence"), None, node("sgg:edited"))
    assert isinstance(one.subject, ox.NamedNode)
    ends = ends_of(State(store), one.subject)
    assert ends is not None
    return ox.Quad(*ends, node("sgg:edited"))


def rules(after: State) -> set[object]:
    return {each["rule"] for each in violations(around(after, after.diff.subjects))}


@pytest.mark.parametrize("fields", [{}, DENIED], ids=["stated", "denied"])
def test_a_statement_beside_forty_is_held_against_the_rules_with_no_more_than_beside_one(
    small_graph: KnowledgeGraph, fields: dict[str, Any]
) -> None:
    found: list[int] = []
    for count in (1, 40):
        others = [stated(small_graph, f"group {number}", **fields) for number in range(count)]
        new = QuadDiff(lines_of(stated(small_graph, "another one", **fields)))
        after = State(holding(*others), new)
        assert rules(after) == set()
        found.append(len(associations_in(around(after, after.diff.subjects))))

    assert found == [2, 2]


def test_of_those_that_state_and_those_that_deny_one_each_is_taken_along(small_graph: KnowledgeGraph) -> None:
    others = [stated(small_graph, f"group {number}") for number in range(5)]
    deniers = [stated(small_graph, f"denier {number}", **DENIED) for number in range(5)]
    after = State(holding(*others, *deniers), QuadDiff(lines_of(stated(small_graph, "another one"))))

    assert rules(after) == set()
    assert len(associations_in(around(after, after.diff.subjects))) == 3


def test_taking_the_triple_from_those_that_state_it_is_seen(small_graph: KnowledgeGraph) -> None:
    others = [stated(small_graph, f"group {number}") for number in range(5)]
    after = State(holding(*others), QuadDiff(removed=lines_of([plain_triple(small_graph)])))

    assert rules(after) == {"StatedMaterialised"}


def test_giving_the_triple_to_those_that_deny_it_is_seen(small_graph: KnowledgeGraph) -> None:
    deniers = [stated(small_graph, f"denier {number}", **DENIED) for number in range(5)]
    after = State(holding(*deniers), QuadDiff(lines_of([plain_triple(small_graph)])))

    assert rules(after) == {"NegatedNotMaterialised"}


def test_a_triple_whose_last_statement_goes_is_seen(small_graph: KnowledgeGraph) -> None:
    last = stated(small_graph, "the last")
    gone = QuadDiff(removed=lines_of(last) - lines_of([plain_triple(small_graph)]))
    deniers = [stated(small_graph, f"denier {number}", **DENIED) for number in range(5)]

    assert rules(State(holding(last), gone)) == {"PlainTripleStated"}
    assert rules(State(holding(last, *deniers), gone)) == {"NegatedNotMaterialised"}


def test_the_fault_of_another_statement_of_the_triple_hinders_no_edit(
    small_graph: KnowledgeGraph, tmp_path: Path
) -> None:
    faulty = [quad for quad in stated(small_graph, "faulty") if quad.predicate != node("sgv:status")]
    quads = [*small_quads(), *source_quads(DATE), *faulty]
    assert violations(around(State(holding(faulty)), lines_subjects(faulty)))

    with serving(tmp_path / "data", quads=quads) as client:
        made = client.post("/api/v1/association", json={**EXAMPLE, "reason": "a test"})

    assert made.status_code == 201, made.text


def lines_subjects(quads: list[ox.Quad]) -> frozenset[str]:
    return QuadDiff(lines_of(quads)).subjects
