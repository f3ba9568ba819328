"""What is inherited, exported as RDF in a graph of its own."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from stemgraph.graph import AssociationQuery, KnowledgeGraph
from stemgraph.graph.errors import BadRequestError
from stemgraph.ontology.identifiers import PREFIXES, expand

INFERRED = ox.NamedNode(PREFIXES["sgg"] + "inferred")
DERIVED = ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
RULE = ox.NamedNode(PREFIXES["sgv"] + "rule")


def exported(
    graph: KnowledgeGraph, name: str = "nquads", *, query: AssociationQuery | None = None
) -> ox.Store:
    """The export read back into a store."""
    stream = io.BytesIO()
    graph.export(name, stream, query=query, inferred=True)
    store = ox.Store()
    formats = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}
    store.bulk_load(stream.getvalue(), formats[name])
    return store


def triple(subject: str, predicate: str, object_: str) -> tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]:
    return ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate)), ox.NamedNode(expand(object_))


@pytest.fixture(scope="module")
def whole(bundled: KnowledgeGraph) -> ox.Store:
    return exported(bundled)


def test_an_inferred_triple_is_in_its_own_graph_and_in_no_other(whole: ox.Store) -> None:
    found = list(
        whole.quads_for_pattern(*triple("STEMGRAPH:strimvelis", "sgv:treats", "MONDO:0015974"), None)
    )
    assert [quad.graph_name for quad in found] == [INFERRED]


def test_each_says_by_which_rule_and_from_which_associations_it_was_derived(
    whole: ox.Store, bundled: KnowledgeGraph
) -> None:
    subject, predicate, object_ = triple("STEMGRAPH:strimvelis", "sgv:treats", "MONDO:0015974")
    query = (
        f"SELECT ?rule ?source {{ GRAPH ?g {{ ?n rdf:subject {subject} ; rdf:predicate {predicate} ; "
        f"rdf:object {object_} ; <{RULE.value}> ?rule ; <{DERIVED.value}> ?source }} }}"
    )
    rows = [(row["rule"].value, row["source"].value) for row in whole.query(query, prefixes=PREFIXES)]  # type: ignore[union-attr]
    assert {rule for rule, _ in rows} == {"disease_kinds"}
    assert {bundled.association(source).predicate for _, source in rows} == {"treats", "subclass_of"}


def test_a_negated_statement_gives_no_inferred_triple(whole: ox.Store) -> None:
    found = whole.quads_for_pattern(*triple("UNII:XD66YK3YY3", "sgv:treats", "MONDO:0010315"), INFERRED)
    assert not list(found)
    gvhd = ("STEMGRAPH:autologous-hsct", "sgv:has_adverse_event", "MONDO:0013730")
    assert not list(whole.quads_for_pattern(*triple(*gvhd), None))


def test_groupings_are_not_mixed_in(whole: ox.Store) -> None:
    mixed = triple("MAXO:0001479", "sgv:treats", "MONDO:0021094")
    sources = {
        quad.object.value
        for quad in whole.quads_for_pattern(None, DERIVED, None, INFERRED)
        if "iuis" in str(quad.object)
    }
    assert not sources
    assert list(whole.quads_for_pattern(*mixed, INFERRED))


def test_without_the_wish_nothing_inferred_is_written(bundled: KnowledgeGraph) -> None:
    stream = io.BytesIO()
    bundled.export("nquads", stream, query=AssociationQuery(object="MONDO:0015974"))
    assert INFERRED.value.encode() not in stream.getvalue()


@pytest.mark.parametrize("name", ["nquads", "trig", "jsonld"])
def test_a_question_about_an_entity_exports_what_answers_for_it(bundled: KnowledgeGraph, name: str) -> None:
    query = AssociationQuery(object="MONDO:0021094", predicate="treats", negated=False)
    store = exported(bundled, name, query=query)
    expected = bundled.associations(query, closure=True, limit=None)
    treats = ox.NamedNode(expand("sgv:treats"))
    inferred = {quad.subject.value for quad in store.quads_for_pattern(None, treats, None, INFERRED)}
    assert inferred == {expand(each.subject.id) for each in expected if each.inherited is not None}


def test_a_choice_of_statements_exports_everything_that_follows_from_them(bundled: KnowledgeGraph) -> None:
    store = exported(bundled, query=AssociationQuery(predicate="diagnoses"))
    diagnoses = ox.NamedNode(expand("sgv:diagnoses"))
    predicates = {
        quad.object
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand("rdf:predicate")), None, INFERRED)
    }
    assert predicates == {diagnoses}
    assert len(list(store.quads_for_pattern(None, diagnoses, None, INFERRED))) > 20


def test_formats_without_graphs_or_triples_refuse_it(bundled: KnowledgeGraph) -> None:
    with pytest.raises(BadRequestError, match="no place for what is inferred"):
        bundled.export("csv", io.BytesIO(), inferred=True)


def test_reading_the_export_again_takes_nothing_inferred_for_stated(
    bundled: KnowledgeGraph, tmp_path: Path
) -> None:
    query = AssociationQuery(object="MONDO:0010518", predicate="treats")
    stream = io.BytesIO()
    bundled.export("trig", stream, query=query, inferred=True)
    path = tmp_path / "part.trig"
    path.write_bytes(stream.getvalue())
    with KnowledgeGraph.memory(path) as again:
        found = again.associations(limit=None)
        assert {each.source for each in found} == {"curated"}
        assert {each.object.id for each in found} >= {"MONDO:0010518"}
