"""What the builder writes: canonical, deterministic, and true to the content."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from stemgraph.ontology.backbone import Backbone
from stemgraph.ontology.builder import BundleSummary, build_bundle
from stemgraph.ontology.identifiers import compress, expand
from stemgraph.ontology.identity import association_id
from stemgraph.ontology.vocabulary import predicate_by_iri, qualifiers

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def term(curie: str) -> ox.NamedNode:
    return ox.NamedNode(expand(curie))


def graph(name: str) -> ox.NamedNode:
    return term(f"sgg:{name}")


@pytest.fixture
def summary(small_content: Path, small_backbone: Backbone, tmp_path: Path) -> BundleSummary:
    return build_bundle(tmp_path / "bundle", content=small_content, backbone=small_backbone)


@pytest.fixture
def text(summary: BundleSummary) -> str:
    return gzip.decompress((summary.directory / "graph.nq.gz").read_bytes()).decode()


@pytest.fixture
def dataset(text: str) -> ox.Dataset:
    return ox.Dataset(ox.parse(text, format=ox.RdfFormat.N_QUADS))


def one(dataset: ox.Dataset, subject: ox.NamedNode, predicate: str) -> str:
    (quad,) = [each for each in dataset.quads_for_subject(subject) if each.predicate.value == predicate]
    assert isinstance(quad.object, ox.NamedNode | ox.Literal)
    return quad.object.value


def associations(dataset: ox.Dataset) -> list[ox.NamedNode]:
    kind = term("sgv:Association")
    found = [each.subject for each in dataset.quads_for_object(kind) if each.predicate.value == RDF + "type"]
    return [each for each in found if isinstance(each, ox.NamedNode)]


def statement_of(dataset: ox.Dataset, node: ox.NamedNode) -> tuple[str, str, str]:
    return (
        one(dataset, node, RDF + "subject"),
        one(dataset, node, RDF + "predicate"),
        one(dataset, node, RDF + "object"),
    )


def qualifiers_of(dataset: ox.Dataset, node: ox.NamedNode) -> dict[str, object]:
    by_iri = {each.iri: each for each in qualifiers().values()}
    values: dict[str, list[object]] = {}
    frequency: dict[str, int] = {}
    for quad in dataset.quads_for_subject(node):
        name = compress(quad.predicate.value).removeprefix("sgv:")
        assert isinstance(quad.object, ox.NamedNode | ox.Literal)
        if name.startswith("frequency_"):
            frequency[name.removeprefix("frequency_")] = int(quad.object.value)
        elif quad.predicate.value in by_iri:
            entity = isinstance(quad.object, ox.NamedNode)
            values.setdefault(name, []).append(compress(quad.object.value) if entity else quad.object.value)
    single: dict[str, object] = {
        name: each[0] if len(each) == 1 else sorted(each, key=str) for name, each in values.items()
    }
    return single | ({"frequency": frequency} if frequency else {})


def negated(dataset: ox.Dataset, node: ox.NamedNode) -> bool:
    stated = [q.object for q in dataset.quads_for_subject(node) if q.predicate == term("sgv:negated")]
    return stated == [ox.Literal(True)]


def test_two_builds_are_the_same_bytes(
    summary: BundleSummary, small_content: Path, small_backbone: Backbone, tmp_path: Path
) -> None:
    again = build_bundle(tmp_path / "again", content=small_content, backbone=small_backbone)

    for name in ("graph.nq.gz", "release.json"):
        assert (summary.directory / name).read_bytes() == (again.directory / name).read_bytes()


def test_lines_are_sorted_unique_and_as_oxigraph_would_write_them(text: str, dataset: ox.Dataset) -> None:
    written = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert written is not None

    lines = text.splitlines(keepends=True)

    assert lines == sorted(set(written.decode().splitlines(keepends=True)))


def test_there_are_no_blank_nodes(text: str) -> None:
    assert "_:" not in text


def test_the_id_of_an_association_is_the_digest_of_what_it_states(dataset: ox.Dataset) -> None:
    nodes = associations(dataset)

    assert len(nodes) == 9
    for node in nodes:
        subject, predicate, object_ = statement_of(dataset, node)
        named = predicate_by_iri(predicate)
        assert named is not None
        assert compress(node.value) == association_id(
            compress(subject),
            named.name,
            compress(object_),
            negated=negated(dataset, node),
            qualifiers=qualifiers_of(dataset, node),
        )


def test_every_association_has_evidence_that_is_described(dataset: ox.Dataset) -> None:
    for node in associations(dataset):
        evidence = [
            q.object for q in dataset.quads_for_subject(node) if q.predicate == term("sgv:has_evidence")
        ]
        assert evidence
        for each in evidence:
            assert isinstance(each, ox.NamedNode)
            assert one(dataset, each, expand("sgv:stance"))
            assert one(dataset, each, expand("sgv:reference"))


def test_a_plain_triple_stands_for_each_association_that_is_not_negated_and_for_no_other(
    dataset: ox.Dataset,
) -> None:
    stated = {statement_of(dataset, each) for each in associations(dataset) if not negated(dataset, each)}

    plain = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in dataset
        if predicate_by_iri(quad.predicate.value)
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.NamedNode)
    }

    assert plain == stated
    assert (
        expand("STEMGRAPH:autologous-hsct"),
        expand("sgv:has_adverse_event"),
        expand("MONDO:0013730"),
    ) not in plain


def test_every_identifier_in_use_has_a_label(dataset: ox.Dataset) -> None:
    labelled = {quad.subject for quad in dataset if quad.predicate == RDFS_LABEL}

    for node in associations(dataset):
        subject, _, object_ = statement_of(dataset, node)
        assert {ox.NamedNode(subject), ox.NamedNode(object_)} <= labelled


def test_a_retired_term_has_a_label_a_flag_and_its_replacement(dataset: ox.Dataset) -> None:
    node = term("MONDO:0002393")

    assert one(dataset, node, RDFS_LABEL.value) == "obsolete MONDO:0002393"
    assert one(dataset, node, "http://www.w3.org/2002/07/owl#deprecated") == "true"
    assert one(dataset, node, expand("IAO:0100001")) == expand("MONDO:0003061")


def test_a_curated_axiom_goes_to_the_graph_of_its_ontology_with_both_pieces_of_evidence(
    dataset: ox.Dataset,
) -> None:
    node = term(association_id("CL:0000084", "develops_from", "CL:0000827", negated=False, qualifiers={}))

    quads = list(dataset.quads_for_subject(node))

    assert {quad.graph_name for quad in quads} == {graph("cl")}
    assert sum(quad.predicate == term("sgv:has_evidence") for quad in quads) == 2
    assert one(dataset, node, expand("sgv:primary_knowledge_source")) == expand("infores:cl")


def test_an_axiom_of_the_backbone_is_five_statements_and_one_triple(dataset: ox.Dataset) -> None:
    node = term(association_id("CL:0000051", "part_of", "UBERON:0002371", negated=False, qualifiers={}))

    assert len(list(dataset.quads_for_subject(node))) == 5
    assert ox.Quad(term("CL:0000051"), term("sgv:part_of"), term("UBERON:0002371"), graph("cl")) in dataset


def test_the_same_statement_from_two_files_is_one_with_the_evidence_of_both(dataset: ox.Dataset) -> None:
    node = term(
        association_id(
            "STEMGRAPH:autologous-hsct", "has_adverse_event", "MONDO:0013730", negated=True, qualifiers={}
        )
    )
    evidence = [q.object for q in dataset.quads_for_subject(node) if q.predicate == term("sgv:has_evidence")]

    assert len(evidence) == 2


def test_partial_dates_keep_what_is_known(dataset: ox.Dataset) -> None:
    dates = {
        quad.object
        for quad in dataset
        if quad.predicate == term("sgv:date") and isinstance(quad.object, ox.Literal)
    }
    xsd = "http://www.w3.org/2001/XMLSchema#"

    assert ox.Literal("2019-01", datatype=ox.NamedNode(xsd + "gYearMonth")) in dates
    assert ox.Literal("2023-12-08", datatype=ox.NamedNode(xsd + "date")) in dates


def test_an_action_is_an_entity_and_has_a_flat_form(dataset: ox.Dataset) -> None:
    (action,) = [
        each.subject
        for each in dataset.quads_for_object(term("sgv:RegulatoryAction"))
        if isinstance(each.subject, ox.NamedNode)
    ]
    flat = association_id(
        "STEMGRAPH:casgevy",
        "approved_by",
        "STEMGRAPH:fda",
        negated=False,
        qualifiers={
            "action_type": "approval",
            "date": "2023-12-08",
            "indication": "sickle cell disease",
            "jurisdiction": "US",
            "population": "12 years and older",
        },
    )

    assert one(dataset, action, RDFS_LABEL.value) == "FDA approval of Casgevy, 2023-12-08"
    assert one(dataset, action, expand("sgv:indication")) == expand("MONDO:0011382")
    assert one(dataset, term(flat), expand("sgv:regulatory_action")) == action.value


def test_a_disease_that_is_an_adverse_event_is_an_outcome_as_well(dataset: ox.Dataset) -> None:
    kinds = {
        q.object
        for q in dataset.quads_for_subject(term("MONDO:0013730"))
        if q.predicate.value == RDF + "type"
    }

    assert kinds == {term("sgv:Disease"), term("sgv:RiskOrAdverseOutcome")}


def test_a_kind_of_diagnostic_procedure_is_a_technique(dataset: ox.Dataset) -> None:
    assert one(dataset, term("MAXO:0000004"), RDF + "type") == expand("sgv:Technique")


def test_a_trial_that_is_only_cited_is_called_by_its_number(dataset: ox.Dataset) -> None:
    node = term("CLINICALTRIALS:NCT00273364")

    assert one(dataset, node, RDFS_LABEL.value) == "NCT00273364"
    assert one(dataset, node, RDF + "type") == expand("sgv:ClinicalTrial")


def test_each_named_graph_is_described_with_its_licence(dataset: ox.Dataset, summary: BundleSummary) -> None:
    used = {quad.graph_name for quad in dataset if isinstance(quad.graph_name, ox.NamedNode)}

    for each in used:
        assert isinstance(each, ox.NamedNode)
        assert one(dataset, each, expand("dcterms:license")).startswith("https://")
        assert one(dataset, each, expand("sgv:attribution"))


def test_the_release_counts_what_is_in_the_graph(
    summary: BundleSummary, text: str, dataset: ox.Dataset
) -> None:
    release: Mapping[str, object] = json.loads((summary.directory / "release.json").read_text("utf-8"))
    lines = text.splitlines()

    assert release["digest"] == summary.digest
    assert summary.counts["quads"] == len(lines)
    assert summary.counts["associations"] == len(associations(dataset))
    assert summary.counts["negated"] == 1
    assert summary.counts["regulatory_actions"] == 1
    sources = release["sources"]
    assert isinstance(sources, list)
    for source in sources:
        name = f"<{expand('sgg:' + source['name'])}> ."
        assert source["quads"] == sum(line.endswith(name) for line in lines)


def test_progress_is_told_from_start_to_end(
    small_content: Path, small_backbone: Backbone, tmp_path: Path
) -> None:
    shares: list[float] = []

    build_bundle(
        tmp_path / "told",
        content=small_content,
        backbone=small_backbone,
        progress=lambda _step, share: shares.append(share),
    )

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
