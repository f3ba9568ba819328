"""Associations are filtered by integer columns, paged by cursors and read as bytes or values."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.graph import (
    Association,
    AssociationQuery,
    BadRequestError,
    CursorError,
    KnowledgeGraph,
    MalformedIdentifierError,
    UnknownCategoryError,
    UnknownIdentifierError,
    UnknownPredicateError,
)

MS, RELAPSING, TRANSPLANT = "MONDO:0005301", "MONDO:0005314", "STEMGRAPH:autologous-hsct"
ENDS = st.sampled_from(
    [None, None, MS, RELAPSING, TRANSPLANT, "MONDO:0013730", "CL:0000084", "STEMGRAPH:casgevy"]
)
QUERIES = st.builds(
    AssociationQuery,
    subject=ENDS,
    object=ENDS,
    entity=ENDS,
    predicate=st.sampled_from([None, "treats", "subclass_of", ("treats", "has_adverse_event"), "diagnoses"]),
    category=st.sampled_from([None, "disease", "therapy", "cell_type", "gene"]),
    status=st.sampled_from([None, None, "established", "approved", "withdrawn"]),
    source=st.sampled_from([None, None, "curated", "mondo", "cl"]),
    negated=st.sampled_from([None, True, False]),
    jurisdiction=st.sampled_from([None, None, "US", "EU", "JP"]),
    donor_type=st.sampled_from([None, None, "autologous", "allogeneic"]),
)


def naively_matches(association: Association, query: AssociationQuery) -> bool:
    """The filter in words, on decoded associations."""
    subject, object_ = association.subject, association.object
    ends = (subject.id, object_.id)
    if query.entity is not None:
        others = [object_] if subject.id == query.entity else [subject]
    elif (query.subject is None) == (query.object is None):
        others = [subject, object_]
    else:
        others = [object_] if query.subject is not None else [subject]

    def holds(name: str) -> bool:
        wanted, value = getattr(query, name), association.qualifiers.get(name, [])
        return wanted is None or wanted in (value if isinstance(value, list) else [value])

    return (
        query.subject in (None, subject.id)
        and query.object in (None, object_.id)
        and (query.entity is None or query.entity in ends)
        and (not query.predicates or association.predicate in query.predicates)
        and (query.category is None or any(query.category in each.categories for each in others))
        and query.status in (None, association.status)
        and query.source in (None, association.source)
        and query.negated in (None, association.negated)
        and holds("jurisdiction")
        and holds("donor_type")
    )


@given(query=QUERIES)
def test_a_filter_finds_what_a_look_at_every_association_finds(
    small_graph: KnowledgeGraph, query: AssociationQuery
) -> None:
    expected = [each.id for each in small_graph.records.associations() if naively_matches(each, query)]
    assert [each.id for each in small_graph.associations(query).all()] == expected


@given(query=QUERIES, limit=st.integers(1, 7))
def test_turning_pages_yields_each_association_once(
    small_graph: KnowledgeGraph, query: AssociationQuery, limit: int
) -> None:
    expected = [each.id for each in small_graph.associations(query).all()]
    seen: list[str] = []
    page = small_graph.associations(query, limit=limit)
    while True:
        assert page.total == len(expected)
        assert len(page) <= limit
        seen += [each.id for each in page]
        if page.next_cursor is None:
            break
        page = small_graph.associations(query, limit=limit, cursor=page.next_cursor)
    assert seen == expected


def test_the_bytes_of_a_page_are_its_record(small_graph: KnowledgeGraph) -> None:
    for page in (
        small_graph.associations(limit=3),
        small_graph.associations(entity=MS),
        small_graph.associations(status="withdrawn"),
    ):
        assert orjson.loads(page.bytes()) == page.to_record()
        assert list(json.loads(page.bytes())) == ["items", "total", "next_cursor"]


def test_a_page_is_a_sequence(small_graph: KnowledgeGraph) -> None:
    page = small_graph.associations(entity=MS)
    assert len(page) == page.total == 4
    assert page[0] == next(iter(page))
    assert page[1:3] == list(page)[1:3]
    assert page[-1] in page


def test_an_entity_has_its_associations_in_both_directions(small_graph: KnowledgeGraph) -> None:
    page = small_graph.associations(entity=MS)
    assert {each.subject.id == MS for each in page} == {True, False}


def test_an_iri_or_another_spelling_of_a_prefix_will_do(small_graph: KnowledgeGraph) -> None:
    by_iri = small_graph.associations(entity="http://purl.obolibrary.org/obo/MONDO_0005301")
    assert by_iri.bytes() == small_graph.associations(entity=MS).bytes()
    assert small_graph.associations(entity="mondo:0005301").bytes() == by_iri.bytes()


def test_no_limit_gives_all_on_one_page(small_graph: KnowledgeGraph) -> None:
    page = small_graph.associations(limit=None)
    assert len(page) == page.total == small_graph.records.association_count
    assert page.next_cursor is None


def test_a_negated_association_is_told_from_one_that_is_not_stated(small_graph: KnowledgeGraph) -> None:
    negated = small_graph.associations(subject=TRANSPLANT, predicate="treats", negated=True)
    assert [each.object.id for each in negated] == [MS]
    assert small_graph.associations(subject=TRANSPLANT, object="MONDO:0011382").total == 0


@pytest.mark.parametrize(
    ("filters", "error", "words"),
    [
        ({"predicate": "treat"}, UnknownPredicateError, "did you mean treats"),
        ({"predicate": ("treats", "heals")}, UnknownPredicateError, "'heals' is not a predicate"),
        ({"category": "diseases"}, UnknownCategoryError, "did you mean disease"),
        ({"status": "aproved"}, BadRequestError, "did you mean approved"),
        ({"source": "curatd"}, BadRequestError, "did you mean curated"),
        ({"jurisdiction": "Narnia"}, BadRequestError, "use one of"),
        ({"donor_type": "autologus"}, BadRequestError, "did you mean autologous"),
        ({"limit": 0}, BadRequestError, "from 1 to 200"),
        ({"limit": 201}, BadRequestError, "from 1 to 200"),
        ({"cursor": "???"}, CursorError, "garbled"),
        ({"entity": "not a curie"}, MalformedIdentifierError, "not a CURIE"),
        ({"subject": "MONDO:0005302"}, UnknownIdentifierError, "did you mean MONDO:0005301"),
    ],
)
def test_a_bad_filter_is_refused_with_a_mend(
    small_graph: KnowledgeGraph, filters: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        small_graph.associations(**filters)  # type: ignore[arg-type]


def test_a_cursor_is_refused_by_another_query(small_graph: KnowledgeGraph) -> None:
    cursor = small_graph.associations(limit=2).next_cursor
    with pytest.raises(CursorError, match="another query"):
        small_graph.associations(entity=MS, cursor=cursor)


def test_a_page_may_change_its_size_on_the_way(small_graph: KnowledgeGraph) -> None:
    first = small_graph.associations(limit=2)
    rest = small_graph.associations(limit=200, cursor=first.next_cursor)
    assert [*first, *rest] == list(small_graph.associations(limit=200))


def test_a_page_becomes_a_graph_without_its_negated_associations(small_graph: KnowledgeGraph) -> None:
    graph = small_graph.associations(entity=MS).to_networkx()
    assert graph.number_of_edges() == 3
    graph.add_edge("a", "b")


def test_a_page_becomes_rdf_that_makes_the_same_associations(small_graph: KnowledgeGraph) -> None:
    page = small_graph.associations(entity=MS)
    with KnowledgeGraph.memory(page.to_rdf()) as copy:
        assert {each.id: each for each in copy.associations()} == {each.id: each for each in page}


def test_a_page_becomes_a_data_frame(small_graph: KnowledgeGraph) -> None:
    page = small_graph.associations(entity=MS)
    assert list(page.to_pandas()["id"]) == [each.id for each in page]
    assert page.to_polars()["id"].to_list() == [each.id for each in page]


def test_a_notebook_shows_a_page_as_a_table(small_graph: KnowledgeGraph) -> None:
    assert "<table>" in small_graph.associations(entity=MS)._repr_html_()
