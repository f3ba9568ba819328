"""What is stated and denied of the same, or of kinds of it, and the qualifiers that separate the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.graph.statements import evidence, graph_stating, stated

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.disagreement.conflict import KINDS, Conflict
from stemgraph.graph.disagreement.separation import Separation
from stemgraph.graph.errors import BadRequestError, CursorError, UnknownIdentifierError, UnknownPredicateError

TRIAL = evidence("trial", study_design="randomized_controlled_trial")
AGAINST = evidence("against", reference="PMID:9", stance="refutes")
CATEGORIES = dict.fromkeys(["hsct", "auto", "gel", "drug", "msc", "cells", "graft"], "therapy")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    rows = (
        stated("rrms subclass_of ms"),
        stated("auto subclass_of hsct"),
        # The same claim, nothing separates the two.
        stated("gel treats crohn", status="withdrawn", qualifiers={"jurisdiction": "EU"}),
        stated(
            "gel !treats crohn", TRIAL, status="negative_result", qualifiers={"trial": "STEMGRAPH:admire"}
        ),
        # The same claim in two places.
        stated("drug treats lupus", status="approved", qualifiers={"jurisdiction": "JP"}),
        stated("drug !treats lupus", status="not_indicated", qualifiers={"jurisdiction": ["EU", "US"]}),
        # Denied of a kind of the disease, and of a kind of the therapy.
        stated("msc treats ms", status="rct_supported"),
        stated("msc !treats rrms", status="negative_result"),
        stated("hsct has_adverse_event gvhd"),
        stated("auto !has_adverse_event gvhd", status="not_expected"),
        # Denied of one condition, stated of another.
        stated("graft treats athymia", status="approved"),
        stated("graft !treats scid", status="not_indicated"),
        # One statement whose own evidence disagrees, and a negative result that is not negated.
        stated("cells treats fever", TRIAL, AGAINST, status="rct_supported"),
        stated("cells applied_to_treat burns", status="negative_result", qualifiers={"dose": "low"}),
        stated("cells applied_to_treat burns", status="clinical_option", qualifiers={"dose": "high"}),
        # Denied, and stated of nothing.
        stated("hsct !causes joy", status="not_observed"),
    )
    with graph_stating(tmp_path_factory.mktemp("conflicts"), *rows, categories=CATEGORIES) as made:
        yield made


def the(graph: KnowledgeGraph, name: str) -> Conflict:
    (found,) = [each for each in graph.conflicts(limit=None) if each.subject.label == name]
    return found


def test_a_claim_stated_and_denied_without_a_separating_qualifier_is_a_direct_conflict(
    graph: KnowledgeGraph,
) -> None:
    conflict = the(graph, "gel")
    assert conflict.kind == "direct"
    assert [each.negated for each in conflict.opposing] == [True]
    (supporting,) = conflict.supporting
    assert supporting.separation.differences == ()
    assert [(each.qualifier, each.side) for each in supporting.separation.one_sided] == [
        ("jurisdiction", "supporting")
    ]


def test_the_qualifier_that_separates_two_statements_is_named_with_both_values(graph: KnowledgeGraph) -> None:
    conflict = the(graph, "drug")
    assert conflict.kind == "qualified"
    (difference,) = conflict.supporting[0].separation.differences
    assert (difference.qualifier, difference.supporting, difference.opposing) == (
        "jurisdiction",
        ("JP",),
        ("EU", "US"),
    )
    assert conflict.explanation.endswith("jurisdiction (JP against EU or US).")


def test_a_denial_of_a_kind_of_the_disease_is_near_and_shows_the_steps(graph: KnowledgeGraph) -> None:
    conflict = the(graph, "msc")
    assert conflict.kind == "near"
    (step,) = conflict.supporting[0].path
    assert (step.subject.label, step.relation, step.object.label) == ("rrms", "subclass_of", "ms")
    assert "rrms is a kind of ms" in conflict.explanation


def test_a_denial_of_a_kind_of_the_therapy_is_near_too(graph: KnowledgeGraph) -> None:
    conflict = the(graph, "auto")
    assert conflict.kind == "near"
    assert [step.object.label for step in conflict.supporting[0].path] == ["hsct"]


def test_where_a_denial_stands_alone_what_the_therapy_is_for_stands_beside_it(graph: KnowledgeGraph) -> None:
    conflict = the(graph, "graft")
    assert conflict.kind == "elsewhere"
    assert [each.association.object.label for each in conflict.supporting] == ["athymia"]


def test_evidence_on_both_sides_of_one_statement_is_a_conflict(graph: KnowledgeGraph) -> None:
    conflict = next(each for each in graph.conflicts() if each.divided)
    assert conflict.kind == "divided"
    assert {each.stance for each in conflict.divided[0].evidence} == {"supports", "refutes"}


def test_a_negative_result_opposes_although_it_is_not_negated(graph: KnowledgeGraph) -> None:
    conflict = next(each for each in graph.conflicts() if each.object.label == "burns")
    assert conflict.kind == "qualified"
    assert conflict.opposing[0].status == "negative_result"
    assert [each.qualifier for each in conflict.supporting[0].separation.differences] == ["dose"]


def test_a_denial_of_what_nobody_states_is_no_conflict(graph: KnowledgeGraph) -> None:
    assert "joy" not in {each.object.label for each in graph.conflicts(limit=None)}


def test_the_sharpest_conflicts_come_first(graph: KnowledgeGraph) -> None:
    kinds = [each.kind for each in graph.conflicts(limit=None)]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    assert kinds[0] == "direct"


@pytest.mark.parametrize(
    ("filters", "subjects"),
    [
        ({"entity": "STEMGRAPH:ms"}, ["msc"]),
        ({"entity": "STEMGRAPH:athymia"}, ["graft"]),
        ({"predicate": "has_adverse_event"}, ["auto"]),
        ({"kind": "direct"}, ["gel"]),
        ({"entity": "STEMGRAPH:ms", "kind": "direct"}, []),
    ],
)
def test_conflicts_are_chosen_by_entity_predicate_and_kind(
    graph: KnowledgeGraph, filters: dict[str, str], subjects: list[str]
) -> None:
    found = graph.conflicts(**filters)
    assert [each.subject.label for each in found] == subjects
    assert found.total == len(subjects)


def test_conflicts_are_paged(graph: KnowledgeGraph) -> None:
    whole = [each.explanation for each in graph.conflicts(limit=None)]
    first = graph.conflicts(limit=3)
    second = graph.conflicts(limit=50, cursor=first.next_cursor)
    assert [each.explanation for each in (*first, *second)] == whole
    assert first.total == second.total == len(whole)
    with pytest.raises(CursorError):
        graph.conflicts("STEMGRAPH:ms", cursor=first.next_cursor)


@pytest.mark.parametrize(
    ("filters", "error"),
    [
        ({"kind": "bitter"}, BadRequestError),
        ({"limit": 0}, BadRequestError),
        ({"predicate": "cures"}, UnknownPredicateError),
        ({"entity": "MONDO:9999999"}, UnknownIdentifierError),
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(
    graph: KnowledgeGraph, filters: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        graph.conflicts(**filters)


def test_a_search_cut_short_says_so_and_is_not_kept(tmp_path: Path) -> None:
    rows = [stated(f"a{number} treats b{number}") for number in range(40)]
    rows += [stated(f"a{number} !treats b{number}", status="negative_result") for number in range(40)]
    with graph_stating(tmp_path, *rows) as made:
        cut = made.conflicts(budget_ms=0)
        assert not cut.complete
        assert cut.reason == "the time budget of 0 ms ended the search"
        assert made.conflicts(limit=None).total == 40


def test_a_retraction_of_one_side_is_told(tmp_path: Path) -> None:
    rows = (
        stated("gel treats crohn", evidence("bad", reference="PMID:1"), status="rct_supported"),
        stated("gel !treats crohn", TRIAL, status="negative_result"),
        stated("journal disputes gel", evidence("notice", retracts=("PMID:1",)), status="disputed"),
    )
    with graph_stating(tmp_path, *rows) as made:
        (conflict,) = made.conflicts()
        assert conflict.cautions == (f"{rows[0].id}: its evidence was retracted",)
        assert conflict.supporting[0].association.status == "evidence_retracted"


def test_evidence_against_that_was_retracted_divides_nothing(tmp_path: Path) -> None:
    rows = (
        stated("cells treats fever", TRIAL, AGAINST, status="rct_supported"),
        stated("journal disputes cells", evidence("notice", retracts=("PMID:9",)), status="disputed"),
    )
    with graph_stating(tmp_path, *rows) as made:
        assert made.conflicts().total == 0


def test_a_study_of_an_effect_is_separated_from_its_denial_by_claiming_none() -> None:
    separation = Separation.of(stated("a studied_to_treat b"), stated("a !treats b"))
    assert [each.qualifier for each in separation.differences] == ["predicate"]
    assert Separation.of(stated("a treats b"), stated("a !treats b")).differences == ()


def test_a_conflict_has_one_json_shape_and_a_table(graph: KnowledgeGraph) -> None:
    record = the(graph, "drug").to_record()
    assert set(record) == {*("claim", "kind", "explanation", "supporting", "opposing", "divided", "cautions")}
    assert record["claim"]["predicates"] == ["treats"]
    assert record["supporting"][0]["separated_by"][0]["qualifier"] == "jurisdiction"
    assert "<table>" in graph.conflicts()._repr_html_()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Alofisel", "direct"),
        ("pegfilgrastim", "qualified"),
        ("umbilical cord-derived mesenchymal stem cell infusion", "near"),
        ("Rethymic", "elsewhere"),
    ],
)
def test_the_known_disagreements_of_the_bundle_are_found(
    bundled: KnowledgeGraph, name: str, kind: str
) -> None:
    (conflict,) = bundled.conflicts(bundled.find(name).id)
    assert conflict.kind == kind


def test_pegfilgrastim_is_separated_by_jurisdiction(bundled: KnowledgeGraph) -> None:
    (conflict,) = bundled.conflicts(bundled.find("pegfilgrastim").id)
    (difference,) = conflict.supporting[0].separation.differences
    assert (difference.qualifier, difference.supporting, difference.opposing) == (
        *("jurisdiction", ("JP",)),
        ("US",),
    )


def test_lupus_nephritis_is_near_lupus_over_a_grouping_that_is_named(bundled: KnowledgeGraph) -> None:
    (conflict,) = bundled.conflicts("MONDO:0005556")
    assert [step.relation for step in conflict.supporting[0].path] == ["grouped_under", "grouped_under"]
    assert {step.ontology for step in conflict.supporting[0].path} == {"groupings"}
