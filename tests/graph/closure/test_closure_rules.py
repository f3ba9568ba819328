"""Each rule of closure on a graph that is just large enough for it."""

from __future__ import annotations

import pytest
from tests.graph.closure.small_world import World, ends

from stemgraph.graph.asking import judge
from stemgraph.graph.closure_blocks import Blocked
from stemgraph.graph.inferences import every_inference

PARENT, DISEASE, KIND = "MONDO:0000010", "MONDO:0000011", "MONDO:0000012"
CLASS, THERAPY, VARIANT = "STEMGRAPH:class", "STEMGRAPH:therapy", "STEMGRAPH:variant"
HSCT, AUTO, ALLO = "MAXO:0000747", "STEMGRAPH:autologous-hsct", "MAXO:0001479"
GVHD, ACUTE = "MONDO:0013730", "MONDO:0020546"
HSC, T_CELL = "CL:0000037", "CL:0000084"


@pytest.fixture
def diseases() -> World:
    """Three diseases, each a kind of the next, and three therapies likewise."""
    world = World().has(PARENT, DISEASE, KIND).has(CLASS, THERAPY, VARIANT, category="therapy")
    world.is_a(KIND, DISEASE, PARENT)
    world.is_a(VARIANT, THERAPY, CLASS, source="curated")
    return world


@pytest.fixture
def transplants() -> World:
    """Transplantation with its autologous and allogeneic kinds, and graft versus host disease."""
    world = World().has(HSCT, AUTO, ALLO, category="therapy")
    world.has(GVHD, ACUTE, category="risk_or_adverse_outcome")
    world.is_a(AUTO, HSCT)
    world.is_a(ALLO, HSCT)
    world.is_a(ACUTE, GVHD)
    return world


def test_what_is_stated_of_a_kind_answers_for_the_disease(diseases: World) -> None:
    diseases.states(THERAPY, "treats", KIND)
    assert ends(diseases.found(object=PARENT, predicate="treats")) == {
        (THERAPY, False, KIND, "disease_kinds")
    }


def test_what_is_stated_of_the_parent_is_shown_for_the_kind_as_such(diseases: World) -> None:
    diseases.states(THERAPY, "treats", PARENT)
    found = diseases.found(object=KIND, predicate="treats")
    assert ends(found) == {(THERAPY, False, PARENT, "disease_parent")}
    inherited = found[0].inherited
    assert inherited is not None
    assert inherited.entity.id == KIND
    assert [(step.subject.id, step.relation, step.object.id) for step in inherited.path] == [
        (KIND, "subclass_of", DISEASE),
        (DISEASE, "subclass_of", PARENT),
    ]
    assert {(step.ontology, step.version) for step in inherited.path} == {("mondo", "v1")}
    assert [step.association for step in inherited.path] == [each.id for each in diseases.associations[:2]]


def test_a_sibling_does_not_answer_for_a_sibling(diseases: World) -> None:
    diseases.has("MONDO:0000013").is_a("MONDO:0000013", PARENT)
    diseases.states(THERAPY, "treats", "MONDO:0000013")
    assert len(diseases.found(object=DISEASE, predicate="treats")) == 0


def test_a_risk_of_a_general_outcome_is_not_a_risk_of_its_kinds(transplants: World) -> None:
    transplants.states(ALLO, "has_adverse_event", GVHD)
    assert len(transplants.found(object=ACUTE, predicate="has_adverse_event")) == 0


def test_the_genes_of_its_kinds_are_shown_for_a_disease_and_not_the_other_way_round(diseases: World) -> None:
    diseases.has("HGNC:1", category="gene").states(DISEASE, "has_causal_gene", "HGNC:1")
    assert ends(diseases.found(subject=PARENT, predicate="has_causal_gene")) == {
        (DISEASE, False, "HGNC:1", "disease_cause_kinds")
    }
    assert len(diseases.found(subject=KIND, predicate="has_causal_gene")) == 0


def test_the_cause_of_a_disease_is_that_of_its_kinds(diseases: World) -> None:
    diseases.has("CL:0000001", category="cell_type").states(PARENT, "caused_by", "CL:0000001")
    assert ends(diseases.found(subject=KIND, predicate="caused_by")) == {
        (PARENT, False, "CL:0000001", "disease_cause_parent")
    }


def test_a_therapy_has_the_risks_of_its_class_but_not_its_uses(diseases: World) -> None:
    diseases.has("HP:0000001", category="risk_or_adverse_outcome")
    diseases.states(CLASS, "has_adverse_event", "HP:0000001")
    diseases.states(CLASS, "treats", DISEASE)
    assert ends(diseases.found(subject=VARIANT, predicate=("has_adverse_event", "treats"))) == {
        (CLASS, False, "HP:0000001", "therapy_class")
    }


def test_what_is_stated_of_a_kind_of_a_therapy_answers_for_the_therapy(diseases: World) -> None:
    diseases.states(VARIANT, "treats", DISEASE)
    assert ends(diseases.found(subject=CLASS, predicate="treats")) == {
        (VARIANT, False, DISEASE, "intervention_kinds")
    }


def test_both_ends_move_where_both_are_asked_for(diseases: World) -> None:
    diseases.states(VARIANT, "treats", KIND)
    (found,) = diseases.found(subject=CLASS, predicate="treats", object=PARENT)
    assert found.inherited is not None
    assert found.inherited.other_end is not None
    moves = found.inherited, found.inherited.other_end
    assert [(each.rule, each.end, each.entity.id) for each in moves] == [
        ("intervention_kinds", "subject", CLASS),
        ("disease_kinds", "object", PARENT),
    ]


def test_a_product_has_the_boxed_warning_of_its_class_and_a_later_product_does_not() -> None:
    world = World().has("STEMGRAPH:class", category="product_class")
    world.has("STEMGRAPH:kymriah", "STEMGRAPH:aucatzyl", category="biologic_product")
    world.has("STEMGRAPH:malignancy", category="risk_or_adverse_outcome")
    world.is_a("STEMGRAPH:kymriah", "STEMGRAPH:class", source="curated")
    world.states(
        "STEMGRAPH:class", "has_adverse_event", "STEMGRAPH:malignancy", qualifiers={"boxed_warning": True}
    )
    found = world.found(subject="STEMGRAPH:kymriah", predicate="has_adverse_event")
    assert ends(found) == {("STEMGRAPH:class", False, "STEMGRAPH:malignancy", "product_class")}
    assert found[0].qualifiers == {"boxed_warning": True}
    assert len(world.found(subject="STEMGRAPH:aucatzyl", predicate="has_adverse_event")) == 0


def test_a_trial_of_a_kind_of_the_therapy_is_found(diseases: World) -> None:
    diseases.has("CLINICALTRIALS:NCT00000001", category="clinical_trial")
    diseases.states("CLINICALTRIALS:NCT00000001", "tests_intervention", VARIANT)
    assert ends(diseases.found(object=CLASS, predicate="tests_intervention")) == {
        ("CLINICALTRIALS:NCT00000001", False, VARIANT, "tested_intervention_kinds")
    }


def test_therapies_that_use_a_kind_of_the_cell_are_found() -> None:
    world = World().has(HSC, "CL:0000034", category="cell_type").has(HSCT, category="therapy")
    world.is_a(HSC, "CL:0000034", source="cl")
    world.states(HSCT, "uses_cell_type", HSC)
    assert ends(world.found(object="CL:0000034", predicate="uses_cell_type")) == {
        (HSCT, False, HSC, "cell_kinds")
    }


def test_a_kind_of_a_cell_does_what_the_cell_does_unless_it_is_denied() -> None:
    world = World().has("CL:0000134", "CL:0002570", "CL:0002540", "CL:0000062", category="cell_type")
    world.is_a("CL:0002570", "CL:0000134", source="cl")
    world.is_a("CL:0002540", "CL:0000134", source="cl")
    world.states("CL:0000134", "differentiates_into", "CL:0000062")
    world.states("CL:0002540", "differentiates_into", "CL:0000062", negated=True)
    assert ends(world.found(subject="CL:0002570", predicate="differentiates_into")) == {
        ("CL:0000134", False, "CL:0000062", "cell_class")
    }
    assert ends(world.found(subject="CL:0002540", predicate="differentiates_into")) == {
        ("CL:0002540", True, "CL:0000062", None)
    }


def test_what_acts_via_a_kind_of_a_process_acts_via_the_process() -> None:
    world = (
        World().has("GO:0000001", "GO:0000002", category="biological_process").has(CLASS, category="therapy")
    )
    world.is_a("GO:0000001", "GO:0000002", source="go")
    world.states(CLASS, "acts_via", "GO:0000001")
    assert ends(world.found(object="GO:0000002", predicate="acts_via")) == {
        (CLASS, False, "GO:0000001", "process_kinds")
    }


def test_cells_that_are_part_of_a_place_answer_for_the_place() -> None:
    world = (
        World().has("CL:2000095", category="cell_type").has("UBERON:0012168", category="anatomical_structure")
    )
    world.has(HSCT, category="therapy")
    world.states("CL:2000095", "part_of", "UBERON:0012168", source="cl")
    world.states(HSCT, "uses_cell_type", "CL:2000095")
    found = world.found(object="UBERON:0012168", predicate="uses_cell_type")
    assert ends(found) == {(HSCT, False, "CL:2000095", "cell_source")}


@pytest.fixture
def lineage() -> World:
    """The T cell's way back to the hematopoietic stem cell, and what lies behind that."""
    world = World().has(T_CELL, HSC, category="cell_type")
    world.has("CL:0000827", "CL:0000051", "CL:0002032", "CL:0000837", category="cell_type")
    world.has("CL:0000034", "CL:0000048", "CL:0002259", category="cell_type")
    for cell, earlier in ((T_CELL, "CL:0000827"), ("CL:0000827", "CL:0000051")):
        world.states(cell, "develops_from", earlier, source="cl")
    world.is_a("CL:0000051", "CL:0002032", source="cl")
    for cell, earlier in (("CL:0002032", "CL:0000837"), ("CL:0000837", HSC), (HSC, "CL:0000048")):
        world.states(cell, "develops_from", earlier, source="cl")
    world.is_a(HSC, "CL:0000034", source="cl")
    world.states("CL:0000034", "develops_from", "CL:0002259", source="cl")
    return world


def test_development_is_followed_through_kinds_back_to_the_stem_cell_and_no_further(lineage: World) -> None:
    found = lineage.found(subject=T_CELL, predicate="develops_from")
    assert {each.object.id for each in found} == {"CL:0000827", "CL:0000051", "CL:0000837", HSC}
    last = next(each for each in found if each.object.id == HSC)
    assert last.inherited is not None
    assert last.inherited.rule == "lineage_before"
    assert [(step.subject.id, step.relation) for step in last.inherited.path] == [
        (T_CELL, "develops_from"),
        ("CL:0000827", "develops_from"),
        ("CL:0000051", "subclass_of"),
        ("CL:0002032", "develops_from"),
    ]


def test_everything_that_develops_from_the_stem_cell_is_found_but_not_through_it(lineage: World) -> None:
    assert {each.subject.id for each in lineage.found(object=HSC, predicate="develops_from")} == {
        *(T_CELL, "CL:0000827", "CL:0002032", "CL:0000837")
    }
    assert {each.subject.id for each in lineage.found(object="CL:0000048", predicate="develops_from")} == {
        HSC
    }


def test_the_stem_cell_itself_inherits_no_origin(lineage: World) -> None:
    assert ends(lineage.found(subject=HSC, predicate="develops_from")) == {(HSC, False, "CL:0000048", None)}


def test_a_kind_of_a_kind_is_a_kind(diseases: World) -> None:
    assert ends(diseases.found(subject=KIND, predicate="subclass_of")) == {
        (KIND, False, DISEASE, None),
        (DISEASE, False, PARENT, "classes_of_classes"),
    }
    assert ends(diseases.found(object=PARENT, predicate="subclass_of")) == {
        (DISEASE, False, PARENT, None),
        (KIND, False, DISEASE, "kinds_of_kinds"),
    }
    assert ends(diseases.found(subject=KIND, predicate="subclass_of", object=PARENT)) == {
        (DISEASE, False, PARENT, "classes_of_classes"),
        (KIND, False, DISEASE, "kinds_of_kinds"),
    }


def test_a_part_of_a_part_is_a_part() -> None:
    world = World().has("UBERON:1", "UBERON:2", "UBERON:3", category="anatomical_structure")
    world.states("UBERON:1", "part_of", "UBERON:2")
    world.states("UBERON:2", "part_of", "UBERON:3")
    assert ("UBERON:2", False, "UBERON:3", "parts_of_wholes") in ends(
        world.found(subject="UBERON:1", predicate="part_of")
    )
    assert ("UBERON:1", False, "UBERON:2", "parts_of_parts") in ends(
        world.found(object="UBERON:3", predicate="part_of")
    )


def test_graft_versus_host_disease_never_reaches_autologous_transplantation(transplants: World) -> None:
    stated = transplants.states(HSCT, "has_adverse_event", ACUTE)
    assert ends(transplants.found(subject=ALLO, predicate="has_adverse_event")) == {
        (HSCT, False, ACUTE, "therapy_class")
    }
    found = transplants.found(subject=AUTO, predicate="has_adverse_event")
    assert len(found) == 0
    records = transplants.index.records
    assert [(records.association_id(each.row), each.rule, each.block) for each in found.closure.blocked] == [
        (stated, "therapy_class", "donor_type")
    ]


def test_what_is_stated_for_one_donor_type_does_not_reach_the_other(transplants: World) -> None:
    transplants.has("HP:0000001", category="risk_or_adverse_outcome")
    transplants.states(HSCT, "has_adverse_event", "HP:0000001", qualifiers={"donor_type": "allogeneic"})
    assert len(transplants.found(subject=AUTO, predicate="has_adverse_event")) == 0
    assert len(transplants.found(subject=ALLO, predicate="has_adverse_event")) == 1


def test_a_product_tells_its_donor_type_by_what_it_is_made_of(transplants: World) -> None:
    transplants.has("STEMGRAPH:own-cells", "STEMGRAPH:cells", category="therapy").has(
        HSC, category="cell_type"
    )
    for product in ("STEMGRAPH:own-cells", "STEMGRAPH:cells"):
        transplants.is_a(product, HSCT, source="curated")
    transplants.states("STEMGRAPH:own-cells", "uses_cell_type", HSC, qualifiers={"donor_type": "autologous"})
    transplants.states(HSCT, "has_adverse_event", GVHD)
    assert len(transplants.found(subject="STEMGRAPH:own-cells", predicate="has_adverse_event")) == 0
    assert len(transplants.found(subject="STEMGRAPH:cells", predicate="has_adverse_event")) == 1


def test_a_denial_of_the_particular_holds_up_the_general_and_is_shown(diseases: World) -> None:
    diseases.has("HP:0000001", category="risk_or_adverse_outcome")
    stated = diseases.states(CLASS, "has_adverse_event", "HP:0000001")
    denial = diseases.states(THERAPY, "has_adverse_event", "HP:0000001", negated=True)
    assert ends(diseases.found(subject=THERAPY, predicate="has_adverse_event")) == {
        (THERAPY, True, "HP:0000001", None)
    }
    below = diseases.found(subject=VARIANT, predicate="has_adverse_event")
    assert ends(below) == {(THERAPY, True, "HP:0000001", "therapy_class")}
    records = diseases.index.records
    assert below.closure.blocked == (
        Blocked(
            int(records.association_row(stated) or 0),
            "therapy_class",
            "negated",
            records.association_row(denial),
        ),
    )


def test_a_denial_for_a_general_outcome_covers_its_kinds_and_not_the_reverse(transplants: World) -> None:
    transplants.has("STEMGRAPH:x", "STEMGRAPH:y", category="therapy")
    transplants.is_a("STEMGRAPH:x", HSCT)
    transplants.is_a("STEMGRAPH:y", HSCT)
    transplants.states(HSCT, "has_adverse_event", ACUTE)
    transplants.states(HSCT, "has_adverse_event", GVHD)
    transplants.states("STEMGRAPH:x", "has_adverse_event", GVHD, negated=True)
    transplants.states("STEMGRAPH:y", "has_adverse_event", ACUTE, negated=True)
    positive = {"negated": False, "predicate": "has_adverse_event"}
    assert ends(transplants.found(subject="STEMGRAPH:x", **positive)) == set()
    assert ends(transplants.found(subject="STEMGRAPH:y", **positive)) == {
        (HSCT, False, GVHD, "therapy_class")
    }


def test_a_denial_is_inherited_as_a_denial(diseases: World) -> None:
    diseases.states(THERAPY, "treats", PARENT, negated=True)
    assert ends(diseases.found(object=KIND, predicate="treats")) == {
        (THERAPY, True, PARENT, "disease_parent")
    }


def test_a_reported_or_denied_step_is_not_walked(diseases: World) -> None:
    diseases.has("MONDO:0000014", "MONDO:0000015")
    diseases.states(
        "MONDO:0000014", "subclass_of", PARENT, status="reported", qualifiers={"hedge": "implied"}
    )
    diseases.states("MONDO:0000015", "subclass_of", PARENT, negated=True)
    for curie in ("MONDO:0000014", "MONDO:0000015"):
        diseases.states(THERAPY, "treats", curie)
    assert len(diseases.found(object=PARENT, predicate="treats")) == 0


def test_a_hedge_is_said_where_the_statement_is_inherited(diseases: World) -> None:
    diseases.states(THERAPY, "studied_to_treat", KIND, qualifiers={"hedge": "promising"}, status="reported")
    (found,) = diseases.found(object=PARENT, predicate="studied_to_treat")
    assert found.inherited is not None
    assert found.inherited.hedge == "promising"
    assert "The statement itself is promising." in found.why


@pytest.fixture
def grouped(diseases: World) -> World:
    """A disease that only a grouping of this project puts under the parent."""
    diseases.has("MONDO:0000020", "MONDO:0000021").is_a("MONDO:0000021", "MONDO:0000020")
    diseases.has("STEMGRAPH:grouping", groups=("MONDO:0000020", KIND), under=PARENT)
    diseases.states(THERAPY, "treats", "MONDO:0000021")
    diseases.states(THERAPY, "treats", KIND)
    return diseases


def test_groupings_are_used_only_when_asked_for_and_named_in_the_path(grouped: World) -> None:
    assert {each.object.id for each in grouped.found(object=PARENT, predicate="treats")} == {KIND}
    found = {
        each.object.id: each for each in grouped.found(object=PARENT, predicate="treats", groupings=True)
    }
    assert set(found) == {KIND, "MONDO:0000021"}
    inherited = found["MONDO:0000021"].inherited
    assert inherited is not None
    assert [(step.relation, step.object.id, step.ontology, step.version) for step in inherited.path] == [
        ("subclass_of", "MONDO:0000020", "mondo", "v1"),
        ("grouped_under", "STEMGRAPH:grouping", "groupings", "7"),
        ("grouped_under", PARENT, "groupings", "7"),
    ]


def test_a_way_within_the_ontology_is_preferred_to_a_shorter_one_over_a_grouping(grouped: World) -> None:
    found = {
        each.object.id: each for each in grouped.found(object=PARENT, predicate="treats", groupings=True)
    }
    inherited = found[KIND].inherited
    assert inherited is not None
    assert {step.ontology for step in inherited.path} == {"mondo"}


def test_direct_statements_come_first_and_pages_cover_everything_once(diseases: World) -> None:
    for therapy in (CLASS, THERAPY, VARIANT):
        diseases.states(therapy, "treats", KIND)
        diseases.states(therapy, "treats", PARENT)
    everything = [
        (each.id, each.inherited is None) for each in diseases.found(object=PARENT, predicate="treats")
    ]
    assert [direct for _, direct in everything] == [True] * 3 + [False] * 3
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = diseases.found(object=PARENT, predicate="treats", limit=2, cursor=cursor)
        assert [each.id for each in page] == [record["id"] for record in page.to_record()["items"]]
        seen += [each.id for each in page]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [identifier for identifier, _ in everything]


def test_filters_hold_for_what_is_inherited(diseases: World) -> None:
    diseases.states(THERAPY, "treats", KIND, qualifiers={"jurisdiction": "US"})
    diseases.states(VARIANT, "treats", KIND, qualifiers={"jurisdiction": "EU"})
    assert {
        each.subject.id for each in diseases.found(object=PARENT, jurisdiction="EU", predicate="treats")
    } == {VARIANT}
    assert {
        each.subject.id for each in diseases.found(object=PARENT, category="disease", predicate="treats")
    } == set()
    assert len(diseases.found(object=PARENT, category="therapy", predicate="treats")) == 2


def test_without_an_entity_to_ask_for_everything_is_direct(diseases: World) -> None:
    diseases.states(THERAPY, "treats", KIND)
    assert ends(diseases.found(predicate="treats")) == {(THERAPY, False, KIND, None)}


def test_the_end_of_the_time_budget_is_told(diseases: World) -> None:
    diseases.states(THERAPY, "treats", KIND)
    found = diseases.found(object=PARENT, budget_ms=0)
    assert not found.complete
    assert "time budget" in found.to_record()["reason"]


def test_a_retracted_denial_holds_nothing_up_and_a_retracted_step_is_not_walked(diseases: World) -> None:
    diseases.has("HP:0000001", category="risk_or_adverse_outcome").has("MONDO:0000016")
    diseases.states(CLASS, "has_adverse_event", "HP:0000001")
    diseases.states(THERAPY, "has_adverse_event", "HP:0000001", negated=True, status="evidence_retracted")
    assert (CLASS, False, "HP:0000001", "therapy_class") in ends(
        diseases.found(subject=VARIANT, predicate="has_adverse_event")
    )
    diseases = World().has(DISEASE, PARENT).has(THERAPY, category="therapy")
    diseases.states(DISEASE, "subclass_of", PARENT, status="evidence_retracted")
    diseases.states(THERAPY, "treats", DISEASE)
    assert len(diseases.found(object=PARENT, predicate="treats")) == 0


def test_what_lost_its_evidence_decides_no_question(diseases: World) -> None:
    diseases.states(THERAPY, "treats", DISEASE, status="evidence_retracted")
    found = diseases.found(subject=THERAPY, predicate="treats", object=DISEASE)
    assert len(found) == 1
    assert judge(found.closure) == ("not stated", None)
    assert not list(every_inference(diseases.index))
