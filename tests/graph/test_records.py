"""Records are read by id and row from mapped files."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest

from stemgraph.graph import DataDirectoryError, KnowledgeGraph
from stemgraph.graph.records import MappedRecords

SGV = "https://w3id.org/stemgraph/vocab/"


def test_every_entity_is_found_by_its_curie(small_graph: KnowledgeGraph) -> None:
    records = small_graph.records
    for row, entity in enumerate(records.entities()):
        assert records.entity(entity.id) == entity
        assert records.entity_row(entity.id) == row
        assert records.entity_id(row) == entity.id


def test_every_association_is_found_by_its_id(small_graph: KnowledgeGraph) -> None:
    records = small_graph.records
    for row, association in enumerate(records.associations()):
        assert records.association(association.id) == association
        assert records.association_row(association.id) == row
        assert records.association_id(row) == association.id


@pytest.mark.parametrize("curie", ["", "A:1", "MONDO:", "MONDO:00053011", "zzz:1", "STEMGRAPH:fd"])
def test_what_is_not_there_is_none(small_graph: KnowledgeGraph, curie: str) -> None:
    assert small_graph.records.entity(curie) is None
    assert small_graph.records.entity_bytes(curie) is None
    assert small_graph.records.association(curie) is None


def test_bytes_are_the_record(small_graph: KnowledgeGraph) -> None:
    records = small_graph.records
    entity = small_graph.entity("MONDO:0005301")
    assert orjson.loads(records.entity_bytes("MONDO:0005301") or b"") == entity.to_record()
    for row, association in enumerate(records.associations()):
        assert orjson.loads(records.association_bytes(row)) == association.to_record()


def test_columns_say_what_the_records_say(small_graph: KnowledgeGraph) -> None:
    records = small_graph.records
    for row, association in enumerate(records.associations()):
        assert records.entity_id(int(records.subjects[row])) == association.subject.id
        assert records.entity_id(int(records.objects[row])) == association.object.id
        assert records.predicate_names[records.predicates[row]] == association.predicate
        assert bool(records.negated[row]) == association.negated
        assert records.names["status"][records.column("status")[row]] == association.status
        assert records.names["source"][records.column("source")[row]] == association.source


def test_curated_associations_come_before_the_axioms_of_ontologies(small_graph: KnowledgeGraph) -> None:
    sources = [association.source for association in small_graph.records.associations()]
    assert sources == sorted(sources, key=lambda source: source != "curated")


def test_a_lean_axiom_is_filled_in_from_its_source(small_graph: KnowledgeGraph) -> None:
    (association,) = small_graph.associations(subject="MONDO:0005301", predicate="subclass_of")
    assert association.status == "established"
    assert association.negated is False
    assert association.qualifiers == {}
    assert association.primary_knowledge_source == "infores:mondo"
    assert association.knowledge_level == "knowledge_assertion"
    assert association.biolink_predicate == "biolink:subclass_of"
    assert [each.study_design for each in association.evidence] == ["ontology_axiom"]


def test_an_axiom_that_a_curator_also_states_keeps_both_kinds_of_evidence(
    small_graph: KnowledgeGraph,
) -> None:
    (association,) = small_graph.associations(subject="MONDO:0005314", predicate="subclass_of")
    assert association.source == "mondo"
    assert [each.source_tier for each in association.evidence] == [1, 3]


def test_qualifiers_are_structured(small_graph: KnowledgeGraph) -> None:
    qualifiers = {each.predicate: each.qualifiers for each in small_graph.associations() if not each.negated}
    assert qualifiers["has_adverse_event"]["frequency"] == {"numerator": 10, "denominator": 67}
    assert qualifiers["treats"]["jurisdiction"] == ["EU", "US"]
    assert qualifiers["treats"]["boxed_warning"] is True
    assert qualifiers["approved_by"]["date"] == "2023-12-08"
    trial = "CLINICALTRIALS:NCT00278655"
    assert qualifiers["studied_to_treat"]["trial"] == {"id": trial, "label": trial}


def test_a_partial_date_stays_a_partial_date(small_graph: KnowledgeGraph) -> None:
    (association,) = small_graph.associations(object="MONDO:0005314", predicate="treats")
    assert association.qualifiers["guideline_year"] == "2025"


def test_evidence_keeps_what_its_source_found(small_graph: KnowledgeGraph) -> None:
    (association,) = small_graph.associations(object="MONDO:0005314", predicate="treats")
    trial, guideline = association.evidence
    assert (trial.reference, trial.n, trial.comparator) == ("PMID:30644983", 110, "disease-modifying therapy")
    assert (guideline.reference, guideline.source_tier) == ("https://example.org/ebmt-2025", 2)
    assert guideline.retrieved == "2026-11-22"


def test_a_regulatory_action_is_an_entity_with_attributes(small_graph: KnowledgeGraph) -> None:
    (approval,) = small_graph.associations(predicate="approved_by")
    assert approval.regulatory_action is not None
    action = small_graph.entity(approval.regulatory_action)
    assert action.categories == ("regulatory_action",)
    assert action.attributes["product"] == {"id": "STEMGRAPH:casgevy", "label": "Casgevy"}
    assert action.attributes["date"] == "2023-12-08"
    assert [each["reference"] for each in action.attributes["evidence"]] == ["https://example.org/fda"]


def test_an_end_that_nothing_describes_is_named_by_its_curie(small_graph: KnowledgeGraph) -> None:
    entity = small_graph.entity("MONDO:0099999")
    assert (entity.label, entity.categories, entity.source) == ("MONDO:0099999", ("disease",), "curated")


def test_mappings_from_another_graph_belong_to_the_entity(small_graph: KnowledgeGraph) -> None:
    assert small_graph.entity("MONDO:0005301").equivalent_ids == ("DOID:2377",)
    mapped = small_graph.entity("STEMGRAPH:autologous-hsct").mappings
    assert [(each.relation, each.id) for each in mapped] == [("close", "NCIT:C16039")]


def test_an_obsolete_term_names_its_replacement(small_graph: KnowledgeGraph) -> None:
    entity = small_graph.entity("MONDO:0000002")
    assert entity.deprecated
    assert entity.replaced_by == ("MONDO:0009299",)


def test_what_two_graphs_state_alike_is_listed_once(tmp_path: Path) -> None:
    rdf, rdfs, skos = (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/2000/01/rdf-schema#",
        "http://www.w3.org/2004/02/skos/core#",
    )
    disease = ox.NamedNode("http://purl.obolibrary.org/obo/MONDO_0000001")
    file = tmp_path / "twice.nq"
    quads = [
        ox.Quad(
            disease, ox.NamedNode(predicate), value, ox.NamedNode(f"https://w3id.org/stemgraph/graph/{graph}")
        )
        for graph in ("one", "two")
        for predicate, value in (
            (f"{rdf}type", ox.NamedNode(f"{SGV}Disease")),
            (f"{rdfs}label", ox.Literal("disease")),
            (f"{skos}altLabel", ox.Literal("disorder")),
            (f"{skos}exactMatch", ox.NamedNode("http://purl.obolibrary.org/obo/DOID_4")),
        )
    ]
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    with KnowledgeGraph.memory(file) as graph:
        entity = graph.entity("MONDO:0000001")
    assert entity.categories == ("disease",)
    assert entity.equivalent_ids == ("DOID:4",)
    assert entity.synonyms == ("disorder",)


@pytest.mark.parametrize("damage", ["missing", "short", "no array"])
def test_a_damaged_file_is_named(small_graph: KnowledgeGraph, tmp_path: Path, damage: str) -> None:
    directory = tmp_path / "records"
    shutil.copytree(small_graph.directory.records, directory)
    file = directory / "associations.offsets.npy"
    if damage == "missing":
        file.unlink()
    elif damage == "short":
        file.write_bytes(file.read_bytes()[:-8])
    else:
        file.write_bytes(b"nothing of the kind")
    with pytest.raises(DataDirectoryError, match=r"associations\.offsets\.npy"):
        MappedRecords(directory)
