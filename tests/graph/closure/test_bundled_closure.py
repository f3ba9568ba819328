"""Closure on the graph that ships: the public questions, and the worst case in time."""

from __future__ import annotations

from time import perf_counter

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError, UnknownNameError

USED_FOR = ("treats", "applied_to_treat", "studied_to_treat", "in_clinical_trials_for", "recommended_for")
AUTO, ALLO, GENE_THERAPY = (
    "STEMGRAPH:autologous-hsct",
    "MAXO:0001479",
    "STEMGRAPH:autologous-hsc-gene-therapy",
)
GVHD, ACUTE_GVHD, IMMUNODEFICIENCY = "MONDO:0013730", "MONDO:0020546", "MONDO:0021094"
LEFT_OUT_BY_MONDO = {"MONDO:0018305", "MONDO:0007293", "MONDO:0014306", "MONDO:0008963"}


def used_for(graph: KnowledgeGraph, disease: str, *, groupings: bool = False) -> set[tuple[str, str]]:
    """Label of the intervention and CURIE of the disease that it is stated of."""
    found = graph.associations(
        object=disease,
        predicate=USED_FOR,
        negated=False,
        source="curated",
        closure=True,
        groupings=groupings,
        limit=None,
    )
    return {(each.subject.label, each.object.id) for each in found}


def test_everything_used_for_an_immunodeficiency_is_found_in_one_question(bundled: KnowledgeGraph) -> None:
    found = used_for(bundled, IMMUNODEFICIENCY)
    assert {label for label, _ in found} == {
        "allogeneic hematopoietic stem cell transplantation",
        "hematopoietic stem cell transplantation",
        "bone marrow transplantation",
        "autologous hematopoietic stem cell gene therapy",
        "Strimvelis",
        "Pegademase Bovine",
        "elapegademase",
        "Waskyra",
        "splenectomy",
        "immunoglobulin infusion therapy",
        "thymic transplantation",
    }
    assert not {disease for _, disease in found} & LEFT_OUT_BY_MONDO


def test_groupings_add_what_mondo_leaves_out_and_nothing_else(bundled: KnowledgeGraph) -> None:
    added = used_for(bundled, IMMUNODEFICIENCY, groupings=True) - used_for(bundled, IMMUNODEFICIENCY)
    assert {"MONDO:0018305", "MONDO:0007293", "MONDO:0014306"} <= {disease for _, disease in added}
    for each in bundled.associations(
        object=IMMUNODEFICIENCY, predicate=USED_FOR, closure=True, groupings=True, limit=None
    ):
        assert each.inherited is not None
        over_grouping = [step for step in each.inherited.path if step.relation == "grouped_under"]
        assert bool(over_grouping) == ((each.subject.label, each.object.id) in added)
        assert {step.ontology for step in over_grouping} <= {"groupings"}


def test_groupings_are_no_subclasses_in_the_triples(bundled: KnowledgeGraph) -> None:
    query = """ASK { GRAPH <https://w3id.org/stemgraph/graph/groupings> {
        ?s <http://www.w3.org/2000/01/rdf-schema#subClassOf> ?o } }"""
    assert not bundled.sparql(query)
    listed = bundled.entity("STEMGRAPH:iuis-phagocyte-defect")
    assert listed.source == "groupings"
    assert "MONDO:0018305" in {each.id for each in listed.mappings}
    assert listed.attributes["evidence"][0]["reference"] == "DOI:10.1007/s10875-022-01289-3"


def test_what_treats_acute_gvhd_is_told_with_what_is_stated_on_its_parent(bundled: KnowledgeGraph) -> None:
    found = bundled.associations(object=ACUTE_GVHD, predicate="treats", closure=True)
    assert {(each.subject.label, each.inherited is None) for each in found} == {
        ("Ryoncil", True),
        ("ruxolitinib", True),
        ("systemic glucocorticoid", True),
        ("ruxolitinib", False),
    }
    (from_parent,) = (each for each in found if each.inherited is not None)
    assert from_parent.object.id == GVHD
    assert from_parent.qualifiers["jurisdiction"] == "EU"


def test_the_way_from_the_t_cell_to_the_stem_cell_names_the_relation_at_each_step(
    bundled: KnowledgeGraph,
) -> None:
    found = bundled.associations(subject="CL:0000084", predicate="develops_from", closure=True, limit=None)
    (last,) = (each for each in found if each.subject.id == "CL:0000837")
    assert last.object.id == "CL:0000037"
    assert last.inherited is not None
    steps = [(step.subject.id, step.relation, step.object.id) for step in last.inherited.path]
    assert steps == [
        ("CL:0000084", "develops_from", "CL:0000827"),
        ("CL:0000827", "develops_from", "CL:0000051"),
        ("CL:0000051", "subclass_of", "CL:0002032"),
        ("CL:0002032", "develops_from", "CL:0000837"),
    ]
    assert {(step.ontology, step.version) for step in last.inherited.path} == {("cl", "v2026-03-26")}
    assert all(bundled.association(str(step.association)) for step in last.inherited.path)
    assert "CL:0000034" not in {each.object.id for each in found}


@pytest.mark.parametrize(
    ("question", "answer", "negated"),
    [
        ((ALLO, "has_adverse_event", GVHD), "stated", False),
        ((AUTO, "has_adverse_event", GVHD), "stated as negative", True),
        ((GENE_THERAPY, "has_adverse_event", GVHD), "stated as negative", True),
        (("MAXO:0000747", "has_adverse_event", GVHD), "inherited", False),
        (("Kymriah", "has_adverse_event", "T cell malignancy after CAR T-cell therapy"), "inherited", False),
        (("Aucatzyl", "has_adverse_event", "T cell malignancy after CAR T-cell therapy"), "not stated", None),
        (("Alofisel", "treats", "Crohn disease"), "conflicting", None),
        (("STEMGRAPH:strimvelis", "treats", "MONDO:0015974"), "inherited", False),
        (("Rethymic", "treats", "MONDO:0015974"), "stated as negative", True),
        (("Rethymic", "treats", "MONDO:0010315"), "inherited", True),
        (("Rethymic", "treats", IMMUNODEFICIENCY), "not stated", None),
        (("T cell", "develops_from", "hematopoietic stem cell"), "inherited", False),
        (("MONDO:0018305", "subclass_of", IMMUNODEFICIENCY), "not stated", None),
    ],
)
def test_yes_or_no_questions_have_five_answers(
    bundled: KnowledgeGraph, question: tuple[str, str, str], answer: str, negated: bool | None
) -> None:
    found = bundled.ask(*question)
    assert (found.answer, found.negated) == (answer, negated)
    assert bool(list(found)) == (found.associations.total > 0)
    if answer not in {"not stated"}:
        assert list(found)
    assert found.explanation


def test_a_denial_of_a_kind_is_shown_but_decides_nothing(bundled: KnowledgeGraph) -> None:
    found = bundled.ask("Rethymic", "treats", IMMUNODEFICIENCY)
    assert [(each.negated, each.object.id) for each in found] == [(True, "MONDO:0015974")]


def test_what_a_question_names_wrongly_is_refused(bundled: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError):
        bundled.ask("Nonsensemab", "treats", GVHD)
    with pytest.raises(UnknownIdentifierError):
        bundled.ask("MONDO:9999999", "treats", GVHD)
    with pytest.raises(BadRequestError):
        bundled.ask(ALLO, "treat", GVHD)


def test_closure_on_the_root_of_mondo_is_answered_within_its_budget(bundled: KnowledgeGraph) -> None:
    bundled.associations(entity="MONDO:0005301", closure=True)
    begun = perf_counter()
    found = bundled.associations(entity="MONDO:0000001", closure=True, limit=200)
    body = found.bytes()
    assert perf_counter() - begun < 1
    assert found.complete
    assert found.total > 30_000
    assert len(body) > 100_000
