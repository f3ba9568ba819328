"""The therapies of a disease, grouped and never merged."""

from __future__ import annotations

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import BadRequestError, CursorError

SCLEROSIS, ACUTE_GVHD, SICKLE_CELL = "MONDO:0005301", "MONDO:0020546", "MONDO:0011382"


def test_therapies_come_strongest_first_and_denied_ones_last(bundled: KnowledgeGraph) -> None:
    found = bundled.therapies_for("multiple sclerosis")
    strengths = [group.strength for group in found.groups]
    assert strengths == sorted(strengths, key=lambda each: -(each or 0))
    assert found.groups[0].therapy.id == "STEMGRAPH:autologous-hsct"
    assert found.groups[-1].therapy.id == "MAXO:0001479"
    assert found.groups[-1].strength is None
    assert all(answer.association.negated for answer in found.groups[-1].answers)


def test_statements_whose_qualifiers_differ_are_never_merged(bundled: KnowledgeGraph) -> None:
    found = bundled.therapies_for(ACUTE_GVHD, min_strength="treats")
    (group,) = (each for each in found.groups if each.therapy.label == "ruxolitinib")
    told = {answer.association.qualifiers["jurisdiction"]: answer for answer in group.answers}
    assert set(told) == {"US", "EU"}
    assert told["US"].association.inherited is None
    assert told["EU"].association.inherited is not None
    assert len({each.id for each in found}) == len(found)


def test_each_answer_carries_what_it_is_weighed_by(bundled: KnowledgeGraph) -> None:
    found = bundled.therapies_for(SCLEROSIS)
    (guideline,) = (
        answer
        for group in found.groups
        for answer in group.answers
        if answer.year == "2011" and not answer.association.negated
    )
    record = guideline.to_record()
    assert record["strength"] == 3
    assert record["predicate"] == "recommended_for"
    assert record["guideline_grades"] == {"autologous": "CO/II"}
    assert record["evidence_grade"] == "guideline"
    assert "EBMT" in record["guideline"]
    trial = found.groups[0].answers[0].to_record()
    assert (trial["strength"], trial["evidence_grade"]) == (4, "randomized_controlled_trial")
    assert trial["line"]
    assert trial["association"]["inherited"]["rule"] == "disease_kinds"


@pytest.mark.parametrize(
    ("least", "predicates"),
    [
        ("treats", {"treats"}),
        ("recommended_for", {"treats", "recommended_for"}),
        ("studied_to_treat", {"treats", "recommended_for", "in_clinical_trials_for", "studied_to_treat"}),
    ],
)
def test_a_least_strength_leaves_out_what_claims_less(
    bundled: KnowledgeGraph, least: str, predicates: set[str]
) -> None:
    found = bundled.therapies_for(SCLEROSIS, min_strength=least)
    assert {each.predicate for each in found} == predicates


def test_a_jurisdiction_chooses(bundled: KnowledgeGraph) -> None:
    found = bundled.therapies_for(SICKLE_CELL, jurisdiction="US")
    assert {group.therapy.label for group in found.groups} >= {"Casgevy", "Lyfgenia"}
    assert {each.qualifiers["jurisdiction"] for each in found} == {"US"}


def test_pages_of_therapies_follow_each_other(bundled: KnowledgeGraph) -> None:
    whole = [group.therapy.id for group in bundled.therapies_for("MONDO:0007179").groups]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = bundled.therapies_for("MONDO:0007179", limit=2, cursor=cursor)
        assert page.total == len(whole)
        seen += [group.therapy.id for group in page.groups]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == whole
    first = bundled.therapies_for("MONDO:0007179", limit=2)
    with pytest.raises(CursorError):
        bundled.therapies_for(SCLEROSIS, limit=2, cursor=first.next_cursor)


def test_a_strength_that_is_none_is_refused(bundled: KnowledgeGraph) -> None:
    with pytest.raises(BadRequestError, match="did you mean treats"):
        bundled.therapies_for(SCLEROSIS, min_strength="treat")


def test_the_answers_are_a_table_a_graph_and_rdf_too(bundled: KnowledgeGraph) -> None:
    found = bundled.therapies_for(ACUTE_GVHD, min_strength="treats")
    assert len(found.to_pandas()) == len(found)
    assert found.to_networkx().number_of_edges() == len(found)
    query = "ASK { GRAPH <https://w3id.org/stemgraph/graph/inferred> { ?s ?p ?o } }"
    assert found.to_rdf().query(query).askAnswer
    assert "ruxolitinib" in found._repr_html_()
