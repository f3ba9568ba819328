"""The vocabulary at run time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stemgraph.ontology.builder.evidence import EVIDENCE_CODES
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identifiers import PREFIXES, expand
from stemgraph.ontology.vocabulary import (
    categories,
    category_by_iri,
    enumeration,
    enumeration_terms,
    enumerations,
    predicate_by_iri,
    predicates,
    qualifiers,
)


def test_a_category_knows_its_iri_its_biolink_classes_and_its_prefixes() -> None:
    therapy = categories()["therapy"]

    assert therapy.iri == "https://w3id.org/stemgraph/vocab/Therapy"
    assert therapy.biolink_classes == ("biolink:Treatment", "biolink:Procedure")
    assert therapy.id_prefixes[0] == "MAXO"


def test_a_narrower_biolink_class_is_not_claimed_for_all_members() -> None:
    assert categories()["drug"].biolink_classes == ("biolink:Drug",)


def test_a_predicate_knows_its_ends_its_inverse_and_its_place_in_the_ladder() -> None:
    treats = predicates()["treats"]

    assert treats.domain == {"therapy", "biologic_product", "drug"}
    assert treats.range == {"disease", "risk_or_adverse_outcome"}
    assert (treats.inverse, treats.parent) == ("treated_by", "treats_or_applied_or_studied_to_treat")
    assert (treats.biolink_predicate, treats.biolink_mapping) == ("biolink:treats", "exact")


def test_a_predicate_with_ends_of_any_category_has_empty_ones() -> None:
    assert predicates()["causes"].domain == predicates()["causes"].range == frozenset()


def test_a_predicate_narrower_than_its_biolink_one_maps_broadly() -> None:
    approved_by = predicates()["approved_by"]

    assert (approved_by.biolink_predicate, approved_by.biolink_mapping) == ("biolink:related_to", "broad")


def test_subclass_of_is_the_property_of_rdfs() -> None:
    subclass_of = predicates()["subclass_of"]

    assert subclass_of.iri == expand("rdfs:subClassOf")
    assert subclass_of.transitive
    assert predicate_by_iri(subclass_of.iri) is subclass_of


def test_categories_and_predicates_are_found_by_iri_and_strangers_are_not() -> None:
    assert all(category_by_iri(each.iri) is each for each in categories().values())
    assert all(predicate_by_iri(each.iri) is each for each in predicates().values())
    assert category_by_iri("https://w3id.org/stemgraph/vocab/treats") is None
    assert predicate_by_iri("https://w3id.org/stemgraph/vocab/treated_by") is None


def test_ends_and_key_qualifiers_are_names_of_the_vocabulary() -> None:
    for predicate in predicates().values():
        assert predicate.domain | predicate.range <= set(categories())
        assert set(predicate.key_qualifiers) <= set(qualifiers()), predicate.name


def test_prefixes_are_those_of_the_prefix_map() -> None:
    used = {prefix for category in categories().values() for prefix in category.id_prefixes}
    used |= {
        each.ontology_property.partition(":")[0] for each in predicates().values() if each.ontology_property
    }

    assert used <= set(PREFIXES)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("donor_type", "enumeration"),
        ("as_of", "partial_date"),
        ("frequency", "frequency"),
        ("boxed_warning", "boolean"),
        ("trial", "entity"),
        ("population", "text"),
    ],
)
def test_a_qualifier_knows_its_kind(name: str, kind: str) -> None:
    assert qualifiers()[name].kind == kind


def test_a_closed_qualifier_lists_the_values_of_its_enumeration() -> None:
    for qualifier in qualifiers().values():
        closed = qualifier.kind == "enumeration"
        assert bool(qualifier.values) == closed
        assert (qualifier.enumeration is not None) == closed
        if qualifier.enumeration is not None:
            assert qualifier.values == tuple(enumeration(qualifier.enumeration))


def test_grades_pair_every_recommendation_with_every_level_of_evidence() -> None:
    assert set(enumeration("ebmt_grade")) == {
        f"{grade}/{level}" for grade in ("S", "CO", "D", "GNR") for level in ("I", "II", "III")
    }


def test_an_enumeration_defines_its_values() -> None:
    assert enumeration("stance")["no_evidence"] == "Looked, and found nothing either way."
    assert all(enumeration(name) for name in enumerations())


def test_an_unknown_enumeration_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ContentError, match=r"'colour' is not an enumeration \(use one of action_type, "):
        enumeration("colour")


def test_study_designs_have_the_evidence_codes_that_the_builder_states() -> None:
    assert dict(enumeration_terms("study_design")) == dict(EVIDENCE_CODES)


def test_the_vocabulary_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        categories()["planet"] = categories()["gene"]  # type: ignore[index]


def test_the_vocabulary_is_read_without_linkml() -> None:
    code = (
        "import sys; from stemgraph.ontology.vocabulary import predicates; predicates();"
        "print([name for name in sys.modules if name.startswith(('linkml', 'rdflib'))])"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert answer.stdout.strip() == "[]"
