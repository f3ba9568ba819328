from __future__ import annotations

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import UnknownIdentifierError
from stemgraph.graph.risk.risks import Risk

RASH, MALIGNANCY = "STEMGRAPH:rash", "STEMGRAPH:late-malignancy"
GVHD = "MONDO:0013730"
ALLO, AUTO, GENE_THERAPY = (
    "MAXO:0001479",
    "STEMGRAPH:autologous-hsct",
    "STEMGRAPH:autologous-hsc-gene-therapy",
)
T_CELL_MALIGNANCY = "STEMGRAPH:t-cell-malignancy-after-car-t"


def one(graph: KnowledgeGraph, therapy: str, risk: str) -> Risk:
    (item,) = graph.risks(therapy, risk=risk).items
    return item


def test_frequencies_of_different_dates_are_never_merged(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "STEMGRAPH:member", RASH)
    assert [(row.told("as_of"), str(row.frequency)[:8]) for row in found.rows] == [
        ("2024", "3 of 67 "),
        ("2025", "10 of 67"),
    ]
    assert [row.told("severity") for row in found.rows] == ["mild", None]


def test_a_boxed_warning_of_the_class_is_inherited_with_its_path(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "STEMGRAPH:member", MALIGNANCY)
    assert (found.standing, found.boxed_warning) == ("inherited", "by class")
    inherited = found.rows[0].association.inherited
    assert inherited is not None
    assert [(step.subject.id, step.object.id) for step in inherited.path] == [
        ("STEMGRAPH:member", "STEMGRAPH:class")
    ]
    assert one(regulation, "STEMGRAPH:class", MALIGNANCY).boxed_warning == "direct"


def test_without_closure_nothing_is_inherited(regulation: KnowledgeGraph) -> None:
    found = regulation.risks("STEMGRAPH:member", closure=False)
    assert [item.risk.id for item in found.items] == [RASH]


def test_silence_a_denial_and_a_zero_are_three_answers(regulation: KnowledgeGraph) -> None:
    therapies = ["STEMGRAPH:stranger", "STEMGRAPH:words", "STEMGRAPH:whole", "STEMGRAPH:member"]
    compared = regulation.compare_risks(therapies)
    standings = {item.risk.id: item.standings for item in compared.items}
    assert standings[RASH] == ("not stated", "stated as negative", "none observed", "stated")
    assert standings[MALIGNANCY] == ("not stated", "not stated", "not stated", "inherited")


def test_a_statement_whose_evidence_was_retracted_is_shown_and_counts_for_nothing(
    regulation: KnowledgeGraph,
) -> None:
    found = one(regulation, "STEMGRAPH:pulled", RASH)
    assert found.standing == "not stated"
    assert [row.retracted for row in found.rows] == [True]


def test_what_watches_for_a_risk_says_how_it_is_connected(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "STEMGRAPH:member", MALIGNANCY)
    (watch,) = found.monitored_by
    assert watch.association.object.label == "blood test for malignancy"
    assert watch.link is not None
    assert "malignancy" in watch.link
    assert one(regulation, "STEMGRAPH:member", RASH).monitored_by == ()


def test_a_measure_says_for_which_therapy_it_is_stated(regulation: KnowledgeGraph) -> None:
    (mine,) = one(regulation, "STEMGRAPH:member", RASH).prevented_by
    assert (mine.association.subject.label, mine.context) == ("cream", "this therapy")


def test_boxed_warnings_come_first(bundled: KnowledgeGraph) -> None:
    found = bundled.risks("STEMGRAPH:skysona").items
    assert [item.boxed_warning for item in found] == ["direct", "direct"]


def test_what_is_not_known_is_refused(regulation: KnowledgeGraph) -> None:
    with pytest.raises(UnknownIdentifierError):
        regulation.risks("STEMGRAPH:nothing")
    with pytest.raises(UnknownIdentifierError):
        regulation.risks("STEMGRAPH:member", risk="STEMGRAPH:nothing")


def test_a_notebook_shows_risks_as_tables(regulation: KnowledgeGraph) -> None:
    assert "by class" in regulation.risks("STEMGRAPH:member")._repr_html_()
    compared = regulation.compare_risks(["STEMGRAPH:member", "STEMGRAPH:stranger"])._repr_html_()
    assert "not stated" in compared


def test_p9_graft_versus_host_disease_by_donor(bundled: KnowledgeGraph) -> None:
    compared = bundled.compare_risks([AUTO, ALLO, GENE_THERAPY], risk=GVHD)
    (item,) = compared.items
    assert item.standings == ("stated as negative", "stated", "stated as negative")
    for cell in item.cells:
        assert cell.rows
        assert all(row.association.evidence for row in cell.rows)
        assert all(row.association.inherited is None for row in cell.rows)


def test_p12_the_class_warning_of_aucatzyl_is_not_stated(bundled: KnowledgeGraph) -> None:
    found = one(bundled, "STEMGRAPH:aucatzyl", T_CELL_MALIGNANCY)
    assert (found.standing, found.boxed_warning, found.rows) == ("not stated", None, ())


@pytest.mark.parametrize("name", ["kymriah", "yescarta", "tecartus", "breyanzi", "abecma", "carvykti"])
def test_the_six_products_of_the_class_carry_its_warning(bundled: KnowledgeGraph, name: str) -> None:
    found = one(bundled, f"STEMGRAPH:{name}", T_CELL_MALIGNANCY)
    assert (found.standing, found.boxed_warning) == ("inherited", "by class")
    assert found.rows[0].told("date") == "2024-04-18"
    assert [watch.association.object.id for watch in found.monitored_by] == [
        "STEMGRAPH:lifelong-malignancy-monitoring"
    ]


def test_prophylaxis_for_another_disease_is_set_apart_from_that_for_the_therapy(
    bundled: KnowledgeGraph,
) -> None:
    found = one(bundled, ALLO, "MONDO:0005550")
    contexts = {each.association.subject.label: each.context for each in found.prevented_by}
    assert contexts["micafungin"] == "this therapy"
    assert contexts["co-trimoxazole"] == "a disease"
    autologous = one(bundled, AUTO, "MONDO:0005550")
    assert {each.association.subject.label: each.context for each in autologous.prevented_by}[
        "micafungin"
    ] == ("another therapy")


def test_tocilizumab_treats_the_cytokine_release_of_car_t_cells(bundled: KnowledgeGraph) -> None:
    found = one(bundled, "STEMGRAPH:car-t-cell-therapy", "MONDO:0600008")
    assert {(each.association.subject.label, each.context) for each in found.treated_by} == {
        ("tocilizumab", "this therapy")
    }
