import pytest

from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError
from stemgraph.graph.model import Association, EntityReference
from stemgraph.graph.neighborhood import EDGES_PER_NODE, neighborhood
from stemgraph.graph.view import GraphView
from stemgraph.graph.view_columns import ViewColumns


def disease(number: int) -> EntityReference:
    return EntityReference(f"MONDO:{number:07d}", f"disease {number}", ("disease",))


HSCT = EntityReference("STEMGRAPH:autologous-hsct", "autologous HSCT", ("therapy",))


def graph_of(*rows: tuple[EntityReference, str, EntityReference, str]) -> GraphView:
    associations = [
        Association(
            id=f"sga:{number:024x}",
            subject=subject,
            predicate=predicate,
            object=target,
            negated=predicate == "recommended_for",
            qualifiers={},
            status="reported",
            evidence=(),
            source=source,
        )
        for number, (subject, predicate, target, source) in enumerate(rows)
    ]
    return GraphView.from_columns(ViewColumns.from_associations(associations))


@pytest.fixture
def view() -> GraphView:
    """Disease 1 has nine subclasses and a therapy, which treats disease 20 and is not recommended for 30."""
    return graph_of(
        *[(disease(number), "subclass_of", disease(1), "mondo") for number in range(2, 11)],
        (HSCT, "treats", disease(1), "curated"),
        (HSCT, "treats", disease(20), "curated"),
        (HSCT, "recommended_for", disease(30), "curated"),
        (disease(20), "subclass_of", disease(21), "mondo"),
    )


def test_the_centre_comes_first_and_the_curated_before_the_backbone(view):
    found = neighborhood(view, disease(1).id)
    assert [each.entity.id for each in found.nodes][:2] == [disease(1).id, HSCT.id]
    assert [each.distance for each in found.nodes] == [0] + [1] * 10
    assert found.edges[0].predicate == "treats"
    assert not found.truncated


def test_a_limit_keeps_what_is_curated_and_says_that_more_exists(view):
    found = neighborhood(view, disease(1).id, limit=2)
    assert [each.entity.id for each in found.nodes] == [disease(1).id, HSCT.id]
    assert [each.subject for each in found.edges] == [HSCT.id]
    assert found.truncated


def test_depth_two_reaches_what_the_neighbors_touch(view):
    found = neighborhood(view, disease(1).id, depth=2)
    assert {each.entity.id: each.distance for each in found.nodes}[disease(20).id] == 2
    assert disease(21).id not in {each.entity.id for each in found.nodes}


def test_a_negated_association_is_not_in_the_picture(view):
    found = neighborhood(view, HSCT.id, depth=2)
    assert disease(30).id not in {each.entity.id for each in found.nodes}


def test_edges_among_the_neighbors_are_shown():
    triangle = graph_of(
        (disease(1), "subclass_of", disease(2), "mondo"),
        (disease(1), "subclass_of", disease(3), "mondo"),
        (disease(2), "subclass_of", disease(3), "mondo"),
    )
    assert len(neighborhood(triangle, disease(1).id).edges) == 3


def test_what_is_connected_more_often_comes_first():
    view = graph_of(
        (HSCT, "treats", disease(1), "curated"),
        (HSCT, "treats", disease(2), "curated"),
        (HSCT, "studied_to_treat", disease(2), "curated"),
    )
    assert [each.entity.id for each in neighborhood(view, HSCT.id).nodes][1:] == [
        disease(2).id,
        disease(1).id,
    ]


def test_too_many_edges_are_cut_and_said_to_be():
    view = graph_of(*[(HSCT, "treats", disease(1), "curated") for _ in range(3 * EDGES_PER_NODE)])
    found = neighborhood(view, HSCT.id, limit=2)
    assert len(found.edges) == 2 * EDGES_PER_NODE
    assert found.truncated


def test_a_neighborhood_has_one_json_shape(view):
    record = neighborhood(view, disease(20).id).to_record()
    assert record["truncated"] is False
    assert record["nodes"][0] == {
        "id": disease(20).id,
        "label": "disease 20",
        "categories": ["disease"],
        "distance": 0,
    }
    assert set(record["edges"][0]) == {
        "id",
        "subject",
        "predicate",
        "biolink_predicate",
        "object",
        "status",
        "source",
    }


def test_an_unknown_entity_is_refused(view):
    with pytest.raises(UnknownIdentifierError, match="MONDO:9999999"):
        neighborhood(view, "MONDO:9999999")


@pytest.mark.parametrize(("name", "value"), [("depth", 0), ("depth", 6), ("limit", 0)])
def test_a_number_out_of_range_is_refused_by_name(view, name, value):
    with pytest.raises(BadRequestError) as refusal:
        neighborhood(view, disease(1).id, **{name: value})
    assert refusal.value.place == name
