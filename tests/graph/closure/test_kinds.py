"""What is stated of the kinds of an entity stands beside its own page: what closure finds below it."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from tests.graph.closure.small_world import VERSIONS, World
from tests.graph.closure.test_closure_properties import ANY_WORLD, ENTITIES, worlds

from stemgraph.graph import AssociationQuery, Associations, KnowledgeGraph
from stemgraph.graph.association_query import Filters
from stemgraph.graph.kind_associations import MOST_SHOWN, KindAssociations
from stemgraph.graph.kinds import MOST_STATEMENTS, Kinds
from stemgraph.ontology.closure_rules import closure_rules

SCLEROSIS, RELAPSING, DISEASE, TRANSPLANT = (
    "MONDO:0005301",
    "MONDO:0005314",
    "MONDO:0000001",
    "STEMGRAPH:autologous-hsct",
)
RULES = closure_rules()
FROM_BELOW = {each.name for each in RULES.rules if each.direction == "upward" and not each.transitive}


def below(graph: KnowledgeGraph, entity: str, **filters: object) -> dict[str, tuple[str, int]]:
    """What closure finds of the kinds of an entity: rule and number of steps by association."""
    found = graph.associations(AssociationQuery(entity=entity, closure=True, limit=None, **filters))  # type: ignore[arg-type]
    return {
        each.id: (each.inherited.rule, len(each.inherited.path))
        for each in found.all()
        if each.inherited is not None and each.inherited.rule in FROM_BELOW
    }


def of_kinds(page: Associations) -> KindAssociations:
    assert page.of_kinds is not None
    return page.of_kinds


@ANY_WORLD
@given(worlds())
def test_on_any_graph_it_is_what_closure_finds_below(world: World) -> None:
    records = world.index.records
    kinds = Kinds(records, VERSIONS)
    for entity in ENTITIES:
        query = AssociationQuery(entity=entity, limit=None).checked(records.names)
        found = KindAssociations(records, kinds, query)
        expected = {
            each.id: (each.inherited.rule, len(each.inherited.path), each.negated)
            for each in world.found(entity=entity)
            if each.inherited is not None and each.inherited.rule in FROM_BELOW
        }
        shown = {
            each.id: (each.inherited.rule, len(each.inherited.path), each.negated)
            for each in found
            if each.inherited is not None
        }
        assert shown == expected
        assert (found.total, found.complete, found.has_more) == (len(expected), True, False)


def test_what_treats_a_kind_of_multiple_sclerosis_is_told_with_its_way(bundled: KnowledgeGraph) -> None:
    first = of_kinds(bundled.associations(entity=SCLEROSIS))[0]
    assert (first.subject.id, first.predicate, first.object.id) == (TRANSPLANT, "treats", RELAPSING)
    assert first.qualifiers
    assert first.evidence
    assert first.inherited is not None
    assert first.inherited.entity.id == SCLEROSIS
    assert first.inherited.rule == "disease_kinds"
    step = first.inherited.path[0]
    assert (step.subject.id, step.relation, step.object.id) == (RELAPSING, "subclass_of", SCLEROSIS)
    assert step.association is not None
    assert (step.ontology, bool(step.version)) == ("mondo", True)


@pytest.mark.parametrize(
    "entity",
    [SCLEROSIS, DISEASE, "MONDO:0021094", "CL:0000000", "MAXO:0000747", TRANSPLANT, "UBERON:0002371"],
)
def test_it_is_what_closure_finds_below(bundled: KnowledgeGraph, entity: str) -> None:
    found = of_kinds(bundled.associations(entity=entity))
    expected = below(bundled, entity)
    assert found.total == len(expected)
    assert len(found) == min(found.total, MOST_SHOWN)
    for each in found:
        assert each.inherited is not None
        assert expected[each.id] == (each.inherited.rule, len(each.inherited.path))
        assert each.inherited.path[-1].object.id == entity
        assert each.inherited.path[0].subject.id in (each.subject.id, each.object.id)


@pytest.mark.parametrize(
    "filters",
    [
        {"predicate": "treats"},
        {"predicate": ("recommended_for", "has_causal_gene")},
        {"category": "gene"},
        {"category": "therapy", "negated": False},
        {"negated": True},
        {"status": "approved"},
        {"jurisdiction": "EU"},
        {"donor_type": "allogeneic"},
        {"source": "article"},
    ],
)
def test_the_filters_hold_of_it_too(bundled: KnowledgeGraph, filters: Filters) -> None:
    found = of_kinds(bundled.associations(entity=DISEASE, **filters))
    assert found.total == len(below(bundled, DISEASE, **filters))
    assert {each.id for each in found} <= below(bundled, DISEASE, **filters).keys()


def test_what_claims_most_comes_first_and_then_what_is_nearest(bundled: KnowledgeGraph) -> None:
    found = of_kinds(bundled.associations(entity="MONDO:0021094", limit=200))
    places = [
        (-RULES.strengths.get(each.predicate, 0), len(each.inherited.path))
        for each in found
        if each.inherited is not None
    ]
    assert places == sorted(places)
    assert found[0].predicate == "treats"
    assert found[:2] == [found[0], found[1]]


def test_a_small_page_shows_few_of_them(bundled: KnowledgeGraph) -> None:
    found = of_kinds(bundled.associations(entity=DISEASE, limit=3))
    assert (len(found), found.has_more) == (3, True)
    whole = bundled.associations(found.query, limit=None)
    assert {each.id for each in found} <= {each.id for each in whole.all()}


def test_nothing_is_stated_of_kinds_that_are_not_there(bundled: KnowledgeGraph) -> None:
    found = of_kinds(bundled.associations(entity="CL:0000037", predicate="treats"))
    assert (list(found), found.total, found.has_more) == ([], 0, False)
    assert found.to_record() == {"items": [], "total": 0, "complete": True, "reason": None}


def test_only_the_page_of_one_entity_has_it(bundled: KnowledgeGraph) -> None:
    assert bundled.associations(entity=SCLEROSIS, closure=True).of_kinds is None
    assert bundled.associations(object=SCLEROSIS).of_kinds is None
    assert bundled.associations().of_kinds is None


def test_its_bytes_are_its_record(bundled: KnowledgeGraph) -> None:
    import orjson

    for entity in (SCLEROSIS, "MONDO:0005147"):
        found = of_kinds(bundled.associations(entity=entity))
        record = orjson.loads(found.to_json(more="?closure=true"))
        assert record.pop("more") == "?closure=true"
        assert record == found.to_record()


def test_more_than_can_be_looked_at_is_told() -> None:
    world = World().has("MONDO:0000001", "MONDO:0000002").has(TRANSPLANT, category="therapy")
    world.is_a("MONDO:0000002", "MONDO:0000001")
    for number in range(MOST_STATEMENTS + 1):
        world.states(TRANSPLANT, "treats", "MONDO:0000002", qualifiers={"population": f"population {number}"})
    records = world.index.records
    query = AssociationQuery(entity="MONDO:0000001").checked(records.names)
    found = KindAssociations(records, Kinds(records, VERSIONS), query)
    assert (found.total, found.complete, found.has_more) == (MOST_STATEMENTS, False, True)
    assert found.reason == "only 2,000 statements of the nearest kinds were looked at"


def test_the_kinds_of_all_diseases_take_milliseconds(bundled: KnowledgeGraph) -> None:
    bundled.associations(entity=SCLEROSIS).of_kinds  # noqa: B018  # the map of the hierarchy is drawn once
    took = []
    for entity in (DISEASE, "MONDO:0700096", "MAXO:0000001", "CL:0000000"):
        begun = perf_counter()
        of_kinds(bundled.associations(entity=entity)).to_json()
        took.append(perf_counter() - begun)
    assert min(took) < 0.05
    assert max(took) < 1
