"""The knowledge graph is opened, asked and closed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest
import rdflib

import stemgraph.graph
from stemgraph.graph import (
    AmbiguousNameError,
    FormatError,
    KnowledgeGraph,
    MalformedIdentifierError,
    UnknownCategoryError,
    UnknownFormatError,
    UnknownIdentifierError,
    UnknownNameError,
)
from stemgraph.graph.release_cache import ReleaseCache
from stemgraph.ontology.identity import association_id

MS = "MONDO:0005301"


def in_a_fresh_process(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_an_entity_is_found_by_curie_iri_and_loose_spelling(small_graph: KnowledgeGraph) -> None:
    entity = small_graph.entity(MS)
    assert (entity.label, entity.categories) == ("multiple sclerosis", ("disease",))
    assert small_graph.entity("http://purl.obolibrary.org/obo/MONDO_0005301") == entity
    assert small_graph.entity("mondo:0005301") == entity
    assert orjson.loads(small_graph.entity_bytes(MS)) == entity.to_record()


def test_an_unknown_identifier_suggests_close_ones(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownIdentifierError) as caught:
        small_graph.entity("MONDO:0005303")
    assert caught.value.suggestions[0] == MS
    with pytest.raises(UnknownIdentifierError) as caught:
        small_graph.entity("PMID:123")
    assert caught.value.suggestions == ()


def test_an_identifier_of_another_vocabulary_suggests_ours(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownIdentifierError) as caught:
        small_graph.entity("DOID:2377")
    assert caught.value.suggestions == (MS,)


@pytest.mark.parametrize(
    "identifier", ["", "multiple sclerosis", "foo:1", "MONDO:", "http://nowhere.org/x", "a b:c"]
)
def test_what_is_no_identifier_is_malformed(small_graph: KnowledgeGraph, identifier: str) -> None:
    with pytest.raises(MalformedIdentifierError):
        small_graph.entity(identifier)
    with pytest.raises(MalformedIdentifierError):
        small_graph.association(identifier)


def test_a_name_leads_to_its_entity(small_graph: KnowledgeGraph) -> None:
    assert small_graph.find("Multiple sclerosis").id == MS
    assert small_graph.find("AHSCT").id == "STEMGRAPH:autologous-hsct"
    assert small_graph.find(MS).id == MS


def test_an_ambiguous_name_raises_with_its_candidates(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        small_graph.find("MS")
    assert caught.value.candidates == ((MS, "multiple sclerosis"), ("MONDO:0005852", "mitral valve stenosis"))


def test_a_category_can_settle_a_name(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError):
        small_graph.find("MS", category="therapy")
    with pytest.raises(UnknownCategoryError):
        small_graph.find("MS", category="therapies")


def test_an_unknown_name_suggests_close_ones(small_graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError) as caught:
        small_graph.find("multiple sclerosiss")
    assert caught.value.suggestions[0] == "multiple sclerosis"
    with pytest.raises(UnknownNameError) as caught:
        small_graph.find("qwertz")
    assert caught.value.suggestions == ()


def test_an_obsolete_label_still_leads_to_its_entity(small_graph: KnowledgeGraph) -> None:
    assert small_graph.find("metazoan cell").deprecated


def test_an_association_is_found_by_id_and_iri(small_graph: KnowledgeGraph) -> None:
    association = small_graph.associations()[0]
    assert small_graph.association(association.id) == association
    iri = association.id.replace("sga:", "https://w3id.org/stemgraph/association/")
    assert small_graph.association(iri) == association
    assert orjson.loads(small_graph.association_bytes(association.id)) == association.to_record()
    with pytest.raises(UnknownIdentifierError):
        small_graph.association("sga:0")


def test_the_ids_of_associations_are_the_digests_of_what_they_state(small_graph: KnowledgeGraph) -> None:
    for each in small_graph.records.associations():
        qualifiers = {
            name: value["id"] if isinstance(value, dict) and "id" in value else value
            for name, value in each.qualifiers.items()
        }
        assert each.id == association_id(
            each.subject.id, each.predicate, each.object.id, negated=each.negated, qualifiers=qualifiers
        )


def test_counts_are_by_predicate(small_graph: KnowledgeGraph) -> None:
    assert small_graph.counts(MS) == {"treats": 1, "studied_to_treat": 1, "subclass_of": 2}
    assert sum(small_graph.counts(MS).values()) == small_graph.associations(entity=MS).total
    assert small_graph.counts("MONDO:0005852") == {}


def test_statistics_count_what_is_there(small_graph: KnowledgeGraph) -> None:
    statistics = small_graph.statistics()
    associations = list(small_graph.associations(limit=None))
    assert statistics["totals"]["associations"] == len(associations)
    assert statistics["totals"]["negated_associations"] == sum(each.negated for each in associations)
    assert statistics["totals"]["quads"] == len(list(small_graph.store.quads()))
    for key, name in (("by_predicate", "predicate"), ("by_status", "status"), ("by_source", "source")):
        for value, count in statistics["associations"][key].items():
            assert count == sum(getattr(each, name) == value for each in associations)
    assert sum(statistics["quads"]["by_source"].values()) == statistics["totals"]["quads"]
    json.dumps(statistics)


def test_the_schema_lists_the_vocabulary(small_graph: KnowledgeGraph) -> None:
    schema = small_graph.schema()
    assert (len(schema["categories"]), len(schema["predicates"])) == (18, 39)
    assert schema["prefixes"]["MONDO"] == "http://purl.obolibrary.org/obo/MONDO_"
    assert "autologous" in schema["enumerations"]["donor_type"]
    json.dumps(schema)


def test_networkx_paths_and_neighborhood_hang_on_the_same_ids(small_graph: KnowledgeGraph) -> None:
    edges = {key for _, _, key in small_graph.networkx.edges(keys=True)}
    assert edges == {each.id for each in small_graph.records.associations() if not each.negated}
    path = small_graph.paths("STEMGRAPH:autologous-hsct", "MONDO:0020800").items[0]
    assert {step.association for step in path.steps} <= edges
    around = small_graph.neighborhood("mondo:0005301")
    assert {edge.id for edge in around.edges} <= edges
    with pytest.raises(UnknownIdentifierError):
        small_graph.paths(MS, "MONDO:1")


def test_the_whole_is_exported_as_it_was_loaded(small_graph: KnowledgeGraph, small_file: Path) -> None:
    stream = io.BytesIO()
    small_graph.export("nquads", stream)
    assert set(ox.parse(stream.getvalue(), format=ox.RdfFormat.N_QUADS)) == set(
        ox.parse(path=str(small_file))
    )
    with pytest.raises(UnknownFormatError):
        small_graph.export("docx", stream)


# rdflib's TriG parser and Dataset call what rdflib has itself deprecated.
@pytest.mark.filterwarnings(
    "ignore:(Dataset.default_context|ConjunctiveGraph) is deprecated:DeprecationWarning"
)
def test_a_graph_of_a_dataset_is_the_graph_of_its_file(small_graph: KnowledgeGraph, small_file: Path) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=small_file.read_text(encoding="utf-8"), format="trig")
    with KnowledgeGraph.memory(dataset) as graph:
        assert graph.release.digest == small_graph.release.digest


def test_a_plain_rdflib_graph_will_do() -> None:
    triples = rdflib.Graph()
    disease = rdflib.URIRef("http://purl.obolibrary.org/obo/MONDO_0000001")
    triples.add((disease, rdflib.RDFS.label, rdflib.Literal('a "disease"\n')))
    with KnowledgeGraph.memory(triples) as graph:
        entity = graph.entity("MONDO:0000001")
    assert (entity.label, entity.source, entity.categories) == ('a "disease"\n', "default", ("disease",))


def test_nothing_at_all_is_a_graph_too() -> None:
    with KnowledgeGraph.memory() as graph:
        assert graph.associations().bytes() == b'{"items":[],"total":0,"next_cursor":null}'
        assert graph.associations(predicate="treats").total == 0
        assert graph.search("x").total == 0
        assert graph.networkx.number_of_nodes() == 0
        assert not graph.sparql("ASK { ?s ?p ?o }")


def test_what_memory_made_is_gone_when_closed(small_file: Path) -> None:
    graph = KnowledgeGraph.memory(small_file)
    place = graph.directory.path
    assert place.exists()
    with graph:
        pass
    assert not place.exists()
    graph.close()


def test_a_file_that_does_not_parse_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b> .", encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with pytest.raises(FormatError, match=r"bad\.ttl, line 1"):
        KnowledgeGraph.memory(tmp_path / "bad.ttl")
    with pytest.raises(FormatError, match="cannot be read"):
        KnowledgeGraph.memory(tmp_path / "missing.ttl")
    with pytest.raises(UnknownFormatError):
        KnowledgeGraph.memory(tmp_path / "file.docx")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_two_graphs_live_side_by_side(small_graph: KnowledgeGraph) -> None:
    with KnowledgeGraph.memory() as other:
        assert small_graph.entity(MS)
        with pytest.raises(UnknownIdentifierError):
            other.entity(MS)
        with KnowledgeGraph.open(small_graph.directory.path) as same:
            assert same.entity(MS) == small_graph.entity(MS)


def test_its_name_says_which_release_it_is(small_graph: KnowledgeGraph) -> None:
    assert repr(small_graph).startswith("<KnowledgeGraph release 1 of 20")
    assert "24 entities, 20 associations" in repr(small_graph)


def test_the_bundle_is_compiled_once_into_the_cache(
    small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stemgraph.graph.write_source(ox.parse(path=str(small_file)), tmp_path / "bundle", date="2026-11-23")
    monkeypatch.setattr("stemgraph.ontology.bundle.bundle_directory", lambda: tmp_path / "bundle")
    monkeypatch.setenv("STEMGRAPH_CACHE", str(tmp_path / "cache"))
    told: list[str] = []
    with KnowledgeGraph.bundled(progress=lambda stage, _: told.append(stage)) as graph:
        place = graph.directory.path
        assert place == tmp_path / "cache/releases" / graph.release.id
    assert told[-1] == "ready"
    told.clear()
    KnowledgeGraph.bundled(progress=lambda stage, _: told.append(stage)).close()
    assert told == []
    (place / "records/entities.jsonl").unlink()
    with KnowledgeGraph.bundled(progress=lambda stage, _: told.append(stage)) as graph:
        assert graph.entity(MS)
    assert told[-1] == "ready"


def test_earlier_bundles_leave_the_cache_when_no_one_opened_them_for_a_month(
    small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stemgraph.ontology.bundle.bundle_directory", lambda: tmp_path / "bundle")
    monkeypatch.setenv("STEMGRAPH_CACHE", str(tmp_path / "cache"))
    kept = tmp_path / "cache/releases/notes"
    kept.mkdir(parents=True)
    places: list[Path] = []
    quads = list(ox.parse(path=str(small_file)))
    for count in (3, 2, 1):
        stemgraph.graph.write_source(quads[:-count], tmp_path / "bundle", date="2026-11-23")
        if len(places) == 1:  # the first is old; the second was opened a moment ago when the third comes
            os.utime(places[0], (0, 0))
        with KnowledgeGraph.bundled() as graph:
            places.append(graph.directory.path)
        os.utime(kept, (0, 0))
    assert [place.exists() for place in places] == [False, True, True]
    assert kept.exists()


def test_opening_a_bundle_keeps_it_in_the_cache(
    small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stemgraph.graph.write_source(ox.parse(path=str(small_file)), tmp_path / "bundle", date="2026-11-23")
    monkeypatch.setattr("stemgraph.ontology.bundle.bundle_directory", lambda: tmp_path / "bundle")
    monkeypatch.setenv("STEMGRAPH_CACHE", str(tmp_path / "cache"))
    with KnowledgeGraph.bundled() as graph:
        place = graph.directory.path
    os.utime(place, (0, 0))
    KnowledgeGraph.bundled().close()
    assert ReleaseCache(tmp_path / "cache").prune() == ()
    os.utime(place, (0, 0))
    (tmp_path / "cache/current").write_text(place.name, encoding="utf-8")
    assert ReleaseCache(tmp_path / "cache").prune() == ()  # it is a data directory too
    (tmp_path / "cache/current").unlink()
    assert ReleaseCache(tmp_path / "cache").prune() == (place.name,)
    assert not place.exists()


def test_every_public_name_can_be_imported() -> None:
    assert sorted(stemgraph.graph.__all__) == dir(stemgraph.graph)
    for name in stemgraph.graph.__all__:
        assert getattr(stemgraph.graph, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        stemgraph.graph.Nonsense  # noqa: B018  # the attribute is what is tested


def test_importing_the_library_imports_nothing_heavy() -> None:
    heavy = "rdflib,networkx,numpy,pandas,polars,tantivy,rapidfuzz,curies,pydantic"
    code = f"import sys, stemgraph.graph; print([m for m in '{heavy}'.split(',') if m in sys.modules])"
    assert in_a_fresh_process(code).strip() == "[]"


def test_lookups_need_nothing_heavy(small_graph: KnowledgeGraph) -> None:
    heavy = "rdflib,networkx,numpy,pandas,polars,tantivy,rapidfuzz,curies,pydantic,pyoxigraph"
    code = (
        "import sys; from stemgraph.graph import KnowledgeGraph\n"
        f"kg = KnowledgeGraph.open({str(small_graph.directory.path)!r})\n"
        f"kg.entity_bytes({MS!r}); kg.associations(entity={MS!r}).bytes(); kg.counts({MS!r})\n"
        f"kg.hierarchy({MS!r}); kg.statistics()\n"
        f"print([m for m in '{heavy}'.split(',') if m in sys.modules])"
    )
    assert in_a_fresh_process(code).strip() == "[]"


def test_a_query_that_names_its_graph_sees_that_graph_only(bundled: KnowledgeGraph) -> None:
    counted = "SELECT (COUNT(*) AS ?n) {}FROM <https://w3id.org/stemgraph/graph/maxo> {{ ?s ?p ?o }}"
    everything, one = (
        int(next(iter(bundled.sparql(query)))["n"])
        for query in (
            counted.format(" ").replace("FROM <https://w3id.org/stemgraph/graph/maxo> ", ""),
            counted.format(" "),
        )
    )
    assert 0 < one < everything


def test_the_bundle_holds_what_its_builder_counted(bundled: KnowledgeGraph) -> None:
    totals, counted = bundled.statistics()["totals"], bundled.release.counts
    assert totals["entities"] == counted["entities"]
    assert totals["associations"] == counted["associations"]
    assert totals["negated_associations"] == counted["negated"]
    assert totals["evidence"] == counted["evidence"]
    assert totals["quads"] == counted["quads"]


def test_every_association_of_the_bundle_has_evidence_and_labels(bundled: KnowledgeGraph) -> None:
    for each in bundled.records.associations():
        assert each.evidence
        assert each.subject.label != each.subject.id
        assert each.object.label != each.object.id
        assert each.status
        assert each.subject.categories
        assert each.object.categories
